/**
 * Keys of the account and organisation logs and what each may hold. Owns the closed set of things a person's devices
 * share and an organisation publishes; anything else is refused at the boundary. `null` removes a key.
 */
import { z } from 'zod';
import { limits } from './limits.ts';
import { seqSchema, textSchema, timeMsSchema, uuidSchema, watermarkSchema } from './ids.ts';
import { mentionsSchema, messageExtrasSchema } from './message.ts';

/** A draft: text, and what it answers. */
export const draftSchema = z.strictObject({
  text: textSchema(limits.textBytes),
  replyTo: uuidSchema.nullable(),
});
/** See {@link draftSchema}. */
export type Draft = z.infer<typeof draftSchema>;
/**
 * A draft as my devices share it. `asOf`: up to where its writer knew this log, so that a device whose own draft is
 * beyond that keeps both; absent: it follows whatever there was.
 */
export const draftEntrySchema = draftSchema.extend({ asOf: watermarkSchema.optional() });
/** See {@link draftEntrySchema}. */
export type DraftEntry = z.infer<typeof draftEntrySchema>;

/** Who may see something of a person: those in their organisations, those in a conversation with them, or nobody. */
export const presenceAudienceSchema = z.enum(['organizations', 'conversations', 'nobody']);
/** See {@link presenceAudienceSchema}. */
export type PresenceAudience = z.infer<typeof presenceAudienceSchema>;

/** Preferences that follow the person, not the device. Absent: shared, with everybody in the organisations. */
export const preferencesEntrySchema = z.strictObject({
  shareReadReceipts: z.boolean().optional(),
  /** kept by the person's clients, which then say nothing of typing */
  shareTyping: z.boolean().optional(),
  /** online, away, do not disturb and the status text; the server shows others somebody offline */
  presenceAudience: presenceAudienceSchema.optional(),
  /** when they were last online; never to somebody outside of `presenceAudience` */
  lastSeenAudience: presenceAudienceSchema.optional(),
});
/** See {@link preferencesEntrySchema}. */
export type PreferencesEntry = z.infer<typeof preferencesEntrySchema>;

/**
 * A message the server sends at a time, by the id of its key and as its author would have sent it. `refused`: the error
 * code that says why it could not be; it stays then until its author changes or removes it.
 */
export const scheduledSchema = z.strictObject({
  conversationId: uuidSchema,
  text: textSchema(limits.textBytes, 1).refine((text) => text.trim() !== '', 'must not be blank'),
  replyTo: uuidSchema.nullable(),
  /** the message whose thread it goes to; absent: the conversation */
  threadRootId: uuidSchema.optional(),
  mentions: mentionsSchema.optional(),
  extras: messageExtrasSchema.optional(),
  sendAtMs: timeMsSchema,
  refused: z.string().max(64).optional(),
});
/** See {@link scheduledSchema}. */
export type ScheduledEntry = z.infer<typeof scheduledSchema>;

/** Account-log entries by key prefix; the part after the colon is the id named in the comment. */
export const accountEntrySchemas = {
  /** draft:{conversationId}, or draft:{rootId} of a thread */
  draft: draftEntrySchema,
  /** pin:{conversationId}; lower ranks stand first */
  pin: z.strictObject({ rank: z.number().min(0) }),
  /** mute:{conversationId}; untilMs null = until turned off */
  mute: z.strictObject({ untilMs: timeMsSchema.nullable() }),
  /** archive:{conversationId} */
  archive: z.strictObject({ at: timeMsSchema }),
  /** unread:{conversationId}: marked unread from this message on; cleared by reading past it */
  unread: z.strictObject({ fromSeq: seqSchema }),
  /** hidden:{messageId}: deleted for me */
  hidden: z.strictObject({ conversationId: uuidSchema }),
  /** saved:{messageId}; `at`: when, for their order */
  saved: z.strictObject({ conversationId: uuidSchema, at: timeMsSchema.optional() }),
  /** scheduled:{messageId}: see {@link scheduledSchema} */
  scheduled: scheduledSchema,
  /** notify:{conversationId}: what of it notifies; absent = the person's own default */
  notify: z.strictObject({ level: z.enum(['all', 'mentions', 'none']) }),
  /** status:{userId}: the chosen presence and a text with it, both until a time; null = online while connected */
  status: z.strictObject({
    state: z.enum(['online', 'away', 'dnd']),
    untilMs: timeMsSchema.nullable(),
    text: textSchema(limits.statusBytes, 1).optional(),
  }),
  /** preferences:{userId} */
  preferences: preferencesEntrySchema,
} as const;

/** A person as an organisation shows them. */
export const personSchema = z.strictObject({
  name: textSchema(limits.nameBytes, 1),
  title: textSchema(limits.nameBytes).optional(),
  /** a program, not a person */
  isBot: z.literal(true).optional(),
});
/** See {@link personSchema}. */
export type Person = z.infer<typeof personSchema>;

/** What an organisation allows; absent: the first of the choices, or no limit. */
export const policySchema = z.strictObject({
  groupCreation: z.enum(['members', 'admins']).optional(),
  /** ms after sending in which the author may edit or delete for everyone; null: always */
  editWindowMs: z.int().min(0).nullable().optional(),
  /** days after which messages are removed, from the server and from all devices; null: never */
  retentionDays: z.int().min(1).max(36_500).nullable().optional(),
  /** whether members see how far others have read, who may keep it private also where it is on; absent: on */
  readReceipts: z.boolean().optional(),
  /** whether announcements may be urgent, which passes "do not disturb" and quiet hours; absent: they may not */
  urgentAnnouncements: z.boolean().optional(),
});
/** See {@link policySchema}. */
export type Policy = z.infer<typeof policySchema>;

/** Roles in an organisation. */
export const orgRoleSchema = z.enum(['owner', 'admin', 'member', 'guest']);
/** See {@link orgRoleSchema}. */
export type OrgRole = z.infer<typeof orgRoleSchema>;

/** Organisation-log entries by key prefix. */
export const orgEntrySchemas = {
  /** person:{userId}: written by that person */
  person: personSchema,
  /**
   * role:{userId}: written by owners and admins, or by joining; null = left. `deactivated`: out of it like somebody who
   * left, while role, places and groups are kept until they are active again
   */
  role: z.strictObject({ role: orgRoleSchema, deactivated: z.literal(true).optional() }),
  /** org:{orgId}: written by owners and admins */
  org: z.strictObject({ name: textSchema(limits.nameBytes, 1) }),
  /** policy:{orgId}: written by owners and admins */
  policy: policySchema,
  /** site:{siteId}: written by owners and admins; null = closed */
  site: z.strictObject({ name: textSchema(limits.nameBytes, 1) }),
  /** unit:{unitId} of a site, inside another unit or none: written by owners and admins */
  unit: z.strictObject({
    name: textSchema(limits.nameBytes, 1),
    siteId: uuidSchema,
    parentId: uuidSchema.nullable(),
  }),
  /** places:{userId}: the sites and units a person belongs to; written by owners and admins */
  places: z.strictObject({
    siteIds: z.array(uuidSchema).max(limits.placesPerPerson),
    unitIds: z.array(uuidSchema).max(limits.placesPerPerson),
  }),
} as const;

/** A key as its prefix and the id behind it; undefined when it is neither. */
export function parseEntryKey(key: string): { readonly prefix: string; readonly id: string } | undefined {
  const colon = key.indexOf(':');
  if (colon < 1) return undefined;
  const id = key.slice(colon + 1);
  return uuidSchema.safeParse(id).success ? { prefix: key.slice(0, colon), id } : undefined;
}

/** Whether `value` may stand under `key` in a log of this scope. `null` (removal) always may under a known key. */
export function isValidEntry(scope: 'account' | 'org', key: string, value: unknown): boolean {
  const parsed = parseEntryKey(key);
  if (!parsed) return false;
  const schemas: Record<string, z.ZodType> = scope === 'account' ? accountEntrySchemas : orgEntrySchemas;
  const schema = Object.hasOwn(schemas, parsed.prefix) ? schemas[parsed.prefix] : undefined;
  return schema !== undefined && (value === null || schema.safeParse(value).success);
}
