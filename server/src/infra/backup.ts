/**
 * Backup and restore of a whole database. Owns what a backup promises: one moment of all tables, and after a restore a
 * new incarnation: clients compare what they hold with what came back instead of trusting positions.
 */
import pg from 'pg';
import { readBackup, writeBackup, type BackupRows } from './backup-format.ts';
import { migrate, migrationsDir, readMigrations } from './migrations.ts';
import { connectionConfig, type DatabaseSource } from './pg-pool.ts';

/** What was written or read. */
export interface BackupReport {
  readonly rows: number;
  readonly createdAt: string;
}

const FETCH_ROWS = 500;
const identifier = pg.escapeIdentifier;

/**
 * Writes all tables, as of one moment, to a file; the server may be running.
 * @param file must not exist with the suffix `.partial`; an existing backup of that name is replaced when this one is whole
 */
export async function backup(source: DatabaseSource, file: string): Promise<BackupReport> {
  return withClient(source, async (client) => {
    await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ lastMigration: string; epoch: string }>(
      `SELECT (SELECT max(migration_name) FROM _prisma_migrations WHERE finished_at IS NOT NULL) AS "lastMigration",
         (SELECT value FROM server_meta WHERE key = 'epoch') AS epoch`,
    );
    const createdAt = new Date().toISOString();
    const { lastMigration = '', epoch = '' } = rows[0] ?? {};
    const written = await writeBackup(file, { createdAt, lastMigration, epoch }, allRows(client));
    await client.query('COMMIT');
    return { ...written, createdAt };
  });
}

/**
 * Loads a backup into an empty database, in one transaction, and brings it to this version.
 * @throws Error when the database is not empty, or the file is damaged or of a newer version; then nothing is kept
 */
export async function restore(source: DatabaseSource, file: string): Promise<BackupReport> {
  const { header, chunks } = await readBackup(file);
  const known = await readMigrations(migrationsDir);
  if (!known.some((migration) => migration.name === header.lastMigration)) {
    throw new Error('This backup was made by a newer Curlew. Restore it with that version.');
  }
  return withClient(source, async (client) => {
    await client.query(
      'SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0',
    );
    await assertEmpty(client);
    await migrate(client, migrationsDir, header.lastMigration);
    await client.query('BEGIN');
    await client.query('DELETE FROM server_meta');
    const tables = await foreignKeyOrder(client);
    let count = 0;
    for await (const chunk of chunks) {
      // Names are put into statements; only those of this schema may be.
      if (!tables.includes(chunk.table))
        throw new Error(`The backup holds a table its version does not have: ${chunk.table}.`);
      count += await load(client, chunk);
    }
    await beginNewIncarnation(client, header.epoch);
    await client.query('COMMIT');
    await migrate(client);
    await client.query('ANALYZE');
    return { rows: count, createdAt: header.createdAt };
  });
}

async function* allRows(client: pg.Client): AsyncGenerator<BackupRows> {
  for (const table of await foreignKeyOrder(client)) {
    await client.query(
      `DECLARE rows NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${identifier(table)} t`,
    );
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`FETCH ${FETCH_ROWS} FROM rows`);
      yield { table, rows: rows.map(({ row }) => row) };
      if (rows.length < FETCH_ROWS) break;
    }
    await client.query('CLOSE rows');
  }
}

/** Tables of the schema, those that others refer to first; the runner's own bookkeeping is not data. */
async function foreignKeyOrder(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; parents: string[] }>(
    `SELECT c.relname AS name, coalesce(array_agg(p.relname::text) FILTER (WHERE p.oid <> c.oid), '{}') AS parents
     FROM pg_class c LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
     LEFT JOIN pg_class p ON p.oid = k.confrelid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_prisma_migrations'
     GROUP BY c.oid, c.relname ORDER BY c.relname`,
  );
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    for (const parent of rows.find((row) => row.name === name)?.parents ?? []) visit(parent);
    ordered.push(name);
  };
  for (const { name } of rows) visit(name);
  return ordered;
}

async function load(client: pg.Client, { table, rows }: BackupRows): Promise<number> {
  const name = identifier(table);
  await client.query(`INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`, [
    `[${rows.join(',')}]`,
  ]);
  return rows.length;
}

/** Transaction numbers of another cluster mean nothing here, and positions may since have been given out again. */
async function beginNewIncarnation(client: pg.Client, epoch: string): Promise<void> {
  await client.query(`
    UPDATE log SET updated_xid = 0;
    UPDATE member SET updated_xid = 0;
    UPDATE conversation SET receipt_xid = 0;
    UPDATE org_member SET updated_xid = 0;
    SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM audit_entry), false)`);
  // Beyond the backup's, and another one at each restore of the same backup.
  const next = Math.max(Number(epoch) + 1 || 0, Date.now());
  await client.query(
    `INSERT INTO server_meta (key, value) VALUES ('epoch', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [String(next)],
  );
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const tables = new Set(await foreignKeyOrder(client));
  for (const table of ['user_account', 'log', 'org'].filter((name) => tables.has(name))) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${identifier(table)} LIMIT 1`);
    if (rowCount) {
      throw new Error(
        'The database is not empty. A backup is only restored into an empty one; choose another --data-dir.',
      );
    }
  }
}

async function withClient<T>(source: DatabaseSource, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionConfig(source));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
