// `npm start`: the server on its embedded PostgreSQL and the desktop app, from a bare clone. `--demo` opens two
// windows of two people who are signed in; `--smoke` with it proves that a message moves between them and ends.
// `--port` and `--data-dir` are the server's. Ctrl-C, or closing the last window, stops everything.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrapApp } from './bootstrap/bootstrap.mjs';
import { cacheDir } from './bootstrap/cache.mjs';
import { ensureDesktopBuild } from './bootstrap/desktop-build.mjs';
import { ensureDisplay } from './bootstrap/display.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runMain, say } from './bootstrap/progress.mjs';
import { openApp } from './start/app-window.mjs';
import { makeDemo, readDemo } from './start/demo-people.mjs';
import { startServer } from './start/server-process.mjs';

/** What was started, stopped in reverse order whatever happens. */
const cleanups = /** @type {(() => Promise<void>)[]} */ ([]);

let isCleaningUp = false;

async function cleanUp() {
  isCleaningUp = true;
  for (let stop = cleanups.pop(); stop !== undefined; stop = cleanups.pop()) await stop();
}

/** Resolves when the person asks to stop: Ctrl-C, a closed terminal, or a supervisor. */
const stopAsked = new Promise((resolve) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => resolve(0));
});

/** @returns {string} where a demo lives unless `--data-dir` says otherwise; PostgreSQL's user must be able to enter */
function defaultDemoDir() {
  if (process.getuid?.() === 0) return '/var/lib/curlew-demo';
  return path.join(process.env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local/share'), 'curlew-demo');
}

/**
 * @param {{port: string | undefined, dataDir: string | undefined}} flags
 * @returns {Promise<number>}
 */
async function startOne({ port, dataDir }) {
  const { runtime, env } = await prepare();
  const logs = path.join(cacheDir(), 'logs');
  const server = await startServer(
    [
      ...(port === undefined ? [] : ['--port', port]),
      ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
    ],
    path.join(logs, 'server.log'),
  );
  cleanups.push(server.stop);
  say(`The server listens at ${server.url}`);
  if (server.setupCode !== undefined) {
    say(`Set-up code: ${server.setupCode} (the first account enters it and founds the organisation)`);
  }
  const logFile = path.join(logs, 'app.log');
  const app = openApp({ runtime, serverUrl: server.url, profile: undefined, env, logFile });
  cleanups.push(app.stop);
  say('Curlew is open. Ctrl-C, or closing its window, stops it and the server.');
  return Promise.race([app.exited, server.exited.then(reportServerEnd), stopAsked]);
}

/**
 * @param {{port: string | undefined, dataDir: string | undefined, isSmoke: boolean}} flags
 * @returns {Promise<number>}
 */
async function startDemo({ port, dataDir, isSmoke }) {
  const { runtime, env } = await prepare();
  const folder = path.resolve(dataDir ?? defaultDemoDir());
  mkdirSync(folder, { recursive: true });
  const kept = readDemo(folder);
  const server = await startServer(
    ['--port', port ?? String(kept?.port ?? 0), '--data-dir', path.join(folder, 'server')],
    path.join(folder, 'logs/server.log'),
  );
  cleanups.push(server.stop);
  const demo = kept ?? (await makeDemo(folder, server));
  const launches = demo.people.map((person) => {
    const profile = path.join(folder, person.name.toLowerCase());
    mkdirSync(profile, { recursive: true });
    // A demo is looked at with another question in mind than a first start.
    const preferences = path.join(profile, 'preferences.json');
    if (!existsSync(preferences)) writeFileSync(preferences, JSON.stringify({ tourSeen: true }));
    const signInFile = path.join(folder, `sign-in-${person.name.toLowerCase()}.json`);
    const signIn = { serverUrl: server.url, email: person.email, password: person.password };
    writeFileSync(signInFile, JSON.stringify(signIn), { mode: 0o600 });
    return {
      runtime,
      serverUrl: server.url,
      profile,
      env: { ...env, CURLEW_DEMO_SIGN_IN: signInFile },
      logFile: path.join(folder, `logs/${person.name.toLowerCase()}.log`),
    };
  });
  if (isSmoke) {
    // Loaded late: it needs installed packages, and only this flag needs it.
    const { proveConversation } = await import('./start/demo-smoke.mjs');
    return Promise.race([proveConversation(launches, demo.people, cleanups), stopAsked.then(() => 1)]);
  }
  const apps = launches.map((launch) => openApp(launch));
  cleanups.push(async () => void (await Promise.all(apps.map((app) => app.stop()))));
  say(
    `Two windows are open: ${demo.people.map(({ name }) => name).join(' and ')}, both signed in at ${server.url}.`,
  );
  say('Write in one and watch the other. Ctrl-C, or closing both, stops everything.');
  const allClosed = Promise.all(apps.map((app) => app.exited)).then((codes) => Math.max(...codes));
  return Promise.race([allClosed, server.exited.then(reportServerEnd), stopAsked]);
}

/** Runtime, bundles and display, in the order in which they need each other. */
async function prepare() {
  const runtime = await bootstrapApp();
  await ensureDesktopBuild(runtime);
  const session = await ensureDisplay();
  cleanups.push(session.stop);
  return { runtime, env: session.env };
}

/** @param {number} code */
function reportServerEnd(code) {
  if (!isCleaningUp) say(`The server ended by itself with code ${code}.`);
  return 1;
}

await runMain(async () => {
  if (!(await ensureNode())) return;
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      port: { type: 'string' },
      'data-dir': { type: 'string' },
    },
  });
  const flags = { port: values.port, dataDir: values['data-dir'] };
  try {
    return await (values.demo ? startDemo({ ...flags, isSmoke: values.smoke }) : startOne(flags));
  } finally {
    await cleanUp();
  }
});
