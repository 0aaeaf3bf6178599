/**
 * Intents: what the renderer may ask for. Owns name, request and answer of each. Every intent is answered by a Result;
 * those that write resolve once the intent is durable on this disk (outbox.db, synchronous=FULL), never later.
 */
import { z } from 'zod';
import { textSchema, uuidSchema, seqSchema, emojiSchema, timeMsSchema } from '@curlew/shared/domain/ids.ts';
import { accountEntrySchemas, preferencesEntrySchema } from '@curlew/shared/domain/entries.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { clientPolicySchema } from '@curlew/shared/protocol/routes-logs.ts';
import { messageTtlSchema } from '@curlew/shared/domain/notices.ts';
import {
  historyVisibilitySchema,
  memberRoleSchema,
  mentionsSchema,
  previewSchema,
} from '@curlew/shared/domain/message.ts';
import { messageTextSchema, titleSchema } from '@curlew/shared/protocol/ops.ts';
import { accountIntents } from './accounts.ts';
import { diagnosticsIntents } from './diagnostics.ts';
import { exportIntents } from './exporting.ts';
import { linkedIntents } from './linked.ts';
import { networkIntents } from './network.ts';
import { notificationIntents } from './notifications.ts';
import { organizationIntents } from './organization.ts';
import { wouldLoseSchema } from './unsent.ts';
import { localSearch, serverSearch } from './search.ts';
import { storageIntents } from './storage.ts';
import { preferencesSchema } from './views.ts';
import { readingIntents } from './reading.ts';
import { draftIntents, keepingIntents, outboxIntents, scheduledIntents } from './writing.ts';

const none = z.strictObject({});
const nothing = z.object({});
const onConversation = z.strictObject({ conversationId: uuidSchema });
const onTtl = onConversation.extend({ messageTtlMs: messageTtlSchema.nullable() });
const onMessage = { conversationId: uuidSchema, messageId: uuidSchema };
const serverUrl = z.string().min(1).max(2048);
const password = textSchema(1024, 1);

/** Every intent by name. `handledBy` says whether the core or the main process itself answers. */
export const intents = {
  // Session.
  'session.probe': {
    handledBy: 'core',
    request: z.strictObject({ serverUrl }),
    answer: z.object({
      serverUrl: z.string(),
      name: z.string(),
      version: z.string(),
      needsSetup: z.boolean(),
      client: clientPolicySchema,
    }),
  },
  'session.signIn': {
    handledBy: 'core',
    request: z.strictObject({ serverUrl, email: z.string().max(254), password }),
    answer: nothing,
  },
  'session.createAccount': {
    handledBy: 'core',
    request: z.strictObject({
      serverUrl,
      email: z.string().max(254),
      password,
      name: textSchema(limits.nameBytes, 1),
      setupCode: z.string().max(200).optional(),
      orgName: z.string().max(200).optional(),
      inviteCode: z.string().max(200).optional(),
    }),
    answer: nothing,
  },
  /** `ifUnsent`: what to do with what only this device has: refuse with its amount, drop it, or save its texts first. */
  'session.signOut': {
    handledBy: 'core',
    request: z.strictObject({ ifUnsent: z.enum(['ask', 'drop', 'export']) }),
    answer: z.object({ signedOut: z.boolean(), wouldLose: wouldLoseSchema }),
  },
  'session.keepForThisRun': { handledBy: 'core', request: none, answer: nothing },
  'session.dismissNotice': {
    handledBy: 'core',
    request: z.strictObject({ id: z.string().max(100) }),
    answer: nothing,
  },
  'account.changePassword': {
    handledBy: 'core',
    request: z.strictObject({ currentPassword: password, newPassword: password }),
    answer: nothing,
  },
  'account.rename': {
    handledBy: 'core',
    request: z.strictObject({ name: textSchema(limits.nameBytes, 1) }),
    answer: nothing,
  },
  /** Chosen presence, also offline; null = online while connected. */
  'account.setStatus': {
    handledBy: 'core',
    request: z.strictObject({ status: accountEntrySchemas.status.nullable() }),
    answer: nothing,
  },
  /** Who sees what of me, also offline; what is absent stays as it is. */
  'account.setPreferences': { handledBy: 'core', request: preferencesEntrySchema, answer: nothing },
  'device.revoke': {
    handledBy: 'core',
    request: z.strictObject({ deviceId: uuidSchema, wipe: z.boolean() }),
    answer: nothing,
  },
  ...organizationIntents,
  ...linkedIntents,
  ...exportIntents,
  // Messages.
  'message.send': {
    handledBy: 'core',
    request: z.strictObject({
      conversationId: uuidSchema,
      text: messageTextSchema,
      replyTo: uuidSchema.nullable(),
      /** in the thread of this message */
      threadRootId: uuidSchema.optional(),
      /** whom the text mentions; see `mentionsSchema` */
      mentions: mentionsSchema.optional(),
      /** not sent any more after this time */
      dropAtMs: timeMsSchema.optional(),
      preview: previewSchema.optional(),
      /** an announcement that everybody is asked to acknowledge */
      requiresAck: z.literal(true).optional(),
      /** an announcement that is told also while readers are not to be disturbed */
      urgent: z.literal(true).optional(),
    }),
    answer: z.object({ messageId: uuidSchema }),
  },
  'message.edit': {
    handledBy: 'core',
    request: z.strictObject({ ...onMessage, text: messageTextSchema, mentions: mentionsSchema.optional() }),
    answer: nothing,
  },
  'message.delete': {
    handledBy: 'core',
    request: z.strictObject({ ...onMessage, forEveryone: z.boolean() }),
    answer: nothing,
  },
  /** Takes back a deletion that was not for everyone. */
  'message.restore': { handledBy: 'core', request: z.strictObject(onMessage), answer: nothing },
  'message.react': {
    handledBy: 'core',
    request: z.strictObject({ ...onMessage, emoji: emojiSchema, on: z.boolean() }),
    answer: nothing,
  },
  ...draftIntents,
  ...scheduledIntents,
  ...keepingIntents,
  ...notificationIntents,
  // Conversations.
  /** Opens (creating it, also offline) the direct conversation with a person. */
  'conversation.openDirect': {
    handledBy: 'core',
    request: z.strictObject({
      userId: uuidSchema,
      /** preferred where both belong to several */
      orgId: uuidSchema.optional(),
    }),
    answer: z.object({ conversationId: uuidSchema }),
  },
  /** Creates a group of the person and these people, also offline. `history`: what those who join later see. */
  'group.create': {
    handledBy: 'core',
    request: z.strictObject({
      orgId: uuidSchema,
      title: titleSchema,
      memberIds: z.array(uuidSchema).max(limits.createMembers),
      history: historyVisibilitySchema,
    }),
    answer: z.object({ conversationId: uuidSchema }),
  },
  /** How long new messages live, in ms; null: for ever. */
  'conversation.setTtl': { handledBy: 'core', request: onTtl, answer: nothing },
  'group.rename': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, title: titleSchema }),
    answer: nothing,
  },
  'group.add': {
    handledBy: 'core',
    request: z.strictObject({
      conversationId: uuidSchema,
      userIds: z.array(uuidSchema).min(1).max(limits.createMembers),
    }),
    answer: nothing,
  },
  /** Takes somebody out, or leaves. */
  'group.remove': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, userId: uuidSchema }),
    answer: nothing,
  },
  'group.setRole': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, userId: uuidSchema, role: memberRoleSchema }),
    answer: nothing,
  },
  /** Pins a message for everybody in the conversation, or takes the pin off. */
  'message.pin': {
    handledBy: 'core',
    request: z.strictObject({ ...onMessage, on: z.boolean() }),
    answer: nothing,
  },
  /** The conversation this window shows, or null. Main joins window focus and lock state to decide what counts as read. */
  'conversation.show': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema.nullable() }),
    answer: nothing,
  },
  /** Newest message that was half visible for 500 ms. Counts as read only while the window is focused and unlocked. */
  'conversation.seen': {
    handledBy: 'core',
    /** `rootId`: in the pane of that message's thread */
    request: z.strictObject({ conversationId: uuidSchema, seq: seqSchema, rootId: uuidSchema.optional() }),
    answer: nothing,
  },
  ...readingIntents,
  'conversation.pin': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, on: z.boolean() }),
    answer: nothing,
  },
  'conversation.mute': {
    handledBy: 'core',
    request: z.strictObject({
      conversationId: uuidSchema,
      on: z.boolean(),
      untilMs: timeMsSchema.nullable(),
    }),
    answer: nothing,
  },
  'conversation.archive': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, on: z.boolean() }),
    answer: nothing,
  },
  /** People on screen, for presence; at most 200. */
  'presence.watch': {
    handledBy: 'core',
    request: z.strictObject({ userIds: z.array(uuidSchema).max(limits.presenceWatch) }),
    answer: nothing,
  },
  // Outbox.
  ...outboxIntents,
  'connection.retryNow': { handledBy: 'core', request: none, answer: nothing },
  // Search; the second needs the network.
  'search.messages': { handledBy: 'core', ...localSearch },
  'search.server': { handledBy: 'core', ...serverSearch },
  ...accountIntents,
  // The app itself.
  ...networkIntents,
  ...storageIntents,
  ...diagnosticsIntents,
  'preferences.set': { handledBy: 'main', request: preferencesSchema.partial(), answer: nothing },
  'app.openExternal': {
    handledBy: 'main',
    request: z.strictObject({ url: z.string().max(2048) }),
    answer: nothing,
  },
  /** Asks where a text goes and writes it there; `saved` is false when the person chose no place. */
  'app.saveText': {
    handledBy: 'main',
    request: z.strictObject({ fileName: z.string().min(1).max(200), text: z.string().max(limits.opBytes) }),
    answer: z.object({ saved: z.boolean() }),
  },
  'app.copyText': {
    handledBy: 'main',
    request: z.strictObject({ text: z.string().max(limits.opBytes) }),
    answer: nothing,
  },
  /** The licences of everything by others that the app is made of. */
  'app.notices': { handledBy: 'main', request: none, answer: z.object({ text: z.string() }) },
  'update.check': { handledBy: 'main', request: none, answer: nothing },
  /** Ends the app, installs the update that is ready, and starts again. */
  'update.restart': { handledBy: 'main', request: none, answer: nothing },
  'window.control': {
    handledBy: 'main',
    request: z.strictObject({
      action: z.enum(['minimize', 'maximize', 'close', 'quit', 'zoomIn', 'zoomOut', 'zoomReset']),
    }),
    answer: nothing,
  },
} as const;

/** Name of an intent. */
export type IntentName = keyof typeof intents;
/** Request of one intent. */
export type IntentRequest<I extends IntentName> = z.infer<(typeof intents)[I]['request']>;
/** Value of one intent's answer. */
export type IntentAnswer<I extends IntentName> = z.infer<(typeof intents)[I]['answer']>;
