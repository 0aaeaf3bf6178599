/**
 * Ports of the core: everything non-deterministic it uses. Owns the seams by which production, tests and simulation
 * differ; no other file of the core may reach for a clock, a timer or randomness.
 */

/** Time. `nowMs` is wall time for display only; `monotonicMs` never goes back and drives every delay. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
}

/** One-shot timers. The returned function cancels. */
export interface Timers {
  after(delayMs: number, run: () => void): () => void;
}

/** Randomness for ids, jitter and nonces. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** Uniform in [0, 1). */
  unit(): number;
}

/** A structured log line: ids and codes, never message text or tokens. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | null>>,
) => void;
