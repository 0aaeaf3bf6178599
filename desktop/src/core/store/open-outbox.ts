/**
 * Opening outbox.db, which holds what nobody else has. Owns its check at every start, its migrations (a copy first), its
 * daily copy, and what happens when it is damaged: readable rows are salvaged, the last copy fills in, the person is
 * told, and the damaged file stays on the disk.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { OUTBOX_MIGRATIONS } from './outbox-schema.ts';
import { salvageOutbox } from './salvage.ts';
import { isHealthy, openSqlite, type Sqlite, type SqliteOptions } from './sqlite.ts';
import { isDamaged, isDiskFull } from './store-error.ts';

/** An open outbox; `salvaged` counts the ops that were carried over from a damaged file. */
export interface OpenedOutbox {
  readonly db: Sqlite;
  readonly salvaged: number | null;
}

/** How old the copy may grow before a start makes a new one. */
const COPY_AFTER_MS = 24 * 3_600_000;

const OPTIONS: SqliteOptions = { synchronous: 'FULL', isExclusive: true };

/**
 * Opens the file, migrated and sound.
 * @param nowMs wall clock, for the age of the copy and the name of a damaged file
 * @throws SqliteError SQLITE_BUSY when another process has it open
 */
export function openOutbox(
  path: string,
  nowMs: number,
  migrations: readonly string[] = OUTBOX_MIGRATIONS,
): OpenedOutbox {
  const existed = existsSync(path);
  let db = openSound(path);
  let salvaged: number | null = null;
  if (!db) {
    const damagedPath = `${path}.damaged-${nowMs}`;
    for (const suffix of ['', '-wal']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, damagedPath + suffix);
    }
    db = openSqlite(path, OPTIONS);
    migrate(db, path, migrations);
    salvaged = salvageOutbox(db, damagedPath, copyPathOf(path));
  } else migrate(db, path, migrations);
  if (existed) keepCopy(db, path, nowMs);
  return { db, salvaged };
}

/** Where the last good copy stands. */
export function copyPathOf(path: string): string {
  return `${path}.copy`;
}

function openSound(path: string): Sqlite | undefined {
  let db: Sqlite | undefined;
  try {
    db = openSqlite(path, OPTIONS);
    if (isHealthy(db)) return db;
    db.close();
  } catch (error) {
    db?.close();
    if (!isDamaged(error)) throw error;
  }
  return undefined;
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
  db.prepare('VACUUM INTO ?').run(temporary);
  renameSync(temporary, target);
}
