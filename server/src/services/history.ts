/**
 * History pages. A page is complete for `covers` and true as of `asOf`: the head is read before the rows, so a row may
 * be newer than `asOf` (applying its event again changes nothing) but never older.
 */
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { Interval } from '@curlew/shared/lib/intervals.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { HistoryAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import { findMessagePlace } from '../repositories/access-repository.ts';
import { findSeqAt, readMessagesAfter, readMessagesBefore } from '../repositories/message-repository.ts';
import { isVisible, openConversation, type ReadableLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { HistoryQuery, Outcome } from './service-types.ts';
import { asVisible } from './visible-messages.ts';

/** Answers `GET conversations/:id/messages`. */
export async function history(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
  query: HistoryQuery,
): Promise<Outcome<HistoryAnswer>> {
  const opened = await openConversation(pool, cache, userId, conversationId);
  if (!opened.ok) return opened;
  const readable = opened.value;
  if ((query.minAsOf ?? 0) > readable.head) return err(errorBody('LAGGING'));
  if (query.around === undefined && query.at === undefined) {
    return ok(await pageBefore(pool, readable, (query.before ?? readable.head + 1) - 1, query.limit));
  }
  const middle = await middleOf(pool, readable, query);
  if (middle === undefined) return err(errorBody('TARGET_MISSING'));
  return ok(await pageAround(pool, readable, middle, query.limit));
}

/** The newest `limit` messages up to a position, within one range of what the person may see. */
export async function pageBefore(
  pool: Pool,
  readable: ReadableLog,
  upTo: number,
  limit: number,
): Promise<HistoryAnswer> {
  const range = readable.ranges.findLast(({ lo }) => lo <= upTo);
  if (!range) return { messages: [], covers: { lo: 1, hi: 0 }, asOf: readable.head };
  const asked = { lo: range.lo, hi: Math.min(upTo, range.hi) };
  const rows = await readMessagesBefore(pool, readable.log.id, asked, limit);
  const covers = { lo: rows.length < limit ? asked.lo : (rows[0]?.createSeq ?? asked.lo), hi: asked.hi };
  return { messages: await asVisible(pool, readable, rows), covers, asOf: readable.head };
}

async function pageAround(
  pool: Pool,
  readable: ReadableLog,
  middle: number,
  limit: number,
): Promise<HistoryAnswer> {
  const range = rangeAt(readable, middle);
  if (!range) return { messages: [], covers: { lo: 1, hi: 0 }, asOf: readable.head };
  const id = readable.log.id;
  const newerLimit = Math.floor(limit / 2);
  const olderLimit = limit - newerLimit;
  const [older, newer] = await Promise.all([
    readMessagesBefore(pool, id, { lo: range.lo, hi: Math.min(middle, range.hi) }, olderLimit),
    newerLimit > 0 ? readMessagesAfter(pool, id, { lo: middle + 1, hi: range.hi }, newerLimit) : [],
  ]);
  const covers = {
    lo: older.length < olderLimit ? range.lo : (older[0]?.createSeq ?? range.lo),
    hi:
      newerLimit === 0
        ? Math.min(middle, range.hi)
        : newer.length < newerLimit
          ? range.hi
          : (newer.at(-1)?.createSeq ?? range.hi),
  };
  return { messages: await asVisible(pool, readable, [...older, ...newer]), covers, asOf: readable.head };
}

/** The position a page is asked around, if the person may see it. */
async function middleOf(pool: Pool, readable: ReadableLog, query: HistoryQuery): Promise<number | undefined> {
  if (query.around !== undefined) {
    const place = await findMessagePlace(pool, query.around);
    const isHere = place?.conversationId === readable.log.id && isVisible(readable, place.createSeq);
    return isHere ? place.createSeq : undefined;
  }
  const seq = await findSeqAt(pool, readable.log.id, readable.log.head, query.at ?? 0);
  return Math.min(Math.max(seq, readable.ranges[0]?.lo ?? 1), readable.head);
}

function rangeAt(readable: ReadableLog, seq: number): Interval | undefined {
  return readable.ranges.findLast(({ lo }) => lo <= seq);
}
