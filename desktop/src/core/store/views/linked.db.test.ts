/** Linked conversations and announcements as views show them: their sections, their item, their audience. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { OP_VERSION, type Op } from '@curlew/shared/protocol/ops.ts';
import { createCacheReads } from './cache-reads.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './testing/server-log.ts';

const linked = testId(3, 9);
const channel = testId(3, 10);
const site = testId(4, 1);
const link = { type: 'ticket', id: 'FM-2481', url: 'https://tickets.example.org/FM-2481', status: 'Open' };

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
  fixture.deliver(org);
});
afterEach(() => fixture.stop());

const make = (logId: string, part: object): void =>
  fixture.enqueue({
    opId: fixture.newId(),
    v: OP_VERSION,
    logId,
    kind: 'conversation.create',
    orgId: org,
    protection: 'server',
    ...part,
  } as Op);
const makeLinked = () =>
  make(linked, { conversationKind: 'linked', title: 'Cooling fault', link, memberIds: [peer] });
/** A channel of the organisation that I run, with me and the other person in it. */
function makeChannel(): void {
  const settings = {
    created: true,
    orgId: org,
    kind: 'announcement' as const,
    protection: 'server' as const,
  };
  const members = [
    { userId: me, role: 'owner' as const },
    { userId: peer, role: 'member' as const },
  ];
  const audience = { scope: 'org' as const, id: org };
  fixture
    .log(channel)
    .append(
      'conversation:updated',
      { ...settings, title: 'Notices', audience, members },
      me,
      fixture.newId(),
    );
}
const update = (part: object): void =>
  fixture.enqueue({
    opId: fixture.newId(),
    v: OP_VERSION,
    logId: linked,
    kind: 'conversation.update',
    ...part,
  } as Op);
const deliver = (logId: string): void => {
  fixture.flushOutbox();
  fixture.deliver(logId);
  fixture.settle();
};

it('each section has its own list and counts', () => {
  const lists = [undefined, 'linked' as const, 'announcement' as const].map((kind) =>
    fixture.open('conversations', { filter: 'all', offset: 0, limit: 10, ...(kind && { kind }) }),
  );
  makeLinked();
  make(channel, { conversationKind: 'announcement', title: 'Notices', audience: { scope: 'org', id: org } });
  const orders = () => lists.map((list) => [...list.state().order].sort());
  const expected = [[conversation, linked, channel].sort(), [linked], [channel]];
  fixture.settle();
  expect(orders()).toEqual(expected);
  deliver(linked);
  deliver(channel);
  expect(orders()).toEqual(expected);
  fixture.say('The part is here', linked);
  fixture.deliver(linked);
  fixture.settle();
  expect(lists.map((list) => list.state().meta)).toMatchObject([
    { total: 3, unreadConversations: 1, unreadLinked: 1, unreadAnnouncements: 0 },
    { total: 1, unreadConversations: 1, unreadLinked: 1 },
    { total: 1, unreadConversations: 0, unreadLinked: 1 },
  ]);
});

it('a change of the item or its end shows at once, stays when confirmed, and goes when refused', () => {
  makeLinked();
  deliver(linked);
  const view = fixture.open('conversation', { conversationId: linked });
  fixture.settle();
  expect(view.state().meta).toMatchObject({ link, isClosed: false, canPost: true });
  update({ title: 'Cooling fault, B2', link: { ...link, status: 'Solved' }, isClosed: true });
  fixture.settle();
  const solved = { link: { ...link, status: 'Solved' }, isClosed: true, canPost: false };
  expect(view.state().meta).toMatchObject({ ...solved, row: { title: 'Cooling fault, B2' } });
  deliver(linked);
  expect(view.state().meta).toMatchObject(solved);
  update({ isClosed: false, link: { ...link, status: 'Open again' } });
  fixture.settle();
  expect(view.state().meta).toMatchObject({ isClosed: false, link: { status: 'Open again' } });
  const batch = fixture.takeBatch();
  if (!batch) throw new Error('the change waits');
  fixture.refuse(batch, 'FORBIDDEN');
  fixture.settle();
  expect(view.state().meta).toMatchObject(solved);
});

it('an item that is gone says so', () => {
  makeLinked();
  deliver(linked);
  update({ link: { ...link, isRemoved: true } });
  deliver(linked);
  const view = fixture.open('conversation', { conversationId: linked });
  fixture.settle();
  expect(view.state().meta.link).toEqual({ ...link, isRemoved: true });
});

it('the item of a conversation held here is found by an index, in its organisation or in any', () => {
  makeLinked();
  deliver(linked);
  const cache = createCacheReads(fixture.cacheDb, me);
  expect(cache.linkedTo('ticket', 'FM-2481', org)).toBe(linked);
  expect(cache.linkedTo('ticket', 'FM-2481', null)).toBe(linked);
  expect(cache.linkedTo('ticket', 'FM-2481', me)).toBeUndefined();
  expect(cache.linkedTo('order', 'FM-2481', null)).toBeUndefined();
  const plan = fixture.cacheDb
    .prepare<[], { detail: string }>(
      `EXPLAIN QUERY PLAN SELECT id FROM conversation c WHERE c.kind = 'linked'
         AND c.more ->> '$.link.type' = 'a' AND c.more ->> '$.link.id' = 'b'`,
    )
    .all();
  expect(plan.map(({ detail }) => detail).join()).toContain('conversation_by_item');
});

it('an announcement channel names its audience and counts the sites it reaches', () => {
  const set = (key: string, value: unknown): void =>
    fixture.enqueue({ opId: fixture.newId(), v: OP_VERSION, logId: org, kind: 'org.set', key, value } as Op);
  set(`site:${site}`, { name: 'North Campus' });
  set(`places:${me}`, { siteIds: [site], unitIds: [] });
  deliver(org);
  make(channel, {
    conversationKind: 'announcement',
    title: 'Notices',
    audience: { scope: 'site', id: site },
  });
  deliver(channel);
  const view = fixture.open('conversation', { conversationId: channel });
  fixture.settle();
  expect(view.state().meta).toMatchObject({
    audience: { scope: 'site', name: 'North Campus' },
    siteCount: 1,
    ownRole: 'owner',
    canPost: true,
  });
});

it('what asks to be acknowledged says whether I have, at once and for good, and shows no other mark of it', () => {
  makeChannel();
  const said = { text: 'Fire drill', replyTo: null, composedAt: 1, extras: { requiresAck: true as const } };
  const asked = testId(5, 1);
  fixture.log(channel).append('message:new', { messageId: asked, ...said }, peer, asked);
  fixture.deliver(channel);
  const view = fixture.open('timeline', { conversationId: channel, at: { kind: 'end' }, limit: 10 });
  fixture.settle();
  const row = () => view.state().rows[asked];
  expect(row()).toMatchObject({
    acknowledgement: { isOwn: false, isWaiting: false, count: 0 },
    seen: { count: 0, total: 1 },
  });
  fixture.enqueue({
    opId: fixture.newId(),
    v: OP_VERSION,
    logId: channel,
    kind: 'reaction.set',
    messageId: asked,
    emoji: ACKNOWLEDGEMENT,
    on: true,
  });
  fixture.settle();
  expect(row()).toMatchObject({ acknowledgement: { isOwn: true, isWaiting: true, count: 1 }, reactions: [] });
  deliver(channel);
  // Whoever acknowledges has seen it, also if they share nothing of what they read.
  expect(row()).toMatchObject({
    acknowledgement: { isOwn: true, isWaiting: false, count: 1 },
    seen: { count: 1, total: 1 },
  });
});
