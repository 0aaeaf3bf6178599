/**
 * When the others got and read own messages, as far as this device knows: steps that were pushed while it was there, and
 * what the server answered of single messages. Owns the table `receipt_step`. Every step names where it began, so that a
 * step that was missed lends no later time to what it covered. Only steps over own messages are kept.
 */
import type { ReceiptsAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Sqlite } from './sqlite.ts';

/** One pushed watermark; where it stood before and `atMs` are absent when the server does not say them. */
export interface ReceiptStep {
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  readonly fromDeliveredSeq?: number | undefined;
  readonly fromReadSeq?: number | undefined;
  readonly atMs?: number | undefined;
}

/** When one person got and read a message; null: not known here, or not yet. */
export interface ReceiptTimes {
  readonly deliveredAtMs: number | null;
  readonly readAtMs: number | null;
}

type Kind = 'delivered' | 'read';

/** The statements, named so that a test can ask SQLite for their plans. */
export const receiptTimesSql = {
  ownBetween:
    'SELECT 1 AS found FROM message WHERE conversation_id = ? AND create_seq > ? AND create_seq <= ? AND sender_id = ? LIMIT 1',
  timeOf: `SELECT at_ms AS atMs FROM receipt_step WHERE conversation_id = ? AND user_id = ? AND kind = ? AND seq >= ?
    AND after_seq < ? ORDER BY seq LIMIT 1`,
} as const;

/** See the head of this file. */
export type ReceiptTimeRows = ReturnType<typeof createReceiptTimeRows>;

/** Prepares the statements. The methods that write run inside the caller's transaction. */
export function createReceiptTimeRows(db: Sqlite) {
  const ownBetween = db.prepare<[string, number, number, string], { found: number }>(
    receiptTimesSql.ownBetween,
  );
  const timeOf = db.prepare<[string, string, Kind, number, number], { atMs: number }>(receiptTimesSql.timeOf);
  const put = db.prepare(
    'INSERT OR REPLACE INTO receipt_step (conversation_id, user_id, kind, seq, after_seq, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM receipt_step WHERE conversation_id = ?');
  const time = (conversationId: string, userId: string, kind: Kind, seq: number): number | null =>
    timeOf.get(conversationId, userId, kind, seq, seq)?.atMs ?? null;
  return {
    /** A step that was pushed. */
    noteStep(conversationId: string, step: ReceiptStep, ownUserId: string): void {
      const { userId, atMs } = step;
      if (atMs === undefined || userId === ownUserId) return;
      const note = (kind: Kind, from: number | undefined, to: number): void => {
        if (from === undefined || from >= to) return;
        if (ownBetween.get(conversationId, from, to, ownUserId)) {
          put.run(conversationId, userId, kind, to, from, atMs);
        }
      };
      note('delivered', step.fromDeliveredSeq, step.deliveredSeq);
      note('read', step.fromReadSeq, step.readSeq);
    },
    /** What the server said of the message at `seq`. */
    noteAnswer(conversationId: string, seq: number, receipts: ReceiptsAnswer['receipts']): void {
      const note = (kind: Kind, userId: string, at: number | null | undefined): void => {
        if (typeof at !== 'number' || time(conversationId, userId, kind, seq) === at) return;
        put.run(conversationId, userId, kind, seq, seq - 1, at);
      };
      for (const { userId, deliveredAt, readAt } of receipts) {
        note('delivered', userId, deliveredAt);
        note('read', userId, readAt);
      }
    },
    /** When a person got and read the message at `seq`. */
    timesOf: (conversationId: string, userId: string, seq: number): ReceiptTimes => ({
      deliveredAtMs: time(conversationId, userId, 'delivered', seq),
      readAtMs: time(conversationId, userId, 'read', seq),
    }),
    /** The log turned out to be another one: its positions mean other messages now. */
    forget: (conversationId: string): void => void forget.run(conversationId),
  };
}
