/**
 * Retention: removes what organisations keep no longer. Owns when that happens and that it goes in small batches; the
 * devices learn of it by the floor in their heads, and have removed their own copies by the same rule already.
 */
import type { Pool } from 'pg';
import { findOverdue, trimOnce } from '../repositories/retention-repository.ts';
import type { Now } from './clock.ts';

/** How often is looked for what is overdue: a message stays this much longer at most. */
const ROUND_MS = 10 * 60_000;

/** See the head of this file. */
export class Retention {
  readonly #readPool: Pool;
  readonly #writePool: Pool;
  readonly #now: Now;
  #onFailure: ((error: unknown) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(pools: { readPool: Pool; writePool: Pool }, now: Now) {
    this.#readPool = pools.readPool;
    this.#writePool = pools.writePool;
    this.#now = now;
  }

  /** Looks now, and from now on every {@link ROUND_MS}. A round that fails is repeated by the next. */
  start(onFailure: (error: unknown) => void): void {
    this.#onFailure = onFailure;
    this.#schedule(0);
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#onFailure = undefined;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Removes everything that is overdue now. */
  async run(): Promise<void> {
    for (const conversation of await findOverdue(this.#readPool, this.#now())) {
      let hasMore = true;
      while (hasMore) hasMore = await trimOnce(this.#writePool, conversation);
    }
  }

  #schedule(afterMs: number): void {
    if (!this.#onFailure) return;
    this.#timer = setTimeout(() => {
      this.#running = this.run()
        .catch((error: unknown) => this.#onFailure?.(error))
        .finally(() => this.#schedule(ROUND_MS));
    }, afterMs);
    this.#timer.unref();
  }
}
