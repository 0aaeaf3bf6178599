/**
 * The stores on in-memory SQLite, cheap enough for thousands of property runs. Owns no rule: the classes are production's.
 */
import Database from 'better-sqlite3';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { SqliteOutbox } from '../outbox/outbox.ts';
import type { CacheFacts } from '../outbox/op-ledger.ts';
import { createCacheReader } from '../store/cache-reader.ts';
import { CacheRows } from '../store/cache-rows.ts';
import { CACHE_SCHEMA } from '../store/cache-schema.ts';
import { createChanges } from '../store/changes.ts';
import type { DiskGuard } from '../store/disk-guard.ts';
import { OUTBOX_MIGRATIONS } from '../store/outbox-schema.ts';
import type { Sqlite } from '../store/sqlite.ts';
import type { CacheReader, Outbox } from '../store/store-types.ts';
import { EventIngest } from '../sync/apply-events.ts';
import { ManualClock, seededRandom } from './account-fixture.ts';
import { ME } from './logs.ts';

/** No disk, so nothing can be full: writes run as they are. */
const guard = {
  precious: (write: () => unknown) => write(),
  disposable: (write: () => unknown) => write(),
} as DiskGuard;
const changes = createChanges(
  () => undefined,
  () => undefined,
);

/** A cache in memory, with an outbox that hears of nothing. */
export function memoryCache(): { cacheDb: Sqlite; ingest: EventIngest; reader: CacheReader } {
  const cacheDb = new Database(':memory:');
  cacheDb.exec(CACHE_SCHEMA);
  const reader = createCacheReader(cacheDb);
  const deaf = (): void => undefined;
  const outbox = { markApplied: deaf, markHeld: deaf, meetDrafts: deaf, scrubSent: deaf };
  const rows = new CacheRows(cacheDb);
  const ingest = new EventIngest({
    userId: ME,
    rows,
    reader,
    guard,
    outbox,
    changes,
    clock: new ManualClock(),
  });
  return { cacheDb, ingest, reader };
}

/** An outbox in memory; `restart` is a new process on the same file. */
export class MemoryOutbox {
  readonly db: Sqlite = new Database(':memory:');
  readonly clock = new ManualClock();
  readonly #cache: CacheFacts;
  readonly #random = seededRandom(7);
  outbox: Outbox;

  constructor(cache: CacheFacts) {
    this.#cache = cache;
    for (const migration of OUTBOX_MIGRATIONS) this.db.exec(migration);
    this.outbox = this.#open();
  }

  restart(): void {
    this.outbox = this.#open();
    this.outbox.recover(this.clock.nowMs());
  }

  #open(): Outbox {
    return new SqliteOutbox({
      db: this.db,
      userId: ME,
      guard,
      changes,
      cache: this.#cache,
      newId: () => uuidV7(this.clock.nowMs(), this.#random.bytes(10)),
      nowMs: () => this.clock.nowMs(),
    });
  }
}
