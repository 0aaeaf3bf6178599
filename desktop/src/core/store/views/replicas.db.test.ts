/**
 * Random lives of one account: after every commit, each window's replica equals a fresh query (I22), no message stands
 * twice (I12), acknowledged rows stand by position and waiting ones as composed (I20).
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { ViewState } from '../../../ipc/feed.ts';
import type { ViewName, ViewParams } from '../../../ipc/views.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, peer, testId } from './testing/server-log.ts';
import type { Replica } from './testing/account-fixture.ts';

const other = testId(3, 2);
const created = testId(3, 3);
const stranger = testId(1, 3);

type Step =
  | { readonly kind: 'say'; readonly in: 0 | 1 }
  | { readonly kind: 'send' | 'deliver'; readonly in: 0 | 1 }
  | { readonly kind: 'edit' | 'delete' | 'react' | 'hide' | 'theyDelete'; readonly which: number }
  | { readonly kind: 'submit'; readonly fate: 'acked' | 'refused' | 'lost' | 'ackLost' }
  | { readonly kind: 'read' | 'markUnread' | 'receipt'; readonly which: number }
  | { readonly kind: 'pin' | 'mute' | 'archive'; readonly in: 0 | 1; readonly on: boolean }
  | { readonly kind: 'decide'; readonly which: number; readonly decision: 'retry' | 'discard' | 'cancel' }
  | {
      readonly kind:
        | 'heads'
        | 'account'
        | 'draft'
        | 'typing'
        | 'presence'
        | 'create'
        | 'alias'
        | 'window'
        | 'crash'
        | 'recover';
    };

const which = fc.nat(20);
const side = fc.constantFrom(0 as const, 1 as const);
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('say' as const, 'send' as const), in: side }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), in: side }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'edit' as const,
        'delete' as const,
        'react' as const,
        'hide' as const,
        'theyDelete' as const,
      ),
      which,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      fate: fc.constantFrom(
        'acked' as const,
        'acked' as const,
        'refused' as const,
        'lost' as const,
        'ackLost' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('read' as const, 'markUnread' as const, 'receipt' as const),
      which,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('pin' as const, 'mute' as const, 'archive' as const),
      in: side,
      on: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      which,
      decision: fc.constantFrom('retry' as const, 'discard' as const, 'cancel' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'heads' as const,
        'account' as const,
        'draft' as const,
        'typing' as const,
        'presence' as const,
        'create' as const,
        'alias' as const,
        'window' as const,
        'crash' as const,
        'recover' as const,
      ),
    }),
  },
);

class Life {
  readonly fixture = AccountFixture.start();
  readonly #open: { name: ViewName; params: ViewParams<ViewName>; replica: Replica<ViewName> }[] = [];
  #receiptVersion = 0;
  #n = 0;

  constructor() {
    const { fixture } = this;
    fixture.addPerson(stranger, 'Katherine Johnson');
    fixture.addConversation(other, stranger);
    fixture.deliverAll();
    fixture.settle();
    const end = { kind: 'end' as const };
    this.#watch('timeline', { conversationId: conversation, at: end, limit: 6 });
    this.#watch('timeline', { conversationId: conversation, at: end, limit: 100 });
    this.#watch('timeline', { conversationId: conversation, at: { kind: 'seq', seq: 4 }, limit: 4 });
    this.#watch('timeline', { conversationId: created, at: end, limit: 10 });
    this.#watch('conversations', { filter: 'all', offset: 0, limit: 2 });
    this.#watch('conversations', { filter: 'all', offset: 1, limit: 1 });
    this.#watch('conversations', { filter: 'unread', offset: 0, limit: 10 });
    this.#watch('conversations', { filter: 'archived', offset: 0, limit: 10 });
    this.#watch('outbox', {});
    this.#watch('connection', {});
    this.#watch('people', { query: '', limit: 10 });
    this.#watch('switcher', { query: '' });
    this.#watch('typing', { conversationId: conversation });
    this.#watch('conversation', { conversationId: created });
  }

  apply(step: Step): void {
    const { fixture } = this;
    this.#n += 1;
    const at = 'in' in step && step.in === 1 ? other : conversation;
    switch (step.kind) {
      case 'say':
        return void fixture.say(`said ${this.#n}`, at, at === other ? stranger : peer);
      case 'send':
        return void fixture.send(`sent ${this.#n}`, null, at);
      case 'deliver':
        return fixture.deliver(at, 3);
      case 'edit':
        return this.#onOwn(step.which, (id) => fixture.edit(id, `edited ${this.#n}`));
      case 'delete':
        return this.#onOwn(step.which, (id) => fixture.delete(id));
      case 'react':
        return this.#onCached(step.which, (id) => fixture.react(id, '👍', this.#n % 3 > 0));
      case 'hide':
        return this.#onCached(step.which, (id) =>
          fixture.setEntry(`hidden:${id}`, { conversationId: conversation }),
        );
      case 'theyDelete':
        return this.#onCached(step.which, (messageId) => {
          fixture.log(conversation).append('message:deleted', { messageId }, peer, fixture.newId());
        });
      case 'submit':
        return this.#submit(step.fate);
      case 'read':
        return fixture.outbox.raiseWatermark('read.set', conversation, 1 + step.which);
      case 'markUnread':
        return fixture.setEntry(`unread:${conversation}`, step.which < 5 ? null : { fromSeq: step.which });
      case 'receipt':
        this.#receiptVersion += 1;
        return fixture.ingest.applyReceipt(
          conversation,
          { userId: this.#n % 4 === 0 ? me : peer, deliveredSeq: step.which + 2, readSeq: step.which },
          this.#receiptVersion,
        );
      case 'pin':
        return fixture.setEntry(`pin:${at}`, step.on ? { rank: this.#n } : null);
      case 'mute':
        return fixture.setEntry(`mute:${at}`, step.on ? { untilMs: null } : null);
      case 'archive':
        return fixture.setEntry(`archive:${at}`, step.on ? { at: 1 } : null);
      case 'decide':
        return this.#decide(step.which, step.decision);
      case 'heads':
        return void fixture.ingest.applyHeads([fixture.head(conversation, { unread: 3, readSeq: 2 })]);
      case 'account':
        return fixture.deliver(me);
      case 'draft':
        return fixture.outbox.saveDraft(other, { text: `draft ${this.#n}`, replyTo: null });
      case 'typing':
        return fixture.volatile.setTyping(conversation, peer, this.#n % 2 === 0);
      case 'presence':
        return fixture.volatile.setPresence([{ userId: peer, state: this.#n % 2 === 0 ? 'online' : 'away' }]);
      case 'create':
        return this.#create();
      case 'alias':
        return fixture.outbox.setAlias(created, other);
      case 'window':
        return this.#reset();
      case 'crash':
        this.#submit('ackLost');
        return fixture.deliverToCacheOnly();
      case 'recover':
        return fixture.outbox.recover(fixture.clock.nowMs());
    }
  }

  check(): void {
    this.fixture.settle();
    const newcomer = this.fixture.fresh();
    for (const { name, params, replica } of this.#open) {
      const state = replica.state();
      const fresh = newcomer.open(name, params);
      // The matcher is only asked to explain: it costs far more than the comparison.
      if (!isDeepStrictEqual(withoutDivider(state), withoutDivider(fresh))) {
        expect(withoutDivider(state), `${name} ${JSON.stringify(params)}`).toEqual(withoutDivider(fresh));
      }
      expect(new Set(state.order).size).toBe(state.order.length);
      if (name === 'timeline') this.#checkOrder(replica);
    }
    newcomer.stop();
  }

  #watch<V extends ViewName>(name: V, params: ViewParams<V>): void {
    this.#open.push({ name, params, replica: this.fixture.open(name, params) });
  }

  #checkOrder(replica: Replica<ViewName>): void {
    const { order, rows } = (replica as Replica<'timeline'>).state();
    const shown = order.map((key) => must(rows[key], 'every key has its row'));
    const positions = shown.flatMap((row) => (row.kind === 'message' && row.seq !== null ? [row.seq] : []));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    const waiting = shown.flatMap((row) => (row.kind === 'message' && row.seq === null ? [row.id] : []));
    const composed = this.fixture.outbox.items().map(({ opId }) => opId);
    expect(waiting).toEqual(composed.filter((id) => waiting.includes(id)));
    const firstWaiting = shown.findIndex((row) => row.kind === 'message' && row.seq === null);
    if (firstWaiting >= 0) expect(firstWaiting).toBe(shown.length - waiting.length);
  }

  #onOwn(n: number, change: (messageId: string) => void): void {
    const cached = this.#cachedIds(`AND sender_id = '${me}' AND deleted_at IS NULL`);
    const waiting = this.fixture.outbox
      .items()
      .flatMap(({ op }) => (op.kind === 'message.send' && op.logId === conversation ? [op.opId] : []));
    const ids = [...new Set([...cached, ...waiting])];
    const id = ids[n % Math.max(1, ids.length)];
    if (id !== undefined) change(id);
  }

  #onCached(n: number, change: (messageId: string) => void): void {
    const ids = this.#cachedIds('AND deleted_at IS NULL');
    const id = ids[n % Math.max(1, ids.length)];
    if (id !== undefined) change(id);
  }

  #cachedIds(condition: string): readonly string[] {
    return this.fixture.cacheDb
      .prepare<[string], { id: string }>(`SELECT id FROM message WHERE conversation_id = ? ${condition}`)
      .all(conversation)
      .map(({ id }) => id);
  }

  #submit(fate: Extract<Step, { kind: 'submit' }>['fate']): void {
    const { fixture } = this;
    const batch = fixture.takeBatch();
    if (!batch) return;
    if (fate === 'refused') return fixture.refuse(batch, 'FORBIDDEN');
    if (fate === 'lost') return fixture.outbox.markAmbiguous(batch);
    const results = fixture.commit(batch);
    if (fate === 'acked') fixture.settleBatch(batch, results);
    else fixture.outbox.markAmbiguous(batch);
  }

  #decide(n: number, decision: 'retry' | 'discard' | 'cancel'): void {
    const items = this.fixture.outbox.items();
    const opId = items[n % Math.max(1, items.length)]?.opId;
    if (opId === undefined) return;
    if (decision === 'retry') this.fixture.outbox.retry(opId);
    else if (decision === 'discard') this.fixture.outbox.discard(opId);
    else this.fixture.outbox.cancel(opId);
  }

  #create(): void {
    const { fixture } = this;
    if (fixture.outbox.items().some(({ op }) => op.kind === 'conversation.create')) return;
    if (fixture.outbox.aliasOf(created) !== created || fixture.log(created).events.length > 0) return;
    fixture.enqueue({
      opId: fixture.newId(),
      v: 1,
      logId: created,
      kind: 'conversation.create',
      orgId: testId(2, 1),
      conversationKind: 'direct',
      protection: 'server',
      peerId: testId(1, 4),
    });
    fixture.send('first words', null, created);
  }

  #reset(): void {
    const { fixture } = this;
    const head = fixture.log(conversation).events.length;
    fixture.ingest.applyWindow(conversation, fixture.window(Math.max(1, head - 2)), []);
  }
}

// The unread divider stays where it was when the conversation was opened; all else follows the store.
function withoutDivider(state: ViewState): ViewState {
  const { meta } = state;
  const isDetails = typeof meta === 'object' && meta !== null && 'unreadFromSeq' in meta;
  return isDetails ? { ...state, meta: { ...meta, unreadFromSeq: null } } : state;
}

describe('replicas', () => {
  it('equal a fresh query after every commit, with every message once and in order', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 5, maxLength: 40 }), (steps) => {
        const life = new Life();
        try {
          for (const step of steps) {
            life.apply(step);
            life.check();
          }
        } finally {
          life.fixture.stop();
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
