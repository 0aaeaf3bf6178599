/** Routes of conversations, their members and their messages: what `ops:submit` does, for programs without a socket. */
import { z } from 'zod';
import { emojiSchema, seqSchema, timeMsSchema, uuidSchema, watermarkSchema } from '../domain/ids.ts';
import {
  audienceSchema,
  conversationLinkSchema,
  conversationSchema,
  conversationSettings,
  historyVisibilitySchema,
  memberRoleSchema,
  mentionsSchema,
  messageExtrasSchema,
  messageSchema,
} from '../domain/message.ts';
import { limits } from '../domain/limits.ts';
import { opResultSchema, titleSchema } from './ops.ts';
import { reachQuerySchema, reachSchema } from './reach.ts';
import { byId, opIdOnly, type RouteSpec } from './route-spec.ts';
import { searchAnswerSchema, searchRequestSchema } from './search.ts';
import {
  historyAnswerSchema,
  historyQuerySchema,
  receiptCountsAnswerSchema,
  receiptCountsQuerySchema,
  receiptsAnswerSchema,
  receiptsQuerySchema,
} from './sync.ts';

const byPerson = byId.extend({ userId: uuidSchema });
const reaction = byId.extend({ emoji: emojiSchema });
const beginning = {
  opId: uuidSchema,
  /** the id it is to have; made from `opId` when left out */
  id: uuidSchema.optional(),
  orgId: uuidSchema,
};
// How many people it may name is for the op to say, which answers GROUP_FULL where a list could only be "not valid".
const memberIds = z.array(uuidSchema).default([]);

/** A text a message had, from `at` on. */
const pastTextSchema = z.object({ seq: seqSchema, at: timeMsSchema, text: z.string() });
/** See {@link pastTextSchema}. */
export type PastText = z.infer<typeof pastTextSchema>;

/** See the head of this file. */
export const conversationRoutes = {
  conversations: {
    method: 'GET',
    path: '/api/conversations',
    access: 'user',
    scopes: ['messages:read'],
    summary: 'My conversations.',
    query: z.strictObject({
      cursor: z.string().max(64).optional(),
      limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
    }),
    answer: z.object({ conversations: z.array(conversationSchema), cursor: z.string().optional() }),
  },
  createConversation: {
    method: 'POST',
    path: '/api/conversations',
    access: 'user',
    scopes: ['conversations:write'],
    write: 'op',
    summary:
      'Create a conversation. Of a pair or an item there is only one: it is answered if there is one already.',
    body: z.discriminatedUnion('kind', [
      z.strictObject({ ...beginning, kind: z.literal('direct'), peerId: uuidSchema }),
      z.strictObject({
        ...beginning,
        kind: z.literal('group'),
        title: titleSchema,
        memberIds,
        history: historyVisibilitySchema.default('all'),
      }),
      z.strictObject({
        ...beginning,
        kind: z.literal('linked'),
        title: titleSchema,
        link: conversationLinkSchema,
        memberIds,
      }),
      z.strictObject({
        ...beginning,
        kind: z.literal('announcement'),
        title: titleSchema,
        audience: audienceSchema,
      }),
    ]),
    answer: conversationSchema,
  },
  putItemConversation: {
    method: 'PUT',
    path: '/api/orgs/:id/items/:type/:itemId/conversation',
    access: 'user',
    scopes: ['conversations:write'],
    write: 'op',
    summary:
      'The conversation of an item of another system, in one call: created if there is none, joined if there is one; its address and status become these.',
    params: byId.extend({ type: conversationLinkSchema.shape.type, itemId: conversationLinkSchema.shape.id }),
    body: z.strictObject({
      opId: uuidSchema,
      title: titleSchema,
      url: conversationLinkSchema.shape.url,
      status: conversationLinkSchema.shape.status.default(''),
      memberIds,
    }),
    answer: conversationSchema,
  },
  conversation: {
    method: 'GET',
    path: '/api/conversations/:id',
    access: 'user',
    scopes: ['messages:read'],
    summary: 'One conversation.',
    params: byId,
    answer: conversationSchema,
  },
  updateConversation: {
    method: 'PATCH',
    path: '/api/conversations/:id',
    access: 'user',
    scopes: ['conversations:write'],
    write: 'op',
    summary: 'Change settings; what is left out stays.',
    params: byId,
    body: z.strictObject({
      opId: uuidSchema,
      title: titleSchema.optional(),
      pin: z.strictObject({ messageId: uuidSchema, on: z.boolean() }).optional(),
      link: conversationLinkSchema.optional(),
      isClosed: conversationSettings.isClosed.optional(),
      messageTtlMs: conversationSettings.messageTtlMs.optional(),
    }),
    answer: opResultSchema,
  },
  addParticipant: {
    method: 'POST',
    path: '/api/conversations/:id/participants',
    access: 'user',
    scopes: ['members:write'],
    write: 'op',
    summary: 'Take somebody of the organisation into a conversation.',
    params: byId,
    body: z.strictObject({
      opId: uuidSchema,
      userId: uuidSchema,
      role: memberRoleSchema.default('member'),
    }),
    answer: opResultSchema,
  },
  updateParticipant: {
    method: 'PATCH',
    path: '/api/conversations/:id/participants/:userId',
    access: 'user',
    scopes: ['members:write'],
    write: 'op',
    summary: 'Give a member of a conversation another role.',
    params: byPerson,
    body: z.strictObject({ opId: uuidSchema, role: memberRoleSchema }),
    answer: opResultSchema,
  },
  removeParticipant: {
    method: 'DELETE',
    path: '/api/conversations/:id/participants/:userId',
    access: 'user',
    scopes: ['members:write'],
    write: 'op',
    summary: 'Take somebody out of a conversation, or leave it oneself.',
    params: byPerson,
    query: opIdOnly,
    answer: opResultSchema,
  },
  receipts: {
    method: 'GET',
    path: '/api/conversations/:id/receipts',
    access: 'user',
    scopes: ['messages:read'],
    summary:
      'Watermarks of its members, by name, a page at a time. Of an announcement channel, those who run it see all, others their own.',
    params: byId,
    query: receiptsQuerySchema,
    answer: receiptsAnswerSchema,
  },
  receiptCounts: {
    method: 'GET',
    path: '/api/conversations/:id/receipts/counts',
    access: 'user',
    scopes: ['messages:read'],
    summary:
      'How many have, and have read, each of its newest messages, or the one at a position. Of an announcement channel only for those who run it.',
    params: byId,
    query: receiptCountsQuerySchema,
    answer: receiptCountsAnswerSchema,
  },
  markRead: {
    method: 'PUT',
    path: '/api/conversations/:id/read',
    access: 'user',
    scopes: ['messages:write'],
    write: 'op',
    summary: 'Read up to a position; never moves back.',
    params: byId,
    body: z.strictObject({ opId: uuidSchema, seq: seqSchema }),
    answer: opResultSchema,
  },
  history: {
    method: 'GET',
    path: '/api/conversations/:id/messages',
    access: 'user',
    scopes: ['messages:read'],
    summary: 'A page of history.',
    params: byId,
    query: historyQuerySchema,
    answer: historyAnswerSchema,
  },
  search: {
    method: 'GET',
    path: '/api/search',
    access: 'user',
    scopes: ['messages:read'],
    summary:
      'Messages I may see that match a query, newest first: words, "phrases", from:, in:, before:, after:, has:link, is:unread, each also with a minus.',
    query: searchRequestSchema,
    answer: searchAnswerSchema,
  },
  sendMessage: {
    method: 'POST',
    path: '/api/conversations/:id/messages',
    access: 'user',
    scopes: ['messages:write'],
    write: 'op',
    summary: 'Send a message, into the conversation or a thread; its id is the opId.',
    params: byId,
    body: z.strictObject({
      opId: uuidSchema,
      text: z.string(),
      replyTo: uuidSchema.nullable().optional(),
      threadRootId: uuidSchema.optional(),
      mentions: mentionsSchema.optional(),
      extras: messageExtrasSchema.optional(),
    }),
    answer: opResultSchema,
  },
  message: {
    method: 'GET',
    path: '/api/messages/:id',
    access: 'user',
    scopes: ['messages:read'],
    summary: 'One message.',
    params: byId,
    answer: messageSchema,
  },
  messageTexts: {
    method: 'GET',
    path: '/api/messages/:id/texts',
    access: 'user',
    scopes: ['messages:read'],
    summary:
      'What a message said from when on, oldest first: as it was sent, then its newest edits. Empty once it was deleted.',
    params: byId,
    answer: z.object({ texts: z.array(pastTextSchema) }),
  },
  thread: {
    method: 'GET',
    path: '/api/messages/:id/replies',
    access: 'user',
    scopes: ['messages:read'],
    summary:
      'Replies in the thread of a message, oldest first; `after` is the createSeq of the last one you have.',
    params: byId,
    query: z.strictObject({
      after: z.coerce.number().pipe(watermarkSchema).default(0),
      limit: z.coerce.number().pipe(z.int().min(1).max(limits.historyMessages)).default(50),
    }),
    answer: z.object({ messages: z.array(messageSchema), more: z.boolean() }),
  },
  reach: {
    method: 'GET',
    path: '/api/messages/:id/reach',
    access: 'user',
    summary:
      'How far an announcement got, in total and by site and unit, and who is missing. For those who run the channel or its organisation.',
    params: byId,
    query: reachQuerySchema,
    answer: reachSchema,
  },
  editMessage: {
    method: 'PUT',
    path: '/api/messages/:id',
    access: 'user',
    scopes: ['messages:write'],
    write: 'op',
    summary: 'Edit an own message.',
    params: byId,
    body: z.strictObject({ opId: uuidSchema, text: z.string(), mentions: mentionsSchema.optional() }),
    answer: opResultSchema,
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/api/messages/:id',
    access: 'user',
    scopes: ['messages:write'],
    write: 'op',
    summary: 'Delete an own message for everyone.',
    params: byId,
    query: opIdOnly,
    answer: opResultSchema,
  },
  addReaction: {
    method: 'PUT',
    path: '/api/messages/:id/reactions/:emoji',
    access: 'user',
    scopes: ['messages:write'],
    write: 'op',
    summary: 'React to a message.',
    params: reaction,
    body: opIdOnly,
    answer: opResultSchema,
  },
  removeReaction: {
    method: 'DELETE',
    path: '/api/messages/:id/reactions/:emoji',
    access: 'user',
    scopes: ['messages:write'],
    write: 'op',
    summary: 'Take an own reaction back.',
    params: reaction,
    query: opIdOnly,
    answer: opResultSchema,
  },
} as const satisfies Record<string, RouteSpec>;
