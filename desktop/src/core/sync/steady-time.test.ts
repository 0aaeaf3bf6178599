/** Time of the outbox through sleep and wall clocks put forward and back. */
import { describe, expect, it } from 'vitest';
import { SteadyTime } from './steady-time.ts';

const HOUR_MS = 3_600_000;

function clockAt(wallMs: number) {
  let monotonicMs = 500.5;
  let aheadMs = wallMs - monotonicMs;
  const clock = { nowMs: () => aheadMs + monotonicMs, monotonicMs: () => monotonicMs };
  return {
    time: new SteadyTime(clock),
    run: (byMs: number) => void (monotonicMs += byMs),
    /** The wall clock moves, the monotonic one does not: sleep, or somebody sets the clock. */
    shift: (byMs: number) => void (aheadMs += byMs),
  };
}

describe('steady time', () => {
  it('counts sleep once it is told to look, and the server’s time with it', () => {
    const { time, run, shift } = clockAt(1_000_000);
    time.learnServerTime(2_000_000);
    run(1_000);
    shift(25 * HOUR_MS);
    expect(time.nowMs()).toBe(1_001_000);
    time.catchUp();
    expect(time.nowMs()).toBe(1_001_000 + 25 * HOUR_MS);
    expect(time.serverNowMs()).toBe(2_001_000 + 25 * HOUR_MS);
  });

  it('never goes back, whatever the wall clock does', () => {
    const { time, run, shift } = clockAt(50 * HOUR_MS);
    shift(-25 * HOUR_MS);
    time.catchUp();
    run(1_000);
    expect(time.nowMs()).toBe(50 * HOUR_MS + 1_000);
  });
});
