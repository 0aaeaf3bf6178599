/**
 * Opening one account's files. Owns their order: outbox.db first (its exclusive lock keeps a second process out before it
 * could write anything), then cache.db, then the comparison of the two, and what a person is told about both.
 */
import { draftEntrySchema } from '@curlew/shared/domain/entries.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { envelopeSchema } from '@curlew/shared/domain/event.ts';
import type { Notice } from '../ipc/views.ts';
import { SqliteOutbox } from './outbox/outbox.ts';
import type { CacheFacts } from './outbox/op-ledger.ts';
import type { Clock, Log, Random } from './ports.ts';
import { EventIngest } from './sync/apply-events.ts';
import { createLifetime, rememberedServerTime } from './sync/lifetime.ts';
import { createCacheMeta, createCacheReader } from './store/cache-reader.ts';
import { CacheRows } from './store/cache-rows.ts';
import { createChanges } from './store/changes.ts';
import { DiskGuard } from './store/disk-guard.ts';
import { NotificationLog } from './store/notification-log.ts';
import { closeCache, openCache, type OpenedCache } from './store/open-cache.ts';
import { openOutbox, type OpenedOutbox } from './store/open-outbox.ts';
import type { Sqlite } from './store/sqlite.ts';
import { isDiskFull, sqliteCode, StoreError } from './store/store-error.ts';
import type { AccountStores } from './store/store-types.ts';

/** What opening an account needs. */
export interface OpenAccountOptions {
  /** The account's folder; made when missing. */
  readonly dir: string;
  /** Whose files these are: the first opening binds them, a later one of another person or server is refused. */
  readonly serverUrl: string;
  readonly userId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Runs a function after the current turn; a microtask when absent. */
  readonly schedule?: ((run: () => void) => void) | undefined;
  /** For tests of a full disk. */
  readonly cacheMaxPages?: number | undefined;
  readonly freeBytes?: (() => number) | undefined;
}

/**
 * Opens both files.
 * @throws StoreError BUSY (another process has them open), FORBIDDEN (they belong to another person or server) or
 * DISK_FULL (not even the empty files fit)
 */
export function openAccount(options: OpenAccountOptions): AccountStores {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  try {
    return openFiles(options);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    // Even opening writes a little; the ballast is there for moments like this.
    rmSync(ballastPath(options), { force: true });
  }
  try {
    return openFiles(options);
  } catch (error) {
    throw isDiskFull(error) ? new StoreError('DISK_FULL', 'no room for the files', { cause: error }) : error;
  }
}

function ballastPath({ dir }: OpenAccountOptions): string {
  return join(dir, 'ballast');
}

function openFiles(options: OpenAccountOptions): AccountStores {
  let outbox: OpenedOutbox | undefined;
  let cache: OpenedCache | undefined;
  try {
    outbox = openOutbox(join(options.dir, 'outbox.db'), options.clock.nowMs());
    bind(outbox.db, options);
    cache = openCache(join(options.dir, 'cache.db'), options.cacheMaxPages);
    return connect(options, outbox, cache);
  } catch (error) {
    cache?.db.close();
    outbox?.db.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) {
      throw new StoreError('BUSY', 'another process has the account open', { cause: error });
    }
    throw error;
  }
}

// Ops are bound to (server, person): nothing composed here may ever go out on another session (I15).
function bind(db: Sqlite, { serverUrl, userId }: OpenAccountOptions): void {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?');
  const write = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  for (const [name, value] of Object.entries({ serverUrl, userId })) {
    const bound = read.get(name)?.value;
    if (bound === undefined) write.run(name, value);
    else if (bound !== value) throw new StoreError('FORBIDDEN', `these files are bound to another ${name}`);
  }
}

function connect(options: OpenAccountOptions, opened: OpenedOutbox, cache: OpenedCache): AccountStores {
  const cacheDb = cache.db;
  const { clock, random, log, userId } = options;
  const changes = createChanges(options.schedule ?? queueMicrotask, (error) => {
    log('error', 'store.listenerFailed', { error: errorName(error) });
  });
  const notices = new Map<string, Notice>();
  const tell = (kind: Notice['kind'], detail?: string): void => {
    notices.set(kind, { id: kind, kind, ...(detail === undefined ? {} : { detail }) });
    log('warn', 'store.notice', { kind, detail: detail ?? null });
    changes.emit(['session']);
  };
  const guard = new DiskGuard({
    ballastPath: ballastPath(options),
    clock,
    freeBytes: options.freeBytes,
    changed(isFull) {
      if (isFull) tell('diskFull');
      else notices.delete('diskFull');
      changes.emit(['session']);
    },
  });
  const outbox = new SqliteOutbox({
    db: opened.db,
    userId,
    guard,
    changes,
    cache: cacheFacts(cacheDb, userId),
    newId: () => uuidV7(clock.nowMs(), random.bytes(10)),
    nowMs: () => clock.nowMs(),
  });
  const rows = new CacheRows(cacheDb);
  const reader = createCacheReader(cacheDb);
  const ingest = new EventIngest({ userId, rows, reader, guard, outbox, changes, clock });
  const meta = createCacheMeta(cacheDb, guard);
  const lifetime = createLifetime({
    userId,
    rows: rows.lifetime,
    guard,
    outbox,
    changes,
    transaction: (work) => rows.transaction(work),
  });

  try {
    outbox.recover(clock.nowMs());
    // Whatever the cache saw is marked now; the ids have done their work.
    guard.disposable(() => rows.clearOwnOps());
    replayUnknown(cacheDb, ingest);
    // Before any view is opened: what is over is never shown, also where its end came while the device was off.
    lifetime.sweep(rememberedServerTime(meta, clock.nowMs()));
  } catch (error) {
    // No room to tidy up: reading works, and the outbox recovers before its next batch.
    if (!(error instanceof StoreError)) throw error;
  }
  if (opened.salvaged) {
    const { ops, isFromCopy } = opened.salvaged;
    tell(isFromCopy ? 'outboxFromCopy' : 'outboxSalvaged', String(ops));
  }
  if (cache.wasDamaged) tell('cacheRebuilt');

  return {
    ingest,
    outbox,
    reader,
    meta,
    lifetime,
    decisions: new NotificationLog(cacheDb, guard),
    changes,
    cacheDb,
    outboxDb: opened.db,
    notices: () => [...notices.values()],
    dismissNotice(id) {
      if (notices.delete(id)) changes.emit(['session']);
    },
    close() {
      closeCache(cacheDb, guard.isDamaged());
      opened.db.close();
    },
  };
}

// Never its message, which may quote a path or what a person wrote.
function errorName(error: unknown): string {
  return sqliteCode(error) ?? (error instanceof Error ? error.name : typeof error);
}

function cacheFacts(db: Sqlite, userId: string): CacheFacts {
  const tail = db.prepare<[string], { tail: number }>('SELECT tail FROM log WHERE id = ?');
  const ownOp = db.prepare<[string], { seq: number }>('SELECT seq FROM own_op WHERE op_id = ?');
  const message = db.prepare<[string], { seq: number }>('SELECT create_seq AS seq FROM message WHERE id = ?');
  const entry = db.prepare<[string, string], { value: string; seq: number }>(
    'SELECT value, rev_seq AS seq FROM entry WHERE log_id = ? AND key = ?',
  );
  return {
    tailOf: (logId) => tail.get(logId)?.tail ?? 0,
    // A send's id is its message's, so a page or window that held it says the same as its event.
    seenSeq: (opId) => ownOp.get(opId)?.seq ?? message.get(opId)?.seq,
    draft: (place) => {
      const row = entry.get(userId, `draft:${place}`);
      // A later version may have written what this one does not know: that is left alone.
      const draft = row && draftEntrySchema.safeParse(JSON.parse(row.value)).data;
      return draft && { draft, seq: row.seq };
    },
  };
}

function replayUnknown(db: Sqlite, ingest: EventIngest): void {
  const stored = db
    .prepare<[], { envelope: string }>('SELECT envelope FROM unknown_event ORDER BY log_id, seq')
    .all();
  if (stored.length > 0)
    ingest.replayUnknown(stored.map((row) => envelopeSchema.parse(JSON.parse(row.envelope))));
}
