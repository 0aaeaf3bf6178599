/** Reads about conversations themselves: settings, members, watermarks. */
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import type { Conversation } from '@curlew/shared/domain/message.ts';
import { readEvent } from '@curlew/shared/domain/event.ts';
import { reduceConversation } from '@curlew/shared/domain/reduce.ts';
import { err, must, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Pool } from 'pg';
import { findMessagePlace, type ConversationAccess } from '../repositories/access-repository.ts';
import { findConversation, readConversations } from '../repositories/conversation-repository.ts';
import { readSettingsEvents } from '../repositories/event-repository.ts';
import { authorise } from './authorise.ts';
import { isVisible, openConversation, type ReadableLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { ConversationsPage, MemberList, Outcome } from './service-types.ts';

/** Answers `GET conversations`. */
export async function conversations(
  pool: Pool,
  userId: string,
  query: { cursor?: string | undefined; limit: number },
): Promise<Outcome<ConversationsPage>> {
  const { cursor, limit } = query;
  if (cursor !== undefined && !uuidSchema.safeParse(cursor).success) {
    return err(errorBody('BAD_REQUEST', { detail: 'cursor: not one of this server' }));
  }
  const rows = await readConversations(pool, userId, cursor, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return ok({ conversations: page, ...(rows.length > limit && last ? { cursor: last.id } : {}) });
}

/** Answers `GET conversations/:id`. */
export async function conversation(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
): Promise<Outcome<Conversation>> {
  const opened = await openConversation(pool, cache, userId, conversationId);
  if (!opened.ok) return opened;
  const found = await findConversation(pool, conversationId);
  return found ? ok(await conversationAsVisible(pool, opened.value, found)) : err(errorBody('NOT_FOUND'));
}

/** A conversation as a person may see it: a former member as they left it, titles, pins and people of that moment. */
export async function conversationAsVisible(
  pool: Pool,
  { isMember, head }: ReadableLog,
  conversation: Conversation,
): Promise<Conversation> {
  if (isMember) return conversation;
  let row: Conversation | undefined;
  for (const envelope of await readSettingsEvents(pool, conversation.id, head)) {
    const event = readEvent(envelope);
    if (typeof event !== 'string') row = reduceConversation(row, event);
  }
  return must(row, 'a conversation begins with its settings');
}

/** The present members, to a present member. */
export async function members(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
): Promise<Outcome<MemberList>> {
  const access = await presentAccess(pool, cache, userId, conversationId);
  if (!access.ok) return access;
  const { memberVersion } = access.value;
  const memberIds = [...access.value.members.values()].filter((it) => it.isActive).map((it) => it.userId);
  return ok({ memberIds, memberVersion });
}

/** Who stands where in a conversation, for what only its present members may know. */
export async function presentAccess(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
): Promise<Outcome<ConversationAccess>> {
  const opened = await openConversation(pool, cache, userId, conversationId);
  if (!opened.ok) return opened;
  const access = await cache.conversation(conversationId, opened.value.log.memberVersion);
  const verdict = authorise(userId, { action: 'conversation.write', conversation: access });
  if (!verdict.isAllowed || !access) return err(errorBody(verdict.isAllowed ? 'NOT_FOUND' : verdict.code));
  return ok(access);
}

/** Where a message stands, for those who may see it. */
export async function conversationOfMessage(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  messageId: string,
): Promise<Outcome<string>> {
  const place = await findMessagePlace(pool, messageId);
  if (!place) return err(errorBody('NOT_FOUND'));
  const opened = await openConversation(pool, cache, userId, place.conversationId);
  if (!opened.ok) return opened;
  return isVisible(opened.value, place.createSeq) ? ok(place.conversationId) : err(errorBody('NOT_FOUND'));
}
