/** What the clock has to do: scheduled messages whose time has come, and messages whose time is over. */
import type { ScheduledEntry } from '@curlew/shared/domain/entries.ts';
import type { Pool } from 'pg';

/** Most that is done in one round. */
const ROUND_ROWS = 200;

/** A scheduled message: its author, its id, and what was scheduled. */
export interface ScheduledMessage {
  readonly userId: string;
  readonly messageId: string;
  readonly value: ScheduledEntry;
}

/** Scheduled messages that are due and were not refused, the oldest first. */
export async function findScheduled(pool: Pool, nowMs: number): Promise<readonly ScheduledMessage[]> {
  const { rows } = await pool.query<ScheduledMessage>(
    `SELECT log_id AS "userId", split_part(key, ':', 2) AS "messageId", value FROM log_entry
     WHERE key LIKE 'scheduled:%' AND (value->>'sendAtMs')::bigint <= $1 AND NOT value ? 'refused'
     ORDER BY (value->>'sendAtMs')::bigint, key LIMIT ${ROUND_ROWS}`,
    [nowMs],
  );
  return rows;
}

/** A message whose time is over. */
export interface ExpiredMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string;
}

/** Messages that have to disappear, the oldest first. */
export async function findExpired(pool: Pool, nowMs: number): Promise<readonly ExpiredMessage[]> {
  const { rows } = await pool.query<ExpiredMessage>(
    `SELECT id, conversation_id AS "conversationId", sender_id AS "senderId" FROM message
     WHERE expires_at_ms <= $1 AND deleted_at_ms IS NULL ORDER BY expires_at_ms LIMIT ${ROUND_ROWS}`,
    [nowMs],
  );
  return rows;
}
