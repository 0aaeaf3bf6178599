/** Reads of the state of account and organisation logs. */
import type { LogEntry } from '@curlew/shared/domain/message.ts';
import type { Pool } from 'pg';

/** Entries of a log by key, behind `after`, at most `limit`. */
export async function readEntries(
  pool: Pool,
  logId: string,
  after: string | undefined,
  limit: number,
): Promise<LogEntry[]> {
  const { rows } = await pool.query<LogEntry>({
    name: 'entries',
    text: `
      SELECT key, value, rev_seq AS "revSeq" FROM log_entry
      WHERE log_id = $1 AND key > $2 ORDER BY key LIMIT $3`,
    values: [logId, after ?? '', limit],
  });
  return rows;
}
