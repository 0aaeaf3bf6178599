/** How long to wait before the core is started again. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Doubles from half a second to half a minute, so that a core that cannot run does not eat the machine. */
export function restartDelayMs(crashes: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(Math.max(crashes - 1, 0), 16));
}
