/**
 * What this device cannot count alone: whether I follow a thread whose root is not held here, or one in which a message
 * was edited to name somebody. Owns asking for heads soon after such an event, once for all that come close together;
 * without it the next beat would tell.
 */
import { readEvent, type Envelope } from '@curlew/shared/domain/event.ts';
import type { SyncContext } from './sync-context.ts';

/** Events close together share one request. */
const HINT_DELAY_MS = 500;

/** See the head of this file. */
export class HeadsHint {
  readonly #context: Pick<SyncContext, 'stores' | 'timers' | 'userId'>;
  readonly #ask: () => void;
  #cancelTimer: (() => void) | undefined;

  constructor(context: Pick<SyncContext, 'stores' | 'timers' | 'userId'>, ask: () => void) {
    this.#context = context;
    this.#ask = ask;
  }

  /** Events were committed. */
  note(events: readonly Envelope[]): void {
    if (this.#cancelTimer || !events.some((event) => this.#isBeyondUs(event))) return;
    this.#cancelTimer = this.#context.timers.after(HINT_DELAY_MS, () => {
      this.#cancelTimer = undefined;
      this.#ask();
    });
  }

  /** Forgets what was not asked: a new connection begins with heads. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #isBeyondUs(envelope: Envelope): boolean {
    if (envelope.actorId === this.#context.userId) return false;
    const event = readEvent(envelope);
    if (event === 'skeleton' || event === 'unknown') return false;
    if (event.type === 'message:edited') return event.payload.mentions.length > 0;
    if (event.type !== 'message:new' || event.payload.threadRootId === null) return false;
    return !this.#context.stores.reader.holds(event.payload.threadRootId);
  }
}
