/** CPU time of processes, from Linux' /proc; 0 where there is none, so that figures of other systems lack it. */
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time so far, user and system together. */
export interface CpuTime {
  /** ms of the process itself, all its threads */
  readonly own: number;
  /** ms of `parent` and the processes it started, as PostgreSQL's backends are */
  readonly children: number;
}

/** Linux counts in hundredths of a second, whatever its kernel's own clock. */
const TICK_MS = 10;

/** CPU time of `pid`, and of `parent` with its children when one is named. */
export function cpuOf(pid: number, parent?: number): CpuTime {
  if (process.platform !== 'linux') return { own: 0, children: 0 };
  const own = statOf(pid)?.ms ?? 0;
  if (parent === undefined) return { own, children: 0 };
  let children = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat && (Number(name) === parent || stat.parent === parent)) children += stat.ms;
  }
  return { own, children };
}

function statOf(pid: number): { parent: number; ms: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets of its own.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return undefined; // it ended meanwhile
  }
}
