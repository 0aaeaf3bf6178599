/** `npm run server -- restore FILE`: loads a backup into an empty database. The server must not be running. */
import type { Config } from '../config.ts';
import { restore } from '../infra/backup.ts';
import type { Observer } from '../observe.ts';
import { openSource } from '../storage.ts';
import type { Output } from './output.ts';

/** Restores and tells what came back. */
export async function runRestore(
  config: Config,
  observer: Observer,
  file: string,
  output: Output,
): Promise<void> {
  const { source, release } = await openSource(config, observer);
  try {
    const report = await restore(source, file);
    output.say(
      `Restored ${report.rows} rows of ${report.createdAt}. Start the server; every app compares what it holds by itself.`,
    );
    output.tell({ event: 'restore', file, ...report });
  } finally {
    await release();
  }
}
