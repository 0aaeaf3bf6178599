// `npm run dist`: installers through electron-builder. `--dir` packages the app as a folder instead and prints its
// executable; that is also all the fallback runtime is good for, since nothing built from it may be published.

import { bootstrapApp } from './bootstrap/bootstrap.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { buildInstallers, ensureUnpackedApp } from './bootstrap/package-build.mjs';
import { runMain, say } from './bootstrap/progress.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  const runtime = await bootstrapApp();
  if (!process.argv.includes('--dir') && !runtime.isFallback) {
    for (const file of await buildInstallers(runtime)) console.log(file);
    return;
  }
  if (runtime.isFallback) {
    say(
      'Electron could not be downloaded here: this packages the app on the fallback runtime, for tests only.',
    );
  }
  console.log(await ensureUnpackedApp(runtime));
});
