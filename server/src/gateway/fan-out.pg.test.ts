/** Fan-out: who gets what was committed, in which frames, and that an ack never comes before its commit. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  converse,
  invite,
  leaveOrg,
  member,
  pair,
  secondDevice,
  sendOp,
  type Person,
} from '../testing/people.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let orgId: string;
let conversationId: string;

beforeAll(async () => {
  server = await startTestServer();
  ({ ada, bob, orgId, conversationId } = await pair(server));
});
afterAll(() => server.stop());

test('an event goes to all devices of all members but the socket that sent it', async () => {
  const sender = await connectAndHello(server.url, ada);
  const adaPhone = await connectAndHello(server.url, await secondDevice(server, ada));
  const receiver = await connectAndHello(server.url, bob);
  const stranger = await connectAndHello(
    server.url,
    await member(server, await invite(server, ada, orgId), 'Carol'),
  );
  const op = sendOp(conversationId, 'hello everybody');
  const [sent] = await sender.submit(conversationId, op);
  for (const socket of [adaPhone, receiver]) {
    const event = await socket.next('message:new', (it) => it.opId === op.opId);
    expect(event).toMatchObject({
      logId: conversationId,
      seq: sent?.seq,
      chain: sent?.chain,
      actorId: ada.userId,
    });
    expect(event.payload).toMatchObject({ text: 'hello everybody' });
  }
  expect(sender.count('message:new')).toBe(0);
  expect(stranger.count('message:new') + stranger.count('events:batch')).toBe(0);
  for (const socket of [sender, adaPhone, receiver, stranger]) socket.close();
});

test('several events of one flush travel as one batch with consecutive positions', async () => {
  const sender = await connectAndHello(server.url, ada);
  const receiver = await connectAndHello(server.url, bob);
  const ops = Array.from({ length: 20 }, (_, index) => sendOp(conversationId, `message ${index}`));
  const results = await sender.submit(conversationId, ...ops);
  expect(results.every(({ ok }) => ok)).toBe(true);
  const batch = await receiver.next('events:batch', (it) =>
    it.events.some(({ opId }) => opId === ops[19]?.opId),
  );
  const seqs = batch.events.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
  expect(batch.events.map(({ opId }) => opId)).toEqual(ops.map(({ opId }) => opId));
  expect(receiver.count('message:new')).toBe(0);
  sender.close();
  receiver.close();
});

test('two who write at once each get the other’s messages and no echo of their own', async () => {
  const one = await connectAndHello(server.url, ada);
  const two = await connectAndHello(server.url, bob);
  const ops = Array.from({ length: 40 }, (_, index) => sendOp(conversationId, `at once ${index}`));
  await Promise.all(ops.map((op, index) => (index % 2 === 0 ? one : two).submit(conversationId, op)));
  const opIdsAt = (socket: TestSocket): string[] =>
    socket.frames.flatMap(({ name, payload }) => {
      if (name === 'message:new') return [(payload as { opId: string }).opId];
      return name === 'events:batch'
        ? (payload as { events: { opId: string }[] }).events.map(({ opId }) => opId)
        : [];
    });
  const ids = (parity: number): string[] =>
    ops.filter((_, index) => index % 2 === parity).map(({ opId }) => opId);
  await vi.waitFor(() => expect(opIdsAt(one)).toHaveLength(20));
  await vi.waitFor(() => expect(opIdsAt(two)).toHaveLength(20));
  expect(opIdsAt(one).toSorted()).toEqual(ids(1).toSorted());
  expect(opIdsAt(two).toSorted()).toEqual(ids(0).toSorted());
  one.close();
  two.close();
});

test('the same op again answers the first position and is sent out once more', async () => {
  const sender = await connectAndHello(server.url, ada);
  const op = sendOp(conversationId, 'said once');
  const [first] = await sender.submit(conversationId, op);
  const receiver = await connectAndHello(server.url, bob);
  const [again] = await sender.submit(conversationId, op);
  expect(again).toEqual({ ...first, duplicate: true });
  await receiver.next('message:new', (it) => it.opId === op.opId);
  const [reused] = await sender.submit(conversationId, { ...op, text: 'said otherwise' });
  expect(reused).toMatchObject({ ok: false, code: 'OP_ID_REUSED' });
  sender.close();
  receiver.close();
});

test('an ack is sent only after the commit: what was acked is in the database', async () => {
  const sender = await connectAndHello(server.url, ada);
  for (let round = 0; round < 20; round += 1) {
    const op = sendOp(conversationId, `round ${round}`);
    await sender.submit(conversationId, op);
    const { rowCount } = await server.database.readPool.query('SELECT 1 FROM event WHERE op_id = $1', [
      op.opId,
    ]);
    expect(rowCount).toBe(1);
  }
  sender.close();
});

test('an op that cannot be committed is neither acked as done nor sent to anybody', async () => {
  const sender = await connectAndHello(server.url, ada);
  const receiver = await connectAndHello(server.url, bob);
  const blocker = await server.database.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT 1 FROM log WHERE id = $1 FOR UPDATE', [conversationId]);
  const op = sendOp(conversationId, 'waits for the lock');
  let acked = false;
  const sending = sender.submit(conversationId, op).then((results) => {
    acked = true;
    return results;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(acked).toBe(false);
  expect(receiver.count('message:new')).toBe(0);
  await blocker.query('ROLLBACK');
  expect((await sending)[0]).toMatchObject({ ok: true });
  await receiver.next('message:new', (it) => it.opId === op.opId);
  sender.close();
  receiver.close();
});

test('the one-op forms do what the batch form does', async () => {
  const sender = await connectAndHello(server.url, ada);
  const receiver = await connectAndHello(server.url, bob);
  const messageId = randomUUID();
  const one = (
    name: 'message:send' | 'message:edit' | 'message:delete' | 'message:react' | 'message:read',
    by: TestSocket,
    fields: object,
  ) => by.ask(name, { opId: randomUUID(), logId: conversationId, ...fields });
  const sent = await one('message:send', sender, {
    opId: messageId,
    text: 'first',
    replyTo: null,
    composedAt: 1,
  });
  expect(sent).toMatchObject({ ok: true, opId: messageId });
  expect(await one('message:edit', sender, { messageId, text: 'second', baseRevSeq: 0 })).toMatchObject({
    ok: true,
  });
  expect(await one('message:react', receiver, { messageId, emoji: '👍', on: true })).toMatchObject({
    ok: true,
  });
  expect(await one('message:read', receiver, { seq: sent.seq })).toMatchObject({ ok: true });
  expect(await sender.next('reaction:set')).toMatchObject({ actorId: bob.userId });
  const receipt = await sender.next(
    'receipt:updated',
    (it) => 'userId' in it && it.userId === bob.userId && it.readSeq === sent.seq,
  );
  expect(receipt).toMatchObject({ conversationId });
  expect(await one('message:delete', sender, { messageId })).toMatchObject({ ok: true });
  await receiver.next('message:edited', (it) => it.actorId === ada.userId);
  await receiver.next('message:deleted', (it) => it.actorId === ada.userId);
  expect(await one('message:edit', sender, { messageId, text: 'too late', baseRevSeq: 0 })).toMatchObject({
    ok: false,
    code: 'TARGET_DELETED',
  });
  sender.close();
  receiver.close();
});

test('many receipts in a row arrive as few, and the last one is the largest', async () => {
  const sender = await connectAndHello(server.url, ada);
  const receiver = await connectAndHello(server.url, bob);
  const results = await sender.submit(
    conversationId,
    ...Array.from({ length: 30 }, () => sendOp(conversationId, 'x')),
  );
  const seqs = results.map(({ seq }) => seq ?? 0);
  await Promise.all(
    seqs.map((seq) => receiver.ask('message:read', { opId: randomUUID(), logId: conversationId, seq })),
  );
  const last = await sender.next(
    'receipt:updated',
    (it) => 'userId' in it && it.readSeq === Math.max(...seqs),
  );
  expect(last).toMatchObject({ userId: bob.userId });
  expect(sender.count('receipt:updated')).toBeLessThan(15);
  expect(receiver.count('receipt:updated')).toBe(0);
  sender.close();
  receiver.close();
});

test('a conversation made for somebody arrives as an event and a hint', async () => {
  const carol = await member(server, await invite(server, ada, orgId), 'Carol');
  const receiver = await connectAndHello(server.url, carol);
  const sender = await connectAndHello(server.url, ada);
  const logId = randomUUID();
  await sender.submit(logId, {
    opId: randomUUID(),
    v: 1,
    kind: 'conversation.create',
    logId,
    orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId: carol.userId,
  });
  await receiver.next('conversation:updated', (it) => it.logId === logId);
  await receiver.next('user:changed', (it) => it.kind === 'conversation_added');
  sender.close();
  receiver.close();
});

test('what nobody else may hear reaches nobody, not everybody', async () => {
  const sender = await connectAndHello(server.url, ada);
  const gone = await member(server, await invite(server, ada, orgId), 'Gone');
  const stranger = await connectAndHello(server.url, bob);
  const alone = await converse(server, ada, gone.userId, orgId);
  await leaveOrg(server, gone, orgId);
  sender.raw.emit('typing:start', { conversationId: alone });
  await sender.submit(alone, { opId: randomUUID(), v: 1, kind: 'read.set', logId: alone, seq: 1 });
  // Something the stranger does hear, sent after it: by then the other words would have arrived.
  const op = sendOp(conversationId, 'afterwards');
  await sender.submit(conversationId, op);
  await stranger.next('message:new', (it) => it.opId === op.opId);
  expect(stranger.frames.filter(({ payload }) => JSON.stringify(payload).includes(alone))).toEqual([]);
  sender.close();
  stranger.close();
});
