/**
 * Writes `out/THIRD-PARTY-NOTICES.txt` with every build of the bundles, so that the file is never of another build than
 * what it goes with. The three bundles are built one after another by one process; the last one writes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { noticesText, packageOf, productionPackages } from './third-party-notices.ts';

/** Makes the plugin of each bundle. */
export function thirdPartyNotices(projectDir: string): (isLast: boolean) => Plugin {
  // What is packaged as it stands, bundled or not.
  const folders = new Set(productionPackages(projectDir));
  return (isLast) => ({
    name: 'curlew-third-party-notices',
    apply: 'build',
    generateBundle() {
      for (const moduleId of this.getModuleIds()) {
        const folder = packageOf(moduleId);
        if (folder !== undefined) folders.add(folder);
      }
      if (!isLast) return;
      const out = path.join(projectDir, 'out');
      mkdirSync(out, { recursive: true });
      writeFileSync(path.join(out, 'THIRD-PARTY-NOTICES.txt'), noticesText(folders));
    },
  });
}
