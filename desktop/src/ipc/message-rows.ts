/**
 * Rows of messages: what timeline and thread draw, and what of threads a conversation shows. Owns their shape; the views
 * they are part of are `views.ts`.
 */
import type { LinkPreview } from '@curlew/shared/domain/message.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { DraftState } from './writing.ts';
import type { HoleRow, NoticeRow } from './timeline-rows.ts';

/** State of an own message. `queued` … `failed` come from the outbox, `sent` … `read` from the cache. */
export type SendState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'parked';

/** Somebody a message mentions: a person, a site, a unit, or everybody. `isOwn`: I am meant, or among them. */
export interface MentionRow {
  readonly id: string;
  readonly name: string;
  readonly isOwn: boolean;
}

/** What is said beside a name. `isDeactivated`: out of the organization for now. */
export interface PersonMarks {
  readonly isBot: boolean;
  readonly isDeactivated: boolean;
}

/** A message in the timeline. Key = message id; it never changes from queued to read. */
export interface MessageRow {
  readonly kind: 'message';
  readonly id: string;
  /** Position in the log; null while it waits. */
  readonly seq: number | null;
  readonly senderId: string;
  readonly senderName: string;
  readonly senderMarks: PersonMarks;
  readonly isOwn: boolean;
  readonly text: string | null;
  readonly isDeleted: boolean;
  /** When the text was last changed, as the server or, while the edit waits, this device counts time; null: never. */
  readonly editedAtMs: number | null;
  readonly atMs: number;
  readonly replyTo: {
    readonly id: string;
    readonly senderName: string | null;
    /** Null when the quoted message is deleted or not on this device. */
    readonly excerpt: string | null;
  } | null;
  /** Who wrote it first, when it was forwarded; the name is null where this device does not know them. */
  readonly forwardedFrom: { readonly name: string | null } | null;
  /** What its link leads to, as its sender saw it. */
  readonly preview: LinkPreview | null;
  readonly reactions: readonly {
    readonly emoji: string;
    readonly userIds: readonly string[];
    readonly names: readonly string[];
    readonly isOwn: boolean;
  }[];
  /** Null for other people's messages. */
  readonly state: SendState | null;
  /** Why it failed, when it did. */
  readonly error: ErrorBody | null;
  /** An edit or delete of this message that still waits or failed. */
  readonly pendingChange: 'edit' | 'delete' | null;
  /** An announcement that asks everybody to acknowledge it: whether I have, and how many did; null: it does not ask. */
  /** An announcement that was told also to those who were not to be disturbed. */
  readonly isUrgent: boolean;
  readonly acknowledgement: {
    readonly isOwn: boolean;
    /** Mine waits to be sent. */
    readonly isWaiting: boolean;
    readonly count: number;
  } | null;
  /** For those who run an announcement channel: how many of those it was sent to have read it; null for all others. */
  readonly seen: { readonly count: number; readonly total: number } | null;
  /** Whom the text mentions; the words behind the "@" of its text are these names. */
  readonly mentions: readonly MentionRow[];
  /** The thread that hangs on it, as far as this device holds it, and what of it is unread to me; null: none. */
  readonly thread: {
    readonly replies: number;
    readonly unread: number;
    readonly lastAtMs: number | null;
  } | null;
  /** How long it lives from when the server had it, in ms; null: it stays. */
  readonly ttlMs: number | null;
}

/** A row of the timeline, oldest first. */
export type TimelineRow = MessageRow | HoleRow | NoticeRow;

/** Everything about a thread that is not a row. */
export interface ThreadMeta extends DraftState {
  readonly conversationId: string;
  readonly rootId: string;
  readonly hasOlder: boolean;
  /** The first unread reply when the thread was opened; the divider stands before it. Null: none. */
  readonly unreadFromSeq: number | null;
}

/** A followed thread with unread replies. `excerpt` of the message it hangs on; null when this device lacks it. */
export interface UnreadThread {
  readonly rootId: string;
  readonly unread: number;
  readonly mentions: number;
  readonly excerpt: string | null;
}

/** A site or unit with the members of a conversation that belong to it. */
export interface MentionPlace {
  readonly id: string;
  readonly name: string;
  readonly kind: 'site' | 'unit';
  readonly memberIds: readonly string[];
}
