/** Refresh tokens, sessions and devices: rotation, reuse, sign-out, password change, revocation. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIdentityRepository } from '../repositories/identity-repository.ts';
import { call, refusal, request } from '../testing/http-client.ts';
import {
  founder,
  GOOD_PASSWORD,
  invite,
  member,
  newDevice,
  secondDevice,
  type Person,
} from '../testing/people.ts';
import { connect, connectAndHello, ConnectError } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const JWT_SECRET = 'a secret of the test suite, long enough';

let server: TestServer;
let inviteCode: string;

beforeAll(async () => {
  server = await startTestServer({ jwtSecret: JWT_SECRET });
  const ada = await founder(server);
  inviteCode = await invite(server, ada, ada.orgId);
});
afterAll(() => server.stop());

const newPerson = (): Promise<Person> => member(server, inviteCode, 'Person');
const trade = (refreshToken: string | undefined) => call(server.url, 'token', { body: { refreshToken } });
const refusedTrade = (refreshToken: string | undefined) =>
  refusal(server.url, 'token', { body: { refreshToken } });
const me = (token: string) => call(server.url, 'me', { token });

/** Puts the first use of every token so far in the past. */
const wait = (ms: number) =>
  server.database.writePool.query(
    `UPDATE refresh_token SET first_used_at = first_used_at - $1 * interval '1 millisecond'`,
    [ms],
  );

test('a token is traded for another one, again and again', async () => {
  const person = await newPerson();
  let token: string | undefined = person.refreshToken;
  for (let round = 0; round < 4; round += 1) {
    const renewed = await trade(token);
    expect(renewed).toMatchObject({ userId: person.userId, deviceId: person.deviceId });
    expect(renewed.refreshToken).not.toBe(token);
    await me(renewed.accessToken);
    token = renewed.refreshToken;
  }
});

test('an app that died between rotation and saving goes on with the token it has', async () => {
  const person = await newPerson();
  const lost = await trade(person.refreshToken);
  const again = await trade(person.refreshToken);
  expect(again.refreshToken).toBeDefined();
  await trade(again.refreshToken);
  // The lost successor was replaced: whoever presents it now must have taken it from somewhere.
  expect(await refusedTrade(lost.refreshToken)).toMatchObject({ status: 401, code: 'REFRESH_REUSED' });
});

test('within the grace the old token yields access but no token; later it ends the sign-in', async () => {
  const person = await newPerson();
  const second = await trade(person.refreshToken);
  const third = await trade(second.refreshToken);
  const graced = await trade(person.refreshToken);
  expect(graced.refreshToken).toBeUndefined();
  await me(graced.accessToken);
  await wait(61_000);
  expect(await refusedTrade(person.refreshToken)).toMatchObject({ code: 'REFRESH_REUSED' });
  expect(await refusedTrade(third.refreshToken)).toMatchObject({ code: 'REFRESH_REUSED' });
  expect(await refusal(server.url, 'me', { token: third.accessToken })).toMatchObject({
    status: 401,
    code: 'AUTH_REVOKED',
  });
});

test('a detected reuse closes the live socket of that sign-in', async () => {
  const person = await newPerson();
  const socket = await connectAndHello(server.url, person);
  const second = await trade(person.refreshToken);
  await trade(second.refreshToken);
  await wait(61_000);
  await refusedTrade(person.refreshToken);
  expect(await socket.next('connection:error')).toMatchObject({ code: 'AUTH_REVOKED' });
  await socket.closed();
});

test('presenting one token at once from two processes never ends the sign-in', async () => {
  const person = await newPerson();
  const answers = await Promise.all(Array.from({ length: 6 }, () => trade(person.refreshToken)));
  const last = answers.map(({ refreshToken }) => refreshToken);
  expect(last.every((token) => token !== undefined)).toBe(true);
  // Five of the six successors were replaced; the one that stands is tradable.
  const { rows } = await server.database.readPool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM refresh_token t JOIN refresh_family f ON f.id = t.family_id
      WHERE f.user_id = $1 AND t.replaced_at IS NULL AND t.parent_id IS NOT NULL`,
    [person.userId],
  );
  expect(rows[0]?.n).toBe(1);
});

test('an unknown or expired token asks to sign in', async () => {
  expect(await refusedTrade('nothing of ours')).toMatchObject({ status: 401, code: 'AUTH_REQUIRED' });
  const person = await newPerson();
  await server.database.writePool.query(
    `UPDATE refresh_token t SET expires_at = now() FROM refresh_family f WHERE f.id = t.family_id AND f.user_id = $1`,
    [person.userId],
  );
  expect(await refusedTrade(person.refreshToken)).toMatchObject({ code: 'AUTH_REQUIRED' });
});

test('signing out ends this sign-in and no other, and tells nobody whether the token was one', async () => {
  const person = await newPerson();
  const other = await secondDevice(server, person);
  await call(server.url, 'logout', { body: { refreshToken: person.refreshToken } });
  await call(server.url, 'logout', { body: { refreshToken: 'nothing of ours' } });
  expect(await refusal(server.url, 'me', { token: person.accessToken })).toMatchObject({
    code: 'AUTH_REVOKED',
  });
  const refused = await refusedTrade(person.refreshToken);
  expect(refused.code).toBe('AUTH_REVOKED');
  expect(refused.wipe).toBeUndefined();
  await me(other.accessToken);
});

test('a changed password ends the sign-ins of all other devices, within two seconds', async () => {
  const person = await newPerson();
  const other = await secondDevice(server, person);
  const otherSocket = await connectAndHello(server.url, other);
  const ownSocket = await connectAndHello(server.url, person);
  const body = { currentPassword: GOOD_PASSWORD, newPassword: 'difference engine no. 2' };
  const wrong = { ...body, currentPassword: 'not the password' };
  expect(
    await refusal(server.url, 'changePassword', { token: person.accessToken, body: wrong }),
  ).toMatchObject({
    status: 401,
    code: 'WRONG_CREDENTIALS',
  });
  await call(server.url, 'changePassword', { token: person.accessToken, body });
  expect(await otherSocket.next('connection:error')).toMatchObject({ code: 'AUTH_REVOKED' });
  expect((await otherSocket.next('connection:error')).wipe).toBeUndefined();
  expect(await refusedTrade(other.refreshToken)).toMatchObject({ code: 'AUTH_REVOKED' });
  await me(person.accessToken);
  await ownSocket.ask('sync:heads', {});
  ownSocket.close();
  const login = { email: person.email, password: GOOD_PASSWORD, ...newDevice() };
  expect(await refusal(server.url, 'login', { body: login })).toMatchObject({ code: 'WRONG_CREDENTIALS' });
  await call(server.url, 'login', { body: { ...login, password: body.newPassword } });
});

test('devices are listed, and a revoked one is out within two seconds, with or without a wipe', async () => {
  const person = await newPerson();
  for (const wipe of [false, true]) {
    const own = await connectAndHello(server.url, person);
    const lost = await secondDevice(server, person);
    await own.next('user:changed', ({ kind }) => kind === 'device');
    own.frames.length = 0;
    const socket = await connectAndHello(server.url, lost);
    const { devices } = await call(server.url, 'devices', { token: person.accessToken });
    expect(devices.filter(({ current }) => current).map(({ id }) => id)).toEqual([person.deviceId]);
    expect(devices.map(({ id }) => id)).toContain(lost.deviceId);
    expect(new Set(devices.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    await call(server.url, 'revokeDevice', {
      token: person.accessToken,
      params: { id: lost.deviceId },
      query: { wipe: String(wipe) },
    });
    const revokedAt = performance.now();
    const notice = await socket.next('connection:error');
    await socket.closed();
    await own.next('user:changed', ({ kind }) => kind === 'device');
    own.close();
    expect(performance.now() - revokedAt).toBeLessThan(2_000);
    expect(notice).toMatchObject({ code: 'AUTH_REVOKED' });
    expect(notice.wipe).toBe(wipe ? true : undefined);
    const refused = await refusedTrade(lost.refreshToken);
    expect(refused).toMatchObject({ code: 'AUTH_REVOKED' });
    expect(refused.wipe).toBe(wipe ? true : undefined);
    const handshake: unknown = await connect(server.url, lost).catch((error: unknown) => error);
    expect(handshake).toBeInstanceOf(ConnectError);
    expect(handshake instanceof ConnectError && handshake.body.wipe).toBe(wipe ? true : undefined);
    const again = await call(server.url, 'devices', { token: person.accessToken });
    expect(again.devices.find(({ id }) => id === lost.deviceId)?.revokedAt).toBeTypeOf('number');
  }
});

test('a device learns that it is to be wiped whatever had ended its sign-in before', async () => {
  const newPassword = 'difference engine no. 2';
  const endings: Readonly<Record<string, (person: Person, lost: Session) => Promise<unknown>>> = {
    password: (person) =>
      call(server.url, 'changePassword', {
        token: person.accessToken,
        body: { currentPassword: GOOD_PASSWORD, newPassword },
      }),
    reuse: async (_, lost) => {
      const first = await trade(lost.refreshToken);
      await trade(first.refreshToken);
      await wait(61_000);
      await refusedTrade(lost.refreshToken);
    },
    logout: (_, lost) => call(server.url, 'logout', { body: { refreshToken: lost.refreshToken } }),
    device: (person, lost) =>
      call(server.url, 'revokeDevice', { token: person.accessToken, params: { id: lost.deviceId } }),
  };
  for (const [reason, end] of Object.entries(endings)) {
    const person = await newPerson();
    const lost = await secondDevice(server, person);
    await end(person, lost);
    const ended = await refusal(server.url, 'me', { token: lost.accessToken });
    expect([reason, ended.code, ended.wipe]).toEqual([reason, 'AUTH_REVOKED', undefined]);
    await call(server.url, 'revokeDevice', {
      token: person.accessToken,
      params: { id: lost.deviceId },
      query: { wipe: 'true' },
    });
    const refused = await refusedTrade(lost.refreshToken);
    expect([reason, refused.code, refused.wipe]).toEqual([reason, 'AUTH_REVOKED', true]);
    // An access token that has not expired is a contact too.
    const withAccess = await refusal(server.url, 'me', { token: lost.accessToken });
    expect([reason, withAccess.code, withAccess.wipe]).toEqual([reason, 'AUTH_REVOKED', true]);
    await me(person.accessToken);
  }
});

test('a device that stays away for months still learns that it is to be wiped', async () => {
  const person = await newPerson();
  const [lost, other] = [await secondDevice(server, person), await secondDevice(server, person)];
  await call(server.url, 'revokeDevice', {
    token: person.accessToken,
    params: { id: lost.deviceId },
    query: { wipe: 'true' },
  });
  await server.database.writePool.query(
    `WITH old AS (UPDATE refresh_family SET created_at = now() - interval '1 year' WHERE device_id = ANY ($1) RETURNING id)
     UPDATE refresh_token t SET expires_at = now() - interval '200 days' FROM old WHERE t.family_id = old.id`,
    [[lost.deviceId, other.deviceId]],
  );
  await createIdentityRepository(server.database.prisma).prune(new Date());
  expect((await refusedTrade(other.refreshToken)).code).toBe('AUTH_REQUIRED');
  expect(await refusedTrade(lost.refreshToken)).toMatchObject({ code: 'AUTH_REVOKED', wipe: true });
});

test('whoever knows the password may sign in on a revoked device again, and is not wiped', async () => {
  const person = await newPerson();
  const lost = await secondDevice(server, person);
  await call(server.url, 'revokeDevice', {
    token: person.accessToken,
    params: { id: lost.deviceId },
    query: { wipe: 'true' },
  });
  const back = await call(server.url, 'login', {
    body: {
      email: person.email,
      password: GOOD_PASSWORD,
      deviceId: lost.deviceId,
      deviceName: 'found again',
    },
  });
  const socket = await connectAndHello(server.url, back);
  socket.close();
});

test("another person's device is as unknown as one that does not exist", async () => {
  const person = await newPerson();
  const stranger = await newPerson();
  const revoke = (id: string) =>
    refusal(server.url, 'revokeDevice', { token: person.accessToken, params: { id } });
  const unknown = await revoke(randomUUID());
  expect(unknown).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(await revoke(stranger.deviceId)).toEqual(unknown);
  await me(stranger.accessToken);
});

test('access tokens are pinned to algorithm, issuer, audience and secret, and expire', async () => {
  const person = await newPerson();
  const claims = { did: person.deviceId, sid: randomUUID() };
  const make = (over: {
    iss?: string;
    aud?: string;
    exp?: number;
    alg?: string;
    secret?: string;
    sub?: string;
  }) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: over.alg ?? 'HS256' })
      .setSubject(over.sub ?? person.userId)
      .setIssuer(over.iss ?? 'curlew')
      .setAudience(over.aud ?? 'curlew-client')
      .setIssuedAt()
      .setExpirationTime(over.exp ?? Math.floor(Date.now() / 1000) + 60)
      .sign(new TextEncoder().encode(over.secret ?? JWT_SECRET));
  await me(await make({}));
  const unsigned = [{ alg: 'none' }, { sub: person.userId, iss: 'curlew', aud: 'curlew-client', ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  for (const token of [
    await make({ iss: 'somebody' }),
    await make({ aud: 'something' }),
    await make({ alg: 'HS512' }),
    await make({ secret: 'another secret, also long enough to sign' }),
    await make({ sub: 'not-an-id' }),
    `${unsigned}.`,
    'rubbish',
    '',
  ]) {
    expect(await refusal(server.url, 'me', { token })).toMatchObject({ status: 401, code: 'AUTH_REQUIRED' });
  }
  const expired = await make({ exp: Math.floor(Date.now() / 1000) - 1 });
  expect(await refusal(server.url, 'me', { token: expired })).toMatchObject({
    status: 401,
    code: 'AUTH_EXPIRED',
  });
  expect(await request(server.url, 'me')).toMatchObject({ status: 401 });
});
