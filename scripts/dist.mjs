// `npm run dist`: installers through electron-builder. What it can build of them depends on the runtime: on the fallback
// a .deb and an archive, for tests, since nothing built from it may be published.
//
//   --dir              the app as a folder instead; prints its executable
//   --target NAME      only this one, such as deb; may stand several times
//   --version X.Y.Z    another version than package.json's
//   --output DIR       where to put it (desktop/dist)
//
// CURLEW_UPDATE_URL and CURLEW_UPDATE_KEY: where the app looks for updates, and whose signature it believes
// (docs/releasing.md). Without the key the app that is built never updates itself.

import { parseArgs } from 'node:util';
import { bootstrapApp } from './bootstrap/bootstrap.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { buildInstallers, ensureUnpackedApp } from './bootstrap/package-build.mjs';
import { runMain, say } from './bootstrap/progress.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  const { values } = parseArgs({
    options: {
      dir: { type: 'boolean', default: false },
      target: { type: 'string', multiple: true },
      version: { type: 'string' },
      output: { type: 'string' },
    },
  });
  const runtime = await bootstrapApp();
  if (runtime.isFallback) {
    say(
      'Electron could not be downloaded here: this packages the app on the fallback runtime, for tests only.',
    );
  }
  if (values.dir) {
    console.log(await ensureUnpackedApp(runtime));
    return;
  }
  const { target, version, output } = values;
  for (const file of await buildInstallers(runtime, { targets: target, version, output })) console.log(file);
});
