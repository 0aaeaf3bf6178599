/**
 * Unread arithmetic. Owns how the server's count, true as of one position, and what this device knows beyond it give
 * the number on the badge: exact where the cache covers the range, otherwise the server's count corrected by what is
 * covered (I19: equal to the server's at an equal position).
 */
import { covers, type IntervalSet } from '@curlew/shared/lib/intervals.ts';

/** What the count depends on. Positions are seqs of the conversation's log. */
export interface UnreadFacts {
  /** Contiguous up to here. */
  readonly tail: number;
  /** Up to here nothing exists any more. */
  readonly floorSeq: number;
  /** The server's count and the position it is true for. */
  readonly serverCount: number;
  readonly serverAsOf: number;
  /** Read position and mark as the server knows them. */
  readonly serverReadSeq: number;
  readonly serverUnreadFromSeq: number | null;
  /** Read position and mark as this device knows them, own unsent ones included. */
  readonly readSeq: number;
  readonly unreadFromSeq: number | null;
}

/** How the cache answers; both are asked only when the server's count does not settle it. */
export interface UnreadCache {
  coverage(): IntervalSet;
  /** Held messages of others, not deleted, with after < seq ≤ upTo. */
  count(after: number, upTo: number): number;
}

/** The last position that counts as read. */
export function readUpTo(readSeq: number, unreadFromSeq: number | null): number {
  return unreadFromSeq === null ? readSeq : Math.min(readSeq, unreadFromSeq - 1);
}

/** The number of unread messages. */
export function countUnread(facts: UnreadFacts, cache: UnreadCache): number {
  const { tail, serverCount, serverAsOf } = facts;
  const base = readUpTo(facts.readSeq, facts.unreadFromSeq);
  const serverBase = readUpTo(facts.serverReadSeq, facts.serverUnreadFromSeq);
  if (base >= Math.max(tail, serverAsOf)) return 0;
  if (serverCount === 0 && serverAsOf >= tail && base >= serverBase) return 0;
  if (serverAsOf <= tail && covers(cache.coverage(), { lo: Math.max(base, facts.floorSeq) + 1, hi: tail }))
    return cache.count(base, tail);
  const arrived = serverAsOf < tail ? cache.count(Math.max(serverAsOf, base), tail) : 0;
  const knownTo = Math.min(serverAsOf, tail);
  const readSince = base > serverBase ? cache.count(serverBase, Math.min(base, knownTo)) : 0;
  const markedSince = base < serverBase ? cache.count(base, Math.min(serverBase, knownTo)) : 0;
  return Math.max(0, serverCount + arrived - readSince + markedSince);
}
