// `npm test`: set-up, then `npm run check` and every test layer, from a bare clone. Ends with one line
// `N passed, N failed` over all of them and writes reports/tests.json.

import { bootstrapApp, electronEnv } from './bootstrap/bootstrap.mjs';
import { ensureDesktopBuild } from './bootstrap/desktop-build.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runMain, say } from './bootstrap/progress.mjs';
import { runChecks } from './check/run-checks.mjs';
import { ROWS, addTallies, printTally, runLayer } from './test/layers.mjs';
import { writeReport } from './test/report.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  const runtime = await bootstrapApp({ tests: true });
  const checks = await runChecks({ unit: false });
  /** @type {import('./test/layers.mjs').Tally} */
  let tally = {
    passed: checks.passed,
    failed: checks.failed.length,
    notRun: [],
    failures: checks.failed.map((name) => `check ${name}`),
  };
  await ensureDesktopBuild(runtime);
  for (const row of ROWS) {
    say(`\n── ${row.join(' and ')} tests`);
    const results = await Promise.all(
      row.map(async (layer) => {
        const startedMs = Date.now();
        const result = await runLayer(layer, { env: electronEnv(runtime) });
        say(`── ${layer}: ${result.passed} passed, ${result.failed} failed in ${seconds(startedMs)} s`);
        return result;
      }),
    );
    for (const result of results) tally = addTallies(tally, result);
  }
  const { passed, failed, notRun } = tally;
  writeReport('tests', { figures: { passed, failed, notRun: notRun.length }, failed, notRun });
  printTally(tally);
  return failed === 0 ? 0 : 1;
});

/** @param {number} startedMs */
function seconds(startedMs) {
  return ((Date.now() - startedMs) / 1000).toFixed(0);
}
