/**
 * The real keyring (gnome-keyring over libsecret), each time on a session bus of its own: one that is unlocked, one
 * that stays locked because nobody can be asked, and none at all.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const probe = resolve(import.meta.dirname, '../desktop/src/main/test/keyring-probe.ts');
const missing = { ok: false, error: expect.objectContaining({ code: 'KEYRING_MISSING' }) };
const nothing = { ok: true, value: null };

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'curlew-keyring-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

function run(command: string, args: readonly string[], bus?: string): unknown {
  const { DISPLAY: _nobodyCanBeAsked, ...env } = process.env;
  const { stdout } = spawnSync(command, args, {
    env: {
      ...env,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_RUNTIME_DIR: home,
      ...(bus === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: bus }),
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
  const json = stdout.split('\n').find((line) => line.startsWith('{"before"'));
  if (json === undefined) throw new Error('the probe printed no answers');
  return JSON.parse(json);
}

function skipWithout(ctx: TestContext, ...commands: string[]): void {
  const lacking = commands.filter((command) => spawnSync('which', [command]).status !== 0);
  if (lacking.length > 0) ctx.skip(`not installed here: ${lacking.join(', ')}`);
}

const node = JSON.stringify(process.execPath);
const runProbe = `${node} ${JSON.stringify(probe)}`;

describe('the system keyring', () => {
  it('keeps a secret, per profile, until it is deleted', (ctx) => {
    skipWithout(ctx, 'gnome-keyring-daemon', 'dbus-run-session');
    const unlock = `echo curlew | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ${runProbe}`;
    expect(run('dbus-run-session', ['--', 'sh', '-c', unlock])).toEqual({
      before: nothing,
      set: nothing,
      after: { ok: true, value: 'a secret – with ünïcode' },
      otherProfile: nothing,
      delete: nothing,
      deleteAgain: nothing,
      gone: nothing,
    });
  });

  it('answers KEYRING_MISSING when it stays locked, and keeps nothing', (ctx) => {
    skipWithout(ctx, 'gnome-keyring-daemon', 'dbus-run-session');
    expect(run('dbus-run-session', ['--', 'sh', '-c', runProbe])).toMatchObject({
      set: missing,
      after: nothing,
    });
  });

  it('answers KEYRING_MISSING to everything where there is no session bus', (ctx) => {
    skipWithout(ctx, 'dbus-run-session');
    expect(run(process.execPath, [probe], 'unix:path=/nonexistent')).toEqual({
      before: missing,
      set: missing,
      after: missing,
      otherProfile: missing,
      delete: missing,
      deleteAgain: missing,
      gone: missing,
    });
  });
});
