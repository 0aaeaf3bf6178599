/**
 * Coverage arithmetic beyond `shared/lib/intervals.ts`: intersecting and subtracting. Owns the rule that a set
 * that is stored is normalised (sorted, disjoint, never adjacent).
 */
import { addInterval, missingFrom, type Interval, type IntervalSet } from '@curlew/shared/lib/intervals.ts';

/** What both sets hold. */
export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  return a.flatMap(({ lo, hi }) =>
    b.flatMap((other) => {
      const both = { lo: Math.max(lo, other.lo), hi: Math.min(hi, other.hi) };
      return both.lo <= both.hi ? [both] : [];
    }),
  );
}

/** What `a` holds and `b` does not. */
export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  return a.flatMap((interval) => missingFrom(b, interval));
}

/** Sorted, disjoint, non-adjacent form of any intervals. */
export function normalise(intervals: readonly Interval[]): IntervalSet {
  return intervals.reduce<IntervalSet>(addInterval, []);
}
