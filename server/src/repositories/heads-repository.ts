/**
 * Heads: every log of a person with its position. Owns the token that makes "what changed since" exact: rows whose
 * last transaction is not older than the oldest one that was running when the token was given out. A clock would
 * miss what commits late.
 */
import { HERE } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
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
  0::bigint AS receipt_version, 0::bigint AS read_seq, 0::bigint AS delivered_seq, NULL::bigint AS unread_from_seq,
  0::bigint AS joined_seq`;

/** Whether somebody may see a message, as `v`, and whether it names them; `p` is the log. */
const sees = (
  message: string,
): string => `EXISTS (SELECT 1 FROM member_interval v WHERE v.conversation_id = p.id
  AND v.user_id = $1 AND v.from_seq <= ${message}.create_seq AND coalesce(v.to_seq, p.head) >= ${message}.create_seq)`;
const namesMe = (message: string): string =>
  `${message}.mentions <> '{}' AND ${message}.mentions && (p.id || (SELECT ids FROM places))`;

/**
 * What is unread in the threads somebody follows. They follow from their root, their first reply or the first message
 * that names them on; what was said before is not unread to them. Bounded: only the newest replies of a conversation
 * are looked at, and of a thread only what comes first in its index.
 */
const threadsOfLog = `
  WITH recent AS (
    SELECT x.thread_root_id AS root, x.create_seq, x.mentions,
      x.sender_id <> $1 AND x.deleted_at_ms IS NULL AND x.class = 'content' AS counts
    FROM message x WHERE p.kind = 'conversation' AND p.left_seq IS NULL AND x.conversation_id = p.id
      AND x.thread_root_id IS NOT NULL AND x.create_seq > p.joined_seq AND x.create_seq <= p.head
    ORDER BY x.create_seq DESC LIMIT ${UNREAD_MAX}
  ), open AS (
    SELECT r.root, greatest(p.joined_seq, max(t.seq)) AS read_seq FROM recent r
    LEFT JOIN thread_read t ON t.conversation_id = p.id AND t.user_id = $1 AND t.thread_root_id = r.root
    GROUP BY r.root HAVING max(r.create_seq) FILTER (WHERE r.counts) > greatest(p.joined_seq, max(t.seq))
  ), followed AS (
    SELECT o.root, greatest(o.read_seq, follows.since) AS base FROM open o JOIN LATERAL (
      SELECT min(since) AS since FROM (
        SELECT x.create_seq AS since FROM message x
          WHERE x.id = o.root AND (x.sender_id = $1 OR ${namesMe('x')} AND ${sees('x')})
        UNION ALL (SELECT x.create_seq FROM message x WHERE x.thread_root_id = o.root AND x.sender_id = $1
          ORDER BY x.create_seq LIMIT 1)
        UNION ALL (SELECT x.create_seq - 1 FROM message x WHERE x.thread_root_id = o.root AND ${namesMe('x')}
          AND ${sees('x')} ORDER BY x.create_seq LIMIT 1)) facts
    ) follows ON follows.since IS NOT NULL
  ), counted AS (
    SELECT f.root, f.base, count(*) AS unread, count(*) FILTER (WHERE ${namesMe('r')}) AS mentions,
      max(r.create_seq) AS newest
    FROM followed f JOIN recent r ON r.root = f.root AND r.counts AND r.create_seq > f.base
    GROUP BY f.root, f.base ORDER BY newest DESC LIMIT ${limits.headThreads}
  )
  SELECT json_agg(json_build_object('rootId', root, 'readSeq', base, 'unread', unread, 'mentions', mentions)
    ORDER BY newest DESC) AS threads FROM counted`;

/** Under whose names a person is mentioned. */
const placesOfMe = `places AS (
    SELECT array_agg(id) AS ids FROM (
      SELECT $1::uuid AS id UNION ALL SELECT '${HERE}'::uuid
      UNION ALL SELECT site_id FROM site_member WHERE user_id = $1
      UNION ALL SELECT unit_id FROM unit_member WHERE user_id = $1) me
  )`;

/** The statement behind {@link readHeads}; exported for the test that explains it. */
export const headsQuery = `
  WITH ${placesOfMe}, mine AS (
    SELECT l.id, l.kind, l.head, l.chain, l.floor_seq, l.member_version, c.receipt_version, m.read_seq, m.delivered_seq,
      m.unread_from_seq, m.joined_seq, m.left_seq
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
    coalesce(u.unread, 0)::int AS unread, coalesce(u.mentions, 0)::int AS mentions,
    coalesce(replies.threads, '[]') AS threads, p.left_seq IS NOT NULL AS "left"
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
  LEFT JOIN LATERAL (${threadsOfLog}) replies ON true
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

/** The threads of a conversation that have something unread for a member, each with how far it counts as read. */
export async function readUnreadThreads(
  pool: Pool,
  userId: string,
  conversationId: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ threads: Head['threads'] | null }>({
    name: 'unread_threads',
    text: `
      WITH ${placesOfMe}, p AS (
        SELECT l.id, l.kind, l.head, m.joined_seq, m.left_seq
        FROM member m JOIN log l ON l.id = m.conversation_id WHERE m.user_id = $1 AND m.conversation_id = $2)
      SELECT replies.threads FROM p CROSS JOIN LATERAL (${threadsOfLog}) replies`,
    values: [userId, conversationId],
  });
  return new Map(rows[0]?.threads?.map(({ rootId, readSeq }) => [rootId, readSeq] as const));
}
