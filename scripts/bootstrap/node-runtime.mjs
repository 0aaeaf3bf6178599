// Owns which Node runs Curlew's scripts, server and tests: 24 or newer, which runs TypeScript sources directly.
// An older one (20.19 is enough to get here) fetches Node 24 into the cache once and starts the command again
// with it. Built-in modules only: this runs before anything is installed.

import { rmSync } from 'node:fs';
import path from 'node:path';
import { cacheEntry } from './cache.mjs';
import { unpackNpmPackage } from './npm-package.mjs';
import { runInherited } from './processes.mjs';
import { SetupError, step } from './progress.mjs';

const NODE_VERSION = '24.21.0';

/** Digests of `node-<platform>-<arch>@24.21.0`; npm has no such package for Apple silicon. */
const NODE_SHA512 = new Map([
  ['linux-x64', '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q=='],
  ['linux-arm64', 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g=='],
]);

/** @returns {boolean} whether this Node runs everything */
function isNodeGoodEnough() {
  return Number(process.versions.node.split('.')[0]) >= 24;
}

/**
 * Makes sure the calling script runs on Node 24: returns true when it does. Otherwise runs the same command on the
 * cached one to its end, sets the exit code and returns false; the caller then has nothing left to do.
 *
 * @returns {Promise<boolean>}
 */
export async function ensureNode() {
  if (isNodeGoodEnough()) {
    // Programs started from here (npm's shebang, vitest's workers) must find the same Node first.
    const bin = path.dirname(process.execPath);
    const paths = (process.env['PATH'] ?? '').split(path.delimiter);
    if (paths[0] !== bin) process.env['PATH'] = [bin, ...paths].join(path.delimiter);
    return true;
  }
  const target = `${process.platform}-${process.arch}`;
  const sha512 = NODE_SHA512.get(target);
  if (sha512 === undefined) {
    throw new SetupError(
      `Curlew needs Node ≥ 24 and this is ${process.versions.node}; there is no automatic download for ${target}.`,
      'install Node 24 (nodejs.org, or your version manager) and run the same command again',
    );
  }
  const folder = await cacheEntry(`node-${NODE_VERSION}-${target}`, (into) =>
    step(`Fetching Node ${NODE_VERSION} (this machine has ${process.versions.node})`, async () => {
      await unpackNpmPackage({ spec: `node-${target}@${NODE_VERSION}`, sha512, into });
      rmSync(path.join(into, '.download'), { recursive: true });
    }),
  );
  const bin = path.join(folder, 'bin');
  process.exitCode = await runInherited(
    path.join(bin, 'node'),
    [...process.execArgv, ...process.argv.slice(1)],
    {
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` },
    },
  );
  return false;
}
