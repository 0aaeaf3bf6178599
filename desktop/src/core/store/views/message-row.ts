/**
 * Message rows: one message as the timeline shows it. Owns how a cached message or a pending send, what waits for it,
 * names and receipts become a {@link MessageRow}. The key is the message id from compose to read, so a row is moved,
 * never remounted.
 */
import {
  ACKNOWLEDGEMENT,
  type Message,
  type MessageExtras,
  type Reaction,
} from '@curlew/shared/domain/message.ts';
import type { MessageRow, SendState } from '../../../ipc/message-rows.ts';
import type { OutboxItem } from '../store-types.ts';
import { failureOf, isEffective, overlaidReactions, sendStateOf } from './overlay.ts';
import type { ItemOf, PendingChanges } from './overlay.ts';

/** Longest quote shown above a reply, in characters. */
export const EXCERPT_LENGTH = 200;

/** A quoted message, as far as this device holds it. */
export interface Quote {
  readonly senderId: string;
  readonly text: string | null;
}

/** What rows need to know beyond the message. */
export interface RowContext {
  readonly userId: string;
  nameOf(userId: string): string;
  /** What is said beside the name. */
  marksOf(userId: string): MessageRow['senderMarks'];
  quoteOf(messageId: string): Quote | undefined;
  /** The tick of an own message at this position. */
  tickOf(seq: number): SendState;
  /** What the ids in a list of mentions stand for. */
  mentionsOf(ids: readonly string[]): MessageRow['mentions'];
  /** The thread that hangs on a message; null when there is none. */
  threadOf(messageId: string): MessageRow['thread'];
  /** How many have read the message at this position, or said that they did, where that is told. */
  seenOf(seq: number, senderId: string, acknowledgedBy: ReadonlySet<string>): MessageRow['seen'];
}

/** The row of a message the cache holds. */
export function cachedRow(message: Message, changes: PendingChanges, context: RowContext): MessageRow {
  const { id, createSeq, senderId, text, replyTo, createdAt, editedAt, deletedAt, reactions, extras } =
    message;
  const isOwn = senderId === context.userId;
  return changedRow(
    {
      kind: 'message',
      id,
      seq: createSeq,
      senderId,
      senderName: context.nameOf(senderId),
      senderMarks: context.marksOf(senderId),
      isOwn,
      text,
      isDeleted: deletedAt !== null,
      editedAtMs: editedAt,
      atMs: createdAt,
      replyTo: quoted(replyTo, context),
      forwardedFrom: forwarded(extras, context),
      preview: extras.preview ?? null,
      reactions: [],
      state: isOwn ? context.tickOf(createSeq) : null,
      error: null,
      pendingChange: null,
      acknowledgement: null,
      isUrgent: extras.urgent === true,
      seen: deletedAt === null ? context.seenOf(createSeq, senderId, acknowledgers(reactions)) : null,
      mentions: context.mentionsOf(message.mentions),
      thread: context.threadOf(id),
      ttlMs: extras.ttlMs ?? null,
    },
    { reactions, requiresAck: extras.requiresAck === true },
    changes,
    context,
  );
}

/** The row of a send the cache does not hold yet. */
export function pendingRow(
  item: ItemOf<'message.send'>,
  changes: PendingChanges,
  context: RowContext,
): MessageRow {
  return changedRow(
    {
      kind: 'message',
      id: item.op.opId,
      seq: item.seq,
      senderId: context.userId,
      senderName: context.nameOf(context.userId),
      senderMarks: context.marksOf(context.userId),
      isOwn: true,
      text: item.op.text,
      isDeleted: false,
      editedAtMs: null,
      atMs: item.composedAtMs,
      replyTo: quoted(item.op.replyTo, context),
      forwardedFrom: forwarded(item.op.extras ?? {}, context),
      preview: item.op.extras?.preview ?? null,
      reactions: [],
      state: sendStateOf(item.state),
      error: failureOf(item),
      pendingChange: null,
      acknowledgement: null,
      isUrgent: item.op.extras?.urgent === true,
      seen: null,
      mentions: context.mentionsOf(item.op.mentions ?? []),
      thread: context.threadOf(item.op.opId),
      ttlMs: item.op.extras?.ttlMs ?? null,
    },
    { reactions: [], requiresAck: item.op.extras?.requiresAck === true },
    changes,
    context,
  );
}

function changedRow(
  row: MessageRow,
  {
    reactions: cached,
    requiresAck,
  }: { readonly reactions: readonly Reaction[]; readonly requiresAck: boolean },
  { edit, deletion, reactions: pending }: PendingChanges,
  context: RowContext,
): MessageRow {
  if (row.isDeleted) return row;
  if (deletion && isEffective(deletion)) {
    const pendingChange = waits(deletion) ? 'delete' : null;
    return {
      ...row,
      text: null,
      mentions: [],
      isDeleted: true,
      editedAtMs: null,
      replyTo: null,
      forwardedFrom: null,
      preview: null,
      pendingChange,
    };
  }
  const change = deletion ?? edit;
  const reactions = overlaidReactions(cached, pending, context.userId);
  const isShown = ({ emoji }: Reaction): boolean => !requiresAck || emoji !== ACKNOWLEDGEMENT;
  const isTextReplaced = edit !== undefined && isEffective(edit);
  return {
    ...row,
    text: isTextReplaced ? edit.op.text : row.text,
    mentions: isTextReplaced ? context.mentionsOf(edit.op.mentions ?? []) : row.mentions,
    editedAtMs: isTextReplaced ? edit.composedAtMs : row.editedAtMs,
    reactions: grouped(reactions.filter(isShown), context),
    acknowledgement: requiresAck ? acknowledgementOf(reactions, pending, context.userId) : null,
    error: row.error ?? (change ? failureOf(change) : null),
    pendingChange: deletion && waits(deletion) ? 'delete' : edit && waits(edit) ? 'edit' : null,
  };
}

function acknowledgers(reactions: readonly Reaction[]): ReadonlySet<string> {
  return new Set(reactions.flatMap(({ emoji, userId }) => (emoji === ACKNOWLEDGEMENT ? [userId] : [])));
}

function acknowledgementOf(
  reactions: readonly Reaction[],
  pending: PendingChanges['reactions'],
  userId: string,
): MessageRow['acknowledgement'] {
  const given = reactions.filter(({ emoji }) => emoji === ACKNOWLEDGEMENT);
  const isOwn = given.some((reaction) => reaction.userId === userId);
  const own = pending.findLast(({ op }) => op.emoji === ACKNOWLEDGEMENT);
  return { isOwn, isWaiting: isOwn && own !== undefined && waits(own), count: given.length };
}

// Acknowledged changes are done; only the cache has not caught up.
function waits(change: Pick<OutboxItem, 'state'>): boolean {
  return sendStateOf(change.state) !== 'sent';
}

function quoted(messageId: string | null, context: RowContext): MessageRow['replyTo'] {
  if (messageId === null) return null;
  const quote = context.quoteOf(messageId);
  return {
    id: messageId,
    senderName: quote ? context.nameOf(quote.senderId) : null,
    excerpt: quote?.text == null ? null : excerptOf(quote.text),
  };
}

function forwarded(extras: MessageExtras, context: RowContext): MessageRow['forwardedFrom'] {
  if (extras.forwardedFrom === undefined) return null;
  return { name: context.nameOf(extras.forwardedFrom) || null };
}

/** The beginning of a text, never ending in half a character. */
export function excerptOf(text: string): string {
  return text.slice(0, EXCERPT_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

// In the order in which each emoji was first set, and each person set it.
function grouped(reactions: readonly Reaction[], context: RowContext): MessageRow['reactions'] {
  const byEmoji = new Map<string, string[]>();
  for (const { emoji, userId } of [...reactions].sort((a, b) => a.seq - b.seq)) {
    byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), userId]);
  }
  return [...byEmoji].map(([emoji, userIds]) => ({
    emoji,
    userIds,
    names: userIds.map((id) => context.nameOf(id)),
    isOwn: userIds.includes(context.userId),
  }));
}
