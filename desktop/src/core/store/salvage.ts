/**
 * Salvaging a damaged outbox.db. Owns how rows are carried over: whatever can be read of the damaged file first, then from
 * the last copy what is missing. An op that only the copy knows may have been sent or discarded since: it is parked, so
 * that the person decides.
 */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Sqlite } from './sqlite.ts';
import { isDamaged, sqliteCode } from './store-error.ts';

type Cells = Readonly<Record<string, unknown>>;

/** Tables in the order of what would hurt most. */
const TABLES = [
  'op',
  'draft',
  'kept_draft',
  'conv_alias',
  'read_mark',
  'thread_mark',
  'sent',
  'meta',
] as const;

/** What a salvage brought over. */
export interface Salvaged {
  readonly ops: number;
  /** Nothing of the damaged file could be read: what was composed after the last copy is missing. */
  readonly isFromCopy: boolean;
}

/** Name in `meta` under which a salvage waits to be told to the person. */
const UNTOLD = 'salvaged';

/**
 * Fills a fresh outbox from a damaged file and the last copy, and notes in it what was found. Opens both for reading only.
 * @throws SqliteError SQLITE_FULL and whatever else is not the damage of a row: the new file is not complete then
 */
export function salvageOutbox(db: Sqlite, damagedPath: string, copyPath: string): void {
  let ops = 0;
  let read = 0;
  for (const [path, isCopy] of [
    [damagedPath, false],
    [copyPath, true],
  ] as const) {
    if (!existsSync(path)) continue;
    for (const table of TABLES) {
      const rows = readRows(path, table);
      if (!isCopy) read += rows.length;
      const added = db.transaction(() => addRows(db, table, rows, isCopy)).immediate();
      if (table === 'op') ops += added;
    }
  }
  continueNumbering(db);
  const salvaged: Salvaged = { ops, isFromCopy: read === 0 };
  db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(UNTOLD, JSON.stringify(salvaged));
}

/** What a salvage brought into this file, once: the caller tells it. */
export function takeSalvaged(db: Sqlite): Salvaged | null {
  const row = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get(UNTOLD);
  if (!row) return null;
  db.prepare('DELETE FROM meta WHERE name = ?').run(UNTOLD);
  return JSON.parse(row.value);
}

// Each table is read twice, from both ends: a damaged page in the middle then costs only the rows on it.
function readRows(path: string, table: string): readonly Cells[] {
  const rows: Cells[] = [];
  for (const direction of ['ASC', 'DESC']) {
    let source: Sqlite | undefined;
    try {
      source = new Database(path, { timeout: 250, readonly: true });
      // `NOT INDEXED`: an index may be what is damaged. Tables without rowid are their own index.
      const order = table === 'op' ? `NOT INDEXED ORDER BY rowid ${direction}` : `ORDER BY 1 ${direction}`;
      for (const row of source.prepare<[], Cells>(`SELECT * FROM ${table} ${order}`).iterate())
        rows.push(row);
      return rows;
    } catch (error) {
      // What was read before the damage counts; the other direction may reach the rest.
      if (!isUnreadable(error)) throw error;
    } finally {
      source?.close();
    }
  }
  return rows;
}

function addRows(db: Sqlite, table: string, rows: readonly Cells[], isCopy: boolean): number {
  const known = new Set(
    db
      .prepare<[], { name: string }>('SELECT name FROM pragma_table_info(?)'.replace('?', `'${table}'`))
      .all()
      .map((column) => column.name),
  );
  const isSent = db.prepare('SELECT 1 FROM sent WHERE op_id = ?');
  let added = 0;
  for (const row of rows) {
    const parked = isCopy && table === 'op' && row['state'] !== 'ACKED' ? { state: 'PARKED' } : {};
    const cells = Object.entries({ ...row, ...parked }).filter(([name]) => known.has(name));
    if (table === 'op' && isSent.get(row['op_id']) !== undefined) continue;
    if (cells.length === 0) continue;
    const names = cells.map(([name]) => name);
    const insert = `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    try {
      added += db.prepare(insert).run(...cells.map(([, value]) => value)).changes;
    } catch (error) {
      // A row whose cells make no sense (a constraint of its own table) is no row; the damaged file keeps it.
      const code = sqliteCode(error) ?? '';
      if (!code.startsWith('SQLITE_CONSTRAINT') && code !== 'SQLITE_MISMATCH') throw error;
    }
  }
  return added;
}

// SQLITE_ERROR: the table is not there. SQLITE_CANTOPEN: the file's log is as damaged as the file.
function isUnreadable(error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  return (
    isDamaged(error) ||
    code === 'SQLITE_ERROR' ||
    code === 'SQLITE_CANTOPEN' ||
    code.startsWith('SQLITE_IOERR')
  );
}

// The order of composing must go on behind whatever was ever numbered.
function continueNumbering(db: Sqlite): void {
  const last = db
    .prepare<[], { n: number | null }>(
      'SELECT max(n) AS n FROM (SELECT n FROM op UNION ALL SELECT n FROM sent)',
    )
    .get();
  db.prepare(`DELETE FROM sqlite_sequence WHERE name = 'op'`).run();
  db.prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('op', ?)`).run(last?.n ?? 0);
}
