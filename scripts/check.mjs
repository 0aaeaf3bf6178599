// `npm run check`: everything that judges the sources without running the product, in under a minute.

import { bootstrapSources } from './bootstrap/bootstrap.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runMain } from './bootstrap/progress.mjs';
import { runChecks } from './check/run-checks.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  await bootstrapSources();
  const startedMs = Date.now();
  const { passed, failed } = await runChecks({ unit: true });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  console.log(`${passed} checks passed, ${failed.length} failed in ${seconds} s`);
  return failed.length === 0 ? 0 : 1;
});
