/**
 * Catch-up: every log that is behind, visible conversations first. Owns the queue of logs to load. Promises: at most
 * four loads at once, never two of one log, a log that fails waits alone (with back-off) instead of holding up
 * the others, and one that can never succeed rests until the server announces something new about it.
 */
import { retryClassOf, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { loadLog } from './load-log.ts';
import { fullJitter, type SyncContext } from './sync-context.ts';

/** Loads at the same time. */
export const MAX_PARALLEL_LOADS = 4;
const BACKOFF_MIN_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
/** Never-loaded logs taken along by a later catch-up; the rest comes with the idle back-fill. */
const LATER_EMPTY_LOGS = 50;

/** What the catch-up tells. */
export interface CatchUpTargets {
  /** Everything that can be loaded now is loaded. */
  finished(): void;
  /** The tail of a log moved: held-back events may fit now. */
  loaded(logId: string): void;
  diverged(logId: string): void;
  /** The sign-in ended or must be renewed. */
  connectionError(error: ErrorBody): void;
  progressed(done: number, total: number): void;
}

interface Rest {
  attempts: number;
  /** The head at which it rests for good, or undefined while a timer runs. */
  readonly atHead: number | undefined;
  readonly cancel: (() => void) | undefined;
}

/** See the file comment. */
export class CatchUp {
  readonly #context: SyncContext;
  readonly #targets: CatchUpTargets;
  /** Logs to load, with the position to reach at least; first in, first out. */
  readonly #queue = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #resting = new Map<string, Rest>();
  #isActive = false;
  #done = 0;
  #total = 0;

  constructor(context: SyncContext, targets: CatchUpTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** Loads whatever the cache says is behind. */
  start(): void {
    this.#isActive = true;
    const { reader, meta } = this.#context.stores;
    const isFirstSync = meta.get('firstSyncDone') === null;
    let empties = isFirstSync ? this.#context.tuning.firstSyncLogs : LATER_EMPTY_LOGS;
    const visible = new Set(this.#context.visibleConversations());
    const behind = [...reader.logsBehind()].sort((a, b) => rank(visible, a) - rank(visible, b));
    for (const log of behind) {
      if (log.isEmpty && log.kind === 'conversation' && !visible.has(log.id)) {
        if (empties === 0) continue;
        empties -= 1;
      }
      this.#enqueue(log.id, 0);
    }
    this.#fill();
  }

  /** Heads named these logs: whatever was refused for good before is worth another try, also at the same position. */
  announced(logIds: readonly string[]): void {
    for (const logId of logIds) {
      if (this.#resting.get(logId)?.cancel === undefined) this.#resting.delete(logId);
    }
  }

  /** Loads one log, now if there is room; in any case before the rest of the queue. */
  pull(logId: string, needSeq: number): void {
    if (!this.#isActive) return;
    const others = [...this.#queue];
    this.#enqueue(logId, needSeq);
    if (this.#queue.has(logId)) {
      for (const [id, seq] of others) {
        if (id === logId) continue;
        this.#queue.delete(id);
        this.#queue.set(id, seq);
      }
    }
    this.#fill();
  }

  /** The connection is gone: nothing new is started; loads under way end by themselves. */
  stop(): void {
    this.#isActive = false;
    this.#queue.clear();
    for (const rest of this.#resting.values()) rest.cancel?.();
    this.#resting.clear();
    this.#done = 0;
    this.#total = 0;
  }

  /** Nothing is loading or waiting to. */
  isIdle(): boolean {
    return this.#running.size === 0 && this.#queue.size === 0;
  }

  #enqueue(logId: string, needSeq: number): void {
    const rest = this.#resting.get(logId);
    if (rest) {
      const head = this.#context.stores.reader.log(logId)?.head ?? 0;
      if (rest.atHead === undefined || (head <= rest.atHead && needSeq <= rest.atHead)) return;
      this.#resting.delete(logId);
    }
    const queued = this.#queue.get(logId);
    if (queued === undefined) this.#total += 1;
    this.#queue.set(logId, Math.max(queued ?? 0, needSeq));
  }

  #fill(): void {
    for (const [logId, needSeq] of this.#queue) {
      if (this.#running.size >= MAX_PARALLEL_LOADS) return;
      if (this.#running.has(logId)) continue;
      this.#queue.delete(logId);
      this.#running.add(logId);
      void this.#load(logId, needSeq);
    }
    if (this.#isActive && this.isIdle()) {
      this.#done = 0;
      this.#total = 0;
      this.#targets.finished();
    }
  }

  async #load(logId: string, needSeq: number): Promise<void> {
    const generation = this.#context.generation();
    const outcome = await loadLog(this.#context, logId, needSeq);
    this.#running.delete(logId);
    if (this.#context.isStopped()) return;
    const isCurrent = generation === this.#context.generation() && this.#isActive;
    if (outcome.ok) {
      this.#resting.delete(logId);
      if (outcome.value === 'diverged') this.#targets.diverged(logId);
      else this.#targets.loaded(logId);
    } else if (isCurrent) this.#fail(logId, needSeq, outcome.error);
    if (!this.#isActive) return;
    this.#done += 1;
    this.#targets.progressed(this.#done, this.#total);
    this.#fill();
  }

  #fail(logId: string, needSeq: number, error: ErrorBody): void {
    const retry = retryClassOf(error.code);
    this.#context.log('warn', 'sync.loadFailed', { logId, code: error.code });
    if (retry === 'afterAuth' || retry === 'afterUpdate') return this.#targets.connectionError(error);
    const attempts = (this.#resting.get(logId)?.attempts ?? 0) + 1;
    // A full disk passes when the person frees some; everything else of this class is about the log itself.
    if (retry === 'never' && error.code !== 'DISK_FULL') {
      const atHead = this.#context.stores.reader.log(logId)?.head ?? 0;
      this.#resting.set(logId, { attempts, atHead, cancel: undefined });
      return;
    }
    const jittered = fullJitter(attempts, BACKOFF_MIN_MS, BACKOFF_MAX_MS, this.#context.random);
    const delayMs = Math.max(jittered, error.retryMs ?? 0);
    const cancel = this.#context.timers.after(delayMs, () => {
      // Kept, so that the next failure counts on; `atHead` -1 lets the queue take it again.
      this.#resting.set(logId, { attempts, atHead: -1, cancel: undefined });
      this.pull(logId, needSeq);
    });
    this.#resting.set(logId, { attempts, atHead: undefined, cancel });
  }
}

function rank(visible: ReadonlySet<string>, log: { id: string; kind: string }): number {
  if (visible.has(log.id)) return 0;
  // Names and settings come before other conversations: a list without names is no list.
  return log.kind === 'conversation' ? 2 : 1;
}
