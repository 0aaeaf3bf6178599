/**
 * The fold of events equals what a fresh fetch of the same log has, however the events came: one by one as they were
 * written, later and scrubbed, in pieces that overlap, and beside pages of the present. `CURLEW_HISTORIES=100000` runs
 * as many; `CURLEW_SEED` repeats one.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { seededPick } from '../lib/seeded.test-support.ts';
import { eventTypes, readEvent, type Envelope, type LogKind } from './event.ts';
import { randomHistory, readAt, type Pick } from './history.test-support.ts';
import type { ConversationKind, LogEntry, Message } from './message.ts';
import { naiveState, type NaiveState } from './naive-fold.test-support.ts';
import {
  emptyLogState,
  messageIdOf,
  noticeOf,
  reduceLog,
  reduceMessage,
  tombstoneOf,
  type LogState,
} from './reduce.ts';

const HISTORIES = Number(process.env['CURLEW_HISTORIES'] ?? 10_000);
const ONLY_SEED = process.env['CURLEW_SEED'];
const kinds: readonly LogKind[] = [
  'conversation',
  'conversation',
  'conversation',
  'conversation',
  'account',
  'org',
];

test(`${HISTORIES} random histories`, { timeout: 30_000 + HISTORIES * 2 }, () => {
  const met = new Map<string, number>();
  const seeds = ONLY_SEED === undefined ? [...Array(HISTORIES).keys()] : [Number(ONLY_SEED)];
  for (const seed of seeds) {
    const pick = seededPick(seed);
    const events = randomHistory(pick, pick(kinds), pick([4, 8, 16, 24]));
    for (const { type } of events) met.set(type, (met.get(type) ?? 0) + 1);
    const fresh = naiveState(events);
    const seq = pick(events).seq;
    const half = { events: events.slice(0, seq), fresh: naiveState(events.slice(0, seq)) };
    check(
      seed,
      'as it was written, to a moment',
      rowsOf(half.events.reduce(reduceLog, emptyLogState)),
      half.fresh,
    );
    const written = events.reduce(reduceLog, emptyLogState);
    check(seed, 'as it was written', rowsOf(written), fresh);
    check(seed, 'read later', rowsOf(readAt(events, events.length).reduce(reduceLog, emptyLogState)), fresh);
    check(seed, 'in pieces, beside pages', { ...rowsOf(written), messages: inPieces(pick, events) }, fresh);
  }
  if (ONLY_SEED === undefined) expect(eventTypes.filter((type) => !met.get(type))).toEqual([]);
});

/** A client: takes events in pieces, some twice, each piece as the log reads then, and pages of the present any time. */
function inPieces(pick: Pick, events: readonly Envelope[]): readonly Message[] {
  const rows = new Map<string, Message>();
  let tail = 0;
  let now = 0;
  while (tail < events.length) {
    // The log grows meanwhile; nobody reads beyond what is written.
    now = Math.min(events.length, Math.max(now, tail) + pick([0, 1, 3, 9]));
    if (pick([true, false, false])) {
      const page = naiveState(events.slice(0, now)).messages;
      const from = pick([0, Math.floor(page.length / 2)]);
      for (const row of page.slice(from)) {
        const known = rows.get(row.id);
        if (!known || row.revSeq > known.revSeq) rows.set(row.id, row);
      }
    }
    const readable = readAt(events, now);
    const isAgain = pick([true, false, false, false]);
    const piece = readable.slice(isAgain ? Math.max(0, tail - 3) : tail, tail + pick([1, 2, 5]));
    for (const envelope of piece) {
      if (envelope.seq > tail) tail = envelope.seq;
      take(rows, envelope, events);
    }
  }
  // A push that was held up on its way, long after what it says was known.
  const late = pick(readAt(events, pick(events).seq));
  take(rows, late, events);
  return sorted(rows.values());
}

function take(rows: Map<string, Message>, envelope: Envelope, events: readonly Envelope[]): void {
  const event = readEvent(envelope);
  if (event === 'unknown') return;
  if (event === 'skeleton') {
    const tombstone = tombstoneOf(envelope);
    if (tombstone && !rows.has(tombstone.id)) rows.set(tombstone.id, tombstone);
    return;
  }
  const messageId = messageIdOf(event);
  if (messageId !== undefined) {
    const row = reduceMessage(rows.get(messageId), event);
    if (row) rows.set(messageId, row);
    return;
  }
  const { kind } = (events[0]?.payload ?? {}) as { kind?: ConversationKind };
  const notice = noticeOf(event, kind);
  if (notice) rows.set(notice.id, notice);
}

function rowsOf({ messages, conversation, entries }: LogState): NaiveState {
  const byKey = (a: LogEntry, b: LogEntry): number => (a.key < b.key ? -1 : 1);
  return { messages: sorted(messages.values()), conversation, entries: [...entries.values()].sort(byKey) };
}

function sorted(rows: Iterable<Message>): readonly Message[] {
  return [...rows].sort((a, b) => a.createSeq - b.createSeq);
}

/** Compares cheaply; only a difference is worth a readable one. */
function check(seed: number, how: string, folded: NaiveState, fresh: NaiveState): void {
  if (!isDeepStrictEqual(folded, fresh)) expect(folded, `CURLEW_SEED=${seed}: ${how}`).toEqual(fresh);
}
