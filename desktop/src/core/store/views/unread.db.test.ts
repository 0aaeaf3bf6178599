/**
 * The badge and the server's count agree (I19): after any mixture of messages, deletes, partial pulls, window resets
 * and reads, as soon as both speak of the same position, and without asking wherever the cache covers what is unread.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '@curlew/shared/lib/intervals.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, peer } from './testing/server-log.ts';

type Step = {
  readonly kind: 'say' | 'mine' | 'pull' | 'window' | 'heads' | 'deleted' | 'read';
  readonly n: number;
};

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('say', 'say', 'say', 'mine', 'pull', 'pull', 'window', 'heads', 'deleted', 'read'),
  n: fc.nat(12),
});

class Reader {
  readonly fixture = AccountFixture.start();
  /** What the server knows of my reading: moved by heads, since it is told in between. */
  #serverReadSeq = 0;

  apply({ kind, n }: Step): void {
    const { fixture } = this;
    const log = fixture.log(conversation);
    switch (kind) {
      case 'say':
        return void fixture.say('hello');
      case 'mine':
        return void fixture.say('mine, from my other device', conversation, me);
      case 'pull':
        return fixture.deliver(conversation, n + 1);
      case 'window':
        return void fixture.ingest.applyWindow(
          conversation,
          fixture.window(Math.max(1, log.events.length - n)),
          [],
        );
      case 'heads':
        return this.tellHeads();
      case 'deleted': {
        const messages = log.events.filter(({ type, actorId }) => type === 'message:new' && actorId === peer);
        const messageId = messages[n % Math.max(1, messages.length)]?.opId;
        if (messageId !== undefined) log.append('message:deleted', { messageId }, peer, fixture.newId());
        return;
      }
      case 'read': {
        const tail = fixture.reader.log(conversation)?.tail ?? 0;
        return fixture.outbox.raiseWatermark('read.set', conversation, Math.max(1, Math.min(tail, n)));
      }
    }
  }

  tellHeads(): void {
    this.#serverReadSeq = this.fixture.outbox.wantedReadSeq(conversation);
    const head = { readSeq: this.#serverReadSeq, unread: this.serverCount() };
    this.fixture.ingest.applyHeads([this.fixture.head(conversation, head)]);
  }

  /** As the server counts: over its own fold of the log. */
  serverCount(): number {
    const { messages } = this.fixture.page(1, Number.MAX_SAFE_INTEGER);
    const readSeq = this.fixture.outbox.wantedReadSeq(conversation);
    return messages.filter((it) => it.senderId !== me && it.deletedAt === null && it.createSeq > readSeq)
      .length;
  }

  badge(): number {
    this.fixture.settle();
    const list = this.fixture.open('conversations', { filter: 'all', offset: 0, limit: 5 });
    this.fixture.views.closeView(1, list.viewId);
    return list.state().rows[conversation]?.unread ?? -1;
  }

  isCovered(): boolean {
    const log = this.fixture.reader.log(conversation);
    const head = this.fixture.log(conversation).events.length;
    const readSeq = this.fixture.outbox.wantedReadSeq(conversation);
    return log !== undefined && log.tail === head && covers(log.coverage, { lo: readSeq + 1, hi: head });
  }
}

describe('unread on real files', () => {
  it('equals the server’s count', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 3, maxLength: 25 }), (steps) => {
        const reader = new Reader();
        try {
          for (const step of steps) {
            reader.apply(step);
            if (reader.isCovered()) expect(reader.badge()).toBe(reader.serverCount());
          }
          reader.fixture.deliver();
          reader.tellHeads();
          expect(reader.badge()).toBe(reader.serverCount());
        } finally {
          reader.fixture.stop();
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
