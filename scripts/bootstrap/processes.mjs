// Owns how scripts start other programs: run to the end, or keep running and be stopped with everything they
// started. A program that is kept runs in a process group of its own, so that stopping it reaches its children.

import { spawn } from 'node:child_process';

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; 128 + signal number is not used, a signal counts as 1
 * @property {string} output stdout and stderr in the order they came
 */

/**
 * Runs a program to its end and keeps what it printed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number}} [options]
 * @returns {Promise<Outcome>} code 127 when the program does not exist
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.once('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs a program to its end with this terminal as its own. Signals sent to this process are passed on, so the
 * program decides how to stop and this process ends after it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions}} [options]
 * @returns {Promise<number>} its exit code
 */
export function runInherited(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: process.env, stdio: 'inherit', ...options });
    // A terminal's Ctrl-C reaches the child by itself; this handler only keeps this process alive until then.
    const ignore = () => {};
    const terminate = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', terminate);
    const settle = () => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', terminate);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      if (signal !== null) process.stderr.write(`${command} was ended by ${signal}\n`);
      resolve(code ?? 1);
    });
  });
}

/**
 * Stops a program started with `detached: true` and everything in its group: asks first, kills after the grace.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {{signal?: NodeJS.Signals, graceMs?: number}} [options]
 * @returns {Promise<void>}
 */
export async function stopGroup(child, options = {}) {
  const { pid } = child;
  if (pid === undefined) return;
  const exited = new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
    else child.once('exit', resolve);
  });
  signalGroup(pid, options.signal ?? 'SIGTERM');
  let timer;
  const grace = new Promise((resolve) => (timer = setTimeout(resolve, options.graceMs ?? 8000)));
  await Promise.race([exited, grace]);
  clearTimeout(timer);
  // Also after a clean exit: helpers it left behind (a crashed window's GPU process) share its group.
  signalGroup(pid, 'SIGKILL');
}

/**
 * @param {number} groupId
 * @param {NodeJS.Signals} signal
 */
function signalGroup(groupId, signal) {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    // ESRCH: the group is already gone, which is what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
