/**
 * Materialised rows of a conversation: what the server serves in pages and the desktop keeps in its cache. Both are
 * the fold of the same events (`reduce.ts`), so the shapes live here once.
 */
import { z } from 'zod';
import { emojiSchema, seqSchema, timeMsSchema, uuidSchema, watermarkSchema } from './ids.ts';

/** One person's reaction; `seq` is the event that set it and gives the display order. */
export const reactionSchema = z.object({ emoji: emojiSchema, userId: uuidSchema, seq: seqSchema });
/** See {@link reactionSchema}. */
export type Reaction = z.infer<typeof reactionSchema>;

/**
 * A message as stored. `createSeq` orders it, `revSeq` is the last event that changed it: of two copies the one with
 * the larger `revSeq` wins. `text` is null once deleted. `composedAt` is the author's clock and only displayed.
 */
export const messageSchema = z.object({
  id: uuidSchema,
  conversationId: uuidSchema,
  createSeq: seqSchema,
  revSeq: seqSchema,
  senderId: uuidSchema,
  text: z.string().nullable(),
  replyTo: uuidSchema.nullable(),
  composedAt: timeMsSchema,
  createdAt: timeMsSchema,
  editedAt: timeMsSchema.nullable(),
  deletedAt: timeMsSchema.nullable(),
  reactions: z.array(reactionSchema),
});
/** See {@link messageSchema}. */
export type Message = z.infer<typeof messageSchema>;

/** Kinds of conversation. Only `direct` is in use in protocol 1; the others are reserved. */
export const conversationKindSchema = z.enum(['direct', 'group', 'linked', 'announcement']);
/** Who can read: the server too, or the members alone (reserved). Chosen at creation, never changed. */
export const protectionSchema = z.enum(['server', 'e2ee']);
/** Roles inside a conversation. Direct conversations have members only. */
export const memberRoleSchema = z.enum(['owner', 'moderator', 'member']);

/** A member of a conversation. `leftSeq` is the event that ended the membership. */
export const memberSchema = z.object({
  userId: uuidSchema,
  role: memberRoleSchema,
  joinedSeq: seqSchema,
  leftSeq: seqSchema.nullable(),
});
/** See {@link memberSchema}. */
export type Member = z.infer<typeof memberSchema>;

/** A conversation's settings: everything about it but messages and watermarks. */
export const conversationSchema = z.object({
  id: uuidSchema,
  orgId: uuidSchema,
  kind: conversationKindSchema,
  protection: protectionSchema,
  title: z.string().nullable(),
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

/** One key of an account or organisation log; `value` null means the key was removed. */
export const logEntrySchema = z.object({ key: z.string(), value: z.unknown(), revSeq: seqSchema });
/** See {@link logEntrySchema}. */
export type LogEntry = z.infer<typeof logEntrySchema>;
