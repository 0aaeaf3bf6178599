// electron-builder's configuration where only the fallback runtime is at hand. The app in the package is the same;
// better-sqlite3 comes from the runtime's own copy, found because app.asar falls through to resources/node_modules.

import { rmSync } from 'node:fs';
import path from 'node:path';
import { FALLBACK_VERSION } from './bootstrap/electron.mjs';

const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
if (dist === undefined) throw new Error('ELECTRON_OVERRIDE_DIST_PATH names no runtime; run `npm run dist`');

// fpm cannot be downloaded either; Debian's own tool builds the .deb.
process.env['CUSTOM_FPM_PATH'] ??= path.join(import.meta.dirname, 'bootstrap/fallback/fpm-dpkg.mjs');

export default {
  extends: path.join(import.meta.dirname, '../electron-builder.yml'),
  electronDist: dist,
  electronVersion: FALLBACK_VERSION,
  // Quick rather than small.
  deb: { compression: 'zst' },
  // Added to the list of the configuration this one extends.
  files: ['!node_modules/better-sqlite3/**'],
  extraResources: [{ from: path.join(dist, '../compat/node_modules'), to: 'node_modules' }],
  afterPack: (/** @type {{appOutDir: string}} */ { appOutDir }) => {
    rmSync(path.join(appOutDir, 'resources/default_app.asar'), { force: true });
  },
};
