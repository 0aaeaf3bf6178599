/**
 * History pages: fills the holes that a person scrolls to, and back-fills when nothing else is to do. Owns which page
 * is under way. Promises: one page of one conversation at a time; a page older than the local tail is never applied
 * but asked for again (I11).
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { covers, intervalAt } from '@curlew/shared/lib/intervals.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { HistoryAnswer } from '@curlew/shared/protocol/sync.ts';
import type { LogRow } from '../store/store-types.ts';
import { stored, type SyncContext } from './sync-context.ts';

/** Pages overtaken by the local tail before a request gives up. */
const MAX_STALE = 5;

/** A page that is wanted: the one that ends at a position, or the one around a message. */
export type WantedPage =
  { readonly kind: 'before'; readonly hi: number } | { readonly kind: 'around'; readonly messageId: string };

/** What the loader tells about a conversation's holes. */
export interface HistoryTargets {
  setHistory(conversationId: string, state: 'loading' | 'failed'): void;
  /** The conversation was never loaded: the catch-up has to do it. */
  loadFirst(conversationId: string): void;
  isLive(): boolean;
  isIdle(): boolean;
}

/** See the file comment. */
export class HistoryLoader {
  readonly #context: SyncContext;
  readonly #targets: HistoryTargets;
  readonly #running = new Map<string, Promise<void>>();
  /** What is on screen and missing, kept until it is here. */
  readonly #wanted = new Map<string, WantedPage>();
  readonly #finished = new Set<string>();
  #cancelIdle: (() => void) | undefined;

  constructor(context: SyncContext, targets: HistoryTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** A hole is on screen, or a message to jump to. Without network it waits for the next connection. */
  want(conversationId: string, page: WantedPage): void {
    this.#wanted.set(conversationId, page);
    if (this.#targets.isLive()) void this.#serve(conversationId);
  }

  /** Tries the failed hole of a conversation again. */
  retry(conversationId: string): void {
    this.#targets.setHistory(conversationId, 'loading');
    if (this.#targets.isLive()) void this.#serve(conversationId);
  }

  /** The connection serves requests: what was asked for meanwhile goes first, then the back-fill. */
  resume(): void {
    for (const conversationId of [...this.#wanted.keys()]) void this.#serve(conversationId);
    this.#armIdle();
  }

  /** No connection: the back-fill rests; what a person wants is kept. */
  pause(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
  }

  #serve(conversationId: string): Promise<void> {
    const running = this.#running.get(conversationId);
    if (running) return running;
    const served = this.#serveWanted(conversationId).finally(() => this.#running.delete(conversationId));
    this.#running.set(conversationId, served);
    return served;
  }

  async #serveWanted(conversationId: string): Promise<void> {
    for (;;) {
      const wanted = this.#wanted.get(conversationId);
      const log = this.#context.stores.reader.log(conversationId);
      if (wanted === undefined || !log) return;
      if (log.isEmpty) return this.#targets.loadFirst(conversationId);
      if (wanted.kind === 'before' && covers(log.coverage, { lo: wanted.hi, hi: wanted.hi })) {
        this.#wanted.delete(conversationId);
        return;
      }
      this.#targets.setHistory(conversationId, 'loading');
      const page = await this.#page(log, wanted);
      if (this.#context.isStopped()) return;
      if (!page.ok) {
        this.#targets.setHistory(conversationId, 'failed');
        return;
      }
      // What was asked for is here, unless the person moved to another hole meanwhile.
      if (this.#wanted.get(conversationId) === wanted) this.#wanted.delete(conversationId);
    }
  }

  /** One page, applied. */
  async #page(log: LogRow, wanted: WantedPage): Promise<Result<HistoryAnswer, ErrorBody>> {
    const { reader, ingest } = this.#context.stores;
    const position = wanted.kind === 'before' ? { before: wanted.hi + 1 } : { around: wanted.messageId };
    for (let stale = 0; stale < MAX_STALE; stale += 1) {
      const minAsOf = reader.log(log.id)?.tail ?? log.tail;
      const answer = await this.#context.call('history', {
        params: { id: log.id },
        query: { ...position, limit: limits.historyMessages, minAsOf },
      });
      if (this.#context.isStopped()) return err(errorBody('OFFLINE'));
      if (!answer.ok) return answer;
      const askedHi = wanted.kind === 'before' ? wanted.hi : undefined;
      const outcome = stored(() => ingest.applyHistory(log.id, answer.value, askedHi));
      if (!outcome.ok) return outcome;
      if (outcome.value === 'applied') return ok(answer.value);
    }
    return err(errorBody('LAGGING'));
  }

  #armIdle(): void {
    this.#cancelIdle ??= this.#context.timers.after(this.#context.tuning.backFillDelayMs, () => {
      this.#cancelIdle = undefined;
      void this.#backFill();
    });
  }

  /** One step of the back-fill: the first log that was never loaded, or one more page of the newest incomplete one. */
  async #backFill(): Promise<void> {
    if (!this.#targets.isLive()) return;
    if (!this.#targets.isIdle()) return this.#armIdle();
    const logs = this.#context.stores.reader.logs().filter((log) => log.kind === 'conversation' && !log.left);
    const empty = logs.find((log) => log.isEmpty);
    if (empty) {
      this.#targets.loadFirst(empty.id);
      return this.#armIdle();
    }
    const next = logs.find((log) => !this.#finished.has(log.id));
    // Complete: the next connection looks again.
    if (!next) return;
    await this.#backFillPage(next);
    if (!this.#context.isStopped() && this.#targets.isLive()) this.#armIdle();
  }

  async #backFillPage(log: LogRow): Promise<void> {
    const newest = intervalAt(log.coverage, log.tail);
    if (!newest || newest.lo <= 1) {
      this.#finished.add(log.id);
      return;
    }
    const page = await this.#page(log, { kind: 'before', hi: newest.lo - 1 });
    if (this.#context.isStopped()) return;
    const oldest = page.ok ? page.value.messages[0] : undefined;
    const oldestKeptMs = this.#context.serverNowMs() - this.#context.tuning.backFillMaxAgeMs;
    if (!page.ok || !oldest || oldest.createdAt < oldestKeptMs) this.#finished.add(log.id);
  }
}
