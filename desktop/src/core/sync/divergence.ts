/**
 * Logs whose history may not be the server's. Owns the suspicion until it is settled, and the bound of that loop: the
 * second time in one connection a log is loaded anew whatever the server says, the third time the connection ends.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { stored, type SyncContext } from './sync-context.ts';
import { forgetLog, verifyLogs } from './verify.ts';

/** What the comparison tells. */
export interface DivergenceTargets {
  /** This log's position is settled: load what is missing. */
  settled(logId: string): void;
  /** The server had lost something; it was offered again. */
  restored(): void;
  failed(error: ErrorBody): void;
}

/** See the file comment. */
export class Divergence {
  readonly #context: SyncContext;
  readonly #targets: DivergenceTargets;
  readonly #suspects = new Set<string>();
  readonly #rounds = new Map<string, number>();
  #isRunning = false;

  constructor(context: SyncContext, targets: DivergenceTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** A head or an event contradicts what is held of this log. */
  suspect(logId: string): void {
    const round = (this.#rounds.get(logId) ?? 0) + 1;
    this.#rounds.set(logId, round);
    if (round > 2) return this.#targets.failed(errorBody('DIVERGED'));
    if (round === 2) {
      const forgotten = stored(() => forgetLog(this.#context, logId));
      return forgotten.ok ? this.#targets.settled(logId) : this.#targets.failed(forgotten.error);
    }
    this.#suspects.add(logId);
    void this.check();
  }

  /** Compares what is suspected; also called by the beat, in case an earlier comparison did not get through. */
  async check(): Promise<void> {
    if (this.#suspects.size === 0 || this.#isRunning) return;
    const asked = new Set(this.#suspects);
    this.#isRunning = true;
    const found = await verifyLogs(this.#context, asked);
    this.#isRunning = false;
    if (this.#context.isStopped() || !found.ok) return;
    for (const logId of asked) this.#suspects.delete(logId);
    if (found.value.differing.length > 0) this.#targets.restored();
    for (const logId of asked) this.#targets.settled(logId);
  }

  /** A new connection starts counting anew; open suspicions stay. */
  reset(): void {
    this.#rounds.clear();
  }
}
