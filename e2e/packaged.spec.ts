/**
 * The app as people install it: packed into an archive, fuses flipped. Its native modules load, its core runs in a
 * worker thread from inside the archive, and a person can sign in and write. Driven over the DevTools protocol, since
 * the inspect fuse is off.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPackaged, type PackagedApp } from '../bench/client/packaged-app.ts';
import { makeProfile, removeProfile } from './support/app.ts';
import { message, openWith, say } from './support/gestures.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const root = resolve(import.meta.dirname, '..');
let executable: string;
let server: ServerProcess;
let people: TestPerson[];
let profileDir: string;
let app: PackagedApp | undefined;

beforeAll(async () => {
  const printed = execFileSync(process.execPath, ['scripts/dist.mjs', '--dir'], {
    cwd: root,
    encoding: 'utf8',
  });
  executable = printed.trim().split('\n').at(-1) ?? '';
  server = await startServer();
  people = await registerPeople(server, ['Ada', 'Ben']);
  profileDir = await makeProfile();
});

afterAll(async () => {
  await app?.close();
  await server?.dispose();
  if (profileDir) await removeProfile(profileDir);
});

test('the fuses are as electron-builder.yml says', async () => {
  const wire = await getCurrentFuseWire(executable);
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ];
  const on = [
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    FuseV1Options.OnlyLoadAppFromAsar,
  ];
  for (const fuse of off) expect(wire[fuse]).toBe(FuseState.DISABLE);
  for (const fuse of on) expect(wire[fuse]).toBe(FuseState.ENABLE);
});

test('neither variables nor arguments make it run other code', async () => {
  const [foreign, marker] = [join(profileDir, 'foreign.cjs'), join(profileDir, 'foreign-ran')];
  await writeFile(foreign, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`);
  const inspectPort = await freePort();
  app = await launchPackaged(
    executable,
    profileDir,
    [`--inspect=${inspectPort}`, `--require=${foreign}`, foreign],
    {
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: `--require=${foreign}`,
    },
  );
  await app.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expect(fetch(`http://127.0.0.1:${inspectPort}/json`)).rejects.toThrow();
  await app.close();
  app = undefined;
  expect(existsSync(marker)).toBe(false);
});

/** A port nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('a person signs in and writes', async () => {
  const [ada] = people;
  if (!ada) throw new Error('two people were registered');
  app = await launchPackaged(executable, profileDir, [`--server-url=${server.url}`]);
  const { page } = app;
  await page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await openWith(page, 'Ben');
  await say(page, 'Ben', 'Written in the packaged app');
  await message(page, 'Written in the packaged app').getByLabel('Sent', { exact: true }).waitFor();
});
