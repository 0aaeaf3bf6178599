/** Notices: what happened to a conversation stands in its timeline, for everybody alike, and is nobody's message. */
import type { Message } from '@curlew/shared/domain/message.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deleteOp,
  editOp,
  expectOk,
  groupOp,
  memberOp,
  newId,
  openWorld,
  reactOp,
  sendOp,
  setOp,
  submitOne,
  updateOp,
  type AnyOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;
let cleo: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  cleo = await world.colleague('Cleo');
});
afterAll(() => world.close());

async function pageFor(person: TestPerson, id: string): Promise<Message[]> {
  return expectOk(await world.services.history(person.userId, id, { limit: 100 })).messages;
}

async function done(person: TestPerson, op: AnyOp): Promise<void> {
  expect(await submitOne(world.services, person, op)).toMatchObject({ ok: true });
}

test('members, roles and settings leave a row each, and what changes nothing leaves none', async () => {
  const create = groupOp(world.orgId, [ben.userId]);
  const id = create.logId;
  await done(ann, create);
  const said = sendOp(id);
  await done(ann, said);
  await done(ann, updateOp(id, { title: 'Boilers' }));
  await done(ann, updateOp(id, { title: 'Boilers' }));
  await done(ben, updateOp(id, { pin: { messageId: said.opId, on: true } }));
  await done(ben, updateOp(id, { pin: { messageId: said.opId, on: true } }));
  await done(ann, updateOp(id, { messageTtlMs: 3_600_000 }));
  await done(ann, memberOp('member.add', id, cleo.userId));
  await done(ann, memberOp('member.role', id, cleo.userId, 'moderator'));
  await done(cleo, memberOp('member.remove', id, cleo.userId));
  const rows = (await pageFor(ben, id)).filter((row) => row.notices);
  expect(rows.map(({ senderId, notices }) => [senderId, notices])).toEqual([
    [ann.userId, [{ kind: 'title', title: 'Boilers' }]],
    [ben.userId, [{ kind: 'pin', messageId: said.opId, on: true }]],
    [ann.userId, [{ kind: 'ttl', messageTtlMs: 3_600_000 }]],
    [ann.userId, [{ kind: 'joined', userId: cleo.userId }]],
    [ann.userId, [{ kind: 'role', userId: cleo.userId, role: 'moderator' }]],
    [cleo.userId, [{ kind: 'left', userId: cleo.userId }]],
  ]);
  expect(await pageFor(ann, id)).toEqual(await pageFor(ben, id));
  const window = expectOk(await world.services.window(ben.userId, id, { tail: 0, ranges: [], limit: 3 }));
  expect(window.messages.map((row) => row.notices?.[0]?.kind)).toEqual(['joined', 'role', 'left']);
});

test('the item of a linked conversation: its new state is a row', async () => {
  const link = { type: 'fm', id: 'FM-2481', url: 'https://fm.example.org/2481', status: 'Open' };
  const create = { ...groupOp(world.orgId, [ben.userId]), conversationKind: 'linked', link };
  const { history: _history, ...op } = create;
  await done(ann, op);
  await done(ann, updateOp(op.logId, { link: { ...link, status: 'Closed' }, isClosed: true }));
  const [row] = (await pageFor(ben, op.logId)).slice(-1);
  expect(row?.notices).toEqual([
    { kind: 'closed', isClosed: true },
    { kind: 'status', status: 'Closed' },
  ]);
});

test('a notice is not unread, and cannot be answered, edited, deleted, pinned or reacted to', async () => {
  const create = groupOp(world.orgId, [ben.userId]);
  const id = create.logId;
  await done(ann, create);
  const renamed = updateOp(id, { title: 'Boilers' });
  await done(ann, renamed);
  const notice = renamed.opId;
  const heads = expectOk(await world.services.heads(ben.userId, {}));
  expect(heads.logs.find((head) => head.id === id)).toMatchObject({ head: 2, unread: 0 });
  const refused = [
    reactOp(id, notice, '👍'),
    editOp(id, notice, 'mine now'),
    deleteOp(id, notice),
    { ...sendOp(id), replyTo: notice },
    { ...sendOp(id), threadRootId: notice },
    updateOp(id, { pin: { messageId: notice, on: true } }),
  ];
  for (const op of refused) {
    expect(await submitOne(world.services, ann, op)).toMatchObject({ ok: false, code: 'TARGET_MISSING' });
  }
});

test('who comes later sees what happened since; who was away does not', async () => {
  const create = groupOp(world.orgId, [ben.userId], { history: 'joined' });
  const id = create.logId;
  await done(ann, create);
  await done(ann, updateOp(id, { title: 'Before' }));
  await done(ann, memberOp('member.add', id, cleo.userId));
  await done(ann, updateOp(id, { title: 'After' }));
  const kinds = (await pageFor(cleo, id)).map((row) => row.notices?.[0]);
  expect(kinds).toEqual([
    { kind: 'joined', userId: cleo.userId },
    { kind: 'title', title: 'After' },
  ]);
});

test('nobody can put a notice where a message stands, or a message where a notice does', async () => {
  const create = groupOp(world.orgId, [ben.userId]);
  const id = create.logId;
  await done(ann, create);
  const said = sendOp(id);
  await done(ann, said);
  const thief = { ...updateOp(id, { title: 'Mine' }), opId: said.opId };
  expect(
    await submitOne(world.services, ben, { ...memberOp('member.remove', id, ben.userId), opId: said.opId }),
  ).toMatchObject({
    ok: false,
    code: 'ID_TAKEN',
  });
  expect(await submitOne(world.services, ann, thief)).toMatchObject({ ok: false, code: 'OP_ID_REUSED' });
  const renamed = updateOp(id, { title: 'Boilers' });
  await done(ann, renamed);
  expect(await submitOne(world.services, ben, sendOp(id, 'mine', renamed.opId))).toMatchObject({
    ok: false,
    code: 'ID_TAKEN',
  });
});

test('the hundreds who come and go in announcement channels leave no rows', async () => {
  const { history: _history, memberIds: _members, ...op } = groupOp(world.orgId, []);
  const channel = { ...op, conversationKind: 'announcement', audience: { scope: 'org', id: world.orgId } };
  await done(ann, channel);
  const dan = await world.colleague('Dan');
  await done(ann, setOp('org.set', world.orgId, `role:${dan.userId}`, null));
  await done(ann, updateOp(channel.logId, { title: `News ${newId().slice(0, 4)}` }));
  expect((await pageFor(ann, channel.logId)).map((row) => row.notices?.[0]?.kind)).toEqual(['title']);
});
