/** Webhooks against a real receiver: signed, in order, once however many nodes, retried, refused where they must not go. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { limits } from '@curlew/shared/domain/limits.ts';
import { createPinnedPost } from '../infra/pinned-post.ts';
import { createWebhookRepository } from '../repositories/webhook-repository.ts';
import { startWebhooks } from '../services/webhook-sender.ts';
import { newBot } from '../testing/bots.ts';
import { call, refusal } from '../testing/http-client.ts';
import { founder, invite, member, type Person } from '../testing/people.ts';
import { connectAndHello } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { isSigned, startReceiver, type Receiver } from '../testing/webhook-receiver.ts';

let server: TestServer;
let receiver: Receiver;
let ada: Person & { readonly orgId: string };
let botId: string;
let conversationId: string;

beforeAll(async () => {
  server = await startTestServer({ webhookAllow: ['127.0.0.1'] });
  receiver = await startReceiver();
  ada = await founder(server);
});
beforeEach(async () => {
  await server.database.prisma.webhook.deleteMany();
  Object.assign(receiver, { answer: 204, answers: [] });
  server.clock.aheadMs = 0;
  botId = await newBot(server.url, ada, ada.orgId);
  conversationId = await newConversation([botId]);
  receiver.received.length = 0;
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const byBot = (more: object = {}) => ({ token: ada.accessToken, params: { id: ada.orgId, botId, ...more } });
const newConversation = async (memberIds: string[]): Promise<string> => {
  const body = { opId: randomUUID(), orgId: ada.orgId, kind: 'group', title: 'Builds', memberIds };
  return (await call(server.url, 'createConversation', { token: ada.accessToken, body })).id;
};
const say = async (text: string, id = conversationId): Promise<string> => {
  const ask = { token: ada.accessToken, params: { id }, key: randomUUID(), body: { text } };
  return (await call(server.url, 'sendMessage', ask)).opId;
};
const newHook = (more: object = {}) =>
  call(server.url, 'createWebhook', {
    ...byBot(),
    body: { url: receiver.url, events: ['message:new'], ...more },
  });
const deliveries = async (webhookId: string) =>
  (await call(server.url, 'deliveries', byBot({ webhookId }))).deliveries;

test('what a bot may see is told in order, signed, and noted; what it may not see is not', async () => {
  await say('before the hook');
  const hook = await newHook();
  const other = await newConversation([]);
  await say('not for the bot', other);
  const sent: string[] = [];
  for (const text of ['one', 'two', 'three', 'four']) sent.push(await say(text));
  await receiver.until(4);
  expect(receiver.received.map(({ body }) => body.event.opId)).toEqual(sent);
  expect(receiver.received.every((it) => isSigned(it, hook.secret))).toBe(true);
  expect(receiver.received.some((it) => isSigned(it, 'whsec_AAAA'))).toBe(false);
  expect(receiver.received[0]?.body).toMatchObject({
    type: 'message:new',
    event: { payload: { text: 'one' } },
  });
  await vi.waitFor(async () =>
    expect((await deliveries(hook.id)).map(({ status, attempts }) => [status, attempts])).toEqual(
      Array.from({ length: 4 }, () => [204, 1]),
    ),
  );
  expect((await call(server.url, 'webhooks', byBot())).webhooks).toMatchObject([
    { id: hook.id, disabledReason: null },
  ]);
});

test('a hook of one conversation hears of that one, of the chosen events, and not of its own bot', async () => {
  await newHook({ conversationId, events: ['message:deleted', 'member:joined'] });
  const second = await newConversation([botId]);
  await say('elsewhere', second);
  const opId = await say('a message');
  const bob = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  await call(server.url, 'addParticipant', {
    token: ada.accessToken,
    params: { id: conversationId },
    body: { opId: randomUUID(), userId: bob.userId },
  });
  await call(server.url, 'deleteMessage', {
    token: ada.accessToken,
    params: { id: opId },
    query: { opId: randomUUID() },
  });
  await receiver.until(2);
  expect(receiver.received.map(({ body }) => body.type)).toEqual(['member:joined', 'message:deleted']);
});

test('several nodes never tell a thing twice', async () => {
  const nodes = Array.from({ length: 3 }, () =>
    startWebhooks(
      createWebhookRepository(server.database.prisma),
      createPinnedPost(['127.0.0.1']),
      Date.now,
      (error) => expect.fail(String(error)),
    ),
  );
  await newHook();
  await newHook();
  const sent: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    sent.push(await say(`message ${count}`));
    for (const node of nodes) void node.look();
  }
  await receiver.until(24);
  await Promise.all(nodes.map((node) => node.look()));
  await Promise.all(nodes.map((node) => node.stop()));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(24);
  expect(new Set(ids).size).toBe(24);
  for (const hookId of new Set(receiver.received.map(({ body }) => body.webhookId))) {
    const told = receiver.received.filter(({ body }) => body.webhookId === hookId);
    expect(told.map(({ body }) => body.event.opId)).toEqual(sent);
  }
});

test('a receiver that is down is tried again with pauses, and hears the rest in order', async () => {
  const hook = await newHook();
  receiver.answer = 500;
  const sent = [await say('first'), await say('second')];
  await receiver.until(1);
  await vi.waitFor(async () => expect((await deliveries(hook.id)).at(-1)?.status).toBe(500));
  expect(await deliveries(hook.id)).toMatchObject([{ attempts: 0 }, { attempts: 1, error: 'answered 500' }]);
  receiver.answer = -1;
  server.clock.aheadMs = 6_000;
  await receiver.until(2);
  await vi.waitFor(async () => expect((await deliveries(hook.id)).at(-1)?.attempts).toBe(2));
  receiver.answer = 200;
  server.clock.aheadMs = 60_000;
  await receiver.until(4);
  expect(receiver.received.map(({ body }) => body.event.opId)).toEqual([sent[0], sent[0], sent[0], sent[1]]);
  const firstIds = receiver.received.slice(0, 3).map(({ headers }) => headers['webhook-id']);
  expect(new Set(firstIds).size).toBe(1);
});

test('a day of failures, or 410 Gone, turns a hook off; turned on it hears of what comes then', async () => {
  const hook = await newHook();
  receiver.answer = 503;
  await say('never told');
  await receiver.until(1);
  await vi.waitFor(async () => expect((await deliveries(hook.id))[0]?.attempts).toBe(1));
  server.clock.aheadMs = 24 * 3_600_000 + 60_000;
  const reason = async () => (await call(server.url, 'webhooks', byBotLater())).webhooks[0]?.disabledReason;
  // The owner's own token is a day old by now.
  const { accessToken } = await call(server.url, 'token', { body: { refreshToken: ada.refreshToken } });
  const byBotLater = () => ({ ...byBot(), token: accessToken });
  await vi.waitFor(async () => expect(await reason()).toBe('failing'), { timeout: 10_000 });
  server.clock.aheadMs = 0;
  await say('not told either');
  receiver.answer = 410;
  const params = byBot({ webhookId: hook.id });
  expect(await call(server.url, 'updateWebhook', { ...params, body: { isEnabled: true } })).toMatchObject({
    disabledReason: null,
  });
  const told = receiver.received.length;
  const opId = await say('told again');
  await receiver.until(told + 1);
  expect(receiver.received.at(-1)?.body.event.opId).toBe(opId);
  await vi.waitFor(async () =>
    expect((await call(server.url, 'webhooks', byBot())).webhooks[0]?.disabledReason).toBe('gone'),
  );
  await call(server.url, 'deleteWebhook', params);
  expect(await refusal(server.url, 'deliveries', params)).toMatchObject({ code: 'NOT_FOUND' });
});

test('redirects are not followed', async () => {
  const elsewhere = await startReceiver();
  const redirecting = await startReceiver(elsewhere.url);
  Object.assign(redirecting, { answer: 302 });
  const hook = await newHook({ url: redirecting.url });
  await say('follow me');
  await redirecting.until(1);
  await vi.waitFor(async () =>
    expect((await deliveries(hook.id))[0]).toMatchObject({
      status: 302,
      error: 'redirects are not followed',
    }),
  );
  expect(elsewhere.received).toHaveLength(0);
  await redirecting.close();
  await elsewhere.close();
});

test.each([
  ['http://example.org/hook'],
  ['https://127.0.0.2/hook'],
  ['https://10.1.2.3/hook'],
  ['https://169.254.169.254/latest/meta-data'],
  ['https://192.168.1.1/'],
  ['https://[::1]/'],
  ['https://[fe80::1]/'],
  ['https://[fd00::1]/'],
  ['https://[::ffff:10.0.0.1]/'],
  ['https://[64:ff9b::a00:1]/'],
  ['https://0x7f000002/'],
  ['https://localhost.localdomain.invalid/'],
  ['https://user:password@example.org/'],
  ['ftp://example.org/'],
  ['javascript:alert(1)'],
  ['nonsense'],
])('%s is refused with a sentence and nothing is kept', async (url) => {
  const body = { url, events: ['message:new'] };
  expect(await refusal(server.url, 'createWebhook', { ...byBot(), body })).toMatchObject({
    status: 400,
    code: 'WEBHOOK_ADDRESS',
    message: expect.stringMatching(/public https address/),
  });
  expect(await server.database.prisma.webhook.count()).toBe(0);
});

test('one webhook too many is refused', async () => {
  for (let made = 0; made < limits.webhooksPerBot; made += 1) await newHook();
  const body = { url: receiver.url, events: ['message:new'] };
  expect(await refusal(server.url, 'createWebhook', { ...byBot(), body })).toMatchObject({
    code: 'LIMIT_REACHED',
    detail: 'webhooksPerBot: 50',
  });
});

test('an address that became private after the hook was made is not asked', async () => {
  const hook = await newHook();
  await server.database.prisma.webhook.updateMany({ data: { url: 'https://10.0.0.1/hook' } });
  await say('to whom?');
  await vi.waitFor(async () =>
    expect((await deliveries(hook.id))[0]).toMatchObject({ status: null, error: 'not a public address' }),
  );
});

test('an incoming webhook posts as its bot into its conversation, until it is ended', async () => {
  const made = await call(server.url, 'createIncomingWebhook', {
    ...byBot(),
    body: { name: 'CI', conversationId },
  });
  const secret = made.url.split('/').at(-1) ?? '';
  const post = (body: object, key?: string) => ({ params: { secret }, body, key });
  // What senders made for others put beside the text is ignored.
  const key = randomUUID();
  const sent = await call(
    server.url,
    'postIncoming',
    post({ text: 'Build 7 is green', username: 'ci' }, key),
  );
  expect(await call(server.url, 'postIncoming', post({ text: 'Build 7 is green' }, key))).toMatchObject({
    seq: sent.seq,
    duplicate: true,
  });
  const message = { token: ada.accessToken, params: { id: sent.opId } };
  expect(await call(server.url, 'message', message)).toMatchObject({
    senderId: botId,
    text: 'Build 7 is green',
  });
  expect(await refusal(server.url, 'postIncoming', post({ text: ' ' }))).toMatchObject({
    code: 'BAD_REQUEST',
  });
  // The address is no token.
  expect(await refusal(server.url, 'me', { token: secret })).toMatchObject({ code: 'AUTH_REQUIRED' });
  await call(server.url, 'revokeToken', byBot({ tokenId: made.id }));
  expect(await refusal(server.url, 'postIncoming', post({ text: 'Still here?' }))).toMatchObject({
    code: 'NOT_FOUND',
  });
  const foreign = await newConversation([]);
  const elsewhere = { ...byBot(), body: { name: 'CI', conversationId: foreign } };
  expect(await refusal(server.url, 'createIncomingWebhook', elsewhere)).toMatchObject({ code: 'NOT_FOUND' });
});

test('one failure after a long outage that ended is a first failure, not the end of a day of them', async () => {
  const hook = await newHook();
  receiver.answer = 503;
  await say('first');
  await receiver.until(1);
  await vi.waitFor(async () => expect((await deliveries(hook.id))[0]?.attempts).toBe(1));
  await say('second');
  await vi.waitFor(async () => expect(await deliveries(hook.id)).toHaveLength(2));
  receiver.answers = [204, 503];
  server.clock.aheadMs = 24 * 3_600_000 + 60_000;
  await receiver.until(3);
  const read = () => server.database.prisma.webhookDelivery.findMany({ orderBy: { id: 'asc' } });
  await vi.waitFor(async () => expect(await read()).toMatchObject([{ status: 204 }, { status: 503 }]));
  expect(await server.database.prisma.webhook.findMany()).toMatchObject([{ disabledReason: null }]);
});

test.each([
  ['removed like any other member', null],
  ['deactivated', { role: 'member', deactivated: true }],
])('nothing that still waited is told for a bot that is %s', async (_, value) => {
  const hook = await newHook();
  receiver.answer = 503;
  await say('told too late');
  await receiver.until(1);
  await vi.waitFor(async () => expect((await deliveries(hook.id))[0]?.attempts).toBe(1));
  const admin = await connectAndHello(server.url, ada);
  const key = `role:${botId}`;
  const op = { opId: randomUUID(), v: 1, kind: 'org.set', logId: ada.orgId, key, value };
  expect(await admin.submit(ada.orgId, op)).toMatchObject([{ ok: true }]);
  admin.close();
  expect((await call(server.url, 'webhooks', byBot())).webhooks).toMatchObject([{ disabledReason: 'off' }]);
  server.clock.aheadMs = 60_000;
  // Longer than the pace at which a node looks for what is due.
  await sleep(2_500);
  expect(receiver.received).toHaveLength(1);
});
