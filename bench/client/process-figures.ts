/**
 * What a running app costs: memory, open files and processor time of its whole process tree as the kernel counts them
 * (Linux), and the heap, nodes and listeners of its page as the browser counts them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';

/** Figures of one moment. */
export interface Figures {
  /** Memory of all processes, shared pages counted once among those that share them. */
  readonly pssMb: number;
  /** Memory that would be free if the app ended. */
  readonly privateMb: number;
  /** Private memory by kind of process. */
  readonly privateMbBy: Readonly<Record<string, number>>;
  readonly openFiles: number;
  /** The page's heap after it was collected. */
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** Reads the figures; collects the page's garbage first, so that only what is held counts. */
export async function readFigures(pid: number, page: CDPSession): Promise<Figures> {
  await page.send('HeapProfiler.collectGarbage');
  const { metrics } = await page.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((it) => it.name === name)?.value ?? Number.NaN;
  const privateMbBy: Record<string, number> = {};
  let [pssMb, privateMb, openFiles] = [0, 0, 0];
  for (const each of tree(pid)) {
    const memory = readFileSync(`/proc/${each}/smaps_rollup`, 'utf8');
    const own = megabytes(memory, 'Private_Clean') + megabytes(memory, 'Private_Dirty');
    const kind = kindOf(each);
    pssMb += megabytes(memory, 'Pss');
    privateMb += own;
    privateMbBy[kind] = (privateMbBy[kind] ?? 0) + own;
    openFiles += readdirSync(`/proc/${each}/fd`).length;
  }
  return {
    pssMb,
    privateMb,
    privateMbBy,
    openFiles,
    heapMb: metric('JSHeapUsedSize') / 1e6,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}

/** Processor time the tree uses in a while in which nobody does anything, in percent of one core. */
export async function idlePercent(pid: number, seconds: number): Promise<number> {
  const before = cpuTicks(pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const ticksPerSecond = 100;
  return ((cpuTicks(pid) - before) / ticksPerSecond / seconds) * 100;
}

function tree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => tree(Number(child)))];
}

function kindOf(pid: number): string {
  return /--type=([\w-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'main';
}

function megabytes(memory: string, field: string): number {
  return (Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(memory)?.[1] ?? 0) * 1024) / 1e6;
}

function cpuTicks(pid: number): number {
  return tree(pid).reduce((sum, each) => {
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th after it.
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }, 0);
}
