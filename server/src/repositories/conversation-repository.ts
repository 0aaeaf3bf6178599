/** Reads of conversations: settings with members. */
import type { Conversation, Member } from '@curlew/shared/domain/message.ts';
import type { Pool } from 'pg';

const columns = `
  c.id, c.org_id AS "orgId", c.kind, c.protection, c.title, c.pins, c.link, c.is_closed AS "isClosed", c.message_ttl_ms AS "messageTtlMs", c.history, c.audience, c.created_by AS "createdBy", c.created_at_ms AS "createdAt",
  c.rev_seq AS "revSeq",
  (SELECT json_agg(json_build_object('userId', m.user_id, 'role', m.role, 'joinedSeq', m.joined_seq, 'leftSeq', m.left_seq)
     ORDER BY m.joined_seq, m.user_id)
   FROM member m WHERE m.conversation_id = c.id) AS members`;

type ConversationRow = Omit<Conversation, 'members'> & { readonly members: Member[] | null };

/** One conversation; undefined when there is none. */
export async function findConversation(pool: Pool, id: string): Promise<Conversation | undefined> {
  const { rows } = await pool.query<ConversationRow>({
    name: 'conversation',
    text: `SELECT ${columns} FROM conversation c WHERE c.id = $1`,
    values: [id],
  });
  return rows[0] && toConversation(rows[0]);
}

/** Conversations a person is in now, by id, behind `after`. */
export async function readConversations(
  pool: Pool,
  userId: string,
  after: string | undefined,
  limit: number,
): Promise<Conversation[]> {
  const { rows } = await pool.query<ConversationRow>({
    name: 'conversations',
    text: `
      SELECT ${columns} FROM member me JOIN conversation c ON c.id = me.conversation_id
      WHERE me.user_id = $1 AND me.left_seq IS NULL AND ($2::uuid IS NULL OR c.id > $2) ORDER BY c.id LIMIT $3`,
    values: [userId, after ?? null, limit],
  });
  return rows.map(toConversation);
}

function toConversation(row: ConversationRow): Conversation {
  return { ...row, members: row.members ?? [] };
}
