// Owns the form of a report: a JSON file in reports/ with who measured, when and on what, beside its figures.

import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../bootstrap/cache.mjs';

/** @returns {Record<string, string | number>} what a figure depends on */
function machineFacts() {
  const cores = os.cpus();
  return {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/**
 * Writes `reports/<name>.json`.
 *
 * @param {string} name
 * @param {{figures: Record<string, unknown>, failed: number, notRun: readonly unknown[]}} content
 */
export function writeReport(name, content) {
  const folder = path.join(ROOT, 'reports');
  mkdirSync(folder, { recursive: true });
  const report = { name, at: new Date().toISOString(), machine: machineFacts(), ...content };
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
