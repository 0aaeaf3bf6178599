// `npm run bench`: benchmarks against the unpacked packaged app and a real server. Further arguments are the bench's
// own. Figures go to reports/bench.json, each beside its limit of the same run. `npm run soak` is the same
// with `--soak`: one long use of the app instead, with figures in reports/soak.json.

import path from 'node:path';
import { bootstrapApp, electronEnv } from './bootstrap/bootstrap.mjs';
import { ROOT } from './bootstrap/cache.mjs';
import { ensureDisplay } from './bootstrap/display.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { ensureUnpackedApp } from './bootstrap/package-build.mjs';
import { runInherited } from './bootstrap/processes.mjs';
import { runMain } from './bootstrap/progress.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  const runtime = await bootstrapApp();
  const executable = await ensureUnpackedApp(runtime);
  const session = await ensureDisplay();
  try {
    const env = { ...process.env, ...electronEnv(runtime), ...session.env, CURLEW_PACKAGED_APP: executable };
    const program = process.argv.includes('--soak') ? 'bench/soak.ts' : 'bench/run.ts';
    return await runInherited(process.execPath, [path.join(ROOT, program), ...process.argv.slice(2)], {
      env,
    });
  } finally {
    await session.stop();
  }
});
