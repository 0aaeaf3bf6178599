/**
 * What counts as seen. Owns the rule "half visible for 500 ms": pure, with the time handed in. Whether the window is
 * focused and unlocked is added by main; this only says what was on screen.
 */

/** How long a message must be half visible. */
export const seenAfterMs = 500;

/** A message on screen. */
export interface PlacedMessage {
  readonly seq: number | null;
  readonly top: number;
  readonly bottom: number;
}

/** Positions of messages at least half of which is inside the view (or that fill half of it). */
export function halfVisible(
  messages: readonly PlacedMessage[],
  viewTop: number,
  viewBottom: number,
): number[] {
  const seqs: number[] = [];
  for (const { seq, top, bottom } of messages) {
    if (seq === null) continue;
    const shown = Math.min(bottom, viewBottom) - Math.max(top, viewTop);
    if (shown > 0 && (shown >= (bottom - top) / 2 || shown >= (viewBottom - viewTop) / 2)) seqs.push(seq);
  }
  return seqs;
}

/** Follows what is visible and says the newest position that was so long enough. */
export class SeenTracker {
  #since = new Map<number, number>();
  #reported: number;

  /** @param reported position up to which nothing needs to be said */
  constructor(reported = 0) {
    this.#reported = reported;
  }

  /** Tells what is visible now. Messages that left the view start over. */
  update(visible: readonly number[], nowMs: number): void {
    const next = new Map<number, number>();
    for (const seq of visible) {
      if (seq > this.#reported) next.set(seq, this.#since.get(seq) ?? nowMs);
    }
    this.#since = next;
  }

  /** The newest position to report, or null. Each position is reported once. */
  take(nowMs: number): number | null {
    let newest = this.#reported;
    for (const [seq, since] of this.#since) if (nowMs - since >= seenAfterMs && seq > newest) newest = seq;
    if (newest === this.#reported) return null;
    this.#reported = newest;
    for (const seq of [...this.#since.keys()]) if (seq <= newest) this.#since.delete(seq);
    return newest;
  }

  /** Milliseconds until {@link take} may have something, or null when nothing is waiting. */
  nextInMs(nowMs: number): number | null {
    if (this.#since.size === 0) return null;
    return Math.max(0, Math.min(...[...this.#since.values()].map((since) => since + seenAfterMs - nowMs)));
  }

  /** The window lost focus or was hidden: what was being looked at starts over. */
  pause(): void {
    this.#since.clear();
  }
}
