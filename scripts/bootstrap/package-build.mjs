// Owns packaging the built desktop app with electron-builder.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { electronEnv } from './bootstrap.mjs';
import { ROOT } from './cache.mjs';
import { hashFiles, unlessStamped } from './dependencies.mjs';
import { ensureDesktopBuild } from './desktop-build.mjs';
import { capture } from './processes.mjs';
import { SetupError, step } from './progress.mjs';

const DESKTOP = path.join(ROOT, 'desktop');
/** electron-builder's targets that need no tool it would have to download; the archive is made here. */
const FALLBACK_TARGETS = ['deb'];
const PLATFORM_FLAG = { darwin: '--mac', win32: '--win' }[String(process.platform)] ?? '--linux';

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
 * @typedef {object} InstallerOptions
 * @property {string[] | undefined} [targets] electron-builder's names; all of this platform when absent
 * @property {string | undefined} [version] instead of package.json's
 * @property {string | undefined} [output] folder; desktop/dist when absent
 */

/**
 * Builds this platform's installers and the feed that names them.
 *
 * @param {import('./electron.mjs').ElectronRuntime} runtime
 * @param {InstallerOptions} [options]
 * @returns {Promise<string[]>} the files made
 */
export async function buildInstallers(runtime, options = {}) {
  await ensureDesktopBuild(runtime);
  const output = path.resolve(options.output ?? path.join(DESKTOP, 'dist'));
  const targets = options.targets ?? (runtime.isFallback ? FALLBACK_TARGETS : []);
  const settings = {
    'directories.output': output,
    'extraMetadata.version': options.version,
    'extraMetadata.updates.feedUrl': process.env['CURLEW_UPDATE_URL'],
    'extraMetadata.updates.publicKey': process.env['CURLEW_UPDATE_KEY'],
  };
  const args = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`-c.${name}=${value}`],
  );
  const startedAtMs = Date.now();
  await step('Building installers', () =>
    runBuilder(runtime, [...(targets.length > 0 ? [PLATFORM_FLAG, ...targets] : []), ...args]),
  );
  if (runtime.isFallback && options.targets === undefined) await archiveUnpacked(output);
  return readdirSync(output)
    .filter((name) => /\.(deb|rpm|AppImage|tar\.gz|dmg|zip|exe|yml|blockmap)$/.test(name))
    .map((name) => path.join(output, name))
    .filter((file) => !file.endsWith('builder-debug.yml') && statSync(file).mtimeMs >= startedAtMs);
}

/**
 * The archive that electron-builder makes with a tool it downloads, made with tar.
 *
 * @param {string} output where the unpacked app lies and the archive goes
 */
async function archiveUnpacked(output) {
  const manifest = JSON.parse(readFileSync(path.join(DESKTOP, 'package.json'), 'utf8'));
  const name = `${manifest.name}-${manifest.version}`;
  const folder = path.basename(path.dirname(unpackedExecutable()));
  // How it was installed is a fact of the .deb, which was made from the same folder.
  const notOfArchive = ['package-type', 'app-update.yml'].map((file) => `--exclude=resources/${file}`);
  const args = ['-czf', `${name}.tar.gz`, '--owner=0', '--group=0', `--transform=s,^${folder},${name},`];
  const made = await capture('tar', [...args, ...notOfArchive, folder], { cwd: output });
  if (made.code !== 0) throw new Error(made.output.trim());
}
