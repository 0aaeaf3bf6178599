import { nextChain, opHashOf } from '@curlew/shared/lib/chain.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createOp,
  deleteOp,
  editOp,
  expectOk,
  newId,
  openWorld,
  reactOp,
  sendOp,
  setOp,
  submit,
  submitOne,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;
let eve: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  eve = await world.person('Eve');
});
afterAll(() => world.close());

test('a send is numbered, chained and planned for both members', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  const op = sendOp(id, 'hi');
  const { results, fanOut } = await submit(services, ann, op);
  const before = expectOk(await services.pull(ann.userId, id, { after: 0, limit: 1 })).events[0];
  const chain = nextChain(before?.chain ?? '', { logId: id, seq: 2, opId: op.opId, opHash: opHashOf(op) });
  expect(results).toEqual([
    { opId: op.opId, ok: true, duplicate: false, seq: 2, at: expect.any(Number), chain },
  ]);
  expect(fanOut).toHaveLength(1);
  expect([...(fanOut[0]?.memberIds ?? [])].sort()).toEqual([ann.userId, ben.userId].sort());
  expect(fanOut[0]?.events[0]).toMatchObject({
    logId: id,
    seq: 2,
    chain,
    type: 'message:new',
    memberVersion: 1,
  });
});

test('the same op answers its first position and is sent again; other bytes are OP_ID_REUSED', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  const op = sendOp(id, 'once');
  const first = await submitOne(services, ann, op);
  const again = await submit(services, ann, op);
  expect(again.results[0]).toEqual({ ...first, duplicate: true });
  expect(again.fanOut[0]?.events[0]).toMatchObject({ seq: first.seq, payload: { text: 'once' } });
  expect(await submitOne(services, ann, { ...op, text: 'other' })).toMatchObject({
    ok: false,
    code: 'OP_ID_REUSED',
  });
  expect(await submitOne(services, ben, sendOp(id, 'x', op.opId))).toMatchObject({
    ok: false,
    code: 'ID_TAKEN',
  });
});

test('an op twice in one batch commits once', async () => {
  const id = await world.direct(ann, ben);
  const op = sendOp(id, 'twin');
  const { results } = await submit(world.services, ann, op, op);
  expect(results.map((it) => it.duplicate)).toEqual([false, true]);
  expect(results[0]?.seq).toBe(results[1]?.seq);
});

test('edits, deletions and reactions are judged under the lock', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  const message = sendOp(id, 'draft');
  await submitOne(services, ann, message);
  expect(await submitOne(services, ben, editOp(id, message.opId, 'mine'))).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await submitOne(services, ben, deleteOp(id, message.opId))).toMatchObject({ code: 'FORBIDDEN' });
  expect(await submitOne(services, ann, editOp(id, newId(), 'x'))).toMatchObject({ code: 'TARGET_MISSING' });
  const react = await submitOne(services, ben, reactOp(id, message.opId, '👍'));
  expect(react).toMatchObject({ ok: true });
  // Already so: nothing to write.
  expect(await submitOne(services, ben, reactOp(id, message.opId, '👍'))).toEqual({
    opId: expect.any(String),
    ok: true,
    duplicate: false,
  });
  expect(await submitOne(services, ann, editOp(id, message.opId, 'second'))).toMatchObject({ ok: true });
  const late = await submit(services, ann, editOp(id, message.opId, 'third'));
  expect(late.fanOut[0]?.events[0]?.payload).toMatchObject({ text: 'third', overwrote: true });
  const page = expectOk(await services.history(ben.userId, id, { limit: 50 }));
  expect(page.messages.at(-1)).toMatchObject({
    text: 'third',
    reactions: [{ emoji: '👍', userId: ben.userId, seq: react.seq }],
  });
  expect(await submitOne(services, ann, deleteOp(id, message.opId))).toMatchObject({ ok: true });
  expect(await submitOne(services, ann, editOp(id, message.opId, 'x'))).toMatchObject({
    code: 'TARGET_DELETED',
  });
  expect(await submitOne(services, ben, reactOp(id, message.opId, '🎉'))).toMatchObject({
    code: 'TARGET_DELETED',
  });
  const log = expectOk(await services.pull(ben.userId, id, { after: 0, limit: 1_000 }));
  expect(JSON.stringify(log)).not.toMatch(/draft|second|third/);
});

test('strangers learn nothing, bad ops are refused alone', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  expect(await submitOne(services, eve, sendOp(id))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await submitOne(services, eve, sendOp(newId()))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await submitOne(services, ann, createOp(world.orgId, eve.userId))).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await submitOne(services, ann, createOp(world.orgId, ann.userId))).toMatchObject({
    code: 'BAD_REQUEST',
  });
  const big = { ...sendOp(id), text: 'x'.repeat(70_000) };
  const { results } = await submit(
    services,
    ann,
    sendOp(id, '1'),
    big,
    { ...sendOp(id), kind: 'nope' },
    sendOp(id, '2'),
  );
  expect(results.map((it) => it.code ?? 'OK')).toEqual(['OK', 'TOO_LARGE', 'BAD_REQUEST', 'OK']);
});

test('a fenced device commits nothing, a revoked one neither', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  const old = await world.device(ann);
  const renewed = await world.hello(old);
  expect(await submitOne(services, old, sendOp(id))).toMatchObject({ ok: false, code: 'FENCED' });
  expect(await submitOne(services, renewed, sendOp(id))).toMatchObject({ ok: true });
  await world.database.writePool.query('UPDATE device SET revoked_at = now() WHERE id = $1', [old.deviceId]);
  expect(await submitOne(services, { ...renewed, fence: null }, sendOp(id))).toMatchObject({
    code: 'AUTH_REVOKED',
  });
});

test('both create the direct conversation at once: one conversation', async () => {
  const cleo = await world.colleague('Cleo');
  const dan = await world.colleague('Dan');
  const one = createOp(world.orgId, dan.userId);
  const two = createOp(world.orgId, cleo.userId);
  const [a, b] = await Promise.all([
    submitOne(world.services, cleo, one),
    submitOne(world.services, dan, two),
  ]);
  const ids = new Set([a.canonicalId ?? one.logId, b.canonicalId ?? two.logId]);
  expect(ids.size).toBe(1);
  expect([a, b].filter((it) => it.canonicalId !== undefined)).toHaveLength(1);
  expect([a.ok, b.ok]).toEqual([true, true]);
});

test('account keys replace and scrub each other; organisation keys ask for the right', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  const key = `draft:${id}`;
  await submitOne(
    services,
    ann,
    setOp('account.set', ann.userId, key, { text: 'secret one', replyTo: null }),
  );
  const second = await submit(
    services,
    ann,
    setOp('account.set', ann.userId, key, { text: 'two', replyTo: null }),
  );
  expect(second.fanOut[0]).toMatchObject({ kind: 'account', memberIds: [ann.userId] });
  const state = expectOk(await services.logState(ann.userId, ann.userId));
  expect(state.entries).toEqual([{ key, value: { text: 'two', replyTo: null }, revSeq: 2 }]);
  const log = expectOk(await services.pull(ann.userId, ann.userId, { after: 0, limit: 10 }));
  expect(JSON.stringify(log)).not.toContain('secret');
  expect(await submitOne(services, ben, setOp('account.set', ann.userId, key, null))).toMatchObject({
    code: 'NOT_FOUND',
  });
  const { orgId } = world;
  const rename = setOp('org.set', orgId, `org:${orgId}`, { name: 'New' });
  expect(await submitOne(services, ben, rename)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await submitOne(services, eve, rename)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await submitOne(services, ann, rename)).toMatchObject({ ok: true });
  // The last owner can neither leave nor step down.
  expect(await submitOne(services, ann, setOp('org.set', orgId, `role:${ann.userId}`, null))).toMatchObject({
    code: 'FORBIDDEN',
  });
});

test('nobody founds a conversation under a person’s id: it names their account log', async () => {
  const { services } = world;
  const cat = await world.colleague('Cat');
  const create = createOp(world.orgId, cat.userId);
  const taken = await submitOne(services, ann, { ...create, logId: cat.userId });
  expect(taken).toMatchObject({ ok: false, code: 'ID_TAKEN' });
  const state = expectOk(await services.logState(cat.userId, cat.userId));
  expect(state.asOf).toBe(0);
});
