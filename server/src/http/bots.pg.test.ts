/** Bots and their tokens over real HTTP and sockets: made, used, seen, ended. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '@curlew/shared/domain/limits.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { Scope } from '@curlew/shared/protocol/scopes.ts';
import { newBot, token } from '../testing/bots.ts';
import { call, refusal } from '../testing/http-client.ts';
import { founder, invite, member, newDevice, otherOrg, type Person } from '../testing/people.ts';
import { connect, connectAndHello, ConnectError } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };
let bob: Person;
let botId: string;
const full: Scope[] = ['messages:read', 'messages:write', 'conversations:write', 'members:read'];

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
  bob = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  botId = await newBot(server.url, ada, ada.orgId, 'Deployments');
});
afterAll(() => server.stop());

const newConversation = async (): Promise<string> => {
  const body = {
    opId: randomUUID(),
    orgId: ada.orgId,
    kind: 'group',
    title: 'Ops',
    memberIds: [bob.userId, botId],
  };
  return (await call(server.url, 'createConversation', { token: ada.accessToken, body })).id;
};
const byAda = (more: object = {}) => ({ token: ada.accessToken, params: { id: ada.orgId, botId, ...more } });

test('a bot is a member of its organisation, marked as what it is, without a way to sign in', async () => {
  const { members } = await call(server.url, 'orgMembers', byAda());
  expect(members).toContainEqual({ userId: botId, name: 'Deployments', role: 'member' });
  const { entries } = await call(server.url, 'logState', byAda());
  expect(entries.find(({ key }) => key === `person:${botId}`)?.value).toEqual({
    name: 'Deployments',
    isBot: true,
  });
  expect((await call(server.url, 'bots', byAda())).bots).toMatchObject([{ id: botId, name: 'Deployments' }]);
  for (const email of ['', `${botId}@bots.invalid`]) {
    const body = { email, password: 'x', ...newDevice() };
    expect(['BAD_REQUEST', 'WRONG_CREDENTIALS']).toContain(
      (await refusal(server.url, 'login', { body })).code,
    );
  }
});

test('with a token a bot writes, reads and reacts by HTTP and by socket, as itself', async () => {
  const id = await newConversation();
  const bot = await token(server.url, ada, ada.orgId, botId, full);
  const bobs = await connectAndHello(server.url, bob);
  const sent = await call(server.url, 'sendMessage', {
    token: bot.accessToken,
    params: { id },
    key: randomUUID(),
    body: { text: 'deployed' },
  });
  expect(await bobs.next('message:new', ({ opId }) => opId === sent.opId)).toMatchObject({ actorId: botId });
  const socket = await connectAndHello(server.url, bot);
  const [reacted] = await socket.submit(id, {
    opId: randomUUID(),
    v: 1,
    kind: 'reaction.set',
    logId: id,
    messageId: sent.opId,
    emoji: '🚀',
    on: true,
  });
  expect(reacted?.ok).toBe(true);
  await bobs.next('reaction:set', ({ logId }) => logId === id);
  expect(await call(server.url, 'me', { token: bot.accessToken })).toMatchObject({ id: botId, email: '' });
  const { tokens } = await call(server.url, 'tokens', byAda());
  expect(tokens.find((it) => it.id === bot.id)?.lastUsedAt).toBeTypeOf('number');
  expect(JSON.stringify(tokens)).not.toContain(bot.accessToken);
  bobs.close();
  socket.close();
});

test('an ended token is out within two seconds, on the socket and off it; the others go on', async () => {
  const [ended, other] = [
    await token(server.url, ada, ada.orgId, botId, full),
    await token(server.url, ada, ada.orgId, botId, full),
  ];
  const socket = await connectAndHello(server.url, ended);
  const startedAt = performance.now();
  await call(server.url, 'revokeToken', byAda({ tokenId: ended.id }));
  expect(await socket.next('connection:error')).toMatchObject({ code: 'AUTH_REVOKED' });
  await socket.closed();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(await refusal(server.url, 'me', { token: ended.accessToken })).toMatchObject({
    code: 'AUTH_REVOKED',
  });
  const refused: unknown = await connect(server.url, ended).catch((error: unknown) => error);
  expect(refused instanceof ConnectError && refused.body.code).toBe('AUTH_REVOKED');
  await call(server.url, 'me', { token: other.accessToken });
  expect(await refusal(server.url, 'revokeToken', byAda({ tokenId: randomUUID() }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a token made for a time ends with it; a foreign one is none', async () => {
  const made = await call(server.url, 'createToken', {
    ...byAda(),
    body: { name: 'an hour', scopes: ['messages:read'], expiresInMs: 3_600_000 },
  });
  await call(server.url, 'conversations', { token: made.token });
  server.clock.aheadMs = 3_600_001;
  expect(await refusal(server.url, 'conversations', { token: made.token })).toMatchObject({
    code: 'AUTH_REVOKED',
  });
  server.clock.aheadMs = 0;
  const forged = `${made.token.slice(0, -3)}AAA`;
  expect(await refusal(server.url, 'me', { token: forged })).toMatchObject({ code: 'AUTH_REQUIRED' });
});

test('a life longer than ten years is refused with a sentence', async () => {
  const expiresInMs = Number.MAX_SAFE_INTEGER;
  const body = { name: 'for ever', scopes: ['messages:read'], expiresInMs };
  for (const refused of [
    await refusal(server.url, 'createToken', { ...byAda(), body }),
    await refusal(server.url, 'createInvite', { ...byAda(), body: { expiresInMs } }),
  ])
    expect(refused).toMatchObject({ code: 'BAD_REQUEST', detail: expect.stringContaining('expiresInMs') });
});

test('tokens are hashed at rest and shown once; making one twice by the same key is one token', async () => {
  const key = randomUUID();
  const ask = { ...byAda(), key, body: { name: 'once', scopes: ['messages:read'] } };
  const made = await call(server.url, 'createToken', ask);
  expect(await call(server.url, 'createToken', ask)).toEqual(made);
  const { rows } = await server.database.readPool.query<{ text: string }>(
    'SELECT t::text AS text FROM api_token t UNION ALL SELECT i::text FROM idempotency_key i',
  );
  const secret = made.token.slice('curlew_'.length);
  expect(rows.map(({ text }) => text).join('\n')).not.toContain(secret);
});

test('a removed bot is out of the organisation and its conversations, and its tokens end', async () => {
  const lost = await newBot(server.url, ada, ada.orgId, 'Lost');
  const bot = await token(server.url, ada, ada.orgId, lost, full);
  const remove = {
    token: ada.accessToken,
    params: { id: ada.orgId, botId: lost },
    query: { opId: randomUUID() },
  };
  await call(server.url, 'removeBot', remove);
  await call(server.url, 'removeBot', remove);
  expect(await refusal(server.url, 'me', { token: bot.accessToken })).toMatchObject({ code: 'AUTH_REVOKED' });
  const { bots } = await call(server.url, 'bots', byAda());
  expect(bots.map(({ id }) => id)).not.toContain(lost);
});

test.each([
  ['removed like any other member', null],
  ['deactivated', { role: 'member', deactivated: true }],
])('a bot that is %s is out with every token and socket', async (_, value) => {
  const lost = await newBot(server.url, ada, ada.orgId, 'Lost');
  const bot = await token(server.url, ada, ada.orgId, lost, full);
  const socket = await connectAndHello(server.url, bot);
  const admin = await connectAndHello(server.url, ada);
  const key = `role:${lost}`;
  const op = { opId: randomUUID(), v: 1, kind: 'org.set', logId: ada.orgId, key, value };
  expect(await admin.submit(ada.orgId, op)).toMatchObject([{ ok: true }]);
  expect(await socket.next('connection:error')).toMatchObject({ code: 'AUTH_REVOKED' });
  await socket.closed();
  admin.close();
  expect(await refusal(server.url, 'me', { token: bot.accessToken })).toMatchObject({ code: 'AUTH_REVOKED' });
});

test('a bot owns no organisation: with its last person gone nobody could run it', async () => {
  const params = { id: ada.orgId, userId: botId };
  const give = (role: string) => ({ token: ada.accessToken, params, body: { opId: randomUUID(), role } });
  expect(await refusal(server.url, 'updateOrgMember', give('owner'))).toMatchObject({ code: 'FORBIDDEN' });
  await call(server.url, 'updateOrgMember', give('admin'));
  await call(server.url, 'updateOrgMember', give('member'));
});

test('nobody runs a person as a bot, or the bot of another organisation', async () => {
  const rivals = randomUUID();
  await otherOrg(server, bob, rivals);
  const opId = randomUUID();
  for (const params of [
    { id: ada.orgId, botId: bob.userId },
    { id: rivals, botId },
  ]) {
    const by = params.id === rivals ? bob.accessToken : ada.accessToken;
    expect(await refusal(server.url, 'tokens', { token: by, params })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(server.url, 'removeBot', { token: by, params, query: { opId } })).toMatchObject({
      code: 'NOT_FOUND',
    });
  }
});

test('one bot, one token too many is refused, and removing one makes room', async () => {
  const orgId = randomUUID();
  await otherOrg(server, bob, orgId);
  const by = { token: bob.accessToken };
  for (let made = 0; made < limits.botsPerOrg; made += 1) await newBot(server.url, bob, orgId, `Bot ${made}`);
  const another = { ...by, params: { id: orgId }, body: { name: 'Another' } };
  expect(await refusal(server.url, 'createBot', another)).toMatchObject({
    code: 'LIMIT_REACHED',
    detail: 'botsPerOrg: 200',
  });
  const [first] = (await call(server.url, 'bots', { ...by, params: { id: orgId } })).bots;
  const bot = must(first, 'bots were made').id;
  for (let made = 0; made < limits.tokensPerBot; made += 1) await token(server.url, bob, orgId, bot, full);
  const params = { id: orgId, botId: bot };
  const body = { name: 'one more', scopes: full };
  expect(await refusal(server.url, 'createToken', { ...by, params, body })).toMatchObject({
    code: 'LIMIT_REACHED',
  });
  await call(server.url, 'removeBot', { ...by, params, query: { opId: randomUUID() } });
  expect((await call(server.url, 'createBot', another)).id).toBeDefined();
});
