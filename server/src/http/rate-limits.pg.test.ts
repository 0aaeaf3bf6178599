/** Rate limits as shipped: who guesses waits, who works does not, and the answer says how long. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, request } from '../testing/http-client.ts';
import { founder, GOOD_PASSWORD, newDevice, type Person } from '../testing/people.ts';
import { connect, ConnectError } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };

beforeAll(async () => {
  // Behind one proxy, so that each test comes from an address of its own.
  server = await startTestServer({ rateLimitFactor: 1, trustProxy: 1 });
  ada = await founder(server);
});
afterAll(() => server.stop());

async function login(email: string, password: string, address: string): Promise<Response> {
  return fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ email, password, ...newDevice() }),
  });
}

test('guessing one password is slowed down whatever address it comes from', async () => {
  const email = `${randomUUID()}@example.org`;
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    statuses.push((await login(email, 'not the password', `198.51.100.${attempt}`)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
});

test('one address cannot try one password on many accounts; another address is not held up', async () => {
  let last: Response | undefined;
  for (let attempt = 0; attempt < 61; attempt += 1) {
    last = await login(`${randomUUID()}@example.org`, 'password of the year', '203.0.113.7');
  }
  expect(last?.status).toBe(429);
  const body = (await last?.json()) as { error: { code: string; retryMs: number } };
  expect(body.error.code).toBe('RATE_LIMITED');
  expect(body.error.retryMs).toBeGreaterThan(0);
  expect(Number(last?.headers.get('retry-after'))).toBe(Math.ceil(body.error.retryMs / 1000));
  expect((await login(ada.email, GOOD_PASSWORD, '203.0.113.8')).status).toBe(200);
});

test('registrations and password changes have limits of their own', async () => {
  const body = {
    email: `${randomUUID()}@example.org`,
    password: GOOD_PASSWORD,
    name: 'X',
    ...newDevice(),
    inviteCode: 'none',
  };
  const codes: string[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1)
    codes.push((await refusal(server.url, 'register', { body })).code);
  expect(codes.at(-1)).toBe('RATE_LIMITED');
  const change = { currentPassword: 'not the password', newPassword: 'difference engine no. 2' };
  const changes: string[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) {
    changes.push(
      (await refusal(server.url, 'changePassword', { token: ada.accessToken, body: change })).code,
    );
  }
  expect(changes).toEqual([...Array.from({ length: 5 }, () => 'WRONG_CREDENTIALS'), 'RATE_LIMITED']);
});

describe('floods (limits at a twentieth, so that the test is short)', () => {
  let small: TestServer;
  let bob: Person;

  beforeAll(async () => {
    small = await startTestServer({ rateLimitFactor: 0.05 });
    bob = await founder(small, 'Bob');
  });
  afterAll(() => small.stop());

  test('an account cannot flood the server with requests', async () => {
    const statuses: number[] = [];
    for (let batch = 0; batch < 8; batch += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => request(small.url, 'orgs', { token: bob.accessToken })),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.slice(0, 250).every((status) => status === 200)).toBe(true);
    expect(statuses).toContain(429);
  });

  test('nor with frames: a typed error, and the socket lives on', async () => {
    const socket = await connect(small.url, bob);
    await socket.hello();
    const acks = await Promise.all(
      Array.from({ length: 200 }, () =>
        socket.rawAck('conversation:leave', { conversationId: randomUUID() }),
      ),
    );
    const refused = acks.filter((ack) => (ack as { ok: boolean }).ok === false);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      error: { code: 'RATE_LIMITED', retryMs: expect.any(Number) as number },
    });
    expect(socket.raw.connected).toBe(true);
    socket.close();
  });

  test('nor with sockets', async () => {
    let error: unknown;
    for (let attempt = 0; attempt < 7 && error === undefined; attempt += 1) {
      error = await connect(small.url, bob).then(
        (opened) => opened.close(),
        (failure: unknown) => failure,
      );
    }
    expect(error).toBeInstanceOf(ConnectError);
    expect(error instanceof ConnectError && error.body.code).toBe('RATE_LIMITED');
  });
});

test('invitations by e-mail are limited by whoever sends them; links go on', async () => {
  const at = { token: ada.accessToken, params: { id: ada.orgId } };
  const email = 'stranger@example.org';
  const codes = await Promise.all(
    Array.from(
      { length: 101 },
      async () => (await refusal(server.url, 'createInvite', { ...at, body: { email } })).code,
    ),
  );
  // This server has no mail server; what is refused for that has been counted.
  expect(codes.filter((code) => code === 'MAIL_UNAVAILABLE')).toHaveLength(100);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(1);
  expect((await request(server.url, 'createInvite', { ...at, body: {} })).status).toBe(200);
});
