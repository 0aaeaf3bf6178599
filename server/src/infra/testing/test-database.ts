/**
 * A database of one's own for a test file, made in some 50 ms: a copy of a template that was migrated once. Promises
 * that nothing of one test file reaches another.
 */
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { openMigrated, type Database } from '../database.ts';
import type { DatabaseAddress } from '../embedded-postgres.ts';
import { migrate, readMigrations, migrationsDir } from '../migrations.ts';
import { connectionConfig } from '../pg-pool.ts';
import { testPostgresAddress } from './test-postgres.ts';

/** A database made for one test. */
export interface TestDatabase extends Database {
  readonly address: DatabaseAddress;
  /** A plain connection of its own; ended with the database. */
  readonly connect: () => Promise<pg.Client>;
}

/** Any number, the same for all test processes: who makes the template. */
const TEMPLATE_LOCK = 4_201;

/**
 * Makes and opens a database with the schema of this version and no rows.
 * @param options `isEmpty`: without the schema, for tests of the migration runner and of restore; `server`: on this
 * postmaster instead of the shared one, for tests that kill it
 */
export async function openTestDatabase(
  options: { isEmpty?: boolean; server?: DatabaseAddress } = {},
): Promise<TestDatabase> {
  const server = options.server ?? (await testPostgresAddress());
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, async (admin) => {
    const template = options.isEmpty ? 'template1' : await ensureTemplate(admin, server);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  });
  const address = { ...server, database: name };
  const database = openMigrated(address, { readConnections: 40, prismaConnections: 4 });
  const clients: pg.Client[] = [];
  return {
    ...database,
    address,
    connect: async () => {
      const client = new pg.Client(connectionConfig(address));
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await database.close();
      await onServer(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** The migrated template; its name holds the migrations' checksums, so an edited migration gets a new one. */
async function ensureTemplate(admin: pg.Client, server: DatabaseAddress): Promise<string> {
  const migrations = await readMigrations(migrationsDir);
  const all = createHash('sha256').update(migrations.map(({ checksum }) => checksum).join());
  const name = `template_${all.digest('hex').slice(0, 32)}`;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return name;
    await admin.query(`CREATE DATABASE ${name}_making`);
    const client = new pg.Client({ ...server, database: `${name}_making` });
    await client.connect();
    try {
      await migrate(client);
    } finally {
      await client.end();
    }
    await admin.query(`ALTER DATABASE ${name}_making RENAME TO ${name}`);
    return name;
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function onServer<T>(server: DatabaseAddress, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(server);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
