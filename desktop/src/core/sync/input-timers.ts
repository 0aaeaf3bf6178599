/** The timers of the connection. Owns that each is armed at most once: an armed one is a single input to come. */
import type { Timers } from '../ports.ts';
import type { SyncInputType } from './sync-cells.ts';

/** Inputs that a timer gives. */
export type TimerInput = Extract<SyncInputType, 'retryTimer' | 'beatTimer' | 'stableTimer'>;

/** See the file comment. */
export class InputTimers {
  readonly #timers: Timers;
  readonly #dispatch: (type: TimerInput) => void;
  readonly #armed = new Map<TimerInput, () => void>();

  constructor(timers: Timers, dispatch: (type: TimerInput) => void) {
    this.#timers = timers;
    this.#dispatch = dispatch;
  }

  /** The input comes in `delayMs`, whatever was armed for it before. */
  arm(type: TimerInput, delayMs: number): void {
    this.cancel(type);
    const cancel = this.#timers.after(delayMs, () => {
      this.#armed.delete(type);
      this.#dispatch(type);
    });
    this.#armed.set(type, cancel);
  }

  /** The input does not come. */
  cancel(type: TimerInput): void {
    this.#armed.get(type)?.();
    this.#armed.delete(type);
  }
}
