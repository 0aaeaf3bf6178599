// The fallback runtime's default app: what Electron's own does for `electron <app folder>`, `-r`, `-v` and `--abi`,
// plus loading compat.cjs first. The binary it starts from ships another product's app, which was removed.
// An ES module, because Electron holds `ready` back only until an ES module has finished: what an app must do before
// it is ready (register schemes) would come too late otherwise.

import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);

const preloads = [];
let appPath;
const argv = process.argv.slice(1);
for (let index = 0; index < argv.length; index += 1) {
  const argument = argv[index];
  if (argument === '-v' || argument === '--version') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (argument === '-a' || argument === '--abi') {
    console.log(process.versions.modules);
    process.exit(0);
  } else if (argument === '-r' || argument === '--require') {
    index += 1;
    preloads.push(argv[index]);
  } else if (!argument.startsWith('-')) {
    appPath = path.resolve(argument);
    break;
  }
}
if (appPath === undefined) {
  console.error('Usage: electron [options] <folder of the app>');
  process.exit(1);
}

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });

const compat = path.join(process.resourcesPath, '../../compat/compat.cjs');
require(compat);
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require=${compat}`.trim(); // utility processes

const manifestFile = path.join(appPath, 'package.json');
if (fs.existsSync(manifestFile)) {
  const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  app.name = manifest.productName ?? manifest.name;
  app.setDesktopName(manifest.desktopName ?? `${manifest.name}.desktop`);
  app.setAppPath(appPath);
}
for (const preload of preloads) require(path.resolve(preload));

try {
  await import(pathToFileURL(Module._resolveFilename(appPath, null, true)).href);
} catch (error) {
  console.error('The app could not be loaded:', error);
  process.exit(1);
}
