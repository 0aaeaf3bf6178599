/**
 * Opening SQLite files. Owns the pragmas both databases share and the health check; what stands in the files is
 * `cache-schema.ts` and `outbox-schema.ts`.
 */
import Database from 'better-sqlite3';

/** An open database; better-sqlite3's own type, named once. */
export type Sqlite = Database.Database;

/** How a file is opened. */
export interface SqliteOptions {
  /** FULL survives power loss; NORMAL may lose the last commits, never the file. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Takes the file for this process alone; a second one gets SQLITE_BUSY. */
  readonly isExclusive: boolean;
  /** Largest size of the file in pages, to simulate a full disk. */
  readonly maxPages?: number | undefined;
}

/**
 * Opens or creates a file in WAL mode.
 * @throws SqliteError SQLITE_BUSY when another process holds an exclusive file, SQLITE_NOTADB or SQLITE_CORRUPT when
 * it is damaged
 */
export function openSqlite(path: string, options: SqliteOptions): Sqlite {
  const db = new Database(path, { timeout: 250 });
  try {
    if (options.isExclusive) db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.synchronous}`);
    // macOS only: its plain fsync leaves data in the drive's cache.
    if (options.synchronous === 'FULL') db.pragma('fullfsync = 1');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -16384');
    if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
    // The lock is taken by the first access, not by the pragma.
    if (options.isExclusive) db.exec('BEGIN IMMEDIATE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite's own consistency check, without the expensive comparison of indexes. */
export function isHealthy(db: Sqlite): boolean {
  try {
    return db.pragma('quick_check(1)', { simple: true }) === 'ok';
  } catch {
    // A page that cannot even be read is the answer, not a failure of the question.
    return false;
  }
}
