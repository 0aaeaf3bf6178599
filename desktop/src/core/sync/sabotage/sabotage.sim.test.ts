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
}

/** What vitest's JSON report says of a file. */
interface FileReport {
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

/**
 * Runs suites of a copy.
 *
 * @returns by suite, how many of its tests passed and failed; of one that could not be loaded, none did
 */
async function runSuites(
  copy: string,
  suites: readonly string[],
  { onlyTests, bail }: { readonly onlyTests?: readonly string[]; readonly bail?: number },
): Promise<ReadonlyMap<string, Outcome>> {
  const projects = new Set(suites.map((suite) => /\.(db|pg|sim)\.test\.ts$/u.exec(suite)?.[1] ?? 'unit'));
  const report = join(copy, 'report.json');
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    copy,
    ...[...projects].flatMap((project) => ['--project', project]),
    '--reporter=json',
    `--outputFile=${report}`,
    `--bail=${bail ?? 0}`,
    ...(onlyTests ? ['-t', onlyTests.join('|')] : []),
    ...suites,
  ];
  const env = { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined };
  // Red is an outcome here, not an error; what counts stands in the report.
  const output = await run(process.execPath, args, { cwd: copy, env }).catch(String);
  if (!existsSync(report)) throw new Error(`vitest wrote no report: ${JSON.stringify(output).slice(-2_000)}`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: readonly FileReport[];
  };
  rmSync(report);
  const count = (suite: string, status: string): number =>
    testResults
      .filter(({ name }) => name.endsWith(suite))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter((result) => result.status === status).length;
  return new Map(
    suites.map((suite) => [suite, { passed: count(suite, 'passed'), failed: count(suite, 'failed') }]),
  );
}

describe('planted bugs', () => {
  it('the named suites are green on an untouched copy', async () => {
    const copy = copySources('untouched');
    const [whole, parts] = [true, false].map((isWhole) => {
      const chosen = plants.filter(({ onlyTest }) => (onlyTest === undefined) === isWhole);
      return [...new Set(chosen.map(({ suite }) => suite))];
    });
    const onlyTests = plants.flatMap(({ onlyTest }) => onlyTest ?? []);
    const outcomes = [
      ...(await runSuites(copy, whole ?? [], {})),
      ...(await runSuites(copy, parts ?? [], { onlyTests })),
    ];
    for (const [suite, { passed, failed }] of outcomes) {
      expect({ suite, failed, ran: passed > 0 }).toEqual({ suite, failed: 0, ran: true });
    }
  });

  it.each(plants)('$name is caught by $suite', async (plant) => {
    const copy = copySources(plant.name.replace('.patch', ''));
    // Git must take the copy for what it is, not for a part of the repository around it.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: copies };
    await run('git', ['apply', '-p1', join(import.meta.dirname, plant.name)], { cwd: copy, env });
    const { suite, onlyTest } = plant;
    const outcome = await runSuites(copy, [suite], { bail: 1, ...(onlyTest && { onlyTests: [onlyTest] }) });
    rmSync(copy, { recursive: true, force: true });
    // A suite that could not be loaded has no red tests: red is about the bug.
    expect(outcome.get(suite)?.failed).toBeGreaterThan(0);
  });
});
