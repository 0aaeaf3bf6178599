/**
 * The outbox: enqueue, next, settle. Owns the transactions of outbox.db: a method that returns has committed, and
 * listeners are told after the commit. The rules live beside it: `enqueue.ts`, `batching.ts`, `settling.ts`,
 * `decisions.ts`; the states in `outbox-state.ts`; all in words in `SPEC.md`.
 */
import type { Draft } from '@curlew/shared/domain/entries.ts';
import { isWatermarkOp, type Op, type OpResult } from '@curlew/shared/protocol/ops.ts';
import type { WouldLose } from '../../ipc/unsent.ts';
import type { DiskGuard } from '../store/disk-guard.ts';
import type { Sqlite } from '../store/sqlite.ts';
import type {
  ArrivedDraft,
  Changes,
  EnqueueOptions,
  LocalText,
  OpState,
  Outbox,
  OutboxBatch,
  OutboxItem,
  SaveDraftOptions,
} from '../store/store-types.ts';
import { conversationOf } from './addressing.ts';
import { AliasRows } from './alias-rows.ts';
import { setConversationAlias, withAliases } from './aliases.ts';
import { nextDraftMs, offerDrafts, takeBatch } from './batching.ts';
import {
  cancelOp,
  discardOp,
  expireOps,
  replaceOpText,
  retryAllOps,
  retryOp,
  sendOpNow,
  setOpDeadline,
} from './decisions.ts';
import { clearDraft, meetDraft, resolveDraft, restoreDraft, saveDraft } from './draft-meeting.ts';
import { DraftRows } from './drafts.ts';
import { enqueueOp, type Enqueued } from './enqueue.ts';
import { OpLedger, type CacheFacts } from './op-ledger.ts';
import { OpRows } from './op-rows.ts';
import { LIVE_STATES } from './outbox-state.ts';
import { applyHeldOps, recoverOps, reofferOps } from './recovery.ts';
import { countDisconnect, loseBatch, settleBatch } from './settling.ts';
import { unsentTexts, wouldLose } from './unsent.ts';
import { Watermarks } from './watermarks.ts';

/** What the outbox needs. */
export interface OutboxDeps {
  readonly db: Sqlite;
  /** Whose ops these are; also the id of their account log. */
  readonly userId: string;
  readonly guard: DiskGuard;
  readonly changes: Changes;
  readonly cache: CacheFacts;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
  readonly nowMs: () => number;
}

/** See the file comment. */
export class SqliteOutbox implements Outbox {
  readonly #deps: OutboxDeps;
  readonly #ledger: OpLedger;
  /** The last time the caller told: what is due before it needs no timer. */
  #lastNowMs = 0;
  /** What the last process left behind is sorted out; nothing may go before. */
  #isRecovered = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    const { db, cache, newId, nowMs } = deps;
    this.#ledger = new OpLedger({
      rows: new OpRows(db),
      drafts: new DraftRows(db, nowMs),
      marks: new Watermarks(db, newId),
      aliases: new AliasRows(db),
      cache,
      newId,
      nowMs,
    });
  }

  enqueue(op: Op, nowMs: number, options: EnqueueOptions = {}): Enqueued {
    if (isWatermarkOp(op)) {
      this.raiseWatermark(op.kind, op.logId, op.seq);
      return 'folded';
    }
    return this.#write((ledger) => {
      const addressed = withAliases(ledger, op, conversationOf(op));
      const about = conversationOf(addressed);
      if (options.clearsDraft !== undefined && about !== undefined) {
        const place = options.threadRootId ?? about;
        clearDraft(ledger, place, about, options.clearsDraft);
        ledger.noteChanged(['drafts', `conversation:${place}`]);
      }
      return enqueueOp(ledger, addressed, nowMs, options.dropAtMs);
    });
  }

  recover(nowMs: number): void {
    this.#write((ledger) => {
      recoverOps(ledger, nowMs);
      ledger.drafts.dropOld();
    });
    this.#isRecovered = true;
  }

  nextBatch(nowMs: number, exceptLanes: ReadonlySet<string>): OutboxBatch | undefined {
    this.#lastNowMs = nowMs;
    if (!this.#isRecovered) this.recover(nowMs);
    return this.#write((ledger) => {
      applyHeldOps(ledger);
      expireOps(ledger, nowMs);
      offerDrafts(ledger, this.#deps.userId, nowMs);
      return takeBatch(ledger, nowMs, exceptLanes);
    });
  }

  settle(batch: OutboxBatch, results: readonly OpResult[], nowMs: number, jitter: () => number): void {
    this.#write((ledger) => settleBatch(ledger, batch, results, nowMs, jitter));
  }

  markAmbiguous(batch: OutboxBatch): void {
    this.#write((ledger) => loseBatch(ledger, batch));
  }

  noteDisconnect(batch: OutboxBatch, hasServerRestarted: boolean): void {
    this.#write((ledger) => countDisconnect(ledger, batch, hasServerRestarted));
  }

  markApplied(applied: readonly { opId: string; seq: number }[]): void {
    const mine = applied.filter(({ opId }) => this.#ledger.rows.find(opId) !== undefined);
    if (mine.length === 0) return;
    this.#write((ledger) => {
      for (const { opId, seq } of mine) {
        const row = ledger.rows.find(opId);
        if (row) ledger.feed(row, 'seen', { seq });
      }
    });
  }

  markHeld(lane: string, tail: number): void {
    if (this.#ledger.rows.acked(lane, tail).length === 0) return;
    this.#write((ledger) => {
      for (const row of ledger.rows.acked(lane, tail)) ledger.feed(row, 'seen');
    });
  }

  scrubSent(messageIds: readonly string[]): void {
    const sent = messageIds.filter((id) => this.#ledger.rows.isSent(id));
    if (sent.length === 0) return;
    this.#write((ledger) => {
      for (const id of sent) ledger.rows.scrubSent(id);
    });
  }

  expire(nowMs: number): number | null {
    const { rows } = this.#ledger;
    if (rows.expired(nowMs).length > 0) this.#write((ledger) => expireOps(ledger, nowMs));
    return rows.nextDrop(nowMs);
  }

  nextWakeMs(): number | null {
    const { rows, marks } = this.#ledger;
    const now = this.#lastNowMs;
    const times = [rows.nextRetry(now), nextDraftMs(this.#ledger, now), marks.nextRetry(now)];
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  retry(opId: string): void {
    this.#write((ledger) => retryOp(ledger, opId));
  }

  retryAll(): void {
    this.#write(retryAllOps);
  }

  sendNow(opId: string): void {
    this.#write((ledger) => sendOpNow(ledger, opId));
  }

  setDeadline(opId: string, dropAtMs: number | null): void {
    this.#write((ledger) => setOpDeadline(ledger, opId, dropAtMs));
  }

  cancel(opId: string): void {
    this.#write((ledger) => cancelOp(ledger, opId));
  }

  discard(opId: string): void {
    this.#write((ledger) => discardOp(ledger, opId));
  }

  replaceText(
    opId: string,
    text: string,
    newOpId: string,
    nowMs: number,
    namedIn: (mentions: readonly string[]) => readonly string[] = (mentions) => mentions,
  ): string {
    return this.#write((ledger) => replaceOpText(ledger, opId, { text, namedIn }, newOpId, nowMs));
  }

  raiseWatermark(kind: 'read.set' | 'delivered.set', conversationId: string, seq: number): void {
    const { marks, aliases } = this.#ledger;
    const id = aliases.resolve(conversationId);
    if (kind === 'delivered.set') marks.raiseDelivered(id, seq);
    else if (seq > marks.wantedReadSeq(id)) {
      this.#write((ledger) => {
        ledger.marks.raiseRead(id, seq);
        ledger.noteChanged(['conversations', `conversation:${id}`]);
      });
    }
  }

  raiseThreadRead(conversationId: string, rootId: string, seq: number, tellAtMs?: number): void {
    const { marks, aliases } = this.#ledger;
    if (seq <= marks.wantedThreadSeq(rootId)) return;
    if (tellAtMs !== undefined) marks.holdThread(rootId, tellAtMs);
    const id = aliases.resolve(conversationId);
    this.#write((ledger) => {
      ledger.marks.raiseThreadRead(id, rootId, seq);
      ledger.noteChanged(['conversations', `conversation:${id}`, `messages:${id}`]);
    });
  }

  takeBackThreadRead(conversationId: string, rootId: string, fromSeq: number): void {
    this.#write((ledger) => {
      const id = ledger.aliases.resolve(conversationId);
      ledger.marks.lowerThreadRead(rootId, fromSeq - 1);
      ledger.noteChanged(['conversations', `conversation:${id}`, `messages:${id}`]);
    });
  }

  wantedReadSeq(conversationId: string): number {
    return this.#ledger.marks.wantedReadSeq(this.aliasOf(conversationId));
  }

  saveDraft(conversationId: string, draft: Draft | null, options: SaveDraftOptions = {}): void {
    this.#writeDraft(conversationId, options.threadRootId, (ledger, place, id) =>
      saveDraft(ledger, place, id, draft, options),
    );
  }

  meetDrafts(arrived: readonly ArrivedDraft[]): void {
    // A draft nobody writes at here is the cache's alone.
    const met = arrived.filter(({ place }) => this.#ledger.drafts.own(place) !== undefined);
    if (met.length === 0) return;
    this.#write((ledger) => {
      for (const draft of met) {
        meetDraft(ledger, draft);
        ledger.noteChanged(['drafts', 'conversations', `conversation:${draft.place}`]);
      }
    });
  }

  resolveDraft(conversationId: string, threadRootId: string | undefined, useOther: boolean): Draft | null {
    return this.#writeDraft(conversationId, threadRootId, (ledger, place) =>
      resolveDraft(ledger, place, useOther),
    );
  }

  restoreDraft(conversationId: string, threadRootId: string | undefined): Draft | null {
    return this.#writeDraft(conversationId, threadRootId, restoreDraft);
  }

  setAlias(localId: string, canonicalId: string): void {
    this.#write((ledger) => setConversationAlias(ledger, localId, canonicalId));
  }

  aliasOf(conversationId: string): string {
    return this.#ledger.aliases.resolve(conversationId);
  }

  reoffer(logId: string, commonSeq: number): number {
    return this.#write((ledger) => reofferOps(ledger, logId, commonSeq));
  }

  acknowledgedLanes(): readonly string[] {
    return this.#ledger.rows.acknowledgedLanes();
  }

  items(): readonly OutboxItem[] {
    const { rows } = this.#ledger;
    return rows.all().flatMap((row) => rows.itemOf(row) ?? []);
  }

  itemsOf(lane: string, tail: number): readonly OutboxItem[] {
    const { rows } = this.#ledger;
    const live = rows.inLane(lane).flatMap((row) => rows.itemOf(row) ?? []);
    const sent = rows.sentBeyond(lane, tail).flatMap((row) => {
      const op = rows.opOf(row);
      const { n, opId, seq, composedAt: composedAtMs } = row;
      const past = {
        attempts: 1,
        dependsOn: null,
        retryAtMs: null,
        dropAtMs: null,
        code: null,
        detail: null,
      };
      return op ? [{ n, opId, lane, op, state: 'APPLIED' as const, seq, composedAtMs, ...past }] : [];
    });
    return [...live, ...sent].sort((a, b) => a.n - b.n);
  }

  counts(): { readonly waiting: number; readonly failed: number } {
    const counts = this.#ledger.rows.countByState();
    const sum = (states: readonly OpState[]): number =>
      states.reduce((total, state) => total + (counts.get(state) ?? 0), 0);
    return { waiting: sum(LIVE_STATES), failed: sum(['REJECTED', 'STALLED', 'PARKED']) };
  }

  wouldLose(): WouldLose {
    return wouldLose(this.#ledger);
  }

  unsentTexts(): readonly LocalText[] {
    return unsentTexts(this.#ledger);
  }

  #writeDraft<T>(
    conversationId: string,
    threadRootId: string | undefined,
    work: (ledger: OpLedger, place: string, id: string) => T,
  ): T {
    return this.#write((ledger) => {
      const id = ledger.aliases.resolve(conversationId);
      const place = threadRootId ?? id;
      const result = work(ledger, place, id);
      ledger.noteChanged(['drafts', 'conversations', `conversation:${place}`]);
      return result;
    });
  }

  #write<T>(work: (ledger: OpLedger) => T): T {
    const { db, guard, changes } = this.#deps;
    const result = guard.precious(() => {
      // A first try that found the disk full must leave no trace in what is announced.
      this.#ledger.takeChanged();
      return db.transaction(() => work(this.#ledger)).immediate();
    });
    changes.emit(this.#ledger.takeChanged());
    return result;
  }
}
