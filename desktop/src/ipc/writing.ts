/**
 * What a person plans, keeps and passes on, over IPC: scheduled, saved, forwarded and unsent messages. Owns requests, answers
 * and rows of these; `intents.ts` and `views.ts` name them.
 */
import { z } from 'zod';
import { draftSchema, scheduledSchema, type Draft } from '@curlew/shared/domain/entries.ts';
import { textSchema, seqSchema, timeMsSchema, uuidSchema } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { previewSchema, receiptCountSchema, webUrlSchema } from '@curlew/shared/domain/message.ts';
import { receiptStepSchema } from '@curlew/shared/protocol/sync.ts';
import { messageTextSchema } from '@curlew/shared/protocol/ops.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';

const none = z.strictObject({});
const nothing = z.object({});
const onOp = z.strictObject({ opId: uuidSchema });
const onMessage = z.strictObject({ conversationId: uuidSchema, messageId: uuidSchema });
/** The draft of a conversation, or of a thread in it. */
const onDraft = z.strictObject({ conversationId: uuidSchema, threadRootId: uuidSchema.optional() });
const onScheduled = z.strictObject({ messageId: uuidSchema });

const messageReceipt = z.object({
  userId: uuidSchema,
  name: z.string(),
  delivered: z.boolean(),
  read: z.boolean(),
  deliveredAtMs: timeMsSchema.nullable(),
  readAtMs: timeMsSchema.nullable(),
});

/** Intents of what is being written, and of what became of it. */
export const draftIntents = {
  /** What a link leads to, for a message being written: this device asks the page, readers never do. Null: nothing. */
  'link.preview': {
    handledBy: 'core',
    request: z.strictObject({ url: webUrlSchema }),
    answer: z.object({ preview: previewSchema.nullable() }),
  },
  /**
   * When each person got and read a message, or how many did where they are too many to name; asks the server, and
   * without it says what this device knows.
   */
  'message.info': {
    handledBy: 'core',
    request: onMessage,
    answer: z.object({ receipts: z.array(messageReceipt), counts: receiptCountSchema.nullable() }),
  },
  /** A page of those who have read a message, have it, or have it not yet, by name; `after`: the cursor before. */
  'message.receipts': {
    handledBy: 'core',
    request: onMessage.extend({ step: receiptStepSchema, after: uuidSchema.nullable() }),
    answer: z.object({ receipts: z.array(messageReceipt), cursor: uuidSchema.nullable() }),
  },
  /** What a message said before each of its edits, oldest first, the text it has now last; asks the server. */
  'message.texts': {
    handledBy: 'core',
    request: onMessage,
    answer: z.object({ texts: z.array(z.object({ seq: seqSchema, atMs: timeMsSchema, text: z.string() })) }),
  },
  /** `over`: the draft it was written over, as the window knew it; one it did not know is kept beside it. */
  'draft.save': {
    handledBy: 'core',
    request: onDraft.extend({ draft: draftSchema.nullable(), over: draftSchema.nullable().optional() }),
    answer: nothing,
  },
  /** Between the own draft and the one another device wrote meanwhile; answers the draft as it is now. */
  'draft.choose': {
    handledBy: 'core',
    request: onDraft.extend({ useOther: z.boolean() }),
    answer: z.object({ draft: draftSchema.nullable() }),
  },
  /** Brings back the draft that was cleared last, for a week; answers the draft as it is now. */
  'draft.restore': {
    handledBy: 'core',
    request: onDraft,
    answer: z.object({ draft: draftSchema.nullable() }),
  },
  /** Input in the composer (or its end); the core sends typing events at the allowed rate. */
  'typing.report': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, isTyping: z.boolean() }),
    answer: nothing,
  },
} as const;

/** Intents about scheduled messages; all work offline. */
export const scheduledIntents = {
  /** The server sends it at that time, also while every device of its author is off. */
  'message.schedule': {
    handledBy: 'core',
    request: scheduledSchema.omit({ refused: true }),
    answer: z.object({ messageId: uuidSchema }),
  },
  /** Another text or time; also how a refused one is tried again. */
  'scheduled.change': {
    handledBy: 'core',
    request: z.strictObject({ messageId: uuidSchema, text: messageTextSchema, sendAtMs: timeMsSchema }),
    answer: nothing,
  },
  'scheduled.sendNow': { handledBy: 'core', request: onScheduled, answer: nothing },
  /** Puts its text behind what stands in the conversation's draft, and takes it off the schedule. */
  'scheduled.toDraft': {
    handledBy: 'core',
    request: onScheduled,
    answer: z.object({ conversationId: uuidSchema }),
  },
  'scheduled.remove': { handledBy: 'core', request: onScheduled, answer: nothing },
} as const;

/** Intents about what was not sent; see the Outbox. */
export const outboxIntents = {
  'outbox.retry': { handledBy: 'core', request: onOp, answer: nothing },
  'outbox.retryAll': { handledBy: 'core', request: none, answer: nothing },
  'outbox.sendNow': { handledBy: 'core', request: onOp, answer: nothing },
  'outbox.cancel': { handledBy: 'core', request: onOp, answer: nothing },
  /** A message that was never attempted is not sent any more after this time; null: whenever it can be. */
  'outbox.setDeadline': {
    handledBy: 'core',
    request: z.strictObject({ opId: uuidSchema, dropAtMs: timeMsSchema.nullable() }),
    answer: nothing,
  },
  'outbox.discard': { handledBy: 'core', request: onOp, answer: nothing },
  /** Replaces the text of a message that failed or waits: a new op when bytes were already sent, else the same. */
  'outbox.edit': {
    handledBy: 'core',
    request: z.strictObject({ opId: uuidSchema, text: messageTextSchema }),
    answer: nothing,
  },
} as const;

/** Where a message can be forwarded to: a conversation, or a person, with whom one is begun. */
const forwardTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('conversation'), id: uuidSchema }),
  z.strictObject({ kind: z.literal('person'), id: uuidSchema }),
]);

/** Intents about keeping messages and passing them on; all work offline. */
export const keepingIntents = {
  /** Copies a message; whoever gets it needs no access to the original. `comment` follows it, unless it is empty. */
  'message.forward': {
    handledBy: 'core',
    request: z.strictObject({
      conversationId: uuidSchema,
      messageId: uuidSchema,
      to: z.array(forwardTarget).min(1).max(20),
      comment: textSchema(limits.textBytes),
    }),
    answer: nothing,
  },
  'message.save': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, messageId: uuidSchema, on: z.boolean() }),
    answer: nothing,
  },
} as const;

/** Parameters of the views of what is scheduled and saved. */
export const keptViews = {
  /** Scheduled messages, of one conversation or all: refused ones first, then by time. */
  scheduled: z.strictObject({ conversationId: uuidSchema.nullable() }),
  /** Saved messages, of one conversation or all, the one saved last first. */
  saved: z.strictObject({ conversationId: uuidSchema.nullable() }),
} as const;

/** What is written in a conversation or thread and not sent. */
export interface DraftState {
  readonly draft: Draft | null;
  /** What another device wrote meanwhile; the person chooses. */
  readonly otherDraft: Draft | null;
  /** The text that was cleared last, as long as it can be brought back. */
  readonly clearedDraft: string | null;
}

/** A saved message. Text, author and time are null while this device does not hold it. */
export interface SavedRow {
  readonly messageId: string;
  readonly conversationId: string;
  readonly conversationTitle: string;
  readonly senderName: string | null;
  readonly isOwn: boolean;
  readonly text: string | null;
  readonly isDeleted: boolean;
  readonly atMs: number | null;
}

/** A scheduled message. */
export interface ScheduledRow {
  readonly messageId: string;
  readonly conversationId: string;
  readonly conversationTitle: string;
  readonly text: string;
  readonly sendAtMs: number;
  /** It goes to a thread. */
  readonly isInThread: boolean;
  /** Only this device knows it so far: the server cannot send it before it does. */
  readonly isPending: boolean;
  /** Why the server could not send it; null while it waits for its time. */
  readonly error: ErrorBody | null;
}

/** One entry of the Outbox. */
export interface OutboxRow {
  readonly opId: string;
  readonly group: 'attention' | 'sending' | 'waiting';
  readonly state: 'queued' | 'sending' | 'failed' | 'parked' | 'cancelled';
  readonly action:
    | 'send'
    | 'edit'
    | 'delete'
    | 'react'
    | 'create'
    | 'rename'
    | 'pin'
    | 'unpin'
    | 'addPerson'
    | 'removePerson'
    | 'leave'
    | 'role'
    | 'change'
    | 'schedule'
    | 'save'
    | 'setting';
  readonly conversationId: string | null;
  readonly conversationTitle: string;
  /** What was written, the new title, or the person it is about. */
  readonly text: string | null;
  readonly composedAtMs: number;
  /** Not sent any more after this; null: whenever it can be, or it was on its way already. */
  readonly dropAtMs: number | null;
  readonly error: ErrorBody | null;
  readonly can: readonly ('retry' | 'edit' | 'deadline' | 'cancel' | 'discard' | 'sendNow')[];
}
