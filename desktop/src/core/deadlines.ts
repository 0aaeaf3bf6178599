/**
 * What ends by the clock while an account is open: messages whose time is over, and what was to be sent before a time. Owns
 * the two timers, and that both are looked at with every word of the time: a timer sleeps with the computer, and a clock
 * may have been wrong. Needs no connection.
 */
import type { Timers } from './ports.ts';
import type { AccountStores } from './store/store-types.ts';
import { stored } from './sync/sync-context.ts';

/** The longest a deadline goes unlooked at: a computer that slept has other time than its timers. */
const CHECK_MS = 30_000;

/** What the deadlines of an account are kept with. Times are ms. */
export interface DeadlinesDeps {
  readonly stores: Pick<AccountStores, 'outbox' | 'lifetime' | 'changes'>;
  readonly timers: Timers;
  /** Time for outbox rows. */
  nowMs(): number;
  /** The server's time, as far as known. */
  serverNowMs(): number;
  /** In these conversations something is gone. */
  removed(conversationIds: readonly string[]): void;
}

/** See the file comment. */
export class Deadlines {
  readonly #deps: DeadlinesDeps;
  readonly #unsubscribe: () => void;
  #isStopped = false;
  #cancelExpiry: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;

  constructor(deps: DeadlinesDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.stores.changes.onChange((keys) => {
      if ([...keys].some((key) => key.startsWith('messages:'))) this.#armSweep();
    });
  }

  /** Looks at everything now: at the start, after a sleep, and when the server has said what time it is. */
  check(): void {
    this.expireOps();
    this.#sweep();
  }

  /** Cancels what was to be sent before now, and looks again when the next is over. */
  expireOps(): void {
    if (this.#isStopped) return;
    this.#cancelExpiry?.();
    const { stores, timers } = this.#deps;
    const nowMs = this.#deps.nowMs();
    const next = stored(() => stores.outbox.expire(nowMs));
    // Disk full: looked at again like one that is over later.
    const delayMs = next.ok && next.value !== null ? Math.max(0, next.value - nowMs) : CHECK_MS;
    const isNeeded = !next.ok || next.value !== null;
    this.#cancelExpiry = isNeeded
      ? timers.after(Math.min(delayMs, CHECK_MS), () => this.expireOps())
      : undefined;
  }

  /** Nothing is looked at any more; the stores may be closed. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelExpiry?.();
    this.#cancelSweep?.();
    this.#unsubscribe();
  }

  /** Removes messages whose time is over, and looks again when the next one's is. */
  #sweep(): void {
    if (this.#isStopped) return;
    const swept = stored(() => this.#deps.stores.lifetime.sweep(this.#deps.serverNowMs()));
    if (swept.ok) this.#deps.removed(swept.value.conversationIds);
    this.#armSweep(swept.ok ? swept.value.nextMs : null);
  }

  #armSweep(nextMs: number | null = this.#deps.stores.lifetime.nextMs()): void {
    if (this.#isStopped) return;
    this.#cancelSweep?.();
    const delayMs = nextMs === null ? CHECK_MS : Math.max(0, nextMs - this.#deps.serverNowMs());
    this.#cancelSweep = this.#deps.timers.after(Math.min(delayMs, CHECK_MS), () => this.#sweep());
  }
}
