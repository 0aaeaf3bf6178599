/**
 * The simulation as a test: many seeds, each a world of its own. `CURLEW_SEED=n` runs that one seed alone,
 * `CURLEW_SIMULATION=full` ten times as many. Figures go to `reports/simulation.json`.
 */
import { mkdirSync, mkdtempSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate, type SimResult } from './sim-world.ts';

const only = process.env['CURLEW_SEED'];
const seeds = process.env['CURLEW_SIMULATION'] === 'full' ? 3_000 : 300;
/** Seeds that also restore the server from a backup. */
const RESTORE_EVERY = 10;
/** Seeds that are run twice and must leave the same trace. */
const REPEAT_EVERY = 100;

// Memory if there is some: fsync is what the files are tested for elsewhere, here it would only cost time.
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let dir = '';
const figures = { seeds: 0, steps: 0, violations: 0, composed: 0, committed: 0 };

beforeAll(() => {
  dir = mkdtempSync(join(base, 'curlew-sim-'));
});

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
  const folder = resolve(import.meta.dirname, '../../../../../reports');
  mkdirSync(folder, { recursive: true });
  const report = {
    name: 'simulation',
    at: new Date().toISOString(),
    machine: process.platform,
    figures,
    failed: figures.violations,
    notRun: [],
  };
  writeFileSync(join(folder, 'simulation.json'), `${JSON.stringify(report, null, 2)}\n`);
});

async function runSeed(seed: number): Promise<SimResult> {
  const seedDir = mkdtempSync(join(dir, `${seed}-`));
  try {
    return await simulate({ seed, dir: seedDir, restores: seed % RESTORE_EVERY === 0 });
  } finally {
    rmSync(seedDir, { recursive: true, force: true });
  }
}

describe('simulation', () => {
  // oxlint-disable-next-line vitest/valid-title -- a replay names its one seed
  it(only === undefined ? `safety and liveness over ${seeds} seeds` : `seed ${only}`, async () => {
    const wanted = only === undefined ? Array.from({ length: seeds }, (_, at) => at + 1) : [Number(only)];
    const failures: string[] = [];
    for (const seed of wanted) {
      figures.seeds += 1;
      try {
        const result = await runSeed(seed);
        figures.steps += result.steps;
        figures.composed += result.composed;
        figures.committed += result.committed;
      } catch (cause) {
        figures.violations += 1;
        failures.push(cause instanceof Error ? cause.message : String(cause));
        // A handful says enough; the rest of the seeds would only repeat it.
        if (failures.length === 5) break;
      }
    }
    expect(failures).toEqual([]);
    // A world in which nobody writes proves nothing.
    expect(figures.committed).toBeGreaterThan(wanted.length);
  });

  it('the same seed leaves the same trace', async () => {
    if (only !== undefined) return;
    for (let seed = REPEAT_EVERY; seed <= seeds; seed += REPEAT_EVERY) {
      const [first, second] = [await runSeed(seed), await runSeed(seed)];
      expect(second.traceHash).toBe(first.traceHash);
    }
  });
});
