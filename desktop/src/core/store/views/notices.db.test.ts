/** Notices on this device: quiet rows of the timeline, the same from events as from pages, and nothing to read. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './testing/server-log.ts';

const group = testId(3, 9);
const third = testId(1, 3);

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
  fixture.addPerson(third, 'Cleo');
  fixture.deliver(org);
});
afterEach(() => fixture.stop());

function update(logId: string, change: object): void {
  const opId = fixture.newId();
  fixture.enqueue({ opId, v: OP_VERSION, logId, kind: 'conversation.update', ...change } as never);
  fixture.flushOutbox();
}

function rowsOf(conversationId: string) {
  const opened = fixture.open('timeline', { conversationId, at: { kind: 'end' }, limit: 50 });
  fixture.settle();
  const { order, rows } = opened.state();
  return order.map((key) => rows[key]);
}

function makeGroup(): void {
  const members = [me, peer].map((userId) => ({ userId, role: 'member' as const }));
  const settings = { created: true, orgId: org, kind: 'group' as const, protection: 'server' as const };
  const log = fixture.log(group);
  log.append('conversation:updated', { ...settings, title: 'Engine room', members }, peer, fixture.newId());
}

it('says who did what to whom, with names, in the order it happened', () => {
  makeGroup();
  fixture.say('first', group);
  fixture.log(group).append('member:joined', { userId: third, role: 'member' }, peer, fixture.newId());
  fixture.log(group).append('member:role', { userId: me, role: 'moderator' }, peer, fixture.newId());
  fixture.deliver(group);
  update(group, { title: 'Boiler room' });
  fixture.deliver(group);
  expect(rowsOf(group)).toMatchObject([
    { kind: 'message', text: 'first' },
    {
      kind: 'notice',
      actorName: 'Grace Hopper',
      isOwn: false,
      notices: [{ kind: 'joined', name: 'Cleo', isMe: false }],
    },
    { kind: 'notice', notices: [{ kind: 'role', role: 'moderator', isMe: true }] },
    { kind: 'notice', isOwn: true, notices: [{ kind: 'title', title: 'Boiler room' }] },
  ]);
});

it('is the same from a history page and a window as from the events', () => {
  const said = fixture.say('pin me');
  fixture.deliver();
  update(conversation, { pin: { messageId: said.opId, on: true } });
  update(conversation, { messageTtlMs: 3_600_000 });
  fixture.say('last');
  fixture.deliver();
  const fromEvents = rowsOf(conversation);
  expect(fromEvents.map((row) => row?.kind)).toEqual(['message', 'notice', 'notice', 'message']);
  fixture.ingest.applyWindow(conversation, fixture.window(5), [{ lo: 1, hi: 1 }]);
  fixture.settle();
  expect(rowsOf(conversation).map((row) => row?.kind)).toEqual(['hole', 'message']);
  fixture.ingest.applyHistory(conversation, fixture.page(1, 4), 4);
  fixture.settle();
  expect(rowsOf(conversation)).toEqual(fromEvents);
});

it('is not unread, not the last message of the list, and does not raise the conversation in it', () => {
  makeGroup();
  fixture.deliver(group);
  const other = fixture.say('newer, elsewhere');
  fixture.deliver();
  fixture.log(group).append('member:joined', { userId: third, role: 'member' }, peer, fixture.newId());
  fixture.deliver(group);
  const list = fixture.open('conversations', { filter: 'all', offset: 0, limit: 10 });
  fixture.settle();
  const { order, rows } = list.state();
  expect(rows[group]).toMatchObject({ unread: 0, lastMessage: null });
  expect(rows[conversation]?.lastMessage?.id).toBe(other.opId);
  expect(order[0]).toBe(conversation);
});
