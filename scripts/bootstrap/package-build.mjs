// Owns packaging the built desktop app with electron-builder.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { electronEnv } from './bootstrap.mjs';
import { ROOT } from './cache.mjs';
import { hashFiles, unlessStamped } from './dependencies.mjs';
import { ensureDesktopBuild } from './desktop-build.mjs';
import { capture } from './processes.mjs';
import { SetupError, step } from './progress.mjs';

const DESKTOP = path.join(ROOT, 'desktop');

/**
 * @param {import('./electron.mjs').ElectronRuntime} runtime
 * @param {string[]} args electron-builder's, beside the configuration
 */
async function runBuilder(runtime, args) {
  const cli = path.join(ROOT, 'node_modules/electron-builder/cli.js');
  const config = runtime.isFallback ? '../scripts/electron-builder.fallback.mjs' : '../electron-builder.yml';
  const built = await capture(process.execPath, [cli, '--config', config, '--publish', 'never', ...args], {
    cwd: DESKTOP,
    env: { ...process.env, ...electronEnv(runtime) },
  });
  if (built.code !== 0) {
    throw new SetupError('electron-builder failed.', 'its own words stand below', {
      cause: new Error(built.output.trim().slice(-4000)),
    });
  }
}

/** @returns {string} the unpacked app's executable, by platform */
function unpackedExecutable() {
  const dist = path.join(DESKTOP, 'dist');
  if (process.platform === 'darwin') {
    const folder = readdirSync(dist).find((name) => name.startsWith('mac')) ?? 'mac';
    return path.join(dist, folder, 'Curlew.app/Contents/MacOS/Curlew');
  }
  if (process.platform === 'win32') return path.join(dist, 'win-unpacked/Curlew.exe');
  return path.join(
    dist,
    process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
    'curlew',
  );
}

/**
 * Builds the packaged app as a folder, unless the one that stands there is of the same bundles and runtime.
 *
 * @param {import('./electron.mjs').ElectronRuntime} runtime
 * @returns {Promise<string>} its executable
 */
export async function ensureUnpackedApp(runtime) {
  await ensureDesktopBuild(runtime);
  const recipe = [
    'electron-builder.yml',
    'scripts/electron-builder.fallback.mjs',
    'desktop/out/.source-hash',
  ];
  const version = readFileSync(path.join(runtime.dist, 'version'), 'utf8');
  const hash = `${hashFiles(recipe.map((file) => path.join(ROOT, file)))} ${version}`;
  await unlessStamped(path.join(DESKTOP, 'dist/.unpacked-hash'), hash, () =>
    step('Packaging the desktop app (unpacked)', () => runBuilder(runtime, ['--dir'])),
  );
  const executable = unpackedExecutable();
  if (!existsSync(executable)) throw new Error(`electron-builder left no ${executable}`);
  return executable;
}

/**
 * Builds this platform's installers.
 *
 * @param {import('./electron.mjs').ElectronRuntime} runtime the declared one, never the fallback
 * @returns {Promise<string[]>} the files made
 */
export async function buildInstallers(runtime) {
  await ensureDesktopBuild(runtime);
  await step('Building installers', () => runBuilder(runtime, []));
  const dist = path.join(DESKTOP, 'dist');
  const made = readdirSync(dist).filter((name) => /\.(deb|AppImage|dmg|zip|exe)$/.test(name));
  return made.map((name) => path.join(dist, name));
}
