/**
 * Prisma's schema engine as WebAssembly, which works without its binary: for development and tests, to compare what
 * our runner does with what Prisma would.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import type { DatabaseAddress } from '../embedded-postgres.ts';
import { migrationsDir } from '../migrations.ts';

/** The schema the migrations are compared with. */
export const schemaFile = path.join(migrationsDir, '..', 'schema.prisma');

/** Opens the engine on a database. */
export function openSchemaEngine(address: DatabaseAddress): Promise<SchemaEngine> {
  const options = { datamodels: [[schemaFile, readFileSync(schemaFile, 'utf8')] as [string, string]] };
  return SchemaEngine.new(
    options,
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(wholeScripts(address)),
  );
}

/** The adapter cuts scripts at every semicolon, function bodies too; the engine's binary sends them whole, as here. */
function wholeScripts(address: DatabaseAddress): PrismaPg {
  const adapter = new PrismaPg({ ...address });
  const connect = adapter.connect.bind(adapter);
  adapter.connect = async () => {
    const connection = await connect();
    connection.executeScript = async (script) => {
      const client = new pg.Client(address);
      await client.connect();
      try {
        await client.query(script);
      } finally {
        await client.end();
      }
    };
    return connection;
  };
  return adapter;
}

/** The migrations as the engine wants them. */
export function migrationList() {
  const names = readdirSync(migrationsDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(path.join(migrationsDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: names
      .map((entry) => entry.name)
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: readFileSync(path.join(migrationsDir, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
  };
}
