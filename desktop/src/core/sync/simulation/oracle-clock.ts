/**
 * What the oracle does by the clock: whose time is over, what is kept no longer, what is due. Pure functions of logs and of
 * a time, and the removal of a prefix; written from the protocol's text. Imports nothing of production.
 */
import { messagesOf, type OracleMessage } from './oracle-fold.ts';
import type { Json, OracleLog } from './oracle-types.ts';

/** Milliseconds of a day, in which retention is counted. */
export const DAY_MS = 86_400_000;

/** When a message disappears; undefined: it stays. */
export function expiryOf({ createdAt, extras }: OracleMessage): number | undefined {
  const ttlMs = extras['ttlMs'];
  return typeof ttlMs === 'number' ? createdAt + ttlMs : undefined;
}

/** Messages of a conversation whose time is over, the oldest first. */
export function expiredOf(log: OracleLog, nowMs: number): readonly OracleMessage[] {
  const at = (row: OracleMessage): number => expiryOf(row) ?? Infinity;
  return [...messagesOf(log).values()]
    .filter((row) => row.deletedAt === null && at(row) <= nowMs)
    .sort((a, b) => at(a) - at(b));
}

/** The last position of the oldest messages that are all older than a time; what stands behind a young one waits. */
export function overdueOf(log: OracleLog, beforeMs: number): number {
  let floor = log.floorSeq;
  for (const { createdAt, createSeq } of messagesOf(log).values()) {
    if (createdAt >= beforeMs) break;
    floor = createSeq;
  }
  return floor;
}

/** Removes messages up to a position. Skeleton, settings and members stay. */
export function trimTo(log: OracleLog, floor: number): void {
  const gone = new Set<unknown>();
  for (const event of log.events) {
    const isOfMessage = event.type.startsWith('message:') || event.type === 'reaction:set';
    if (!isOfMessage) continue;
    if (event.seq <= floor && event.type === 'message:new') gone.add(event.opId);
    const isLateEdit = event.type === 'message:edited' && gone.has(event.original['messageId']);
    if (event.seq <= floor || isLateEdit) event.payload = null;
  }
  log.floorSeq = floor;
}

/** A message to be sent by the server. */
export interface DueMessage {
  readonly messageId: string;
  readonly value: Json;
}

/** Scheduled messages of an account log that are due and were not refused, the oldest first. */
export function dueOf(entries: ReadonlyMap<string, unknown>, nowMs: number): readonly DueMessage[] {
  return [...entries]
    .flatMap(([key, value]) => {
      const [prefix, messageId = ''] = key.split(':');
      const entry = value as Json;
      const isDue =
        prefix === 'scheduled' && Number(entry['sendAtMs']) <= nowMs && entry['refused'] === undefined;
      return isDue ? [{ messageId, value: entry }] : [];
    })
    .sort(
      (a, b) =>
        Number(a.value['sendAtMs']) - Number(b.value['sendAtMs']) || (a.messageId < b.messageId ? -1 : 1),
    );
}

/** The op a scheduled message becomes. */
export function sendOpOf({ messageId, value }: DueMessage): Json {
  const { conversationId, sendAtMs, refused: _none, ...written } = value;
  const content = { ...written, composedAt: sendAtMs };
  return { opId: messageId, v: 1, logId: conversationId, kind: 'message.send', ...content };
}
