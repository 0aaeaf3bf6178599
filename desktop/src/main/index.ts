/** Entry of the main process. */
import path from 'node:path';
import { startApp } from './electron/app.ts';

// Paths are taken here, because this file is the one whose place in the output is known.
startApp({
  preloadFile: path.join(import.meta.dirname, '../preload/index.cjs'),
  rendererDir: path.join(import.meta.dirname, '../renderer'),
  coreWorkerFile: path.join(import.meta.dirname, 'core-worker.js'),
  spellingWorkerFile: path.join(import.meta.dirname, 'spelling-worker.js'),
});
