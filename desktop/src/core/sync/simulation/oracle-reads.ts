/**
 * What the oracle answers to reads: heads, pull, window, history, state, receipts, verify. Pure functions of one log, so
 * that the oracle itself holds nothing but what was written.
 */
import { foldAt, type OracleMessage } from './oracle-fold.ts';
import type { Json, OracleEvent, OracleLog } from './oracle-types.ts';

const EMPTY_CHAIN = '0'.repeat(16);

/** A server may answer less than it was asked for; short pages make many of them race with what is new. */
const PAGE_MESSAGES = 4;

/** Chain of a log at a position. */
export function chainAt(log: OracleLog, seq: number): string {
  return seq === 0 ? EMPTY_CHAIN : (log.events[seq - 1]?.chain ?? EMPTY_CHAIN);
}

/** Events after a position. */
export function pull(log: OracleLog, after: number, limit: number): Json {
  const events = log.events.slice(after, after + limit).map(wireOf);
  return { events, head: log.events.length, chain: chainAt(log, log.events.length) };
}

/** The newest page, and what changed of the ranges held. */
export function window(
  log: OracleLog,
  body: { tail: number; ranges: { lo: number; hi: number }[]; limit: number },
): Json {
  const asOf = log.events.length;
  const rows = [...foldAt(log.events, asOf).values()];
  const messages = rows.slice(-body.limit);
  const lo = rows.length <= body.limit ? 1 : (messages[0]?.createSeq ?? 1);
  const isHeld = (seq: number): boolean => body.ranges.some((range) => range.lo <= seq && seq <= range.hi);
  return {
    asOf,
    chain: chainAt(log, asOf),
    conversation: conversationOf(log),
    ...receipts(log),
    messages,
    covers: { lo, hi: asOf },
    touched: rows.filter((row) => row.revSeq > body.tail && row.createSeq < lo && isHeld(row.createSeq)),
  };
}

/** The page before a position. */
export function history(log: OracleLog, query: Record<string, number | string | undefined>): Json {
  const asOf = log.events.length;
  const before = Number(query['before'] ?? asOf + 1);
  const older = [...foldAt(log.events, asOf).values()].filter((row) => row.createSeq < before);
  const messages = older.slice(-Math.min(PAGE_MESSAGES, Number(query['limit'])));
  const isAll = messages.length === older.length;
  return { messages, covers: { lo: isAll ? 1 : (messages[0]?.createSeq ?? 1), hi: before - 1 }, asOf };
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

/** Watermarks of all members. */
export function receipts(log: OracleLog): Json {
  const receipts = [...log.members].map((userId) => {
    const mark = log.watermarks.get(userId) ?? { delivered: 0, read: 0 };
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
      const log = logs.get(id);
      const head = log?.members.has(userId) ? log.events.length : 0;
      const isSame = log !== undefined && seq <= head && chainAt(log, seq) === chain;
      return { id, same: isSame, head, commonAtMost: isSame ? seq : Math.min(head, Math.max(0, seq - 1)) };
    }),
  };
}

/** A log as heads show it to one person. */
export function headOf(log: OracleLog, userId: string): Json {
  const mark = log.watermarks.get(userId) ?? { delivered: 0, read: 0 };
  const head = log.events.length;
  const rows = log.kind === 'conversation' ? [...foldAt(log.events, head).values()] : [];
  const isUnread = (row: OracleMessage): boolean =>
    row.createSeq > mark.read && row.senderId !== userId && row.deletedAt === null;
  return {
    id: log.id,
    kind: log.kind,
    head,
    chain: chainAt(log, head),
    floorSeq: 0,
    memberVersion: log.kind === 'account' ? 0 : 1,
    receiptVersion: log.receiptVersion,
    readSeq: mark.read,
    deliveredSeq: mark.delivered,
    unreadFromSeq: null,
    unread: rows.filter(isUnread).length,
    mentions: 0,
    asOf: head,
    left: false,
  };
}

/** Settings and members. */
export function conversationOf(log: OracleLog): Json {
  const members = log.peers.map((userId) => ({ userId, role: 'member', joinedSeq: 1, leftSeq: null }));
  const { id, orgId, createdBy } = log;
  const createdAt = log.events[0]?.at ?? 0;
  return {
    id,
    orgId,
    kind: 'direct',
    protection: 'server',
    title: null,
    createdBy,
    createdAt,
    revSeq: 1,
    members,
  };
}

/** An event as it is sent. */
export function wireOf({ original: _original, ...event }: OracleEvent): Json {
  return event;
}
