/**
 * The worker thread's entry: gives the core its clock, timers and randomness, and connects it to main. Owns nothing;
 * an error nobody caught ends the thread, and main starts it again.
 */
import { parentPort } from 'node:worker_threads';
import { must } from '@curlew/shared/lib/result.ts';
import Database from 'better-sqlite3';
import { createCore } from '../core/create-core.ts';
import { nodeClock, nodeRandom, nodeTimers } from '../core/node-ports.ts';
import type { FromCore, ToCore } from '../ipc/core-port.ts';
import type { ThreadFacts } from './core-thread.ts';

const port = must(parentPort, 'this file runs as a worker thread');
const post = (message: FromCore | ThreadFacts): void => port.postMessage(message);
const core = createCore({ clock: nodeClock, timers: nodeTimers, random: nodeRandom, post });

port.on('message', (message: ToCore) => {
  core.receive(message);
  if (message.type === 'start') post({ type: 'threadFacts', sqlite: sqliteVersion() });
});

function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
