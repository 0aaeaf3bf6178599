// Owns the Debian packages the app and its tests stand on: which, whether they are there, and getting them through
// apt where this process may. On any other system, or without root, it only says what is missing.

import { existsSync, readFileSync } from 'node:fs';
import { capture } from './processes.mjs';
import { SetupError, say, step } from './progress.mjs';

/** What the Electron binary links or loads. Several names: Debian 13 and Ubuntu 24.04 renamed some. */
export const APP_PACKAGES = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libgbm1'],
  ['libasound2', 'libasound2t64'],
  ['dbus'],
  ['libnotify4'],
  ['libsecret-1-0'],
  ['xdg-utils'],
];

/** Only for a machine without a display: a virtual one, and a font that has the reactions. */
export const DISPLAY_PACKAGES = [['xvfb'], ['fonts-noto-color-emoji']];

/** Only for the tests: a keyring, certificates of their own, a window manager (focus needs one), its keys and mouse, a notification daemon, a panel with a tray, a client in another language. */
export const TEST_PACKAGES = [
  ['gnome-keyring'],
  ['openssl'],
  ['openbox'],
  ['xdotool'],
  ['dunst'],
  ['xfce4-panel'],
  ['python3-socketio'],
  ['python3-websocket'],
  ['python3-requests'],
];

/** @returns {Promise<boolean>} whether this is a Debian-like system */
async function hasApt() {
  if (process.platform !== 'linux') return false;
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-query');
}

/** @returns {Set<string>} names of the installed packages, without their architecture */
function installedPackages() {
  const names = new Set();
  for (const block of readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n')) {
    if (!/^Status: .* installed$/m.test(block)) continue;
    const name = /^Package: (.+)$/m.exec(block)?.[1];
    if (name !== undefined) names.add(name);
  }
  return names;
}

/**
 * @param {string[][]} wanted
 * @returns {string[][]} those of which no name is installed
 */
function missingFrom(wanted) {
  const installed = installedPackages();
  return wanted.filter((names) => !names.some((name) => installed.has(name)));
}

/**
 * Installs what is missing. Never fails: what could not be had is said, and the step that needs it decides
 * whether it can do without.
 *
 * @param {string[][]} wanted groups of alternative names
 * @returns {Promise<void>}
 */
export async function ensureDebianPackages(wanted) {
  if (!(await hasApt())) return;
  const missing = missingFrom(wanted);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    say(`Missing Debian packages. As root: apt-get install ${missing.map((names) => names[0]).join(' ')}`);
    return;
  }
  await step(`Installing ${missing.length} Debian packages`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await capture('apt-get', ['update', '-qq'], { env, timeoutMs: 180_000 });
    const available = [];
    for (const names of missing) {
      for (const name of names) {
        const policy = await capture('apt-cache', ['policy', name], { env });
        if (/Candidate: (?!\(none\))/.test(policy.output)) {
          available.push(name);
          break;
        }
      }
    }
    if (available.length === 0) {
      say(`  none of them is available to apt: ${missing.map((names) => names[0]).join(' ')}`);
      return;
    }
    const args = [
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      '-o',
      'DPkg::Lock::Timeout=180',
      ...available,
    ];
    const installed = await capture('apt-get', args, { env, timeoutMs: 600_000 });
    if (installed.code !== 0) say(`  apt-get failed:\n${installed.output.trim().slice(-600)}`);
  });
}

/**
 * Checks that a program finds all libraries it links.
 *
 * @param {string} binary
 * @returns {Promise<void>}
 * @throws {SetupError} naming the missing libraries
 */
export async function requireLinkedLibraries(binary) {
  if (process.platform !== 'linux') return;
  const linked = await capture('ldd', [binary]);
  const missing = linked.output
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0]);
  if (missing.length === 0) return;
  throw new SetupError(
    `Electron needs system libraries that are missing: ${[...new Set(missing)].join(', ')}`,
    `as root: apt-get install ${APP_PACKAGES.map((names) => names[0]).join(' ')} (or your system's names for them)`,
  );
}
