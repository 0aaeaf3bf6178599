/** `Idempotency-Key` on writes that are no ops: done once, answered alike, sealed at rest. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, refusal } from '../testing/http-client.ts';
import { founder, GOOD_PASSWORD, invite, newDevice, type Person } from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
});
afterAll(() => server.stop());

const makeInvite = (key: string | undefined, body: object = { maxUses: 3 }) => ({
  token: ada.accessToken,
  params: { id: ada.orgId },
  body,
  key,
});
const invites = () => server.database.prisma.invite.count();

test('a request repeated with its key is carried out once and answered alike; without a key twice', async () => {
  const before = await invites();
  const key = randomUUID();
  const first = await call(server.url, 'createInvite', makeInvite(key));
  expect(await call(server.url, 'createInvite', makeInvite(key))).toEqual(first);
  expect(await invites()).toBe(before + 1);
  await call(server.url, 'createInvite', makeInvite(undefined));
  await call(server.url, 'createInvite', makeInvite(undefined));
  expect(await invites()).toBe(before + 3);
});

test('a key names one request: another body, or another path, is refused', async () => {
  const key = randomUUID();
  await call(server.url, 'createInvite', makeInvite(key));
  const before = await invites();
  expect(await refusal(server.url, 'createInvite', makeInvite(key, { maxUses: 4 }))).toMatchObject({
    status: 422,
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  const elsewhere = { token: ada.accessToken, params: { code: 'AAAA-BBBB-CCCC-DDDD' }, key };
  expect(await refusal(server.url, 'acceptInvite', elsewhere)).toMatchObject({ status: 422 });
  expect(await invites()).toBe(before);
});

test('of many copies sent at once one is carried out, and the others get its answer or are asked to wait', async () => {
  const before = await invites();
  const key = randomUUID();
  const ask = () =>
    call(server.url, 'createInvite', makeInvite(key)).then(
      ({ id }) => id,
      (error: unknown) => String(error).match(/IDEMPOTENCY_KEY_IN_USE/)?.[0],
    );
  const answers = new Set(await Promise.all(Array.from({ length: 8 }, ask)));
  expect(await invites()).toBe(before + 1);
  answers.delete('IDEMPOTENCY_KEY_IN_USE');
  expect(answers.size).toBe(1);
});

test('a refusal is not kept, an interrupted request is carried out again after a minute, all ends after a day', async () => {
  const key = randomUUID();
  const inviteCode = await invite(server, ada, ada.orgId);
  const body = { email: `${key}@example.org`, password: 'short', name: 'Bob', inviteCode, ...newDevice() };
  expect(await refusal(server.url, 'register', { key, body })).toMatchObject({ code: 'PASSWORD_WEAK' });
  const good = { key, body: { ...body, password: GOOD_PASSWORD } };
  const session = await call(server.url, 'register', good);
  expect(await call(server.url, 'register', good)).toEqual(session);

  await server.database.prisma.idempotencyKey.updateMany({ data: { answer: null } });
  expect(await refusal(server.url, 'register', good)).toMatchObject({
    status: 409,
    code: 'IDEMPOTENCY_KEY_IN_USE',
    retryMs: 1_000,
  });
  server.clock.aheadMs = 61_000;
  expect(await refusal(server.url, 'register', good)).toMatchObject({ code: 'EMAIL_TAKEN' });

  server.clock.aheadMs = 0;
  const later = randomUUID();
  const first = await call(server.url, 'createInvite', makeInvite(later));
  await server.database.prisma.idempotencyKey.updateMany({
    data: { createdAt: new Date(Date.now() - 24 * 3_600_000 - 1) },
  });
  expect((await call(server.url, 'createInvite', makeInvite(later))).id).not.toBe(first.id);
});

test('the table gives away neither keys nor answers', async () => {
  const key = randomUUID();
  const { code } = await call(server.url, 'createInvite', makeInvite(key));
  const rows = await server.database.prisma.idempotencyKey.findMany();
  const bytes = Buffer.concat(rows.flatMap(({ id, fingerprint, answer }) => [id, fingerprint, answer ?? id]));
  for (const secret of [key, code, ada.userId]) expect(bytes.includes(secret)).toBe(false);
});
