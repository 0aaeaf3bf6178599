/** The last resort of the main process: a bug that nobody caught is logged by name and place, never by its message. */
import { app } from 'electron';
import type { Log } from '../log-file.ts';

/** Installs the handlers. The app goes on: what a person wrote is safe in the core, which is a thread of its own. */
export function logCrashes(log: Log): void {
  const report = (event: string) => (cause: unknown) => {
    const error = cause instanceof Error ? cause : undefined;
    log('error', event, { error: error?.name ?? 'unknown', at: firstFrame(error?.stack) });
  };
  process.on('uncaughtException', report('main.uncaught'));
  process.on('unhandledRejection', report('main.unhandledRejection'));
  app.on('child-process-gone', (_event, { type, reason }) => log('warn', 'app.childGone', { type, reason }));
}

/** Place of the first stack frame, such as `index.js:12:5`; an error's message may quote anything and stays out. */
function firstFrame(stack: string | undefined): string | null {
  return /^\s+at .*?([\w.-]+:\d+:\d+)\)?$/m.exec(stack ?? '')?.[1] ?? null;
}
