/**
 * Bad input: thousands of generated invalid payloads for every route, event and kind of op, and bytes that are not even
 * the protocol. Each gets a typed error, nothing changes, nothing answers 5xx, the process lives.
 */
import { randomUUID } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { errorBodySchema } from '@curlew/shared/protocol/errors.ts';
import { eventExamples, routeExamples } from '@curlew/shared/protocol/examples.test-support.ts';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';
import { opVariants } from '@curlew/shared/protocol/op-variants.test-support.ts';
import { opSchema } from '@curlew/shared/protocol/ops.ts';
import { clientEvents, type ClientEventName } from '@curlew/shared/protocol/socket.ts';
import { badPayloads } from './bad-payloads.ts';
import { call, request } from './http-client.ts';
import { pair, type Person } from './people.ts';
import { writeReport } from './report.ts';
import { connectAndHello, type TestSocket } from './socket-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const SEED = 20_261_121;
const PER_BODY = 420;
const PER_QUERY = 120;
const PER_EVENT = 260;
const PER_OP = 260;
const AT_ONCE = 24;

let server: TestServer;
let ada: Person;
let socket: TestSocket;
let before: unknown;
const figures = { http: 0, socket: 0, crashes: 0, serverErrors: 0 };
const unhandled: unknown[] = [];
const noteUnhandled = (error: unknown): void => void unhandled.push(error);

/** Everything that bad input might have changed. */
async function state(): Promise<unknown> {
  const { rows } = await server.database.readPool.query(`
    SELECT (SELECT md5(string_agg(l::text, '|' ORDER BY l.id)) FROM log l) AS logs,
           (SELECT md5(string_agg(m::text, '|' ORDER BY m.id)) FROM message m) AS messages,
           (SELECT md5(string_agg(m::text, '|' ORDER BY m.user_id)) FROM member m) AS members,
           (SELECT md5(string_agg(e::text, '|' ORDER BY e.log_id, e.key)) FROM log_entry e) AS entries,
           (SELECT count(*)::int FROM event) AS events,
           (SELECT count(*)::int FROM user_account) AS accounts,
           (SELECT count(*)::int FROM device) AS devices,
           (SELECT count(*)::int FROM invite) AS invites,
           (SELECT count(*)::int FROM refresh_family WHERE revoked_at IS NULL) AS sessions`);
  return rows[0];
}

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled);
  server = await startTestServer();
  ({ ada } = await pair(server));
  socket = await connectAndHello(server.url, ada);
  before = await state();
});
afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled);
  figures.crashes += unhandled.length;
  writeReport('bad-input', figures, figures.crashes + figures.serverErrors);
  socket.close();
  await server.stop();
});

const failureSchema = z.strictObject({ error: errorBodySchema });

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE)
    await Promise.all(items.slice(start, start + AT_ONCE).map(work));
}

function expectRefused(status: number, body: unknown, what: unknown): void {
  figures.http += 1;
  if (status >= 500) figures.serverErrors += 1;
  const refused = failureSchema.safeParse(body);
  expect(
    refused.success && status >= 400 && status < 500,
    `${status} ${JSON.stringify(body)} for ${JSON.stringify(what)}`,
  ).toBe(true);
}

const names = Object.keys(routes) as RouteName[];

test.each(names.filter((name) => 'body' in routes[name]))('bodies of %s', async (name) => {
  const spec: RouteSpec = routes[name];
  const { params, body } = routeExamples[name];
  const isInvalid = (payload: unknown): boolean =>
    spec.body?.safeParse(throughJson(payload)).success === false;
  const payloads = badPayloads(body, isInvalid, PER_BODY, SEED);
  await inBatches(payloads, async (payload) => {
    const answer = await request(server.url, name, { token: ada.accessToken, params, body: payload });
    expectRefused(answer.status, answer.body, payload);
  });
});

test.each(names.filter((name) => 'query' in routes[name]))('queries of %s', async (name) => {
  const spec: RouteSpec = routes[name];
  const { params, query, body } = routeExamples[name];
  const flat = (payload: unknown): Record<string, string> =>
    Object.fromEntries(
      Object.entries(typeof payload === 'object' && payload !== null ? payload : { more: payload }).map(
        ([key, it]) => [
          key,
          encodable(String(typeof it === 'object' ? JSON.stringify(it) : it).slice(0, 2_000)),
        ],
      ),
    );
  const isInvalid = (payload: unknown): boolean => spec.query?.safeParse(flat(payload)).success === false;
  await inBatches(badPayloads(query ?? {}, isInvalid, PER_QUERY, SEED), async (payload) => {
    const answer = await request(server.url, name, {
      token: ada.accessToken,
      params,
      query: flat(payload),
      body,
    });
    expectRefused(answer.status, answer.body, payload);
  });
});

test.each(names.filter((name) => 'params' in routes[name] && name !== 'acceptInvite'))(
  'paths of %s',
  async (name) => {
    const { query, body } = routeExamples[name];
    const ids = [
      '',
      ' ',
      '1',
      '%00',
      '%',
      '..',
      '%2e%2e%2f',
      'null',
      '0199A3C0-5F00-7000-8000-0000000000C1',
      'x'.repeat(3_000),
    ];
    await inBatches(ids, async (id) => {
      const answer = await request(server.url, name, { token: ada.accessToken, params: { id }, query, body });
      expectRefused(answer.status, answer.body, id);
    });
  },
);

test.each<[string, RequestInit]>([
  ['broken JSON', { body: '{"email": ', headers: { 'content-type': 'application/json' } }],
  ['JSON that is no object', { body: '7', headers: { 'content-type': 'application/json' } }],
  ['another type', { body: 'email=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ['no body', {}],
  [
    'a compressed body',
    { body: 'x', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
  ],
  ['an unknown charset', { body: '{}', headers: { 'content-type': 'application/json; charset=nonsense' } }],
  ['bytes', { body: new Uint8Array([0xff, 0xfe, 0x00]), headers: { 'content-type': 'application/json' } }],
  ['a deep tower', { body: '['.repeat(100_000), headers: { 'content-type': 'application/json' } }],
])('a sign-in with %s', async (_case, init) => {
  const response = await fetch(`${server.url}/api/auth/login`, { method: 'POST', ...init });
  expectRefused(response.status, await response.json(), init);
});

test('a body over the limit is TOO_LARGE, for a stranger not even read', async () => {
  const body = JSON.stringify({ text: 'x'.repeat(2_000_000) });
  const send = (headers: Record<string, string>) =>
    fetch(`${server.url}/api/conversations/${randomUUID()}/messages`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const large = await send({ authorization: `Bearer ${ada.accessToken}` });
  expect(large.status).toBe(413);
  expect(failureSchema.parse(await large.json()).error.code).toBe('TOO_LARGE');
  expect((await send({})).status).toBe(401);
});

test.each([
  '/api/nothing',
  '/api/%',
  '/api/users/%ff',
  '/api/me/',
  '/API/ME',
  '//',
  '/socket.io/?EIO=4&transport=polling',
])('the address %s', async (path) => {
  const response = await fetch(`${server.url}${path}`);
  figures.http += 1;
  if (response.status >= 500) figures.serverErrors += 1;
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
});

async function expectFrameRefused(name: string, payload: unknown): Promise<void> {
  figures.socket += 1;
  const isAnswered = !(name in clientEvents) || clientEvents[name as ClientEventName].answer !== null;
  if (isAnswered) {
    const ack = await socket.rawAck(name, payload);
    const refused = z.strictObject({ ok: z.literal(false), error: errorBodySchema }).safeParse(ack);
    if (refused.success && refused.data.error.code === 'INTERNAL') figures.serverErrors += 1;
    expect(refused.success && refused.data.error.code, JSON.stringify([name, payload, ack])).toMatch(
      /^(BAD_REQUEST|TOO_LARGE|FENCED)$/,
    );
  } else socket.raw.emit(name, payload);
}

test.each(Object.keys(clientEvents) as ClientEventName[])('frames of %s', async (name) => {
  const isInvalid = (payload: unknown): boolean =>
    !clientEvents[name].request.safeParse(throughJson(payload)).success;
  const payloads = badPayloads(eventExamples[name], isInvalid, PER_EVENT, SEED);
  const errorsBefore = socket.count('connection:error');
  await inBatches(payloads, (payload) => expectFrameRefused(name, payload));
  if (clientEvents[name].answer === null) {
    await socket.rawAck('sync:heads', {});
    await sleep(100);
    expect(socket.count('connection:error') - errorsBefore).toBe(payloads.length);
  }
});

test.each(Object.keys(opVariants))('ops like %s', async (name) => {
  const isInvalid = (payload: unknown): boolean => !opSchema.safeParse(throughJson(payload)).success;
  const lane = randomUUID();
  await inBatches(badPayloads(opVariants[name], isInvalid, PER_OP, SEED), async (op) => {
    figures.socket += 1;
    const ack = z
      .object({
        ok: z.literal(true),
        value: z.object({ results: z.array(z.object({ ok: z.boolean(), code: z.string() })) }),
      })
      .parse(await socket.rawAck('ops:submit', { fence: socket.fence, lane, ops: [op] }));
    if (ack.value.results[0]?.code === 'INTERNAL') figures.serverErrors += 1;
    expect(ack.value.results[0], JSON.stringify(op)).toMatchObject({
      ok: false,
      code: expect.stringMatching(/^(BAD_REQUEST|TOO_LARGE)$/) as string,
    });
  });
});

test.each([
  '',
  'disconnecting',
  'error',
  'connect',
  '__proto__',
  'constructor',
  'x'.repeat(10_000),
  'newListener',
])('an event called %j', async (name) => {
  figures.socket += 1;
  // The client library refuses to send reserved names itself; the frame is written by hand.
  const raw = await rawSocket();
  raw.send(`42["${name}",{}]`);
  await sleep(50);
  raw.close();
});

/** A websocket that is connected to the namespace but bound to no library's rules. */
async function rawSocket(): Promise<WebSocket> {
  const raw = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const auth = {
    token: ada.accessToken,
    protocol: 1,
    deviceId: ada.deviceId,
    instance: randomUUID(),
    appVersion: 'raw',
  };
  await new Promise((resolve) => raw.addEventListener('open', resolve));
  raw.send(`40${JSON.stringify(auth)}`);
  await sleep(30);
  return raw;
}

test('bytes that are not the protocol', async () => {
  const rubbish = [
    '42',
    '42[',
    '42[]',
    '42[1]',
    '42{}',
    '42null',
    '42["hello"',
    '420["hello"]',
    '429999999999999["hello",{}]',
    '43[]',
    '4999',
    '451-["hello",{"_placeholder":true,"num":0}]',
    '451-["hello",{"_placeholder":true,"num":9}]',
    '45999999999-["hello"]',
    '461-0[]',
    '49',
    '4',
    '5',
    '6',
    '9',
    '',
    '0{}',
    '1',
    '2probe',
    '40',
    '40{',
    '40[]',
    '40"x"',
    '41',
    '44{"message":"x"}',
    '42/other,["hello",{}]',
    '42["hello",{}',
    '42["\\u0000"]',
    `42[${'['.repeat(5_000)}`,
    '42["hello",{"__proto__":{"x":1}}]',
  ];
  for (const text of rubbish) {
    figures.socket += 1;
    const raw = await rawSocket();
    raw.send(text);
    raw.send(new Uint8Array([4, 2, 0, 255]));
    await sleep(10);
    raw.close();
  }
});

test('connections that are not even HTTP', async () => {
  const port = Number(new URL(server.url).port);
  const attempts = [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET /${'x'.repeat(90_000)} HTTP/1.1\r\n\r\n`,
    'POST /api/me HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    '\u0016\u0003\u0001',
  ];
  for (const text of attempts) {
    figures.http += 1;
    await new Promise<void>((resolve) => {
      const tcp = connectTcp(port, '127.0.0.1', () => tcp.write(text));
      tcp.on('error', () => undefined).on('close', () => resolve());
      tcp.resume();
      setTimeout(() => tcp.destroy(), 200);
    });
  }
});

test('afterwards nothing has changed, nothing crashed, and everything works', async () => {
  expect(figures.http + figures.socket).toBeGreaterThanOrEqual(10_000);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  figures.crashes += [...metrics.matchAll(/^curlew_crashes_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  expect({ crashes: figures.crashes, unhandled }).toEqual({ crashes: 0, unhandled: [] });
  expect(figures.serverErrors).toBe(0);
  expect(await state()).toEqual(before);
  const again = await connectAndHello(server.url, ada);
  await again.ask('sync:heads', {});
  again.close();
  await call(server.url, 'me', { token: ada.accessToken });
});

/** A payload as the other side sees it. */
function throughJson(payload: unknown): unknown {
  const text = JSON.stringify(payload);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** A lone surrogate has no place in an address; it is replaced as an encoder would. */
function encodable(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}
