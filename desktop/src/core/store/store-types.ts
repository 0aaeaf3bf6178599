/**
 * The core's storage, seen from outside. Owns the signatures by which sync, outbox and views meet; the SQLite behind
 * them is nobody else's business. Everything is synchronous (better-sqlite3) and each call is one transaction.
 */
import type { Database } from 'better-sqlite3';
import type { Draft, DraftEntry } from '@curlew/shared/domain/entries.ts';
import type { Envelope, LogKind } from '@curlew/shared/domain/event.ts';
import type { IntervalSet } from '@curlew/shared/lib/intervals.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type {
  Head,
  HistoryAnswer,
  LogStateAnswer,
  ReceiptCountsAnswer,
  ReceiptsAnswer,
  WindowAnswer,
} from '@curlew/shared/protocol/sync.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { UnsentText, WouldLose } from '../../ipc/unsent.ts';
import type { ReceiptStep } from './receipt-times.ts';
import type { Notice } from '../../ipc/views.ts';
import type { NotificationLog } from './notification-log.ts';

/** What the cache knows of a log. `tail` and `chain`: contiguous up to here. `head`: the server's, as last heard. */
export interface LogRow {
  readonly id: string;
  readonly kind: LogKind;
  readonly tail: number;
  readonly chain: string;
  readonly head: number;
  /** The server's chain at `head`; null before any heads named the log. */
  readonly headChain: string | null;
  readonly memberVersion: number;
  /** Version of the others' watermarks held, and the one last announced: different = fetch receipts. */
  readonly receiptVersion: number;
  readonly announcedReceiptVersion: number;
  readonly readSeq: number;
  readonly deliveredSeq: number;
  readonly coverage: IntervalSet;
  readonly left: boolean;
  /** A conversation this device has never loaded (heads named it, no window yet). */
  readonly isEmpty: boolean;
}

/** What ingesting events did. `gap`: the first event is beyond tail+1. `diverged`: the chain does not fit. */
export type IngestOutcome =
  | { readonly kind: 'applied'; readonly tail: number; readonly applied: number }
  | { readonly kind: 'gap'; readonly tail: number }
  | { readonly kind: 'diverged'; readonly tail: number };

/**
 * The only writer of server data (`sync/apply-events.ts`). Rows, coverage, tail and chain of one call change in one
 * transaction of cache.db; afterwards outbox rows whose opId was seen are marked APPLIED (repairable when it crashes
 * between: opIds are kept in the cache). Every method throws `StoreError` DISK_FULL while the disk is full: nothing of
 * the call was stored then, and the same events may be offered again later.
 */
export interface Ingest {
  /** Consecutive events of one log; those at or below tail are ignored. */
  applyEvents(logId: string, events: readonly Envelope[]): IngestOutcome;
  /**
   * The same as `applyEvents` in steps of at most about 8 ms, one transaction each, so that the caller can serve intents
   * in between. Every step yields the outcome so far; the last one says how it ended.
   */
  applyEventsInSteps(logId: string, events: readonly Envelope[]): Generator<IngestOutcome, void>;
  /** Heads: creates unknown logs, updates announced values. Returns the logs that need work, most recent first. */
  applyHeads(heads: readonly Head[]): readonly LogRow[];
  /**
   * A window reset: rows, coverage and tail flip together. Refused as `stale` when older than the local tail. `askedRanges`
   * are the ranges of the request: coverage outside them was not compared and is given up.
   */
  applyWindow(logId: string, answer: WindowAnswer, askedRanges: IntervalSet): 'applied' | 'stale';
  /**
   * A history page; `stale` when `asOf` is below the local tail: fetch again with `minAsOf`. `askedHi`: it was asked for
   * as the page that ends there; what it leaves out up to there is not this person's to see, and counts as held.
   */
  applyHistory(logId: string, answer: HistoryAnswer, askedHi?: number): 'applied' | 'stale';
  /** State of an account or organisation log, all pages joined. */
  applyLogState(logId: string, kind: 'account' | 'org', answer: LogStateAnswer): 'applied' | 'stale';
  /** With `seq`: the answer says when the message there was delivered and read. */
  applyReceipts(conversationId: string, answer: ReceiptsAnswer, seq?: number): void;
  /** Keeps the times alone; no view changes by them. */
  noteReceiptTimes(conversationId: string, seq: number, answer: ReceiptsAnswer): void;
  /** One pushed watermark. */
  applyReceipt(conversationId: string, receipt: ReceiptStep, receiptVersion: number): void;
  /** Counts in place of watermarks; of two words about a message the later one stays. */
  applyReceiptCounts(conversationId: string, answer: ReceiptCountsAnswer): void;
  /** The others' watermarks are not wanted as far as they were announced: they are too many. */
  passReceipts(conversationId: string): void;
  /** Another of my devices read a thread up to a position. */
  applyThreadRead(conversationId: string, rootId: string, readSeq: number): void;
  /**
   * Forgets a log's rows and position (divergence); it counts as never loaded then. Call `Outbox.reoffer` BEFORE it: after
   * a crash in between the log is still found to differ.
   */
  forgetLog(logId: string): void;
}

/** What is noted of a cache beside its rows. */
export type CacheFact = 'epoch' | 'headsToken' | 'firstSyncDone' | 'serverClock';

/** Small facts the cache keeps beside its rows. */
export interface CacheMeta {
  get(name: CacheFact): string | null;
  set(name: CacheFact, value: string | null): void;
}

/** Reads the sync engine needs. */
export interface CacheReader {
  log(id: string): LogRow | undefined;
  /** Whether a message is cached. */
  holds(messageId: string): boolean;
  /** Position of the newest message a person wrote, when it is among the newest of the conversation. */
  newestOwnSeq(conversationId: string, userId: string): number | null;
  /** How many are in a conversation now. */
  members(conversationId: string): number;
  logs(): readonly LogRow[];
  /** Logs with head > tail, an announced receipt version not held, or never loaded; most recent activity first. */
  logsBehind(): readonly LogRow[];
}

/** A draft as the account log tells it; null: cleared. */
export interface ArrivedDraft {
  readonly place: string;
  readonly draft: DraftEntry | null;
  readonly seq: number;
  /** Null: known from a copy of the log's state, which does not say who wrote it. */
  readonly opId: string | null;
}

/** What a window knows when it saves. */
export interface SaveDraftOptions {
  /** The draft its text was written over; absent: whatever there was. */
  readonly over?: Draft | null | undefined;
  /** It is the draft of this thread. */
  readonly threadRootId?: string | undefined;
}

/** Life of an op, as `architecture` names it. */
export type OpState =
  | 'QUEUED'
  | 'WAIT_DEPENDENCY'
  | 'WAIT_ATTACHMENT'
  | 'READY'
  | 'IN_FLIGHT'
  | 'AMBIGUOUS'
  | 'BACKOFF'
  | 'ACKED'
  | 'APPLIED'
  | 'REJECTED'
  | 'STALLED'
  | 'PARKED'
  | 'CANCELLED';

/** One row of the outbox. `n` is the local order of composing; `bytes` the op as JSON, frozen after attempt 1. */
export interface OutboxItem {
  readonly n: number;
  readonly opId: string;
  readonly lane: string;
  readonly op: Op;
  readonly state: OpState;
  readonly attempts: number;
  readonly dependsOn: string | null;
  readonly retryAtMs: number | null;
  readonly dropAtMs: number | null;
  readonly composedAtMs: number;
  readonly seq: number | null;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
}

/** An unsent text with the id of its conversation; its name is not the outbox's to know. */
export type LocalText = Omit<UnsentText, 'conversation'> & { readonly conversationId: string };

/** What goes with an op. */
export interface EnqueueOptions {
  /** The text was made of the draft of the conversation the op names, or of `threadRootId`'s: that is dropped. */
  readonly clearsDraft?: string;
  readonly threadRootId?: string | undefined;
  /** Not sent any more after this time. */
  readonly dropAtMs?: number | undefined;
}

/** A batch ready to go: consecutive ops of one lane, within the limits. Already marked IN_FLIGHT, attempts + 1, durably. */
export interface OutboxBatch {
  readonly lane: string;
  readonly ops: readonly Op[];
}

/**
 * The outbox (`outbox/outbox.ts`). Every method that returns has committed to outbox.db with synchronous=FULL, but for
 * `delivered.set` marks, which the cache's tail gives again after a restart. Times are `Clock.nowMs` values.
 * Writing methods throw `StoreError` DISK_FULL when even the ballast did not make room: nothing was stored then.
 */
export interface Outbox {
  /**
   * Takes an op composed by the person; folds edits and deletes into an unattempted send; returns what became of it.
   * Throws `StoreError` TOO_LARGE when the op exceeds `limits.opBytes`. Options count in the same transaction.
   */
  enqueue(op: Op, nowMs: number, options?: EnqueueOptions): 'queued' | 'folded' | 'cancelled';
  /** At start: IN_FLIGHT becomes AMBIGUOUS; ACKED whose event is cached becomes APPLIED; old unattempted become PARKED. */
  recover(nowMs: number): void;
  /** Next batch that may go (FIFO per lane), or undefined. `exceptLanes` have one in flight. */
  nextBatch(nowMs: number, exceptLanes: ReadonlySet<string>): OutboxBatch | undefined;
  /** The server's word on a batch, possibly a prefix; the rest returns to READY. */
  settle(batch: OutboxBatch, results: readonly OpResult[], nowMs: number, jitter: () => number): void;
  /** Time-out or close while in flight: AMBIGUOUS, then READY with the same bytes. */
  markAmbiguous(batch: OutboxBatch): void;
  /** Events seen by ingest: rows with these opIds become APPLIED and move to the sent log. */
  markApplied(applied: readonly { opId: string; seq: number }[]): void;
  /** A log is held up to `tail`: its ACKED rows up to there become APPLIED. */
  markHeld(lane: string, tail: number): void;
  /** Own messages seen deleted: their text leaves the sent log, so that no re-offer brings it back. */
  scrubSent(messageIds: readonly string[]): void;
  /** Earliest time a BACKOFF row becomes READY or a draft may be offered, or null. */
  nextWakeMs(): number | null;
  /**
   * Cancels unattempted ops that were to be sent before now, also while there is no connection; an attempted one is never
   * dropped. Returns when the next one is over, or null.
   */
  expire(nowMs: number): number | null;
  /** The person's decisions. */
  retry(opId: string): void;
  retryAll(): void;
  sendNow(opId: string): void;
  /** Until when an unattempted message may be sent; null: whenever it can be. */
  setDeadline(opId: string, dropAtMs: number | null): void;
  cancel(opId: string): void;
  discard(opId: string): void;
  /**
   * New text: in place when never attempted; a new message when the server refused the old one; else, because the old one
   * may have been committed, the old one again and an edit that depends on it. Returns the id of what carries the text.
   */
  replaceText(
    opId: string,
    text: string,
    newOpId: string,
    nowMs: number,
    /** Of those the message mentions, whom the new text still names; absent: all of them. */
    namedIn?: (mentions: readonly string[]) => readonly string[],
  ): string;
  /** Coalesced watermarks to send (`read.set`, `delivered.set`): max per conversation; cleared when acknowledged. */
  raiseWatermark(kind: 'read.set' | 'delivered.set', conversationId: string, seq: number): void;
  /** The same of a thread's read position. `tellAtMs`: not before then, so that it can be taken back. */
  raiseThreadRead(conversationId: string, rootId: string, seq: number, tellAtMs?: number): void;
  /** Makes a thread unread again from there on, as long as the server was not told. */
  takeBackThreadRead(conversationId: string, rootId: string, fromSeq: number): void;
  /** Own read position as this device knows it; 0 when it never raised one. */
  wantedReadSeq(conversationId: string): number;
  /**
   * Keeps a draft at once; its `account.set` is offered by `nextBatch` at most every 5 s. Null clears it.
   */
  saveDraft(conversationId: string, draft: Draft | null, options?: SaveDraftOptions): void;
  /** The account log told these drafts, in its order. */
  meetDrafts(arrived: readonly ArrivedDraft[]): void;
  /** The person chose between the own draft and that of another device. Returns the draft as it is now. */
  resolveDraft(conversationId: string, threadRootId: string | undefined, useOther: boolean): Draft | null;
  /** Brings back the draft that was cleared last. Returns the draft as it is now. */
  restoreDraft(conversationId: string, threadRootId: string | undefined): Draft | null;
  /** A conversation got another id: re-lane, re-address unattempted ops, remember the alias. One transaction. */
  setAlias(localId: string, canonicalId: string): void;
  aliasOf(conversationId: string): string;
  /** Re-offer after divergence: own acked ops of this log with seq > commonSeq, old order, go READY again. */
  reoffer(logId: string, commonSeq: number): number;
  /** Logs for which ops were acknowledged, as far as the sent log reaches back. */
  acknowledgedLanes(): readonly string[];
  /**
   * A connection died with this batch on it: an op that keeps being there goes alone, then is STALLED. A server that
   * died with the connection is held against it far less than a server that lives on.
   */
  noteDisconnect(batch: OutboxBatch, hasServerRestarted: boolean): void;
  /** Rows not finally sent that this version can read, in the order composed. */
  items(): readonly OutboxItem[];
  /** Rows of one lane, in the order composed, with those of the sent log beyond `tail` (the cache may have lost them). */
  itemsOf(lane: string, tail: number): readonly OutboxItem[];
  counts(): { readonly waiting: number; readonly failed: number };
  /** What a sign-out would lose, for its question and for the file that keeps it. */
  wouldLose(): WouldLose;
  unsentTexts(): readonly LocalText[];
}

/** Keys of what a commit changed; views re-query when one of theirs is named. */
export type ChangedKey =
  | `messages:${string}`
  | `conversation:${string}`
  | `receipts:${string}`
  | 'conversations'
  | 'people'
  | 'outbox'
  | 'drafts'
  /** Scheduled and saved messages. */
  | 'kept'
  | 'session';

/** The end of messages on this device. Times are the server's, in ms. */
export interface Lifetime {
  /** When the next message disappears; null: none is held. */
  nextMs(): number | null;
  /**
   * Removes what is over.
   * @returns when the next message disappears (null: none is held), and in which conversations something went
   * @throws StoreError when the disk is full; nothing was removed then
   */
  sweep(nowMs: number): { readonly nextMs: number | null; readonly conversationIds: readonly string[] };
}

/**
 * Everything one account keeps on this disk (`core/open-account.ts`). The two databases are for views to read; only
 * ingest and outbox write them.
 */
export interface AccountStores {
  readonly ingest: Ingest;
  readonly outbox: Outbox;
  readonly reader: CacheReader;
  readonly meta: CacheMeta;
  readonly lifetime: Lifetime;
  /** Why messages did or did not notify on this device. */
  readonly decisions: NotificationLog;
  readonly changes: Changes;
  readonly cacheDb: Database;
  readonly outboxDb: Database;
  /** Problems of the local files a person must know of; `session` changes when they do. */
  notices(): readonly Notice[];
  dismissNotice(id: string): void;
  /** Marks a clean exit and closes both files. */
  close(): void;
}

/** Commit → changed keys. Listeners run after the commit, batched per turn. */
export interface Changes {
  emit(keys: Iterable<ChangedKey>): void;
  onChange(listener: (keys: ReadonlySet<ChangedKey>) => void): () => void;
}
