/**
 * A vitest reporter that counts one run for `npm test`: passed, failed, and each test that did not run with its reason.
 * Owns the tally file named by `CURLEW_TALLY_FILE`. Anything that could hide a failure counts as one: a file that did
 * not load, an error outside any test, and a test skipped without saying why.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What one vitest run amounts to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly notRun: readonly { readonly test: string; readonly reason: string }[];
  /** Names of what failed, for the summary. */
  readonly failures: readonly string[];
}

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['CURLEW_TALLY_FILE'];
    if (file === undefined) return;
    writeFileSync(file, JSON.stringify(tally(modules, unhandledErrors.length)));
  }
}

function tally(modules: readonly TestModule[], unhandledErrors: number): Tally {
  let passed = 0;
  const notRun: { test: string; reason: string }[] = [];
  const failures: string[] = [];
  for (const module of modules) {
    const file = path.relative(process.cwd(), module.moduleId);
    if (module.errors().length > 0) failures.push(`${file}: could not be loaded`);
    for (const test of module.children.allTests()) {
      const name = `${file}: ${test.fullName}`;
      const outcome = outcomeOf(test);
      if (outcome === 'passed') passed += 1;
      else if (outcome === 'failed') failures.push(name);
      else notRun.push({ test: name, reason: outcome.reason });
    }
  }
  for (let index = 0; index < unhandledErrors; index += 1) failures.push('an error outside any test');
  return { passed, failed: failures.length, notRun, failures };
}

function outcomeOf(test: TestCase): 'passed' | 'failed' | { reason: string } {
  const result = test.result();
  if (result.state === 'passed') return 'passed';
  if (result.state !== 'skipped') return 'failed';
  // A suite's beforeAll that failed leaves its tests skipped; they did not pass, and nobody gave a reason.
  return result.note === undefined || result.note === '' ? 'failed' : { reason: result.note };
}
