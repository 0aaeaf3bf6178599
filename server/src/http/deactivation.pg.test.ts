/**
 * Deactivation over real sockets: who is active in no organisation any more is signed out everywhere within two
 * seconds, comes in nowhere, and finds everything as it was once active again. Others' organisations are not touched.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request, call } from '../testing/http-client.ts';
import {
  converse,
  founder,
  GOOD_PASSWORD,
  invite,
  joinOrg,
  member,
  newDevice,
  otherOrg,
  secondDevice,
  sendOp,
  type Person,
} from '../testing/people.ts';
import { writeReport } from '../testing/report.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** Architecture: an ended sign-in takes effect within this. */
const ENDED_WITHIN_MS = 2_000;

let server: TestServer;
let ada: Person & { readonly orgId: string };
let code: string;
let owner: TestSocket;
let slowestMs = 0;

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
  code = await invite(server, ada, ada.orgId);
  owner = await connectAndHello(server.url, await secondDevice(server, ada));
});
afterAll(async () => {
  writeReport('deactivation', { slowestEndMs: slowestMs, limitMs: ENDED_WITHIN_MS }, 0);
  owner.close();
  await server.stop();
});

async function setRole(socket: TestSocket, orgId: string, userId: string, value: object | null) {
  const op = { opId: randomUUID(), v: 1, kind: 'org.set', logId: orgId, key: `role:${userId}`, value };
  const [result] = await socket.submit(orgId, op);
  return result?.ok ? 'OK' : result?.code;
}
const deactivated = { role: 'member', deactivated: true };

async function codeOf(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<string> {
  const { body } = await answer;
  return (body as { error?: { code?: string } }).error?.code ?? 'OK';
}
const login = (person: Person) =>
  request(server.url, 'login', { body: { email: person.email, password: GOOD_PASSWORD, ...newDevice() } });

/** Resolves with how long after `since` the socket ended, and with what it was told. */
async function ended(socket: TestSocket, since: number): Promise<{ ms: number; code: string }> {
  const told = socket.next('connection:error');
  await new Promise<void>((done) => {
    if (socket.raw.disconnected) done();
    else socket.raw.once('disconnect', () => done());
  });
  return { ms: performance.now() - since, code: (await told).code };
}

test('every device is signed out within two seconds, and none comes back', async () => {
  const bob = await member(server, code, 'Bob');
  const second = await secondDevice(server, bob);
  const sockets = [await connectAndHello(server.url, bob), await connectAndHello(server.url, second)];
  const since = performance.now();
  expect(await setRole(owner, ada.orgId, bob.userId, deactivated)).toBe('OK');
  for (const { ms, code: told } of await Promise.all(sockets.map((socket) => ended(socket, since)))) {
    expect(told).toBe('AUTH_REVOKED');
    expect(ms).toBeLessThan(ENDED_WITHIN_MS);
    slowestMs = Math.max(slowestMs, Math.round(ms));
  }
  await expect(connectAndHello(server.url, second)).rejects.toThrow();
  const { refreshToken } = bob;
  expect(await codeOf(request(server.url, 'token', { body: { refreshToken } }))).toBe('AUTH_REVOKED');
  expect(await codeOf(request(server.url, 'me', { token: bob.accessToken }))).toBe('AUTH_REVOKED');
  expect(await codeOf(login(bob))).toBe('ACCOUNT_DEACTIVATED');
  const wrong = { email: bob.email, password: 'not the password', ...newDevice() };
  expect(await codeOf(request(server.url, 'login', { body: wrong }))).toBe('WRONG_CREDENTIALS');
  // Nor by another invitation to the same organisation.
  const again = { email: bob.email, password: GOOD_PASSWORD, name: 'Bob', inviteCode: code, ...newDevice() };
  expect(await codeOf(request(server.url, 'register', { body: again }))).toBe('EMAIL_TAKEN');
});

test('what they wrote stays, nothing reaches them, and active again they have role, group and name', async () => {
  const bob = await member(server, code, 'Bob');
  expect(await setRole(owner, ada.orgId, bob.userId, { role: 'admin' })).toBe('OK');
  const groupId = randomUUID();
  const group = { opId: randomUUID(), v: 1, kind: 'conversation.create', logId: groupId, orgId: ada.orgId };
  const asGroup = { conversationKind: 'group', protection: 'server', title: 'Boilers', history: 'all' };
  const bobSocket = await connectAndHello(server.url, bob);
  await bobSocket.submit(groupId, { ...group, ...asGroup, memberIds: [ada.userId] });
  await bobSocket.submit(groupId, sendOp(groupId, 'Written by Bob'));
  expect(await setRole(owner, ada.orgId, bob.userId, { role: 'admin', deactivated: true })).toBe('OK');
  await owner.next(
    'member:left',
    ({ logId, payload }) =>
      logId === groupId && (payload as { userId?: string } | null)?.userId === bob.userId,
  );
  await owner.submit(groupId, sendOp(groupId, 'Without Bob'));
  const page = { token: ada.accessToken, params: { id: groupId }, query: { limit: 10 } };
  const { messages } = await call(server.url, 'history', page);
  const written = messages.filter(({ notices }) => notices === undefined);
  expect(written.map(({ text }) => text)).toEqual(['Written by Bob', 'Without Bob']);

  expect(await setRole(owner, ada.orgId, bob.userId, { role: 'admin' })).toBe('OK');
  await owner.next('member:joined', ({ logId }) => logId === groupId);
  const back = await login(bob);
  expect(back.status).toBe(200);
  const { accessToken: token, ...session } = back.body as Person;
  const { members } = await call(server.url, 'conversation', { token, params: { id: groupId } });
  expect(members.find(({ userId }) => userId === bob.userId)).toMatchObject({ role: 'owner' });
  expect((await call(server.url, 'me', { token })).orgs).toMatchObject([{ role: 'admin' }]);
  const again = await connectAndHello(server.url, { ...session, accessToken: token });
  const [sent] = await again.submit(groupId, sendOp(groupId, 'Back'));
  expect(sent?.ok).toBe(true);
  again.close();
});

test('whoever is active elsewhere stays signed in, sees nothing of the one and everything of the other', async () => {
  const bob = await member(server, code, 'Bob');
  const other = randomUUID();
  await otherOrg(server, bob, other);
  await joinOrg(server, ada, other);
  const here = await converse(server, ada, bob.userId, ada.orgId);
  const socket = await connectAndHello(server.url, bob);
  expect(await setRole(owner, ada.orgId, bob.userId, deactivated)).toBe('OK');
  await owner.submit(here, sendOp(here, 'not for Bob'));
  const there = await converse(server, ada, bob.userId, other);
  await owner.submit(there, sendOp(there, 'for Bob'));
  await socket.next('message:new', ({ logId }) => logId === there);
  expect(JSON.stringify(socket.frames)).not.toContain('not for Bob');
  expect(socket.raw.connected).toBe(true);
  expect((await call(server.url, 'me', { token: bob.accessToken })).orgs).toMatchObject([{ id: other }]);
  const accept = request(server.url, 'acceptInvite', { token: bob.accessToken, params: { code } });
  expect(await codeOf(accept)).toBe('ACCOUNT_DEACTIVATED');
  // The last one: now it ends everywhere.
  expect(await setRole(socket, other, ada.userId, { role: 'owner' })).toBe('OK');
  const since = performance.now();
  expect(await setRole(owner, other, bob.userId, deactivated)).toBe('OK');
  expect((await ended(socket, since)).ms).toBeLessThan(ENDED_WITHIN_MS);
});

test('whoever leaves the last organisation they were active in is signed out too, deactivated in the other', async () => {
  const bob = await member(server, code, 'Bob');
  const other = randomUUID();
  await otherOrg(server, ada, other);
  await joinOrg(server, bob, other);
  const socket = await connectAndHello(server.url, bob);
  expect(await setRole(owner, ada.orgId, bob.userId, deactivated)).toBe('OK');
  const since = performance.now();
  expect(await setRole(socket, other, bob.userId, null)).toBe('OK');
  expect(await ended(socket, since)).toMatchObject({ code: 'AUTH_REVOKED' });
  const { refreshToken } = bob;
  expect(await codeOf(request(server.url, 'token', { body: { refreshToken } }))).toBe('AUTH_REVOKED');
  expect(await codeOf(login(bob))).toBe('ACCOUNT_DEACTIVATED');
});

test('removed while deactivated, nothing waits: an invitation lets in a new member', async () => {
  const bob = await member(server, code, 'Bob');
  const id = await converse(server, ada, bob.userId, ada.orgId);
  expect(await setRole(owner, ada.orgId, bob.userId, deactivated)).toBe('OK');
  await owner.next('member:left', ({ logId }) => logId === id);
  expect(await setRole(owner, ada.orgId, bob.userId, null)).toBe('OK');
  const fresh = await invite(server, ada, ada.orgId);
  const again = { email: bob.email, password: GOOD_PASSWORD, name: 'Bob', inviteCode: fresh, ...newDevice() };
  expect(await codeOf(request(server.url, 'register', { body: again }))).toBe('OK');
  const { rows } = await server.database.readPool.query(
    'SELECT left_seq, is_paused FROM member WHERE conversation_id = $1 AND user_id = $2',
    [id, bob.userId],
  );
  expect(rows).toMatchObject([{ is_paused: false }]);
  expect(rows[0].left_seq).not.toBeNull();
});
