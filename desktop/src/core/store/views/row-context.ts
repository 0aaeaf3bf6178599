/** What the rows of a conversation need to know beyond each message: names, quotes, threads and ticks. */
import type { ReceiptCount } from '@curlew/shared/domain/message.ts';
import type { SendState } from '../../../ipc/message-rows.ts';
import type { AccountReads } from './account-reads.ts';
import type { MemberFacts } from './cache-reads.ts';
import type { Quote, RowContext } from './message-row.ts';
import type { Overlay } from './overlay.ts';

/** The context of a conversation's rows; `messageIds`: those of the cached ones among them. */
export function rowContext(
  conversationId: string,
  messageIds: readonly string[],
  overlay: Overlay,
  reads: AccountReads,
): RowContext {
  const { cache, people, userId } = reads;
  const pending = new Map([...overlay.sends, ...overlay.replies].map((send) => [send.op.opId, send.op]));
  const waiting = new Map<string, number>();
  for (const { op } of overlay.replies) {
    if (op.threadRootId !== undefined) waiting.set(op.threadRootId, (waiting.get(op.threadRootId) ?? 0) + 1);
  }
  const orgId = cache.orgIdOf(conversationId);
  const tellsReach = runsAnnouncements(conversationId, reads);
  const isCrowd = cache.isCrowd(conversationId);
  const members =
    tellsReach && !isCrowd ? cache.members(conversationId).filter(({ leftSeq }) => leftSeq === null) : [];
  const unread = new Map(reads.list.threads(conversationId).map((thread) => [thread.rootId, thread.unread]));
  const threads = new Map(cache.threads(messageIds).map((thread) => [thread.rootId, thread]));
  return {
    userId,
    nameOf: (id) => people.nameOf(id),
    marksOf: (id) => people.marksOf(id, orgId),
    quoteOf(messageId): Quote | undefined {
      const message = cache.message(messageId);
      if (message) return { senderId: message.senderId, text: message.text };
      const op = pending.get(messageId);
      return op && { senderId: userId, text: op.text };
    },
    tickOf: ticksOf(conversationId, reads),
    seenOf(seq, senderId, acknowledgedBy) {
      if (!tellsReach) return null;
      if (!isCrowd) return seenOf(seq, senderId, acknowledgedBy, members);
      const count = cache.receiptCount(conversationId, seq);
      return count ? { count: Math.max(count.read, acknowledgedBy.size), total: count.people } : null;
    },
    mentionsOf: (ids) => reads.mentions.rows(conversationId, ids),
    threadOf(messageId) {
      const held = threads.get(messageId);
      const replies = (held?.replies ?? 0) + (waiting.get(messageId) ?? 0);
      if (replies === 0) return null;
      return { replies, unread: unread.get(messageId) ?? 0, lastAtMs: held?.lastAtMs ?? null };
    },
  };
}

/** Whether this is an announcement channel that I run: then I may know how far its messages got. */
function runsAnnouncements(conversationId: string, { cache, userId }: AccountReads): boolean {
  if (cache.conversation(conversationId)?.kind !== 'announcement') return false;
  return cache.members(conversationId).some((member) => member.userId === userId && member.role !== 'member');
}

/** How many of those who were in when it was said have read it, or acknowledged it; its author is none of them. */
function seenOf(
  seq: number,
  senderId: string,
  acknowledgedBy: ReadonlySet<string>,
  members: readonly Pick<MemberFacts, 'userId' | 'joinedSeq' | 'readSeq'>[],
): { readonly count: number; readonly total: number } {
  const readers = members.filter(({ userId, joinedSeq }) => joinedSeq <= seq && userId !== senderId);
  const hasSeen = readers.filter(({ userId, readSeq }) => readSeq >= seq || acknowledgedBy.has(userId));
  return { count: hasSeen.length, total: readers.length };
}

/** The ticks of a conversation's own messages: by the watermarks of the others, in a crowd by its counts. */
export function ticksOf(conversationId: string, reads: AccountReads): (seq: number) => SendState {
  const { cache } = reads;
  if (cache.isCrowd(conversationId)) return (seq) => tickOfCount(cache.receiptCount(conversationId, seq));
  const others = otherMembers(conversationId, reads);
  return (seq) => tickOf(seq, others);
}

/** The tick of a message of a crowd; sent as long as nothing was told of it. */
export function tickOfCount(count: Omit<ReceiptCount, 'seq'> | undefined): SendState {
  if (!count || count.people === 0) return 'sent';
  if (count.read >= count.people) return 'read';
  return count.delivered >= count.people ? 'delivered' : 'sent';
}

/** Present members but me. */
function otherMembers(conversationId: string, reads: AccountReads): readonly MemberFacts[] {
  return reads.cache
    .members(conversationId)
    .filter((member) => member.userId !== reads.userId && member.leftSeq === null);
}

/** The tick of a message at a position: read or delivered once everybody is there who was in when it was said. */
function tickOf(
  seq: number,
  others: readonly Pick<MemberFacts, 'joinedSeq' | 'deliveredSeq' | 'readSeq'>[],
): SendState {
  const readers = others.filter(({ joinedSeq }) => joinedSeq <= seq);
  if (readers.length === 0) return 'sent';
  if (readers.every(({ readSeq }) => readSeq >= seq)) return 'read';
  return readers.every((it) => Math.max(it.deliveredSeq, it.readSeq) >= seq) ? 'delivered' : 'sent';
}
