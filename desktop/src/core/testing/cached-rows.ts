/**
 * What the cache holds, in the shared shapes, for comparison with the reducer. Reads the tables directly, without the code
 * under test.
 */
import type { Conversation, LogEntry, Message } from '@curlew/shared/domain/message.ts';
import type { AccountStores } from '../store/store-types.ts';

type Stores = Pick<AccountStores, 'cacheDb'>;

/** Columns that hold JSON. */
interface JsonColumns {
  readonly reactions: string;
  readonly mentions: string;
  readonly extras: string;
  readonly notices: string | null;
  readonly isExpired: number;
}

/** Messages by position. */
export function cachedMessages({ cacheDb }: Stores, conversationId: string): readonly Message[] {
  return cacheDb
    .prepare<[string], Omit<Message, keyof JsonColumns> & JsonColumns>(
      `SELECT id, conversation_id AS conversationId, create_seq AS createSeq, rev_seq AS revSeq, sender_id AS senderId,
         text, reply_to AS replyTo, thread_root_id AS threadRootId, mentions, extras, composed_at AS composedAt, created_at AS createdAt, edited_at AS editedAt,
         deleted_at AS deletedAt, reactions, notices, is_expired AS isExpired FROM message WHERE conversation_id = ? ORDER BY create_seq`,
    )
    .all(conversationId)
    .map(({ reactions, mentions, extras, notices, isExpired, ...row }) => ({
      ...row,
      reactions: JSON.parse(reactions) as Message['reactions'],
      mentions: JSON.parse(mentions) as Message['mentions'],
      extras: JSON.parse(extras) as Message['extras'],
      ...(notices === null ? {} : { notices: JSON.parse(notices) as Message['notices'] }),
      ...(isExpired === 1 ? { isExpired: true } : {}),
    }));
}

/** Settings and members. */
export function cachedConversation({ cacheDb }: Stores, id: string): Conversation | undefined {
  const row = cacheDb
    .prepare<[string], Omit<Conversation, 'members'> & { readonly more: string }>(
      `SELECT id, org_id AS orgId, kind, protection, title, created_by AS createdBy, created_at AS createdAt,
         rev_seq AS revSeq, more FROM conversation WHERE id = ?`,
    )
    .get(id);
  const members = cacheDb
    .prepare<[string], Conversation['members'][number]>(
      `SELECT user_id AS userId, role, joined_seq AS joinedSeq, left_seq AS leftSeq FROM member
       WHERE conversation_id = ? ORDER BY user_id`,
    )
    .all(id);
  if (!row) return undefined;
  const { more, ...columns } = row;
  return { ...columns, ...(JSON.parse(more) as object), members } as Conversation;
}

/** Keys of an account or organisation log. */
export function cachedEntries({ cacheDb }: Stores, logId: string): readonly LogEntry[] {
  return cacheDb
    .prepare<[string], { key: string; value: string; revSeq: number }>(
      'SELECT key, value, rev_seq AS revSeq FROM entry WHERE log_id = ? ORDER BY key',
    )
    .all(logId)
    .map((row) => ({ ...row, value: JSON.parse(row.value) as unknown }));
}
