/** The database a server runs on: the embedded PostgreSQL of its data dir, or the one `DATABASE_URL` names. */
import type { Config } from './config.ts';
import { openDatabase, type Database } from './infra/database.ts';
import { findRunningPostgres, startEmbeddedPostgres } from './infra/embedded-postgres.ts';
import type { DatabaseSource } from './infra/pg-pool.ts';
import { lockDataDir } from './infra/server-lock.ts';
import type { Observer } from './observe.ts';

/** An open database and its life. */
export interface Storage {
  readonly database: Database;
  readonly isReady: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Opens and migrates the configured database, starting the embedded one if there is no other. */
export async function openStorage(
  config: Config,
  observer: Observer,
  find: typeof openSource = openSource,
): Promise<Storage> {
  const { source, release } = await find(config, observer);
  try {
    const database = await openDatabase(source, {
      onError: (error) =>
        observer.log.warn({ code: 'code' in error ? error.code : undefined }, 'database connection lost'),
    });
    return {
      database,
      isReady: async () => {
        try {
          await database.readPool.query('SELECT 1');
          return true;
        } catch {
          // Whatever the reason: not ready is the whole answer, and the log already has it.
          return false;
        }
      },
      close: async () => {
        await database.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where the database is, and how to let go of it. */
export async function openSource(
  config: Config,
  observer: Observer,
): Promise<{ readonly source: DatabaseSource; readonly release: () => Promise<void> }> {
  if (config.databaseUrl !== undefined) {
    return { source: { connectionString: config.databaseUrl }, release: () => Promise.resolve() };
  }
  const unlock = await lockDataDir(config.dataDir);
  try {
    const postgres = await startEmbeddedPostgres({
      dataDir: config.dataDir,
      onLog: (line) => observer.log.debug({ line }, 'postgres'),
      onAvailable: observer.databaseAvailable,
    });
    return {
      source: postgres.address,
      release: async () => {
        await postgres.stop();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Like {@link openSource}, but shares the embedded database of a running server instead of starting it again. */
export async function openSharedSource(
  config: Config,
  observer: Observer,
): Promise<{ readonly source: DatabaseSource; readonly release: () => Promise<void> }> {
  const running = config.databaseUrl === undefined ? await findRunningPostgres(config.dataDir) : undefined;
  return running ? { source: running, release: () => Promise.resolve() } : openSource(config, observer);
}
