import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logLine, openLogFile } from './log-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'curlew-log-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the log', () => {
  it('writes one JSON object a line, in order', async () => {
    const { log, flush } = openLogFile(folder, () => 0);
    log('info', 'app.started', { version: '0.1.0' });
    log('warn', 'core.stopTimeout');
    await flush();
    const text = await readFile(path.join(folder, 'curlew.log'), 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { at: '1970-01-01T00:00:00.000Z', level: 'info', event: 'app.started', version: '0.1.0' },
      { at: '1970-01-01T00:00:00.000Z', level: 'warn', event: 'core.stopTimeout' },
    ]);
  });

  it.each([
    ['a message', 'see you at ten'],
    ['an address', 'kofi@example.org'],
    ['a quoted JSON', '{"text":"x"}'],
    ['something very long', 'a'.repeat(200)],
    ['another script', 'привет'],
  ])('withholds %s, whoever passed it', (_what, value) => {
    expect(logLine(0, 'error', 'x', { value })).not.toContain(value);
    expect(logLine(0, 'error', 'x', { value })).toContain('[withheld]');
  });

  it('writes ids, codes, numbers and null as they are', () => {
    const fields = {
      id: '0199c5a8-0000-7000-8000-000000000001',
      code: 'WRONG_CREDENTIALS',
      count: 3,
      none: null,
    };
    expect(JSON.parse(logLine(0, 'info', 'x', fields))).toMatchObject(fields);
  });

  it('puts a full file aside and keeps five in all', async () => {
    const big = `${'x'.repeat(1_000_001)}\n`;
    for (let round = 0; round < 7; round += 1) {
      await writeFile(path.join(folder, 'curlew.log'), big);
      const { log, flush } = openLogFile(folder, () => round);
      log('info', `round.${round}`);
      await flush();
    }
    const names = await readdir(folder);
    expect(names.toSorted()).toEqual([
      'curlew.log',
      'curlew.log.1',
      'curlew.log.2',
      'curlew.log.3',
      'curlew.log.4',
    ]);
    expect(await readFile(path.join(folder, 'curlew.log'), 'utf8')).toContain('round.6');
  });

  it('drops lines rather than failing when nothing can be written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const { log, flush } = openLogFile(path.join(folder, 'file', 'logs'), () => 0);
    log('info', 'app.started');
    await expect(flush()).resolves.toBeUndefined();
  });
});
