import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { ConversationRow } from '../../../ipc/views.ts';
import type { StateOf } from './view.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './testing/server-log.ts';

const other = testId(3, 2);
const stranger = testId(1, 3);

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
  fixture.addPerson(stranger, 'Katherine Johnson');
  fixture.addConversation(other, stranger);
  fixture.deliverAll();
  fixture.settle();
});
afterEach(() => fixture.stop());

const all = { filter: 'all' as const, offset: 0, limit: 50 };

function rowsOf(state: StateOf<'conversations'>): readonly ConversationRow[] {
  return state.order.map((key) => must(state.rows[key], `the row of ${key}`));
}

function open() {
  const replica = fixture.open('conversations', all);
  return {
    replica,
    ids: () => replica.state().order,
    row: (id: string) => must(replica.state().rows[id], 'the conversation is listed'),
    meta: () => replica.state().meta,
  };
}

describe('conversation list', () => {
  it('names direct conversations by the other person', () => {
    const { row, meta } = open();
    expect(row(conversation)).toMatchObject({
      title: 'Grace Hopper',
      peerId: peer,
      kind: 'direct',
      isPrivate: false,
    });
    expect(meta()).toMatchObject({ total: 2, pinned: 0, unreadConversations: 0, isFirstSync: false });
  });

  it('moves a conversation up with what arrives, with what waits, and keeps it there when that is sent', () => {
    const { ids, row } = open();
    fixture.say('one');
    fixture.say('two');
    fixture.deliver();
    fixture.settle();
    expect(ids()).toEqual([conversation, other]);
    expect(row(conversation)).toMatchObject({
      unread: 2,
      lastMessage: { text: 'two', isOwn: false, state: null },
    });

    fixture.send('mine', null, other);
    fixture.settle();
    expect(ids()).toEqual([other, conversation]);
    expect(row(other).lastMessage).toMatchObject({ text: 'mine', isOwn: true, state: 'queued' });
  });

  it('a failed message is counted and does not hold the conversation up', () => {
    const { ids, row } = open();
    fixture.say('theirs');
    fixture.deliver();
    fixture.send('mine', null, other);
    fixture.refuse(must(fixture.takeBatch(), 'the message may go'), 'FORBIDDEN');
    fixture.settle();
    expect(ids()).toEqual([conversation, other]);
    expect(row(other)).toMatchObject({ failed: 1, lastMessage: { state: 'failed' } });
  });

  it('pins, mutes and archives at once, and the same after the account log says so', () => {
    const { ids, row, meta } = open();
    fixture.say('hello');
    fixture.deliver();
    fixture.settle();
    expect(meta().unreadConversations).toBe(1);
    fixture.setEntry(`pin:${other}`, { rank: 5 });
    fixture.setEntry(`mute:${conversation}`, { untilMs: null });
    const check = () => {
      fixture.settle();
      expect(ids()).toEqual([other, conversation]);
      expect(row(other).isPinned).toBe(true);
      expect(row(conversation).isMuted).toBe(true);
      expect(meta()).toMatchObject({ pinned: 1, unreadConversations: 0 });
    };
    check();
    fixture.flushOutbox();
    check();
    fixture.deliver(me);
    check();
    const archived = fixture.open('conversations', { ...all, filter: 'archived' });
    fixture.setEntry(`archive:${other}`, { at: 1 });
    fixture.settle();
    expect(ids()).toEqual([conversation]);
    expect(archived.state().order).toEqual([other]);
  });

  it('a mute that is over no longer mutes', () => {
    const { row } = open();
    fixture.setEntry(`mute:${conversation}`, { untilMs: fixture.clock.nowMs() + 60_000 });
    fixture.settle();
    expect(row(conversation).isMuted).toBe(true);
    fixture.advance(60_001);
    fixture.say('awake', other, stranger);
    fixture.deliver(other);
    fixture.settle();
    expect(row(conversation).isMuted).toBe(false);
  });

  it('shows the draft of this device, then the newer one of another', () => {
    const { row } = open();
    fixture.outbox.saveDraft(conversation, { text: 'here', replyTo: null });
    fixture.settle();
    expect(row(conversation).draft).toBe('here');
    fixture.flushOutbox();
    fixture.deliver(me);
    const value = { text: 'there', replyTo: null };
    fixture.log(me).append('account:updated', { key: `draft:${conversation}`, value }, me, fixture.newId());
    fixture.deliver(me);
    fixture.settle();
    expect(row(conversation).draft).toBe('there');
    fixture
      .log(me)
      .append('account:updated', { key: `draft:${conversation}`, value: null }, me, fixture.newId());
    fixture.deliver(me);
    fixture.settle();
    expect(row(conversation).draft).toBeNull();
  });

  it('shows who types, and presence while it is known', () => {
    const { row } = open();
    fixture.volatile.setTyping(conversation, peer, true);
    fixture.volatile.setPresence([{ userId: peer, state: 'online' }]);
    fixture.settle();
    expect(row(conversation)).toMatchObject({ typingNames: ['Grace Hopper'], presence: { state: 'online' } });
    fixture.advance(6_000);
    fixture.volatile.clearPresence();
    fixture.settle();
    expect(row(conversation)).toMatchObject({ typingNames: [], presence: null });
  });

  it('the preview skips what was deleted for me', () => {
    fixture.say('first');
    const last = fixture.say('second');
    fixture.deliver();
    const { row } = open();
    fixture.setEntry(`hidden:${last.opId}`, { conversationId: conversation });
    fixture.settle();
    expect(row(conversation).lastMessage?.text).toBe('first');
    fixture.flushOutbox();
    fixture.deliver(me);
    fixture.settle();
    expect(row(conversation).lastMessage?.text).toBe('first');
  });

  it('a filter shows its own part, in the same order', () => {
    fixture.say('hello');
    fixture.deliver();
    const unread = fixture.open('conversations', { ...all, filter: 'unread' });
    expect(rowsOf(unread.state()).map(({ id }) => id)).toEqual([conversation]);
    fixture.outbox.raiseWatermark('read.set', conversation, 2);
    fixture.settle();
    expect(unread.state().order).toEqual([]);
  });
});

it('a first synchronisation without conversations ends with the connection', () => {
  fixture.views.closeWindow(1);
  fixture.cacheDb.exec('DELETE FROM conversation; DELETE FROM log');
  fixture.views.setAccount(fixture.account());
  const { meta } = open();
  expect(meta()).toMatchObject({ total: 0, isFirstSync: true });
  fixture.cacheDb.exec(`INSERT INTO meta (name, value) VALUES ('firstSyncDone', '1')`);
  fixture.volatile.setConnection({ state: 'connected', lastContactMs: 1, progress: null, error: null });
  fixture.settle();
  expect(meta()).toMatchObject({ total: 0, isFirstSync: false });
});

describe('a conversation created here', () => {
  const local = testId(3, 8);
  const canonical = testId(3, 9);
  const newcomer = testId(1, 4);
  const create = () =>
    fixture.enqueue({
      opId: testId(7, 1),
      v: 1,
      logId: local,
      kind: 'conversation.create',
      orgId: org,
      conversationKind: 'direct',
      protection: 'server',
      peerId: newcomer,
    });

  beforeEach(() => {
    fixture.addPerson(newcomer, 'Mary Jackson');
    fixture.deliver(org);
  });

  it('is there at once, with its messages, and for the person in the directory', () => {
    const { row } = open();
    const people = fixture.open('people', { query: 'mary', limit: 10 });
    expect(people.state().rows[newcomer]?.conversationId).toBeNull();
    create();
    fixture.send('hi', null, local);
    fixture.settle();
    expect(row(local)).toMatchObject({
      title: 'Mary Jackson',
      peerId: newcomer,
      lastMessage: { text: 'hi' },
    });
    expect(people.state().rows[newcomer]?.conversationId).toBe(local);
    const details = fixture.open('conversation', { conversationId: local });
    expect(details.state().meta).toMatchObject({ exists: true, canPost: true, canonicalId: null });
    expect(details.state().meta.members.map(({ id }) => id)).toEqual([me, newcomer]);
  });

  it('moves to the id the server knows, with what waits in it', () => {
    const list = open();
    create();
    fixture.send('hi', null, local);
    const at = { kind: 'end' as const };
    const timeline = fixture.open('timeline', { conversationId: local, at, limit: 10 });
    const details = fixture.open('conversation', { conversationId: local });
    const batch = must(fixture.takeBatch(), 'the creation may go');
    fixture.addConversation(canonical, newcomer);
    fixture.settleBatch(batch, [
      { opId: testId(7, 1), ok: true, duplicate: true, seq: 1, canonicalId: canonical },
    ]);
    fixture.outbox.setAlias(local, canonical);
    fixture.settle();
    // Its log is still on the way.
    expect(list.ids().filter((id) => id === local || id === canonical)).toEqual([canonical]);
    expect(list.row(canonical).title).toBe('Mary Jackson');
    expect(details.state().meta).toMatchObject({ exists: true, canonicalId: canonical });
    fixture.deliver(canonical);
    fixture.say('hello', canonical, newcomer);
    fixture.deliver(canonical);
    fixture.settle();
    expect(list.ids()).not.toContain(local);
    expect(list.row(canonical).title).toBe('Mary Jackson');
    expect(details.state().meta).toMatchObject({ exists: true, canonicalId: canonical });
    expect(timeline.state().meta.conversationId).toBe(canonical);
    const texts = timeline.state().order.map((key) => timeline.state().rows[key]);
    expect(texts).toMatchObject([{ text: 'hello' }, { text: 'hi' }]);
  });
});
