/**
 * Events: the entries of a log. Owns the envelope every event travels in and the payload of each known type. An
 * unknown type is legal: a client stores it raw, advances, and replays it after an update.
 */
import { z } from 'zod';
import { limits } from './limits.ts';
import {
  chainSchema,
  emojiSchema,
  hashSchema,
  seqSchema,
  textSchema,
  timeMsSchema,
  uuidSchema,
  watermarkSchema,
} from './ids.ts';
import {
  audienceSchema,
  conversationKindSchema,
  conversationSettings,
  historyVisibilitySchema,
  memberRoleSchema,
  mentionsSchema,
  messageExtrasSchema,
  protectionSchema,
} from './message.ts';
import { settingsChangeSchema } from './notices.ts';

/** Payloads by event type. A scrubbed or withheld payload is null in the envelope. */
export const eventPayloadSchemas = {
  /** Creation (`created` true, always seq 1, with the first members) or a later change; all settings as they are then. */
  'conversation:updated': z.object({
    created: z.boolean(),
    orgId: uuidSchema,
    kind: conversationKindSchema,
    protection: protectionSchema,
    title: conversationSettings.title,
    pins: conversationSettings.pins.default([]),
    link: conversationSettings.link.default(null),
    isClosed: conversationSettings.isClosed.default(false),
    messageTtlMs: conversationSettings.messageTtlMs.default(null),
    history: historyVisibilitySchema.default('all'),
    audience: audienceSchema.nullable().default(null),
    members: z.array(z.object({ userId: uuidSchema, role: memberRoleSchema })).optional(),
    /** what of the settings is new, for the notice in the timeline */
    changes: z.array(settingsChangeSchema).default([]),
  }),
  /** Absent: no thread, no mentions, no extras. */
  'message:new': z.object({
    messageId: uuidSchema,
    text: textSchema(limits.textBytes),
    replyTo: uuidSchema.nullable(),
    composedAt: timeMsSchema,
    threadRootId: uuidSchema.nullable().default(null),
    mentions: mentionsSchema.default([]),
    extras: messageExtrasSchema.default({}),
  }),
  /** `overwrote` is true when the author of the edit had not seen the version it replaced. */
  'message:edited': z.object({
    messageId: uuidSchema,
    text: textSchema(limits.textBytes),
    mentions: mentionsSchema.default([]),
    overwrote: z.boolean(),
  }),
  /** Names the thread, since the payload that placed the message there is scrubbed. `expired`: its time was over. */
  'message:deleted': z.object({
    messageId: uuidSchema,
    threadRootId: uuidSchema.nullable().default(null),
    expired: z.literal(true).optional(),
  }),
  /** The actor's reaction: put on or taken off, never toggled. */
  'reaction:set': z.object({ messageId: uuidSchema, emoji: emojiSchema, on: z.boolean() }),
  'member:joined': z.object({ userId: uuidSchema, role: memberRoleSchema }),
  'member:left': z.object({ userId: uuidSchema }),
  'member:role': z.object({ userId: uuidSchema, role: memberRoleSchema }),
  /** One key of my account log; null removes it. */
  'account:updated': z.object({ key: z.string(), value: z.unknown() }),
  /** One key of an organisation's log; null removes it. */
  'org:updated': z.object({ key: z.string(), value: z.unknown() }),
} as const;

/** A known event type; also the name of the socket event that carries it. */
export type EventType = keyof typeof eventPayloadSchemas;
/** The payload of one event type as it is sent: what has a default may be absent. */
export type EventContent<T extends EventType> = z.input<(typeof eventPayloadSchemas)[T]>;
/** The payload of one event type. */
export type EventPayload<T extends EventType> = z.infer<(typeof eventPayloadSchemas)[T]>;

/** All known event types. */
export const eventTypes = Object.keys(eventPayloadSchemas) as [EventType, ...EventType[]];

/** Scope of a log: who shares it. */
export const logKindSchema = z.enum(['conversation', 'account', 'org']);
/** See {@link logKindSchema}. */
export type LogKind = z.infer<typeof logKindSchema>;

/**
 * An event as stored and sent. `chain` is the log's chain after it; `at` is the server's time in ms;
 * `memberVersion` the version of the member list it was sent to (0 for account logs).
 */
export const envelopeSchema = z.object({
  logId: uuidSchema,
  seq: seqSchema,
  chain: chainSchema,
  type: z.string().min(1).max(64),
  actorId: uuidSchema,
  opId: uuidSchema,
  opHash: hashSchema,
  at: timeMsSchema,
  payload: z.unknown(),
  memberVersion: watermarkSchema,
});
/** See {@link envelopeSchema}. */
export type Envelope = z.infer<typeof envelopeSchema>;

/** An envelope whose type is known and whose payload is present and valid. */
export type KnownEvent = {
  [T in EventType]: Omit<Envelope, 'type' | 'payload'> & { type: T; payload: EventPayload<T> };
}[EventType];

/**
 * Reads an envelope's payload.
 * @returns the typed event, `skeleton` when the payload was scrubbed or withheld, `unknown` for a type or payload
 * this version cannot read
 */
export function readEvent(envelope: Envelope): KnownEvent | 'skeleton' | 'unknown' {
  if (envelope.payload === null || envelope.payload === undefined) return 'skeleton';
  if (!isEventType(envelope.type)) return 'unknown';
  const parsed = eventPayloadSchemas[envelope.type].safeParse(envelope.payload);
  // The pairing of type and payload was just checked; TypeScript cannot follow it through the indexed lookup.
  return parsed.success ? ({ ...envelope, payload: parsed.data } as KnownEvent) : 'unknown';
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventPayloadSchemas, type);
}
