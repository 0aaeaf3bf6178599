/**
 * Delivered marks: how far this device's cache got. Owns coalescing them. A mark is raised only after the events are
 * committed to the cache, and only for positions that other people wrote, so that own messages cost no extra op.
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { stored, type SyncContext } from './sync-context.ts';

/** See the file comment. */
export class Delivered {
  readonly #context: SyncContext;
  readonly #kick: () => void;
  readonly #pending = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;

  constructor(context: SyncContext, kick: () => void) {
    this.#context = context;
    this.#kick = kick;
  }

  /** Events were committed. */
  note(logId: string, events: readonly Envelope[]): void {
    const foreign = events.findLast((event) => event.actorId !== this.#context.userId);
    if (foreign) this.#raise(logId, foreign.seq);
  }

  /** A window was committed: everything up to its position is here. */
  noteTail(logId: string): void {
    const log = this.#context.stores.reader.log(logId);
    if (log && log.tail > log.deliveredSeq) this.#raise(logId, log.tail);
  }

  /** Forgets what was not raised; the next window or event raises it again. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#pending.clear();
  }

  #raise(logId: string, seq: number): void {
    const log = this.#context.stores.reader.log(logId);
    if (!log || log.kind !== 'conversation' || log.left) return;
    this.#pending.set(logId, Math.max(seq, this.#pending.get(logId) ?? 0));
    this.#cancelTimer ??= this.#context.timers.after(this.#context.tuning.deliveredDelayMs, () =>
      this.#flush(),
    );
  }

  #flush(): void {
    this.#cancelTimer = undefined;
    for (const [logId, seq] of this.#pending) {
      stored(() => this.#context.stores.outbox.raiseWatermark('delivered.set', logId, seq));
    }
    this.#pending.clear();
    this.#kick();
  }
}
