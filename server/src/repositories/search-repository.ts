/** Reads of the search: where a person may look, who is called what, and messages downwards from a time. */
import type { Pool } from 'pg';

/** A stretch of a conversation that a person may see, with the newest message in it at or before a time. */
export interface SearchRange {
  readonly conversationId: string;
  readonly kind: 'direct' | 'group' | 'linked' | 'announcement';
  /** null for a direct conversation, and for one the person has left: its title may have changed since */
  readonly title: string | null;
  readonly lo: number;
  readonly hi: number;
  /** position and time of that newest message */
  readonly seq: number;
  readonly atMs: number;
  readonly readSeq: number;
  readonly unreadFromSeq: number | null;
}

/** The statement behind {@link findSearchRanges}; exported for the test that explains it. */
export const searchRangesQuery = `
  SELECT i.conversation_id AS "conversationId", c.kind, CASE WHEN m.left_seq IS NULL THEN c.title END AS title,
    i.from_seq AS lo, least(coalesce(i.to_seq, l.head), l.head) AS hi, t.create_seq AS seq, t.created_at_ms AS "atMs",
    m.read_seq AS "readSeq", m.unread_from_seq AS "unreadFromSeq"
  FROM member m
  JOIN member_interval i ON i.conversation_id = m.conversation_id AND i.user_id = m.user_id
  JOIN conversation c ON c.id = m.conversation_id AND c.protection = 'server'
  JOIN log l ON l.id = m.conversation_id
  JOIN LATERAL (
    SELECT s.create_seq, s.created_at_ms FROM message s
    WHERE s.conversation_id = m.conversation_id AND s.create_seq >= i.from_seq
      AND s.create_seq <= least(coalesce(i.to_seq, l.head), l.head) AND s.created_at_ms <= $2
    ORDER BY s.create_seq DESC LIMIT 1) t ON true
  WHERE m.user_id = $1 AND ($3::uuid IS NULL OR m.conversation_id = $3)`;

/** Every stretch with something in it at or before a time, private conversations left out. */
export async function findSearchRanges(
  pool: Pool,
  userId: string,
  untilMs: number,
  conversationId: string | undefined,
): Promise<SearchRange[]> {
  const { rows } = await pool.query<SearchRange>({
    name: 'search_ranges',
    text: searchRangesQuery,
    values: [userId, untilMs, conversationId ?? null],
  });
  return rows;
}

/** Names of everybody in the organisations a person belongs to, those who left included. */
export async function findNames(
  pool: Pool,
  userId: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string }>({
    name: 'search_names',
    text: `
      SELECT u.id, u.name FROM user_account u WHERE u.id = $1 OR u.id IN (
        SELECT o.user_id FROM org_member mine JOIN org_member o ON o.org_id = mine.org_id
        WHERE mine.user_id = $1 AND mine.left_seq IS NULL)`,
    values: [userId],
  });
  return rows;
}

/** The other members of direct conversations, as (conversation, person). */
export async function findPeers(
  pool: Pool,
  userId: string,
): Promise<readonly { readonly conversationId: string; readonly peerId: string }[]> {
  const { rows } = await pool.query<{ conversationId: string; peerId: string }>({
    name: 'search_peers',
    text: `
      SELECT o.conversation_id AS "conversationId", o.user_id AS "peerId"
      FROM member mine JOIN conversation c ON c.id = mine.conversation_id AND c.kind = 'direct'
      JOIN member o ON o.conversation_id = mine.conversation_id AND o.user_id <> mine.user_id
      WHERE mine.user_id = $1`,
    values: [userId],
  });
  return rows;
}

/** Which of these messages a person has deleted for themselves. */
export async function findHidden(
  pool: Pool,
  userId: string,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ key: string }>({
    name: 'search_hidden',
    text: `SELECT key FROM log_entry WHERE log_id = $1 AND key = ANY($2) AND value IS NOT NULL`,
    values: [userId, messageIds.map((id) => `hidden:${id}`)],
  });
  return new Set(rows.map(({ key }) => key.slice('hidden:'.length)));
}
