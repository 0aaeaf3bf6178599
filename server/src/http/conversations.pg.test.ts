/** Conversations, members and messages over HTTP: every op a program may want without a socket, safe to repeat. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, refusal } from '../testing/http-client.ts';
import { founder, invite, member, type Person } from '../testing/people.ts';
import { connectAndHello } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };
let bob: Person;
let cora: Person;

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
  const code = await invite(server, ada, ada.orgId);
  [bob, cora] = [await member(server, code, 'Bob'), await member(server, code, 'Cora')];
});
afterAll(() => server.stop());

const op = (): { opId: string } => ({ opId: randomUUID() });
const newGroup = async (title = 'Engine room'): Promise<string> => {
  const body = { ...op(), orgId: ada.orgId, kind: 'group', title, memberIds: [bob.userId] };
  return (await call(server.url, 'createConversation', { token: ada.accessToken, body })).id;
};

test('each kind of conversation is created, read, listed page by page', async () => {
  const { orgId, accessToken: token } = ada;
  const direct = await call(server.url, 'createConversation', {
    token,
    body: { ...op(), orgId, kind: 'direct', peerId: bob.userId },
  });
  expect(direct).toMatchObject({ kind: 'direct', title: null });
  const announcement = await call(server.url, 'createConversation', {
    token,
    body: { ...op(), orgId, kind: 'announcement', title: 'News', audience: { scope: 'org', id: orgId } },
  });
  expect(announcement.members).toHaveLength(3);
  const group = await call(server.url, 'conversation', { token, params: { id: await newGroup() } });
  expect(group).toMatchObject({ kind: 'group', title: 'Engine room', history: 'all' });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(server.url, 'conversations', {
      token,
      query: { limit: 1, ...(cursor === undefined ? {} : { cursor }) },
    });
    expect(page.conversations.length).toBeLessThanOrEqual(1);
    seen.push(...page.conversations.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(expect.arrayContaining([direct.id, announcement.id, group.id]));
  expect(new Set(seen).size).toBe(seen.length);
});

test('a creation repeated is the same conversation, with the key in the header or in the body', async () => {
  const key = randomUUID();
  const body = { orgId: ada.orgId, kind: 'group', title: 'Once', memberIds: [bob.userId] };
  const first = await call(server.url, 'createConversation', { token: ada.accessToken, key, body });
  const again = await call(server.url, 'createConversation', {
    token: ada.accessToken,
    key: `"${key.toUpperCase()}"`,
    body: { ...body, opId: key },
  });
  expect(again).toEqual(first);
  const other = { token: ada.accessToken, key, body: { ...body, title: 'Twice' } };
  expect(await refusal(server.url, 'createConversation', other)).toMatchObject({ code: 'OP_ID_REUSED' });
  const two = { token: ada.accessToken, key, body: { ...body, opId: randomUUID() } };
  expect(await refusal(server.url, 'createConversation', two)).toMatchObject({
    code: 'BAD_REQUEST',
    detail: 'body.opId: differs from the Idempotency-Key',
  });
  const rubbish = { token: ada.accessToken, key: 'rubbish', body };
  expect(await refusal(server.url, 'createConversation', rubbish)).toMatchObject({
    detail: 'Idempotency-Key: must be a UUID',
  });
});

test('the conversation of an item and its status are one call, as often as it is made', async () => {
  const params = { id: ada.orgId, type: 'ticket', itemId: 'ABC/4711 ü' };
  const url = 'https://tickets.example.org/4711';
  const body = { ...op(), title: 'Ticket 4711', url, status: 'open', memberIds: [bob.userId] };
  const put = (more: object, by: Person = ada) =>
    call(server.url, 'putItemConversation', { token: by.accessToken, params, body: { ...body, ...more } });
  const made = await put({});
  expect(made.link).toEqual({ type: 'ticket', id: 'ABC/4711 ü', url, status: 'open' });
  expect(await put({})).toEqual(made);
  const solve = { ...op(), status: 'solved' };
  const solved = await put(solve);
  expect(solved).toMatchObject({ id: made.id, link: { status: 'solved' }, revSeq: made.revSeq + 1 });
  expect(await put(solve)).toEqual(solved);
  const joined = await put({ ...op(), status: 'solved', memberIds: [] }, cora);
  expect(joined.members.filter(({ leftSeq }) => leftSeq === null).map(({ userId }) => userId)).toContain(
    cora.userId,
  );
  // Who has no say about the conversation may join it, not change it.
  expect(
    await refusal(server.url, 'putItemConversation', {
      token: cora.accessToken,
      params,
      body: { ...body, ...op(), status: 'open again' },
    }),
  ).toMatchObject({ code: 'FORBIDDEN' });
});

test('settings and members change as by ops, and a live socket hears of each', async () => {
  const id = await newGroup();
  const socket = await connectAndHello(server.url, bob);
  const token = ada.accessToken;
  await call(server.url, 'updateConversation', { token, params: { id }, body: { ...op(), title: 'Boiler' } });
  await socket.next('conversation:updated', ({ logId }) => logId === id);
  await call(server.url, 'addParticipant', { token, params: { id }, body: { ...op(), userId: cora.userId } });
  await socket.next('member:joined', ({ logId }) => logId === id);
  const params = { id, userId: cora.userId };
  await call(server.url, 'updateParticipant', { token, params, body: { ...op(), role: 'moderator' } });
  await socket.next('member:role', ({ logId }) => logId === id);
  await call(server.url, 'removeParticipant', { token, params, query: op() });
  await socket.next('member:left', ({ logId }) => logId === id);
  socket.close();
  const after = await call(server.url, 'conversation', { token, params: { id } });
  expect(after.title).toBe('Boiler');
  expect(after.members.find(({ userId }) => userId === cora.userId)?.leftSeq).toBeTypeOf('number');
  const nothing = { token, params: { id }, body: op() };
  expect(await refusal(server.url, 'updateConversation', nothing)).toMatchObject({
    code: 'BAD_REQUEST',
    detail: expect.stringContaining('must change something'),
  });
});

test('messages, threads and reactions: sent, read one by one, edited, reacted to, deleted', async () => {
  const id = await newGroup();
  const [token, params] = [ada.accessToken, { id }];
  const root = await call(server.url, 'sendMessage', {
    token,
    params,
    key: randomUUID(),
    body: { text: 'Root' },
  });
  expect(root.ok).toBe(true);
  const replies: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    const body = { ...op(), text, threadRootId: root.opId };
    replies.push((await call(server.url, 'sendMessage', { token: bob.accessToken, params, body })).opId);
  }
  const first = await call(server.url, 'thread', { token, params: { id: root.opId }, query: { limit: 2 } });
  expect(first).toMatchObject({ more: true, messages: [{ text: 'one' }, { text: 'two' }] });
  const after = first.messages[1]?.createSeq ?? 0;
  const rest = await call(server.url, 'thread', { token, params: { id: root.opId }, query: { after } });
  expect(rest).toMatchObject({ more: false, messages: [{ id: replies[2], threadRootId: root.opId }] });

  const byRoot = { id: root.opId };
  await call(server.url, 'editMessage', { token, params: byRoot, body: { ...op(), text: 'Root, edited' } });
  const emoji = { ...byRoot, emoji: '👍' };
  const react = { token: bob.accessToken, params: emoji, key: randomUUID(), body: {} };
  const reacted = await call(server.url, 'addReaction', react);
  expect(await call(server.url, 'addReaction', react)).toMatchObject({ seq: reacted.seq, duplicate: true });
  expect(await call(server.url, 'message', { token, params: byRoot })).toMatchObject({
    text: 'Root, edited',
    reactions: [{ emoji: '👍', userId: bob.userId }],
  });
  await call(server.url, 'removeReaction', { token: bob.accessToken, params: emoji, query: op() });
  await call(server.url, 'deleteMessage', { token, params: byRoot, query: op() });
  expect(await call(server.url, 'message', { token, params: byRoot })).toMatchObject({
    text: null,
    reactions: [],
  });
  const read = await call(server.url, 'markRead', {
    token: bob.accessToken,
    params,
    body: { ...op(), seq: 5 },
  });
  expect(read.ok).toBe(true);
  const { receipts } = await call(server.url, 'receipts', { token: bob.accessToken, params });
  expect(receipts.find(({ userId }) => userId === bob.userId)).toMatchObject({ readSeq: 5 });
});

test('what a message said before its edits is told to those who were there, and forgotten with it', async () => {
  const id = await newGroup();
  const token = ada.accessToken;
  const said = await call(server.url, 'sendMessage', {
    token,
    params: { id },
    body: { ...op(), text: 'one' },
  });
  const params = { id: said.opId };
  const edit = (text: string) => call(server.url, 'editMessage', { token, params, body: { ...op(), text } });
  const textsFor = async (person: Person) => {
    const { texts } = await call(server.url, 'messageTexts', { token: person.accessToken, params });
    return texts.map(({ text }) => text);
  };
  await edit('two');
  expect(await textsFor(bob)).toEqual(['one', 'two']);
  const removal = { token, params: { id, userId: bob.userId }, query: op() };
  await call(server.url, 'removeParticipant', removal);
  await edit('three');
  expect(await textsFor(ada)).toEqual(['one', 'two', 'three']);
  expect(await textsFor(bob)).toEqual(['one', 'two']);
  const stranger = { token: cora.accessToken, params };
  expect(await refusal(server.url, 'messageTexts', stranger)).toMatchObject({ code: 'NOT_FOUND' });
  await call(server.url, 'deleteMessage', { token, params, query: op() });
  expect(await textsFor(ada)).toEqual([]);
});

test('whoever came later sees of a thread what was said in their time', async () => {
  const body = { ...op(), orgId: ada.orgId, kind: 'group', title: 'Late', history: 'joined' };
  const { id } = await call(server.url, 'createConversation', { token: ada.accessToken, body });
  const send = (text: string, threadRootId?: string) =>
    call(server.url, 'sendMessage', {
      token: ada.accessToken,
      params: { id },
      body: { ...op(), text, ...(threadRootId === undefined ? {} : { threadRootId }) },
    });
  const before = await send('before');
  await call(server.url, 'addParticipant', {
    token: ada.accessToken,
    params: { id },
    body: { ...op(), userId: bob.userId },
  });
  await send('after', before.opId);
  for (const name of ['message', 'messageTexts', 'thread'] as const) {
    const asked = { token: bob.accessToken, params: { id: before.opId } };
    expect(await refusal(server.url, name, asked)).toMatchObject({ code: 'NOT_FOUND' });
  }
});

test('sites, units and roles of an organisation are managed and read', async () => {
  const { accessToken: token, orgId: id } = ada;
  const [siteId, unitId] = [randomUUID(), randomUUID()];
  await call(server.url, 'putSite', { token, params: { id, siteId }, body: { ...op(), name: 'Turin' } });
  const unit = { ...op(), name: 'Workshop', siteId };
  await call(server.url, 'putUnit', { token, params: { id, unitId }, body: unit });
  const asBob = { token: bob.accessToken, params: { id } };
  expect(await call(server.url, 'sites', asBob)).toEqual({ sites: [{ id: siteId, name: 'Turin' }] });
  expect(await call(server.url, 'units', asBob)).toEqual({
    units: [{ id: unitId, name: 'Workshop', siteId, parentId: null }],
  });
  await call(server.url, 'deleteUnit', { token, params: { id, unitId }, query: op() });
  await call(server.url, 'deleteSite', { token, params: { id, siteId }, query: op() });
  expect(await call(server.url, 'sites', asBob)).toEqual({ sites: [] });
  await call(server.url, 'updateOrg', { token, params: { id }, body: { ...op(), name: 'Engines & Co' } });
  const params = { id, userId: cora.userId };
  await call(server.url, 'updateOrgMember', { token, params, body: { ...op(), role: 'guest' } });
  const { members } = await call(server.url, 'orgMembers', { token, params: { id } });
  expect(members.find(({ userId }) => userId === cora.userId)?.role).toBe('guest');
  await call(server.url, 'removeOrgMember', { token, params, query: op() });
  expect((await call(server.url, 'orgs', { token: cora.accessToken })).orgs).toEqual([]);
});
