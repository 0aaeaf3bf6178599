/**
 * Opening outbox.db, which holds what nobody else has. Owns its check at every start, its migrations (a copy first), its
 * daily copy, and what happens when it is damaged: a new file is filled with the readable rows and the last copy, and
 * takes the place of the damaged one only when it is complete and on the disk. The damaged file stays beside it.
 */
import { accessSync, constants, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushFile, flushFolder } from './flush-file.ts';
import { OUTBOX_MIGRATIONS } from './outbox-schema.ts';
import { salvageOutbox, takeSalvaged, type Salvaged } from './salvage.ts';
import { isHealthy, openSqlite, type Sqlite, type SqliteOptions } from './sqlite.ts';
import { isDamaged, isDiskFull, sqliteCode } from './store-error.ts';

/** An open outbox; `salvaged` says what was carried over, in the first run on a file that replaced a damaged one. */
export interface OpenedOutbox {
  readonly db: Sqlite;
  readonly salvaged: Salvaged | null;
}

/** How old the copy may grow before a start makes a new one. */
const COPY_AFTER_MS = 24 * 3_600_000;

const OPTIONS: SqliteOptions = { synchronous: 'FULL', isExclusive: true };

/**
 * Opens the file, migrated and sound.
 * @param nowMs wall clock, for the age of the copy and the name of a damaged file
 * @throws SqliteError SQLITE_BUSY when another process has it open; SQLITE_FULL when there is no room to salvage a damaged
 * one, which then stays where it was
 */
export function openOutbox(
  path: string,
  nowMs: number,
  migrations: readonly string[] = OUTBOX_MIGRATIONS,
): OpenedOutbox {
  // A start before this one may have ended in the middle of the exchange.
  exchange(path, nowMs);
  const existed = existsSync(path);
  let db = openSound(path, existed);
  if (!db) {
    fillNew(path, migrations);
    exchange(path, nowMs);
    db = openSqlite(path, OPTIONS);
  }
  try {
    migrate(db, path, migrations);
    const salvaged = takeSalvaged(db);
    if (existed && !salvaged) keepCopy(db, path, nowMs);
    return { db, salvaged };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Where the last good copy stands. */
export function copyPathOf(path: string): string {
  return `${path}.copy`;
}

function openSound(path: string, existed: boolean): Sqlite | undefined {
  const hasCopy = existsSync(copyPathOf(path));
  // A file that was there once and is gone is as damaged as one that cannot be read.
  if (!existed && hasCopy) return undefined;
  let db: Sqlite | undefined;
  try {
    db = openSqlite(path, OPTIONS);
    if (isHealthy(db) && !isEmptied(db, hasCopy)) return db;
    db.close();
  } catch (error) {
    db?.close();
    if (!isUnusable(path, error)) throw error;
  }
  return undefined;
}

// SQLite opens a file whose header says an unknown format for reading only. The header is not looked at beforehand:
// closing the file would release the lock that another connection of this process holds on it.
function isUnusable(path: string, error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  if (code.startsWith('SQLITE_READONLY')) return isWritable(path);
  return isDamaged(error) || code === 'SQLITE_IOERR_SHORT_READ';
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

// Cut off at nothing, a file counts as a new one to SQLite; the copy knows that it is not. So do tables without a version.
function isEmptied(db: Sqlite, hasCopy: boolean): boolean {
  if (Number(db.pragma('user_version', { simple: true })) > 0) return false;
  return hasCopy || db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}

function partialPathOf(path: string): string {
  return `${path}.salvage`;
}

// By its name the file is known to be complete and on the disk.
function completePathOf(path: string): string {
  return `${path}.salvaged`;
}

function fillNew(path: string, migrations: readonly string[]): void {
  const partial = partialPathOf(path);
  removeFile(partial);
  const db = openSqlite(partial, OPTIONS);
  try {
    migrate(db, partial, migrations);
    salvageOutbox(db, path, copyPathOf(path));
    // Everything into the one file that is renamed; closing would do it too, but says nothing when it cannot.
    db.pragma('journal_mode = DELETE');
    db.close();
  } catch (error) {
    db.close();
    removeFile(partial);
    throw error;
  }
  flushFile(partial);
  renameSync(partial, completePathOf(path));
}

/** Sets the damaged file aside and puts the complete one in its place, from whatever step an earlier try came to. */
function exchange(path: string, nowMs: number): void {
  if (!existsSync(completePathOf(path))) return;
  flushFolder(dirname(path));
  const aside = freeName(`${path}.damaged-${nowMs}`);
  // With its log: it belongs to the damaged file, and SQLite would write it into the new one.
  for (const suffix of ['-wal', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  renameSync(completePathOf(path), path);
  flushFolder(dirname(path));
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name) || existsSync(`${name}-wal`); n += 1) name = `${wanted}-${n}`;
  return name;
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-journal']) rmSync(path + suffix, { force: true });
}

// Migrations only add. A file of a newer version is used as it is: what this version cannot read it leaves alone.
function migrate(db: Sqlite, path: string, migrations: readonly string[]): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version >= migrations.length) return;
  if (version > 0) copyTo(db, `${path}.version-${version}`);
  db.transaction(() => {
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}

function keepCopy(db: Sqlite, path: string, nowMs: number): void {
  const last = db.prepare<[], { value: string }>(`SELECT value FROM meta WHERE name = 'copiedAt'`).get();
  if (last && Math.abs(nowMs - Number(last.value)) < COPY_AFTER_MS) return;
  try {
    copyTo(db, copyPathOf(path));
    db.prepare(`INSERT OR REPLACE INTO meta (name, value) VALUES ('copiedAt', ?)`).run(String(nowMs));
  } catch (error) {
    // No room for a second copy of a few megabytes: the next start tries again.
    if (!isDiskFull(error)) throw error;
  }
}

// Written beside and renamed, so that a crash leaves the older copy.
function copyTo(db: Sqlite, target: string): void {
  const temporary = `${target}.new`;
  rmSync(temporary, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(temporary);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  flushFile(temporary);
  renameSync(temporary, target);
}
