/**
 * Notices: the quiet rows of a timeline that say what became of a conversation. Owns which events make one, and what it
 * says. A notice is a function of its event alone, so that every reader, wherever they begin, has the same row.
 */
import { z } from 'zod';
import { textSchema, uuidSchema } from './ids.ts';
import { limits } from './limits.ts';

/** Life of a disappearing message: 5 s to a year, in ms. */
export const messageTtlSchema = z.int().min(5_000).max(31_536_000_000);

/** What a change of settings changed, as its event says beside the settings themselves. */
export const settingsChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('title'), title: z.string().nullable() }),
  z.object({ kind: z.literal('pin'), messageId: uuidSchema, on: z.boolean() }),
  /** the item of another system: its state there, empty when unknown */
  z.object({ kind: z.literal('status'), status: textSchema(limits.linkKeyBytes) }),
  z.object({ kind: z.literal('closed'), isClosed: z.boolean() }),
  /** ms after which new messages disappear; null: never */
  z.object({ kind: z.literal('ttl'), messageTtlMs: messageTtlSchema.nullable() }),
]);
/** See {@link settingsChangeSchema}. */
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/** One thing a notice says; who did it is the sender of the row. */
export const noticeSchema = z.discriminatedUnion('kind', [
  ...settingsChangeSchema.options,
  z.object({ kind: z.literal('joined'), userId: uuidSchema }),
  /** left, where it is the sender; taken out otherwise */
  z.object({ kind: z.literal('left'), userId: uuidSchema }),
  z.object({
    kind: z.literal('role'),
    userId: uuidSchema,
    role: z.enum(['owner', 'moderator', 'member']),
  }),
]);
/** See {@link noticeSchema}. */
export type Notice = z.infer<typeof noticeSchema>;
