// Owns the desktop session the app runs in: the person's own where there is one, else a virtual display (Xvfb) and,
// for tests, a session bus with an unlocked keyring and a notification daemon. What it starts, it stops.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetupError, say } from './progress.mjs';
import { stopGroup } from './processes.mjs';

/**
 * @typedef {object} Session
 * @property {Record<string, string>} env variables for whatever opens a window
 * @property {boolean} isVirtual whether nobody can see the windows
 * @property {() => Promise<void>} stop
 */

/** @returns {boolean} whether this process can show a window already */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/**
 * Makes sure there is a display.
 *
 * @returns {Promise<Session>}
 * @throws {SetupError} without a display and without Xvfb
 */
export async function ensureDisplay() {
  if (hasDisplay()) return { env: {}, isVirtual: false, stop: async () => {} };
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const number = await new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)));
    child.stdio[3]?.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('\n')) resolve(text.trim());
    });
  }).catch((error) => {
    throw new SetupError(
      'There is no display, and the virtual one (Xvfb) could not be started.',
      'run in a desktop session, or as root: apt-get install xvfb',
      { cause: error },
    );
  });
  child.unref();
  /** @type {import('node:net').Socket} */ (child.stdio[3]).destroy();
  say(`No display here: windows open on a virtual one (Xvfb :${number}), where nobody sees them.`);
  return { env: { DISPLAY: `:${number}` }, isVirtual: true, stop: () => stopGroup(child) };
}

/**
 * Starts a session for tests: display, bus, keyring and notifications, apart from the person's own. What is not
 * installed is left out; the test that needs it says NOT RUN.
 *
 * @returns {Promise<Session>}
 */
export async function startTestSession() {
  const display = await ensureDisplay();
  if (process.platform !== 'linux') return display;
  const runtimeDir = mkdtempSync(path.join(os.tmpdir(), 'curlew-session-'));
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = [];
  const env = { ...display.env, XDG_RUNTIME_DIR: runtimeDir, XDG_DATA_HOME: path.join(runtimeDir, 'data') };
  const childEnv = () => ({ ...process.env, ...env });
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=3'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
    env: childEnv(),
  });
  const address = await new Promise((resolve) => {
    let text = '';
    bus.once('error', () => resolve(undefined));
    bus.once('exit', () => resolve(undefined));
    bus.stdio[3]?.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('\n')) resolve(text.trim());
    });
  });
  if (address !== undefined) {
    children.push(bus);
    Object.assign(env, { DBUS_SESSION_BUS_ADDRESS: address });
    children.push(...startDaemons(childEnv()));
  }
  return {
    env,
    isVirtual: display.isVirtual,
    stop: async () => {
      await Promise.all(children.map((child) => stopGroup(child, { graceMs: 2000 })));
      await display.stop();
      rmSync(runtimeDir, { recursive: true, force: true });
    },
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('node:child_process').ChildProcess[]}
 */
function startDaemons(env) {
  const children = [];
  if (existsSync('/usr/bin/gnome-keyring-daemon')) {
    const args = ['--foreground', '--unlock', '--components=secrets'];
    const keyring = spawn('gnome-keyring-daemon', args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    keyring.once('error', () => say('gnome-keyring-daemon could not be started'));
    keyring.stdin.end('curlew-tests\n');
    children.push(keyring);
  }
  if (existsSync('/usr/bin/dunst')) {
    const dunst = spawn('dunst', [], { env, stdio: 'ignore', detached: true });
    dunst.once('error', () => say('dunst could not be started'));
    children.push(dunst);
  }
  for (const child of children) child.unref();
  return children;
}
