/**
 * Screen reader announcements. Owns the two live regions' text: `polite` for new messages, connection changes and
 * result counts, `assertive` for what needs an answer. Nothing else in the app is a live region.
 */
import { createStore, type Store } from './store.ts';

/** How urgent an announcement is. */
export type Politeness = 'polite' | 'assertive';

/** Text of both regions. */
export const announcements: Store<Readonly<Record<Politeness, string>>> = createStore({
  polite: '',
  assertive: '',
});

/** Same text twice in a row must still be read: alternating an invisible suffix makes it a change. */
let flip = false;

/** Speaks a sentence. */
export function announce(text: string, politeness: Politeness = 'polite'): void {
  flip = !flip;
  announcements.set((current) => ({ ...current, [politeness]: flip ? text : `${text}\u00a0` }));
}

/** More than this many messages within {@link batchWindowMs} become one sentence. */
const batchLimit = 3;
const batchWindowMs = 2000;

/** Collects announcements of new messages, so that a burst is read as one number. */
export class MessageAnnouncer {
  readonly #speak: (text: string) => void;
  readonly #summary: (count: number) => string;
  #recent: number[] = [];
  #held = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param speak says one sentence
   * @param summary words for a number of messages
   */
  constructor(speak: (text: string) => void, summary: (count: number) => string) {
    this.#speak = speak;
    this.#summary = summary;
  }

  /** A message arrived in the open conversation. */
  add(text: string, nowMs: number): void {
    this.#recent = [...this.#recent.filter((at) => nowMs - at < batchWindowMs), nowMs];
    if (this.#recent.length <= batchLimit) {
      this.#speak(text);
      return;
    }
    this.#held += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#speak(this.#summary(this.#held));
      this.#held = 0;
    }, batchWindowMs);
  }

  /** Drops what is held. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#held = 0;
  }
}
