/** The session through disks that take no more, and through answers that come after an account was closed. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { FromCore } from '../ipc/core-port.ts';
import { Core } from './core.ts';
import { nodeClock, nodeRandom, nodeTimers } from './node-ports.ts';
import { AccountRegistry } from './session/account-registry.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import type { Transport } from './transport/transport-types.ts';

const account = {
  accountId: '00000000-0000-7000-8000-0000000000a0',
  serverUrl: 'https://chat.example.org',
  userId: '00000000-0000-7000-8000-0000000000a1',
  deviceId: '00000000-0000-7000-8000-0000000000a2',
  email: 'ada@example.org',
  name: 'Ada',
  orgs: [],
  needsSignIn: false,
};

/** Refuses connections with AUTH_REVOKED; its answers over HTTP are the test's. */
function answering(answer: (name: string) => Promise<Result<unknown, ErrorBody>>): Transport {
  return { ...refusing('AUTH_REVOKED'), call: (name) => answer(name) as Promise<never> };
}

let dataDir = '';
let core: CoreDriver | undefined;
const file = (): string => join(dataDir, 'accounts.json');
/** No other file can be written over a folder, whoever runs the test. */
const blockWrites = (): void => mkdirSync(`${file()}.new`);
const sessionOf = async (driver: CoreDriver): Promise<unknown> => (await driver.view('session', {})).meta;

const conversationId = '00000000-0000-7000-8000-0000000000c0';
/** A server at which everybody signs in as `user`; then the network is gone. */
function signingIn(user = account): Transport {
  const { userId, deviceId, email, name } = user;
  const session = { userId, deviceId, accessToken: 'access', expiresAtMs: 0, refreshToken: 'refresh' };
  const call = (route: string): Promise<Result<unknown, ErrorBody>> => {
    if (route === 'login') return Promise.resolve(ok(session));
    return Promise.resolve(
      route === 'me' ? ok({ id: userId, email, name, orgs: [] }) : err(errorBody('OFFLINE')),
    );
  };
  return { ...refusing('OFFLINE'), call: call as Transport['call'] };
}
const signIn = { serverUrl: account.serverUrl, email: account.email, password: 'secret' };
const folders = (): readonly string[] => readdirSync(join(dataDir, 'accounts'));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-session-'));
  new AccountRegistry(dataDir, 0).putCurrent(account);
});
afterEach(() => {
  core?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('goes on when accounts.json cannot be written, and says that the change holds for this run', async () => {
  blockWrites();
  const driver = (core = new CoreDriver(dataDir, refusing('AUTH_REVOKED')));
  await vi.waitFor(async () =>
    expect(await sessionOf(driver)).toMatchObject({
      state: 'active',
      needsSignIn: true,
      notices: [{ kind: 'accountUnsaved' }],
    }),
  );
  expect(driver.said).toContainEqual(expect.objectContaining({ event: 'accounts.unwritable' }));
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ accounts: [{ needsSignIn: false }] });
});

it('signs out although accounts.json cannot be written', async () => {
  const driver = (core = new CoreDriver(dataDir, refusing('OFFLINE')));
  blockWrites();
  expect(await driver.intent('session.signOut', { ifUnsent: 'drop' })).toEqual(
    ok({ signedOut: true, wouldLose: { messages: 0, drafts: 0, changes: 0 } }),
  );
  expect(await sessionOf(driver)).toMatchObject({ state: 'none' });
});

it('writes accounts.json only when something changed, and takes the notice back when it could', async () => {
  const said: FromCore[] = [];
  const ports = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const direct = new Core(
    { ...ports, post: (message) => void said.push(message), createTransport: () => refusing('OFFLINE') },
    {},
  );
  const config = { dataDir, appVersion: 'test', deviceName: 'test', defaultServerUrl: null };
  direct.receive({ type: 'start', config });
  blockWrites();
  const failures = (): number =>
    said.filter((it) => it.type === 'log' && it.event === 'accounts.unwritable').length;
  const notices = (): unknown => direct.volatile.session();
  direct.updateAccount({ name: 'Ada', orgs: [] });
  expect(failures()).toBe(0);
  direct.updateAccount({ name: 'Ada Lovelace' });
  expect(failures()).toBe(1);
  rmSync(`${file()}.new`, { recursive: true });
  // The server says the same again: what is not on disk yet is written now.
  direct.updateAccount({ name: 'Ada Lovelace' });
  expect(new AccountRegistry(dataDir, 0).current()?.name).toBe('Ada Lovelace');
  expect(notices()).toMatchObject({ name: 'Ada Lovelace', notices: [] });
  direct.receive({ type: 'stop' });
});

it('a closed account says nothing more: neither as session nor as devices', async () => {
  const waiting: (() => void)[] = [];
  const renewed = { accessToken: 'access', expiresAtMs: Date.now() + 600_000, refreshToken: 'next' };
  const transport = answering((name) =>
    name === 'token'
      ? new Promise((resolve) => void waiting.push(() => resolve(ok(renewed))))
      : Promise.resolve(err(errorBody('OFFLINE'))),
  );
  let isLocked = false;
  const driver = (core = new CoreDriver(dataDir, transport, (request) =>
    Promise.resolve(
      isLocked ? err(errorBody('KEYRING_MISSING')) : ok(request.port === 'keyring.get' ? 'refresh' : null),
    ),
  ));
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  await driver.view('devices', {});
  await driver.intent('session.signOut', { ifUnsent: 'drop' });
  isLocked = true;
  for (const answer of waiting) answer();
  await new Promise((resolve) => void setTimeout(resolve, 20));
  expect(await sessionOf(driver)).toMatchObject({ state: 'none' });
  expect((await driver.view('devices', {})).meta).toMatchObject({ state: 'loading' });
});

it('an account that was closed while its sign-in was saved does not come up as the session', async () => {
  const { userId, deviceId, email, name } = account;
  const session = { userId, deviceId, accessToken: 'access', expiresAtMs: 0, refreshToken: 'refresh' };
  const transport = answering((route) => {
    if (route === 'login') return Promise.resolve(ok(session));
    return Promise.resolve(route === 'me' ? ok({ id: userId, email, name, orgs: [] }) : ok({}));
  });
  let save: (() => void) | undefined;
  const driver = (core = new CoreDriver(dataDir, transport, (request) => {
    if (request.port !== 'keyring.set') return Promise.resolve(ok(null));
    return new Promise((resolve) => void (save = () => resolve(ok(null))));
  }));
  const signedIn = driver.intent('session.signIn', signIn);
  await vi.waitFor(() => expect(save).toBeDefined());
  await driver.intent('session.signOut', { ifUnsent: 'drop' });
  save?.();
  await signedIn;
  expect(await sessionOf(driver)).toMatchObject({ state: 'none' });
});

it.each([
  ['half of it', () => truncateSync(file(), 40)],
  ['nothing', () => truncateSync(file(), 0)],
  ['a newer version', () => writeFileSync(file(), '{"version":2}')],
])(
  'accounts.json with %s in it is set aside, and signing in again finds the outbox it left',
  async (_what, hurt) => {
    const before = new CoreDriver(dataDir, refusing('OFFLINE'));
    await before.intent('message.send', { conversationId, text: 'unsent', replyTo: null });
    before.stop();
    hurt();
    const damaged = readFileSync(file(), 'utf8');
    const driver = (core = new CoreDriver(dataDir, signingIn()));
    expect(await sessionOf(driver)).toMatchObject({ state: 'none' });
    expect(driver.said).toContainEqual(expect.objectContaining({ event: 'accounts.unreadable' }));
    const aside = readdirSync(dataDir).filter((name) => name.startsWith('accounts.json.damaged'));
    expect(aside.map((name) => readFileSync(join(dataDir, name), 'utf8'))).toEqual([damaged]);
    expect((await driver.intent('session.signIn', signIn)).ok).toBe(true);
    expect(folders()).toEqual([account.accountId]);
    expect(await driver.texts(conversationId)).toEqual(['unsent']);
  },
);

it('another person, or the same one at another server, gets a folder of their own', async () => {
  const before = new CoreDriver(dataDir, refusing('OFFLINE'));
  await before.intent('message.send', { conversationId, text: 'unsent', replyTo: null });
  before.stop();
  rmSync(file());
  const other = { ...account, userId: '00000000-0000-7000-8000-0000000000b1' };
  const first = new CoreDriver(dataDir, signingIn(other));
  expect((await first.intent('session.signIn', signIn)).ok).toBe(true);
  expect(await first.texts(conversationId)).toEqual([]);
  first.stop();
  const driver = (core = new CoreDriver(dataDir, signingIn()));
  const elsewhere = { ...signIn, serverUrl: 'https://other.example.org' };
  expect((await driver.intent('session.signIn', elsewhere)).ok).toBe(true);
  expect(await driver.texts(conversationId)).toEqual([]);
  expect(folders()).toHaveLength(3);
  expect((await driver.intent('session.signIn', signIn)).ok).toBe(true);
  expect(await driver.texts(conversationId)).toEqual(['unsent']);
});

it('a folder whose outbox.db is damaged is found by its copy', async () => {
  for (const text of ['copied', 'later']) {
    const before = new CoreDriver(dataDir, refusing('OFFLINE'));
    await before.intent('message.send', { conversationId, text, replyTo: null });
    before.stop();
  }
  rmSync(file());
  writeFileSync(join(dataDir, 'accounts', account.accountId, 'outbox.db'), 'x'.repeat(8_192));
  const driver = (core = new CoreDriver(dataDir, signingIn()));
  expect((await driver.intent('session.signIn', signIn)).ok).toBe(true);
  expect(folders()).toEqual([account.accountId]);
  expect(await sessionOf(driver)).toMatchObject({ notices: [{ kind: 'outboxFromCopy' }] });
});

it('signing out with an export saves every text first, and stays when there is no place or more was written', async () => {
  const saving: ((answer: unknown) => void)[] = [];
  let texts: unknown;
  const driver = (core = new CoreDriver(dataDir, refusing('OFFLINE'), (request) => {
    if (request.port !== 'unsent.save') return Promise.resolve(ok(null));
    texts = request.texts;
    return new Promise((resolve) => void saving.push(resolve));
  }));
  const signOut = async (
    answer: unknown,
    meanwhile = async (): Promise<void> => undefined,
  ): Promise<unknown> => {
    const signedOut = driver.intent('session.signOut', { ifUnsent: 'export' });
    await vi.waitFor(() => expect(saving).toHaveLength(1));
    await meanwhile();
    saving.pop()?.(answer);
    return signedOut;
  };
  const send = (text: string): Promise<unknown> =>
    driver.intent('message.send', { conversationId, text, replyTo: null });
  await send('unsent');
  await driver.intent('draft.save', { conversationId, draft: { text: 'half', replyTo: null } });
  expect(await signOut(ok(false))).toMatchObject({ value: { signedOut: false } });
  expect(await signOut(err(errorBody('DISK_FULL')))).toMatchObject({ error: { code: 'DISK_FULL' } });
  expect(await signOut(ok(true), async () => void (await send('more')))).toMatchObject({
    value: { signedOut: false, wouldLose: { messages: 2, drafts: 0, changes: 0 } },
  });
  expect(await sessionOf(driver)).toMatchObject({ state: 'active' });
  expect(await signOut(ok(true))).toMatchObject({ value: { signedOut: true } });
  expect(texts).toMatchObject([{ text: 'unsent' }, { text: 'more' }]);
  expect(await sessionOf(driver)).toMatchObject({ state: 'none' });
});
