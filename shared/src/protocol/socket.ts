/**
 * The socket protocol: every event name with the schema of its one object and of its answer. Owns what Socket.IO
 * carries; `docs/protocol.md`, the gateway's router and the desktop's transport derive from these tables.
 */
import { z } from 'zod';
import { envelopeSchema } from '../domain/event.ts';
import { timeMsSchema, uuidSchema, watermarkSchema } from '../domain/ids.ts';
import { errorBodySchema } from './errors.ts';
import { limits } from '../domain/limits.ts';
import { opResultSchema, opsSubmitAnswerSchema, opsSubmitSchema } from './ops.ts';
import { headsAnswerSchema, headsRequestSchema, receiptCountsAnswerSchema } from './sync.ts';

/** Handshake `auth`. `instance` is a nonce of the running process: two of them on one device are a clone. */
export const handshakeSchema = z.strictObject({
  token: z.string().min(1),
  protocol: z.int().min(1),
  deviceId: uuidSchema,
  instance: uuidSchema,
  appVersion: z.string().max(64),
});
/** See {@link handshakeSchema}. */
export type Handshake = z.infer<typeof handshakeSchema>;

const limitsSchema = z.record(z.string(), z.number());
const conversationOnly = z.strictObject({ conversationId: uuidSchema });
/** One-op forms take the op without `v` and `kind`; the gateway adds them and answers the op's result. */
const oneOp = z.looseObject({ opId: uuidSchema, logId: uuidSchema });

/** Client to server. `answer` null: no ack. Every ack is `{ok: true, value} | {ok: false, error}`. */
export const clientEvents = {
  hello: {
    request: z.strictObject({
      epoch: z.string().max(128).optional(),
      headsToken: z.string().max(64).optional(),
    }),
    answer: z.object({
      epoch: z.string(),
      /** The server process that answers: another one after a crash, so that a client can tell a crash from a closed connection. */
      processId: uuidSchema,
      fence: z.int().min(1),
      serverTimeMs: timeMsSchema,
      limits: limitsSchema,
      minProtocol: z.int(),
    }),
  },
  'auth:refresh': {
    request: z.strictObject({ token: z.string().min(1) }),
    answer: z.object({ expiresAtMs: timeMsSchema }),
  },
  'sync:heads': { request: headsRequestSchema, answer: headsAnswerSchema },
  'ops:submit': { request: opsSubmitSchema, answer: opsSubmitAnswerSchema },
  'message:send': { request: oneOp, answer: opResultSchema },
  'message:edit': { request: oneOp, answer: opResultSchema },
  'message:delete': { request: oneOp, answer: opResultSchema },
  'message:react': { request: oneOp, answer: opResultSchema },
  'message:read': { request: oneOp, answer: opResultSchema },
  'conversation:join': { request: conversationOnly, answer: z.object({}) },
  'conversation:leave': { request: conversationOnly, answer: z.object({}) },
  'presence:watch': {
    request: z.strictObject({ userIds: z.array(uuidSchema).max(limits.presenceWatch) }),
    answer: null,
  },
  'typing:start': { request: conversationOnly, answer: null },
  'typing:stop': { request: conversationOnly, answer: null },
} as const;

/** Name of an event a client may send. */
export type ClientEventName = keyof typeof clientEvents;

/** Kind of op behind each one-op form. */
export const oneOpKinds = {
  'message:send': 'message.send',
  'message:edit': 'message.edit',
  'message:delete': 'message.delete',
  'message:react': 'reaction.set',
  'message:read': 'read.set',
} as const;

/**
 * Presence as people see it. `away` and `dnd` are chosen, `text` is what the person says of themselves, and both hold
 * until `untilMs`; `offline` may carry when the person was last seen. Who hides their presence is `offline`.
 */
export const presenceSchema = z.object({
  userId: uuidSchema,
  state: z.enum(['online', 'away', 'dnd', 'offline']),
  text: z.string().optional(),
  untilMs: timeMsSchema.nullable().optional(),
  lastSeenMs: timeMsSchema.nullable().optional(),
});
/** See {@link presenceSchema}. */
export type Presence = z.infer<typeof presenceSchema>;

/**
 * How far one member got: what lies behind `from…Seq` was delivered or read `at` this time. Clients that keep no times
 * need the two positions alone.
 */
export const memberReceiptSchema = z.object({
  conversationId: uuidSchema,
  userId: uuidSchema,
  deliveredSeq: watermarkSchema,
  readSeq: watermarkSchema,
  fromDeliveredSeq: watermarkSchema.optional(),
  fromReadSeq: watermarkSchema.optional(),
  at: timeMsSchema,
  receiptVersion: watermarkSchema,
});
/** See {@link memberReceiptSchema}. */
export type MemberReceipt = z.infer<typeof memberReceiptSchema>;

/** How far messages of a crowd got: those whose numbers changed. */
export const receiptCountsPushSchema = receiptCountsAnswerSchema.extend({ conversationId: uuidSchema });
/** See {@link receiptCountsPushSchema}. */
export type ReceiptCountsPush = z.infer<typeof receiptCountsPushSchema>;

const typing = z.object({ conversationId: uuidSchema, userId: uuidSchema });

/** Server to client. Log events are sent under their own type name, or as `events:batch`. */
export const serverEvents = {
  'message:new': envelopeSchema,
  'message:edited': envelopeSchema,
  'message:deleted': envelopeSchema,
  'reaction:set': envelopeSchema,
  'member:joined': envelopeSchema,
  'member:left': envelopeSchema,
  'member:role': envelopeSchema,
  'conversation:updated': envelopeSchema,
  'account:updated': envelopeSchema,
  'org:updated': envelopeSchema,
  /** Consecutive events of one log from one flush. */
  'events:batch': z.object({ logId: uuidSchema, events: z.array(envelopeSchema).min(1) }),
  /** A member's watermark moved; in a crowd, to those who have the conversation open, the counts that changed. */
  'receipt:updated': z.union([memberReceiptSchema, receiptCountsPushSchema]),
  /** Another of my devices read a thread. */
  'thread:read': z.object({
    conversationId: uuidSchema,
    threadRootId: uuidSchema,
    readSeq: watermarkSchema,
  }),
  /** A hint that my set of logs or devices changed; answered with `sync:heads`. */
  'user:changed': z.object({ kind: z.enum(['conversation_added', 'conversation_removed', 'device', 'org']) }),
  'typing:start': typing,
  'typing:stop': typing,
  /** Somebody connected; with the state they chose, so that a reconnect shows nobody online who is away. */
  'user:online': presenceSchema,
  'user:offline': presenceSchema,
  'presence:changed': presenceSchema,
  'presence:snapshot': z.object({ users: z.array(presenceSchema) }),
  'connection:established': z.object({
    userId: uuidSchema,
    deviceId: uuidSchema,
    serverTimeMs: timeMsSchema,
  }),
  /** A typed error of the session itself; the server may close the socket after it. */
  'connection:error': errorBodySchema,
} as const;

/** Name of an event the server may send. */
export type ServerEventName = keyof typeof serverEvents;

/** Wraps an answer schema as the ack travels. */
export function ackSchema<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), error: errorBodySchema }),
  ]);
}
