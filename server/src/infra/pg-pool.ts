/**
 * Connections to PostgreSQL. Owns their settings: every statement gives up a lock after 3 s, no transaction idles,
 * commits are durable, counters arrive as safe integers.
 */
import pg from 'pg';
import type { DatabaseAddress } from './embedded-postgres.ts';

/** Where the database is: an address of the embedded one, or a URL. */
export type DatabaseSource = DatabaseAddress | { readonly connectionString: string };

const INT8 = 20;

/** Reads int8 as a number. Sequence numbers stay below 2^53; a larger value is a broken database, not data. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 out of the safe range: ${text}`);
  return value;
}

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? parseInt8
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** What every connection sets, Prisma's too; the form of libpq's `options`. */
export const sessionOptions = [
  'lock_timeout=3000',
  'statement_timeout=30000',
  'idle_in_transaction_session_timeout=5000',
  'synchronous_commit=on',
  'default_transaction_isolation=read\\ committed',
  'TimeZone=UTC',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** The settings of one connection. */
export function connectionConfig(source: DatabaseSource): pg.PoolConfig {
  return { ...source, types, options: sessionOptions, application_name: 'curlew', keepAlive: true };
}

/**
 * Opens a pool.
 * @param max most connections at once
 * @param onError hears of idle connections that broke; the pool replaces them
 */
export function openPool(source: DatabaseSource, max: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(source),
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', onError);
  return pool;
}
