/**
 * Opening cache.db. Owns when it is thrown away: another schema, or damage found after an unclean exit. It is renamed,
 * never erased in place, and built anew from the server; the outbox is not touched.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { CACHE_SCHEMA, CACHE_SCHEMA_HASH } from './cache-schema.ts';
import { isHealthy, openSqlite, type Sqlite } from './sqlite.ts';
import { isDamaged } from './store-error.ts';

/** An open cache; `wasDamaged` when the file there was set aside because of damage. */
export interface OpenedCache {
  readonly db: Sqlite;
  readonly wasDamaged: boolean;
}

/** Opens the file, or builds a new one in its place. */
export function openCache(path: string, maxPages?: number): OpenedCache {
  const found = existsSync(path) ? openExisting(path, maxPages) : 'none';
  if (typeof found !== 'string') return { db: found, wasDamaged: false };
  if (found !== 'none') setAside(path);
  const db = openSqlite(path, { synchronous: 'NORMAL', isExclusive: true, maxPages });
  db.transaction(() => {
    db.exec(CACHE_SCHEMA);
    db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('schemaHash', CACHE_SCHEMA_HASH);
  }).immediate();
  return { db, wasDamaged: found === 'damaged' };
}

/** Notes a clean exit, so that the next start needs no check, and closes. Not after damage was met: then it must check. */
export function closeCache(db: Sqlite, isDamaged: boolean): void {
  try {
    if (!isDamaged) db.prepare(`INSERT OR REPLACE INTO meta (name, value) VALUES ('cleanExit', '1')`).run();
  } catch {
    // Full or damaged: the next start checks the file, which is the right answer to both.
  }
  db.close();
}

function openExisting(path: string, maxPages: number | undefined): Sqlite | 'outdated' | 'damaged' {
  let db: Sqlite | undefined;
  try {
    db = openSqlite(path, { synchronous: 'NORMAL', isExclusive: true, maxPages });
    const meta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?');
    const isCurrent = meta.get('schemaHash')?.value === CACHE_SCHEMA_HASH;
    const wasCleanExit = meta.get('cleanExit') !== undefined;
    if (isCurrent && (wasCleanExit || isHealthy(db))) {
      db.prepare(`DELETE FROM meta WHERE name = 'cleanExit'`).run();
      return db;
    }
    db.close();
    return isCurrent ? 'damaged' : 'outdated';
  } catch (error) {
    db?.close();
    if (isDamaged(error)) return 'damaged';
    // A file without our tables: of another program, or of a first start that was cut off.
    if (error instanceof Error && error.message.startsWith('no such table')) return 'outdated';
    throw error;
  }
}

// One old copy is kept for whoever wants to look at it; more would only fill the disk.
function setAside(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}.old${suffix}`, { force: true });
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.old${suffix}`);
  }
}
