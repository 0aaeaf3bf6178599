/**
 * What the oracle answers to reads: heads, pull, window, history, state, receipts, verify. Pure functions of one log as
 * one person may read it, so that the oracle itself holds nothing but what was written.
 */
import type { UnreadCount } from '@curlew/shared/domain/unread.test-support.ts';
import { markOf, unreadOf } from './oracle-marks.ts';
import { conversationAt, messagesOf, type OracleMessage } from './oracle-fold.ts';
import { membersOf, readableBy, targetSeqOf, type Readable } from './oracle-members.ts';
import { OracleError, type Json, type OracleEvent, type OracleLog } from './oracle-types.ts';

const EMPTY_CHAIN = '0'.repeat(16);

/** A server may answer less than it was asked for; short pages make many of them race with what is new. */
const PAGE_MESSAGES = 4;

/** Chain of a log at a position. */
export function chainAt(log: OracleLog, seq: number): string {
  return seq === 0 ? EMPTY_CHAIN : (log.events[seq - 1]?.chain ?? EMPTY_CHAIN);
}

/** Events after a position, or the hole that follows it. */
export function pull(
  readable: Readable,
  query: { after: number; limit: number; needSeq: number | undefined },
): Json {
  const { log, head, ranges } = readable;
  const { after, limit, needSeq } = query;
  if (needSeq !== undefined && needSeq > log.events.length) throw new OracleError('LAGGING');
  const answer = { events: [], head, chain: chainAt(log, head) };
  const range = ranges.find(({ hi }) => after < hi);
  if (!range) return answer;
  if (after + 1 < range.lo) {
    const hi = range.lo - 1;
    // What they hold of before may have been deleted meanwhile.
    const touched = [...messagesOf(log, hi, readable.sees).values()].filter(
      (row) => row.deletedAt !== null && row.revSeq > after,
    );
    return { ...answer, hole: { lo: after + 1, hi, chainBefore: chainAt(log, hi), touched } };
  }
  if (after < log.floorSeq) throw new OracleError('TRIMMED');
  const events = log.events.slice(after, Math.min(after + limit, range.hi));
  return { ...answer, events: events.map((event) => wireOf(readable, event)) };
}

/** The newest page, and what changed of the ranges held. */
export function window(
  readable: Readable,
  body: { tail: number; ranges: { lo: number; hi: number }[]; limit: number },
): Json {
  const { log, head: asOf, isMember } = readable;
  const page = pageBefore(readable, asOf, body.limit);
  const isHeld = (seq: number): boolean => body.ranges.some((range) => range.lo <= seq && seq <= range.hi);
  const isOlder = (row: OracleMessage): boolean => row.createSeq < page.covers.lo && isHeld(row.createSeq);
  const touched = rowsOf(readable).filter((row) => row.revSeq > body.tail && isOlder(row));
  return {
    ...page,
    chain: chainAt(log, asOf),
    conversation: conversationOf(readable),
    ...(isMember ? receipts(log) : { receiptVersion: 0, receipts: [] }),
    touched,
  };
}

/** The page before a position. */
export function history(readable: Readable, query: Record<string, number | string | undefined>): Json {
  if (Number(query['minAsOf'] ?? 0) > readable.head) throw new OracleError('LAGGING');
  const before = Number(query['before'] ?? readable.head + 1);
  return pageBefore(readable, before - 1, Math.min(PAGE_MESSAGES, Number(query['limit'])));
}

/** The newest messages up to a position, within one stay. */
function pageBefore(
  readable: Readable,
  upTo: number,
  limit: number,
): { messages: OracleMessage[]; covers: { lo: number; hi: number }; asOf: number } {
  const asOf = readable.head;
  const range = readable.ranges.findLast(({ lo }) => lo <= upTo);
  if (!range) return { messages: [], covers: { lo: 1, hi: 0 }, asOf };
  const hi = Math.min(upTo, range.hi);
  const all = rowsOf(readable).filter((row) => range.lo <= row.createSeq && row.createSeq <= hi);
  const messages = all.slice(-limit);
  const lo = messages.length < limit ? range.lo : (messages[0]?.createSeq ?? range.lo);
  return { messages, covers: { lo, hi }, asOf };
}

/** Everything a person may see, as it stands for them. */
function rowsOf({ log, sees }: Readable): OracleMessage[] {
  return [...messagesOf(log, log.events.length, sees).values()];
}

/** Live keys of an account or organisation log. */
export function state(log: OracleLog): Json {
  const entries = new Map<string, Json>();
  for (const { payload, seq } of log.events) {
    if (!payload || typeof payload['key'] !== 'string') continue;
    if (payload['value'] === null) entries.delete(payload['key']);
    else entries.set(payload['key'], { key: payload['key'], value: payload['value'], revSeq: seq });
  }
  const asOf = log.events.length;
  return { asOf, chain: chainAt(log, asOf), entries: [...entries.values()] };
}

/** Watermarks of all present members. */
export function receipts(log: OracleLog): Json {
  const receipts = membersOf(log).map((userId) => {
    const mark = markOf(log, userId);
    return { userId, deliveredSeq: mark.delivered, readSeq: mark.read };
  });
  return { receiptVersion: log.receiptVersion, receipts };
}

/** Whether positions are part of the logs. */
export function verify(
  userId: string,
  logs: ReadonlyMap<string, OracleLog>,
  positions: readonly { id: string; seq: number; chain: string }[],
): Json {
  return {
    logs: positions.map(({ id, seq, chain }) => {
      const readable = readableBy(logs.get(id), userId);
      const head = readable?.head ?? 0;
      const isSame = readable !== undefined && seq <= head && chainAt(readable.log, seq) === chain;
      return { id, same: isSame, head, commonAtMost: isSame ? seq : Math.min(head, Math.max(0, seq - 1)) };
    }),
  };
}

/** A log as heads show it to one person. */
export function headOf(readable: Readable, userId: string): Json {
  const { log, head, isMember } = readable;
  const mark = markOf(log, userId);
  const { unread, mentions, threads } = unreadFor(readable, userId);
  return {
    id: log.id,
    kind: log.kind,
    head,
    chain: chainAt(log, head),
    floorSeq: log.floorSeq,
    memberVersion: log.memberVersion,
    receiptVersion: log.receiptVersion,
    readSeq: mark.read,
    deliveredSeq: mark.delivered,
    unreadFromSeq: null,
    threads: threads.map(({ from, ...thread }) => ({ ...thread, readSeq: from })),
    unread,
    mentions,
    asOf: head,
    left: !isMember,
  };
}

/** What of a conversation is unread: in the timeline and in the threads somebody follows. */
export function unreadFor(readable: Readable, userId: string): UnreadCount {
  return unreadOf(readable, rowsOf(readable), userId);
}

/** Settings and members: of now to members, of when they left to others. */
function conversationOf({ log, head }: Readable): Json {
  const { settings, ...conversation } = conversationAt(log.events, head) ?? {};
  return { ...settings, ...conversation };
}

/** An event as it is sent: without content to those who may not see the message it is about. */
export function wireOf(readable: Readable, { original: _original, ...event }: OracleEvent): Json {
  const { log, sees } = readable;
  return sees(targetSeqOf(log, { ...event, original: _original })) ? event : { ...event, payload: null };
}
