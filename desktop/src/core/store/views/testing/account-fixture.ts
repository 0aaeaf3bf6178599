/**
 * An account on real files, with a server of logs behind it, for the tests of the views. Everything goes in through the
 * ingest and the outbox, as in the app; only clock, timers and network are made here, so that a test decides when a
 * commit is told and when a frame ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { emptyLogState, reduceLog, type LogState } from '@curlew/shared/domain/reduce.ts';
import { OP_VERSION, type Op, type OpResult } from '@curlew/shared/protocol/ops.ts';
import type { Head, HistoryAnswer, WindowAnswer } from '@curlew/shared/protocol/sync.ts';
import { applyPatch, type ViewChange, type ViewState } from '../../../../ipc/feed.ts';
import type { ViewName, ViewParams } from '../../../../ipc/views.ts';
import { SqliteOutbox } from '../../../outbox/outbox.ts';
import { EventIngest } from '../../../sync/apply-events.ts';
import { createCacheReader } from '../../cache-reader.ts';
import { CacheRows } from '../../cache-rows.ts';
import { createChanges } from '../../changes.ts';
import { DiskGuard } from '../../disk-guard.ts';
import { createLiveViews, FRAME_MS } from '../../live-query.ts';
import { openCache } from '../../open-cache.ts';
import { openOutbox } from '../../open-outbox.ts';
import { StoreError } from '../../store-error.ts';
import type { OutboxBatch } from '../../store-types.ts';
import type { StateOf } from '../view.ts';
import { createVolatileState } from '../volatile-state.ts';
import { emptyReads, noteReads } from './noted-reads.ts';
import { commitOp, conversation, me, org, peer, ServerLog, START_MS, testId } from './server-log.ts';

/** A window's copy of one view, kept by its feed alone. */
export interface Replica<V extends ViewName> {
  readonly viewId: number;
  state(): StateOf<V>;
  /** Patches received, and rows they carried. */
  readonly received: { patches: number; rows: number };
}

/** See the head of this file. */
export class AccountFixture {
  readonly #dir = mkdtempSync(join(tmpdir(), 'curlew-views-'));
  readonly #turns: (() => void)[] = [];
  readonly #timers: { atMs: number; run: () => void }[] = [];
  readonly #replicas = new Map<number, (change: ViewChange) => void>();
  #nowMs = START_MS;
  #ids = 0;
  readonly clock = { nowMs: () => this.#nowMs, monotonicMs: () => this.#nowMs };
  readonly timers = { after: (delayMs: number, run: () => void) => this.#after(delayMs, run) };
  readonly changes = createChanges(
    (run) => this.#turns.push(run),
    (error) => {
      throw error;
    },
  );
  readonly volatile = createVolatileState(this.timers);
  readonly holesAsked: { lo: number; hi: number }[] = [];
  readonly messagesAsked: string[] = [];
  readonly cacheDb = openCache(join(this.#dir, 'cache.db')).db;
  readonly outboxDb = openOutbox(join(this.#dir, 'outbox.db'), START_MS).db;
  readonly guard = new DiskGuard({
    ballastPath: join(this.#dir, 'ballast'),
    clock: this.clock,
    freeBytes: () => 0,
    changed: () => undefined,
  });
  readonly reader = createCacheReader(this.cacheDb);
  readonly outbox = new SqliteOutbox({
    db: this.outboxDb,
    userId: me,
    guard: this.guard,
    changes: this.changes,
    cache: {
      tailOf: (logId) => this.reader.log(logId)?.tail ?? 0,
      seenSeq: (opId) => this.#seenSeq(opId),
      draft: () => undefined,
    },
    newId: () => this.newId(),
    nowMs: () => this.#nowMs,
  });
  readonly ingest = new EventIngest(this.#ingestDeps());
  readonly views = this.#createViews();
  readonly logs: Map<string, ServerLog>;
  readonly #idsOf: number;
  readonly reads = { cache: emptyReads(), outbox: emptyReads() };

  /** With the logs of another fixture: a second device of the same person. */
  constructor(other?: AccountFixture) {
    this.logs = other?.logs ?? new Map();
    this.#idsOf = other ? 8 : 9;
  }

  /** An account with an organisation of two and one direct conversation, all of it cached. */
  static start(): AccountFixture {
    const fixture = new AccountFixture();
    // No test of a view cuts the power; waiting for the disk would only make them slow.
    fixture.outboxDb.pragma('synchronous = OFF');
    fixture.views.setAccount(fixture.account());
    fixture.addPerson(me, 'Ada Lovelace');
    fixture.addPerson(peer, 'Grace Hopper');
    fixture.addConversation(conversation, peer);
    fixture.deliverAll();
    fixture.settle();
    return fixture;
  }

  /** The account as views get it; what they read is noted in {@link reads}. */
  account() {
    const cacheDb = noteReads(this.cacheDb, this.reads.cache);
    const outboxDb = noteReads(this.outboxDb, this.reads.outbox);
    return { userId: me, cacheDb, outboxDb, outbox: this.outbox };
  }

  stop(): void {
    this.views.stop();
    this.cacheDb.close();
    this.outboxDb.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  newId(): string {
    this.#ids += 1;
    return testId(this.#idsOf, this.#ids);
  }

  // The server's side.

  log(id: string): ServerLog {
    const log = this.logs.get(id) ?? new ServerLog(id);
    this.logs.set(id, log);
    return log;
  }

  addPerson(userId: string, name: string): void {
    this.log(org).append('org:updated', { key: `person:${userId}`, value: { name } }, userId, this.newId());
    const role = { key: `role:${userId}`, value: { role: 'member' } };
    this.log(org).append('org:updated', role, userId, this.newId());
  }

  addConversation(id: string, peerId: string): void {
    const members = [me, peerId].map((userId) => ({ userId, role: 'member' as const }));
    const settings = { created: true, orgId: org, kind: 'direct' as const, protection: 'server' as const };
    this.log(id).append('conversation:updated', { ...settings, title: null, members }, peerId, this.newId());
  }

  /** The other person says something. */
  say(text: string, conversationId = conversation, senderId = peer): Envelope {
    const messageId = this.newId();
    const payload = { messageId, text, replyTo: null, composedAt: this.#nowMs };
    return this.log(conversationId).append('message:new', payload, senderId, messageId);
  }

  /** The events after the cache's tail, as a pull brings them; `count` of them at most. */
  deliver(logId = conversation, count = Number.MAX_SAFE_INTEGER): void {
    const tail = this.reader.log(logId)?.tail ?? 0;
    const events = this.log(logId).events.slice(tail, tail + count);
    if (events.length > 0) this.ingest.applyEvents(logId, events);
  }

  /** The same, but the outbox never hears of it: the process ended, or its disk was full, right after the commit. */
  deliverToCacheOnly(logId = conversation): void {
    const fail = (): never => {
      throw new StoreError('DISK_FULL', 'the outbox could not be told');
    };
    const outbox = { markApplied: fail, markHeld: fail, meetDrafts: fail, scrubSent: fail };
    const ingest = new EventIngest({ ...this.#ingestDeps(), outbox });
    const tail = this.reader.log(logId)?.tail ?? 0;
    ingest.applyEvents(logId, this.log(logId).events.slice(tail));
  }

  deliverAll(): void {
    for (const id of this.logs.keys()) this.deliver(id);
  }

  /** A history page of the conversation as of now. */
  page(lo: number, hi: number): HistoryAnswer {
    const state = this.#stateOf(conversation);
    const messages = [...state.messages.values()].filter(
      ({ createSeq }) => createSeq >= lo && createSeq <= hi,
    );
    return { messages, covers: { lo, hi }, asOf: state.seq };
  }

  /** A window of the conversation from `lo` on. */
  window(lo: number): WindowAnswer {
    const state = this.#stateOf(conversation);
    return {
      ...this.page(lo, state.seq),
      chain: state.chain,
      conversation: must(state.conversation, 'its first event creates it'),
      receipts: [],
      receiptVersion: 0,
      touched: [],
    };
  }

  head(logId: string, facts: Partial<Head>): Head {
    const { events } = this.log(logId);
    const head = events.length;
    const zeros = {
      floorSeq: 0,
      memberVersion: 1,
      receiptVersion: 0,
      readSeq: 0,
      deliveredSeq: 0,
      mentions: 0,
      threads: [],
    };
    const base = { ...zeros, id: logId, kind: 'conversation' as const, head, unreadFromSeq: null, unread: 0 };
    return { ...base, chain: this.log(logId).chainAt(head), asOf: head, left: false, ...facts };
  }

  // My side.

  send(text: string, replyTo: string | null = null, logId = conversation): string {
    const opId = this.newId();
    const op = { opId, logId, kind: 'message.send' as const, text, replyTo, composedAt: this.#nowMs };
    this.enqueue({ v: OP_VERSION, ...op });
    return opId;
  }

  enqueue(op: Op): void {
    this.outbox.enqueue(op, this.#nowMs);
  }

  edit(messageId: string, text: string): void {
    const op = { opId: this.newId(), logId: conversation, messageId, text, baseRevSeq: 0 };
    this.enqueue({ v: OP_VERSION, kind: 'message.edit', ...op });
  }

  delete(messageId: string, logId = conversation): void {
    const op = { opId: this.newId(), logId, messageId };
    this.enqueue({ v: OP_VERSION, kind: 'message.delete', ...op });
  }

  react(messageId: string, emoji: string, on: boolean): void {
    const op = { opId: this.newId(), logId: conversation, messageId, emoji, on };
    this.enqueue({ v: OP_VERSION, kind: 'reaction.set', ...op });
  }

  setEntry(key: string, value: unknown): void {
    this.enqueue({ v: OP_VERSION, kind: 'account.set', opId: this.newId(), logId: me, key, value });
  }

  /** Everything that may go is taken for sending. */
  takeBatch(): OutboxBatch | undefined {
    return this.outbox.nextBatch(this.#nowMs, new Set());
  }

  /** The server commits a batch; the events are in its logs, nothing has come back yet. */
  commit(batch: OutboxBatch): readonly OpResult[] {
    return batch.ops.map((op) => commitOp(this.log(op.logId), op));
  }

  settleBatch(batch: OutboxBatch, results: readonly OpResult[]): void {
    this.outbox.settle(batch, results, this.#nowMs, () => 0.5);
  }

  /** Sends whatever waits and gets it acknowledged; the events are not delivered. */
  flushOutbox(): void {
    for (let batch = this.takeBatch(); batch; batch = this.takeBatch()) {
      this.settleBatch(batch, this.commit(batch));
    }
  }

  refuse(batch: OutboxBatch, code: string): void {
    this.settleBatch(
      batch,
      batch.ops.map(({ opId }) => ({ opId, ok: false, duplicate: false, code })),
    );
  }

  // Time and windows.

  /** Ends the turn: listeners hear of the commits, and the next frame is drawn. */
  settle(): void {
    this.advance(FRAME_MS);
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    this.#runTurns();
    for (;;) {
      this.#timers.sort((a, b) => a.atMs - b.atMs);
      const next = this.#timers[0];
      if (!next || next.atMs > untilMs) break;
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
      this.#runTurns();
    }
    this.#nowMs = untilMs;
  }

  /** Opens a view in a window and keeps a replica of it. */
  open<V extends ViewName>(name: V, params: ViewParams<V>, windowId = 1): Replica<V> {
    const opened = this.views.openView(windowId, name, params);
    if (!opened.ok) throw new Error(opened.error.message);
    let { version, state } = opened.value;
    const received = { patches: 0, rows: 0 };
    this.#replicas.set(opened.value.viewId, (change) => {
      if (change.version !== version + 1) throw new Error(`version ${change.version} after ${version}`);
      version = change.version;
      state = applyPatch(state, change.patch);
      received.patches += 1;
      received.rows += Object.keys(change.patch.rows ?? {}).length;
    });
    // The view of this name has exactly this state; the feed carries it without its type.
    return { viewId: opened.value.viewId, state: () => state as StateOf<V>, received };
  }

  /** Windows that open now, with reads of their own: what replicas are compared with. */
  fresh(): { open(name: ViewName, params: unknown): ViewState; stop(): void } {
    const views = this.#createViews();
    views.setAccount(this.account());
    return {
      open(name, params) {
        const opened = views.openView(1, name, params);
        if (!opened.ok) throw new Error(opened.error.message);
        return opened.value.state;
      },
      stop: () => views.stop(),
    };
  }

  #stateOf(logId: string): LogState {
    return this.log(logId).events.reduce(reduceLog, emptyLogState);
  }

  #ingestDeps() {
    const { reader, guard, outbox, changes, clock } = this;
    return { userId: me, rows: new CacheRows(this.cacheDb), reader, guard, outbox, changes, clock };
  }

  #createViews() {
    return createLiveViews({
      changes: this.changes,
      volatile: this.volatile,
      clock: this.clock,
      timers: this.timers,
      history: {
        requestHole: (_, lo, hi) => void this.holesAsked.push({ lo, hi }),
        requestMessage: (_, messageId) => void this.messagesAsked.push(messageId),
      },
      send: (_, change) => this.#replicas.get(change.viewId)?.(change),
      readFailed(error) {
        throw error;
      },
    });
  }

  #after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  #runTurns(): void {
    for (let run = this.#turns.shift(); run; run = this.#turns.shift()) run();
  }

  #seenSeq(opId: string): number | undefined {
    const row = this.cacheDb
      .prepare<[string, string], { seq: number }>(
        'SELECT seq FROM own_op WHERE op_id = ? UNION ALL SELECT create_seq FROM message WHERE id = ? LIMIT 1',
      )
      .get(opId, opId);
    return row?.seq;
  }
}
