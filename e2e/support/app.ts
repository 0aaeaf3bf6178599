/**
 * The real desktop app in a real window, driven by Playwright. Owns launching it on a profile of its own, killing it
 * like a crash, and the few gestures every scenario needs, all by role and label as a person or screen reader would.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { TestPerson } from './people.ts';
import { takeMouseAway } from './without-mouse.ts';

const root = resolve(import.meta.dirname, '../..');
let electronDist: string | undefined;

/** A running app. */
export interface DesktopApp {
  /** The main process, for what no page can see. */
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly profileDir: string;
  /** Console errors and page errors since the start; scenarios end with an empty list. */
  readonly errors: readonly string[];
  /** Gives its window the focus, so that what it shows counts as read. */
  focus(): Promise<void>;
  kill9(): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link launchApp}. */
export interface LaunchOptions {
  readonly profileDir: string;
  readonly serverUrl?: string;
  /** Signs this person in at the first start. */
  readonly person?: TestPerson;
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments, such as a link the system starts the app with. */
  readonly args?: readonly string[];
}

/** A fresh profile folder. The tour of the first minutes is behind it, unless it is what is looked at. */
export async function makeProfile({ tourSeen = true } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'curlew-profile-'));
  await writeFile(join(folder, 'preferences.json'), JSON.stringify({ tourSeen }));
  return folder;
}

/** Removes a profile folder. */
export async function removeProfile(profileDir: string): Promise<void> {
  await rm(profileDir, { recursive: true, force: true });
}

/** Closes the apps that were started and removes their profiles; those a failed set-up never started are undefined. */
export async function disposeApps(...apps: readonly (DesktopApp | undefined)[]): Promise<void> {
  for (const app of apps) {
    await app?.close();
    if (app) await removeProfile(app.profileDir);
  }
}

/** Launches the built app and waits for its first window. */
export async function launchApp(options: LaunchOptions): Promise<DesktopApp> {
  electronDist ??= execFileSync(process.execPath, ['scripts/electron-runtime.mjs'], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .at(-1);
  // Playwright looks for the runtime in its own environment, not in the app's.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electronDist ?? '';
  const env: Record<string, string> = { ...definedEnv(), ...options.env };
  if (options.person && options.serverUrl) {
    const { email, password } = options.person;
    const file = join(options.profileDir, 'sign-in.json');
    await writeFile(file, JSON.stringify({ serverUrl: options.serverUrl, email, password }), { mode: 0o600 });
    env['CURLEW_DEMO_SIGN_IN'] = file;
  }
  const args = ['desktop', `--user-data-dir=${options.profileDir}`];
  if (options.serverUrl) args.push(`--server-url=${options.serverUrl}`);
  if (options.args) args.push(...options.args);
  const app: ElectronApplication = await _electron.launch({ args, cwd: root, env });
  const page = await app.firstWindow();
  takeMouseAway(page);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return {
    electron: app,
    page,
    profileDir: options.profileDir,
    errors,
    async focus() {
      // A window manager keeps programs from taking the focus; a person's own switch is always honoured.
      const ownWindow = ['search', '--onlyvisible', '--pid', String(app.process().pid)];
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const isFocused = await app.evaluate(({ BrowserWindow }) => {
          const window = BrowserWindow.getAllWindows()[0];
          window?.show();
          window?.focus();
          return window?.isFocused() ?? false;
        });
        if (isFocused) return;
        if (process.platform === 'linux')
          spawnSync('xdotool', [...ownWindow, 'windowactivate'], { timeout: 2_000 });
        await page.waitForTimeout(50);
      }
      throw new Error('the window never got the focus');
    },
    async kill9() {
      const child = app.process();
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      child.kill('SIGKILL');
      await gone;
    },
    close: () => app.close(),
  };
}

/** The environment of a person's app: without what the tests' own servers start faster with. */
function definedEnv(): Record<string, string> {
  const { NODE_COMPILE_CACHE: _, ...own } = process.env;
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
