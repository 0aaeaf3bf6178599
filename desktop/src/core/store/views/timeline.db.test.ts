// long-file: one view, whose cases share the account it is read from.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { MessageRow, TimelineRow } from '../../../ipc/message-rows.ts';
import type { StateOf } from './view.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer } from './testing/server-log.ts';

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
});
afterEach(() => fixture.stop());

const atEnd = (limit = 50) => ({ conversationId: conversation, at: { kind: 'end' as const }, limit });

function rowsOf(state: StateOf<'timeline'>): readonly TimelineRow[] {
  return state.order.map((key) => must(state.rows[key], `the row of ${key}`));
}

function messagesOf(state: StateOf<'timeline'>): readonly MessageRow[] {
  return rowsOf(state).filter((row) => row.kind === 'message');
}

const textsOf = (state: StateOf<'timeline'>) => messagesOf(state).map(({ text }) => text);
const statesOf = (state: StateOf<'timeline'>) => messagesOf(state).map((row) => row.state);

describe('timeline', () => {
  it('shows what arrives, in one patch per batch', () => {
    const replica = fixture.open('timeline', atEnd());
    fixture.say('one');
    fixture.deliver();
    fixture.say('two');
    fixture.deliver();
    fixture.settle();
    expect(textsOf(replica.state())).toEqual(['one', 'two']);
    expect(replica.received.patches).toBe(1);
  });

  it('a message keeps its key and place from queued to read', () => {
    const replica = fixture.open('timeline', atEnd());
    const id = fixture.send('hello');
    fixture.settle();
    expect(replica.state().order).toEqual([id]);
    expect(messagesOf(replica.state())[0]).toMatchObject({
      seq: null,
      state: 'queued',
      isOwn: true,
      senderId: me,
    });

    const batch = must(fixture.takeBatch(), 'the message may go');
    fixture.settle();
    expect(statesOf(replica.state())).toEqual(['sending']);

    fixture.settleBatch(batch, fixture.commit(batch));
    fixture.settle();
    expect(statesOf(replica.state())).toEqual(['sent']);
    expect(replica.state().order).toEqual([id]);

    fixture.deliver();
    fixture.settle();
    expect(messagesOf(replica.state())[0]).toMatchObject({ seq: 2, state: 'sent' });

    fixture.ingest.applyReceipt(conversation, { userId: peer, deliveredSeq: 2, readSeq: 0 }, 1);
    fixture.settle();
    expect(statesOf(replica.state())).toEqual(['delivered']);
    fixture.ingest.applyReceipt(conversation, { userId: peer, deliveredSeq: 2, readSeq: 2 }, 2);
    fixture.settle();
    expect(statesOf(replica.state())).toEqual(['read']);
    expect(replica.state().order).toEqual([id]);
  });

  it('in a crowd a message is delivered and read once the counts say that everybody got and read it', () => {
    const members = [me, peer, ...Array.from({ length: 99 }, () => fixture.newId())];
    const crowd = fixture.newId();
    fixture.log(crowd).append(
      'conversation:updated',
      {
        created: true,
        orgId: org,
        kind: 'group',
        protection: 'server',
        title: 'Everybody',
        members: members.map((userId) => ({ userId, role: 'member' as const })),
      },
      peer,
      fixture.newId(),
    );
    fixture.say('mine', crowd, me);
    fixture.deliver(crowd);
    const replica = fixture.open('timeline', { ...atEnd(), conversationId: crowd });
    const details = fixture.open('conversation', { conversationId: crowd });
    const tell = (version: number, delivered: number, read: number) => {
      const counts = [{ seq: 2, people: 100, delivered, read }];
      fixture.ingest.applyReceiptCounts(crowd, { receiptVersion: version, counts });
      fixture.settle();
      return statesOf(replica.state());
    };
    // A watermark that is held of somebody says nothing about the others.
    fixture.ingest.applyReceipt(crowd, { userId: peer, deliveredSeq: 2, readSeq: 2 }, 1);
    fixture.settle();
    expect(statesOf(replica.state())).toEqual(['sent']);
    expect(tell(2, 99, 40)).toEqual(['sent']);
    expect(tell(3, 100, 99)).toEqual(['delivered']);
    expect(tell(4, 100, 100)).toEqual(['read']);
    expect(details.state().meta).toMatchObject({ receipts: [], countsVersion: 4 });
  });

  it('pending messages stand last, in the order composed, whatever arrives', () => {
    const replica = fixture.open('timeline', atEnd());
    fixture.send('mine 1');
    fixture.send('mine 2');
    fixture.say('theirs');
    fixture.deliver();
    fixture.settle();
    expect(textsOf(replica.state())).toEqual(['theirs', 'mine 1', 'mine 2']);
  });

  it('shows each message once when its event is cached before the outbox knows', () => {
    const replica = fixture.open('timeline', atEnd());
    const id = fixture.send('hello');
    const batch = must(fixture.takeBatch(), 'the message may go');
    fixture.commit(batch);
    fixture.deliver();
    fixture.settle();
    expect(replica.state().order).toEqual([id]);
    expect(statesOf(replica.state())).toEqual(['sent']);
  });

  it('neither doubles nor goes back while the outbox has not heard of what the cache holds', () => {
    const id = fixture.send('first');
    const replica = fixture.open('timeline', atEnd());
    const crash = () => {
      const batch = must(fixture.takeBatch(), 'something may go');
      fixture.commit(batch);
      fixture.outbox.markAmbiguous(batch);
      fixture.deliverToCacheOnly();
      fixture.settle();
    };
    crash();
    expect(replica.state().order).toEqual([id]);
    expect(messagesOf(replica.state())[0]).toMatchObject({ seq: 2, state: 'sent' });
    fixture.outbox.recover(fixture.clock.nowMs());

    fixture.edit(id, 'mine');
    fixture.react(id, '👍', true);
    crash();
    const log = fixture.log(conversation);
    log.append(
      'message:edited',
      { messageId: id, text: 'from my other device', overwrote: true },
      me,
      fixture.newId(),
    );
    log.append('reaction:set', { messageId: id, emoji: '👍', on: false }, me, fixture.newId());
    fixture.deliverToCacheOnly();
    fixture.settle();
    expect(messagesOf(replica.state())[0]).toMatchObject({ text: 'from my other device', reactions: [] });
    expect(messagesOf(replica.state())[0]?.pendingChange).toBeNull();
  });

  it('shows a message once that a window brought before its acknowledgement', () => {
    const id = fixture.send('hello');
    const replica = fixture.open('timeline', atEnd());
    const batch = must(fixture.takeBatch(), 'the message may go');
    const results = fixture.commit(batch);
    fixture.ingest.applyWindow(conversation, fixture.window(1), []);
    fixture.settle();
    expect(replica.state().order).toEqual([id]);
    expect(messagesOf(replica.state())[0]).toMatchObject({ seq: 2, state: 'sent' });
    fixture.settleBatch(batch, results);
    fixture.settle();
    expect(replica.state().order).toEqual([id]);
  });

  it('shows own sent messages that a power loss took from the cache', () => {
    fixture.send('kept');
    fixture.flushOutbox();
    fixture.deliver();
    fixture.settle();
    fixture.cacheDb.exec(
      `DELETE FROM message; DELETE FROM own_op; UPDATE log SET tail = 1, chain = '${fixture.log(conversation).chainAt(1)}'
       WHERE id = '${conversation}'; UPDATE coverage SET hi = 1 WHERE log_id = '${conversation}'`,
    );
    const replica = fixture.open('timeline', atEnd());
    expect(textsOf(replica.state())).toEqual(['kept']);
    expect(statesOf(replica.state())).toEqual(['sent']);
    fixture.changes.emit([`messages:${conversation}`]);
    fixture.deliver();
    fixture.settle();
    expect(textsOf(replica.state())).toEqual(['kept']);
  });

  it('a refused message fails in place with its reason and does not block the next', () => {
    const replica = fixture.open('timeline', atEnd());
    fixture.send('refused');
    const batch = must(fixture.takeBatch(), 'the message may go');
    fixture.refuse(batch, 'NOT_MEMBER');
    fixture.send('next');
    fixture.settle();
    const [refused, next] = messagesOf(replica.state());
    expect(refused).toMatchObject({ text: 'refused', state: 'failed', error: { code: 'NOT_MEMBER' } });
    expect(next).toMatchObject({ text: 'next', state: 'queued', error: null });
  });

  it('an edit before the first attempt folds into the message, without a mark', () => {
    const replica = fixture.open('timeline', atEnd());
    const id = fixture.send('helo');
    fixture.edit(id, 'hello');
    fixture.settle();
    expect(messagesOf(replica.state())[0]).toMatchObject({
      text: 'hello',
      editedAtMs: null,
      pendingChange: null,
    });
  });

  it('shows a waiting edit at once, and takes a refused one back', () => {
    const id = fixture.send('old');
    fixture.flushOutbox();
    fixture.deliver();
    const replica = fixture.open('timeline', atEnd());
    fixture.edit(id, 'new');
    fixture.settle();
    const row = () => messagesOf(replica.state())[0];
    expect(row()).toMatchObject({
      text: 'new',
      editedAtMs: expect.any(Number),
      pendingChange: 'edit',
      state: 'sent',
      error: null,
    });

    fixture.refuse(must(fixture.takeBatch(), 'the edit may go'), 'FORBIDDEN');
    fixture.settle();
    expect(row()).toMatchObject({
      text: 'old',
      editedAtMs: null,
      pendingChange: 'edit',
      error: { code: 'FORBIDDEN' },
    });
  });

  it('shows an acknowledged edit until its event is cached', () => {
    const id = fixture.send('old');
    fixture.flushOutbox();
    fixture.deliver();
    fixture.edit(id, 'new');
    fixture.flushOutbox();
    const replica = fixture.open('timeline', atEnd());
    expect(messagesOf(replica.state())[0]).toMatchObject({
      text: 'new',
      editedAtMs: expect.any(Number),
      pendingChange: null,
    });
    fixture.deliver();
    fixture.settle();
    expect(messagesOf(replica.state())[0]).toMatchObject({
      text: 'new',
      editedAtMs: expect.any(Number),
      pendingChange: null,
    });
  });

  it('shows a waiting delete at once, and never the text again', () => {
    const id = fixture.send('secret');
    fixture.flushOutbox();
    fixture.deliver();
    const replica = fixture.open('timeline', atEnd());
    fixture.delete(id);
    for (const step of [() => undefined, () => fixture.flushOutbox(), () => fixture.deliver()]) {
      step();
      fixture.settle();
      expect(messagesOf(replica.state())[0]).toMatchObject({ id, text: null, isDeleted: true });
    }
  });

  it('a waiting edit or reaction does not bring a deleted message back', () => {
    const id = fixture.send('secret');
    fixture.flushOutbox();
    fixture.deliver();
    const replica = fixture.open('timeline', atEnd());
    fixture.edit(id, 'still here');
    fixture.react(id, '👍', true);
    fixture.log(conversation).append('message:deleted', { messageId: id }, me, fixture.newId());
    fixture.deliver();
    fixture.settle();
    expect(messagesOf(replica.state())[0]).toMatchObject({ text: null, isDeleted: true, reactions: [] });
  });

  it('a message withdrawn before it was sent is gone', () => {
    const replica = fixture.open('timeline', atEnd());
    const id = fixture.send('never mind');
    fixture.settle();
    fixture.delete(id);
    fixture.settle();
    expect(replica.state().order).toEqual([]);
  });

  it('overlays own reactions, on and off', () => {
    const said = fixture.say('well?');
    fixture.deliver();
    const replica = fixture.open('timeline', atEnd());
    const reactions = () => messagesOf(replica.state())[0]?.reactions;
    fixture.react(said.opId, '👍', true);
    fixture.settle();
    expect(reactions()).toEqual([{ emoji: '👍', userIds: [me], names: ['Ada Lovelace'], isOwn: true }]);
    fixture.flushOutbox();
    fixture.deliver();
    fixture.settle();
    expect(reactions()).toHaveLength(1);
    fixture.react(said.opId, '👍', false);
    fixture.settle();
    expect(reactions()).toEqual([]);
  });

  it('quotes what a reply answers, while it is held and not deleted', () => {
    const said = fixture.say('the question');
    fixture.deliver();
    fixture.send('the answer', said.opId);
    const replica = fixture.open('timeline', atEnd());
    const reply = () => messagesOf(replica.state())[1]?.replyTo;
    expect(reply()).toEqual({ id: said.opId, senderName: 'Grace Hopper', excerpt: 'the question' });
    fixture.log(conversation).append('message:deleted', { messageId: said.opId }, peer, fixture.newId());
    fixture.deliver();
    fixture.settle();
    expect(reply()).toEqual({ id: said.opId, senderName: 'Grace Hopper', excerpt: null });
  });

  it('reads the same around any message: neighbours, and what lies beyond', () => {
    const said = Array.from({ length: 20 }, (_, n) => fixture.say(`m${n}`));
    fixture.deliver();
    const target = must(said[10], 'twenty were said');
    const params = { ...atEnd(5), at: { kind: 'message' as const, messageId: target.opId } };
    const replica = fixture.open('timeline', params);
    expect(textsOf(replica.state())).toEqual(['m8', 'm9', 'm10', 'm11', 'm12']);
    expect(replica.state().meta).toMatchObject({ hasOlder: true, hasNewer: true });
    const newest = fixture.open('timeline', { ...atEnd(5), at: { kind: 'seq', seq: 21 } });
    expect(textsOf(newest.state())).toEqual(['m15', 'm16', 'm17', 'm18', 'm19']);
    expect(newest.state().meta).toMatchObject({ hasOlder: true, hasNewer: false });
  });

  it('asks for the page around a message that is not here', () => {
    const stranger = fixture.newId();
    fixture.open('timeline', { ...atEnd(5), at: { kind: 'message', messageId: stranger } });
    fixture.say('unrelated');
    fixture.deliver();
    fixture.settle();
    expect(fixture.messagesAsked).toEqual([stranger]);
  });

  describe('holes', () => {
    it('what the cache lacks has a visible row, is asked for once, and goes as it is filled', () => {
      for (let n = 0; n < 30; n += 1) fixture.say(`m${n}`);
      const replica = fixture.open('timeline', atEnd());
      fixture.ingest.applyWindow(conversation, fixture.window(21), [{ lo: 1, hi: 1 }]);
      fixture.settle();
      const [hole, first] = rowsOf(replica.state());
      expect(hole).toEqual({ kind: 'hole', lo: 2, hi: 20, state: 'loading', beforeMs: expect.any(Number) });
      expect(first).toMatchObject({ kind: 'message', seq: 21 });
      expect(replica.state().meta).toMatchObject({ hasOlder: true, hasNewer: false, tailSeq: 31 });
      expect(fixture.holesAsked).toEqual([{ lo: 2, hi: 20 }]);

      fixture.volatile.setHistory(conversation, 'failed');
      fixture.settle();
      expect(rowsOf(replica.state())[0]).toMatchObject({ state: 'failed' });
      expect(fixture.holesAsked).toHaveLength(1);

      fixture.ingest.applyHistory(conversation, fixture.page(10, 20));
      fixture.settle();
      expect(replica.state().order[0]).toBe('hole:2');
      expect(rowsOf(replica.state())[0]).toMatchObject({ lo: 2, hi: 9 });
      expect(fixture.holesAsked).toEqual([
        { lo: 2, hi: 20 },
        { lo: 2, hi: 9 },
      ]);

      fixture.ingest.applyHistory(conversation, fixture.page(2, 9));
      fixture.settle();
      expect(textsOf(replica.state())).toEqual(Array.from({ length: 30 }, (_, n) => `m${n}`));
      expect(rowsOf(replica.state())).toHaveLength(30);
      expect(replica.state().meta.hasOlder).toBe(false);
    });

    it('says offline while nothing can be fetched', () => {
      for (let n = 0; n < 5; n += 1) fixture.say(`m${n}`);
      fixture.ingest.applyWindow(conversation, fixture.window(4), []);
      const replica = fixture.open('timeline', atEnd());
      fixture.volatile.setConnection({ state: 'offline', lastContactMs: null, progress: null, error: null });
      fixture.settle();
      expect(rowsOf(replica.state())[0]).toMatchObject({ kind: 'hole', state: 'offline' });
    });

    it('a conversation that was never loaded is asked for whole', () => {
      const other = fixture.newId();
      fixture.ingest.applyHeads([fixture.head(other, { head: 7, asOf: 7 })]);
      const replica = fixture.open('timeline', { ...atEnd(), conversationId: other });
      expect(replica.state().meta.isFirstLoad).toBe(true);
      expect(fixture.holesAsked).toEqual([{ lo: 1, hi: 7 }]);
    });
  });
});
