/** The last resort of the main process: a bug that nobody caught is logged by name and place, never by its message. */
import { app } from 'electron';
import { errorFacts } from '../error-facts.ts';
import type { Log } from '../log-file.ts';

/** Installs the handlers. The app goes on: what a person wrote is safe in the core, which is a thread of its own. */
export function logCrashes(log: Log): void {
  const report = (event: string) => (thrown: unknown) => log('error', event, { ...errorFacts(thrown) });
  process.on('uncaughtException', report('main.uncaught'));
  process.on('unhandledRejection', report('main.unhandledRejection'));
  app.on('child-process-gone', (_event, { type, reason }) => log('warn', 'app.childGone', { type, reason }));
}
