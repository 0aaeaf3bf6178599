import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import type { ClientBase } from 'pg';
import { afterAll, beforeEach, afterEach, expect, test } from 'vitest';
import { migrate, migrationsDir, readMigrations } from './migrations.ts';
import { migrationList, openSchemaEngine, schemaFile } from './testing/schema-engine.ts';
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'curlew-migrations-'));
let database: TestDatabase;

beforeEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(migrationsDir, folder, { recursive: true });
  database = await openTestDatabase({ isEmpty: true });
});
afterEach(() => database.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function addMigration(name: string, sql: string): void {
  mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, name, 'migration.sql'), sql);
}

test('applies what is missing once, also when two servers start together', async () => {
  const [a, b] = [await database.connect(), await database.connect()];
  const applied = (await Promise.all([migrate(a), migrate(b)])).flat();
  expect(applied).toEqual((await readMigrations(migrationsDir)).map((migration) => migration.name));
  expect(await migrate(a)).toEqual([]);
});

test('leaves the time-outs of its connection as they were', async () => {
  const client = await database.connect();
  const timeouts = async (): Promise<unknown> =>
    (
      await client.query(
        `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
      )
    ).rows[0];
  const usual = await timeouts();
  await migrate(client);
  expect(await timeouts()).toEqual(usual);
  await client.query('SET lock_timeout = 0; SET statement_timeout = 0');
  await migrate(client);
  expect(await timeouts()).toEqual({ lock: '0', statement: '0' });
});

test('refuses a newer database, an edited migration and one that failed', async () => {
  const client = await database.connect();
  addMigration('20990101000000_later', 'CREATE TABLE later (n int)');
  await migrate(client, folder);
  await expect(migrate(client)).rejects.toThrow('newer Curlew');
  writeFileSync(path.join(folder, '20990101000000_later', 'migration.sql'), 'CREATE TABLE later (m int)');
  await expect(migrate(client, folder)).rejects.toThrow('other contents');
  writeFileSync(path.join(folder, '20990101000000_later', 'migration.sql'), 'CREATE TABLE later (n int)');
  addMigration('20990101000001_broken', 'CREATE TABLE half (n int); SELECT 1 / 0');
  await expect(migrate(client, folder)).rejects.toThrow('20990101000001_broken failed');
  expect((await client.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
  await expect(migrate(client, folder)).rejects.toThrow('failed earlier');
});

test('Prisma’s own engine finds nothing to do after ours, and ours after its', async () => {
  await migrate(await database.connect());
  const ours = await openSchemaEngine(database.address);
  const list = { migrationsList: migrationList(), filters: { externalTables: [], externalEnums: [] } };
  expect((await ours.applyMigrations(list)).appliedMigrationNames).toEqual([]);
  expect(await ours.diagnoseMigrationHistory({ ...list, optInToShadowDatabase: false })).toMatchObject({
    history: null,
    failedMigrationNames: [],
    editedMigrationNames: [],
    hasMigrationsTable: true,
  });
  const other = await openTestDatabase({ isEmpty: true });
  try {
    const theirs = await openSchemaEngine(other.address);
    expect((await theirs.applyMigrations(list)).appliedMigrationNames).not.toHaveLength(0);
    expect(await migrate(await other.connect())).toEqual([]);
  } finally {
    await other.close();
  }
});

test('the migrations make exactly the schema that schema.prisma describes', async () => {
  await migrate(await database.connect());
  const engine = await openSchemaEngine(database.address);
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  const described = await openTestDatabase({ isEmpty: true });
  try {
    const client = await described.connect();
    await client.query(must(stdout, 'the engine prints a script'));
    expect(await shapeOf(await database.connect())).toEqual(await shapeOf(client));
  } finally {
    await described.close();
  }
});

/** Columns, indexes and constraints of a database, as comparable lines. */
async function shapeOf(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(`
    SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN (SELECT tablename FROM pg_tables)
      AND table_name <> '_prisma_migrations'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u') AND conrelid IS DISTINCT FROM to_regclass('_prisma_migrations')
    ORDER BY 1`);
  return rows.map((row) => row.line);
}
