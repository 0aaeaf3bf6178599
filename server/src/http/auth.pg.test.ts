/** Registration, sign-in and passwords over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword } from '../services/passwords.ts';
import { call, refusal } from '../testing/http-client.ts';
import {
  founder,
  GOOD_PASSWORD,
  invite,
  leaveOrg,
  member,
  newDevice,
  type Person,
} from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { orgId: string };

const registration = (more: object): object => ({
  email: `${randomUUID()}@example.org`,
  password: GOOD_PASSWORD,
  name: 'Somebody',
  ...newDevice(),
  ...more,
});

beforeAll(async () => {
  server = await startTestServer();
  const before = await call(server.url, 'discovery');
  expect(before).toMatchObject({ product: 'curlew', needsSetup: true });
  ada = await founder(server);
});
afterAll(() => server.stop());

test('the set-up code works once, and only with an organisation name', async () => {
  expect(await call(server.url, 'discovery')).toMatchObject({ needsSetup: false });
  const again = registration({ setupCode: server.setupCode, orgName: 'Second' });
  expect(await refusal(server.url, 'register', { body: again })).toMatchObject({
    status: 403,
    code: 'SETUP_CODE_WRONG',
  });
  const wrong = registration({ setupCode: 'AAAA-BBBB-CCCC', orgName: 'Second' });
  expect(await refusal(server.url, 'register', { body: wrong })).toMatchObject({ code: 'SETUP_CODE_WRONG' });
  const nameless = registration({ setupCode: server.setupCode });
  expect(await refusal(server.url, 'register', { body: nameless })).toMatchObject({ code: 'BAD_REQUEST' });
});

test('without code or invite nobody gets in', async () => {
  expect(await refusal(server.url, 'register', { body: registration({}) })).toMatchObject({
    code: 'INVITE_INVALID',
  });
  const guess = registration({ inviteCode: 'ABCD-EFGH-JKMN-PQRS' });
  expect(await refusal(server.url, 'register', { body: guess })).toMatchObject({
    status: 403,
    code: 'INVITE_INVALID',
  });
});

test('the founder is the owner of the organisation, in its log too', async () => {
  const me = await call(server.url, 'me', { token: ada.accessToken });
  expect(me).toMatchObject({
    id: ada.userId,
    email: ada.email,
    name: 'Ada',
    orgs: [{ id: ada.orgId, name: 'Engines', role: 'owner' }],
  });
  const state = await call(server.url, 'logState', { token: ada.accessToken, params: { id: ada.orgId } });
  expect(state.entries).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: `role:${ada.userId}`, value: { role: 'owner' } }),
      expect.objectContaining({ key: `person:${ada.userId}`, value: { name: 'Ada' } }),
      expect.objectContaining({ key: `org:${ada.orgId}`, value: { name: 'Engines' } }),
    ]),
  );
});

test('an invite lets people in by code and by link, counts its uses and ends', async () => {
  const made = await call(server.url, 'createInvite', {
    token: ada.accessToken,
    params: { id: ada.orgId },
    body: { maxUses: 2, expiresInMs: 3_600_000 },
  });
  expect(made.url).toBe(`${server.url}/join/${made.code}`);
  await call(server.url, 'register', { body: registration({ inviteCode: made.url }) });
  await call(server.url, 'register', {
    body: registration({ inviteCode: made.code.toLowerCase().replaceAll('-', ' ') }),
  });
  const third = registration({ inviteCode: made.code });
  expect(await refusal(server.url, 'register', { body: third })).toMatchObject({ code: 'INVITE_INVALID' });
});

test('of many people taking the last use of an invite, one gets in', async () => {
  const made = await call(server.url, 'createInvite', {
    token: ada.accessToken,
    params: { id: ada.orgId },
    body: { maxUses: 1 },
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () =>
      call(server.url, 'register', { body: registration({ inviteCode: made.code }) }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('an expired invite is none', async () => {
  const made = await call(server.url, 'createInvite', {
    token: ada.accessToken,
    params: { id: ada.orgId },
    body: {},
  });
  await server.database.prisma.invite.updateMany({
    where: { maxUses: null },
    data: { expiresAt: new Date(Date.now() - 1) },
  });
  const late = registration({ inviteCode: made.code });
  expect(await refusal(server.url, 'register', { body: late })).toMatchObject({ code: 'INVITE_INVALID' });
});

test('weak passwords are refused, at registration and at change', async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  for (const password of ['short', 'password12!', '1234567890', 'aaaaaaaaaaaa', 'Qwertyuiop']) {
    const body = registration({ inviteCode, password });
    expect(await refusal(server.url, 'register', { body })).toMatchObject({
      status: 400,
      code: 'PASSWORD_WEAK',
    });
  }
  const change = { currentPassword: GOOD_PASSWORD, newPassword: 'password1234' };
  expect(await refusal(server.url, 'changePassword', { token: ada.accessToken, body: change })).toMatchObject(
    {
      code: 'PASSWORD_WEAK',
    },
  );
});

test('an address is taken whatever its case; a wrong password and an unknown address answer alike', async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  const bob = await member(server, inviteCode, 'Bob');
  const body = registration({ inviteCode, email: bob.email.toUpperCase() });
  expect(await refusal(server.url, 'register', { body })).toMatchObject({ status: 409, code: 'EMAIL_TAKEN' });
  const login = (email: string, password: string) =>
    refusal(server.url, 'login', { body: { email, password, ...newDevice() } });
  const wrong = await login(bob.email, 'not the password');
  expect(wrong).toMatchObject({ status: 401, code: 'WRONG_CREDENTIALS' });
  expect(await login('nobody@example.org', 'not the password')).toEqual(wrong);
  const session = await call(server.url, 'login', {
    body: { email: bob.email.toUpperCase(), password: GOOD_PASSWORD, ...newDevice() },
  });
  expect(session.userId).toBe(bob.userId);
});

test('a wrong password and an unknown address take the same time', async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  const bob = await member(server, inviteCode, 'Bob');
  const time = async (email: string): Promise<number> => {
    const startedAt = performance.now();
    await refusal(server.url, 'login', { body: { email, password: 'not the password', ...newDevice() } });
    return performance.now() - startedAt;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  // Interleaved, so that a busy machine slows both alike.
  for (let round = 0; round < 12; round += 1) {
    known.push(await time(bob.email));
    unknown.push(await time(`${randomUUID()}@example.org`));
  }
  // The fastest of each: what the work costs when nobody else uses the machine. Without the decoy hash it is 5 to 1.
  expect(Math.min(...known) / Math.min(...unknown)).toBeLessThan(2);
});

test('a registration that was interrupted half-way is completed by repeating it', async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  const email = `${randomUUID()}@example.org`;
  // What a crash between the account and the organisation's log leaves: an account in no organisation.
  const id = randomUUID();
  const passwordHash = await hashPassword(GOOD_PASSWORD);
  await server.database.prisma.user.create({
    data: { id, email, name: 'Carol', credential: { create: { passwordHash } } },
  });
  const wrong = registration({ inviteCode, email, password: 'another fine password' });
  expect(await refusal(server.url, 'register', { body: wrong })).toMatchObject({ code: 'EMAIL_TAKEN' });
  const again = await call(server.url, 'register', {
    body: registration({ inviteCode, email, name: 'Carol' }),
  });
  expect(again.userId).toBe(id);
  expect((await call(server.url, 'me', { token: again.accessToken })).orgs).toHaveLength(1);
});

test("a device id that is another person's is refused", async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  const body = registration({ inviteCode, deviceId: ada.deviceId });
  expect(await refusal(server.url, 'register', { body })).toMatchObject({ status: 409, code: 'ID_TAKEN' });
});

test('an account joins by invite, also after having left; joining twice changes nothing', async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  const bob = await member(server, inviteCode, 'Bob');
  await leaveOrg(server, bob, ada.orgId);
  expect((await call(server.url, 'me', { token: bob.accessToken })).orgs).toEqual([]);
  const accept = () =>
    call(server.url, 'acceptInvite', { token: bob.accessToken, params: { code: inviteCode } });
  expect(await accept()).toEqual({ id: ada.orgId, name: 'Engines', role: 'member' });
  const usesOf = async () =>
    (await server.database.prisma.invite.findMany()).reduce((sum, { uses }) => sum + uses, 0);
  const before = await usesOf();
  expect(await accept()).toEqual({ id: ada.orgId, name: 'Engines', role: 'member' });
  expect(await usesOf()).toBe(before);
});

test('a renamed person has the new name on the account and in the directory', async () => {
  const bob = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  const me = await call(server.url, 'updateMe', { token: bob.accessToken, body: { name: 'Robert' } });
  expect(me.name).toBe('Robert');
  const { users } = await call(server.url, 'users', { token: ada.accessToken, query: { query: 'rober' } });
  expect(users).toContainEqual({ id: bob.userId, name: 'Robert', orgIds: [ada.orgId] });
});

test('what administrators and owners did stands in the audit log, as ids and actions', async () => {
  const entries = await server.database.prisma.auditEntry.findMany();
  const actions = new Set(entries.map(({ action }) => action));
  for (const action of ['org.create', 'invite.create', 'org.join']) expect(actions).toContain(action);
  const founding = entries.find(({ action }) => action === 'org.create');
  expect(founding).toMatchObject({ actorId: ada.userId, orgId: ada.orgId });
  const text = JSON.stringify(entries, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  expect(text).not.toMatch(/@example\.org|Engines|Ada/);
});
