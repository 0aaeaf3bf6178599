/**
 * Benchmark rows: what each figure is, its limit measured in the same run, and its budget. Owns the ids, the report
 * format and the table. A ratio compares two things of one run on one machine; absolute figures are goals only.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

/** Every row, in the order of the report. Those without a bench yet print NOT RUN with the reason. */
export const rowIds = [
  'compose-painted',
  'conversation-open',
  'cold-start',
  'search',
  'scroll',
  'catch-up',
  'loop-delay',
  'memory-soak',
  'deliver-p99',
  'durable-throughput',
  'large-group',
  'idle-connection-memory',
  'reconnect-unchanged',
  'history-growth',
] as const;

/** Id of a row; a suffix after a colon tells variants apart. */
export type RowId = (typeof rowIds)[number] | `${(typeof rowIds)[number]}:${string}`;

/** One figure. `ratio` = value / limit when a limit was measured; `met` = the budget holds. */
export interface BenchRow {
  readonly id: RowId;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number | null;
  readonly ratio: number | null;
  readonly budget: string;
  readonly met: boolean;
}

/** Makes a row. `holds` decides the budget from value and ratio. */
export function row(
  fields: Omit<BenchRow, 'ratio' | 'met'>,
  holds: (value: number, ratio: number) => boolean,
): BenchRow {
  const ratio = fields.limit === null ? null : fields.value / fields.limit;
  return { ...fields, ratio, met: holds(fields.value, ratio ?? Number.NaN) };
}

/** A row that was not run, and why. */
export interface NotRun {
  readonly id: string;
  readonly reason: string;
}

/** What the figures were measured on. */
export function machineFacts(): Record<string, string | number> {
  const cores = cpus();
  return {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  };
}

/** The value below which `share` (0..1) of the samples lie; nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** Writes `reports/bench.json` and prints the table. Returns how many budgets were missed. */
export function report(rows: readonly BenchRow[], notRun: readonly NotRun[], seed: number): number {
  const folder = resolve(import.meta.dirname, '../reports');
  mkdirSync(folder, { recursive: true });
  const body = { name: 'bench', at: new Date().toISOString(), machine: machineFacts(), seed, rows, notRun };
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(body, null, 2)}\n`);
  const show = (value: number | null): string =>
    value === null ? '-' : String(Number(value.toPrecision(4)));
  const table = rows.map(({ id, value, unit, limit, ratio, budget, met }) => ({
    id,
    value: `${show(value)} ${unit}`,
    limit: show(limit),
    ratio: show(ratio),
    budget,
    met: met ? 'yes' : 'NO',
  }));
  console.table(table);
  for (const { id, reason } of notRun) console.log(`NOT RUN ${id}: ${reason}`);
  return rows.filter((it) => !it.met).length;
}
