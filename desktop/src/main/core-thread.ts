/** Runs the core in a worker thread of the main process, also from inside the packaged archive. */
import { Worker } from 'node:worker_threads';
import type { FromCore } from '../ipc/core-port.ts';
import type { CoreProcess, CoreProcessEvents } from './core-host.ts';
import type { ErrorFacts } from './error-facts.ts';
import { errorFacts } from './error-facts.ts';

/** What the thread says besides the core's own messages. */
export interface ThreadFacts {
  readonly type: 'threadFacts';
  /** Version of the SQLite library the core uses. */
  readonly sqlite: string;
}

/**
 * Starts the thread.
 * @param file the built `core-worker.js`
 * @param onFacts called once, right after the core started
 */
export function startCoreThread(
  file: string,
  events: CoreProcessEvents,
  onFacts: (facts: ThreadFacts) => void,
): CoreProcess {
  const worker = new Worker(file, { name: 'curlew-core' });
  let uncaught: ErrorFacts | null = null;
  worker.on('message', (message: FromCore | ThreadFacts) => {
    if (message.type === 'threadFacts') onFacts(message);
    else events.onMessage(message);
  });
  // An error nobody caught ends the thread; `exit` follows and is where it is reported.
  worker.on('error', (error) => {
    uncaught = errorFacts(error);
  });
  worker.on('exit', () => events.onExit(uncaught));
  return {
    post: (message) => worker.postMessage(message),
    terminate: async () => {
      await worker.terminate();
    },
  };
}
