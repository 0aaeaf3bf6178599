/**
 * Search over what this device holds: the index beside cache.db, filled when nothing else is to do, and the searches
 * that run. Owns their turns. Promises: neither holds the thread for longer than a slice; without a usable index every
 * message is looked at, so that the hits are the same, only later.
 */
import { join } from 'node:path';
import type { Clock, Log, Timers } from './ports.ts';
import { openSearchFile, rebuildSearchFile } from './store/search/search-schema.ts';
import { SearchIndex } from './store/search/search-index.ts';
import {
  searchCache,
  type SearchCursor,
  type SearchPage,
  type SearchScope,
} from './store/search/search-run.ts';
import type { Sqlite } from './store/sqlite.ts';
import { isDamaged, sqliteCode } from './store/store-error.ts';
import type { Changes } from './store/store-types.ts';

/** What the search of one account needs. */
export interface MessageSearchPorts {
  /** The account's folder. */
  readonly dir: string;
  readonly cacheDb: Sqlite;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Something that must stay fast runs (a catch-up): the index waits. */
  readonly isBusy: () => boolean;
}

/** Longest step of indexing. */
const STEP_MS = 8;
/** Between a commit and its indexing: what arrives together is indexed together. */
const SETTLE_MS = 250;
/** After the start, and after a failure such as a full disk. */
const START_MS = 2_000;
const RETRY_MS = 60_000;

const nothing: SearchPage = { hits: [], hasMore: false };

/** See the file comment. */
export class MessageSearch {
  readonly #ports: MessageSearchPorts;
  readonly #path: string;
  readonly #unsubscribe: () => void;
  readonly #running = new Map<string, symbol>();
  /** Searches under way; the index is not written to meanwhile. */
  readonly #open = new Set<Generator<void, SearchPage>>();
  #index: SearchIndex | null = null;
  #isOpened = false;
  #cancelStep: (() => void) | null = null;
  #isClosed = false;

  constructor(ports: MessageSearchPorts) {
    this.#ports = ports;
    this.#path = join(ports.dir, 'search.db');
    this.#unsubscribe = ports.changes.onChange((keys) => {
      for (const key of keys) if (key.startsWith('messages:')) return this.#arm(SETTLE_MS);
    });
    this.#arm(START_MS);
  }

  /**
   * Searches. A newer search of the same `channel` ends an older one, which then answers with nothing.
   * @param channel who asks: one window's list, for example
   */
  async search(
    channel: string,
    scope: SearchScope,
    limit: number,
    after: SearchCursor | null,
  ): Promise<SearchPage> {
    const run = Symbol(channel);
    this.#running.set(channel, run);
    try {
      return await this.#run(channel, run, scope, limit, after);
    } finally {
      if (this.#running.get(channel) === run) this.#running.delete(channel);
    }
  }

  /** Whether the index holds everything there is. */
  isIndexed(): boolean {
    this.#openFile();
    return this.#index?.isCurrent() ?? false;
  }

  /** Indexes until nothing is left; for tests and measurements. */
  finishIndex(): void {
    this.#openFile();
    while (this.#index?.step(STEP_MS) === true);
  }

  /** Ends what runs and closes the file. */
  close(): void {
    this.#isClosed = true;
    this.#cancelStep?.();
    this.#unsubscribe();
    this.#running.clear();
    for (const slices of this.#open) slices.return(nothing);
    this.#index?.db.close();
    this.#index = null;
  }

  async #run(
    channel: string,
    run: symbol,
    scope: SearchScope,
    limit: number,
    after: SearchCursor | null,
  ): Promise<SearchPage> {
    this.#openFile();
    const { cacheDb: cache, clock } = this.#ports;
    const nowMs = (): number => clock.monotonicMs();
    const index = this.#index;
    const slices = searchCache({ cache, index, nowMs }, scope, limit, after);
    this.#open.add(slices);
    try {
      for (;;) {
        if (this.#isClosed || this.#running.get(channel) !== run) return nothing;
        const slice = slices.next();
        if (slice.done) return slice.value;
        await new Promise<void>((resolve) => this.#ports.timers.after(0, resolve));
      }
    } catch (error) {
      // The index is damaged: without it the answer is the same.
      if (this.#index !== index || !this.#mended(error)) throw error;
      return this.#run(channel, run, scope, limit, after);
    } finally {
      slices.return(nothing);
      this.#open.delete(slices);
    }
  }

  #arm(delayMs: number): void {
    if (this.#isClosed || this.#cancelStep) return;
    this.#cancelStep = this.#ports.timers.after(delayMs, () => {
      this.#cancelStep = null;
      this.#step();
    });
  }

  #step(): void {
    if (this.#ports.isBusy() || this.#open.size > 0) return this.#arm(SETTLE_MS);
    this.#openFile();
    const begin = this.#ports.clock.monotonicMs();
    try {
      // A pause as long as the step: whatever waits for the thread goes first.
      if (this.#index?.step(STEP_MS) === true) this.#arm(this.#ports.clock.monotonicMs() - begin);
    } catch (error) {
      if (this.#mended(error)) this.#arm(SETTLE_MS);
      else this.#failed(error);
    }
  }

  /** Opens the file when it is first needed: the start of the app is for what is on screen. */
  #openFile(): void {
    if (this.#isOpened || this.#isClosed) return;
    this.#isOpened = true;
    try {
      this.#use(openSearchFile(this.#path, this.#ports.cacheDb));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Begins the index anew if it is damaged. */
  #mended(error: unknown): boolean {
    const { cacheDb, log } = this.#ports;
    if (!isDamaged(error) || !this.#index) return false;
    log('warn', 'search.rebuilt', { code: sqliteCode(error) ?? null });
    for (const slices of this.#open) slices.return(nothing);
    this.#index.db.close();
    this.#index = null;
    try {
      this.#use(rebuildSearchFile(this.#path, cacheDb));
    } catch (cause) {
      this.#failed(cause);
    }
    return true;
  }

  #use(db: Sqlite): void {
    this.#index = new SearchIndex(db, this.#ports.cacheDb, () => this.#ports.clock.monotonicMs());
  }

  // A full disk, most likely. Searching goes on without what is not indexed.
  #failed(error: unknown): void {
    this.#ports.log('warn', 'search.indexFailed', { code: sqliteCode(error) ?? 'unknown' });
    this.#arm(RETRY_MS);
  }
}
