/**
 * The outbox under any sequence of intents, answers, lost connections and restarts (fast-check), against a server that
 * dedupes by opId. After every step: nothing composed is lost (I13), attempted bytes never change (I14), messages are
 * committed in the order composed (I7, I20), and whatever is not final has a batch, a timer or a reason to wait (I16).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch, OutboxItem } from '../store/store-types.ts';
import { CONVERSATION, id, ORG, PEER, sendOp } from '../testing/logs.ts';
import { MemoryOutbox } from '../testing/memory-stores.ts';

const LOCAL = id(40);
const CANONICAL = id(41);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('compose' as const), isLocal: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'delete' as const, 'react' as const, 'reply' as const),
      target: fc.nat(9),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      // How many of the batch the server takes, and what it says to the next one.
      taken: fc.nat(5),
      code: fc.constantFrom('BUSY', 'INTERNAL', 'FORBIDDEN', 'AUTH_EXPIRED', 'none'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      committed: fc.nat(5),
      isClose: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), committed: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hear' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, 60_000, 90_000_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('retry' as const, 'sendNow' as const, 'cancel' as const, 'discard' as const),
      target: fc.nat(9),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What the runs came across, so that a model that reaches nothing is noticed. */
const reached = new Set<string>();

function isDecided(item: OutboxItem): boolean {
  return ['REJECTED', 'STALLED', 'PARKED', 'CANCELLED'].includes(item.state);
}

class World {
  /** The server: positions by opId, and what was committed in order. */
  readonly #seqs = new Map<string, number>();
  readonly #committed: string[] = [];
  #heard = 0;
  readonly #files = new MemoryOutbox({ tailOf: () => this.#heard, seenSeq: (opId) => this.#seen(opId) });
  #inFlight: OutboxBatch | undefined;
  #nextId = 1000;
  /** Sends in the order composed, and which of them a person took back. */
  readonly #composed: string[] = [];
  readonly #withdrawn = new Set<string>();
  /** Ops whose place in the order was given up: refused, parked, cancelled or stalled at some time. */
  readonly #outOfOrder = new Set<string>();
  readonly #bytes = new Map<string, string>();

  run(next: Step): void {
    const { outbox, clock } = this.#files;
    const now = clock.nowMs();
    switch (next.do) {
      case 'compose':
        this.#compose(next.isLocal);
        break;
      case 'reply': {
        const replyTo = this.#message(next.target);
        const opId = this.#id();
        if (replyTo !== undefined) {
          outbox.enqueue({ ...sendOp(opId, opId, this.#laneOf(replyTo)), replyTo }, now);
          this.#composed.push(opId);
        }
        break;
      }
      case 'edit':
      case 'delete':
      case 'react':
        this.#change(next.do, next.target);
        break;
      case 'take':
        this.#take();
        break;
      case 'answer':
        this.#answer(next.taken, next.code);
        break;
      case 'lose':
        this.#take();
        if (this.#inFlight) {
          this.#commitPrefix(next.committed);
          if (next.isClose) outbox.noteDisconnect(this.#inFlight, false);
          outbox.markAmbiguous(this.#inFlight);
          this.#inFlight = undefined;
        }
        break;
      case 'restart':
        this.#commitPrefix(next.committed);
        this.#inFlight = undefined;
        this.#files.restart();
        break;
      case 'hear':
        this.#hear();
        break;
      case 'wait':
        clock.advance(next.ms);
        break;
      case 'retry':
      case 'sendNow':
      case 'cancel':
      case 'discard':
        this.#decide(next.do, next.target);
    }
    this.#check();
  }

  /** The network heals and the person sends everything. */
  finish(): void {
    for (let round = 0; round < 200; round += 1) {
      this.#answer(50, 'none');
      this.#hear();
      const { outbox, clock } = this.#files;
      for (const item of outbox.items()) outbox.retry(item.opId);
      if (outbox.items().length === 0) break;
      this.#take();
      if (!this.#inFlight) clock.advance(60_000);
      this.#check();
    }
    expect(this.#files.outbox.items()).toEqual([]);
    const wanted = this.#composed.filter((opId) => !this.#withdrawn.has(opId));
    expect(wanted.filter((opId) => !this.#seqs.has(opId))).toEqual([]);
  }

  #id(): string {
    this.#nextId += 1;
    return id(this.#nextId);
  }

  #seen(opId: string): number | undefined {
    const seq = this.#seqs.get(opId);
    return seq !== undefined && seq <= this.#heard ? seq : undefined;
  }

  #message(target: number): string | undefined {
    const live = this.#composed.filter((opId) => !this.#withdrawn.has(opId));
    return live[target % Math.max(1, live.length)];
  }

  #laneOf(opId: string): string {
    return this.#files.outbox.items().find((item) => item.opId === opId)?.lane ?? CONVERSATION;
  }

  #compose(isLocal: boolean): void {
    const { outbox, clock } = this.#files;
    const now = clock.nowMs();
    if (isLocal && !this.#bytes.has('created')) {
      this.#bytes.set('created', '');
      const base = {
        v: 1,
        logId: LOCAL,
        orgId: ORG,
        conversationKind: 'direct',
        protection: 'server',
      } as const;
      outbox.enqueue({ ...base, opId: this.#id(), kind: 'conversation.create', peerId: PEER }, now);
    }
    const opId = this.#id();
    outbox.enqueue(sendOp(opId, opId, isLocal ? LOCAL : CONVERSATION), now);
    this.#composed.push(opId);
  }

  #change(what: 'edit' | 'delete' | 'react', target: number): void {
    const messageId = this.#message(target);
    if (messageId === undefined) return;
    const { outbox, clock } = this.#files;
    const base = { opId: this.#id(), v: 1, logId: this.#laneOf(messageId), messageId } as const;
    const op: Op =
      what === 'edit'
        ? { ...base, kind: 'message.edit', text: `edit of ${messageId}`, baseRevSeq: 0 }
        : what === 'delete'
          ? { ...base, kind: 'message.delete' }
          : { ...base, kind: 'reaction.set', emoji: '👍', on: true };
    reached.add(outbox.enqueue(op, clock.nowMs()));
    if (what === 'delete') this.#withdrawn.add(messageId);
  }

  #take(): void {
    if (this.#inFlight) return;
    const { outbox, clock } = this.#files;
    this.#inFlight = outbox.nextBatch(clock.nowMs(), new Set());
    for (const op of this.#inFlight?.ops ?? []) {
      const bytes = JSON.stringify(op);
      // I14
      expect(this.#bytes.get(op.opId) ?? bytes).toBe(bytes);
      this.#bytes.set(op.opId, bytes);
    }
  }

  #commitOp(op: Op): OpResult {
    const known = this.#seqs.get(op.opId);
    if (op.kind === 'conversation.create') {
      return { opId: op.opId, ok: true, duplicate: false, canonicalId: CANONICAL };
    }
    expect('logId' in op && op.logId).not.toBe(LOCAL);
    const seq = known ?? this.#committed.length + 1;
    if (known === undefined) {
      this.#committed.push(op.opId);
      this.#seqs.set(op.opId, seq);
    }
    return { opId: op.opId, ok: true, duplicate: known !== undefined, seq };
  }

  #commitPrefix(count: number): readonly OpResult[] {
    return (this.#inFlight?.ops ?? []).slice(0, count).map((op) => this.#commitOp(op));
  }

  #answer(taken: number, code: string): void {
    const batch = this.#inFlight;
    if (!batch) return;
    const { outbox, clock } = this.#files;
    const results = [...this.#commitPrefix(taken)];
    const stopped = batch.ops[results.length];
    // A refusal is only ever said of what is not committed: the server dedupes first.
    if (stopped && code !== 'none' && !this.#seqs.has(stopped.opId)) {
      results.push({ opId: stopped.opId, ok: false, duplicate: false, code });
    }
    outbox.settle(batch, results, clock.nowMs(), () => 0.5);
    this.#inFlight = undefined;
  }

  #hear(): void {
    const news = this.#committed.slice(this.#heard).map((opId, at) => ({ opId, seq: this.#heard + at + 1 }));
    this.#heard = this.#committed.length;
    this.#files.outbox.markApplied(news);
    for (const lane of [CONVERSATION, CANONICAL]) this.#files.outbox.markHeld(lane, this.#heard);
  }

  #decide(what: 'retry' | 'sendNow' | 'cancel' | 'discard', target: number): void {
    const { outbox } = this.#files;
    const items = outbox.items();
    const item = items[target % Math.max(1, items.length)];
    if (!item) return;
    outbox[what](item.opId);
    if (what === 'discard') {
      const left = new Set(outbox.items().map((it) => it.opId));
      for (const gone of items) if (!left.has(gone.opId)) this.#withdrawn.add(gone.opId);
    }
  }

  #check(): void {
    const { outbox } = this.#files;
    const items = outbox.items();
    const held = new Map(items.map((item) => [item.opId, item]));
    for (const item of items) {
      if (['REJECTED', 'STALLED', 'PARKED', 'CANCELLED'].includes(item.state))
        this.#outOfOrder.add(item.opId);
    }
    // I13: in the outbox with its text, or committed, or taken back.
    for (const opId of this.#composed) {
      if (this.#withdrawn.has(opId)) continue;
      const item = held.get(opId);
      if (item) expect(item.op).toMatchObject({ kind: 'message.send', text: expect.any(String) });
      else expect(this.#seqs.has(opId)).toBe(true);
    }
    // I7 and I20: sends that never left the row stand in the log as composed, and wait as composed.
    const orderly = this.#composed.filter((opId) => !this.#outOfOrder.has(opId));
    for (const isLocal of [true, false]) {
      const lane = orderly.filter((opId) => this.#isLocal(opId) === isLocal);
      const places = lane.flatMap((opId) => this.#seqs.get(opId) ?? []);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
    const pending = items.filter((item) => item.op.kind === 'message.send' && orderly.includes(item.opId));
    expect(pending.map((item) => item.opId)).toEqual(orderly.filter((opId) => held.has(opId)));
    for (const item of items) reached.add(item.state);
    if (!this.#inFlight) this.#checkLiveness();
  }

  // I16: whatever is live gives a batch or arms a timer. Asked in a transaction that is taken back.
  #checkLiveness(): void {
    const { db, outbox, clock } = this.#files;
    db.exec('BEGIN');
    const batch = outbox.nextBatch(clock.nowMs(), new Set());
    const isLive =
      outbox.counts().waiting > 0 &&
      outbox.items().some((item) => item.state !== 'ACKED' && !isDecided(item));
    const wakeMs = outbox.nextWakeMs();
    db.exec('ROLLBACK');
    if (isLive && !batch) expect(wakeMs).not.toBeNull();
  }

  #isLocal(opId: string): boolean {
    const bytes = this.#bytes.get(opId) ?? '';
    return bytes.includes(LOCAL) || bytes.includes(CANONICAL);
  }
}

describe('any sequence of intents, answers, losses and restarts', () => {
  it('loses nothing, changes no attempted byte, keeps the order and never sleeps (I7, I13, I14, I16, I20)', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 50 }), (steps) => {
        const world = new World();
        for (const next of steps) world.run(next);
        world.finish();
      }),
      { numRuns: 600, seed: 20261121 },
    );
    const states = ['WAIT_DEPENDENCY', 'READY', 'IN_FLIGHT', 'AMBIGUOUS', 'BACKOFF', 'ACKED'];
    const decided = ['REJECTED', 'STALLED', 'PARKED', 'CANCELLED'];
    expect([...reached]).toEqual(
      expect.arrayContaining([...states, ...decided, 'queued', 'folded', 'cancelled']),
    );
  });
});
