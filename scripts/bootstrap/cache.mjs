// Owns the cache folder of the set-up scripts: what needs no second download. An entry is whole or absent, since
// it is prepared beside its place and renamed. Deleting the folder is always safe.

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The repository's root folder. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** @returns {string} `CURLEW_CACHE_DIR`, else `~/.cache/curlew` */
export function cacheDir() {
  return process.env['CURLEW_CACHE_DIR'] ?? path.join(os.homedir(), '.cache', 'curlew');
}

/**
 * Returns the folder of a cache entry, preparing it when it is absent. Two processes may prepare the same entry:
 * the second to finish finds the first one's and drops its own.
 *
 * @param {string} name entry name; holds every version the content depends on
 * @param {(folder: string) => Promise<void> | void} prepare fills the empty folder it is given
 * @returns {Promise<string>}
 */
export async function cacheEntry(name, prepare) {
  const entry = path.join(cacheDir(), name);
  if (existsSync(entry)) return entry;
  mkdirSync(cacheDir(), { recursive: true });
  const unfinished = mkdtempSync(path.join(cacheDir(), `.${name}-`));
  try {
    await prepare(unfinished);
    renameSync(unfinished, entry);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(entry)) throw error;
  }
  return entry;
}
