/**
 * The real keyring (gnome-keyring over libsecret), each time on a session bus of its own: one that is unlocked, one
 * that stays locked because nobody can be asked, and none at all. And that the sign-in is kept nowhere else: an app is
 * used, and everything it and its server left behind is searched.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'vitest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { launchApp, makeProfile, removeProfile, type DesktopApp } from './support/app.ts';
import { startFaultProxy } from './support/fault-proxy.ts';
import { expectState, message, openWith, say, until } from './support/gestures.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { filesOf, formsOf, Overheard, processFacts, searchFor, type Leak } from './support/secret-hunt.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

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

describe('a sign-in', () => {
  const overheard = new Overheard();
  let server: ServerProcess;
  let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
  let ada: TestPerson;
  let profileDir: string;
  let app: DesktopApp | undefined;
  let printed = '';

  beforeAll(async () => {
    server = await startServer();
    ada = must((await registerPeople(server, ['Ada', 'Ben']))[0], 'Ada is first');
    proxy = await startFaultProxy({ targetPort: server.port, seed: 1, overhear: overheard.listen });
    profileDir = await makeProfile();
  });
  afterAll(async () => {
    await app?.close();
    await proxy.close();
    await server.dispose();
    await removeProfile(profileDir);
  });

  async function start(...args: string[]): Promise<DesktopApp> {
    const started = await launchApp({ profileDir, serverUrl: `http://127.0.0.1:${proxy.port}`, args });
    const { stdout, stderr } = started.electron.process();
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        printed += chunk.toString('latin1');
      });
    }
    return started;
  }

  /** What a person knows by heart, and what the server gave their device in exchange. */
  function secrets(): Map<string, string> {
    const found = new Map([
      ['password', ada.password],
      ['mistyped password', `${ada.password}x`],
    ]);
    for (const kind of ['accessToken', 'refreshToken'] as const) {
      for (const [n, token] of overheard.tokens(kind).entries()) {
        found.set(`${kind} ${n + 1}`, token);
        // The part of a signed token that proves it.
        const signature = kind === 'accessToken' ? token.split('.')[2] : undefined;
        if (signature) found.set(`signature of ${kind} ${n + 1}`, signature);
      }
    }
    return found;
  }

  /** Where this device's side of it could have been left; the running app's processes among it. */
  function leaks(): Leak[] {
    const search = searchFor(secrets());
    return [
      ...[...filesOf(profileDir)].flatMap(({ place, bytes }) => search(`profile: ${place}`, bytes)),
      ...search('output of the app', Buffer.from(printed, 'latin1')),
      ...search('log of the server', Buffer.from(server.printed(), 'utf8')),
      ...(app ? [...processFacts(app.electron.process().pid ?? 0)] : []).flatMap(({ place, bytes }) =>
        search(place, bytes),
      ),
    ];
  }

  it('stands in the keyring and nowhere else, whatever the app goes through', async (ctx) => {
    skipWithout(ctx, 'gnome-keyring-daemon');
    app = await start();
    const { page } = app;
    await page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill(`${ada.password}x`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Email or password is wrong.').waitFor();
    await password.fill(ada.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await openWith(page, 'Ben');
    await say(page, 'Ben', 'See https://example.org/readers');
    await expectState(page, 'See https://example.org/readers', 'Sent');
    proxy.cut();
    await say(page, 'Ben', 'Written on the train');
    await message(page, 'Written on the train').waitFor();
    proxy.restore();
    await expectState(page, 'Written on the train', 'Sent', 30_000);

    // A bug whose message quotes what it was given, and a page that dies: both are logged.
    const logged = (event: string) => () =>
      [...filesOf(profileDir)].some(({ place, bytes }) => place.startsWith('logs') && bytes.includes(event));
    const token = must(overheard.tokens('refreshToken')[0], 'signing in gave a token');
    await app.electron.evaluate((_electron, quoted) => {
      setTimeout(() => {
        throw new Error(`cannot read ${quoted}`);
      });
    }, token);
    await until('the bug is logged', async () => logged('main.uncaught')(), Boolean);
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await until('the dead page is logged', async () => logged('window.pageGone')(), Boolean);
    await app.close();

    app = await start('curlew://open?type=ticket&id=41');
    await openWith(app.page, 'Ben');
    await say(app.page, 'Ben', 'Back without a password');
    await expectState(app.page, 'Back without a password', 'Sent', 20_000);
    expect(overheard.tokens('accessToken').length).toBeGreaterThan(1);
    expect(leaks()).toEqual([]);
    // The search reads what the app writes: a message that was sent a moment ago is found.
    const written = searchFor(new Map([['message', 'Back without a password']]));
    expect([...filesOf(profileDir)].flatMap(({ place, bytes }) => written(place, bytes))).not.toEqual([]);
    await app.close();
    app = undefined;
    expect(leaks()).toEqual([]);
    const kept = searchFor(
      new Map([
        ['password', ada.password],
        ['token', token],
      ]),
    );
    expect([...filesOf(server.dataDir)].flatMap(({ place, bytes }) => kept(place, bytes))).toEqual([]);
  });

  it('would be found in any of its forms', async (ctx) => {
    skipWithout(ctx, 'gnome-keyring-daemon');
    const planted: Leak[] = [];
    for (const [secret, text] of secrets()) {
      for (const { form, bytes } of formsOf(text)) {
        const name = `planted-${planted.length}`;
        await writeFile(join(profileDir, name), Buffer.concat([Buffer.from('before '), bytes, bytes]));
        planted.push({ place: `profile: ${name}`, secret, form });
      }
    }
    expect(leaks()).toEqual(expect.arrayContaining(planted));
  });
});
