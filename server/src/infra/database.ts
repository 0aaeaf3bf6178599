/**
 * The open database of one server: pools for the write path and the reads, Prisma for the tables outside logs. Owns
 * opening in order (migrate first) and closing.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrations.ts';
import { connectionConfig, openPool, sessionOptions, type DatabaseSource } from './pg-pool.ts';

/** An open database. */
export interface Database {
  /** For the append and receipt queues alone, so that reads can never starve a commit. */
  readonly writePool: pg.Pool;
  readonly readPool: pg.Pool;
  readonly prisma: PrismaClient;
  readonly close: () => Promise<void>;
}

/** Sizes of the pools. */
export interface DatabaseOptions {
  readonly readConnections?: number;
  readonly prismaConnections?: number;
  /** hears of broken idle connections */
  readonly onError?: (error: Error) => void;
}

/** One connection per shard of the append queue and one for receipts. */
const WRITE_CONNECTIONS = 3;

/**
 * Migrates and opens a database.
 * @throws Error when it cannot be reached or is not one this version may touch
 */
export async function openDatabase(source: DatabaseSource, options: DatabaseOptions = {}): Promise<Database> {
  const migrator = new pg.Client(connectionConfig(source));
  await migrator.connect();
  try {
    await migrate(migrator);
  } finally {
    await migrator.end();
  }
  return openMigrated(source, options);
}

/** Opens a database that is known to be of this version. */
export function openMigrated(source: DatabaseSource, options: DatabaseOptions = {}): Database {
  const onError = options.onError ?? (() => undefined);
  const writePool = openPool(source, WRITE_CONNECTIONS, onError);
  const readPool = openPool(source, options.readConnections ?? 16, onError);
  // Prisma parses values itself, so it gets the address without our parsers.
  const adapter = new PrismaPg({ ...source, options: sessionOptions, max: options.prismaConnections ?? 8 });
  const prisma = new PrismaClient({ adapter });
  return {
    writePool,
    readPool,
    prisma,
    close: async () => {
      await Promise.all([writePool.end(), readPool.end(), prisma.$disconnect()]);
    },
  };
}
