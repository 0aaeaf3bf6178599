// `npm run server`: the server alone. Every argument is the server's own (`--port`, `--data-dir`, `backup` …).

import path from 'node:path';
import { bootstrapSources } from './bootstrap/bootstrap.mjs';
import { ROOT } from './bootstrap/cache.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runInherited } from './bootstrap/processes.mjs';
import { runMain } from './bootstrap/progress.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  await bootstrapSources();
  return runInherited(process.execPath, [path.join(ROOT, 'server/src/index.ts'), ...process.argv.slice(2)]);
});
