/**
 * Time as an account counts it. Owns the distance of the monotonic clock from wall time and from the server's time.
 * Promises: {@link SteadyTime.nowMs} never goes back within a run, and goes forward only where the wall clock did.
 */
import type { Clock } from '../ports.ts';

/** See the file comment. All values are milliseconds. */
export class SteadyTime {
  readonly #clock: Clock;
  #wallOffsetMs: number;
  #serverOffsetMs = 0;

  /** @param serverTimeMs the server's time as remembered from an earlier run */
  constructor(clock: Clock, serverTimeMs = clock.nowMs()) {
    this.#clock = clock;
    this.#wallOffsetMs = clock.nowMs() - clock.monotonicMs();
    this.learnServerTime(serverTimeMs);
  }

  /** Wall time that never jumps back within a run: what outbox times are measured in. */
  nowMs(): number {
    return Math.floor(this.#wallOffsetMs + this.#clock.monotonicMs());
  }

  /** The server's time as far as {@link learnServerTime} was told it; local time before. */
  serverNowMs(): number {
    return this.nowMs() + this.#serverOffsetMs;
  }

  /**
   * Makes up for a sleep, in which the monotonic clock stands still on Linux: what was composed before it is that much
   * older. Forwards only: a wall clock put back must not make a wait longer.
   */
  catchUp(): void {
    this.#wallOffsetMs = Math.max(this.#wallOffsetMs, this.#clock.nowMs() - this.#clock.monotonicMs());
  }

  /** The server said what time it is. */
  learnServerTime(serverTimeMs: number): void {
    this.#serverOffsetMs = serverTimeMs - this.nowMs();
  }
}
