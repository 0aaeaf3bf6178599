/**
 * Interval algebra over sequence numbers. Owns coverage: which parts of a log a cache holds. A set is sorted,
 * its intervals are closed, disjoint and never adjacent, so that two equal sets are equal arrays.
 */

/** A closed range of sequence numbers, `lo <= hi`. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** A normalised set of intervals. */
export type IntervalSet = readonly Interval[];

/** Adds one interval to a set, joining what overlaps or touches. An empty interval (lo > hi) adds nothing. */
export function addInterval(set: IntervalSet, added: Interval): IntervalSet {
  if (added.lo > added.hi) return set;
  let { lo, hi } = added;
  const before: Interval[] = [];
  const after: Interval[] = [];
  for (const interval of set) {
    if (interval.hi < lo - 1) before.push(interval);
    else if (interval.lo > hi + 1) after.push(interval);
    else {
      lo = Math.min(lo, interval.lo);
      hi = Math.max(hi, interval.hi);
    }
  }
  return [...before, { lo, hi }, ...after];
}

/** Whether the set holds every number of `wanted`. An empty interval is always covered. */
export function covers(set: IntervalSet, wanted: Interval): boolean {
  if (wanted.lo > wanted.hi) return true;
  return set.some((interval) => interval.lo <= wanted.lo && wanted.hi <= interval.hi);
}

/** What of `range` the set does not hold, in order. */
export function missingFrom(set: IntervalSet, range: Interval): IntervalSet {
  const holes: Interval[] = [];
  let next = range.lo;
  for (const { lo, hi } of set) {
    if (hi < next) continue;
    if (lo > range.hi) break;
    if (lo > next) holes.push({ lo: next, hi: lo - 1 });
    next = hi + 1;
  }
  if (next <= range.hi) holes.push({ lo: next, hi: range.hi });
  return holes;
}

/** The interval of the set that holds `seq`, if any. */
export function intervalAt(set: IntervalSet, seq: number): Interval | undefined {
  return set.find(({ lo, hi }) => lo <= seq && seq <= hi);
}
