/**
 * What happens to messages by the clock: scheduled ones are sent, disappearing ones deleted. Owns that each happens once,
 * however many servers run, and that what cannot be sent any more stays with its author, with the reason.
 */
import type { Now } from './clock.ts';
import type { FanOut, Outcome, RepairListener } from './service-types.ts';

/** How often is looked for what is due. A message is late by this much at most, plus its commit. */
const ROUND_MS = 2_000;

/** Does what is due now; answers what to send. See `SystemOps`. */
export interface DueWork {
  readonly sendScheduled: (nowMs: number) => Promise<Outcome<readonly FanOut[]>>;
  readonly deleteExpired: (nowMs: number) => Promise<Outcome<readonly FanOut[]>>;
}

/** See the file's head. */
export class DueMessages {
  readonly #work: DueWork;
  readonly #now: Now;
  #listener: RepairListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(work: DueWork, now: Now) {
    this.#work = work;
    this.#now = now;
  }

  /** Looks now, and from now on every {@link ROUND_MS}. */
  start(listener: RepairListener): void {
    this.#listener = listener;
    this.#schedule(0);
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#listener = undefined;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(afterMs: number): void {
    if (!this.#listener) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round().finally(() => this.#schedule(ROUND_MS));
    }, afterMs);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    const nowMs = this.#now();
    for (const work of [this.#work.deleteExpired, this.#work.sendScheduled]) {
      try {
        const done = await work(nowMs);
        // A database that is busy is asked again in the next round.
        if (done.ok && done.value.length > 0) this.#listener?.send(done.value);
      } catch (error) {
        this.#listener?.onFailure(error);
      }
    }
  }
}
