/**
 * One server per data directory. Two would stop each other's database, so the second refuses to start. The lock is a
 * file with the owner's process id; a lock whose owner is gone (kill −9, reboot) is taken over.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, startTicks } from './process-alive.ts';

/** Releases the lock; safe to call twice. */
export type ReleaseLock = () => Promise<void>;

/**
 * Takes the lock of a data directory, creating the directory.
 * @throws Error when another live server holds it
 */
export async function lockDataDir(dataDir: string): Promise<ReleaseLock> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'server.lock');
  const mine = `${process.pid} ${(await startTicks(process.pid)) ?? '-'}\n`;
  for (;;) {
    try {
      await writeFile(file, mine, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = await readFile(file, 'utf8').catch(() => '');
      if (await isHeld(owner)) {
        throw new Error(
          `Another Curlew server (process ${owner.split(' ')[0]}) uses ${dataDir}. Stop it, or choose another --data-dir.`,
          { cause: error },
        );
      }
      await rm(file, { force: true });
    }
  }
  return async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
  };
}

async function isHeld(owner: string): Promise<boolean> {
  const [pid, ticks] = owner.trim().split(' ');
  if (!pid || !isAlive(Number(pid))) return false;
  if (Number(pid) === process.pid) return ticks === (await startTicks(process.pid)) || ticks === '-';
  const now = await startTicks(Number(pid));
  return now === undefined || ticks === '-' || now === ticks;
}
