/** `npm run server -- backup FILE`: all tables of one moment; the server may be running. */
import type { Config } from '../config.ts';
import { backup } from '../infra/backup.ts';
import type { Observer } from '../observe.ts';
import { openSharedSource } from '../storage.ts';
import type { Output } from './output.ts';

/** Writes the backup and tells what is in it. */
export async function runBackup(
  config: Config,
  observer: Observer,
  file: string,
  output: Output,
): Promise<void> {
  const { source, release } = await openSharedSource(config, observer);
  try {
    const report = await backup(source, file);
    output.say(
      `Wrote ${report.rows} rows to ${file}. It holds messages and password hashes: keep it where only you can read it.`,
    );
    output.tell({ event: 'backup', file, ...report });
  } finally {
    await release();
  }
}
