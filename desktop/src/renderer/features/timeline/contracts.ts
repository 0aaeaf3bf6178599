/** What the parts of the timeline say to each other. */
import type { KeyboardEvent } from 'react';
import type { MessageRow as Message } from '../../../ipc/message-rows.ts';

/** What a person may do with messages; nothing once they are out, no answer where nobody can write. */
export interface MessageRights {
  readonly isMember: boolean;
  readonly canPost: boolean;
  readonly canPin: boolean;
  /** I run this conversation and may take back what others wrote. */
  readonly canModerate?: boolean | undefined;
  /** For how long authors may change and take back what they wrote, in ms; null or absent: always. */
  readonly editWindowMs?: number | null | undefined;
  /** The messages are shown in their thread, where no further thread begins. */
  readonly isInThread?: boolean | undefined;
}

/** Somebody else in the conversation and the newest position they have read. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly readSeq: number;
}

/** What the timeline must know about its conversation. */
export interface TimelineConversation {
  readonly id: string;
  readonly title: string;
  readonly isDirect: boolean;
  readonly memberCount: number;
  /** What I may do with the messages in it. */
  readonly rights: MessageRights;
  readonly pinnedIds: ReadonlySet<string>;
  readonly savedIds: ReadonlySet<string>;
  /** How far the others have read, for the avatars under messages; empty in direct conversations. */
  readonly readers: readonly Reader[];
  /** First unread position and how many, as they were when the conversation was opened. */
  readonly unreadFromSeq: number | null;
  readonly unread: number;
}

/** Whether a message is pinned, and whether I saved it. */
export function marksOf(
  { pinnedIds, savedIds }: TimelineConversation,
  { id }: Message,
): { readonly isPinned: boolean; readonly isSaved: boolean } {
  return { isPinned: pinnedIds.has(id), isSaved: savedIds.has(id) };
}

/** What a row asks of the timeline. One object for all rows, so that rows stay equal between renders. */
export interface RowCallbacks {
  readonly openMenu: (row: Message, anchor: Element | { readonly x: number; readonly y: number }) => void;
  readonly openPicker: (row: Message, anchor: Element) => void;
  readonly reply: (row: Message) => void;
  readonly openThread: (row: Message) => void;
  readonly acknowledge: (row: Message) => void;
  readonly toggleReaction: (row: Message, emoji: string) => void;
  readonly jumpTo: (messageId: string) => void;
  readonly focused: (row: Message) => void;
  readonly keyDown: (row: Message, event: KeyboardEvent<HTMLElement>) => void;
}
