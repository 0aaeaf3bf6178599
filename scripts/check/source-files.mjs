// Owns the list of this repository's own source files, and the two rules no tool checks: how long a file may be, and
// what may not stand in one.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../bootstrap/cache.mjs';

const MAX_LINES = 400;
const SOURCE = /\.(ts|tsx|mjs|cjs|css|sql|py)$/;
/** What a merged change never holds; each with why. */
const BANNED = [
  { pattern: /\b(it|test|describe)\.(only|todo)\(/, why: 'a focused or unfinished test' },
  { pattern: /@ts-(ignore|nocheck)/, why: 'a type error hidden without a reason' },
  { pattern: /(oxlint|eslint)-disable(?!.* -- )/, why: 'a lint suppression without ` -- reason`' },
];

/** @returns {string[]} tracked and new files, relative to the root */
export function sourceFiles() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return listed.filter((file) => SOURCE.test(file) && existsSync(path.join(ROOT, file)));
}

/** @returns {string[]} problems, one line each */
export function checkSourceFiles() {
  const problems = [];
  for (const file of sourceFiles()) {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const lines = text.split('\n').length - 1;
    if (lines > MAX_LINES && !/^\S* ?long-file: \S/.test(text)) {
      problems.push(`${file}: ${lines} lines; split it, or open it with \`// long-file: <reason>\``);
    }
    // This list itself names what it bans.
    if (path.join(ROOT, file) === import.meta.filename) continue;
    for (const { pattern, why } of BANNED) {
      const line = text.split('\n').findIndex((candidate) => pattern.test(candidate));
      if (line >= 0) problems.push(`${file}:${line + 1}: ${why}`);
    }
  }
  return problems;
}
