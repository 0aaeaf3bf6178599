/**
 * Valid ops with everything they may carry, for tests that break them: each kind of conversation, each key of both
 * entry logs, each optional field. A new one without an example does not compile, or fails `op-variants.test.ts`.
 */
import type { z } from 'zod';
import type { accountEntrySchemas, orgEntrySchemas } from '../domain/entries.ts';
import type { ConversationKind } from '../domain/message.ts';
import { opExamples } from './examples.test-support.ts';
import type { OpKind } from './ops.ts';

const id = (index: number): string => `0199a3c0-7000-7000-8000-${String(index).padStart(12, '0')}`;
const conversationId = id(1);
const atMs = 1_763_730_000_000;
const link = {
  type: 'ticket',
  id: 'FM-1',
  url: 'https://example.org/FM-1',
  status: 'Open',
  isRemoved: true,
} as const;
const extras = {
  preview: { url: 'https://example.org', title: 'A page', description: 'About it', siteName: 'Example' },
  forwardedFrom: id(2),
  requiresAck: true,
  ttlMs: 60_000,
} as const;
const base = { opId: id(9), v: 1, logId: conversationId };
const title = 'Engine room';

type Entries<Schemas extends Record<string, z.ZodType>> = {
  readonly [P in keyof Schemas]: z.input<Schemas[P]>;
};

/** A value for every prefix of an account log's keys. */
const accountEntries: Entries<typeof accountEntrySchemas> = {
  draft: { text: 'Half a sent', replyTo: id(3), asOf: 1 },
  pin: { rank: 1 },
  mute: { untilMs: atMs },
  archive: { at: atMs },
  unread: { fromSeq: 1 },
  hidden: { conversationId },
  saved: { conversationId, at: atMs },
  scheduled: {
    conversationId,
    text: 'Later',
    replyTo: id(3),
    threadRootId: id(4),
    mentions: [id(2)],
    extras,
    sendAtMs: atMs,
    refused: 'NOT_MEMBER',
  },
  notify: { level: 'mentions' },
  status: { state: 'dnd', untilMs: atMs, text: 'In a meeting' },
  preferences: {
    shareReadReceipts: false,
    shareTyping: false,
    presenceAudience: 'conversations',
    lastSeenAudience: 'nobody',
  },
};

/** A value for every prefix of an organisation log's keys. */
const orgEntries: Entries<typeof orgEntrySchemas> = {
  person: { name: 'Ada', title: 'Countess' },
  role: { role: 'admin', deactivated: true },
  org: { name: 'Engines' },
  policy: { groupCreation: 'admins', editWindowMs: 60_000 },
  site: { name: 'North' },
  unit: { name: 'Cooling', siteId: id(5), parentId: id(6) },
  places: { siteIds: [id(5)], unitIds: [id(6)] },
};

const create = { ...base, kind: 'conversation.create', orgId: id(7), protection: 'server' };
const creates: { readonly [K in ConversationKind]: object } = {
  direct: { ...create, conversationKind: 'direct', peerId: id(2) },
  group: { ...create, conversationKind: 'group', title, memberIds: [id(2)], history: 'joined' },
  linked: { ...create, conversationKind: 'linked', title, link, memberIds: [id(2)] },
  announcement: {
    ...create,
    conversationKind: 'announcement',
    title,
    audience: { scope: 'site', id: id(5) },
  },
};

const sets = (kind: OpKind, entries: object): [string, object][] =>
  Object.entries(entries).map(([prefix, value]): [string, object] => [
    `${kind} ${prefix}`,
    { ...base, kind, key: `${prefix}:${id(8)}`, value: value as unknown },
  ]);

/** Every variant by name. */
export const opVariants: Readonly<Record<string, object>> = {
  ...Object.fromEntries(Object.entries(opExamples).map(([kind, op]) => [kind, op as object])),
  ...Object.fromEntries(Object.entries(creates).map(([kind, op]) => [`conversation.create ${kind}`, op])),
  ...Object.fromEntries(sets('account.set', accountEntries)),
  ...Object.fromEntries(sets('org.set', orgEntries)),
  'conversation.update whole': {
    ...base,
    kind: 'conversation.update',
    title,
    pin: { messageId: id(3), on: true },
    link,
    isClosed: true,
    messageTtlMs: 60_000,
  },
  'message.send whole': {
    ...base,
    kind: 'message.send',
    text: 'Hello',
    replyTo: id(3),
    threadRootId: id(4),
    mentions: [id(2)],
    extras,
    composedAt: atMs,
    seenSeq: 3,
  },
  'message.edit whole': {
    ...base,
    kind: 'message.edit',
    messageId: id(3),
    text: 'Hello',
    mentions: [id(2)],
    baseRevSeq: 2,
  },
  'read.set of a thread': { ...base, kind: 'read.set', seq: 2, threadRootId: id(4) },
};
