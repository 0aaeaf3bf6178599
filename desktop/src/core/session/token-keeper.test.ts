/** Refresh tokens through crashes, concurrency and missing keyrings. The server's side of the rules is played by hand. */
import { describe, expect, it } from 'vitest';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, retryClassOf, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Clock } from '../ports.ts';
import type { HttpTransport } from '../transport/transport-types.ts';
import { createMemoryKeyring, type Keyring } from './keyring.ts';
import { ManualTimers } from '../sync/testing/sync-context.ts';
import { TokenKeeper, type KeyringState } from './token-keeper.ts';

/** A server that rotates: a token stays good until its successor was used once. */
class RotatingServer implements HttpTransport {
  renewals = 0;
  isReachable = true;
  refusal: ErrorBody | undefined;
  readonly #successors = new Map<string, string>();
  readonly #used = new Set<string>();

  call(name: string, args: object): Promise<never> {
    return Promise.resolve(this.#answer(name, args) as never);
  }

  #answer(name: string, args: object): Result<unknown, ErrorBody> {
    if (!this.isReachable) return err(errorBody('OFFLINE'));
    if (name !== 'token') return ok({});
    if (this.refusal) return err(this.refusal);
    const { refreshToken } = (args as { body: { refreshToken: string } }).body;
    const successor = this.#successors.get(refreshToken);
    if (successor !== undefined && this.#used.has(successor)) return err(errorBody('REFRESH_REUSED'));
    this.#used.add(refreshToken);
    this.renewals += 1;
    const next = `refresh ${this.renewals}`;
    this.#successors.set(refreshToken, next);
    return ok({ accessToken: `access ${this.renewals}`, expiresAtMs: 600_000, refreshToken: next });
  }
}

function keeperOn(server: RotatingServer, keyring: Keyring) {
  const time = { nowMs: 0 };
  const clock: Clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const states: KeyringState[] = [];
  const timers = new ManualTimers();
  const tokens = new TokenKeeper({
    accountId: 'account',
    keyring,
    http: server,
    clock,
    timers,
    log: () => undefined,
    onKeyringState: (state) => states.push(state),
  });
  return { tokens, time, states, timers };
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('renewal', () => {
  it('is one request however many ask', async () => {
    const server = new RotatingServer();
    const { tokens } = keeperOn(server, createMemoryKeyring(new Map([['account', 'refresh 0']])));
    const answers = await Promise.all([tokens.access(), tokens.access(), tokens.renew()]);
    expect(server.renewals).toBe(1);
    expect(answers).toEqual([ok('access 1'), ok('access 1'), ok('access 1')]);
  });

  it('happens before the token ends, by the monotonic clock', async () => {
    const server = new RotatingServer();
    const { tokens, time } = keeperOn(server, createMemoryKeyring(new Map([['account', 'refresh 0']])));
    await tokens.access();
    time.nowMs += 7 * 60_000;
    expect(await tokens.access()).toEqual(ok('access 1'));
    time.nowMs += 2 * 60_000;
    expect(await tokens.access()).toEqual(ok('access 2'));
  });

  it('survives a crash between rotation and saving: the old token in the keyring still works', async () => {
    const server = new RotatingServer();
    const secrets = new Map([['account', 'refresh 0']]);
    const keyring = createMemoryKeyring(secrets);
    // The process dies while the keyring writes: nothing was saved, the answer is lost.
    const dying: Keyring = { ...keyring, set: () => new Promise(() => undefined) };
    void keeperOn(server, dying).tokens.renew();
    await Promise.resolve();
    expect(secrets.get('account')).toBe('refresh 0');
    expect((await keeperOn(server, keyring).tokens.access()).ok).toBe(true);
  });

  it('saves the new refresh token before the access token is used', async () => {
    const server = new RotatingServer();
    const secrets = new Map([['account', 'refresh 0']]);
    const { tokens } = keeperOn(server, createMemoryKeyring(secrets));
    await tokens.access();
    expect(secrets.get('account')).toBe('refresh 1');
  });

  it('keeps the refresh token when the server cannot be reached', async () => {
    const server = new RotatingServer();
    server.isReachable = false;
    const { tokens } = keeperOn(server, createMemoryKeyring(new Map([['account', 'refresh 0']])));
    expect(await tokens.access()).toEqual(err(errorBody('OFFLINE')));
    server.isReachable = true;
    expect((await tokens.access()).ok).toBe(true);
  });

  it('passes on a revocation with its wish to wipe', async () => {
    const server = new RotatingServer();
    server.refusal = errorBody('AUTH_REVOKED', { wipe: true });
    const { tokens } = keeperOn(server, createMemoryKeyring(new Map([['account', 'refresh 0']])));
    expect(await tokens.access()).toEqual(err(server.refusal));
  });
});

describe('a computer without keyring', () => {
  it('asks, keeps the sign-in for this run, and renews through it', async () => {
    const server = new RotatingServer();
    const { tokens, states, time } = keeperOn(server, createMemoryKeyring(new Map(), true));
    await tokens.adopt({ accessToken: 'access 0', expiresAtMs: 0, refreshToken: 'refresh 0' });
    expect(tokens.keyringState).toBe('ask');
    tokens.keepForThisRun();
    time.nowMs += 60 * 60_000;
    expect((await tokens.access()).ok).toBe(true);
    time.nowMs += 60 * 60_000;
    expect((await tokens.access()).ok).toBe(true);
    expect(states).toEqual(['ask', 'thisRunOnly']);
  });

  it('needs a sign-in after a restart', async () => {
    const { tokens } = keeperOn(new RotatingServer(), createMemoryKeyring(new Map(), true));
    expect(await tokens.access()).toEqual(err(errorBody('AUTH_REQUIRED')));
  });
});

/** A keyring that answers nothing until it is unlocked. */
function lockedKeyring(secrets: Map<string, string>) {
  const open = createMemoryKeyring(secrets);
  const silent = err(errorBody('KEYRING_SILENT'));
  const state = { isLocked: true };
  const keyring: Keyring = {
    get: (account) => (state.isLocked ? Promise.resolve(silent) : open.get(account)),
    set: (account, secret) => (state.isLocked ? Promise.resolve(silent) : open.set(account, secret)),
    delete: (account) => (state.isLocked ? Promise.resolve(silent) : open.delete(account)),
  };
  return { keyring, unlock: () => void (state.isLocked = false) };
}

describe('a keyring that does not answer', () => {
  it('ends no sign-in: the error passes, and the next try gets the token', async () => {
    const { keyring, unlock } = lockedKeyring(new Map([['account', 'refresh 0']]));
    const { tokens, states } = keeperOn(new RotatingServer(), keyring);
    const answer = await tokens.access();
    expect(answer).toEqual(err(errorBody('KEYRING_SILENT')));
    expect(retryClassOf('KEYRING_SILENT')).toBe('backoff');
    unlock();
    expect((await tokens.access()).ok).toBe(true);
    expect(states).toEqual(['silent', 'stored']);
  });

  it('keeps a new token in memory and writes it once the keyring answers', async () => {
    const secrets = new Map<string, string>();
    const { keyring, unlock } = lockedKeyring(secrets);
    const { tokens, states, time, timers } = keeperOn(new RotatingServer(), keyring);
    await tokens.adopt({ accessToken: 'access 0', expiresAtMs: 0, refreshToken: 'refresh 0' });
    time.nowMs += 60 * 60_000;
    expect((await tokens.access()).ok).toBe(true);
    unlock();
    timers.runAll();
    await settled();
    expect(secrets.get('account')).toBe('refresh 1');
    expect(states).toEqual(['silent', 'stored']);
    expect(timers.delays()).toEqual([]);
  });

  it('loses what it keeps of a sign-in that ended, once it answers', async () => {
    const secrets = new Map([['account', 'refresh 0']]);
    const { keyring, unlock } = lockedKeyring(secrets);
    const { tokens, timers } = keeperOn(new RotatingServer(), keyring);
    await tokens.end();
    unlock();
    timers.runAll();
    await settled();
    expect(secrets.size).toBe(0);
  });
});

it('a renewal under way does not bring back a sign-in that ended meanwhile', async () => {
  const secrets = new Map([['account', 'refresh 0']]);
  const server = new RotatingServer();
  const { tokens } = keeperOn(server, createMemoryKeyring(secrets));
  await tokens.access();
  const renewal = tokens.renew();
  await tokens.end();
  expect(await renewal).toEqual(err(errorBody('AUTH_REQUIRED')));
  expect(secrets.size).toBe(0);
  expect(tokens.held()).toBeUndefined();
});
