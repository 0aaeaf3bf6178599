/**
 * From a downloaded package to its removal, on this system: installed with dpkg, started as the menu starts it, used with
 * somebody else, updated while messages wait in the outbox, and removed. Nothing but the person's own data is left.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPackaged, portFileOf, reachPackaged, type PackagedApp } from '../bench/client/packaged-app.ts';
import { launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { expectState, message, openWith, readView, say, until } from './support/gestures.ts';
import {
  buildPackage,
  install,
  installedVersion,
  menuCommand,
  purge,
  serveFeed,
  systemFiles,
  whyNotInstallable,
} from './support/installed.ts';
import { writeReport } from '../server/src/testing/report.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const root = resolve(import.meta.dirname, '..');
const OLD = '0.1.0';
const NEW = '0.2.0';
/** Debian's own user without rights. */
const NOBODY = 65_534;

const reason = whyNotInstallable();
let work: string;
let keyFile: string;
let packages: { old: string; new: string };
let offered: string;
let feed: Awaited<ReturnType<typeof serveFeed>>;
let server: ServerProcess;
let people: TestPerson[];
let before: ReadonlySet<string>;
let profileDir: string;
let ada: PackagedApp | undefined;
/** How many packages came through each step; `reports/packages.json`. */
const figures = { built: 0, installed: 0, updated: 0, removed: 0 };
/** The window of the installed app; another one after the update. */
let page: Page;
let ben: DesktopApp | undefined;

beforeAll(async () => {
  if (reason !== undefined) return;
  work = mkdtempSync(join(tmpdir(), 'curlew-packages-'));
  keyFile = join(work, 'key.pem');
  const key = node('scripts/sign-feed.mjs', '--new-key', keyFile).trim();
  packages = { old: buildPackage(OLD, work, key), new: buildPackage(NEW, work, key) };
  figures.built = 2;
  offered = packages.old;
  sign(packages.old);
  feed = await serveFeed(() => offered);
  server = await startServer({ env: { CURLEW_UPDATE_FEED: feed.url } });
  people = await registerPeople(server, ['Ada', 'Ben']);
  profileDir = await makeProfile();
  before = systemFiles();
}, 600_000);

afterAll(async () => {
  if (reason !== undefined) return;
  writeReport('packages', figures);
  await ada?.close();
  await ben?.close();
  endApp();
  if (existsSync('/opt/Curlew')) purge();
  feed?.close();
  await server?.dispose();
  for (const folder of [profileDir, ben?.profileDir, work])
    if (folder) rmSync(folder, { recursive: true, force: true });
});

function node(...args: string[]): string {
  const env = { ...process.env, CURLEW_UPDATE_PRIVATE_KEY_FILE: keyFile };
  return execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
}

function sign(folder: string): void {
  node('scripts/sign-feed.mjs', join(folder, 'latest-linux.yml'));
}

/** Ends the app on this profile, whoever started it. */
function endApp(): void {
  const lock = profileDir && join(profileDir, 'SingletonLock');
  try {
    const pid = Number(readlinkSync(lock).split('-').at(-1));
    process.kill(pid, 'SIGTERM');
  } catch {
    // It is not running.
  }
}

/** Looks for updates as a person does, under Settings > About; answers what it says then. */
async function lookForUpdate(): Promise<string> {
  await page.evaluate(() => window.curlew.invoke('update.check', {}));
  return (await readView(page, 'updates', {})).meta.state;
}

test('installs, starts from the menu, and two people talk', async ({ skip }) => {
  skip(reason !== undefined, reason);
  const [adaPerson, benPerson] = people;
  if (!adaPerson || !benPerson) throw new Error('two people were registered');
  install(packages.old);
  expect(installedVersion()).toBe(OLD);
  expect(
    execFileSync('xdg-mime', ['query', 'default', 'x-scheme-handler/curlew'], { encoding: 'utf8' }).trim(),
  ).toBe('curlew.desktop');
  for (const file of ['LICENSE', 'NOTICE', 'THIRD-PARTY-NOTICES.txt'])
    expect(statSync(join('/opt/Curlew/resources', file)).size).toBeGreaterThan(50);

  const { program, args } = menuCommand();
  ada = await launchPackaged(program, profileDir, [...args, `--server-url=${server.url}`]);
  page = ada.page;
  await page.getByRole('textbox', { name: 'Email' }).fill(adaPerson.email);
  await page.getByLabel('Password', { exact: true }).fill(adaPerson.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await openWith(page, 'Ben');
  await say(page, 'Ben', 'From the installed app');
  await expectState(page, 'From the installed app', 'Sent');

  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: benPerson });
  await openWith(ben.page, 'Ada');
  await message(ben.page, 'From the installed app').waitFor();
  await say(ben.page, 'Ada', 'Well arrived');
  await message(page, 'Well arrived').waitFor();
  figures.installed = 1;
});

test('offers what the key of the build signed and its computer is chosen for, and nothing else', async ({
  skip,
}) => {
  skip(reason !== undefined, reason);
  const newFeed = join(packages.new, 'latest-linux.yml');
  expect(await lookForUpdate()).toBe('current');
  offered = packages.new;
  expect(await lookForUpdate()).toBe('failed');
  sign(packages.new);
  const released = readFileSync(newFeed, 'utf8');
  appendFileSync(newFeed, 'stagingPercentage: 100\n');
  expect(await lookForUpdate()).toBe('failed');
  execFileSync('sed', ['-i', 's/^stagingPercentage: .*/stagingPercentage: 0/', newFeed]);
  sign(packages.new);
  expect(await lookForUpdate()).toBe('current');
  execFileSync('sed', ['-i', '/^stagingPercentage/d', newFeed]);
  expect(readFileSync(newFeed, 'utf8')).toBe(released);
  sign(packages.new);
  expect(await lookForUpdate()).toBe('ready');
});

test('updates when asked to, and what waited in the outbox goes out once', async ({ skip }) => {
  skip(reason !== undefined, reason);
  if (!ben || !ada) throw new Error('the first test has to pass');
  const waiting = ['Waits 1', 'Waits 2', 'Waits 3'];
  await server.stop();
  for (const text of waiting) await say(page, 'Ben', text);
  for (const text of waiting) await message(page, text).waitFor();
  expect(installedVersion()).toBe(OLD);

  rmSync(portFileOf(profileDir));
  await page.getByRole('button', { name: 'Restart to update' }).first().click();
  ({ page } = await reachPackaged(profileDir));
  expect(installedVersion()).toBe(NEW);
  const about = await until(
    'the new version runs',
    async () => (await readView(page, 'about', {})).meta.version,
    (version) => version === NEW,
  );
  expect(about).toBe(NEW);
  await openWith(page, 'Ben');
  for (const text of waiting) await message(page, text).waitFor();

  server = await server.restart();
  await openWith(ben.page, 'Ada');
  for (const text of waiting) await message(ben.page, text).waitFor({ timeout: 60_000 });
  await say(ben.page, 'Ada', 'All here');
  await message(page, 'All here').waitFor();
  for (const window of [ben.page, page])
    for (const text of waiting) expect(await message(window, text).count()).toBe(1);
  expect((await readView(page, 'outbox', {})).meta.total).toBe(0);
  figures.updated = 1;
});

test('runs in the real sandbox for an ordinary person', async ({ skip }) => {
  skip(reason !== undefined, reason);
  const home = mkdtempSync(join(tmpdir(), 'curlew-nobody-'));
  chmodSync(home, 0o777);
  const { program, args } = menuCommand();
  const child = spawn(
    program,
    [...args, `--user-data-dir=${home}/profile`, '--remote-debugging-port=0', '--password-store=basic'],
    {
      uid: NOBODY,
      gid: NOBODY,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', DISPLAY: process.env['DISPLAY'], HOME: home, XDG_RUNTIME_DIR: home },
      stdio: 'ignore',
    },
  );
  try {
    const { page: window, browser } = await reachPackaged(join(home, 'profile'));
    await window.getByRole('heading', { name: 'Sign in' }).waitFor();
    const renderers = processesOf(NOBODY).filter(({ command }) => command.includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThan(0);
    for (const { pid, command } of renderers) {
      expect(command).not.toContain('--no-sandbox');
      // 2: only the system calls on a list. A user namespace of its own: no rights outside of it, and no network.
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s2$/m);
      expect(readlinkSync(`/proc/${pid}/ns/user`)).not.toBe(readlinkSync('/proc/self/ns/user'));
      expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
    }
    await browser.close();
  } finally {
    child.kill('SIGTERM');
    await new Promise((done) => (child.exitCode === null ? child.once('exit', done) : done(undefined)));
    rmSync(home, { recursive: true, force: true });
  }
});

test('leaves nothing but what is the person’s', async ({ skip }) => {
  skip(reason !== undefined, reason);
  endApp();
  await until(
    'the app has ended',
    () => Promise.resolve(existsSync(join(profileDir, 'SingletonLock'))),
    (is) => !is,
  );
  purge();
  const left = [...systemFiles()].filter((file) => !before.has(file));
  expect(left).toEqual([]);
  expect([...before].filter((file) => !existsSync(file) && file !== '' && !isLink(file))).toEqual([]);
  expect(readdirSync(profileDir)).toContain('accounts');
  figures.removed = 1;
});

function isLink(file: string): boolean {
  try {
    readlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

function processesOf(uid: number): { pid: string; command: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || statSync(`/proc/${pid}`).uid !== uid) return [];
      return [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}
