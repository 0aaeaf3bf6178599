/**
 * The checks are checked: each patch beside this file plants one bug in a copy of the sources, and the suite its head names
 * must turn red there. The same suites must be green on an untouched copy, or red would prove nothing.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cpSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../../..');
/** Ignored by git and by every test layer, and below the repository, so that packages resolve as they do outside. */
const workshop = join(root, 'out');
const copied = ['vitest.config.ts', 'package.json', 'tsconfig.base.json', 'desktop', 'server'];
const skipped = new Set(['node_modules', 'out', 'dist', 'renderer']);

const run = promisify(execFile);

interface Plant {
  readonly name: string;
  readonly suite: string;
  readonly onlyTest: string | undefined;
}

const plants: readonly Plant[] = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.patch'))
  .map((name) => {
    const head = readFileSync(join(import.meta.dirname, name), 'utf8');
    const suite = /^Must be caught by: (.+)$/mu.exec(head)?.[1];
    if (suite === undefined) throw new Error(`${name} names no suite`);
    return { name, suite, onlyTest: /^Only the test: (.+)$/mu.exec(head)?.[1] };
  });

let copies = '';

beforeAll(() => {
  mkdirSync(workshop, { recursive: true });
  copies = mkdtempSync(join(workshop, 'sabotage-'));
});

afterAll(() => {
  rmSync(copies, { recursive: true, force: true });
});

/** A copy of the sources. */
function copySources(name: string): string {
  const copy = join(copies, name);
  mkdirSync(copy);
  for (const part of copied) {
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      filter: (path) => !skipped.has(path.slice(path.lastIndexOf('/') + 1)),
    });
  }
  return copy;
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly isComplete: boolean;
}

/** Runs one suite of a copy. `isComplete`: it was loaded and its tests ran, so that a red one is about the bug. */
async function runSuite(copy: string, { suite, onlyTest }: Plant): Promise<Outcome> {
  const project = /\.(db|pg|sim)\.test\.ts$/u.exec(suite)?.[1] ?? 'unit';
  const report = join(copy, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const filters = onlyTest === undefined ? [suite] : [suite, '-t', onlyTest];
  const args = [
    vitest,
    'run',
    '--root',
    copy,
    '--project',
    project,
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const env = { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined };
  // Red is an outcome here, not an error; what counts stands in the report.
  const output = await run(process.execPath, [...args, ...filters], { cwd: copy, env }).catch(String);
  if (!existsSync(report)) throw new Error(`vitest wrote no report: ${JSON.stringify(output).slice(-2_000)}`);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  rmSync(report);
  return { passed: numPassedTests, failed: numFailedTests, isComplete: numPassedTests + numFailedTests > 0 };
}

describe('planted bugs', () => {
  it('the named suites are green on an untouched copy', async () => {
    const copy = copySources('untouched');
    const seen = new Set<string>();
    for (const plant of plants) {
      const key = `${plant.suite} ${plant.onlyTest ?? ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const outcome = await runSuite(copy, plant);
      expect({ suite: plant.suite, ...outcome }).toMatchObject({ failed: 0, isComplete: true });
    }
  });

  it.each(plants)('$name is caught by $suite', async (plant) => {
    const copy = copySources(plant.name.replace('.patch', ''));
    // Git must take the copy for what it is, not for a part of the repository around it.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: copies };
    await run('git', ['apply', '-p1', join(import.meta.dirname, plant.name)], { cwd: copy, env });
    const outcome = await runSuite(copy, plant);
    rmSync(copy, { recursive: true, force: true });
    expect(outcome.isComplete).toBe(true);
    expect(outcome.failed).toBeGreaterThan(0);
  });
});
