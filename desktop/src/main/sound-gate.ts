/** When a notification may be heard: one per {@link SOUND_GAP_MS} at most, however many come. */

/** The least time between two sounds, in ms. */
export const SOUND_GAP_MS = 3_000;

/** See the file's head. */
export class SoundGate {
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Whether a sound may be made now; the next may then not be for a while. */
  mayPlay(nowMs: number): boolean {
    if (nowMs - this.#lastMs < SOUND_GAP_MS) return false;
    this.#lastMs = nowMs;
    return true;
  }
}
