/**
 * The core's ports on Node: clock, timers and randomness of the machine. Owns the only place of the core that touches
 * them; a worker thread and a headless process use the same.
 */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, Random, Timers } from './ports.ts';

/** Wall time and the monotonic clock, milliseconds. */
export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Real timers. They keep the process alive; `stop` cancels what is armed. */
export const nodeTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Cryptographic randomness. */
export const nodeRandom: Random = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  unit: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
