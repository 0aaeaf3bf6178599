/**
 * Applies `prisma/migrations` at start. Owns the bookkeeping, in the format of `prisma migrate deploy` (table, advisory
 * lock, checksums), so that either may apply the next one. Refuses a database that is newer than this server, one whose
 * last migration failed, and one whose applied migrations differ from the files.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import type { ClientBase } from 'pg';

/** The migrations of this version. */
export const migrationsDir = path.join(import.meta.dirname, '..', '..', 'prisma', 'migrations');

/** Key of the advisory lock Prisma takes while migrating. */
const PRISMA_MIGRATION_LOCK = 72_707_369;

const createTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/** A migration as its file has it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The migrations of a folder, in the order they apply. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(path.join(folder, name, 'migration.sql'));
      return {
        name,
        sql: bytes.toString('utf8'),
        checksum: createHash('sha256').update(bytes).digest('hex'),
      };
    }),
  );
}

/**
 * Brings a database to this version. Several servers may start at once: one migrates, the others wait.
 * @param client a connection of its own; it holds a session lock meanwhile
 * @param lastName stop after this migration; a restore loads an older backup into the schema it was made of
 * @returns the names of the migrations applied now
 * @throws Error when the database is not one this version may touch
 */
export async function migrate(
  client: ClientBase,
  folder: string = migrationsDir,
  lastName?: string,
): Promise<readonly string[]> {
  const all = await readMigrations(folder);
  const migrations = lastName === undefined ? all : all.filter((migration) => migration.name <= lastName);
  const timeouts = await readTimeouts(client);
  // The wait for another migrating server must not end at the lock_timeout of ordinary statements.
  await setTimeouts(client, { lock: '0', statement: '0' });
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_MIGRATION_LOCK]);
  try {
    await client.query(createTable);
    const applied = await appliedMigrations(client);
    assertCompatible(migrations, applied);
    const done = new Set(applied.map((row) => row.migration_name));
    const missing = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of missing) await apply(client, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_MIGRATION_LOCK]).catch(() => undefined);
    // As they were, which is not always the session's default: a restore runs without any.
    await setTimeouts(client, timeouts).catch(() => undefined);
  }
}

interface Timeouts {
  readonly lock: string;
  readonly statement: string;
}

async function readTimeouts(client: ClientBase): Promise<Timeouts> {
  const { rows } = await client.query<Timeouts>(
    `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
  );
  return must(rows[0], 'a SELECT without FROM has one row');
}

async function setTimeouts(client: ClientBase, { lock, statement }: Timeouts): Promise<void> {
  await client.query(
    `SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)`,
    [lock, statement],
  );
}

interface AppliedRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

async function appliedMigrations(client: ClientBase): Promise<readonly AppliedRow[]> {
  const { rows } = await client.query<AppliedRow>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

function assertCompatible(migrations: readonly Migration[], applied: readonly AppliedRow[]): void {
  for (const row of applied) {
    const file = migrations.find((migration) => migration.name === row.migration_name);
    if (!file) {
      throw new Error(
        `This database was written by a newer Curlew (it has the migration ${row.migration_name}). ` +
          'Start that version, or restore a backup into an empty database.',
      );
    }
    if (!row.finished) {
      throw new Error(
        `The migration ${row.migration_name} failed earlier. Look into _prisma_migrations.logs, repair the database, ` +
          'and mark it with "prisma migrate resolve".',
      );
    }
    if (file.checksum !== row.checksum) {
      throw new Error(
        `The migration ${row.migration_name} was applied with other contents than this version has. ` +
          'Use the version that wrote the database, or restore a backup into an empty one.',
      );
    }
  }
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    migration.checksum,
    migration.name,
  ]);
  try {
    // Without parameters this is one simple query, which PostgreSQL runs as one transaction.
    await client.query(migration.sql);
  } catch (error) {
    await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, String(error)]);
    throw new Error(`The migration ${migration.name} failed; nothing of it was kept.`, { cause: error });
  }
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
}
