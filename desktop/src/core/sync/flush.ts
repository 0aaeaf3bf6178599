/**
 * Flush: outbox batches to the server, one in flight per lane. Owns what is in flight. Promises: nothing is emitted
 * while disconnected; every batch taken is settled or marked ambiguous; while connected an op that may go has a
 * request under way or a timer armed (I16).
 */
import { retryClassOf, type ErrorBody, type ErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch } from '../store/store-types.ts';
import { isConnectionError, stored, type SyncContext } from './sync-context.ts';

/** Lanes with a batch in flight at the same time. */
export const MAX_PARALLEL_LANES = 4;
/** A close this soon after an op went out may be the op's doing; later ones are the network's. */
const POISON_WINDOW_MS = 1_000;
/** How soon a verdict that could not be written is tried again. */
const UNSETTLED_RETRY_MS = 2_000;
/** The longest a waiting outbox goes without being looked at (I16). */
const MAX_WAKE_MS = 60_000;
const MIN_WAKE_MS = 50;

/** What the flush tells. */
export interface FlushTargets {
  /** The server committed an op at a position of a log. */
  committed(op: Op, result: OpResult, seq: number): void;
  connectionFailed(code: ErrorCode): void;
}

/** Of the server's answer to `hello`: another process than before means that the server died, not the connection. */
export interface Greeting {
  readonly fence: number;
  readonly processId: string;
}

/** See the file comment. */
export class Flush {
  readonly #context: SyncContext;
  readonly #targets: FlushTargets;
  readonly #inFlight = new Map<string, { readonly batch: OutboxBatch; readonly sentAtMs: number }>();
  /** Verdicts that could not be written yet (disk full). */
  readonly #unsettled = new Map<string, () => void>();
  /** What was in flight when the connection closed; judged by whether the server still answers. */
  #suspects: OutboxBatch[] = [];
  #fence: number | undefined;
  /** The server process ops went to last. */
  #processId: string | undefined;
  #cancelWake: (() => void) | undefined;

  constructor(context: SyncContext, targets: FlushTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** Ops may go from now on. */
  open({ fence, processId }: Greeting): void {
    this.#fence = fence;
    const hasServerRestarted = processId !== this.#processId;
    this.#processId = processId;
    const suspects = this.#suspects.splice(0);
    for (const batch of suspects)
      stored(() => this.#context.stores.outbox.noteDisconnect(batch, hasServerRestarted));
    this.kick();
  }

  /**
   * No more ops on this connection. Batches in flight end by their request failing; `hasClosed` makes them suspects, so
   * that an op that kills connections is found (R21): the outbox hears of it once the server is reached again.
   */
  close(hasClosed: boolean): void {
    if (this.#fence === undefined) return;
    this.#fence = undefined;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (!hasClosed) return;
    const sinceMs = this.#context.clock.monotonicMs() - POISON_WINDOW_MS;
    for (const { batch, sentAtMs } of this.#inFlight.values()) {
      if (sentAtMs >= sinceMs) this.#suspects.push(batch);
    }
  }

  /** The server was not there: it went away by itself, and a crash of it must not put innocent ops aside. */
  forgive(): void {
    this.#suspects = [];
  }

  /** Something may have become ready: a new op, a settled one, a dependency. */
  kick(): void {
    if (this.#fence === undefined || this.#context.isStopped()) return;
    const { outbox } = this.#context.stores;
    this.#finishUnsettled();
    while (this.#inFlight.size < MAX_PARALLEL_LANES) {
      const lanes = new Set([...this.#inFlight.keys(), ...this.#context.lostLogs]);
      const next = stored(() => outbox.nextBatch(this.#context.steadyNowMs(), lanes));
      // Disk full: the batch could not be marked, so it must not go. The wake-up tries again.
      if (!next.ok || !next.value) break;
      const batch = next.value;
      this.#inFlight.set(batch.lane, { batch, sentAtMs: this.#context.clock.monotonicMs() });
      void this.#send(batch, this.#fence);
    }
    this.#armWake();
  }

  /** Lanes with a request under way. */
  lanesInFlight(): number {
    return this.#inFlight.size;
  }

  async #send(batch: OutboxBatch, fence: number): Promise<void> {
    const { outbox } = this.#context.stores;
    const generation = this.#context.generation();
    const answer = await this.#context.request('ops:submit', {
      fence,
      lane: batch.lane,
      ops: [...batch.ops],
    });
    if (this.#context.isStopped()) return;
    if (answer.ok) this.#settle(batch, answer.value.results);
    else if (isConnectionError(answer.error.code)) {
      this.#finish(batch.lane, () => outbox.markAmbiguous(batch));
      if (generation === this.#context.generation()) this.#targets.connectionFailed(answer.error.code);
    } else this.#refuse(batch, answer.error);
    this.kick();
  }

  #settle(batch: OutboxBatch, results: readonly OpResult[]): void {
    const stopped = results.find((result) => !result.ok && isConnectionError(result.code ?? 'INTERNAL'));
    // A dead session is no verdict on the op: what came before it counts, the rest goes again with the same bytes.
    const verdicts = stopped ? results.slice(0, results.indexOf(stopped)) : results;
    const { outbox } = this.#context.stores;
    this.#finish(batch.lane, () =>
      outbox.settle(batch, verdicts, this.#context.steadyNowMs(), () => this.#context.random.unit()),
    );
    const ops = new Map(batch.ops.map((op) => [op.opId, op]));
    for (const result of verdicts) {
      const op = ops.get(result.opId);
      if (result.ok && result.seq !== undefined && op) {
        this.#targets.committed(op, result, result.seq);
      }
    }
    if (stopped) this.#targets.connectionFailed(codeOf(stopped));
  }

  /** The whole batch was refused: its first op takes the verdict, the rest stays as it was. */
  #refuse(batch: OutboxBatch, error: ErrorBody): void {
    const [first] = batch.ops;
    if (!first) return;
    // One op that cannot go by itself is refused for good; with others beside it, it may be the company.
    const code = retryClassOf(error.code) === 'never' && batch.ops.length > 1 ? 'INTERNAL' : error.code;
    const result: OpResult = {
      opId: first.opId,
      ok: false,
      duplicate: false,
      code,
      detail: error.detail,
      retryMs: error.retryMs,
    };
    const { outbox } = this.#context.stores;
    this.#finish(batch.lane, () =>
      outbox.settle(batch, [result], this.#context.steadyNowMs(), () => this.#context.random.unit()),
    );
  }

  /** Writes what became of a batch. While the disk is full its lane stays taken and the write is tried again. */
  #finish(lane: string, write: () => void): void {
    if (stored(write).ok) this.#inFlight.delete(lane);
    else this.#unsettled.set(lane, write);
  }

  #finishUnsettled(): void {
    for (const [lane, write] of [...this.#unsettled]) {
      this.#unsettled.delete(lane);
      this.#finish(lane, write);
    }
  }

  #armWake(): void {
    this.#cancelWake?.();
    const wakeMs = this.#context.stores.outbox.nextWakeMs() ?? Number.POSITIVE_INFINITY;
    const maxMs = this.#unsettled.size > 0 ? UNSETTLED_RETRY_MS : MAX_WAKE_MS;
    // At least a little, so that a batch that cannot be marked does not spin.
    const delayMs = Math.min(maxMs, Math.max(MIN_WAKE_MS, wakeMs - this.#context.steadyNowMs()));
    this.#cancelWake = this.#context.timers.after(delayMs, () => this.kick());
  }
}

function codeOf(result: OpResult): ErrorCode {
  switch (result.code) {
    case 'FENCED':
    case 'AUTH_EXPIRED':
    case 'AUTH_REQUIRED':
    case 'AUTH_REVOKED':
    case 'DEVICE_CLONED':
    case 'PROTOCOL_TOO_OLD':
    case 'SHUTTING_DOWN':
      return result.code;
    default:
      return 'TIMEOUT';
  }
}
