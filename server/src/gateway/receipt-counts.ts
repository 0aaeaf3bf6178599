/**
 * Receipts of crowds: counts, to those who have the conversation open, and at most one frame in so long a time for each of
 * them, however many read. Owns when they are counted and what was told already; who may be told what is decided by the
 * service. Nothing is counted while nobody looks: whoever opens the conversation asks for the state first.
 */
import type { ReceiptCount } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { LogServices } from '../services/service-types.ts';
import { conversationRoom, openRoom, type CountFrames, type GatewayServer } from './session.ts';

/** Between two frames of one conversation. */
export const COUNTS_MS = 1_500;

/** See the head of this file. */
export interface ReceiptCounts {
  /** Somebody opens a conversation of so many members; to be awaited before they are told that it is open. */
  opened(conversationId: string, members: number): Promise<void>;
  /** A watermark that others see moved. */
  moved(conversationId: string): void;
}

/** What it needs. */
export interface ReceiptCountsParts {
  readonly io: GatewayServer;
  readonly logs: Pick<LogServices, 'movedCounts'>;
  readonly count: CountFrames;
  readonly onFailure: (error: unknown) => void;
}

/** Creates the counts of one node. */
export function createReceiptCounts({ io, logs, count, onFailure }: ReceiptCountsParts): ReceiptCounts {
  /** What was told, or what everybody who looks has asked for. */
  const told = new Map<string, readonly ReceiptCount[]>();
  const due = new Map<string, NodeJS.Timeout>();

  const isOpen = (conversationId: string): boolean =>
    io.sockets.adapter.rooms.has(conversationRoom(conversationId));

  const forget = (conversationId: string): void => {
    told.delete(conversationId);
  };

  const tell = async (conversationId: string): Promise<void> => {
    due.delete(conversationId);
    if (!isOpen(conversationId)) return forget(conversationId);
    const known = told.get(conversationId) ?? [];
    const moved = await logs.movedCounts(conversationId, known);
    // A database that is away: the next receipt tells it all.
    if (!moved.ok) return;
    const { receiptVersion, counts, parts } = moved.value;
    told.set(conversationId, counts);
    for (const part of parts) {
      // Room by room of the people, so that no socket hears of it whose person went while it was counted.
      const rooms = part.userIds.map((userId) => openRoom(conversationId, userId));
      io.to(rooms).emit('receipt:updated', { conversationId, receiptVersion, counts: part.counts });
      count('receipt');
    }
  };

  return {
    async opened(conversationId, members) {
      if (members <= limits.receiptMembers || told.has(conversationId)) return;
      const now = await logs.movedCounts(conversationId, []);
      if (now.ok && !told.has(conversationId)) told.set(conversationId, now.value.counts);
    },
    moved(conversationId) {
      if (!isOpen(conversationId)) return forget(conversationId);
      if (due.has(conversationId)) return;
      const timer = setTimeout(() => void tell(conversationId).catch(onFailure), COUNTS_MS);
      due.set(conversationId, timer.unref());
    },
  };
}
