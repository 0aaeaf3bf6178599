import { expect, test } from 'vitest';
import { addTallies, LAYERS, ROWS } from './layers.mjs';

test('tallies add up, with every name and reason kept', () => {
  const first = { passed: 2, failed: 0, notRun: [{ test: 'a', reason: 'no Python here' }], failures: [] };
  const second = { passed: 1, failed: 1, notRun: [], failures: ['b'] };
  expect(addTallies(first, second)).toEqual({
    passed: 3,
    failed: 1,
    notRun: [{ test: 'a', reason: 'no Python here' }],
    failures: ['b'],
  });
});

test('every layer runs, once', () => {
  expect(ROWS.flat().toSorted()).toEqual([...LAYERS].toSorted());
});
