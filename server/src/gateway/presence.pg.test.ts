/** Presence and typing over real sockets. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { call } from '../testing/http-client.ts';
import { invite, joinOrg, member, otherOrg, pair, secondDevice, type Person } from '../testing/people.ts';
import { connect, connectAndHello, type TestSocket } from '../testing/socket-client.ts';
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

const newPerson = async (): Promise<Person> => member(server, await invite(server, ada, orgId), 'Somebody');

async function watch(socket: TestSocket, ...userIds: string[]) {
  socket.frames.length = 0;
  socket.raw.emit('presence:watch', { userIds });
  return (await socket.next('presence:snapshot')).users;
}

test('online once at the first socket, offline once after the last and its grace', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, bob);
  expect(await watch(watcher, person.userId)).toEqual([
    { userId: person.userId, state: 'offline', lastSeenMs: null },
  ]);
  const first = await connectAndHello(server.url, person);
  await watcher.next('user:online', ({ userId }) => userId === person.userId);
  const second = await connectAndHello(server.url, await secondDevice(server, person));
  first.close();
  await sleep(300);
  second.close();
  const closedAt = performance.now();
  await sleep(4_000);
  expect(watcher.count('user:offline')).toBe(0);
  const offline = await watcher.next('user:offline');
  expect(performance.now() - closedAt).toBeGreaterThan(4_800);
  expect(offline.userId).toBe(person.userId);
  expect(offline.lastSeenMs).toBeGreaterThan(Date.now() - 20_000);
  expect(watcher.count('user:online')).toBe(1);
  watcher.close();
});

test('a reconnect within the grace is seen by nobody', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, bob);
  const first = await connectAndHello(server.url, person);
  expect(await watch(watcher, person.userId)).toEqual([{ userId: person.userId, state: 'online' }]);
  first.close();
  await sleep(1_000);
  const second = await connectAndHello(server.url, person);
  await sleep(5_500);
  expect(watcher.frames.filter(({ name }) => name.startsWith('user:'))).toEqual([]);
  second.close();
  watcher.close();
});

test('only people who share an organisation can be watched', async () => {
  const person = await newPerson();
  const stranger = await newPerson();
  const otherOrgId = randomUUID();
  await otherOrg(server, stranger, otherOrgId);
  const watcher = await connectAndHello(server.url, bob);
  const online = await connectAndHello(server.url, stranger);
  // The stranger is in Bob's organisation as well: visible. Then they leave it.
  expect(await watch(watcher, stranger.userId, person.userId, randomUUID())).toHaveLength(2);
  const op = {
    opId: randomUUID(),
    v: 1,
    kind: 'org.set',
    logId: orgId,
    key: `role:${stranger.userId}`,
    value: null,
  };
  expect((await online.submit(orgId, op))[0]).toMatchObject({ ok: true });
  expect(await watch(watcher, stranger.userId, person.userId)).toEqual([
    { userId: person.userId, state: 'offline', lastSeenMs: null },
  ]);
  online.close();
  watcher.close();
});

test('who is taken out of an organisation and who stays watch each other no more', async () => {
  const [gone, friend] = [await newPerson(), await newPerson()];
  // With the friend they share another organisation, and go on sharing it.
  const otherOrgId = randomUUID();
  await otherOrg(server, gone, otherOrgId);
  await joinOrg(server, friend, otherOrgId);
  const [goneSocket, friendSocket] = [
    await connectAndHello(server.url, gone),
    await connectAndHello(server.url, friend),
  ];
  const bobSocket = await connectAndHello(server.url, bob);
  expect(await watch(goneSocket, bob.userId, friend.userId)).toHaveLength(2);
  expect(await watch(bobSocket, gone.userId, friend.userId)).toHaveLength(2);
  expect(await watch(friendSocket, gone.userId, bob.userId)).toHaveLength(2);
  const adaSocket = await connectAndHello(server.url, ada);
  const op = {
    opId: randomUUID(),
    v: 1,
    kind: 'org.set',
    logId: orgId,
    key: `role:${gone.userId}`,
    value: null,
  };
  expect((await adaSocket.submit(orgId, op))[0]).toMatchObject({ ok: true });
  await goneSocket.next('user:changed', ({ kind }) => kind === 'org');
  // The watches end one look-up after the hint.
  await sleep(300);
  const choose = (on: TestSocket, person: Person) =>
    on.submit(person.userId, {
      opId: randomUUID(),
      v: 1,
      kind: 'account.set',
      logId: person.userId,
      key: `status:${person.userId}`,
      value: { state: 'dnd', untilMs: null },
    });
  await choose(bobSocket, bob);
  await choose(goneSocket, gone);
  await choose(friendSocket, friend);
  const about = (userId: string) => (it: { userId: string }) => it.userId === userId;
  // The friend's change is the last one, and both of them see it.
  await goneSocket.next('presence:changed', about(friend.userId));
  await bobSocket.next('presence:changed', about(friend.userId));
  await friendSocket.next('presence:changed', about(gone.userId));
  const seenBy = (socket: TestSocket): string[] =>
    socket.frames
      .filter(({ name }) => name === 'presence:changed')
      .map(({ payload }) => (payload as { userId: string }).userId);
  expect(seenBy(goneSocket)).toEqual([friend.userId]);
  expect(seenBy(bobSocket)).toEqual([friend.userId]);
  expect(new Set(seenBy(friendSocket))).toEqual(new Set([bob.userId, gone.userId]));
  for (const socket of [goneSocket, friendSocket, bobSocket, adaSocket]) socket.close();
});

test('a watch replaces the one before; more than 200 are refused', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, bob);
  await watch(watcher, person.userId);
  expect(await watch(watcher)).toEqual([]);
  const socket = await connectAndHello(server.url, person);
  await sleep(300);
  expect(watcher.count('user:online')).toBe(0);
  watcher.raw.emit('presence:watch', { userIds: Array.from({ length: 201 }, () => randomUUID()) });
  expect(await watcher.next('connection:error')).toMatchObject({ code: 'BAD_REQUEST' });
  socket.close();
  watcher.close();
});

test('typing reaches the other members, at most one start per three seconds, and is stored nowhere', async () => {
  const sender = await connectAndHello(server.url, ada);
  const receiver = await connectAndHello(server.url, bob);
  const stranger = await connectAndHello(server.url, await newPerson());
  const events = async () => (await server.database.readPool.query('SELECT 1 FROM event')).rowCount;
  const before = await events();
  for (let press = 0; press < 5; press += 1) sender.raw.emit('typing:start', { conversationId });
  expect(await receiver.next('typing:start')).toEqual({ conversationId, userId: ada.userId });
  for (let press = 0; press < 3; press += 1) sender.raw.emit('typing:stop', { conversationId });
  await receiver.next('typing:stop');
  await sleep(200);
  expect(receiver.count('typing:start')).toBe(1);
  expect(receiver.count('typing:stop')).toBe(1);
  expect(sender.count('typing:start') + stranger.count('typing:start')).toBe(0);
  await sleep(3_000);
  sender.raw.emit('typing:start', { conversationId });
  await vi.waitFor(() => expect(receiver.count('typing:start')).toBe(2), 5_000);
  expect(await events()).toBe(before);
  for (const socket of [sender, receiver, stranger]) socket.close();
});

test('typing where one does not belong is refused and seen by nobody', async () => {
  const stranger = await connectAndHello(server.url, await newPerson());
  const receiver = await connectAndHello(server.url, bob);
  stranger.raw.emit('typing:start', { conversationId });
  expect(await stranger.next('connection:error')).toMatchObject({ code: 'NOT_FOUND' });
  await sleep(100);
  expect(receiver.count('typing:start')).toBe(0);
  stranger.close();
  receiver.close();
});

test('the last-seen time of the account is that of the last socket', async () => {
  const person = await newPerson();
  const socket = await connect(server.url, person);
  socket.close();
  await vi.waitFor(async () => {
    const { devices } = await call(server.url, 'devices', { token: person.accessToken });
    expect(devices[0]?.lastSeenAt).toBeGreaterThan(Date.now() - 10_000);
  }, 5_000);
});
