/**
 * Simulated time. Owns the one queue everything in a simulation goes through: timers, messages, people. One step runs one
 * entry and lets every promise it resolved run dry, so that each `await` in the core is a point where anything else
 * may happen first. The same seed gives the same order.
 */
import { createHash } from 'node:crypto';
import type { Random, Timers } from '../../ports.ts';

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly label: string;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Numbers from a seed (mulberry32): small, fast and the same everywhere. */
export function seededUnit(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A core's randomness, from the simulation's. */
export function randomFrom(unit: () => number): Random {
  return { unit, bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(unit() * 256)) };
}

/** See the file comment. */
export class Scheduler {
  readonly unit: () => number;
  #nowMs = 1_000;
  #order = 0;
  #steps = 0;
  readonly #queue: Entry[] = [];
  readonly #trace = createHash('sha256');

  constructor(seed: number) {
    this.unit = seededUnit(seed);
  }

  /** Simulated milliseconds since the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Entries run so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Hash of everything that happened, in order; ends the trace. */
  traceHash(): string {
    return this.#trace.digest('hex');
  }

  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of the items, or undefined when there is none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.unit() * items.length)];
  }

  /** Runs something later. Returns the cancel. */
  after(delayMs: number, label: string, run: () => void): () => void {
    const entry: Entry = {
      atMs: this.#nowMs + Math.ceil(Math.max(0, delayMs)),
      order: this.#order++,
      label,
      run,
      isCancelled: false,
    };
    let at = this.#queue.length;
    while (at > 0 && isLater(this.#queue[at - 1], entry)) at -= 1;
    this.#queue.splice(at, 0, entry);
    return () => {
      entry.isCancelled = true;
    };
  }

  /** The timers of one process; they stop with it. */
  timersOf(label: string, isAlive: () => boolean): Timers {
    return {
      after: (delayMs, run) =>
        this.after(delayMs, label, () => {
          if (isAlive()) run();
        }),
    };
  }

  /** Runs the next entry up to `untilMs`. Returns its label, or undefined when nothing is left before that time. */
  async step(untilMs: number): Promise<string | undefined> {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (next.atMs > untilMs) break;
      this.#queue.shift();
      if (next.isCancelled) continue;
      this.#nowMs = next.atMs;
      this.#steps += 1;
      this.#trace.update(`${next.atMs} ${next.label}\n`);
      next.run();
      await settled();
      return next.label;
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    return undefined;
  }
}

function isLater(a: Entry | undefined, b: Entry): boolean {
  return a !== undefined && (a.atMs > b.atMs || (a.atMs === b.atMs && a.order > b.order));
}

/** All microtasks have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
