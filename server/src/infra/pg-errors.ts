/** What a PostgreSQL error means for the caller. The one place that reads SQLSTATE codes. */

/**
 * `duplicate`: a unique constraint spoke · `conflict`: repeat the transaction as it was · `unavailable`: the database
 * is away, busy or locked; whether a commit happened is unknown · `refused`: the statement itself is at fault.
 */
export type PgFailure = 'duplicate' | 'conflict' | 'unavailable' | 'refused';

const conflictCodes = new Set(['40001', '40P01']);
// 53: out of resources, 55P03: lock timeout, 57: shutdown or cancelled, 58: system, 08: connection, 25006: read-only standby.
const unavailable = /^(08|53|55P03|57|58|25006|XX)/;
const unavailableErrno = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EACCES',
]);

/** Classifies an error thrown by `pg`. */
export function classifyPgError(error: unknown): PgFailure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === '23505') return 'duplicate';
  if (conflictCodes.has(code)) return 'conflict';
  if (unavailableErrno.has(code) || (code.length === 5 && unavailable.test(code))) return 'unavailable';
  // pg reports a connection that ended under a query, and a pool without a free connection, by message alone.
  if (code === '' && error instanceof Error && /connection|timeout|ended/i.test(error.message))
    return 'unavailable';
  return 'refused';
}
