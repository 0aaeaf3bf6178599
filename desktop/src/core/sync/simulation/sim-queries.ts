/** Queries of the checks. Owns that each is prepared once per open file: they run after every step. */
import type { Database, Statement } from 'better-sqlite3';
import { createCacheReads, type CacheReads } from '../../store/views/cache-reads.ts';

const prepared = new WeakMap<Database, Map<string, Statement<[string]>>>();
const reads = new WeakMap<Database, CacheReads>();

/** The rows of a query that takes one id. */
export function rowsOf<T>(db: Database, sql: string, id: string): T[] {
  const known = prepared.get(db) ?? new Map<string, Statement<[string]>>();
  prepared.set(db, known);
  const statement = known.get(sql) ?? db.prepare<[string]>(sql);
  known.set(sql, statement);
  // Each query's columns are named for the type its caller gives.
  return statement.all(id) as T[];
}

/** What the views read, of one person's cache. */
export function cacheReadsOf(db: Database, userId: string): CacheReads {
  const known = reads.get(db) ?? createCacheReads(db, userId);
  reads.set(db, known);
  return known;
}
