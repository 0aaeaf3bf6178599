/** How long the main process keeps its event loop busy. Measured only on request, since measuring wakes the machine. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Log } from './log-file.ts';

const EVERY_MS = 1_000;
/** Sampling interval; a delay is what exceeds it. */
const RESOLUTION_MS = 5;

/** Writes p99 and maximum of each second to the log, in milliseconds beyond the sampling interval. */
export function logLoopDelay(log: Log): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  setInterval(() => {
    log('info', 'main.loopDelay', { p99Ms: beyond(delays.percentile(99)), maxMs: beyond(delays.max) });
    delays.reset();
  }, EVERY_MS).unref();
}
