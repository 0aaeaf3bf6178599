import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccountQueries } from './account-queries.ts';
import { AccountFixture } from './store/views/testing/account-fixture.ts';
import { conversation, me, peer } from './store/views/testing/server-log.ts';

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
});
afterEach(() => fixture.stop());

describe('account queries', () => {
  it('know "unread from here" from the moment it is set until it is taken away', () => {
    const queries = createAccountQueries(fixture, me);
    const checkAtEveryStep = (expected: number | null): void => {
      for (const step of [() => undefined, () => fixture.flushOutbox(), () => fixture.deliver(me)]) {
        step();
        expect(queries.unreadFrom(conversation)).toBe(expected);
      }
    };
    checkAtEveryStep(null);
    fixture.setEntry(`unread:${conversation}`, { fromSeq: 3 });
    checkAtEveryStep(3);
    fixture.setEntry(`unread:${conversation}`, null);
    checkAtEveryStep(null);
  });

  it('know quiet and preferences from the moment they are chosen, and quiet ends at its time', () => {
    const queries = createAccountQueries(fixture, me);
    const view = fixture.open('account', {});
    const status = { state: 'dnd' as const, untilMs: fixture.clock.nowMs() + 60_000, text: 'In a meeting' };
    fixture.setEntry(`status:${me}`, status);
    fixture.setEntry(`preferences:${me}`, { shareTyping: false });
    for (const step of [() => undefined, () => fixture.flushOutbox(), () => fixture.deliver(me)]) {
      step();
      fixture.settle();
      expect(queries.doNotDisturb(status.untilMs - 1)).toEqual({ untilMs: status.untilMs });
      expect(queries.doNotDisturb(status.untilMs)).toBeNull();
      expect(queries.preferences()).toEqual({ shareTyping: false });
      expect(view.state().meta).toEqual({ status, preferences: { shareTyping: false } });
    }
  });

  it('know mute and level of a conversation from the moment they are chosen', () => {
    const queries = createAccountQueries(fixture, me);
    const untilMs = fixture.clock.nowMs() + 60_000;
    fixture.setEntry(`mute:${conversation}`, { untilMs });
    fixture.setEntry(`notify:${conversation}`, { level: 'mentions' });
    for (const step of [() => undefined, () => fixture.flushOutbox(), () => fixture.deliver(me)]) {
      step();
      expect(queries.mute(conversation, untilMs - 1)).toEqual({ untilMs });
      expect(queries.mute(conversation, untilMs)).toBeNull();
      expect(queries.notifyLevel(conversation)).toBe('mentions');
    }
  });

  it('know whose threads are followed: mine, those I wrote in, those that name me, those heads named', () => {
    const queries = createAccountQueries(fixture, me);
    const say = (senderId: string, part: object = {}): string => {
      const messageId = fixture.newId();
      const payload = { messageId, text: 'words', replyTo: null, composedAt: 1, ...part };
      fixture.log(conversation).append('message:new', payload, senderId, messageId);
      return messageId;
    };
    const [mine, others, answered, naming, namedIn, named] = [
      say(me),
      say(peer),
      say(peer),
      say(peer, { mentions: [me] }),
      say(peer),
      say(peer),
    ];
    for (const threadRootId of [mine, others, answered, naming, namedIn, named]) say(peer, { threadRootId });
    say(me, { threadRootId: answered });
    say(peer, { threadRootId: namedIn, mentions: [conversation] });
    fixture.deliver();
    fixture.cacheDb.prepare('UPDATE thread SET unread = 1 WHERE root_id = ?').run(named);
    const follows = (rootId: string): boolean => queries.followsThread(conversation, rootId);
    expect([mine, others, answered, naming, namedIn, named].map(follows)).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('who got an own message', () => {
  it('is known with its time from the step that passed it, or as the server said it, and never a later time', () => {
    const queries = createAccountQueries(fixture, me);
    const { ingest } = fixture;
    for (const text of ['one', 'two', 'three']) fixture.say(text, conversation, me);
    fixture.deliver();
    const timesOf = (seq: number) => {
      const [receipt] = queries.receiptsOf(conversation, seq);
      return receipt && { deliveredAtMs: receipt.deliveredAtMs, readAtMs: receipt.readAtMs };
    };
    const unknown = { deliveredAtMs: null, readAtMs: null };
    const [one, two, three] = [2, 3, 4];
    const step = (deliveredSeq: number, readSeq: number, from: object, atMs: number, version: number) =>
      ingest.applyReceipt(conversation, { userId: peer, deliveredSeq, readSeq, atMs, ...from }, version);
    step(two, 0, { fromDeliveredSeq: one, fromReadSeq: 0 }, 1000, 1);
    expect([timesOf(one), timesOf(two), timesOf(three)]).toEqual([
      unknown,
      { deliveredAtMs: 1000, readAtMs: null },
      unknown,
    ]);
    // A step whose beginning is not said lends no time.
    step(three, 0, {}, 2000, 2);
    expect(timesOf(three)).toEqual(unknown);
    step(three, three, { fromDeliveredSeq: three, fromReadSeq: two }, 3000, 3);
    expect([timesOf(two), timesOf(three)]).toEqual([
      { deliveredAtMs: 1000, readAtMs: null },
      { deliveredAtMs: null, readAtMs: 3000 },
    ]);
    const receipts = [{ userId: peer, deliveredSeq: three, readSeq: three, deliveredAt: 500, readAt: 2500 }];
    ingest.noteReceiptTimes(conversation, one, { receiptVersion: 3, receipts });
    expect([timesOf(one), timesOf(two)]).toEqual([
      { deliveredAtMs: 500, readAtMs: 2500 },
      { deliveredAtMs: 1000, readAtMs: null },
    ]);
    ingest.forgetLog(conversation);
    expect(timesOf(two)).toEqual(unknown);
  });
});
