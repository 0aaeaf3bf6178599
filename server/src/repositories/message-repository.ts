/** Reads of materialised messages: pages, what was touched, single positions. Rows ascend by createSeq. */
import type { Message, Reaction } from '@curlew/shared/domain/message.ts';
import type { Notice } from '@curlew/shared/domain/notices.ts';
import type { Interval } from '@curlew/shared/lib/intervals.ts';
import type { PastText } from '@curlew/shared/protocol/routes-conversations.ts';
import type { Pool } from 'pg';

// One statement reads a row with its reactions, so that both are of one moment.
const columns = `
  m.id, m.conversation_id AS "conversationId", m.create_seq AS "createSeq", m.rev_seq AS "revSeq", m.sender_id AS "senderId",
  m.text, m.reply_to AS "replyTo", m.thread_root_id AS "threadRootId", m.mentions, m.extras, m.composed_at_ms AS "composedAt", m.created_at_ms AS "createdAt",
  m.edited_at_ms AS "editedAt", m.deleted_at_ms AS "deletedAt", m.notices,
  m.deleted_at_ms IS NOT NULL AND m.expires_at_ms IS NOT NULL AS "isExpired",
  (SELECT json_agg(json_build_object('emoji', r.emoji, 'userId', r.user_id, 'seq', r.seq) ORDER BY r.seq)
   FROM reaction r WHERE r.message_id = m.id) AS reactions`;

type MessageRow = Omit<Message, 'reactions' | 'notices' | 'isExpired'> & {
  readonly reactions: Reaction[] | null;
  readonly notices: Notice[] | null;
  readonly isExpired: boolean;
};

/** The statement behind {@link readMessagesBefore}; exported for the test that explains it. */
export const messagesBeforeQuery = `
  SELECT ${columns} FROM message m
  WHERE m.conversation_id = $1 AND m.create_seq >= $2 AND m.create_seq <= $3
  ORDER BY m.create_seq DESC LIMIT $4`;

const messagesAfterQuery = messagesBeforeQuery.replace('DESC', 'ASC');

/** The newest `limit` messages of a range, ascending. */
export async function readMessagesBefore(
  pool: Pool,
  conversationId: string,
  range: Interval,
  limit: number,
): Promise<Message[]> {
  const { rows } = await pool.query<MessageRow>({
    name: 'messages_before',
    text: messagesBeforeQuery,
    values: [conversationId, range.lo, range.hi, limit],
  });
  return rows.reverse().map(toMessage);
}

/** The oldest `limit` messages of a range, ascending. */
export async function readMessagesAfter(
  pool: Pool,
  conversationId: string,
  range: Interval,
  limit: number,
): Promise<Message[]> {
  const { rows } = await pool.query<MessageRow>({
    name: 'messages_after',
    text: messagesAfterQuery,
    values: [conversationId, range.lo, range.hi, limit],
  });
  return rows.map(toMessage);
}

/** The oldest `limit` replies of a thread behind `after` that were created in `ranges`, ascending. */
export async function readReplies(
  pool: Pool,
  rootId: string,
  ranges: readonly Interval[],
  after: number,
  limit: number,
): Promise<Message[]> {
  const { rows } = await pool.query<MessageRow>({
    name: 'replies',
    text: `
      SELECT ${columns} FROM message m
      WHERE m.thread_root_id = $1 AND m.create_seq > $2
        AND EXISTS (SELECT 1 FROM unnest($3::bigint[], $4::bigint[]) AS seen(lo, hi) WHERE m.create_seq BETWEEN seen.lo AND seen.hi)
      ORDER BY m.create_seq LIMIT $5`,
    values: [rootId, after, ranges.map((it) => it.lo), ranges.map((it) => it.hi), limit],
  });
  return rows.map(toMessage);
}

/** What a message said: as it was sent, and its newest `limit` edits, oldest first; nothing of it once it was deleted. */
export async function readPastTexts(pool: Pool, messageId: string, limit: number): Promise<PastText[]> {
  const { rows } = await pool.query<PastText>({
    name: 'past-texts',
    text: `
      SELECT e.seq, e.at_ms AS at, e.payload->>'text' AS text FROM message m
      JOIN event e ON e.log_id = m.conversation_id
        AND e.seq = ANY (m.create_seq || m.edit_seqs[greatest(1, cardinality(m.edit_seqs) - $2 + 1):])
      WHERE m.id = $1 AND m.class = 'content' AND e.payload IS NOT NULL ORDER BY e.seq`,
    values: [messageId, limit],
  });
  return rows;
}

/** The statement behind {@link readTouched}; exported for the test that explains it. */
export const touchedQuery = `
  SELECT ${columns} FROM message m
  WHERE m.conversation_id = $1 AND m.rev_seq > $2 AND m.rev_seq > m.create_seq
    AND EXISTS (SELECT 1 FROM unnest($3::bigint[], $4::bigint[]) AS held(lo, hi) WHERE m.create_seq BETWEEN held.lo AND held.hi)
  ORDER BY m.create_seq`;

/** Messages created in `held` that changed after position `since`, tombstones included. */
export async function readTouched(
  pool: Pool,
  conversationId: string,
  since: number,
  held: readonly Interval[],
): Promise<Message[]> {
  if (held.length === 0) return [];
  const { rows } = await pool.query<MessageRow>({
    name: 'touched',
    text: touchedQuery,
    values: [conversationId, since, held.map((it) => it.lo), held.map((it) => it.hi)],
  });
  return rows.map(toMessage);
}

/** The first position at or after a time, by bisection over the log; head + 1 when everything is older. */
export async function findSeqAt(pool: Pool, logId: string, head: number, atMs: number): Promise<number> {
  let lo = 1;
  let hi = head + 1;
  while (lo < hi) {
    const middle = Math.floor((lo + hi) / 2);
    const { rows } = await pool.query<{ at_ms: number }>({
      name: 'event_time',
      text: 'SELECT at_ms FROM event WHERE log_id = $1 AND seq = $2',
      values: [logId, middle],
    });
    if ((rows[0]?.at_ms ?? 0) >= atMs) hi = middle;
    else lo = middle + 1;
  }
  return lo;
}

function toMessage({ notices, isExpired, ...row }: MessageRow): Message {
  return {
    ...row,
    reactions: row.reactions ?? [],
    ...(notices ? { notices } : {}),
    ...(isExpired ? { isExpired } : {}),
  };
}
