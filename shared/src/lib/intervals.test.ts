/** Interval sets against the plainest model there is: a set of numbers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addInterval,
  covers,
  intervalAt,
  missingFrom,
  type Interval,
  type IntervalSet,
} from './intervals.ts';

const interval = fc
  .tuple(fc.nat(60), fc.nat(12))
  .map(([lo, length]): Interval => ({ lo, hi: lo + length - 1 }));
const intervals = fc.array(interval, { maxLength: 20 });

const numbersOf = (set: IntervalSet): Set<number> => {
  const numbers = new Set<number>();
  for (const { lo, hi } of set) for (let n = lo; n <= hi; n += 1) numbers.add(n);
  return numbers;
};
const build = (added: readonly Interval[]): IntervalSet => added.reduce<IntervalSet>(addInterval, []);

test('holds exactly the numbers that were added', () => {
  fc.assert(
    fc.property(intervals, (added) => {
      expect(numbersOf(build(added))).toEqual(numbersOf(added));
    }),
  );
});

test('is normalised: sorted, disjoint, never adjacent, and independent of the order of adding', () => {
  fc.assert(
    fc.property(intervals, fc.infiniteStream(fc.nat()), (added, stream) => {
      const set = build(added);
      for (const [index, { lo, hi }] of set.entries()) {
        expect(lo).toBeLessThanOrEqual(hi);
        const next = set[index + 1];
        if (next) expect(next.lo).toBeGreaterThan(hi + 1);
      }
      const shuffled = [...added]
        .map((it) => ({ it, rank: stream.next().value ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ it }) => it);
      expect(build(shuffled)).toEqual(set);
    }),
  );
});

test('covers, missingFrom and intervalAt agree with the model', () => {
  fc.assert(
    fc.property(intervals, interval, (added, range) => {
      const set = build(added);
      const held = numbersOf(set);
      const wanted = [...numbersOf([range])];
      expect(covers(set, range)).toBe(wanted.every((n) => held.has(n)));
      expect([...numbersOf(missingFrom(set, range))]).toEqual(wanted.filter((n) => !held.has(n)));
      expect(intervalAt(set, range.lo) !== undefined).toBe(held.has(range.lo));
    }),
  );
});

test('filling what is missing covers the range', () => {
  fc.assert(
    fc.property(intervals, interval, (added, range) => {
      const set = build(added);
      expect(covers(missingFrom(set, range).reduce(addInterval, set), range)).toBe(true);
    }),
  );
});
