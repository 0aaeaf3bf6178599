/**
 * Ingest under any arrival order (fast-check): pushes, pulls, history pages and windows that were answered at one moment
 * and arrive at another, repeated or late. After EVERY step the cache must be a true copy of what the log says:
 * I8 (tail contiguous, chain fits), I9 (rows = reduce), I10 (nothing outside coverage passes for held), I11 (revSeq
 * never falls), I12 (one row per message). Checking only the end would let last-arrival-wins through.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntervalSet } from '@curlew/shared/lib/intervals.ts';
import { intervalAt } from '@curlew/shared/lib/intervals.ts';
import type { Message } from '@curlew/shared/domain/message.ts';
import type { HistoryAnswer, PullAnswer, WindowAnswer } from '@curlew/shared/protocol/sync.ts';
import { cachedConversation, cachedMessages } from '../testing/cached-rows.ts';
import { CONVERSATION, ME, PEER, TestLog } from '../testing/logs.ts';
import { memoryCache } from '../testing/memory-stores.ts';

/** What the server commits, by numbers that are taken modulo what exists. */
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('say' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constantFrom('edit', 'delete', 'react', 'unreact'), target: fc.nat(40) }),
  },
);
type Change = {
  /** `say`, `edit`, `delete`, `react` or `unreact`. */
  readonly what: string;
  readonly target?: number;
};

/** What reaches the client. Answers are asked for at one step and delivered at any later one, as often as it likes. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('commit' as const),
    changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ do: fc.constant('push' as const), back: fc.nat(6), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('askPull' as const), limit: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ do: fc.constant('askHistory' as const), lo: fc.nat(40), size: fc.nat(8) }),
  fc.record({ do: fc.constant('askWindow' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('deliver' as const), index: fc.nat(12) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

type Answer =
  | { readonly kind: 'pull'; readonly answer: PullAnswer }
  | { readonly kind: 'history'; readonly answer: HistoryAnswer }
  | { readonly kind: 'window'; readonly answer: WindowAnswer; readonly asked: IntervalSet };

class World {
  readonly log = new TestLog();
  readonly cache = memoryCache();
  readonly #answers: Answer[] = [];
  #revisions = new Map<string, number>();
  #tail = 0;

  constructor() {
    this.log.create();
    this.log.say('first');
    this.cache.ingest.applyHeads([this.log.headRow()]);
  }

  run(next: Step): void {
    switch (next.do) {
      case 'commit':
        next.changes.forEach((it) => this.commit(it));
        break;
      case 'push': {
        const to = Math.max(1, this.log.head - next.back);
        this.cache.ingest.applyEvents(CONVERSATION, this.log.events.slice(Math.max(0, to - next.count), to));
        break;
      }
      case 'askPull':
        this.#answers.push({ kind: 'pull', answer: this.log.pull(this.tail, next.limit) });
        break;
      case 'askHistory': {
        const lo = 1 + (next.lo % this.log.head);
        const hi = Math.min(this.log.head, lo + next.size);
        this.#answers.push({ kind: 'history', answer: this.log.history(lo, hi) });
        break;
      }
      case 'askWindow': {
        const asked = this.coverage;
        this.#answers.push({ kind: 'window', answer: this.log.window(this.tail, asked, next.limit), asked });
        break;
      }
      case 'deliver':
        this.deliver(this.#answers[next.index % Math.max(1, this.#answers.length)]);
    }
    this.check();
  }

  /** Everything arrives in the end. */
  finish(): void {
    for (const answer of this.#answers) {
      this.deliver(answer);
      this.check();
    }
    this.cache.ingest.applyEvents(CONVERSATION, this.log.pull(this.tail).events);
    this.check();
    expect(this.tail).toBe(this.log.head);
  }

  get tail(): number {
    return this.cache.reader.log(CONVERSATION)?.tail ?? 0;
  }

  get coverage(): IntervalSet {
    return this.cache.reader.log(CONVERSATION)?.coverage ?? [];
  }

  private commit({ what, target }: Change): void {
    const messages = this.log.messagesAt(this.log.head);
    const message = messages[(target ?? 0) % messages.length];
    const messageId = message?.id ?? '';
    if (what === 'say' || !message) this.log.say(`text ${this.log.head}`);
    else if (what === 'edit') {
      this.log.append('message:edited', { messageId, text: `edit ${this.log.head}`, overwrote: false });
    } else if (what === 'delete') this.log.append('message:deleted', { messageId });
    else
      this.log.append(
        'reaction:set',
        { messageId, emoji: '👍', on: what === 'react' },
        target === 1 ? ME : PEER,
      );
  }

  private deliver(answer: Answer | undefined): void {
    const { ingest } = this.cache;
    if (answer?.kind === 'pull') {
      const outcome = ingest.applyEvents(CONVERSATION, answer.answer.events);
      expect(outcome.kind).not.toBe('diverged');
    } else if (answer?.kind === 'history') ingest.applyHistory(CONVERSATION, answer.answer);
    else if (answer) ingest.applyWindow(CONVERSATION, answer.answer, answer.asked);
  }

  private check(): void {
    const row = this.cache.reader.log(CONVERSATION);
    const tail = row?.tail ?? 0;
    const coverage = this.coverage;
    // I8
    expect(tail).toBeGreaterThanOrEqual(this.#tail);
    this.#tail = tail;
    expect(row?.chain).toBe(this.log.chainAt(tail));
    if (tail > 0) expect(intervalAt(coverage, tail)).toBeDefined();
    coverage.forEach(({ lo }, at) => expect(lo).toBeGreaterThan((coverage[at - 1]?.hi ?? -1) + 1));
    // I11: of what stays held
    const rows = cachedMessages(this.cache, CONVERSATION);
    for (const { id, revSeq } of rows) expect(revSeq).toBeGreaterThanOrEqual(this.#revisions.get(id) ?? 0);
    this.#revisions = new Map(rows.map((it) => [it.id, it.revSeq]));
    // I12
    expect(new Set(rows.map((it) => it.id)).size).toBe(rows.length);
    // I9 and I10: within coverage the rows are exactly the log's, at the tail or a later revision of their own.
    const isHeld = ({ createSeq }: Message): boolean => intervalAt(coverage, createSeq) !== undefined;
    expect(rows.every(isHeld)).toBe(true);
    for (const message of rows) {
      const at = Math.max(tail, message.revSeq);
      expect(message).toEqual(this.log.stateAt(at).messages.get(message.id));
    }
    const expected = this.log.messagesAt(this.log.head).filter(isHeld);
    expect(rows.map((it) => it.id)).toEqual(expected.map((it) => it.id));
    if (tail > 0) {
      expect(cachedConversation(this.cache, CONVERSATION)).toEqual(this.log.stateAt(tail).conversation);
    }
  }
}

describe('any order of pushes, pulls, pages and windows', () => {
  it('leaves a true copy after every step (I8, I9, I10, I11, I12)', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) => {
        const world = new World();
        for (const next of steps) world.run(next);
        world.finish();
        world.cache.cacheDb.close();
      }),
      { numRuns: 600, seed: 20261121 },
    );
    // On a busy machine as well.
  }, 120_000);
});
