/**
 * The timeline's window: which messages and holes stand in it, pure. Owns the choice around a position and the rule
 * that nothing outside coverage looks contiguous (I10): what the cache lacks between, before or after the shown
 * messages becomes a hole.
 */
import { missingFrom, type Interval, type IntervalSet } from '@curlew/shared/lib/intervals.ts';

/** Items on both sides of a position, oldest first, one more than fits where there are more. */
export interface Candidates<Older, Newer> {
  readonly older: readonly Older[];
  readonly newer: readonly Newer[];
  readonly limit: number;
  /** How many of `limit` are for the older side when both sides have enough. */
  readonly olderShare: number;
}

/** What of the candidates is shown, and the neighbours just outside. */
export interface Chosen<Older, Newer> {
  readonly older: readonly Older[];
  readonly newer: readonly Newer[];
  readonly olderNeighbour: Older | undefined;
  readonly newerNeighbour: Newer | undefined;
}

/** Fills the window from both sides; what one side lacks the other may use. */
export function chooseAround<Older, Newer>(candidates: Candidates<Older, Newer>): Chosen<Older, Newer> {
  const { older, newer, limit, olderShare } = candidates;
  const newerCount = Math.min(newer.length, Math.max(limit - olderShare, limit - older.length));
  const olderCount = Math.min(older.length, limit - newerCount);
  const firstOlder = older.length - olderCount;
  return {
    older: older.slice(firstOlder),
    newer: newer.slice(0, newerCount),
    olderNeighbour: older[firstOlder - 1],
    newerNeighbour: newer[newerCount],
  };
}

/** Where a window lies in the log. */
export interface WindowRange {
  readonly coverage: IntervalSet;
  readonly tail: number;
  /** Events up to here are gone from the server: nothing to fetch. */
  readonly floorSeq: number;
  /** Positions of the messages just outside; undefined where there is none on this device. */
  readonly olderSeq: number | undefined;
  readonly newerSeq: number | undefined;
}

/** The holes of a window, ascending. */
export function holesOf({ coverage, tail, floorSeq, olderSeq, newerSeq }: WindowRange): readonly Interval[] {
  return missingFrom(coverage, { lo: (olderSeq ?? floorSeq) + 1, hi: (newerSeq ?? tail + 1) - 1 });
}
