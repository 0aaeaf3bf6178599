/**
 * Ops: what a client asks the server to write. Owns the schema of each kind. An op's id and bytes never change after
 * its first attempt; the server answers the same id with the same position for ever.
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
import {
  audienceSchema,
  conversationLinkSchema,
  conversationSettings,
  historyVisibilitySchema,
  memberRoleSchema,
  mentionsSchema,
  messageExtrasSchema,
  protectionSchema,
} from '../domain/message.ts';
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

/** A non-blank title within the limit. */
export const titleSchema = textSchema(limits.titleBytes, 1).refine(
  (title) => title.trim() !== '',
  'must not be blank',
);

const create = {
  ...base,
  kind: z.literal('conversation.create'),
  orgId: uuidSchema,
  protection: protectionSchema.extract(['server']),
};
const firstMembers = z
  .array(uuidSchema)
  .max(limits.createMembers)
  .refine((ids) => new Set(ids).size === ids.length, 'must name nobody twice');

/** `conversation.create` by kind of conversation. The creator becomes its owner, but for direct ones. */
const createSchemas = z.discriminatedUnion('conversationKind', [
  /** With `peerId`; if the pair has one, the result names it as `canonicalId`. */
  z.strictObject({ ...create, conversationKind: z.literal('direct'), peerId: uuidSchema }),
  /** `memberIds` beside the creator; `history`: what those who join later see. */
  z.strictObject({
    ...create,
    conversationKind: z.literal('group'),
    title: titleSchema,
    memberIds: firstMembers,
    history: historyVisibilitySchema,
  }),
  /** If the item has one in this organisation, the creator joins it and the result names it as `canonicalId`. */
  z.strictObject({
    ...create,
    conversationKind: z.literal('linked'),
    title: titleSchema,
    link: conversationLinkSchema,
    memberIds: firstMembers,
  }),
  /** Its members are those of the audience, kept so by the server. Owners and admins of the organisation only. */
  z.strictObject({
    ...create,
    conversationKind: z.literal('announcement'),
    title: titleSchema,
    audience: audienceSchema,
  }),
]);

/** Ops by kind. `logId` is the conversation, the actor's user id (account.set) or the organisation (org.set). */
export const opSchemas = {
  /** Creates a conversation; see each kind. */
  'conversation.create': createSchemas,
  /** Changes settings; what is absent stays. Owners and moderators; in a group everybody may pin. */
  'conversation.update': z
    .strictObject({
      ...base,
      kind: z.literal('conversation.update'),
      title: titleSchema.optional(),
      /** one pin put on or taken off */
      pin: z.strictObject({ messageId: uuidSchema, on: z.boolean() }).optional(),
      link: conversationLinkSchema.optional(),
      isClosed: conversationSettings.isClosed.optional(),
      messageTtlMs: conversationSettings.messageTtlMs.optional(),
    })
    .refine((op) => Object.keys(op).length > Object.keys(base).length + 1, 'must change something'),
  'member.add': z.strictObject({
    ...base,
    kind: z.literal('member.add'),
    userId: uuidSchema,
    role: memberRoleSchema,
  }),
  /** Takes somebody out, or the actor leaves. */
  'member.remove': z.strictObject({ ...base, kind: z.literal('member.remove'), userId: uuidSchema }),
  'member.role': z.strictObject({
    ...base,
    kind: z.literal('member.role'),
    userId: uuidSchema,
    role: memberRoleSchema,
  }),
  /** Sends a message; its id is the op's id. `seenSeq` says how far the author had seen, and is not hashed. */
  'message.send': z.strictObject({
    ...base,
    kind: z.literal('message.send'),
    text: messageTextSchema,
    replyTo: uuidSchema.nullable(),
    /** the message whose thread this answers in; absent: in the conversation */
    threadRootId: uuidSchema.optional(),
    mentions: mentionsSchema.optional(),
    extras: messageExtrasSchema.optional(),
    composedAt: timeMsSchema,
    seenSeq: watermarkSchema.optional(),
  }),
  /** Edits an own message. `baseRevSeq` is the version the author saw (0: not yet known). */
  'message.edit': z.strictObject({
    ...base,
    kind: z.literal('message.edit'),
    messageId: uuidSchema,
    text: messageTextSchema,
    mentions: mentionsSchema.optional(),
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
  /**
   * Read up to here, on screen: the conversation, or with `threadRootId` the replies of one thread, which the
   * conversation's own position says nothing about. Writes no event; merged by maximum.
   */
  'read.set': z.strictObject({
    ...base,
    kind: z.literal('read.set'),
    seq: seqSchema,
    threadRootId: uuidSchema.optional(),
  }),
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
  opSchemas['conversation.update'],
  opSchemas['member.add'],
  opSchemas['member.remove'],
  opSchemas['member.role'],
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

/** With whom an op creates a direct conversation; null for every other op. */
export function directPeerOf(op: Op | undefined): string | null {
  return op?.kind === 'conversation.create' && op.conversationKind === 'direct' ? op.peerId : null;
}

/** Whom an op that creates a conversation names beside its creator. */
export function namedPeople(op: OpOf<'conversation.create'>): readonly string[] {
  if (op.conversationKind === 'direct') return [op.peerId];
  return op.conversationKind === 'announcement' ? [] : op.memberIds;
}

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
