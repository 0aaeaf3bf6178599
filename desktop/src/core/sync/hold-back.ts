/**
 * Pushed events: into the cache when they continue it, held back for a moment when they do not. Owns the buffers of
 * early events. Promises: at most 256 events of one log are held, nothing held is ever persisted out of order, and a
 * gap that does not close by itself within about 400 ms is pulled.
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { stored, type SyncContext } from './sync-context.ts';

/** Most events of one log held in memory (I24). What is dropped comes with the pull. */
export const MAX_HELD_EVENTS = 256;

/** What the hold-back asks of others. */
export interface HoldBackTargets {
  /** The log has a gap (or more than is held): pull it, at least up to `needSeq`. */
  pull(logId: string, needSeq: number): void;
  /** The chain does not fit: compare histories. */
  diverged(logId: string): void;
  /** An event of a log that this device has never heard of. */
  unknownLog(): void;
}

interface Held {
  readonly events: Map<number, Envelope>;
  cancelTimer: (() => void) | undefined;
  needSeq: number;
}

/** See the file comment. */
export class HoldBack {
  readonly #context: SyncContext;
  readonly #targets: HoldBackTargets;
  readonly #held = new Map<string, Held>();

  constructor(context: SyncContext, targets: HoldBackTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** Takes consecutive events of one log as they were pushed. */
  receive(logId: string, events: readonly Envelope[]): void {
    const { stores } = this.#context;
    const log = stores.reader.log(logId);
    if (!log) return this.#targets.unknownLog();
    const fresh = events.filter((event) => event.seq > log.tail);
    if (fresh.length === 0) return;
    const outcome = stored(() => stores.ingest.applyEvents(logId, fresh));
    // Not stored (disk full) is like not received: the pull tries again, with back-off.
    if (!outcome.ok || outcome.value.kind === 'gap') return this.#hold(logId, fresh);
    if (outcome.value.kind === 'diverged') return this.#targets.diverged(logId);
    this.#context.committed(logId, fresh, 'push');
    this.drain(logId);
  }

  /** The server named a position (an ack, a head) that no event has reached us for yet. */
  expect(logId: string, seq: number): void {
    const log = this.#context.stores.reader.log(logId);
    if (!log) return this.#targets.unknownLog();
    if (seq <= log.tail) return;
    const held = this.#heldOf(logId);
    held.needSeq = Math.max(held.needSeq, seq);
    this.#arm(logId, held);
  }

  /** After the tail moved by whatever way: applies what continues it now, forgets what is behind it. */
  drain(logId: string): void {
    const held = this.#held.get(logId);
    if (!held) return;
    const { stores } = this.#context;
    let tail = stores.reader.log(logId)?.tail ?? 0;
    for (const seq of [...held.events.keys()]) if (seq <= tail) held.events.delete(seq);
    const run: Envelope[] = [];
    for (let next = held.events.get(tail + 1); next; next = held.events.get(next.seq + 1)) run.push(next);
    if (run.length > 0) {
      const outcome = stored(() => stores.ingest.applyEvents(logId, run));
      if (!outcome.ok) return this.#arm(logId, held);
      if (outcome.value.kind === 'diverged') {
        this.forget(logId);
        return this.#targets.diverged(logId);
      }
      for (const event of run) held.events.delete(event.seq);
      tail = outcome.value.tail;
      if (outcome.value.kind === 'applied') this.#context.committed(logId, run, 'push');
    }
    if (held.events.size === 0 && held.needSeq <= tail) this.forget(logId);
    else this.#arm(logId, held);
  }

  /** Drops the buffer of one log. */
  forget(logId: string): void {
    this.#held.get(logId)?.cancelTimer?.();
    this.#held.delete(logId);
  }

  /** The connection is gone: whatever was missed comes by heads and pull. */
  clear(): void {
    for (const logId of [...this.#held.keys()]) this.forget(logId);
  }

  #hold(logId: string, events: readonly Envelope[]): void {
    const held = this.#heldOf(logId);
    for (const event of events) {
      held.needSeq = Math.max(held.needSeq, event.seq);
      if (held.events.size < MAX_HELD_EVENTS) held.events.set(event.seq, event);
    }
    this.#arm(logId, held);
  }

  #heldOf(logId: string): Held {
    const known = this.#held.get(logId);
    if (known) return known;
    const held: Held = { events: new Map(), cancelTimer: undefined, needSeq: 0 };
    this.#held.set(logId, held);
    return held;
  }

  #arm(logId: string, held: Held): void {
    if (held.cancelTimer) return;
    const { timers, random, tuning } = this.#context;
    // ±25 %: a room of clients that miss the same event must not pull in the same millisecond.
    const delayMs = tuning.holdBackMs * (0.75 + random.unit() / 2);
    held.cancelTimer = timers.after(delayMs, () => {
      held.cancelTimer = undefined;
      this.#targets.pull(logId, held.needSeq);
    });
  }
}
