/**
 * Schema of search.db and its opening. Owns when the file is thrown away: another schema, another cache.db, a cache
 * that went back behind what was indexed, or damage. Nothing is lost with it; the index is filled again from cache.db,
 * and until then what it lacks is read from there.
 */
import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { openSqlite, type Sqlite } from '../sqlite.ts';

const SCHEMA = `
-- schemaHash, cacheId (names the cache.db this belongs to), upTo (n of the last message read), changesUpTo (id of the
-- last search_change read), shiftMs (see doc).
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Where a message stands in the index. key: its created_at, or the next free millisecond when that is taken, so that
-- reading the index backwards gives the newest first; never more than shiftMs off.
CREATE TABLE doc (key INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE);

-- rowid = doc.key; the tokens of search-grams.ts, without positions and without the texts.
CREATE VIRTUAL TABLE gram USING fts5 (
  tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- Merging is done in steps of its own (search-index.ts); on its own it would stop the thread now and then.
INSERT INTO gram (gram, rank) VALUES ('automerge', 0);
INSERT INTO gram (gram, rank) VALUES ('crisismerge', 1000);
INSERT INTO gram (gram, rank) VALUES ('usermerge', 4);
`;

const SCHEMA_HASH = createHash('sha256').update(SCHEMA).digest('hex').slice(0, 16);

/** Opens the index of a cache, or begins a new one. @throws SqliteError when not even that is possible */
export function openSearchFile(path: string, cache: Sqlite): Sqlite {
  const cacheId = cacheIdOf(cache);
  try {
    const db = openSqlite(path, { synchronous: 'NORMAL', isExclusive: true });
    if (isUsable(db, cache, cacheId)) return db;
    db.close();
  } catch {
    // Damaged, or no database at all: begun anew, like one of another schema.
  }
  return createSearchFile(path, cacheId);
}

/** Begins a new index in place of what is there. */
export function rebuildSearchFile(path: string, cache: Sqlite): Sqlite {
  return createSearchFile(path, cacheIdOf(cache));
}

function createSearchFile(path: string, cacheId: string): Sqlite {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const db = openSqlite(path, { synchronous: 'NORMAL', isExclusive: true });
  db.transaction(() => {
    db.exec(SCHEMA);
    const write = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
    write.run('schemaHash', SCHEMA_HASH);
    write.run('cacheId', cacheId);
  }).immediate();
  return db;
}

function isUsable(db: Sqlite, cache: Sqlite, cacheId: string): boolean {
  const hasMeta = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'meta'`).get() !== undefined;
  if (!hasMeta) return false;
  const read = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?');
  if (read.get('schemaHash')?.value !== SCHEMA_HASH || read.get('cacheId')?.value !== cacheId) return false;
  // A power cut may take the last commits of either file. Behind is harmless: what follows is read again.
  const changes = cache
    .prepare<[], { seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'search_change'`)
    .get();
  return Number(read.get('changesUpTo')?.value ?? 0) <= (changes?.seq ?? 0);
}

function cacheIdOf(cache: Sqlite): string {
  const known = cache
    .prepare<[], { value: string }>(`SELECT value FROM meta WHERE name = 'searchCacheId'`)
    .get();
  if (known) return known.value;
  const id = randomUUID();
  cache.prepare(`INSERT INTO meta (name, value) VALUES ('searchCacheId', ?)`).run(id);
  return id;
}
