/** Sockets: the handshake, fences, fan-out, renewal, and what a bad frame gets. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '@curlew/shared/protocol/http.ts';
import { call } from '../testing/http-client.ts';
import { invite, member, pair, secondDevice, sendOp, type Person } from '../testing/people.ts';
import { connect, connectAndHello, ConnectError, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const JWT_SECRET = 'a secret of the test suite, long enough';

let server: TestServer;
let ada: Person;
let bob: Person;
let orgId: string;
let conversationId: string;

beforeAll(async () => {
  server = await startTestServer({ jwtSecret: JWT_SECRET });
  ({ ada, bob, orgId, conversationId } = await pair(server));
});
afterAll(() => server.stop());

/** A token of this session that is good until then. */
async function tokenUntil(session: Session, expiresAtMs: number): Promise<string> {
  const [, payload] = session.accessToken.split('.');
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<string, unknown>;
  return new SignJWT({ ...claims, exp: Math.floor(expiresAtMs / 1000) })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(JWT_SECRET));
}

async function refusedHandshake(
  session: Session,
  overrides: Record<string, unknown>,
): Promise<ConnectError['body']> {
  const error: unknown = await connect(server.url, session, overrides).then(
    (socket) => socket.close(),
    (refused: unknown) => refused,
  );
  if (!(error instanceof ConnectError)) throw new Error(`expected a refused handshake, got ${String(error)}`);
  return error.body;
}

test.each<[string, Record<string, unknown>, string]>([
  ['no token', { token: undefined }, 'AUTH_REQUIRED'],
  ['an empty token', { token: '' }, 'AUTH_REQUIRED'],
  ['a forged token', { token: 'a.b.c' }, 'AUTH_REQUIRED'],
  ["another device's id", { deviceId: randomUUID() }, 'AUTH_REQUIRED'],
  ['an old protocol', { protocol: 0, more: 1 }, 'PROTOCOL_TOO_OLD'],
  ['a protocol that is no number', { protocol: '1' }, 'BAD_REQUEST'],
  ['no instance', { instance: undefined }, 'BAD_REQUEST'],
  ['an unknown field', { more: 1 }, 'BAD_REQUEST'],
])('a handshake with %s is refused before there is a connection', async (_case, overrides, code) => {
  const body = await refusedHandshake(ada, overrides);
  expect(body.code).toBe(code);
  if (overrides['token'] === undefined && 'token' in overrides)
    expect(body.message).toBe('Authentication token required');
});

test('an expired token is told apart from a wrong one', async () => {
  const token = await tokenUntil(ada, Date.now() - 1_000);
  expect(await refusedHandshake(ada, { token })).toMatchObject({ code: 'AUTH_EXPIRED' });
});

test('hello answers epoch, fence, time and limits, and raises the fence each time', async () => {
  const first = await connect(server.url, ada);
  expect(await first.next('connection:established')).toMatchObject({
    userId: ada.userId,
    deviceId: ada.deviceId,
  });
  const one = await first.hello();
  const two = await first.hello();
  expect(two.fence).toBe(one.fence + 1);
  expect(one.limits).toMatchObject({ batchOps: 50, textBytes: 65_536 });
  expect(Math.abs(one.serverTimeMs - Date.now())).toBeLessThan(5_000);
  first.close();
});

test('ops need a hello, and the fence of this very socket', async () => {
  const socket = await connect(server.url, ada);
  const op = sendOp(conversationId, 'too early');
  expect(await socket.refusal('ops:submit', { fence: 1, lane: conversationId, ops: [op] })).toMatchObject({
    code: 'FENCED',
  });
  expect(await socket.refusal('message:send', op)).toMatchObject({ code: 'BAD_REQUEST' });
  await socket.hello();
  expect(
    await socket.refusal('ops:submit', { fence: socket.fence - 1, lane: conversationId, ops: [op] }),
  ).toMatchObject({ code: 'FENCED' });
  const [sent] = await socket.submit(conversationId, op);
  expect(sent).toMatchObject({ ok: true });
  socket.close();
});

test('a second connection of a device fences the first, which is told and closed', async () => {
  const first = await connectAndHello(server.url, ada);
  const second = await connectAndHello(server.url, ada);
  expect(await first.next('connection:error')).toMatchObject({ code: 'FENCED' });
  await first.closed();
  const [sent] = await second.submit(conversationId, sendOp(conversationId, 'still here'));
  expect(sent).toMatchObject({ ok: true });
  second.close();
});

test('two running copies of one device are found out; a process that restarts often is not', async () => {
  const device = await secondDevice(server, bob);
  for (let restart = 0; restart < 6; restart += 1) {
    const socket = await connectAndHello(server.url, device);
    socket.close();
  }
  const clone = await secondDevice(server, bob);
  const [a, b] = [randomUUID(), randomUUID()];
  for (const instance of [a, b, a]) {
    const socket = await connect(server.url, clone, { instance });
    await socket.hello();
  }
  const last = await connect(server.url, clone, { instance: b });
  expect(await last.refusal('hello', {})).toMatchObject({ code: 'DEVICE_CLONED' });
  expect(await last.next('connection:error')).toMatchObject({ code: 'DEVICE_CLONED' });
  await last.closed();
});

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
    (it) => it.userId === bob.userId && it.readSeq === sent.seq,
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
  const last = await sender.next('receipt:updated', (it) => it.readSeq === Math.max(...seqs));
  expect(last.userId).toBe(bob.userId);
  expect(sender.count('receipt:updated')).toBeLessThan(15);
  expect(receiver.count('receipt:updated')).toBe(0);
  sender.close();
  receiver.close();
});

test('a renewed token keeps the socket; another person’s or device’s is refused', async () => {
  const socket = await connectAndHello(server.url, ada);
  const renewed = await call(server.url, 'login', {
    body: {
      email: ada.email,
      password: 'analytical engine 1843',
      deviceId: ada.deviceId,
      deviceName: 'again',
    },
  });
  const { expiresAtMs } = await socket.ask('auth:refresh', { token: renewed.accessToken });
  expect(expiresAtMs).toBe(renewed.expiresAtMs);
  expect(await socket.refusal('auth:refresh', { token: bob.accessToken })).toMatchObject({
    code: 'AUTH_REQUIRED',
  });
  const phone = await secondDevice(server, ada);
  expect(await socket.refusal('auth:refresh', { token: phone.accessToken })).toMatchObject({
    code: 'AUTH_REQUIRED',
  });
  expect(await socket.refusal('auth:refresh', { token: 'rubbish' })).toMatchObject({ code: 'AUTH_REQUIRED' });
  const [sent] = await socket.submit(conversationId, sendOp(conversationId, 'same fence as before'));
  expect(sent).toMatchObject({ ok: true });
  socket.close();
});

test('messages keep flowing, none lost and none twice, while a token is renewed', async () => {
  const sender = await connectAndHello(server.url, bob);
  const receiver = await connectAndHello(server.url, ada);
  const ops = Array.from({ length: 60 }, (_, index) => sendOp(conversationId, `during ${index}`));
  const sending = (async () => {
    for (const op of ops) await sender.submit(conversationId, op);
  })();
  for (let round = 0; round < 10; round += 1) {
    await receiver.ask('auth:refresh', { token: await tokenUntil(ada, Date.now() + 60_000 + round * 1_000) });
  }
  await sending;
  await receiver.next('message:new', (it) => it.opId === ops.at(-1)?.opId);
  const seen = receiver.frames.flatMap(({ name, payload }) =>
    name === 'message:new' ? [(payload as { opId: string }).opId] : [],
  );
  expect(seen).toEqual(ops.map(({ opId }) => opId));
  sender.close();
  receiver.close();
});

test('a socket outlives its token by a minute, then it is told and closed', async () => {
  const socket = await connectAndHello(server.url, ada);
  try {
    server.clock.aheadMs = ada.expiresAtMs - Date.now() + 55_000;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(socket.raw.connected).toBe(true);
    server.clock.aheadMs += 6_000;
    expect(await socket.next('connection:error')).toMatchObject({ code: 'AUTH_EXPIRED' });
    await socket.closed();
  } finally {
    server.clock.aheadMs = 0;
  }
});

test.each<[string, unknown[]]>([
  ['no object', []],
  ['two objects', [{}, {}]],
  ['a string', ['x']],
  ['null', [null]],
  ['an array', [[]]],
  ['bytes', [Buffer.from('x')]],
  ['an unknown field', [{ more: 1 }]],
])('a frame with %s is refused with a typed error', async (_case, args) => {
  const socket = await connect(server.url, ada);
  expect(await socket.rawAck('hello', ...args)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
  socket.close();
});

test('an unknown event is refused; without an ack the error comes as a frame, and the socket lives on', async () => {
  const socket = await connect(server.url, ada);
  expect(await socket.refusal('message:shred', {})).toMatchObject({ code: 'BAD_REQUEST' });
  socket.raw.emit('typing:start', { conversationId: 7 });
  const error = await socket.next('connection:error');
  expect(error).toMatchObject({ code: 'BAD_REQUEST' });
  expect(error.detail).toMatch(/^typing:start: conversationId/);
  await socket.hello();
  socket.close();
});

test('a frame over the limit closes this socket and harms nobody else', async () => {
  const big = await connectAndHello(server.url, ada);
  const other = await connectAndHello(server.url, bob);
  big.raw.emit('ops:submit', {
    fence: big.fence,
    lane: conversationId,
    ops: [sendOp(conversationId, 'x'.repeat(2_000_000))],
  });
  await big.closed();
  await other.ask('sync:heads', {});
  other.close();
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
