/** Writes figures into `reports/<name>.json`. Suites of both ends may share one report: others' figures are kept. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const folder = join(import.meta.dirname, '..', '..', '..', 'reports');
const reportSchema = z.looseObject({ figures: z.record(z.string(), z.unknown()).optional() });

/** Adds figures to a report. */
export function writeReport(name: string, figures: Readonly<Record<string, unknown>>, failed = 0): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  const known = reportSchema.parse(JSON.parse(readOr(file, '{}')));
  const report = {
    notRun: [],
    ...known,
    name,
    at: new Date().toISOString(),
    machine: { platform: os.platform(), cpus: os.cpus().length, node: process.version },
    figures: { ...known.figures, ...figures },
    failed,
  };
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(report, undefined, 2)}\n`);
  renameSync(`${file}.${process.pid}`, file);
}

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The first suite of a run finds no report.
    return fallback;
  }
}
