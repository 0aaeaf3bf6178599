// Owns the desktop's bundles in desktop/out: built again exactly when a source, a dependency or the build's own
// configuration changed.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { electronEnv } from './bootstrap.mjs';
import { ROOT } from './cache.mjs';
import { hashFiles, unlessStamped } from './dependencies.mjs';
import { capture } from './processes.mjs';
import { SetupError, step } from './progress.mjs';

const DESKTOP = path.join(ROOT, 'desktop');

/** @returns {string[]} absolute paths of everything the bundles are made of, sorted */
function bundleSources() {
  const files = ['package-lock.json', 'desktop/package.json', 'desktop/electron.vite.config.ts'];
  for (const folder of ['desktop/src', 'desktop/build', 'shared/src']) {
    for (const entry of readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || /\.test\.tsx?$/.test(entry.name)) continue;
      files.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)));
    }
  }
  return files.toSorted().map((file) => path.join(ROOT, file));
}

/**
 * Builds the bundles when they are missing or stale.
 *
 * @param {import('./electron.mjs').ElectronRuntime} runtime
 * @returns {Promise<void>}
 */
export async function ensureDesktopBuild(runtime) {
  const out = path.join(DESKTOP, 'out');
  const hash = hashFiles(bundleSources());
  await unlessStamped(path.join(out, '.source-hash'), hash, () =>
    step('Building the desktop app', async () => {
      const cli = path.join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
      const env = { ...process.env, ...electronEnv(runtime), NO_COLOR: '1' };
      const built = await capture(process.execPath, [cli, 'build'], { cwd: DESKTOP, env });
      if (built.code !== 0) {
        throw new SetupError('The desktop app could not be built.', 'the message below names the file', {
          cause: new Error(built.output.trim()),
        });
      }
    }),
  );
}
