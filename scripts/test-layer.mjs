// `npm run test:kill` and `npm run test:sim`: one layer alone, at its full size. Further arguments are vitest's
// filters; CURLEW_SEED repeats a seed that a failure printed.

import { bootstrapApp, electronEnv } from './bootstrap/bootstrap.mjs';
import { ensureDesktopBuild } from './bootstrap/desktop-build.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { SetupError, runMain } from './bootstrap/progress.mjs';
import { LAYERS, printTally, runLayer } from './test/layers.mjs';

/** What makes a layer run at its full size instead of the one that fits into `npm test`. */
const FULL_SIZE = /** @type {Record<string, Record<string, string>>} */ ({
  kill: { CURLEW_KILL: 'full' },
  sim: { CURLEW_SIMULATION: 'full' },
});

await runMain(async () => {
  if (!(await ensureNode())) return;
  const [name, ...filters] = process.argv.slice(2);
  const layer = LAYERS.find((candidate) => candidate === name);
  if (layer === undefined) {
    throw new SetupError(`There is no test layer "${name ?? ''}".`, `one of: ${LAYERS.join(', ')}`);
  }
  const runtime = await bootstrapApp({ tests: true });
  await ensureDesktopBuild(runtime);
  const tally = await runLayer(layer, { env: { ...electronEnv(runtime), ...FULL_SIZE[layer] }, filters });
  printTally(tally);
  return tally.failed === 0 ? 0 : 1;
});
