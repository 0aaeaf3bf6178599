import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { must } from '@curlew/shared/lib/result.ts';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRunningPostgres, startEmbeddedPostgres, type DatabaseAddress } from './embedded-postgres.ts';
import { isAlive } from './process-alive.ts';
import { lockDataDir } from './server-lock.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'curlew-embedded-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

async function query<T extends pg.QueryResultRow>(
  address: DatabaseAddress,
  text: string,
): Promise<readonly T[]> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

async function until(what: () => Promise<boolean> | boolean, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error('waited in vain');
    await sleep(20);
  }
}

test('starts, keeps its data over a stop, is durable by its settings and closed to others', async () => {
  const first = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const [settings] = await query<{ fsync: string; commit: string }>(
    first.address,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
  );
  expect(settings).toEqual({ fsync: 'on', commit: 'on' });
  await query(first.address, 'CREATE TABLE kept AS SELECT 7 AS n');
  expect(statSync(path.join(dataDir, 'run')).mode & 0o077).toBe(0);
  await expect(query({ ...first.address, password: 'wrong' }, 'SELECT 1')).rejects.toThrow('password');
  await first.stop();
  expect(await findRunningPostgres(dataDir)).toBeUndefined();
  const second = await startEmbeddedPostgres({ dataDir });
  expect(await findRunningPostgres(dataDir)).toEqual(second.address);
  expect(await query(second.address, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await second.stop();
});

test('a postmaster killed with -9 is back within 5 s', async () => {
  const facts: boolean[] = [];
  const postgres = await startEmbeddedPostgres({
    dataDir,
    onAvailable: (available) => facts.push(available),
  });
  const killed = must(postgres.pid(), 'it runs');
  process.kill(killed, 'SIGKILL');
  await until(() => facts.includes(true), 5_000);
  expect(facts).toEqual([false, true]);
  expect(postgres.pid()).not.toBe(killed);
  expect(await query(postgres.address, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await postgres.stop();
});

test('a stop while it restarts leaves nothing running', async () => {
  const postgres = await startEmbeddedPostgres({ dataDir });
  process.kill(must(postgres.pid(), 'it runs'), 'SIGKILL');
  await sleep(300);
  await postgres.stop();
  expect(postgres.pid()).toBeUndefined();
  expect(await findRunningPostgres(dataDir)).toBeUndefined();
});

test('a postmaster orphaned by a killed server is stopped before the next start', async () => {
  const module = path.join(import.meta.dirname, 'embedded-postgres.ts');
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(postgres.pid()); setInterval(() => {}, 1000);`;
  const server = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(server.stdout, 'data')) as [Buffer];
  const orphan = Number(output.toString());
  server.kill('SIGKILL');
  await once(server, 'exit');
  expect(isAlive(orphan)).toBe(true);
  const next = await startEmbeddedPostgres({ dataDir });
  expect(isAlive(orphan)).toBe(false);
  expect(await query(next.address, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await next.stop();
});

test('one server a data directory; the lock of a dead one is taken over', async () => {
  const release = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toThrow('Another Curlew server');
  await release();
  const again = await lockDataDir(dataDir);
  await again();
});

test.runIf(process.getuid?.() === 0)(
  'root is told when the database user cannot reach the folder',
  async () => {
    chmodSync(dataDir, 0o700); // its parent: not ours to open
    await expect(startEmbeddedPostgres({ dataDir: path.join(dataDir, 'inside') })).rejects.toThrow(
      '--data-dir /var/lib/curlew',
    );
  },
);
