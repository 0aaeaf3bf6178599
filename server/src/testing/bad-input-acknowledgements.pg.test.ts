/**
 * Bad input of the right shape: acknowledgements asked for where nobody gives any, and taken back where somebody acts on
 * them. Every way in refuses them with the same code, and nothing changes.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { errorBodySchema } from '@curlew/shared/protocol/errors.ts';
import { call, request } from './http-client.ts';
import { accountOp, pair, sendOp } from './people.ts';
import { connectAndHello, type TestSocket } from './socket-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const extras = { requiresAck: true };

let server: TestServer;
let ada: Awaited<ReturnType<typeof pair>>['ada'];
let conversationId: string;
let socket: TestSocket;
const channelId = randomUUID();
const asked = { ...sendOp(channelId, 'Fire drill at 11'), extras };

beforeAll(async () => {
  server = await startTestServer();
  ({ ada, conversationId } = await pair(server));
  socket = await connectAndHello(server.url, ada);
  const channel = {
    opId: randomUUID(),
    v: 1,
    logId: channelId,
    kind: 'conversation.create',
    orgId: ada.orgId,
    conversationKind: 'announcement',
    protection: 'server',
    title: 'Notices',
    audience: { scope: 'org', id: ada.orgId },
  };
  const results = await socket.submit(channelId, channel, asked, reactionOp(asked.opId, true));
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
});
afterAll(async () => {
  socket.close();
  await server.stop();
});

function reactionOp(messageId: string, on: boolean) {
  const base = { opId: randomUUID(), v: 1, logId: channelId, messageId };
  return { ...base, kind: 'reaction.set', emoji: ACKNOWLEDGEMENT, on };
}

test('an op that asks for one outside announcements, or takes one back, is FORBIDDEN', async () => {
  const refused = [{ ok: false, code: 'FORBIDDEN' }];
  const ask = { ...sendOp(conversationId, 'Read this'), extras };
  expect(await socket.submit(conversationId, ask)).toMatchObject(refused);
  expect(await socket.submit(channelId, reactionOp(asked.opId, false))).toMatchObject(refused);
});

test('so is the request over HTTP', async () => {
  const token = ada.accessToken;
  const body = { opId: randomUUID(), text: 'Read this', extras };
  const answers = [
    await request(server.url, 'sendMessage', { token, params: { id: conversationId }, body }),
    await request(server.url, 'removeReaction', {
      token,
      params: { id: asked.opId, emoji: ACKNOWLEDGEMENT },
      query: { opId: randomUUID() },
    }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(403);
    const { error } = answer.body as { error: unknown };
    expect(errorBodySchema.parse(error).code).toBe('FORBIDDEN');
  }
});

test('a scheduled message that asks for one stays with its author, with the reason', async () => {
  const key = `scheduled:${randomUUID()}`;
  const value = { conversationId, text: 'Read this later', replyTo: null, extras, sendAtMs: 1_000 };
  expect(await socket.submit(ada.userId, accountOp(ada, key, value))).toMatchObject([{ ok: true }]);
  const refused = { key, value: { ...value, refused: 'FORBIDDEN' } };
  await vi.waitFor(async () => {
    const answer = { token: ada.accessToken, params: { id: ada.userId } };
    expect((await call(server.url, 'logState', answer)).entries).toMatchObject([refused]);
  }, 8_000);
});

test('afterwards the acknowledgement stands, and nothing was said', async () => {
  const token = ada.accessToken;
  const message = await call(server.url, 'message', { token, params: { id: asked.opId } });
  expect(message.reactions).toMatchObject([{ emoji: ACKNOWLEDGEMENT, userId: ada.userId }]);
  const page = await call(server.url, 'history', { token, params: { id: conversationId }, query: {} });
  expect(page.messages).toEqual([]);
});

test('an ordinary message takes the same emoji, and gives it back', async () => {
  const plain = sendOp(channelId, 'No need to answer');
  const ops = [plain, reactionOp(plain.opId, true), reactionOp(plain.opId, false)];
  expect((await socket.submit(channelId, ...ops)).map(({ ok }) => ok)).toEqual([true, true, true]);
});
