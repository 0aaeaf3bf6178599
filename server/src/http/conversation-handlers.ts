/** What the routes of conversations and messages do. Every write is an op: what `ops:submit` refuses is refused here. */
import type { conversationRoutes } from '@curlew/shared/protocol/routes-conversations.ts';
import { derivedUuid } from '@curlew/shared/lib/uuid.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import type { Caller } from '../services/access-tokens.ts';
import type { FanOut } from '../services/service-types.ts';
import {
  answer,
  asIs,
  composedAtOf,
  limited,
  submitOne,
  type HandlersOf,
  type RouteParts,
} from './handler-parts.ts';

/** Creates the handlers. */
export function conversationHandlers({
  logs,
  rateLimits,
}: RouteParts): HandlersOf<typeof conversationRoutes> {
  /** Creates a conversation, or finds the one there is, and answers it as it is now. */
  const begin = async (
    caller: Caller,
    fields: { readonly opId: string } & Readonly<Record<string, unknown>>,
  ) => {
    const { opId, id = derivedUuid('conversation', opId), ...rest } = fields;
    const lane = String(id);
    const created = await submitOne(logs, caller, lane, {
      kind: 'conversation.create',
      opId,
      protection: 'server',
      ...rest,
    });
    if (!created.ok) return created;
    const conversation = await logs.conversation(caller.userId, created.value.value.canonicalId ?? lane);
    return conversation.ok
      ? ok({ value: conversation.value, fanOut: created.value.fanOut ?? [] })
      : conversation;
  };

  const onMessage = async (
    caller: Caller,
    messageId: string,
    fields: Parameters<typeof submitOne>[3],
  ): ReturnType<typeof submitOne> => {
    const logId = await logs.conversationOfMessage(caller.userId, messageId);
    return logId.ok ? submitOne(logs, caller, logId.value, { ...fields, messageId }) : logId;
  };

  return {
    conversations: async ({ caller, query }) =>
      answer(await logs.conversations(caller.userId, query), ({ conversations, cursor }) => ({
        conversations,
        ...(cursor === undefined ? {} : { cursor }),
      })),

    createConversation: ({ caller, body: { kind, ...body } }) =>
      begin(caller, { ...body, conversationKind: kind }),

    async putItemConversation({ caller, params, body: { opId, title, url, status, memberIds } }) {
      const link = { type: params.type, id: params.itemId, url, status };
      const begun = await begin(caller, {
        opId,
        orgId: params.id,
        conversationKind: 'linked',
        title,
        link,
        memberIds,
      });
      if (!begun.ok) return begun;
      const { value: conversation, fanOut } = begun.value;
      const isAsAsked = conversation.link?.url === url && conversation.link.status === status;
      if (isAsAsked) return begun;
      // An id that follows from the caller's: the same call repeated is the same change, once.
      const update = { kind: 'conversation.update', opId: derivedUuid('item', opId), link } as const;
      const updated = await submitOne(logs, caller, conversation.id, update);
      if (!updated.ok) return updated;
      const sent: readonly FanOut[] = [...fanOut, ...(updated.value.fanOut ?? [])];
      const after = await logs.conversation(caller.userId, conversation.id);
      return after.ok ? ok({ value: after.value, fanOut: sent }) : after;
    },

    conversation: async ({ caller, params }) => asIs(await logs.conversation(caller.userId, params.id)),

    updateConversation: ({ caller, params, body }) =>
      submitOne(logs, caller, params.id, { kind: 'conversation.update', ...body }),

    addParticipant: ({ caller, params, body }) =>
      submitOne(logs, caller, params.id, { kind: 'member.add', ...body }),

    updateParticipant: ({ caller, params: { id, userId }, body }) =>
      submitOne(logs, caller, id, { kind: 'member.role', userId, ...body }),

    removeParticipant: ({ caller, params: { id, userId }, query: { opId } }) =>
      submitOne(logs, caller, id, { kind: 'member.remove', opId, userId }),

    receipts: async ({ caller, params, query }) => asIs(await logs.receipts(caller.userId, params.id, query)),

    receiptCounts: async ({ caller, params, query }) =>
      asIs(await logs.receiptCounts(caller.userId, params.id, query.seq)),

    markRead: ({ caller, params, body }) => submitOne(logs, caller, params.id, { kind: 'read.set', ...body }),

    history: async ({ caller, params, query }) => asIs(await logs.history(caller.userId, params.id, query)),

    search: async ({ caller, query }) => {
      const allowed = await limited(rateLimits('search', caller.userId));
      return allowed.ok ? asIs(await logs.search(caller.userId, query)) : allowed;
    },

    sendMessage: ({ caller, params: { id }, body }) =>
      submitOne(logs, caller, id, {
        kind: 'message.send',
        replyTo: null,
        ...body,
        composedAt: composedAtOf(body.opId),
      }),

    message: async ({ caller, params }) => asIs(await logs.message(caller.userId, params.id)),

    messageTexts: async ({ caller, params }) => {
      const texts = await logs.pastTexts(caller.userId, params.id);
      return texts.ok ? ok({ value: { texts: [...texts.value] } }) : texts;
    },

    reach: async ({ caller, params, query }) =>
      asIs(await logs.reach(caller.userId, params.id, query.missing)),

    thread: async ({ caller, params, query }) =>
      asIs(await logs.replies(caller.userId, params.id, query.after, query.limit)),

    editMessage: ({ caller, params, body }) =>
      onMessage(caller, params.id, { kind: 'message.edit', baseRevSeq: 0, ...body }),

    deleteMessage: ({ caller, params, query: { opId } }) =>
      onMessage(caller, params.id, { kind: 'message.delete', opId }),

    addReaction: ({ caller, params: { id, emoji }, body: { opId } }) =>
      onMessage(caller, id, { kind: 'reaction.set', opId, emoji, on: true }),

    removeReaction: ({ caller, params: { id, emoji }, query: { opId } }) =>
      onMessage(caller, id, { kind: 'reaction.set', opId, emoji, on: false }),
  };
}
