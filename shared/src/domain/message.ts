/**
 * Materialised rows of a conversation: what the server serves in pages and the desktop keeps in its cache. Both are
 * the fold of the same events (`reduce.ts`), so the shapes live here once.
 */
import { z } from 'zod';
import { emojiSchema, seqSchema, textSchema, timeMsSchema, uuidSchema, watermarkSchema } from './ids.ts';
import { limits } from './limits.ts';
import { messageTtlSchema, noticeSchema } from './notices.ts';

/** One person's reaction; `seq` is the event that set it and gives the display order. */
export const reactionSchema = z.object({ emoji: emojiSchema, userId: uuidSchema, seq: seqSchema });
/** See {@link reactionSchema}. */
export type Reaction = z.infer<typeof reactionSchema>;

/** An https address; anything else (javascript:, file:, http:) is refused. */
export const webUrlSchema = textSchema(limits.urlBytes, 1).refine(isWebUrl, 'must be an https address');

function isWebUrl(text: string): boolean {
  // URL is no part of ECMAScript, and this library runs without Node and DOM: scheme and host by form.
  return /^https:\/\/[^\s/?#@\\]+([/?#][^\s]*)?$/iu.test(text);
}

/**
 * Whom a message mentions: ids of people, sites and units; the conversation's own id is everybody in it, and
 * {@link HERE} those of them who are online.
 */
export const mentionsSchema = z.array(uuidSchema).max(limits.mentions);
/** The id that stands for "@here" in a list of mentions. */
export const HERE = '00000000-0000-8000-8000-000000000001';

/** Words that stand for {@link HERE} and for everybody, behind an "@". Part of a text, so the same in every language. */
export const HERE_WORD = 'here';
/** See {@link HERE_WORD}. */
export const EVERYONE_WORD = 'everyone';

/** The reaction that acknowledges an announcement which asks for it. */
export const ACKNOWLEDGEMENT = '☑️';

/** What a link leads to, as the sender's device saw it. Readers never fetch it. */
export const previewSchema = z.strictObject({
  url: webUrlSchema,
  title: textSchema(limits.previewBytes),
  description: textSchema(limits.previewBytes),
  siteName: textSchema(limits.nameBytes),
});
/** See {@link previewSchema}. */
export type LinkPreview = z.infer<typeof previewSchema>;

/** What a message may carry beside its text; absent means none. */
export const messageExtrasSchema = z.strictObject({
  preview: previewSchema.optional(),
  /** who wrote it first, when it was forwarded */
  forwardedFrom: uuidSchema.optional(),
  /** announcements: everybody is asked to acknowledge */
  requiresAck: z.literal(true).optional(),
  /** announcements, where the organisation's policy allows it: told also while readers are not to be disturbed */
  urgent: z.literal(true).optional(),
  /** ms after which it disappears, counted by the server from when it has it; as the conversation was set when written */
  ttlMs: messageTtlSchema.optional(),
});
/** See {@link messageExtrasSchema}. */
export type MessageExtras = z.infer<typeof messageExtrasSchema>;

/**
 * A message as stored. `createSeq` orders it, `revSeq` is the last event that changed it: of two copies the one with
 * the larger `revSeq` wins. `text` is null once deleted, and in a notice. `composedAt` is the author's clock and only displayed.
 */
export const messageSchema = z.object({
  id: uuidSchema,
  conversationId: uuidSchema,
  createSeq: seqSchema,
  revSeq: seqSchema,
  senderId: uuidSchema,
  text: z.string().nullable(),
  replyTo: uuidSchema.nullable(),
  /** the message whose thread this is in; null in the conversation itself */
  threadRootId: uuidSchema.nullable(),
  mentions: mentionsSchema,
  extras: messageExtrasSchema,
  composedAt: timeMsSchema,
  createdAt: timeMsSchema,
  editedAt: timeMsSchema.nullable(),
  deletedAt: timeMsSchema.nullable(),
  reactions: z.array(reactionSchema),
  /** absent: written by a person. Otherwise what happened to the conversation: nothing to read, to answer or to change */
  notices: z.array(noticeSchema).optional(),
  /** deleted because its time was over, not by a person */
  isExpired: z.literal(true).optional(),
});
/** See {@link messageSchema}. */
export type Message = z.infer<typeof messageSchema>;

/**
 * Kinds of conversation: two people; a group; a group attached to an item of another system; a channel where only some
 * may post to everybody of an organisation, a site or a unit.
 */
export const conversationKindSchema = z.enum(['direct', 'group', 'linked', 'announcement']);
/** See {@link conversationKindSchema}. */
export type ConversationKind = z.infer<typeof conversationKindSchema>;
/** Who can read: the server too, or the members alone (reserved). Chosen at creation, never changed. */
export const protectionSchema = z.enum(['server', 'e2ee']);
/** Roles inside a conversation. Direct conversations have members only. */
export const memberRoleSchema = z.enum(['owner', 'moderator', 'member']);
/** See {@link memberRoleSchema}. */
export type MemberRole = z.infer<typeof memberRoleSchema>;

/** A member of a conversation. `leftSeq` is the event that ended the membership. */
export const memberSchema = z.object({
  userId: uuidSchema,
  role: memberRoleSchema,
  joinedSeq: seqSchema,
  leftSeq: seqSchema.nullable(),
});
/** See {@link memberSchema}. */
export type Member = z.infer<typeof memberSchema>;

/** What people who join later see of a group: everything, or what comes after they joined. Chosen at creation. */
export const historyVisibilitySchema = z.enum(['all', 'joined']);

/** The item of another system a linked conversation belongs to. `(type, id)` is unique per organisation. */
export const conversationLinkSchema = z.strictObject({
  type: textSchema(limits.linkKeyBytes, 1),
  id: textSchema(limits.linkKeyBytes, 1),
  url: webUrlSchema,
  /** the item's state in its own system's words; empty when unknown */
  status: textSchema(limits.linkKeyBytes),
  /** the other system has the item no longer; what was said about it stays */
  isRemoved: z.literal(true).optional(),
});
/** See {@link conversationLinkSchema}. */
export type ConversationLink = z.infer<typeof conversationLinkSchema>;

/** Everybody an announcement channel reaches: an organisation, or one of its sites or units. */
export const audienceSchema = z.strictObject({ scope: z.enum(['org', 'site', 'unit']), id: uuidSchema });
/** See {@link audienceSchema}. */
export type Audience = z.infer<typeof audienceSchema>;

/** What of a conversation can be changed after its creation, by `conversation.update`. */
export const conversationSettings = {
  title: textSchema(limits.titleBytes, 1).nullable(),
  /** ids of pinned messages, newest pin first */
  pins: z.array(uuidSchema).max(limits.pins),
  link: conversationLinkSchema.nullable(),
  /** nobody can write in it until it is opened again */
  isClosed: z.boolean(),
  /** ms after which new messages disappear; null: never */
  messageTtlMs: messageTtlSchema.nullable(),
} as const;

/** A conversation's settings: everything about it but messages and watermarks. */
export const conversationSchema = z.object({
  id: uuidSchema,
  orgId: uuidSchema,
  kind: conversationKindSchema,
  protection: protectionSchema,
  ...conversationSettings,
  history: historyVisibilitySchema,
  audience: audienceSchema.nullable(),
  createdBy: uuidSchema,
  createdAt: timeMsSchema,
  revSeq: seqSchema,
  members: z.array(memberSchema),
});
/** See {@link conversationSchema}. */
export type Conversation = z.infer<typeof conversationSchema>;

/** How far one member got: delivered to a device's disk, and read on screen (as far as the member shares it). */
export const receiptSchema = z.object({
  userId: uuidSchema,
  deliveredSeq: watermarkSchema,
  readSeq: watermarkSchema,
});
/** See {@link receiptSchema}. */
export type Receipt = z.infer<typeof receiptSchema>;

/**
 * How far a message at `seq` got, as numbers: of the `people` who were in the conversation when it was said and still
 * are (its author is none of them), how many have it and how many read it, as far as they share that.
 */
export const receiptCountSchema = z.object({
  seq: seqSchema,
  people: z.int().min(0),
  delivered: z.int().min(0),
  read: z.int().min(0),
});
/** See {@link receiptCountSchema}. */
export type ReceiptCount = z.infer<typeof receiptCountSchema>;

/** One key of an account or organisation log; `value` null means the key was removed. */
export const logEntrySchema = z.object({ key: z.string(), value: z.unknown(), revSeq: seqSchema });
/** See {@link logEntrySchema}. */
export type LogEntry = z.infer<typeof logEntrySchema>;
