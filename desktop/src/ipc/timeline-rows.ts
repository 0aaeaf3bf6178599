/** What a timeline shows beside messages, what is said about the timeline itself, and the rules its messages live by. */
import type { Notice } from '@curlew/shared/domain/notices.ts';

/** A part of the history this device does not hold; `lo`..`hi` in seq. `state` says whether it is being fetched. */
export interface HoleRow {
  readonly kind: 'hole';
  readonly lo: number;
  readonly hi: number;
  readonly state: 'loading' | 'failed' | 'offline';
  /** Time of the message after the hole, for "Couldn’t load messages before {date}". */
  readonly beforeMs: number | null;
}

/** What somebody changed about the conversation: members, roles, settings. Nothing to answer, to count or to change. */
export interface NoticeRow {
  readonly kind: 'notice';
  readonly id: string;
  readonly seq: number;
  readonly actorId: string;
  readonly actorName: string;
  /** I did it. */
  readonly isOwn: boolean;
  readonly atMs: number;
  readonly notices: readonly ShownNotice[];
}

/** A notice; with the name of the person where it is about one, and whether that is me. */
export type ShownNotice =
  | Exclude<Notice, { readonly userId: string }>
  | (Extract<Notice, { readonly userId: string }> & { readonly name: string; readonly isMe: boolean });

/** Everything about the timeline that is not a row. */
export interface TimelineMeta {
  readonly conversationId: string;
  /** Older rows exist beyond this window, on this device or (as a hole) on the server. */
  readonly hasOlder: boolean;
  /** Newer rows exist beyond this window. */
  readonly hasNewer: boolean;
  /** Newest position of the log this device knows. */
  readonly tailSeq: number;
  /** Nothing is cached yet and the first page is on its way. */
  readonly isFirstLoad: boolean;
  /** The message that was asked for is a reply in a thread; null: it is not, or none was asked for. */
  readonly inThread: { readonly rootId: string; readonly messageId: string } | null;
}

/** How long messages of a conversation live, and what may be done with them. Times are ms. */
export interface ConversationRules {
  /** New messages disappear after this; null: they stay. */
  readonly messageTtlMs: number | null;
  /** Authors may edit and take back for this long; null: always. */
  readonly editWindowMs: number | null;
  /** Members see how far others have read. */
  readonly hasReadReceipts: boolean;
  /** Announcements may pass "do not disturb". */
  readonly mayBeUrgent: boolean;
}
