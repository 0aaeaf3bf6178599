/** Several accounts with the real core in each, on folders of their own; the servers are the test's. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { err, must, ok, type Result } from '@curlew/shared/lib/result.ts';
import { createCore } from '../core/create-core.ts';
import { nodeClock, nodeRandom, nodeTimers } from '../core/node-ports.ts';
import { accountDir, AccountRegistry } from '../core/session/account-registry.ts';
import { refusing } from '../core/testing/core-driver.ts';
import type { Transport } from '../core/transport/transport-types.ts';
import type { AccountsMeta } from '../ipc/accounts.ts';
import type { EnvironmentEvent, PortRequest, ToCore } from '../ipc/core-port.ts';
import { Accounts } from './accounts.ts';
import { CoreHost } from './core-host.ts';
import { OwnViews } from './own-views.ts';

const serverOne = 'https://one.example.org';
const serverTwo = 'https://two.example.org';
const people: Record<string, { userId: string; name: string }> = {
  [serverOne]: { userId: '00000000-0000-7000-8000-0000000000a1', name: 'Ada at one' },
  [serverTwo]: { userId: '00000000-0000-7000-8000-0000000000b1', name: 'Ada at two' },
};
const deviceId = '00000000-0000-7000-8000-0000000000d1';
const email = 'ada@example.org';
const conversationId = '00000000-0000-7000-8000-0000000000c0';

/** A server at which Ada signs in; the network is gone afterwards. */
function serverAt(serverUrl: string): Transport {
  const { userId, name } = must(people[serverUrl], 'one of the two servers');
  const session = { userId, deviceId, accessToken: 'access', expiresAtMs: 0, refreshToken: 'refresh' };
  const call = (route: string): Promise<Result<unknown, ErrorBody>> => {
    if (route === 'login') return Promise.resolve(ok(session));
    return Promise.resolve(
      route === 'me' ? ok({ id: userId, email, name, orgs: [] }) : err(errorBody('OFFLINE')),
    );
  };
  return { ...refusing('OFFLINE'), call: call as Transport['call'] };
}

let profileDir = '';
let last = '1';
let opened: Accounts[] = [];

/** The app's accounts on this profile, as a start would open them. */
function start() {
  const secrets = new Map<string, string>();
  const views = new OwnViews();
  const loads: string[] = [];
  /** What each core was told of machine and windows. */
  const told: Record<string, EnvironmentEvent[]> = {};
  let meta: AccountsMeta = { current: '', accounts: [] };
  let viewIds = 0;
  const answerPort = (request: PortRequest): Promise<unknown> => {
    if (request.port === 'keyring.set') secrets.set(request.account, request.secret);
    if (request.port === 'keyring.delete') secrets.delete(request.account);
    return Promise.resolve(
      ok(request.port === 'keyring.get' ? (secrets.get(request.account) ?? null) : null),
    );
  };
  const createHost = (slot: string, dataDir: string): CoreHost =>
    new CoreHost(
      {
        start(events) {
          const core = createCore({
            clock: nodeClock,
            timers: nodeTimers,
            random: nodeRandom,
            createTransport: (serverUrl) => serverAt(serverUrl),
            // As over a thread: never while the core is still at it.
            post: (message) => queueMicrotask(() => events.onMessage(message)),
          });
          const post = (message: ToCore): void => {
            if (message.type === 'environment') (told[slot] ??= []).push(message.event);
            core.receive(message);
          };
          return { post, terminate: () => Promise.resolve() };
        },
        config: { dataDir, appVersion: 'test', deviceName: 'test', defaultServerUrl: null },
        answerPort,
        toWindow: (_windowId, changes) => views.receive(changes),
        onFact: (fact) => accounts.note(slot, fact),
        onCrash: () => {},
        after: (delayMs, run) => {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
        nowMs: () => performance.now(),
        log: () => {},
      },
      () => (viewIds += 1),
    );
  const accounts: Accounts = new Accounts({
    profileDir,
    views,
    createHost,
    last: {
      get: () => last,
      keep(slot) {
        last = slot;
      },
    },
    loadPage: () => loads.push(accounts.current),
    publish: (next) => {
      meta = next;
    },
    opened: () => {},
  });
  opened.push(accounts);
  accounts.start();
  const signIn = (serverUrl: string) =>
    accounts.intent(1, 'session.signIn', { serverUrl, email, password: 'secret' });
  const names = () => meta.accounts.map(({ name }) => name);
  return { accounts, signIn, secrets, loads, told, names, meta: () => meta };
}

/** Both of Ada's accounts, the second one in sight. */
async function startWithTwo(): Promise<ReturnType<typeof start>> {
  const started = start();
  expect(await started.signIn(serverOne)).toMatchObject({ ok: true });
  await expect.poll(started.names).toEqual(['Ada at one']);
  started.accounts.add();
  expect(await started.signIn(serverTwo)).toMatchObject({ ok: true });
  await expect.poll(started.names).toEqual(['Ada at one', 'Ada at two']);
  return started;
}

beforeEach(() => {
  profileDir = mkdtempSync(join(tmpdir(), 'curlew-accounts-'));
  last = '1';
  opened = [];
});
afterEach(async () => {
  for (const accounts of opened) await accounts.stop();
  rmSync(profileDir, { recursive: true, force: true });
});

describe('the accounts of a profile', () => {
  it('opens a profile made for one account as it lies there', async () => {
    const account = {
      accountId: '00000000-0000-7000-8000-0000000000a0',
      serverUrl: serverOne,
      userId: must(people[serverOne], 'a server').userId,
      deviceId,
      email,
      name: 'Ada of old',
      orgs: [],
      needsSignIn: false,
    };
    new AccountRegistry(profileDir, 0).putCurrent(account);
    const { names, accounts } = start();
    await expect.poll(names).toEqual(['Ada of old']);
    expect(accounts.current).toBe('1');
    expect(existsSync(join(accountDir(profileDir, account.accountId), 'outbox.db'))).toBe(true);
    expect(readdirSync(profileDir)).not.toContain('more-accounts');
  });

  it('gives each account its own files, keyring entry and core, and all are open at once', async () => {
    const { secrets, meta } = await startWithTwo();
    expect(meta()).toMatchObject({
      current: '2',
      accounts: [
        { id: '1', serverUrl: serverOne },
        { id: '2', serverUrl: serverTwo },
      ],
    });
    const [one = ''] = readdirSync(join(profileDir, 'accounts'));
    const [two = ''] = readdirSync(join(profileDir, 'more-accounts/2/accounts'));
    expect(one).not.toBe(two);
    expect([...secrets.keys()].toSorted()).toEqual([one, two].toSorted());
    const registry = (folder: string) => readFileSync(join(profileDir, folder, 'accounts.json'), 'utf8');
    expect(registry('.')).not.toContain(serverTwo);
    expect(registry('more-accounts/2')).not.toContain(serverOne);
  });

  it('comes back with both after a restart, the one shown last in sight', async () => {
    const before = await startWithTwo();
    before.accounts.show('1');
    before.accounts.show('2');
    await before.accounts.stop();
    const { names, accounts } = start();
    await expect.poll(names).toEqual(['Ada at one', 'Ada at two']);
    expect(accounts.current).toBe('2');
  });

  it('keeps what is written in one out of the other', async () => {
    const { accounts } = await startWithTwo();
    const [one, two] = ['1', '2'].map((slot) => must(accounts.coreOf(slot), 'the slot is open'));
    const draft = { conversationId, draft: { text: 'only in one', replyTo: null } };
    expect(await one?.intent(1, 'draft.save', draft)).toMatchObject({ ok: true });
    const signOut = { ifUnsent: 'ask' } as const;
    expect(await one?.intent(1, 'session.signOut', signOut)).toMatchObject({
      ok: true,
      value: { signedOut: false, wouldLose: { drafts: 1 } },
    });
    expect(await two?.intent(1, 'session.signOut', signOut)).toMatchObject({
      ok: true,
      value: { signedOut: true, wouldLose: { drafts: 0 } },
    });
  });

  it('loads another page for another account, and tells the one that is left that nobody looks', async () => {
    const { accounts, loads, told } = await startWithTwo();
    const focus = { kind: 'windowFocusChanged', windowId: 1, isFocused: true } as const;
    accounts.environment(focus);
    accounts.environment({ kind: 'resumed' });
    expect(told).toEqual({ 1: [{ kind: 'resumed' }], 2: [focus, { kind: 'resumed' }] });
    expect(accounts.show('1')).toBe(true);
    expect(accounts.show('9')).toBe(false);
    expect(told['1']?.at(-1)).toEqual(focus);
    expect(told['2']?.at(-1)).toEqual({ kind: 'windowClosed', windowId: 1 });
    expect(loads).toEqual(['2', '1']);
    expect(last).toBe('1');
  });

  it('leaves the others when one signs out, and shows one of them', async () => {
    const { accounts, names, secrets } = await startWithTwo();
    expect(await accounts.intent(1, 'session.signOut', { ifUnsent: 'ask' })).toMatchObject({
      ok: true,
      value: { signedOut: true },
    });
    await expect.poll(names).toEqual(['Ada at one']);
    expect(accounts.current).toBe('1');
    expect(last).toBe('1');
    expect([...secrets.keys()]).toEqual(readdirSync(join(profileDir, 'accounts')));
    await accounts.stop();
    const again = start();
    await expect.poll(again.names).toEqual(['Ada at one']);
    expect(readdirSync(join(profileDir, 'more-accounts'))).toEqual([]);
  });

  it('does not open the same account twice', async () => {
    const { accounts, signIn, names } = await startWithTwo();
    accounts.add();
    expect(accounts.current).toBe('3');
    await signIn(serverOne);
    await expect.poll(() => accounts.current).toBe('1');
    await expect.poll(names).toEqual(['Ada at one', 'Ada at two']);
    accounts.add();
    expect(accounts.current).toBe('3');
  });

  it('finds the account of a server, and says when there is none', async () => {
    const { accounts } = await startWithTwo();
    expect(await accounts.onServer(serverOne)).toBe('1');
    expect(await accounts.onServer(serverTwo)).toBe('2');
    expect(await accounts.onServer('https://three.example.org')).toBeUndefined();
  });

  it('adds up what is unread, over the accounts that are signed in', async () => {
    const { accounts, meta } = await startWithTwo();
    accounts.note('1', { type: 'badge', unreadConversations: 3 });
    accounts.note('2', { type: 'badge', unreadConversations: 2 });
    expect(accounts.unread()).toBe(5);
    expect(meta().accounts.map(({ unread }) => unread)).toEqual([3, 2]);
  });

  it('removes the folder of an account that was never added', () => {
    mkdirSync(join(profileDir, 'more-accounts/2/accounts'), { recursive: true });
    const { accounts } = start();
    expect(accounts.coreOf('2')).toBeUndefined();
    expect(readdirSync(join(profileDir, 'more-accounts'))).toEqual([]);
  });
});
