// Prints the folder of the Electron runtime that runs the app here, preparing it first when it is missing.

import { bootstrapApp } from './bootstrap/bootstrap.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runMain } from './bootstrap/progress.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  const runtime = await bootstrapApp();
  process.stdout.write(`${runtime.dist}\n`);
});
