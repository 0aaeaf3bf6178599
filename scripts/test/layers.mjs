// Owns running one test layer: vitest on one project, its output passed on, its tally read back. A layer that ends
// without a tally counts as one failure. Windows mostly wait, for servers and for each other, so their suites run in two
// halves at once, each on a display and a session of its own; on a person's own display focus would be theirs to share.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../bootstrap/cache.mjs';
import { hasDisplay } from '../bootstrap/display.mjs';
import { runInherited } from '../bootstrap/processes.mjs';

/** The layers of `npm test`, cheapest first: what is broken shows early. */
export const LAYERS = /** @type {const} */ (['unit', 'db', 'pg', 'redis', 'dom', 'sim', 'kill', 'e2e']);

/** The same in the order they run. Those of one row run at once: the nodes on Redis mostly wait for one to be missed. */
export const ROWS = /** @type {const} */ ([
  ['unit'],
  ['db'],
  ['pg', 'redis'],
  ['dom'],
  ['sim'],
  ['kill'],
  ['e2e'],
]);

/** Dozens of servers start in the tests; what Node compiled for the first serves the others (nodejs.org/api/module.html). */
const COMPILED_ONCE = { NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/node-compiled') };

/** @typedef {import('../vitest/tally-reporter.ts').Tally} Tally */

/**
 * @param {string} project name of a vitest project
 * @param {{env?: Record<string, string>, filters?: string[]}} [options] filters: paths, as vitest takes them
 * @returns {Promise<Tally>}
 */
export async function runLayer(project, options = {}) {
  if (project !== 'e2e' || hasDisplay() || options.filters?.length) return runVitest(project, options, []);
  const halves = ['--shard=1/2', '--shard=2/2'].map((half) => runVitest(project, options, [half]));
  const [first, second] = await Promise.all(halves);
  if (!first || !second) throw new Error('there are two halves');
  return addTallies(first, second);
}

/**
 * @param {string} project
 * @param {{env?: Record<string, string>, filters?: string[]}} options
 * @param {readonly string[]} flags further flags of vitest
 * @returns {Promise<Tally>}
 */
async function runVitest(project, options, flags) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'curlew-tally-'));
  const tallyFile = path.join(folder, 'tally.json');
  const args = [
    'run',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    './scripts/vitest/tally-reporter.ts',
  ];
  try {
    const code = await runInherited(
      process.execPath,
      [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args, ...flags, ...(options.filters ?? [])],
      { cwd: ROOT, env: { ...process.env, ...options.env, ...COMPILED_ONCE, CURLEW_TALLY_FILE: tallyFile } },
    );
    return existsSync(tallyFile)
      ? settled(JSON.parse(readFileSync(tallyFile, 'utf8')), code, project)
      : broken(project, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Tally} tally
 * @param {number} code vitest's exit code
 * @param {string} project
 * @returns {Tally} with a failure more when vitest saw one that the tally did not
 */
function settled(tally, code, project) {
  return code !== 0 && tally.failed === 0 ? addTallies(tally, broken(project, code)) : tally;
}

/**
 * @param {string} project
 * @param {number} code
 * @returns {Tally}
 */
function broken(project, code) {
  return { passed: 0, failed: 1, notRun: [], failures: [`layer ${project}: vitest ended with code ${code}`] };
}

/**
 * @param {Tally} first
 * @param {Tally} second
 * @returns {Tally}
 */
export function addTallies(first, second) {
  return {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed,
    notRun: [...first.notRun, ...second.notRun],
    failures: [...first.failures, ...second.failures],
  };
}

/**
 * Prints what failed, what did not run and why, and the one line that sums it up.
 *
 * @param {Tally} tally
 */
export function printTally(tally) {
  for (const failure of tally.failures) console.log(`FAILED ${failure}`);
  for (const { test, reason } of tally.notRun) console.log(`NOT RUN ${test}: ${reason}`);
  const skipped = tally.notRun.length === 0 ? '' : `, ${tally.notRun.length} skipped`;
  console.log(`${tally.passed} passed, ${tally.failed} failed${skipped}`);
}
