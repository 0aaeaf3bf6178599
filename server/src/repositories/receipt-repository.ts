/** Reads of watermarks: of each member, a page at a time, and as counts. */
import type { Receipt, ReceiptCount } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { ReceiptStep } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';

/** The watermarks of a conversation's members as `forUser` may see them: one's own are whole, the others' as shared. */
export interface ReceiptsRow {
  readonly receiptVersion: number;
  readonly receipts: (Receipt & { deliveredAt?: number | null; readAt?: number | null })[];
  /** behind whom the next page begins; absent at the end */
  readonly cursor?: string;
}

/** Whose watermarks, and what of them. */
export interface ReceiptsPage {
  readonly forUser: string;
  /** nobody's but `forUser`'s */
  readonly isOwnOnly: boolean;
  readonly seq: number | undefined;
  readonly step: ReceiptStep | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

/** Reads the watermarks by name; with `seq` also when each member got that position and read it, if they share it. A time
 * is of the step that passed the position; null for a delivery when there were too many members to keep it. */
export async function readReceipts(
  pool: Pool,
  conversationId: string,
  { forUser, isOwnOnly, seq, step, after, limit }: ReceiptsPage,
): Promise<ReceiptsRow> {
  const { rows } = await pool.query<
    Receipt & { deliveredAt: number | null; readAt: number | null; receiptVersion: number }
  >({
    name: 'receipts',
    text: `
      SELECT c.receipt_version AS "receiptVersion", m.user_id AS "userId", m.delivered_seq AS "deliveredSeq",
        s.read_seq AS "readSeq",
        CASE WHEN $3::bigint <= m.delivered_seq THEN
          (SELECT CASE WHEN d.after_seq < $3 THEN d.at_ms END FROM delivered_mark d
           WHERE d.conversation_id = c.id AND d.user_id = m.user_id AND d.seq >= $3 ORDER BY d.seq LIMIT 1) END AS "deliveredAt",
        CASE WHEN $3::bigint <= s.read_seq THEN
          (SELECT r.at_ms FROM read_mark r WHERE r.conversation_id = c.id AND r.user_id = m.user_id AND r.seq >= $3
           ORDER BY r.seq LIMIT 1) END AS "readAt"
      FROM conversation c CROSS JOIN LATERAL (SELECT curlew_shares_reads(c.id) AS reads) org
        JOIN member m ON m.conversation_id = c.id
        JOIN org_member o ON o.org_id = c.org_id AND o.user_id = m.user_id
        CROSS JOIN LATERAL (SELECT CASE WHEN m.user_id = $2 THEN m.read_seq
          WHEN org.reads THEN m.shared_read_seq ELSE 0 END AS read_seq) s
      WHERE c.id = $1 AND m.left_seq IS NULL AND (NOT $4 OR m.user_id = $2)
        AND ($5::text IS NULL OR m.user_id <> $2 AND m.joined_seq <= $3 AND CASE $5 WHEN 'read' THEN s.read_seq >= $3
          WHEN 'delivered' THEN m.delivered_seq >= $3 AND s.read_seq < $3
          ELSE greatest(m.delivered_seq, s.read_seq) < $3 END)
        AND ($6::uuid IS NULL OR (o.name, o.user_id) >
          (SELECT last.name, last.user_id FROM org_member last WHERE last.org_id = c.org_id AND last.user_id = $6))
      ORDER BY o.name, o.user_id LIMIT $7`,
    values: [conversationId, forUser, seq ?? null, isOwnOnly, step ?? null, after ?? null, limit + 1],
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    receiptVersion: rows[0]?.receiptVersion ?? 0,
    receipts: page.map(({ userId, deliveredSeq, readSeq, deliveredAt, readAt }) => {
      const receipt = { userId, deliveredSeq, readSeq };
      return seq === undefined ? receipt : { ...receipt, deliveredAt, readAt };
    }),
    ...(rows.length > limit && last ? { cursor: last.userId } : {}),
  };
}

/** Counts of a conversation, with the versions they are of. */
export interface ReceiptCountsRow {
  readonly receiptVersion: number;
  readonly memberVersion: number;
  /** by ascending position */
  readonly counts: readonly ReceiptCount[];
}

/** Members who stand alike: at how many of the messages asked for each of their marks lies. */
interface Standing {
  /** messages before they came */
  readonly before: number;
  readonly delivered: number;
  readonly read: number;
  /** Somebody who wrote one of the messages stands alone. */
  readonly author: string | null;
  readonly people: number;
}

/** The statement behind {@link readReceiptCounts}; exported for the test that times it. */
export const receiptCountsQuery = `
  WITH told AS (
    SELECT create_seq AS seq, sender_id FROM message
    WHERE conversation_id = $1 AND class = 'content' AND deleted_at_ms IS NULL AND ($2::bigint IS NULL OR create_seq = $2)
    ORDER BY create_seq DESC LIMIT ${limits.receiptCounts}
  ), place AS MATERIALIZED (
    SELECT (SELECT array_agg(seq ORDER BY seq) FROM told) AS list, curlew_shares_reads($1) AS reads
  ), alike AS (
    SELECT width_bucket(m.joined_seq - 1, p.list) AS before,
      width_bucket(CASE WHEN p.reads THEN greatest(m.delivered_seq, m.shared_read_seq) ELSE m.delivered_seq END, p.list)
        AS delivered,
      width_bucket(CASE WHEN p.reads THEN m.shared_read_seq ELSE 0 END, p.list) AS read,
      author.sender_id AS author, count(*)::int AS people
    FROM place p CROSS JOIN member m LEFT JOIN (SELECT DISTINCT sender_id FROM told) author ON author.sender_id = m.user_id
    WHERE m.conversation_id = $1 AND m.left_seq IS NULL GROUP BY 1, 2, 3, 4
  )
  SELECT c.receipt_version AS "receiptVersion", l.member_version AS "memberVersion",
    (SELECT json_agg(json_build_object('seq', seq, 'senderId', sender_id) ORDER BY seq) FROM told) AS messages,
    (SELECT json_agg(alike) FROM alike) AS standings
  FROM conversation c JOIN log l ON l.id = c.id WHERE c.id = $1`;

/** Counts how far the newest messages got, or the one at `seq`; undefined when there is no such conversation. */
export async function readReceiptCounts(
  pool: Pool,
  conversationId: string,
  seq: number | undefined,
): Promise<ReceiptCountsRow | undefined> {
  const { rows } = await pool.query<{
    readonly receiptVersion: number;
    readonly memberVersion: number;
    readonly messages: readonly { readonly seq: number; readonly senderId: string }[] | null;
    readonly standings: readonly Standing[] | null;
  }>({ name: 'receipt_counts', text: receiptCountsQuery, values: [conversationId, seq ?? null] });
  const row = rows[0];
  if (!row) return undefined;
  const { receiptVersion, memberVersion, messages, standings } = row;
  const counts = (messages ?? []).map((message, index): ReceiptCount => {
    const count = { seq: message.seq, people: 0, delivered: 0, read: 0 };
    for (const { before, delivered, read, author, people } of standings ?? []) {
      if (index < before || author === message.senderId) continue;
      count.people += people;
      if (index < delivered) count.delivered += people;
      if (index < read) count.read += people;
    }
    return count;
  });
  return { receiptVersion, memberVersion, counts };
}
