import { expect, test } from 'vitest';
import { findChangelogProblems } from './changelog.mjs';

test('tagged sentences under Unreleased and dated versions pass', () => {
  const text =
    '# Changelog\n\n## Unreleased\n\n- [Added] A thing.\n\n## 0.1.0 (2026-11-21)\n\n- [Fixed] Another.\n';
  expect(findChangelogProblems(text)).toEqual([]);
});

test.each([
  ['no Unreleased section', '## 0.1.0 (2026-11-21)\n'],
  ['an entry without tag', '## Unreleased\n- A thing.\n'],
  ['an unknown tag', '## Unreleased\n- [Changed] A thing.\n'],
  ['an entry that is no sentence', '## Unreleased\n- [Added] a thing\n'],
  ['a version without date', '## Unreleased\n\n## 0.1.0\n'],
])('%s is found', (_what, text) => {
  expect(findChangelogProblems(text)).toHaveLength(1);
});
