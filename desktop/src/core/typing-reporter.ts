/**
 * Own typing, at the rate the protocol allows: at most one start per 3 s (the server drops more), a stop 1 s after the
 * last key, on sending, clearing or switching. Owns the clock of it; nothing of it is stored or queued.
 */
import type { Clock, Timers } from './ports.ts';

const START_EVERY_MS = 3_000;
const STOP_AFTER_MS = 1_000;

/** Sends the word. */
export type TypingEmit = (event: 'typing:start' | 'typing:stop', conversationId: string) => void;

interface Typing {
  readonly conversationId: string;
  /** The others were told of it. */
  isTold: boolean;
  cancelStop: () => void;
  cancelStart: () => void;
}

const nothing = (): void => undefined;

/** See the file comment. */
export class TypingReporter {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #emit: TypingEmit;
  #current: Typing | undefined;
  /** When the last start went out, `monotonicMs`; a start that comes too early waits for its turn. */
  #startedAtMs = Number.NEGATIVE_INFINITY;

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
    const typing = (this.#current ??= {
      conversationId,
      isTold: false,
      cancelStop: nothing,
      cancelStart: nothing,
    });
    typing.cancelStop();
    typing.cancelStop = this.#timers.after(STOP_AFTER_MS, () => this.stop());
    typing.cancelStart();
    const waitMs = this.#startedAtMs + START_EVERY_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) this.#start(typing);
    else typing.cancelStart = this.#timers.after(waitMs, () => this.#start(typing));
  }

  /** Sent, cleared, switched or quiet. */
  stop(): void {
    const typing = this.#current;
    this.#current = undefined;
    typing?.cancelStop();
    typing?.cancelStart();
    if (typing?.isTold) this.#emit('typing:stop', typing.conversationId);
  }

  #start(typing: Typing): void {
    typing.isTold = true;
    this.#startedAtMs = this.#clock.monotonicMs();
    this.#emit('typing:start', typing.conversationId);
  }
}
