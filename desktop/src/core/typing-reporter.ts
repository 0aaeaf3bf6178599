/**
 * Own typing, at the rate the protocol allows: at most one start per 3 s, a stop 1 s after the last key, on sending,
 * clearing or switching. Owns the clock of it; nothing of it is stored or queued.
 */
import type { Clock, Timers } from './ports.ts';

const START_EVERY_MS = 3_000;
const STOP_AFTER_MS = 1_000;

/** Sends the word. */
export type TypingEmit = (event: 'typing:start' | 'typing:stop', conversationId: string) => void;

/** See the file comment. */
export class TypingReporter {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #emit: TypingEmit;
  #current: { readonly conversationId: string; startedAtMs: number; cancel: () => void } | undefined;

  constructor(clock: Clock, timers: Timers, emit: TypingEmit) {
    this.#clock = clock;
    this.#timers = timers;
    this.#emit = emit;
  }

  /** A key in the composer, or its end. */
  report(conversationId: string, isTyping: boolean): void {
    if (!isTyping) {
      if (this.#current?.conversationId === conversationId) this.stop();
      return;
    }
    if (this.#current?.conversationId !== conversationId) this.stop();
    const nowMs = this.#clock.monotonicMs();
    const before = this.#current;
    before?.cancel();
    const isDue = !before || nowMs - before.startedAtMs >= START_EVERY_MS;
    const cancel = this.#timers.after(STOP_AFTER_MS, () => this.stop());
    this.#current = { conversationId, startedAtMs: isDue ? nowMs : before.startedAtMs, cancel };
    if (isDue) this.#emit('typing:start', conversationId);
  }

  /** Sent, cleared, switched or quiet. */
  stop(): void {
    const { conversationId, cancel } = this.#current ?? {};
    this.#current = undefined;
    cancel?.();
    if (conversationId !== undefined) this.#emit('typing:stop', conversationId);
  }
}
