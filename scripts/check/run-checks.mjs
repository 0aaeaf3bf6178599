// Owns the list of checks and running them side by side: all of them also when one fails, one line each.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../bootstrap/cache.mjs';
import { capture } from '../bootstrap/processes.mjs';

/** Checks that run side by side; more only make each other wait on two cores. */
const LANES = 2;

/**
 * @typedef {{name: string, run: () => Promise<string[]>}} Check run resolves to the problems, none when it passes
 */

/**
 * @param {string} name
 * @param {string} file the tool's script, in node_modules
 * @param {string[]} args
 * @returns {Check}
 */
function tool(name, file, args) {
  return {
    name,
    run: async () => {
      const script = path.join(ROOT, 'node_modules', file);
      const { code, output } = await capture(process.execPath, [script, ...args], { cwd: ROOT });
      return code === 0 ? [] : [output.trim()];
    },
  };
}

/** @returns {Check[]} one per runtime, from the root tsconfig's list */
function typeChecks() {
  /** @type {{references: {path: string}[]}} */
  const { references } = JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'));
  return references.map((reference) =>
    tool(`types ${reference.path.slice(2)}`, 'typescript-native/bin/tsc', [
      '-p',
      reference.path,
      '--pretty',
      'false',
      // What did not change since the last run is not judged again; a clean clone has no such file.
      '--incremental',
      '--tsBuildInfoFile',
      path.join(ROOT, 'node_modules/.cache/tsc', `${reference.path.replaceAll(/\W+/g, '-')}.tsbuildinfo`),
    ]),
  );
}

/**
 * @param {{unit: boolean}} options
 * @returns {Promise<Check[]>}
 */
async function allChecks({ unit }) {
  // Loaded late: these use installed packages.
  const { checkBoundaries } = await import('./boundaries.mjs');
  const { checkChangelog } = await import('./changelog.mjs');
  const { checkSourceFiles } = await import('./source-files.mjs');
  // The longest first, so that no lane is left alone with one of them at the end.
  return [
    ...(unit
      ? [tool('unit tests', 'vitest/vitest.mjs', ['run', '--project', 'unit', '--reporter', 'dot'])]
      : []),
    tool('lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--quiet']),
    ...typeChecks(),
    { name: 'boundaries', run: checkBoundaries },
    tool('dead code', 'knip/bin/knip.js', ['--no-progress', '--cache']),
    tool('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '--cache', '.']),
    { name: 'source files', run: async () => checkSourceFiles() },
    { name: 'changelog', run: async () => checkChangelog() },
  ];
}

/**
 * @param {{unit: boolean}} options unit: also the unit tests
 * @returns {Promise<{passed: number, failed: string[]}>} failed: names of the checks
 */
export async function runChecks(options) {
  const waiting = await allChecks(options);
  const count = waiting.length;
  /** @type {string[]} */
  const failed = [];
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const startedMs = Date.now();
      const problems = await check.run();
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
      console.log(`${problems.length === 0 ? '✓' : '✗'} ${check.name} (${seconds} s)`);
      for (const problem of problems) console.log(problem.replace(/^/gm, '    '));
      if (problems.length > 0) failed.push(check.name);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { passed: count - failed.length, failed };
}
