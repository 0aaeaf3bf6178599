/**
 * Ingest: the only writer of server data. Owns the rules by which push, pull, window and history become rows:
 *
 * - seq <= tail is ignored, tail+1 is checked against the chain and applied, anything later is a gap.
 * - Rows, coverage, tail and chain of one call change in one transaction of cache.db.
 * - Of two copies of a message the larger revSeq stays, whichever came first.
 * - A page older than the tail is refused: it may hold a message whose later edit was already passed over.
 * - A window keeps only coverage the server was asked about, or that it covers itself.
 *
 * After the commit, and never before, outbox rows are resolved by opId and listeners are told.
 */
import { addInterval, intervalAt, type IntervalSet } from '@curlew/shared/lib/intervals.ts';
import { readEvent, type Envelope, type KnownEvent, type LogKind } from '@curlew/shared/domain/event.ts';
import type { LogEntry, Message } from '@curlew/shared/domain/message.ts';
import {
  entryOf,
  messageIdOf,
  noticeOf,
  reduceConversation,
  reduceMessage,
  tombstoneOf,
} from '@curlew/shared/domain/reduce.ts';
import type {
  Head,
  HistoryAnswer,
  LogStateAnswer,
  ReceiptCountsAnswer,
  ReceiptsAnswer,
  WindowAnswer,
} from '@curlew/shared/protocol/sync.ts';
import type { Clock } from '../ports.ts';
import type { CacheRows, LogPosition } from '../store/cache-rows.ts';
import type { ReceiptStep } from '../store/receipt-times.ts';
import { intersect, normalise, subtract } from '../store/coverage.ts';
import type { DiskGuard } from '../store/disk-guard.ts';
import { StoreError } from '../store/store-error.ts';
import type { CacheReader, Changes, Ingest, IngestOutcome, LogRow, Outbox } from '../store/store-types.ts';
import { IngestEffects } from './ingest-effects.ts';
import { chainAfter, kindOf } from './log-events.ts';
import { isCrowd } from './receipts.ts';

/** The longest one step of {@link Ingest.applyEventsInSteps} holds the thread, in ms. */
const STEP_MS = 8;
/** Events between two looks at the clock. */
const CLOCK_EVERY = 16;

/** What the ingest writes to and tells. */
export interface IngestDeps {
  /** Whose cache this is: their ops are matched with the outbox. */
  readonly userId: string;
  readonly rows: CacheRows;
  readonly reader: CacheReader;
  readonly guard: DiskGuard;
  readonly outbox: Pick<Outbox, 'markApplied' | 'markHeld' | 'meetDrafts' | 'scrubSent'>;
  readonly changes: Changes;
  readonly clock: Clock;
}

/** See the file comment. */
export class EventIngest implements Ingest {
  readonly #deps: IngestDeps;
  readonly #rows: CacheRows;

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    this.#rows = deps.rows;
  }

  applyEvents(logId: string, events: readonly Envelope[]): IngestOutcome {
    return this.#commit(logId, (effects) => this.#applyRun(logId, events, effects));
  }

  *applyEventsInSteps(logId: string, events: readonly Envelope[]): Generator<IngestOutcome, void> {
    let from = 0;
    while (from < events.length) {
      const deadlineMs = this.#deps.clock.monotonicMs() + STEP_MS;
      let taken = 0;
      const isInTime = (): boolean =>
        ++taken % CLOCK_EVERY !== 0 || this.#deps.clock.monotonicMs() < deadlineMs;
      const outcome = this.#commit(logId, (effects) =>
        this.#applyRun(logId, events.slice(from), effects, isInTime),
      );
      from += taken;
      yield outcome;
      if (outcome.kind !== 'applied') return;
    }
  }

  applyHeads(heads: readonly Head[]): readonly LogRow[] {
    const { guard, reader, changes } = this.#deps;
    const withMessages = guard.disposable(() =>
      this.#rows.transaction(() => {
        const trimmed = new Set(heads.filter(({ id, floorSeq }) => this.#rows.lifetime.trimTo(id, floorSeq)));
        for (const head of heads) this.#rows.putHead(head);
        return heads.filter(
          (head) => trimmed.has(head) || (head.kind === 'conversation' && this.#rows.threads.putHead(head)),
        );
      }),
    );
    const conversations = heads.filter((head) => head.kind === 'conversation');
    if (conversations.length > 0) changes.emit(['conversations']);
    changes.emit(conversations.map((head) => `conversation:${head.id}` as const));
    changes.emit(withMessages.map((head) => `messages:${head.id}` as const));
    const rank = new Map(reader.logsBehind().map((log, at) => [log.id, at]));
    return heads
      .flatMap((head) => reader.log(head.id) ?? [])
      .filter(
        (log) =>
          log.head !== log.tail ||
          log.headChain !== log.chain ||
          log.receiptVersion !== log.announcedReceiptVersion,
      )
      .sort((a, b) => (rank.get(a.id) ?? Infinity) - (rank.get(b.id) ?? Infinity));
  }

  applyWindow(logId: string, answer: WindowAnswer, askedRanges: IntervalSet): 'applied' | 'stale' {
    return this.#commit(logId, (effects) => {
      const log = this.#log(logId, 'conversation');
      if (answer.asOf < log.tail) return 'stale';
      this.#rows.putConversation(answer.conversation, undefined);
      this.#rows.raiseActivity(logId, answer.conversation.createdAt);
      effects.conversationChanged(logId);
      // `touched` speaks for the ranges asked about; what else came to be held meanwhile may have changed unseen.
      const held = this.#rows.coverage(logId);
      const kept = normalise([...intersect(held, askedRanges), answer.covers].filter(isRange));
      this.#rows.dropMessages(logId, subtract(held, kept));
      this.#rows.setCoverage(logId, kept);
      this.#merge(heldOf(answer.touched, kept), effects);
      this.#merge(answer.messages, effects);
      for (const receipt of answer.receipts) this.#rows.mergeReceipt(logId, receipt);
      this.#rows.setReceiptVersion(logId, answer.receiptVersion);
      effects.receiptsChanged(logId);
      this.#rows.setTail(logId, answer.asOf, answer.chain, 0);
      return 'applied';
    });
  }

  applyHistory(logId: string, answer: HistoryAnswer, askedHi?: number): 'applied' | 'stale' {
    return this.#commit(logId, (effects) => {
      const log = this.#log(logId, 'conversation');
      if (answer.asOf < log.tail) return 'stale';
      this.#merge(answer.messages, effects);
      this.#cover(logId, answer.covers);
      // The page that ends at a position and ends before it: in between the person was not there.
      if (askedHi !== undefined) this.#cover(logId, { lo: answer.covers.hi + 1, hi: askedHi });
      effects.messagesChanged(logId);
      return 'applied';
    });
  }

  applyLogState(logId: string, kind: 'account' | 'org', answer: LogStateAnswer): 'applied' | 'stale' {
    return this.#commit(logId, (effects) => {
      const log = this.#log(logId, kind);
      if (answer.asOf < log.tail) return 'stale';
      const set = new Set(answer.entries.map(({ key }) => key));
      for (const key of this.#rows.entryKeys(logId)) {
        effects.entryChanged(key, null);
        // Removed since the last look.
        if (kind === 'account' && !set.has(key))
          effects.entryArrived({ key, value: null, revSeq: answer.asOf }, null);
      }
      this.#rows.clearEntries(logId);
      for (const entry of answer.entries) this.#setEntry(logId, entry, effects);
      this.#rows.setTail(logId, answer.asOf, answer.chain, 0);
      this.#rows.setCoverage(logId, normalise([{ lo: 1, hi: answer.asOf }].filter(isRange)));
      return 'applied';
    });
  }

  applyReceipts(conversationId: string, answer: ReceiptsAnswer, seq?: number): void {
    this.#commit(conversationId, (effects) => {
      if (seq !== undefined) this.#rows.times.noteAnswer(conversationId, seq, answer.receipts);
      for (const receipt of answer.receipts) this.#rows.mergeReceipt(conversationId, receipt);
      this.#rows.setReceiptVersion(conversationId, answer.receiptVersion);
      effects.receiptsChanged(conversationId);
    });
  }

  applyReceipt(conversationId: string, receipt: ReceiptStep, receiptVersion: number): void {
    this.#commit(conversationId, (effects) => {
      this.#rows.times.noteStep(conversationId, receipt, this.#deps.userId);
      const log = this.#rows.findLog(conversationId);
      this.#rows.mergeReceipt(conversationId, receipt);
      if (receipt.userId === this.#deps.userId) {
        this.#rows.raiseOwnMarks(conversationId, receipt.readSeq, receipt.deliveredSeq);
        effects.conversationChanged(conversationId);
      }
      // The next version in line is held by this; a later one says that some were missed and must be fetched.
      if (log && receiptVersion === log.receiptVersion + 1) {
        this.#rows.setReceiptVersion(conversationId, receiptVersion);
      } else this.#rows.announceReceiptVersion(conversationId, receiptVersion);
      effects.receiptsChanged(conversationId);
    });
  }

  noteReceiptTimes(conversationId: string, seq: number, answer: ReceiptsAnswer): void {
    this.#commit(conversationId, () => this.#rows.times.noteAnswer(conversationId, seq, answer.receipts));
  }

  applyReceiptCounts(conversationId: string, { receiptVersion, counts }: ReceiptCountsAnswer): void {
    this.#commit(conversationId, (effects) => {
      for (const count of counts) this.#rows.counts.put(conversationId, count, receiptVersion);
      effects.receiptsChanged(conversationId);
    });
  }

  passReceipts(conversationId: string): void {
    this.#commit(conversationId, () => this.#rows.passReceipts(conversationId));
  }

  applyThreadRead(conversationId: string, rootId: string, readSeq: number): void {
    this.#commit(conversationId, (effects) => {
      this.#rows.threads.raiseRead(conversationId, rootId, readSeq);
      effects.conversationChanged(conversationId);
      effects.messagesChanged(conversationId);
    });
  }

  forgetLog(logId: string): void {
    this.#commit(logId, (effects) => {
      for (const key of this.#rows.entryKeys(logId)) effects.entryChanged(key, null);
      this.#rows.resetLog(logId);
      this.#rows.times.forget(logId);
      effects.messagesChanged(logId);
      effects.conversationChanged(logId);
    });
  }

  /** Applies what an older version had to put aside. To be called once after opening. */
  replayUnknown(stored: readonly Envelope[]): void {
    for (const envelope of stored) {
      const event = readEvent(envelope);
      if (event === 'unknown') continue;
      this.#commit(envelope.logId, (effects) => {
        this.#rows.dropUnknown(envelope.logId, envelope.seq);
        if (event !== 'skeleton') this.#applyLate(event, effects);
      });
    }
  }

  #commit<T>(logId: string, work: (effects: IngestEffects) => T): T {
    const { guard, outbox, changes, userId } = this.#deps;
    const effects = new IngestEffects(userId, (id) => this.#rows.findMessage(id)?.conversationId);
    const { result, log } = guard.disposable(() =>
      this.#rows.transaction(() => ({ result: work(effects), log: this.#rows.findLog(logId) })),
    );
    try {
      if (effects.ownOps.length > 0) outbox.markApplied(effects.ownOps);
      if (log) outbox.markHeld(logId, log.tail);
      if (effects.drafts.length > 0) outbox.meetDrafts(effects.drafts);
      // Last: what was just marked stands in the sent log now.
      if (effects.ownDeleted.length > 0) outbox.scrubSent(effects.ownDeleted);
    } catch (error) {
      // The cache has committed and remembers the ops: the next start, or their acknowledgement, marks them.
      if (!(error instanceof StoreError)) throw error;
    }
    changes.emit(effects.keys);
    return result;
  }

  #log(logId: string, kind: LogKind): LogPosition {
    const known = this.#rows.findLog(logId);
    if (known) return known;
    this.#rows.addLog(logId, kind);
    return { kind, tail: 0, chain: '0000000000000000', receiptVersion: 0 };
  }

  #applyRun(
    logId: string,
    events: readonly Envelope[],
    effects: IngestEffects,
    isInTime: () => boolean = () => true,
  ): IngestOutcome {
    const [first] = events;
    if (!first) return { kind: 'applied', tail: this.#rows.findLog(logId)?.tail ?? 0, applied: 0 };
    const log = first.seq === 1 ? this.#log(logId, kindOf(first)) : this.#rows.findLog(logId);
    let { tail, chain } = log ?? { tail: 0, chain: '' };
    const start = tail;
    let stop: 'gap' | 'diverged' | undefined;
    for (const event of events) {
      if (event.seq > tail + 1) stop = 'gap';
      else if (event.seq === tail + 1) {
        if (chainAfter(chain, event) !== event.chain) stop = 'diverged';
        else {
          this.#applyOne(event, effects);
          ({ seq: tail, chain } = event);
        }
      }
      if (stop || !isInTime()) break;
    }
    if (tail > start) {
      this.#rows.setTail(logId, tail, chain, effects.newestAt);
      if (!this.#rows.extendCoverage(logId, start, tail)) this.#cover(logId, { lo: start + 1, hi: tail });
    }
    return stop ? { kind: stop, tail } : { kind: 'applied', tail, applied: tail - start };
  }

  #applyOne(envelope: Envelope, effects: IngestEffects): void {
    if (envelope.actorId === this.#deps.userId) {
      this.#rows.addOwnOp(envelope.opId, envelope.seq);
      effects.ownOps.push({ opId: envelope.opId, seq: envelope.seq });
    }
    const event = readEvent(envelope);
    if (event === 'unknown') this.#rows.addUnknown(envelope.logId, envelope.seq, JSON.stringify(envelope));
    else if (event !== 'skeleton') this.#applyKnown(event, effects);
    else {
      const tombstone = tombstoneOf(envelope);
      if (tombstone) this.#merge([tombstone], effects);
    }
  }

  #applyKnown(event: KnownEvent, effects: IngestEffects): void {
    const entry = entryOf(event);
    if (entry) return this.#setEntry(event.logId, entry, effects, event.opId);
    const messageId = messageIdOf(event);
    if (messageId === undefined) {
      const before = this.#rows.findConversation(event.logId);
      const after = reduceConversation(before, event);
      if (after && after !== before) this.#rows.putConversation(after, before);
      // Few enough again to be named one by one: none of their watermarks is held.
      if (isCrowd(before) && !isCrowd(after)) this.#rows.setReceiptVersion(event.logId, 0);
      effects.conversationChanged(event.logId);
      const notice = noticeOf(event, after?.kind);
      if (notice) this.#rows.addMessage(notice);
      if (notice) effects.messagesChanged(event.logId);
    } else if (event.type === 'message:new') {
      const message = reduceMessage(undefined, event);
      if (message) this.#rows.addMessage(message);
      if (message?.threadRootId) this.#rows.threads.touch(event.logId, message.threadRootId, event.seq);
      effects.messageSeen(event.logId, event.at);
    } else {
      const before = this.#rows.findMessage(messageId);
      const after = reduceMessage(before, event);
      if (after && after !== before) this.#merge([after], effects);
      // Whom a root names follows its thread.
      const isNamingChanged = event.type === 'message:edited' || event.type === 'message:deleted';
      if (isNamingChanged) this.#rows.threads.touch(event.logId, messageId, event.seq);
    }
  }

  // An event that waited for this version, although later ones were applied already: where those went first, the row
  // is fetched anew instead of being guessed.
  #applyLate(event: KnownEvent, effects: IngestEffects): void {
    const entry = entryOf(event);
    const messageId = messageIdOf(event);
    if (entry) {
      if (this.#rows.entryRevSeq(event.logId, entry.key) < event.seq) this.#applyKnown(event, effects);
    } else if (messageId === undefined) {
      if ((this.#rows.findConversation(event.logId)?.revSeq ?? 0) < event.seq)
        this.#applyKnown(event, effects);
      else this.#rows.resetLog(event.logId);
    } else {
      const row = this.#rows.findMessage(messageId);
      if (!row || row.revSeq < event.seq) return this.#applyKnown(event, effects);
      const at = [{ lo: row.createSeq, hi: row.createSeq }];
      this.#rows.dropMessages(event.logId, at);
      this.#rows.setCoverage(event.logId, subtract(this.#rows.coverage(event.logId), at));
      effects.messagesChanged(event.logId);
    }
  }

  #merge(messages: readonly Message[], effects: IngestEffects): void {
    for (const message of messages) {
      this.#rows.mergeMessage(message);
      const { conversationId, threadRootId, revSeq } = message;
      if (threadRootId !== null) this.#rows.threads.touch(conversationId, threadRootId, revSeq);
      effects.messageMerged(message);
    }
    const [first] = messages;
    if (first) {
      // What happened to a conversation does not raise it in the list.
      const newestAt = messages.reduce((at, it) => Math.max(at, it.notices ? 0 : it.createdAt), 0);
      this.#rows.raiseActivity(first.conversationId, newestAt);
    }
  }

  #setEntry(logId: string, entry: LogEntry, effects: IngestEffects, opId: string | null = null): void {
    this.#rows.putEntry(logId, entry);
    effects.entryChanged(entry.key, entry.value);
    if (logId === this.#deps.userId) effects.entryArrived(entry, opId);
  }

  #cover(logId: string, range: { readonly lo: number; readonly hi: number }): void {
    if (isRange(range)) this.#rows.setCoverage(logId, addInterval(this.#rows.coverage(logId), range));
  }
}

// A row outside coverage would be kept up to date by nobody.
function heldOf(messages: readonly Message[], coverage: IntervalSet): readonly Message[] {
  return messages.filter(({ createSeq }) => intervalAt(coverage, createSeq) !== undefined);
}

function isRange({ lo, hi }: { readonly lo: number; readonly hi: number }): boolean {
  return lo <= hi;
}
