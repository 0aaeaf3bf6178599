// Owns the form of CHANGELOG.md: an Unreleased section on top, and every entry one line with a tag.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../bootstrap/cache.mjs';

const ENTRY = /^- \[(Added|Fixed|Improved|Removed)\] \S.*\.$/;
const HEADING = /^## (Unreleased|\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\))$/;

/**
 * @param {string} text the changelog
 * @returns {string[]} problems, one line each
 */
export function findChangelogProblems(text) {
  const problems = [];
  const headings = text.split('\n').filter((line) => line.startsWith('## '));
  if (headings[0] !== '## Unreleased')
    problems.push('CHANGELOG.md: its first section must be "## Unreleased"');
  text.split('\n').forEach((line, index) => {
    const isWrong =
      (line.startsWith('- ') && !ENTRY.test(line)) || (line.startsWith('## ') && !HEADING.test(line));
    if (isWrong)
      problems.push(`CHANGELOG.md:${index + 1}: not "- [Added|Fixed|Improved|Removed] A sentence."`);
  });
  return problems;
}

/** @returns {string[]} problems, one line each */
export function checkChangelog() {
  return findChangelogProblems(readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8'));
}
