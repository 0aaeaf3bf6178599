/**
 * Watermarks of the oracle: how far people got in a conversation and in its threads, and what is unread by that. Its own
 * account, written from the protocol's text; the counting is that of the counts by hand.
 */
import { HERE } from '@curlew/shared/domain/message.ts';
import { countByHand, type UnreadCount } from '@curlew/shared/domain/unread.test-support.ts';
import { messagesOf, type OracleMessage } from './oracle-fold.ts';
import { membersOf, type Readable } from './oracle-members.ts';
import type { Json, OracleLog, OraclePush, Watermark } from './oracle-types.ts';

/** How far somebody got; nowhere at first. */
export function markOf(log: OracleLog, userId: string): Watermark {
  return log.watermarks.get(userId) ?? { delivered: 0, read: 0, threads: {} };
}

/** Moves a watermark of somebody who is in the log; what to send when it moved, null when it did not. */
export function moveMark(
  log: OracleLog,
  userId: string,
  op: Json,
  at: number,
): OraclePush | { readonly code: string } | null {
  const seq = Math.min(Number(op['seq']), log.events.length);
  const mark = markOf(log, userId);
  const rootId = op['threadRootId'];
  if (typeof rootId === 'string') {
    const root = messagesOf(log).get(rootId);
    if (!root || root.notices || root.threadRootId !== null) return { code: 'TARGET_MISSING' };
    if (seq <= (mark.threads[rootId] ?? 0)) return null;
    log.watermarks.set(userId, { ...mark, threads: { ...mark.threads, [rootId]: seq } });
    const payload = { conversationId: log.id, threadRootId: rootId, readSeq: seq };
    return { userIds: [userId], name: 'thread:read', payload };
  }
  const read = op['kind'] === 'read.set' ? Math.max(mark.read, seq) : mark.read;
  const delivered = Math.max(mark.delivered, seq);
  if (read === mark.read && delivered === mark.delivered) return null;
  log.watermarks.set(userId, { ...mark, read, delivered });
  log.receiptVersion += 1;
  const { receiptVersion } = log;
  const payload = {
    conversationId: log.id,
    userId,
    deliveredSeq: delivered,
    readSeq: read,
    fromDeliveredSeq: mark.delivered,
    fromReadSeq: mark.read,
    at,
    receiptVersion,
  };
  return { userIds: membersOf(log), name: 'receipt:updated', payload };
}

/** What is unread to somebody who is in a conversation; nothing any more to who left. */
export function unreadOf(readable: Readable, rows: readonly OracleMessage[], userId: string): UnreadCount {
  const { log, isMember } = readable;
  if (log.kind !== 'conversation' || !isMember) return { unread: 0, mentions: 0, threads: [] };
  const { read, threads } = markOf(log, userId);
  return countByHand({
    userId,
    names: new Set([userId, log.id, HERE]),
    messages: rows,
    sees: () => true,
    joinedSeq: log.standings.get(userId)?.joinedSeq ?? 1,
    readSeq: read,
    unreadFromSeq: null,
    threadReads: new Map(Object.entries(threads)),
  });
}
