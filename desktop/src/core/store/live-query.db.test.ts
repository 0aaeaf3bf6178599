import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { FRAME_MS } from './live-query.ts';
import { AccountFixture } from './views/testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './views/testing/server-log.ts';

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
});
afterEach(() => fixture.stop());

const list = { filter: 'all' as const, offset: 0, limit: 50 };
const timelineParams = { conversationId: conversation, at: { kind: 'end' as const }, limit: 50 };

describe('live views', () => {
  it('the first change goes out in the next turn, what follows shares a frame', () => {
    const replica = fixture.open('timeline', timelineParams);
    fixture.send('at once');
    fixture.advance(0);
    expect(replica.received.patches).toBe(1);
    for (let n = 0; n < 5; n += 1) {
      fixture.send(`burst ${n}`);
      fixture.advance(1);
    }
    expect(replica.received.patches).toBe(1);
    fixture.advance(FRAME_MS);
    expect(replica.received.patches).toBe(2);
    expect(replica.state().order).toHaveLength(6);
  });

  it('what a person does shows in the timelines of that window in the middle of a frame', () => {
    const mine = fixture.open('timeline', timelineParams, 1);
    const rows = fixture.open('conversations', list, 1);
    const elsewhere = fixture.open('timeline', timelineParams, 2);
    const patches = (): number[] => [mine, rows, elsewhere].map(({ received }) => received.patches);
    fixture.send('opens the frame');
    fixture.advance(0);
    expect(patches()).toEqual([1, 1, 1]);
    for (let n = 0; n < 4; n += 1) {
      fixture.send(`burst ${n}`);
      fixture.advance(FRAME_MS / 8);
      fixture.views.showTimelines(1);
      expect(patches()).toEqual([2 + n, 1, 1]);
    }
    // However fast they follow each other, nothing else waits longer than the frame.
    fixture.advance(FRAME_MS / 2);
    expect(patches()).toEqual([5, 2, 2]);
  });

  it('only touched views are asked', () => {
    const other = testId(3, 2);
    fixture.addConversation(other, peer);
    fixture.deliver(other);
    fixture.settle();
    const untouched = fixture.open('timeline', { ...timelineParams, conversationId: other });
    const touched = fixture.open('timeline', timelineParams);
    fixture.say('hello');
    fixture.deliver();
    fixture.settle();
    expect(touched.received.patches).toBe(1);
    expect(untouched.received.patches).toBe(0);
  });

  it('a hidden window costs nothing, and gets one patch when it shows again', () => {
    const replica = fixture.open('timeline', timelineParams, 7);
    fixture.views.setWindowVisible(7, false);
    for (let n = 0; n < 10; n += 1) {
      fixture.say(`m${n}`);
      fixture.deliver();
      fixture.settle();
    }
    expect(replica.received.patches).toBe(0);
    fixture.views.setWindowVisible(7, true);
    fixture.settle();
    expect(replica.received.patches).toBe(1);
    expect(replica.state().order).toHaveLength(10);
  });

  it('closed views and windows hear nothing more', () => {
    const closed = fixture.open('timeline', timelineParams, 1);
    const gone = fixture.open('conversations', list, 2);
    fixture.views.closeView(2, closed.viewId);
    fixture.say('still open');
    fixture.deliver();
    fixture.settle();
    expect(closed.received.patches).toBe(1);
    fixture.views.closeView(1, closed.viewId);
    fixture.views.closeWindow(2);
    const before = gone.received.patches;
    fixture.say('closed');
    fixture.deliver();
    fixture.settle();
    expect(closed.received.patches).toBe(1);
    expect(gone.received.patches).toBe(before);
  });

  it('signing out empties what is open, signing in fills it', () => {
    const replica = fixture.open('conversations', list);
    expect(replica.state().order).toEqual([conversation]);
    fixture.views.setAccount(null);
    fixture.settle();
    expect(replica.state().order).toEqual([]);
    fixture.views.setAccount(fixture.account());
    fixture.settle();
    expect(replica.state().order).toEqual([conversation]);
  });

  it('refuses parameters that are not the view’s, and views of the main process', () => {
    const refused = fixture.views.openView(1, 'timeline', { conversationId: 'nonsense' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    expect(fixture.views.openView(1, 'preferences', {})).toMatchObject({ ok: false });
  });

  it('shows session, connection and devices from what it is told', () => {
    const session = fixture.open('session', {});
    const connection = fixture.open('connection', {});
    const devices = fixture.open('devices', {});
    fixture.volatile.setSession({ state: 'none', lastServerUrl: null });
    fixture.volatile.setConnection({ state: 'offline', lastContactMs: 5, progress: null, error: null });
    fixture.volatile.setDevices([
      { id: 'd', name: 'Desk', createdAtMs: 1, lastSeenMs: null, isCurrent: true, address: null },
    ]);
    fixture.send('waits');
    fixture.settle();
    expect(session.state().meta).toEqual({ state: 'none', lastServerUrl: null });
    expect(connection.state().meta).toMatchObject({ state: 'offline', waiting: 1, failed: 0 });
    expect(devices.state()).toMatchObject({ order: ['d'], meta: { state: 'ready' } });
  });
});

describe('outbox view', () => {
  it('groups what needs an answer, what is under way and what waits, with what can be done', () => {
    const replica = fixture.open('outbox', {});
    fixture.send('refused');
    fixture.refuse(must(fixture.takeBatch(), 'the message may go'), 'NOT_MEMBER');
    fixture.send('under way');
    must(fixture.takeBatch(), 'the message may go');
    const waiting = fixture.send('waits');
    fixture.setEntry(`pin:${conversation}`, { rank: 1 });
    fixture.settle();
    const rows = replica.state().order.map((key) => replica.state().rows[key]);
    expect(rows).toMatchObject([
      { group: 'attention', state: 'failed', text: 'refused', error: { code: 'NOT_MEMBER' } },
      { group: 'sending', state: 'sending', text: 'under way', can: [] },
      {
        opId: waiting,
        group: 'waiting',
        state: 'queued',
        text: 'waits',
        can: ['edit', 'deadline', 'cancel'],
      },
      { group: 'waiting', action: 'setting', text: null, can: ['cancel'] },
    ]);
    expect(rows[0]).toMatchObject({ can: ['retry', 'edit', 'discard'], conversationTitle: 'Grace Hopper' });
    expect(rows[3]).toMatchObject({ conversationId: conversation });
    expect(replica.state().meta.total).toBe(4);
  });

  it('a draft on its way to my other devices is no unsent work', () => {
    const replica = fixture.open('outbox', {});
    fixture.outbox.saveDraft(conversation, { text: 'half a thought', replyTo: null });
    fixture.takeBatch();
    fixture.settle();
    expect(replica.state()).toMatchObject({ order: [], meta: { total: 0 } });
  });

  it('what cannot be read any more is shown, and can only be discarded', () => {
    fixture.outboxDb
      .prepare(
        `INSERT INTO op (op_id, lane, kind, bytes, state, composed_at) VALUES ('x', 'y', 'message.send', '{', 'STALLED', 1)`,
      )
      .run();
    const replica = fixture.open('outbox', {});
    expect(replica.state().rows['x']).toMatchObject({
      group: 'attention',
      state: 'failed',
      text: null,
      can: ['discard'],
    });
  });
});

describe('details of a conversation', () => {
  it('the divider stands before the first unread message, and stays', () => {
    fixture.say('read');
    fixture.deliver();
    fixture.outbox.raiseWatermark('read.set', conversation, 2);
    fixture.say('unread');
    fixture.say('unread too');
    fixture.deliver();
    fixture.settle();
    const replica = fixture.open('conversation', { conversationId: conversation });
    expect(replica.state().meta.unreadFromSeq).toBe(3);
    expect(replica.state().meta.row?.unread).toBe(2);
    fixture.outbox.raiseWatermark('read.set', conversation, 4);
    fixture.settle();
    expect(replica.state().meta).toMatchObject({ unreadFromSeq: 3, row: { unread: 0 } });
    const next = fixture.open('conversation', { conversationId: conversation });
    expect(next.state().meta.unreadFromSeq).toBeNull();
  });

  it('the divider stands before what is unread but not held', () => {
    for (let n = 0; n < 20; n += 1) fixture.say(`m${n}`);
    fixture.ingest.applyWindow(conversation, fixture.window(15), [{ lo: 1, hi: 1 }]);
    fixture.ingest.applyHeads([fixture.head(conversation, { unread: 18, readSeq: 3 })]);
    fixture.settle();
    const { meta } = fixture.open('conversation', { conversationId: conversation }).state();
    expect(meta).toMatchObject({ unreadFromSeq: 4, row: { unread: 18 } });
  });

  it('marking unread counts from there, until the mark is taken away', () => {
    for (let n = 0; n < 4; n += 1) fixture.say(`m${n}`);
    fixture.deliver();
    fixture.outbox.raiseWatermark('read.set', conversation, 5);
    const replica = fixture.open('conversations', list);
    expect(replica.state().rows[conversation]?.unread).toBe(0);
    fixture.setEntry(`unread:${conversation}`, { fromSeq: 4 });
    fixture.settle();
    expect(replica.state().rows[conversation]?.unread).toBe(2);
    fixture.setEntry(`unread:${conversation}`, null);
    fixture.settle();
    expect(replica.state().rows[conversation]?.unread).toBe(0);
  });

  it('a read on another device clears the badge here', () => {
    fixture.say('hello');
    fixture.deliver();
    fixture.ingest.applyHeads([fixture.head(conversation, { unread: 1 })]);
    const replica = fixture.open('conversations', list);
    expect(replica.state().rows[conversation]?.unread).toBe(1);
    fixture.ingest.applyReceipt(conversation, { userId: me, deliveredSeq: 2, readSeq: 2 }, 1);
    fixture.settle();
    expect(replica.state().rows[conversation]?.unread).toBe(0);
    expect(replica.state().meta.unreadConversations).toBe(0);
  });

  it('shows members with presence, and the watermarks of the others', () => {
    fixture.volatile.setPresence([{ userId: peer, state: 'away' }]);
    fixture.ingest.applyReceipt(conversation, { userId: peer, deliveredSeq: 1, readSeq: 1 }, 1);
    const replica = fixture.open('conversation', { conversationId: conversation });
    const { members, receipts, canPost } = replica.state().meta;
    expect(members).toMatchObject([
      { name: 'Ada Lovelace' },
      { name: 'Grace Hopper', presence: { state: 'away' } },
    ]);
    expect(receipts).toEqual([{ userId: peer, deliveredSeq: 1, readSeq: 1 }]);
    expect(canPost).toBe(true);
    expect(fixture.open('conversation', { conversationId: testId(3, 77) }).state().meta.exists).toBe(false);
  });
});

describe('people and switcher', () => {
  beforeEach(() => {
    ['Édith Clarke', 'Zoë Ångström', 'Annie Easley', 'Mary Jackson'].forEach((name, n) =>
      fixture.addPerson(testId(1, 10 + n), name),
    );
    fixture.deliver(org);
    fixture.settle();
  });

  const names = (query: string) => {
    const { order, rows } = fixture.open('people', { query, limit: 50 }).state();
    return order.map((key) => rows[key]?.name);
  };

  it('stand in alphabetical order, without me', () => {
    expect(names('')).toEqual([
      'Annie Easley',
      'Édith Clarke',
      'Grace Hopper',
      'Mary Jackson',
      'Zoë Ångström',
    ]);
  });

  it('are found anywhere in the name, without case and accents', () => {
    expect(names('EDITH')).toEqual(['Édith Clarke']);
    expect(names('angs')).toEqual(['Zoë Ångström']);
    expect(names('ea')).toEqual(['Annie Easley']);
    expect(names('xyz')).toEqual([]);
  });

  it('a new name shows everywhere', () => {
    const people = fixture.open('people', { query: '', limit: 50 });
    const conversations = fixture.open('conversations', list);
    fixture
      .log(org)
      .append(
        'org:updated',
        { key: `person:${peer}`, value: { name: 'Amazing Grace' } },
        peer,
        fixture.newId(),
      );
    fixture.deliver(org);
    fixture.settle();
    expect(people.state().rows[peer]?.name).toBe('Amazing Grace');
    expect(people.state().order[0]).toBe(peer);
    expect(conversations.state().rows[conversation]?.title).toBe('Amazing Grace');
  });

  it('my own new name shows at once, unless it is refused', () => {
    fixture.send('hello');
    const timeline = fixture.open('timeline', timelineParams);
    const name = () =>
      Object.values(timeline.state().rows).map((row) => 'senderName' in row && row.senderName);
    const rename = { kind: 'org.set' as const, v: 1 as const, opId: testId(9, 999), logId: org };
    fixture.enqueue({ ...rename, key: `person:${me}`, value: { name: 'Countess Lovelace' } });
    fixture.settle();
    expect(name()).toEqual(['Countess Lovelace']);
    for (let batch = fixture.takeBatch(); batch; batch = fixture.takeBatch())
      fixture.refuse(batch, 'FORBIDDEN');
    fixture.settle();
    expect(name()).toEqual(['Ada Lovelace']);
  });

  it('who left can no longer be written to, but keeps the name', () => {
    fixture.log(org).append('org:updated', { key: `role:${peer}`, value: null }, peer, fixture.newId());
    fixture.deliver(org);
    expect(names('grace')).toEqual([]);
    const switcher = fixture.open('switcher', { query: 'grace' });
    expect(switcher.state().order).toEqual([`conversation:${conversation}`]);
  });

  it('the switcher puts the best match first, conversations of people before strangers alike', () => {
    const hits = (query: string) => fixture.open('switcher', { query }).state();
    expect(hits('').order).toEqual([`conversation:${conversation}`]);
    const found = hits('e');
    const titles = found.order.map((key) => found.rows[key]?.title);
    expect(titles[0]).toBe('Édith Clarke');
    expect(titles).toContain('Grace Hopper');
    expect(hits('hop').rows[`conversation:${conversation}`]).toMatchObject({
      kind: 'conversation',
      title: 'Grace Hopper',
    });
    expect(hits('mary').order).toEqual([`person:${testId(1, 13)}`]);
  });
});
