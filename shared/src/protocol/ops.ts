/**
 * Ops: what a client asks the server to write. Owns the schema of each kind. An op's id and bytes never change after
 * its first attempt; the server answers the same id with the same position for ever.
 *
 * Reserved kinds, refused until a later protocol version: conversation.update, member.add, member.remove, member.role.
 */
import { z } from 'zod';
import { isValidEntry } from '../domain/entries.ts';
import {
  chainSchema,
  emojiSchema,
  seqSchema,
  textSchema,
  timeMsSchema,
  uuidSchema,
  watermarkSchema,
} from '../domain/ids.ts';
import { protectionSchema } from '../domain/message.ts';
import { limits } from '../domain/limits.ts';

/** Version of the op format, independent of the wire's. Stored ops of an older version stay readable. */
export const OP_VERSION = 1;

const base = { opId: uuidSchema, v: z.literal(OP_VERSION), logId: uuidSchema };

/** A non-blank message text within the limit. */
export const messageTextSchema = textSchema(limits.textBytes, 1).refine(
  (text) => text.trim() !== '',
  'must not be blank',
);

const keyValue = { key: z.string().max(64), value: z.unknown() };

/** Ops by kind. `logId` is the conversation, the actor's user id (account.set) or the organisation (org.set). */
export const opSchemas = {
  /** Creates a direct conversation with `peerId`; if the pair has one, the result names it as `canonicalId`. */
  'conversation.create': z.strictObject({
    ...base,
    kind: z.literal('conversation.create'),
    orgId: uuidSchema,
    conversationKind: z.literal('direct'),
    protection: protectionSchema.extract(['server']),
    peerId: uuidSchema,
  }),
  /** Sends a message; its id is the op's id. `seenSeq` says how far the author had seen, and is not hashed. */
  'message.send': z.strictObject({
    ...base,
    kind: z.literal('message.send'),
    text: messageTextSchema,
    replyTo: uuidSchema.nullable(),
    composedAt: timeMsSchema,
    seenSeq: watermarkSchema.optional(),
  }),
  /** Edits an own message. `baseRevSeq` is the version the author saw (0: not yet known). */
  'message.edit': z.strictObject({
    ...base,
    kind: z.literal('message.edit'),
    messageId: uuidSchema,
    text: messageTextSchema,
    baseRevSeq: watermarkSchema,
  }),
  'message.delete': z.strictObject({ ...base, kind: z.literal('message.delete'), messageId: uuidSchema }),
  'reaction.set': z.strictObject({
    ...base,
    kind: z.literal('reaction.set'),
    messageId: uuidSchema,
    emoji: emojiSchema,
    on: z.boolean(),
  }),
  /** Read up to here, on screen. Writes no event; merged by maximum. */
  'read.set': z.strictObject({ ...base, kind: z.literal('read.set'), seq: seqSchema }),
  /** Committed to this device's cache up to here. Writes no event; merged by maximum. */
  'delivered.set': z.strictObject({ ...base, kind: z.literal('delivered.set'), seq: seqSchema }),
  /** Sets one key of the actor's account log; null removes it. */
  'account.set': z
    .strictObject({ ...base, kind: z.literal('account.set'), ...keyValue })
    .refine((op) => isValidEntry('account', op.key, op.value ?? null), 'no such key, or not its value'),
  /** Sets one key of an organisation's log; null removes it. */
  'org.set': z
    .strictObject({ ...base, kind: z.literal('org.set'), ...keyValue })
    .refine((op) => isValidEntry('org', op.key, op.value ?? null), 'no such key, or not its value'),
} as const;

/** A kind of op. */
export type OpKind = keyof typeof opSchemas;
/** All kinds. */
export const opKinds = Object.keys(opSchemas) as [OpKind, ...OpKind[]];

/** Any op. */
export const opSchema = z.discriminatedUnion('kind', [
  opSchemas['conversation.create'],
  opSchemas['message.send'],
  opSchemas['message.edit'],
  opSchemas['message.delete'],
  opSchemas['reaction.set'],
  opSchemas['read.set'],
  opSchemas['delivered.set'],
  opSchemas['account.set'],
  opSchemas['org.set'],
]);
/** See {@link opSchema}. */
export type Op = z.infer<typeof opSchema>;
/** The op of one kind. */
export type OpOf<K extends OpKind> = Extract<Op, { kind: K }>;

/** Kinds that only move a watermark: no event, no lane, coalesced to the largest. */
export function isWatermarkOp(op: Op): op is OpOf<'read.set'> | OpOf<'delivered.set'> {
  return op.kind === 'read.set' || op.kind === 'delivered.set';
}

/**
 * `ops:submit`. The ops are taken one by one as `unknown` and validated singly, so that one bad op is refused alone.
 * All ops of a batch belong to one lane: the log they are ordered in.
 */
export const opsSubmitSchema = z.strictObject({
  fence: z.int().min(1),
  lane: uuidSchema,
  ops: z.array(z.unknown()).min(1).max(limits.batchOps),
});
/** See {@link opsSubmitSchema}. */
export type OpsSubmit = z.infer<typeof opsSubmitSchema>;

/**
 * The fate of one op. `ok` with `seq`, `at`, `chain`: committed (or committed before: `duplicate`). `ok` without `seq`:
 * nothing had to change. Not `ok`: `code` says why; `canonicalId` names the conversation that already existed.
 */
export const opResultSchema = z.object({
  opId: z.string(),
  ok: z.boolean(),
  duplicate: z.boolean(),
  seq: seqSchema.optional(),
  at: timeMsSchema.optional(),
  chain: chainSchema.optional(),
  canonicalId: uuidSchema.optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  retryMs: z.int().min(0).optional(),
});
/** See {@link opResultSchema}. */
export type OpResult = z.infer<typeof opResultSchema>;

/** Answer to `ops:submit`: in order, possibly only a prefix (it stops at the first retryable error). */
export const opsSubmitAnswerSchema = z.object({ results: z.array(opResultSchema) });
