/** Sockets: the handshake, fences, renewal, and what a bad frame gets. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { call } from '../testing/http-client.ts';
import { pair, secondDevice, sendOp, type Person } from '../testing/people.ts';
import { connect, connectAndHello, ConnectError } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const JWT_SECRET = 'a secret of the test suite, long enough';

let server: TestServer;
let ada: Person;
let bob: Person;
let conversationId: string;

beforeAll(async () => {
  const minimum = { version: '1.4.0', fromMs: 0 };
  server = await startTestServer({ jwtSecret: JWT_SECRET, client: { feedUrl: null, minimum } });
  ({ ada, bob, conversationId } = await pair(server));
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
  ['an app older than this server takes', { appVersion: 'Curlew 1.3.9' }, 'PROTOCOL_TOO_OLD'],
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

test('a hello that was slow does not close the connection that came after it', async () => {
  const device = await secondDevice(server, ada);
  const blocker = await server.database.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT 1 FROM device WHERE id = $1 FOR UPDATE', [device.deviceId]);
  const slow = await connect(server.url, device);
  const hello = slow.hello();
  const after = await connect(server.url, device);
  await blocker.query('ROLLBACK');
  await hello;
  await after.hello();
  expect(await slow.next('connection:error')).toMatchObject({ code: 'FENCED' });
  expect(after.raw.connected).toBe(true);
  expect(after.count('connection:error')).toBe(0);
  after.close();
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
