/**
 * Whether a process recorded in a file is still the same process. Owns the guard against reused process ids: a pid
 * alone says nothing after a reboot.
 */
import { readFile } from 'node:fs/promises';

/** Whether any process has this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process was started, as Linux counts it (ticks since boot); undefined elsewhere or when it is gone. */
export async function startTicks(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // Field 22; the second field may hold spaces and ends at the last parenthesis.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

/** The command line of a process; undefined where that cannot be read. */
export async function commandLine(pid: number): Promise<string | undefined> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined))?.replaceAll('\0', ' ');
}
