/**
 * Reads of cache.db for the sync engine, and the small facts it keeps there. Owns the shape of a log row.
 */
import type { IntervalSet } from '@curlew/shared/lib/intervals.ts';
import type { LogKind } from '@curlew/shared/domain/event.ts';
import type { DiskGuard } from './disk-guard.ts';
import type { Sqlite } from './sqlite.ts';
import type { CacheMeta, CacheReader, LogRow } from './store-types.ts';

interface StoredLog {
  readonly id: string;
  readonly kind: LogKind;
  readonly tail: number;
  readonly chain: string;
  readonly head: number;
  readonly headChain: string | null;
  readonly memberVersion: number;
  readonly receiptVersion: number;
  readonly announcedReceiptVersion: number;
  readonly readSeq: number;
  readonly deliveredSeq: number;
  readonly isLeft: number;
}

const LOG_COLUMNS = `id, kind, tail, chain, head, head_chain AS headChain, member_version AS memberVersion,
  receipt_version AS receiptVersion, announced_receipt_version AS announcedReceiptVersion, read_seq AS readSeq,
  delivered_seq AS deliveredSeq, is_left AS isLeft`;

/** The statements, named so that a test can ask SQLite for their plans. */
export const readerSql = {
  log: `SELECT ${LOG_COLUMNS} FROM log WHERE id = ?`,
  logs: `SELECT ${LOG_COLUMNS} FROM log WHERE kind = ? ORDER BY activity_at DESC`,
  // Word for word the condition of the index log_behind, or SQLite would not use it.
  logsBehind: `SELECT ${LOG_COLUMNS} FROM log
    WHERE head > tail OR receipt_version <> announced_receipt_version ORDER BY activity_at DESC`,
  holds: 'SELECT 1 AS held FROM message WHERE id = ?',
  // Of the newest 200 alone, and where the members are few enough for the server to keep times of each.
  newestOwn: `SELECT max(seq) AS seq FROM (SELECT create_seq AS seq, sender_id FROM message WHERE conversation_id = ?
      ORDER BY create_seq DESC LIMIT 200)
    WHERE sender_id = ? AND
      (SELECT user_id FROM member WHERE conversation_id = ? AND left_seq IS NULL LIMIT 1 OFFSET 100) IS NULL`,
  members: 'SELECT count(*) AS count FROM member WHERE conversation_id = ? AND left_seq IS NULL',
  coverage: 'SELECT lo, hi FROM coverage WHERE log_id = ? ORDER BY lo',
} as const;

const KINDS: readonly LogKind[] = ['account', 'org', 'conversation'];

/** Makes the reader of an open cache. */
export function createCacheReader(db: Sqlite): CacheReader {
  const log = db.prepare<[string], StoredLog>(readerSql.log);
  const logs = db.prepare<[string], StoredLog>(readerSql.logs);
  const logsBehind = db.prepare<[], StoredLog>(readerSql.logsBehind);
  const coverage = db.prepare<[string], { lo: number; hi: number }>(readerSql.coverage);
  const holds = db.prepare<[string], { held: number }>(readerSql.holds);
  const newestOwn = db.prepare<[string, string, string], { seq: number | null }>(readerSql.newestOwn);
  const members = db.prepare<[string], { count: number }>(readerSql.members);
  const rowOf = (stored: StoredLog): LogRow => {
    const { isLeft, ...row } = stored;
    const intervals: IntervalSet = coverage.all(stored.id);
    return { ...row, coverage: intervals, left: isLeft === 1, isEmpty: stored.tail === 0 };
  };
  return {
    log(id) {
      const row = log.get(id);
      return row && rowOf(row);
    },
    holds: (messageId) => holds.get(messageId) !== undefined,
    newestOwnSeq: (conversationId, userId) =>
      newestOwn.get(conversationId, userId, conversationId)?.seq ?? null,
    members: (conversationId) => members.get(conversationId)?.count ?? 0,
    logs: () => KINDS.flatMap((kind) => logs.all(kind)).map(rowOf),
    logsBehind: () => logsBehind.all().map(rowOf),
  };
}

/** Makes the store of small facts. A null removes one. */
export function createCacheMeta(db: Sqlite, guard: DiskGuard): CacheMeta {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?');
  const write = db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  const drop = db.prepare('DELETE FROM meta WHERE name = ?');
  return {
    get: (name) => read.get(name)?.value ?? null,
    set(name, value) {
      guard.disposable(() => (value === null ? drop.run(name) : write.run(name, value)));
    },
  };
}
