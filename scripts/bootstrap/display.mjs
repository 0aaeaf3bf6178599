// Owns the display windows open on: the person's own where there is one, else a virtual one (Xvfb). What it starts,
// it stops.

import { spawn } from 'node:child_process';
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
  return (
    process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY'])
  );
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
