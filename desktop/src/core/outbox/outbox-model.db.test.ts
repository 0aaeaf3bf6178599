/**
 * The outbox under any sequence of intents, answers, lost connections and restarts (fast-check), against a server that
 * dedupes by opId. After every step: nothing composed is lost (I13), attempted bytes never change (I14), messages are
 * committed in the order composed (I7, I20), no older edit, setting or reaction is committed over a newer one, and
 * whatever is not final has a batch, a timer or a reason to wait (I16). At the end every message has its last text, once.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch, OutboxItem } from '../store/store-types.ts';
import { CONVERSATION, id, ME, sendOp } from '../testing/logs.ts';
import { MemoryOutbox } from '../testing/memory-stores.ts';
import {
  conversationChange,
  creation,
  outboxStep,
  subjectOf,
  type OutboxStep,
} from '../testing/outbox-steps.ts';

const LOCAL = id(40);
const CANONICAL = id(41);

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
  readonly #files = new MemoryOutbox({
    tailOf: () => this.#heard,
    seenSeq: (opId) => this.#seen(opId),
    draft: () => undefined,
  });
  #inFlight: OutboxBatch | undefined;
  #nextId = 1000;
  /** Sends in the order composed, and which of them a person took back. */
  readonly #composed: string[] = [];
  readonly #withdrawn = new Set<string>();
  /** Names and members of the conversation made here, in the order composed. */
  readonly #changes: string[] = [];
  /** Ops whose place in the order was given up: refused, parked, cancelled or stalled at some time. */
  readonly #outOfOrder = new Set<string>();
  readonly #bytes = new Map<string, string>();
  /** The last text a person gave each message; of those whose edit they discarded nothing is expected. */
  readonly #wantedTexts = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  /** Refused sends that went on as another message. */
  readonly #replaced = new Set<string>();
  /** The newest committed op by subject. Ids grow, so the later one is the greater one. */
  readonly #newest = new Map<string, string>();

  run(next: OutboxStep): void {
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
          this.#wantedTexts.set(opId, opId);
        }
        break;
      }
      case 'edit':
      case 'delete':
      case 'react':
        this.#change(next.do, next.target);
        break;
      case 'set': {
        const op = { opId: this.#id(), v: 1, logId: ME, key: `pin:${id(50 + next.key)}` } as const;
        outbox.enqueue({ ...op, kind: 'account.set', value: { rank: now } }, now);
        break;
      }
      case 'addMember':
      case 'rename':
        this.#changeConversation(next.do);
        break;
      case 'replace':
        this.#replace(next.target);
        break;
      case 'retryAll':
        outbox.retryAll();
        break;
      case 'take':
        this.#take();
        break;
      case 'answer':
        this.#answer(next.taken, next.code);
        break;
      case 'refuse':
        this.#take();
        this.#answer(0, 'FORBIDDEN');
        break;
      case 'lose':
        this.#lose(next.committed, next.isClose);
        break;
      case 'poison':
        for (let closes = 0; closes < 4; closes += 1) this.#lose(next.committed, true);
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
    const all = [...wanted, ...this.#changes.filter((opId) => !this.#withdrawn.has(opId))];
    expect(all.filter((opId) => !this.#seqs.has(opId))).toEqual([]);
    // A message that another took the place of is not there as well.
    expect([...this.#replaced].filter((opId) => this.#seqs.has(opId))).toEqual([]);
    for (const opId of wanted) {
      const text = this.#wantedTexts.get(opId);
      if (text !== undefined) expect(this.#texts.get(opId)).toBe(text);
    }
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
      outbox.enqueue(creation(this.#id(), LOCAL), now);
    }
    const opId = this.#id();
    outbox.enqueue(sendOp(opId, opId, isLocal ? LOCAL : CONVERSATION), now);
    this.#composed.push(opId);
    this.#wantedTexts.set(opId, opId);
  }

  #changeConversation(what: 'addMember' | 'rename'): void {
    if (!this.#bytes.has('created')) return;
    const { outbox, clock } = this.#files;
    const opId = this.#id();
    outbox.enqueue(conversationChange(what, opId, LOCAL), clock.nowMs());
    this.#changes.push(opId);
    reached.add(`${what} ${outbox.items().some((it) => it.lane === LOCAL) ? 'before' : 'after'} creation`);
  }

  #change(what: 'edit' | 'delete' | 'react', target: number): void {
    const messageId = this.#message(target);
    if (messageId === undefined) return;
    const { outbox, clock } = this.#files;
    const base = { opId: this.#id(), v: 1, logId: this.#laneOf(messageId), messageId } as const;
    const op: Op =
      what === 'edit'
        ? { ...base, kind: 'message.edit', text: `text ${base.opId}`, baseRevSeq: 0 }
        : what === 'delete'
          ? { ...base, kind: 'message.delete' }
          : { ...base, kind: 'reaction.set', emoji: '👍', on: this.#nextId % 2 === 0 };
    if (op.kind === 'message.edit' && this.#wantedTexts.has(messageId))
      this.#wantedTexts.set(messageId, op.text);
    reached.add(outbox.enqueue(op, clock.nowMs()));
    if (what === 'delete') this.#withdrawn.add(messageId);
  }

  #replace(target: number): void {
    const { outbox, clock } = this.#files;
    const texts = outbox
      .items()
      .filter((it) => it.op.kind === 'message.send' || it.op.kind === 'message.edit');
    // A person edits what failed, mostly.
    const failed = texts.filter(isDecided);
    const choice = failed.length > 0 ? failed : texts;
    const item = choice[target % Math.max(1, choice.length)];
    if (!item || item.state === 'ACKED') return;
    const opId = this.#id();
    const text = `text ${opId}`;
    const goesOn = outbox.replaceText(item.opId, text, opId, clock.nowMs());
    const kind = outbox.items().find((it) => it.opId === goesOn)?.op.kind;
    reached.add(
      `${item.state} ${item.op.kind} goes on as ${goesOn === opId ? 'another' : 'the same'} ${kind}`,
    );
    if (goesOn === opId && kind === 'message.send') {
      this.#replaced.add(item.opId);
      this.#withdrawn.add(item.opId);
      this.#composed.push(opId);
    }
    const messageId =
      kind === 'message.send' ? goesOn : item.op.kind === 'message.edit' ? item.op.messageId : item.opId;
    this.#wantedTexts.set(messageId, text);
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

  #lose(committed: number, isClose: boolean): void {
    this.#take();
    if (!this.#inFlight) return;
    this.#commitPrefix(committed);
    if (isClose) this.#files.outbox.noteDisconnect(this.#inFlight, false);
    this.#files.outbox.markAmbiguous(this.#inFlight);
    this.#inFlight = undefined;
  }

  #commitOp(op: Op): OpResult {
    const known = this.#seqs.get(op.opId);
    if (op.kind === 'conversation.create') {
      return { opId: op.opId, ok: true, duplicate: false, canonicalId: CANONICAL };
    }
    expect('logId' in op && op.logId).not.toBe(LOCAL);
    const seq = known ?? this.#committed.length + 1;
    if (known === undefined) {
      const subject = subjectOf(op);
      if (subject !== undefined) {
        expect(op.opId > (this.#newest.get(subject) ?? '')).toBe(true);
        this.#newest.set(subject, op.opId);
      }
      if (op.kind === 'message.send') this.#texts.set(op.opId, op.text);
      if (op.kind === 'message.edit') this.#texts.set(op.messageId, op.text);
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
    for (const lane of [CONVERSATION, CANONICAL, ME]) this.#files.outbox.markHeld(lane, this.#heard);
  }

  #decide(what: 'retry' | 'sendNow' | 'cancel' | 'discard', target: number): void {
    const { outbox } = this.#files;
    const items = outbox.items();
    const item = items[target % Math.max(1, items.length)];
    // Messages of a conversation that will not be created can only be discarded too; no run has to end with them.
    if (!item || (what === 'discard' && item.op.kind === 'conversation.create')) return;
    outbox[what](item.opId);
    if (what === 'discard') {
      const left = new Set(outbox.items().map((it) => it.opId));
      for (const gone of items) {
        if (left.has(gone.opId)) continue;
        this.#withdrawn.add(gone.opId);
        if (gone.op.kind === 'message.edit') this.#wantedTexts.delete(gone.op.messageId);
      }
    }
  }

  #check(): void {
    const { outbox } = this.#files;
    const items = outbox.items();
    const held = new Map(items.map((item) => [item.opId, item]));
    for (const item of items) {
      if (isDecided(item)) this.#outOfOrder.add(item.opId);
    }
    // I13: in the outbox with its text, or committed, or taken back.
    for (const opId of this.#composed) {
      if (this.#withdrawn.has(opId)) continue;
      const item = held.get(opId);
      if (item) expect(item.op).toMatchObject({ kind: 'message.send', text: expect.any(String) });
      else expect(this.#seqs.has(opId)).toBe(true);
    }
    for (const opId of this.#changes)
      expect(this.#withdrawn.has(opId) || held.has(opId) || this.#seqs.has(opId)).toBe(true);
    const changes = this.#changes.filter((opId) => !this.#outOfOrder.has(opId));
    const changed = changes.flatMap((opId) => this.#seqs.get(opId) ?? []);
    expect(changed).toEqual([...changed].sort((a, b) => a - b));
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
      fc.property(fc.array(outboxStep, { minLength: 5, maxLength: 50 }), (steps) => {
        const world = new World();
        for (const next of steps) world.run(next);
        world.finish();
      }),
      { numRuns: 600, seed: 20261121 },
    );
    const states = ['WAIT_DEPENDENCY', 'READY', 'IN_FLIGHT', 'AMBIGUOUS', 'BACKOFF', 'ACKED'];
    const decided = ['REJECTED', 'STALLED', 'PARKED', 'CANCELLED'];
    const fates = ['queued', 'folded', 'cancelled'];
    expect([...reached]).toEqual(
      expect.arrayContaining([
        ...[...states, ...decided, ...fates],
        'READY message.send goes on as the same message.send',
        'REJECTED message.send goes on as another message.send',
        'STALLED message.send goes on as another message.edit',
        'addMember before creation',
        'rename after creation',
      ]),
    );
  }, 120_000);
});
