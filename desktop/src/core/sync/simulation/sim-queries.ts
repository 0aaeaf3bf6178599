/** Queries of the checks. Owns that each is prepared once per open file: they run after every step. */
import type { Database, Statement } from 'better-sqlite3';
import type { AccountStores } from '../../store/store-types.ts';
import { createCacheReads, type CacheReads } from '../../store/views/cache-reads.ts';
import { MentionNames } from '../../store/views/mention-names.ts';
import { createOutboxReads } from '../../store/views/outbox-reads.ts';
import { People } from '../../store/views/people.ts';
import { UnreadCounts } from '../../store/views/unread-counts.ts';

const prepared = new WeakMap<Database, Map<string, Statement<[string]>>>();
const reads = new WeakMap<Database, CacheReads>();
const counts = new WeakMap<Database, UnreadCounts>();

/** The rows of a query that takes one id. */
export function rowsOf<T>(db: Database, sql: string, id: string): T[] {
  const known = prepared.get(db) ?? new Map<string, Statement<[string]>>();
  prepared.set(db, known);
  const statement = known.get(sql) ?? db.prepare<[string]>(sql);
  known.set(sql, statement);
  // Each query's columns are named for the type its caller gives.
  return statement.all(id) as T[];
}

/** Entries of an account or organisation log, by key. */
export function entriesOf(db: Database, logId: string): ReadonlyMap<string, unknown> {
  const rows = rowsOf<{ key: string; value: string }>(
    db,
    'SELECT key, value FROM entry WHERE log_id = ? ORDER BY key',
    logId,
  );
  return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
}

/** Up to where a device shows that older messages are kept no longer. */
export function floorOf(db: Database, logId: string): number {
  return (
    rowsOf<{ floor: number }>(db, 'SELECT floor_seq AS floor FROM log WHERE id = ?', logId)[0]?.floor ?? 0
  );
}

/** Texts on screen, on this device, of messages whose time was over at `nowMs`, the server's time. */
export function overdueRows(db: Database, nowMs: number): readonly string[] {
  const rows = rowsOf<{ id: string; createdAt: number; extras: string }>(
    db,
    'SELECT id, created_at AS createdAt, extras FROM message WHERE text IS NOT NULL AND extras <> ?',
    '{}',
  );
  return rows.flatMap(({ id, createdAt, extras }) => {
    const { ttlMs } = JSON.parse(extras) as { ttlMs?: number };
    return ttlMs !== undefined && createdAt + ttlMs <= nowMs ? [id] : [];
  });
}

/** What the views read, of one person's cache. */
export function cacheReadsOf(db: Database, userId: string): CacheReads {
  const known = reads.get(db) ?? createCacheReads(db, userId);
  reads.set(db, known);
  return known;
}

/** What the views count, of one device. */
export function countsOf(stores: AccountStores, userId: string): UnreadCounts {
  const known = counts.get(stores.cacheDb);
  if (known) return known;
  const cache = cacheReadsOf(stores.cacheDb, userId);
  const outbox = createOutboxReads(stores.outboxDb);
  const names = new MentionNames(stores.cacheDb, userId, new People(stores.cacheDb, userId, outbox));
  const made = new UnreadCounts(stores.cacheDb, cache, outbox, names, userId);
  counts.set(stores.cacheDb, made);
  return made;
}
