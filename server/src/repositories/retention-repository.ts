/** What organisations keep no longer: which conversations hold it, and its removal. */
import type { Pool } from 'pg';

/** Messages removed under one lock of a log: so many that writers of it hardly notice. */
const BATCH_ROWS = 500;

/** A conversation whose oldest message is older than its organisation keeps. */
export interface OverdueConversation {
  readonly id: string;
  /** server time in ms; what is older goes */
  readonly beforeMs: number;
}

/** Conversations with something to remove. One look at the oldest message of each, where a period is set at all. */
export async function findOverdue(pool: Pool, nowMs: number): Promise<readonly OverdueConversation[]> {
  const { rows } = await pool.query<OverdueConversation>(
    `SELECT c.id, policy.before_ms AS "beforeMs"
     FROM (
       SELECT e.log_id, $1::bigint - (e.value->>'retentionDays')::bigint * 86400000 AS before_ms
       FROM org o JOIN log_entry e ON e.log_id = o.id AND e.key = 'policy:' || o.id
       WHERE e.value->>'retentionDays' IS NOT NULL
     ) policy
     JOIN conversation c ON c.org_id = policy.log_id
     CROSS JOIN LATERAL (
       SELECT created_at_ms FROM message m WHERE m.conversation_id = c.id ORDER BY m.create_seq LIMIT 1) oldest
     WHERE oldest.created_at_ms < policy.before_ms`,
    [nowMs],
  );
  return rows;
}

/** Removes one batch; false when nothing older is left. */
export async function trimOnce(pool: Pool, { id, beforeMs }: OverdueConversation): Promise<boolean> {
  const { rows } = await pool.query<{ removed: number }>('SELECT curlew_trim($1, $2, $3) AS removed', [
    id,
    beforeMs,
    BATCH_ROWS,
  ]);
  return (rows[0]?.removed ?? 0) > 0;
}
