/** Groups and threads as views show them: what waits in the outbox is there at once, what was refused goes again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OP_VERSION, type Op } from '@curlew/shared/protocol/ops.ts';
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

const base = (logId: string) => ({ opId: fixture.newId(), v: OP_VERSION, logId }) as const;

function create(): void {
  fixture.enqueue({
    ...base(group),
    kind: 'conversation.create',
    orgId: org,
    conversationKind: 'group',
    protection: 'server',
    title: 'Engine room',
    memberIds: [peer],
    history: 'all',
  });
}

const change = (op: Pick<Op, 'kind'> & object): void => fixture.enqueue({ ...base(group), ...op } as Op);

function meta() {
  const opened = fixture.open('conversation', { conversationId: group });
  fixture.settle();
  return opened.state().meta;
}

function membersNow(): readonly (readonly [id: string, role: string, isPending: boolean])[] {
  return meta().members.map(({ id, role, isPending }) => [id, role, isPending] as const);
}

describe('a group made offline', () => {
  it('is in the list with its name, and its people wait with it', () => {
    create();
    const list = fixture.open('conversations', { filter: 'all', offset: 0, limit: 10 });
    fixture.settle();
    expect(list.state().rows[group]).toMatchObject({ kind: 'group', title: 'Engine room', peerId: null });
    expect(meta()).toMatchObject({ exists: true, ownRole: 'owner', canPost: true, isClosed: false });
    expect(membersNow()).toEqual([
      [me, 'owner', true],
      [peer, 'member', true],
    ]);
  });

  it('shows every change at once, in one flush, and the same when the server knows it', () => {
    create();
    change({ kind: 'member.add', userId: third, role: 'member' } as never);
    change({ kind: 'member.role', userId: peer, role: 'moderator' } as never);
    change({ kind: 'conversation.update', title: 'Boiler room' } as never);
    fixture.send('first', null, group);
    const outbox = fixture.open('outbox', {}).state();
    expect(outbox.order.map((key) => [outbox.rows[key]?.action, outbox.rows[key]?.text])).toEqual([
      ['create', null],
      ['addPerson', 'Cleo'],
      ['role', 'Grace Hopper'],
      ['rename', 'Boiler room'],
      ['send', 'first'],
    ]);
    expect(meta().row?.title).toBe('Boiler room');
    expect(membersNow()).toEqual([
      [me, 'owner', true],
      [peer, 'moderator', true],
      [third, 'member', true],
    ]);
    fixture.flushOutbox();
    fixture.deliver(group);
    fixture.settle();
    expect(meta().row?.title).toBe('Boiler room');
    expect(membersNow()).toEqual([
      [me, 'owner', false],
      [peer, 'moderator', false],
      [third, 'member', false],
    ]);
    expect(fixture.log(group).events.map((event) => event.type)).toEqual([
      'conversation:updated',
      'member:joined',
      'member:role',
      'conversation:updated',
      'message:new',
    ]);
  });

  it('takes back what the server refuses', () => {
    create();
    fixture.flushOutbox();
    fixture.deliver(group);
    change({ kind: 'conversation.update', title: 'Mine' } as never);
    change({ kind: 'member.remove', userId: peer } as never);
    expect(membersNow().map(([id]) => id)).toEqual([me]);
    const batch = fixture.takeBatch();
    if (batch) fixture.refuse(batch, 'FORBIDDEN');
    expect(meta().row?.title).toBe('Engine room');
    expect(membersNow().map(([id]) => id)).toEqual([me, peer]);
  });

  it('is read only after leaving', () => {
    create();
    fixture.flushOutbox();
    fixture.deliver(group);
    change({ kind: 'member.remove', userId: me } as never);
    expect(meta()).toMatchObject({ ownRole: null, canPost: false });
  });
});

describe('pins', () => {
  it('show newest first, and a deleted message is none', () => {
    const one = fixture.say('one').opId;
    const two = fixture.say('two').opId;
    fixture.deliver();
    const pin = (messageId: string, on = true): void =>
      fixture.enqueue({ ...base(conversation), kind: 'conversation.update', pin: { messageId, on } });
    pin(one);
    pin(two);
    const opened = fixture.open('conversation', { conversationId: conversation });
    const texts = (): readonly string[] => {
      fixture.settle();
      return opened.state().meta.pins.map(({ excerpt }) => excerpt);
    };
    expect(texts()).toEqual(['two', 'one']);
    fixture.flushOutbox();
    fixture.deliver();
    expect(texts()).toEqual(['two', 'one']);
    fixture.log(conversation).append('message:deleted', { messageId: two }, peer, fixture.newId());
    fixture.deliver();
    expect(texts()).toEqual(['one']);
    pin(one, false);
    expect(texts()).toEqual([]);
  });
});

describe('a thread', () => {
  const openThread = (rootId: string) =>
    fixture.open('thread', { conversationId: conversation, rootId, limit: 50 });

  it('keeps its replies out of the conversation, and says there how many they are', () => {
    const root = fixture.say('root').opId;
    fixture.deliver();
    const timeline = fixture.open('timeline', {
      conversationId: conversation,
      at: { kind: 'end' },
      limit: 50,
    });
    const thread = openThread(root);
    const reply = (text: string): void =>
      fixture.enqueue({
        ...base(conversation),
        kind: 'message.send',
        text,
        replyTo: null,
        threadRootId: root,
        composedAt: 1,
      });
    const texts = (state: { order: readonly string[]; rows: object }): unknown[] =>
      state.order.map((key) => (Reflect.get(state.rows, key) as { text: unknown }).text);
    reply('waits');
    fixture.settle();
    expect(texts(timeline.state())).toEqual(['root']);
    expect(timeline.state().rows[root]).toMatchObject({ thread: { replies: 1 } });
    expect(texts(thread.state())).toEqual(['root', 'waits']);
    fixture.flushOutbox();
    fixture.deliver();
    reply('second');
    fixture.settle();
    expect(texts(timeline.state())).toEqual(['root']);
    expect(timeline.state().rows[root]).toMatchObject({ thread: { replies: 2 } });
    expect(texts(thread.state())).toEqual(['root', 'waits', 'second']);
  });

  it('counts nothing as unread in the conversation', () => {
    const root = fixture.say('root');
    fixture
      .log(conversation)
      .append(
        'message:new',
        { messageId: testId(8, 1), text: 'aside', replyTo: null, composedAt: 1, threadRootId: root.opId },
        peer,
        testId(8, 1),
      );
    fixture.deliver();
    const list = fixture.open('conversations', { filter: 'all', offset: 0, limit: 10 });
    fixture.settle();
    expect(list.state().rows[conversation]).toMatchObject({ unread: 1, lastMessage: { text: 'root' } });
  });
});
