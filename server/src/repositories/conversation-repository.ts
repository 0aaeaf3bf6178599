/** Reads of conversations: settings with members, and watermarks. */
import type { Conversation, Member, Receipt } from '@curlew/shared/domain/message.ts';
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

/** The watermarks of a conversation's members as `forUser` may see them: one's own are whole, the others' as shared. */
export interface ReceiptsRow {
  readonly receiptVersion: number;
  readonly receipts: (Receipt & { readAt?: number | null })[];
}

/** Reads the watermarks; with `seq` also when each member read that position, if they share it. */
export async function readReceipts(
  pool: Pool,
  conversationId: string,
  forUser: string,
  seq: number | undefined,
): Promise<ReceiptsRow> {
  const { rows } = await pool.query<Receipt & { readAt: number | null; receiptVersion: number }>({
    name: 'receipts',
    text: `
      SELECT c.receipt_version AS "receiptVersion", m.user_id AS "userId", m.delivered_seq AS "deliveredSeq",
        s.read_seq AS "readSeq",
        CASE WHEN $3::bigint <= s.read_seq THEN
          (SELECT r.at_ms FROM read_mark r WHERE r.conversation_id = c.id AND r.user_id = m.user_id AND r.seq >= $3
           ORDER BY r.seq LIMIT 1) END AS "readAt"
      FROM conversation c CROSS JOIN LATERAL (SELECT curlew_shares_reads(c.id) AS reads) org
        JOIN member m ON m.conversation_id = c.id
        CROSS JOIN LATERAL (SELECT CASE WHEN m.user_id = $2 THEN m.read_seq
          WHEN org.reads THEN m.shared_read_seq ELSE 0 END AS read_seq) s
      WHERE c.id = $1 AND m.left_seq IS NULL ORDER BY m.user_id`,
    values: [conversationId, forUser, seq ?? null],
  });
  return {
    receiptVersion: rows[0]?.receiptVersion ?? 0,
    receipts: rows.map(({ userId, deliveredSeq, readSeq, readAt }) => {
      const receipt = { userId, deliveredSeq, readSeq };
      return seq === undefined ? receipt : { ...receipt, readAt };
    }),
  };
}

function toConversation(row: ConversationRow): Conversation {
  return { ...row, members: row.members ?? [] };
}
