/** What others see of a person's presence: the state they chose, for how long, and who sees it at all. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PresenceAudience } from '@curlew/shared/domain/entries.ts';
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupOp, memberOp } from '../services/testing/world.ts';
import { call } from '../testing/http-client.ts';
import { accountOp, converse, founder, invite, member, type Person } from '../testing/people.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const GRACE_MS = 300;

let server: TestServer;
let ada: Person & { readonly orgId: string };

beforeAll(async () => {
  server = await startTestServer({}, { offlineGraceMs: GRACE_MS });
  ada = await founder(server);
});
afterAll(() => server.stop());

const newPerson = async (name = 'Somebody'): Promise<Person> =>
  member(server, await invite(server, ada, ada.orgId), name);

async function watch(socket: TestSocket, ...userIds: string[]): Promise<Presence[]> {
  socket.frames.length = 0;
  socket.raw.emit('presence:watch', { userIds });
  return (await socket.next('presence:snapshot')).users;
}

async function set(socket: TestSocket, person: Person, prefix: string, value: unknown): Promise<void> {
  const key = `${prefix}:${person.userId}`;
  expect((await socket.submit(person.userId, accountOp(person, key, value)))[0]).toMatchObject({ ok: true });
}

interface Audiences {
  readonly presenceAudience?: PresenceAudience;
  readonly lastSeenAudience?: PresenceAudience;
}

const presenceFrames = (socket: TestSocket) =>
  socket.frames.filter(({ name }) => name.startsWith('user:o') || name.startsWith('presence:'));

test('a chosen state and its text survive a reconnect, which never shows online between', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, ada);
  const first = await connectAndHello(server.url, person);
  expect(await watch(watcher, person.userId)).toEqual([{ userId: person.userId, state: 'online' }]);
  const away = { state: 'away', untilMs: null, text: 'On the roof' } as const;
  await set(first, person, 'status', away);
  expect(await watcher.next('presence:changed')).toEqual({ userId: person.userId, ...away });
  first.close();
  const offline = await watcher.next('user:offline');
  expect(offline).toMatchObject({ userId: person.userId, state: 'offline', text: 'On the roof' });
  watcher.frames.length = 0;
  const second = await connectAndHello(server.url, person);
  await watcher.next('user:online');
  await sleep(100);
  expect(presenceFrames(watcher)).toEqual([
    { name: 'user:online', payload: { userId: person.userId, ...away } },
  ]);
  await set(second, person, 'status', null);
  expect(await watcher.next('presence:changed')).toEqual({ userId: person.userId, state: 'online' });
  second.close();
  watcher.close();
});

test('do not disturb and its text end at their time', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, ada);
  const socket = await connectAndHello(server.url, person);
  await watch(watcher, person.userId);
  const dnd = { state: 'dnd', untilMs: Date.now() + 700, text: 'In a meeting' } as const;
  await set(socket, person, 'status', dnd);
  expect(await watcher.next('presence:changed')).toEqual({ userId: person.userId, ...dnd });
  const ended = await watcher.next('presence:changed', ({ state }) => state === 'online');
  expect(ended).toEqual({ userId: person.userId, state: 'online' });
  expect(Date.now()).toBeGreaterThanOrEqual(dnd.untilMs);
  expect(await watch(watcher, person.userId)).toEqual([ended]);
  socket.close();
  watcher.close();
});

test('a state chosen anew keeps the old time from ending it', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, ada);
  const socket = await connectAndHello(server.url, person);
  await watch(watcher, person.userId);
  await set(socket, person, 'status', { state: 'dnd', untilMs: Date.now() + 400 });
  await set(socket, person, 'status', { state: 'away', untilMs: null });
  await sleep(700);
  expect(watcher.frames.at(-1)?.payload).toEqual({ userId: person.userId, state: 'away', untilMs: null });
  socket.close();
  watcher.close();
});

/** What each of two watchers sees of a person with these preferences, online and after. */
async function seenBy(audiences: Audiences): Promise<Record<'friend' | 'colleague', readonly Presence[]>> {
  const [person, friend, colleague] = [await newPerson(), await newPerson(), await newPerson()];
  await converse(server, friend, person.userId, ada.orgId);
  const socket = await connectAndHello(server.url, person);
  await set(socket, person, 'preferences', audiences);
  const seen = { friend: [] as Presence[], colleague: [] as Presence[] };
  const watchers = [
    ['friend', await connectAndHello(server.url, friend)],
    ['colleague', await connectAndHello(server.url, colleague)],
  ] as const;
  for (const [who, watcher] of watchers) seen[who].push(...(await watch(watcher, person.userId)));
  await set(socket, person, 'status', { state: 'dnd', untilMs: null });
  socket.close();
  await sleep(GRACE_MS + 400);
  for (const [who, watcher] of watchers) {
    const pushed = presenceFrames(watcher).filter(({ name }) => name !== 'presence:snapshot');
    seen[who].push(...pushed.map(({ payload }) => payload as Presence));
    seen[who].push(...(await watch(watcher, person.userId)));
    watcher.close();
  }
  return seen;
}

const states = (seen: readonly Presence[]): string[] =>
  seen.map(({ state, lastSeenMs }) => (lastSeenMs ? `${state}, seen` : state));

const everything = ['online', 'dnd', 'offline, seen', 'offline, seen'];
const withoutLastSeen = ['online', 'dnd', 'offline', 'offline'];
const nothing = ['offline', 'offline'];

test.each<readonly [Audiences, friend: readonly string[], colleague: readonly string[]]>([
  [{}, everything, everything],
  [{ lastSeenAudience: 'conversations' }, everything, withoutLastSeen],
  [{ lastSeenAudience: 'nobody' }, withoutLastSeen, withoutLastSeen],
  [{ presenceAudience: 'conversations' }, everything, nothing],
  [{ presenceAudience: 'conversations', lastSeenAudience: 'nobody' }, withoutLastSeen, nothing],
  [{ presenceAudience: 'nobody' }, nothing, nothing],
])('%j', async (audiences, friend, colleague) => {
  const seen = await seenBy(audiences);
  expect(states(seen.friend)).toEqual(friend);
  expect(states(seen.colleague)).toEqual(colleague);
  // Hidden is not told apart from never connected.
  const [first] = seen.colleague;
  if (colleague === nothing)
    expect(seen.colleague).toEqual(
      [first, first].map(() => ({ ...first, state: 'offline', lastSeenMs: null })),
    );
});

test('who changes their mind is hidden and shown at once, without a new watch', async () => {
  const person = await newPerson();
  const watcher = await connectAndHello(server.url, ada);
  const socket = await connectAndHello(server.url, person);
  await watch(watcher, person.userId);
  watcher.frames.length = 0;
  await set(socket, person, 'preferences', { presenceAudience: 'nobody' });
  const hidden = { userId: person.userId, state: 'offline', lastSeenMs: null };
  expect(await watcher.next('presence:changed')).toEqual(hidden);
  await set(socket, person, 'status', { state: 'away', untilMs: null });
  await sleep(200);
  expect(presenceFrames(watcher)).toHaveLength(1);
  await set(socket, person, 'preferences', {});
  expect(await watcher.next('presence:changed', ({ state }) => state !== 'offline')).toEqual({
    userId: person.userId,
    state: 'away',
    untilMs: null,
  });
  socket.close();
  watcher.close();
});

test('a conversation shows people to each other while both are in it', async () => {
  const [person, friend] = [await newPerson(), await newPerson()];
  const socket = await connectAndHello(server.url, person);
  await set(socket, person, 'preferences', { presenceAudience: 'conversations' });
  const watcher = await connectAndHello(server.url, friend);
  expect(states(await watch(watcher, person.userId))).toEqual(['offline']);
  const create = groupOp(ada.orgId, [friend.userId]);
  const id = create.logId;
  expect((await socket.submit(id, create))[0]).toMatchObject({ ok: true });
  await watcher.next('presence:changed', ({ state }) => state === 'online');
  watcher.frames.length = 0;
  const left = await socket.submit(id, memberOp('member.remove', id, friend.userId));
  expect(left[0]).toMatchObject({ ok: true });
  await watcher.next('presence:changed', ({ state }) => state === 'offline');
  socket.close();
  watcher.close();
});

test('nothing else of the API tells when somebody was online', async () => {
  const person = await newPerson('Hidden');
  const friend = await newPerson('Friend');
  const conversationId = await converse(server, friend, person.userId, ada.orgId);
  const socket = await connectAndHello(server.url, person);
  await set(socket, person, 'preferences', { presenceAudience: 'nobody' });
  await set(socket, person, 'status', { state: 'dnd', untilMs: null, text: 'kept to myself' });
  const watcher = await connectAndHello(server.url, friend);
  const token = friend.accessToken;
  const params = { id: conversationId };
  const orgParams = { id: ada.orgId };
  const answers = JSON.stringify([
    await watch(watcher, person.userId),
    await watcher.ask('sync:heads', {}),
    await call(server.url, 'me', { token }),
    await call(server.url, 'users', { token, query: { query: 'Hidden' } }),
    await call(server.url, 'orgMembers', { token, params: orgParams }),
    await call(server.url, 'logState', { token, params: orgParams }),
    await call(server.url, 'conversation', { token, params }),
    await call(server.url, 'receipts', { token, params }),
  ]);
  expect(answers).toContain(person.userId);
  expect(answers).not.toMatch(/kept to myself|dnd|preferences:|status:|lastSeenAt|"lastSeenMs":\d/u);
  socket.close();
  watcher.close();
});
