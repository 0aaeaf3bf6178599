/**
 * What people do wrong on purpose or by accident, over HTTP and over the socket alike: each is refused with a code and a
 * sentence, and changes nothing.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorCatalogue, isErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { RouteName } from '@curlew/shared/protocol/http.ts';
import { newBot } from './bots.ts';
import { call, refusal, type Call } from './http-client.ts';
import { founder, invite, member, sendOp, type Person } from './people.ts';
import { connectAndHello, type TestSocket } from './socket-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };
let socket: TestSocket;
/** What the cases are about. */
let world: {
  readonly orgId: string;
  readonly bobId: string;
  readonly botId: string;
  readonly groupId: string;
  readonly foreignMessageId: string;
};

const group = (title: string, memberIds: readonly string[]) => ({ orgId: ada.orgId, title, memberIds });

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
  socket = await connectAndHello(server.url, ada);
  const bob = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  const newGroup = async (title: string): Promise<string> => {
    const body = { opId: randomUUID(), kind: 'group', ...group(title, [bob.userId]) };
    return (await call(server.url, 'createConversation', { token: ada.accessToken, body })).id;
  };
  const [groupId, other] = [await newGroup('Here'), await newGroup('Elsewhere')];
  const [foreign] = await socket.submit(other, sendOp(other, 'said elsewhere'));
  world = {
    orgId: ada.orgId,
    bobId: bob.userId,
    botId: await newBot(server.url, ada, ada.orgId),
    groupId,
    foreignMessageId: foreign?.opId ?? '',
  };
});
afterAll(async () => {
  socket.close();
  await server.stop();
});

interface Case {
  readonly what: string;
  readonly code: string;
  readonly detail?: RegExp;
  readonly http: () => readonly [RouteName, Call];
  /** absent: there is no such thing on the socket */
  readonly op?: () => { readonly kind: string; readonly logId: string } & Readonly<Record<string, unknown>>;
}

const long = 'x'.repeat(10_000);
const crowd = Array.from({ length: 5_000 }, () => randomUUID());
const script = { type: 'ticket', id: '1', url: 'javascript:alert(document.cookie)', status: '' };
const create = (fields: object) => (): ReturnType<NonNullable<Case['op']>> => ({
  kind: 'conversation.create',
  logId: randomUUID(),
  protection: 'server',
  ...fields,
});
const post = (text: object): [RouteName, Call] => [
  'sendMessage',
  { params: { id: world.groupId }, body: { opId: randomUUID(), text: 'Hello', ...text } },
];
const message = (fields: object) => (): ReturnType<NonNullable<Case['op']>> => ({
  ...sendOp(world.groupId, 'Hello'),
  kind: 'message.send',
  logId: world.groupId,
  ...fields,
});
const begin = (body: object): [RouteName, Call] => [
  'createConversation',
  { body: { opId: randomUUID(), ...body } },
];

const cases: readonly Case[] = [
  {
    what: 'a title of 10,000 characters',
    code: 'BAD_REQUEST',
    detail: /title.*200 bytes/,
    http: () => begin({ kind: 'group', ...group(long, [world.bobId]) }),
    op: () => create({ conversationKind: 'group', history: 'all', ...group(long, [world.bobId]) })(),
  },
  {
    what: 'an old title replaced by one of 10,000 characters',
    code: 'BAD_REQUEST',
    detail: /title.*200 bytes/,
    http: () => [
      'updateConversation',
      { params: { id: world.groupId }, body: { opId: randomUUID(), title: long } },
    ],
    op: () => ({ kind: 'conversation.update', logId: world.groupId, title: long }),
  },
  {
    what: 'a group of 5,001 people',
    code: 'GROUP_FULL',
    http: () => begin({ kind: 'group', ...group('Everybody', crowd) }),
    op: () => create({ conversationKind: 'group', history: 'all', ...group('Everybody', crowd) })(),
  },
  {
    what: 'a reply to a message of another conversation',
    code: 'TARGET_MISSING',
    http: () => post({ replyTo: world.foreignMessageId }),
    op: () => message({ replyTo: world.foreignMessageId })(),
  },
  {
    what: 'an answer in the thread of a message of another conversation',
    code: 'TARGET_MISSING',
    http: () => post({ threadRootId: world.foreignMessageId }),
    op: () => message({ threadRootId: world.foreignMessageId })(),
  },
  {
    what: 'an item whose address is a script',
    code: 'BAD_REQUEST',
    detail: /https address/,
    http: () => begin({ kind: 'linked', link: script, ...group('Ticket', []) }),
    op: () => create({ conversationKind: 'linked', link: script, ...group('Ticket', []) })(),
  },
  {
    what: 'a preview whose address is a script',
    code: 'BAD_REQUEST',
    detail: /https address/,
    http: () => post({ extras: { preview: { url: script.url, title: '', description: '', siteName: '' } } }),
    op: () =>
      message({ extras: { preview: { url: script.url, title: '', description: '', siteName: '' } } })(),
  },
  {
    what: 'a text of 64 KiB and one byte',
    code: 'TOO_LARGE',
    http: () => post({ text: 'x'.repeat(65_537) }),
    op: () => message({ text: 'x'.repeat(65_537) })(),
  },
  {
    what: 'a webhook to a private address',
    code: 'WEBHOOK_ADDRESS',
    http: () => [
      'createWebhook',
      {
        params: { id: world.orgId, botId: world.botId },
        body: { url: 'https://192.168.1.1/hook', events: ['message:new'] },
      },
    ],
  },
];

/** Everything the server holds, as far as one of the cases could change it. */
async function stateOf(): Promise<unknown> {
  const { rows } = await server.database.readPool.query(`
    SELECT (SELECT count(*) FROM event) AS events, (SELECT sum(head) FROM log) AS heads, (SELECT count(*) FROM log) AS logs,
      (SELECT count(*) FROM conversation) AS conversations, (SELECT count(*) FROM message) AS messages,
      (SELECT count(*) FROM member) AS members, (SELECT count(*) FROM webhook) AS webhooks`);
  return rows[0];
}

function expectSentence(code: string | undefined, wanted: string): void {
  expect(code).toBe(wanted);
  expect(code !== undefined && isErrorCode(code) && errorCatalogue[code].message).toMatch(/^[A-Z].{20,}[.]$/);
}

test.each(cases)('$what over HTTP', async ({ http, code, detail }) => {
  const before = await stateOf();
  const [name, given] = http();
  const refused = await refusal(server.url, name, { ...given, token: ada.accessToken });
  expectSentence(refused.code, code);
  if (detail) expect(refused.detail).toMatch(detail);
  expect(await stateOf()).toEqual(before);
});

test.each(cases.filter((it) => it.op))('$what over the socket', async ({ op, code, detail }) => {
  const before = await stateOf();
  const fields = op?.();
  const [result] = await socket.submit(String(fields?.logId), { opId: randomUUID(), v: 1, ...fields });
  expect(result?.ok).toBe(false);
  expectSentence(result?.code, code);
  if (detail) expect(result?.detail).toMatch(detail);
  expect(await stateOf()).toEqual(before);
});
