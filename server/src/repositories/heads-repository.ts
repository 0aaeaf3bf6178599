/**
 * Heads: every log of a person with its position. Owns the token that makes "what changed since" exact: rows whose
 * last transaction is not older than the oldest one that was running when the token was given out. A clock would
 * miss what commits late.
 */
import { HERE } from '@curlew/shared/domain/message.ts';
import type { Head } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';

/** A page of heads; `xmin` is the token of this moment. */
export interface HeadsPage {
  readonly xmin: string;
  readonly logs: readonly Head[];
}

/** Counting stops here: nobody tells 999 from 1,200. */
const UNREAD_MAX = 999;

const noReceipts = `
  0::bigint AS receipt_version, 0::bigint AS read_seq, 0::bigint AS delivered_seq, NULL::bigint AS unread_from_seq`;

/** The statement behind {@link readHeads}; exported for the test that explains it. */
export const headsQuery = `
  WITH places AS (
    SELECT array_agg(id) AS ids FROM (
      SELECT $1::uuid AS id UNION ALL SELECT '${HERE}'::uuid
      UNION ALL SELECT site_id FROM site_member WHERE user_id = $1
      UNION ALL SELECT unit_id FROM unit_member WHERE user_id = $1) me
  ), mine AS (
    SELECT l.id, l.kind, l.head, l.chain, l.floor_seq, l.member_version, c.receipt_version, m.read_seq, m.delivered_seq,
      m.unread_from_seq, m.left_seq
    FROM member m JOIN log l ON l.id = m.conversation_id JOIN conversation c ON c.id = m.conversation_id
    WHERE m.user_id = $1
      AND CASE WHEN m.left_seq IS NULL THEN greatest(l.updated_xid, c.receipt_xid, m.updated_xid) ELSE m.updated_xid END >= $2
    UNION ALL
    SELECT l.id, l.kind, l.head, l.chain, l.floor_seq, l.member_version, ${noReceipts}, NULL::bigint
    FROM log l WHERE l.id = $1 AND l.updated_xid >= $2
    UNION ALL
    SELECT l.id, l.kind, l.head, l.chain, l.floor_seq, l.member_version, ${noReceipts}, o.left_seq
    FROM org_member o JOIN log l ON l.id = o.org_id
    WHERE o.user_id = $1
      AND CASE WHEN o.left_seq IS NULL THEN greatest(l.updated_xid, o.updated_xid) ELSE o.updated_xid END >= $2
  ), page AS (SELECT * FROM mine WHERE $3::uuid IS NULL OR id > $3 ORDER BY id LIMIT $4)
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, p.id, p.kind, coalesce(p.left_seq, p.head) AS head,
    encode(CASE WHEN p.left_seq IS NULL THEN p.chain
      ELSE (SELECT e.chain FROM event e WHERE e.log_id = p.id AND e.seq = p.left_seq) END, 'hex') AS chain,
    p.floor_seq AS "floorSeq", p.member_version AS "memberVersion", p.receipt_version AS "receiptVersion",
    p.read_seq AS "readSeq", p.delivered_seq AS "deliveredSeq", p.unread_from_seq AS "unreadFromSeq",
    coalesce(u.unread, 0)::int AS unread, coalesce(u.mentions, 0)::int AS mentions, p.left_seq IS NOT NULL AS "left"
  FROM (SELECT 1) one LEFT JOIN page p ON true
  LEFT JOIN LATERAL (
    SELECT count(*) AS unread, count(*) FILTER (WHERE counted.names_me) AS mentions FROM (
      SELECT x.mentions <> '{}' AND x.mentions && (p.id || (SELECT ids FROM places)) AS names_me FROM member_interval v JOIN message x ON x.conversation_id = v.conversation_id
        AND x.create_seq > least(p.read_seq, p.unread_from_seq - 1)
        AND x.create_seq >= v.from_seq AND x.create_seq <= coalesce(v.to_seq, p.head)
      WHERE p.kind = 'conversation' AND p.left_seq IS NULL AND v.conversation_id = p.id AND v.user_id = $1
        AND x.sender_id <> $1 AND x.deleted_at_ms IS NULL AND x.class = 'content' AND x.thread_root_id IS NULL
      LIMIT ${UNREAD_MAX}) counted
  ) u ON true
  ORDER BY p.id`;

/**
 * A page of a person's logs.
 * @param since only logs touched by a transaction at or after this one; "0" for all
 * @param after only ids behind this one
 */
export async function readHeads(
  pool: Pool,
  userId: string,
  since: string,
  after: string | undefined,
  limit: number,
): Promise<HeadsPage> {
  const { rows } = await pool.query<Omit<Head, 'asOf' | 'id'> & { id: string | null; xmin: string }>({
    name: 'heads',
    text: headsQuery,
    values: [userId, since, after ?? null, limit],
  });
  const logs = rows.flatMap(({ xmin: _xmin, id, ...head }) =>
    id === null ? [] : [{ id, ...head, asOf: head.head }],
  );
  return { xmin: rows[0]?.xmin ?? '0', logs };
}
