// `npm run check`: everything that judges the sources without running the product, in under a minute. Runs all of it
// also when something fails, and ends with one line a check. `--no-unit` leaves the unit tests to the caller.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bootstrapSources } from './bootstrap/bootstrap.mjs';
import { ROOT } from './bootstrap/cache.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { capture } from './bootstrap/processes.mjs';
import { runMain } from './bootstrap/progress.mjs';

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
    tool(`types ${reference.path.slice(2)}`, 'typescript/bin/tsc', [
      '-p',
      reference.path,
      '--pretty',
      'false',
    ]),
  );
}

/**
 * @param {{unit: boolean}} options
 * @returns {Promise<Check[]>}
 */
async function allChecks({ unit }) {
  // Loaded late: these use installed packages.
  const { checkBoundaries } = await import('./check/boundaries.mjs');
  const { checkChangelog } = await import('./check/changelog.mjs');
  const { checkSourceFiles } = await import('./check/source-files.mjs');
  return [
    tool('lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--quiet']),
    ...typeChecks(),
    { name: 'boundaries', run: checkBoundaries },
    tool('dead code', 'knip/bin/knip.js', [
      '--no-progress',
      '--cache',
      '--cache-location',
      'node_modules/.cache/knip',
    ]),
    tool('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '--cache', '.']),
    { name: 'source files', run: async () => checkSourceFiles() },
    { name: 'changelog', run: async () => checkChangelog() },
    ...(unit
      ? [tool('unit tests', 'vitest/vitest.mjs', ['run', '--project', 'unit', '--reporter', 'dot'])]
      : []),
  ];
}

await runMain(async () => {
  if (!(await ensureNode())) return;
  await bootstrapSources();
  const startedMs = Date.now();
  const waiting = await allChecks({ unit: !process.argv.includes('--no-unit') });
  const count = waiting.length;
  let failed = 0;
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const checkStartedMs = Date.now();
      const problems = await check.run();
      const seconds = ((Date.now() - checkStartedMs) / 1000).toFixed(1);
      console.log(`${problems.length === 0 ? '✓' : '✗'} ${check.name} (${seconds} s)`);
      for (const problem of problems) console.log(problem.replace(/^/gm, '    '));
      if (problems.length > 0) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(
    `${count - failed} checks passed, ${failed} failed in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`,
  );
  return failed === 0 ? 0 : 1;
});
