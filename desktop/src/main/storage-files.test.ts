import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { measureFiles } from './storage-files.ts';

it('counts each file once, in the part it belongs to', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'curlew-files-'));
  try {
    const files: Readonly<Record<string, number>> = {
      'accounts/a/cache.db': 5_000,
      'accounts/a/cache.db-wal': 70,
      'more-accounts/2/accounts/b/cache.db': 3,
      'more-accounts/2/accounts.json': 2,
      'accounts/a/search.db': 400,
      'accounts/a/outbox.db': 20,
      'accounts/a/ballast': 1,
      'logs/curlew.log': 8,
      'logs/curlew.log.1': 100,
      'preferences.json': 9,
      'Cache/Cache_Data/index': 600,
    };
    for (const [name, size] of Object.entries(files)) {
      await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
      await writeFile(path.join(folder, name), Buffer.alloc(size));
    }
    const { parts, freeBytes } = await measureFiles(folder);
    expect(parts).toEqual({ messages: 5_073, search: 400, outbox: 21, logs: 108, app: 611 });
    expect(freeBytes).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('has nothing to count where there is no folder', async () => {
  expect(await measureFiles('/none/at/all')).toEqual({
    parts: { messages: 0, search: 0, outbox: 0, logs: 0, app: 0 },
    freeBytes: null,
  });
});
