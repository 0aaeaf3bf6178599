// Owns the server that `npm start` runs beside the app: started, its first words read, and stopped with a drain.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../bootstrap/cache.mjs';
import { SetupError } from '../bootstrap/progress.mjs';
import { stopGroup } from '../bootstrap/processes.mjs';

/** The first start makes a database cluster; a slow disk takes its time. */
const START_TIMEOUT_MS = 120_000;

/**
 * @typedef {object} RunningServer
 * @property {string} url
 * @property {string | undefined} setupCode what the first owner enters; absent once there is one
 * @property {Promise<number>} exited
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string[]} args the server's own flags
 * @param {string} logFile gets everything it prints
 * @returns {Promise<RunningServer>}
 */
export async function startServer(args, logFile) {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, [path.join(ROOT, 'server/src/index.ts'), ...args], {
    cwd: ROOT,
    // What Node compiles at the first start serves the next: about a second (nodejs.org/api/module.html).
    env: { NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/node-compiled'), ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C must reach the windows first, so that their last writes still find a server.
    detached: true,
  });
  /** @type {string[]} */
  const tail = [];
  /** @type {string | undefined} */
  let setupCode;
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const stop = () => stopGroup(child, { graceMs: 20_000 });
  const url = await new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(startError(why, tail));
    const timer = setTimeout(
      () => fail(`it did not listen within ${START_TIMEOUT_MS / 1000} s`),
      START_TIMEOUT_MS,
    );
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with code ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        tail.push(line);
        if (tail.length > 12) tail.shift();
        const event = parseEvent(line);
        if (event?.event === 'setup') setupCode = event.setupCode;
        if (event?.event === 'listening' && event.url !== undefined) {
          clearTimeout(timer);
          resolve(event.url);
        }
      });
    }
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, setupCode, exited, stop };
}

/**
 * @param {string} why
 * @param {string[]} tail its last lines
 */
function startError(why, tail) {
  return new SetupError(`The server could not be started: ${why}.`, 'its own words stand below', {
    cause: new Error(`\n${tail.join('\n')}`),
  });
}

/**
 * @param {string} line
 * @returns {{event?: string, url?: string, setupCode?: string} | undefined}
 */
function parseEvent(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a log line that only looks like JSON
  }
}
