// Owns one running app of `npm start`: how it is launched on a runtime, where its output goes, and how it ends.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { electronArgs, electronEnv } from '../bootstrap/bootstrap.mjs';
import { ROOT } from '../bootstrap/cache.mjs';
import { say } from '../bootstrap/progress.mjs';
import { stopGroup } from '../bootstrap/processes.mjs';

/**
 * @typedef {object} AppLaunch
 * @property {import('../bootstrap/electron.mjs').ElectronRuntime} runtime
 * @property {string} serverUrl
 * @property {string | undefined} profile folder of its own; undefined: the person's
 * @property {Record<string, string>} env
 * @property {string} logFile
 */

/**
 * @param {AppLaunch} launch
 * @returns {{args: string[], env: Record<string, string>}} arguments (the app's folder first) and variables
 */
export function appCommand({ runtime, serverUrl, profile, env }) {
  return {
    args: [
      ...electronArgs(),
      path.join(ROOT, 'desktop'),
      `--server-url=${serverUrl}`,
      ...(profile === undefined ? [] : [`--user-data-dir=${profile}`]),
    ],
    env: { ...electronEnv(runtime), ...env },
  };
}

/**
 * Opens the app.
 *
 * @param {AppLaunch} launch
 * @returns {{exited: Promise<number>, stop: () => Promise<void>}}
 */
export function openApp(launch) {
  const { args, env } = appCommand(launch);
  mkdirSync(path.dirname(launch.logFile), { recursive: true });
  const log = openSync(launch.logFile, 'w');
  const child = spawn(launch.runtime.executable, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    // Chromium is talkative about what a machine lacks; a newcomer's terminal is no place for it.
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let isStopping = false;
  const exited = new Promise((resolve) => {
    child.once('error', (error) => {
      say(`The app could not be started: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      const isFailure = code !== 0 && !isStopping;
      if (isFailure) {
        say(
          `The app ended with ${signal ?? `code ${code}`}. Its last words (all of them: ${launch.logFile}):`,
        );
        say(readFileSync(launch.logFile, 'utf8').trim().split('\n').slice(-12).join('\n'));
      }
      resolve(isFailure ? 1 : 0);
    });
  });
  const stop = () => {
    isStopping = true;
    return stopGroup(child);
  };
  return { exited, stop };
}
