/**
 * The process: reads the command line, runs one command, and stops cleanly. Stdout carries one JSON line per fact for
 * whoever started it (`listening`, `setup`, `stopped`); sentences for people go to stderr.
 */
import { runCommand } from './cli/run-command.ts';
import { ConfigError, readConfig, usage, type Config } from './config.ts';
import { createObserver, type Observer } from './observe.ts';
import { startServer } from './server.ts';

/** How long a stop may take before the process goes anyway; PostgreSQL recovers from that at the next start. */
const STOP_TIMEOUT_MS = 25_000;

const tell = (fact: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(fact)}\n`);
const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function serve(config: Config, observer: Observer): Promise<void> {
  // Registered before anything is started, so that a stop during a slow start is not lost.
  const stopAsked = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  const server = await startServer(config, observer);
  if (server.setupCode !== undefined) {
    tell({ event: 'setup', setupCode: server.setupCode });
    say(`\n  This server has no organization yet. Create its first account in Curlew with`);
    say(`    address      ${server.url}\n    set-up code  ${server.setupCode}\n`);
  }
  // Last, so that whoever waits for it has every other fact by then.
  tell({ event: 'listening', url: server.url });
  observer.log.info({ url: server.url }, 'listening');
  // A renewed certificate is also noticed by itself; a renewal script may say so at once.
  process.on('SIGHUP', () => void server.reloadCertificate());
  const signal = await stopAsked;
  observer.log.info({ signal }, 'stopping');
  const timeout = setTimeout(() => {
    observer.log.error('stopping took too long');
    process.exit(1);
  }, STOP_TIMEOUT_MS);
  await server.stop();
  clearTimeout(timeout);
  tell({ event: 'stopped' });
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  const config = readConfig(args, process.env);
  const observer = createObserver(config.logLevel);
  // A promise nobody waited for is a bug, but not one that may take everybody's connection away.
  process.on('unhandledRejection', (error) => observer.crashed('unhandledRejection', error));
  if (config.command.kind === 'serve') await serve(config, observer);
  else await runCommand(config, observer, { tell, say });
}

main().then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    say(error instanceof ConfigError ? error.message : `The server could not start: ${messageOf(error)}`);
    process.exit(1);
  },
);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
