import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAuthorities } from './extra-authorities.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'curlew-ca-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;

describe('readAuthorities', () => {
  it('takes each certificate of a bundle, and nothing between them', async () => {
    const file = path.join(folder, 'bundle.pem');
    await writeFile(
      file,
      `# our network\n${pem('AAAA')}\r\n\nsubject=x\n${pem('BBBB')}\n-----BEGIN PRIVATE KEY-----\nCCCC\n`,
    );
    expect(await readAuthorities(file)).toEqual([pem('AAAA'), pem('BBBB')]);
  });

  it.each([undefined, '', '/none/at/all.pem'])('has none in %j', async (file) => {
    expect(await readAuthorities(file)).toEqual([]);
  });
});
