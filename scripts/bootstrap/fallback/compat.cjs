// Lives in the cached fallback runtime only, beside `node_modules` with the native modules built for it. Makes every
// load of those modules (require, static ESM import, worker threads) get the runtime's copy instead of the app's,
// whose binary this older Electron cannot load. The app itself knows nothing of it.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const workerThreads = require('node:worker_threads');

const compatModules = path.join(__dirname, 'node_modules') + path.sep;
const swappedNames = fs.readdirSync(compatModules);

const loadJs = Module._extensions['.js'];
Module._extensions['.js'] = function loadSwapped(module, filename) {
  const name = filename.startsWith(compatModules)
    ? undefined
    : swappedNames.find((candidate) => filename.includes(`/node_modules/${candidate}/`));
  if (name === undefined) loadJs(module, filename);
  else module.exports = require(compatModules + name);
};

// A worker starts with a loader of its own, so it needs this file first.
workerThreads.Worker = class Worker extends workerThreads.Worker {
  constructor(filename, options = {}) {
    super(filename, { ...options, execArgv: ['--require', __filename, ...(options.execArgv ?? [])] });
  }
};
Module.syncBuiltinESMExports();
