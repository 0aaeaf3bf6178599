/**
 * Tokens of one account. Owns the access token in memory and the refresh token in the keyring, and the order in which
 * they change: the new refresh token is saved before the old one is dropped, so that a crash in between leaves one
 * the server still takes. One renewal at a time, whoever asks.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, retryClassOf, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Clock, Log } from '../ports.ts';
import type { HttpTransport } from '../transport/transport-types.ts';
import type { Keyring } from './keyring.ts';

/** Access tokens live 10 minutes; they are renewed a little earlier. Counted on the monotonic clock. */
const ACCESS_TOKEN_TRUSTED_MS = 8 * 60_000;

/** Whether the sign-in outlives this run: saved, kept in memory by choice, or still to be asked. */
export type KeyringState = 'stored' | 'thisRunOnly' | 'ask';

interface AccessToken {
  readonly value: string;
  readonly expiresAtMs: number;
  readonly trustedUntilMs: number;
}

/** See the file comment. */
export class TokenKeeper {
  readonly #accountId: string;
  readonly #keyring: Keyring;
  readonly #http: HttpTransport;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onKeyringState: (state: KeyringState) => void;
  #access: AccessToken | undefined;
  #refresh: string | undefined;
  /** The refresh token in memory is newer than the keyring's. */
  #isUnsaved = false;
  #keyringState: KeyringState = 'stored';
  #renewal: Promise<Result<string, ErrorBody>> | undefined;

  constructor(options: {
    readonly accountId: string;
    readonly keyring: Keyring;
    readonly http: HttpTransport;
    readonly clock: Clock;
    readonly log: Log;
    readonly onKeyringState: (state: KeyringState) => void;
  }) {
    this.#accountId = options.accountId;
    this.#keyring = options.keyring;
    this.#http = options.http;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#onKeyringState = options.onKeyringState;
  }

  /** How long the sign-in lasts. */
  get keyringState(): KeyringState {
    return this.#keyringState;
  }

  /** Server time at which the current access token ends, if there is one. */
  get expiresAtMs(): number | undefined {
    return this.#access?.expiresAtMs;
  }

  /** Takes the tokens of a fresh sign-in and saves the refresh token. */
  async adopt(session: { accessToken: string; expiresAtMs: number; refreshToken: string }): Promise<void> {
    this.#setAccess(session);
    this.#refresh = session.refreshToken;
    await this.#save();
  }

  /** The person agreed that the sign-in lasts for this run only. */
  keepForThisRun(): void {
    if (this.#keyringState === 'ask') this.#setKeyringState('thisRunOnly');
  }

  /**
   * An access token that should still be good; renews when needed.
   * @returns AUTH_REQUIRED, AUTH_REVOKED or REFRESH_REUSED when only a person can go on; OFFLINE and the like otherwise
   */
  access(): Promise<Result<string, ErrorBody>> {
    const held = this.#access;
    if (held && held.trustedUntilMs > this.#clock.monotonicMs()) return Promise.resolve(ok(held.value));
    return this.renew();
  }

  /** The access token as it is, for calls that must not wait for a renewal. */
  held(): string | undefined {
    return this.#access?.value;
  }

  /** Trades the refresh token for a new access token. Single flight. */
  renew(): Promise<Result<string, ErrorBody>> {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Ends the sign-in on the server if it can be reached, and forgets the tokens in any case. */
  async end(): Promise<void> {
    const refresh = this.#refresh ?? (await this.#load());
    await this.forget();
    if (refresh !== undefined) await this.#http.call('logout', { body: { refreshToken: refresh } });
  }

  /** Forgets the tokens here: signed out, revoked or wiped. */
  async forget(): Promise<void> {
    this.#access = undefined;
    this.#refresh = undefined;
    this.#isUnsaved = false;
    await this.#keyring.delete(this.#accountId);
  }

  async #renewNow(): Promise<Result<string, ErrorBody>> {
    const refreshToken = this.#refresh ?? (await this.#load());
    if (refreshToken === undefined) return err(errorBody('AUTH_REQUIRED'));
    // A successor that could not be saved must be, before its own successor makes the keyring's copy "reuse".
    if (this.#isUnsaved) await this.#save();
    const answer = await this.#http.call('token', { body: { refreshToken } });
    if (!answer.ok) {
      const { code } = answer.error;
      if (retryClassOf(code) === 'afterAuth') this.#access = undefined;
      return answer;
    }
    if (answer.value.refreshToken !== undefined) {
      this.#refresh = answer.value.refreshToken;
      await this.#save();
    }
    this.#setAccess(answer.value);
    return ok(answer.value.accessToken);
  }

  async #load(): Promise<string | undefined> {
    const stored = await this.#keyring.get(this.#accountId);
    if (!stored.ok) {
      this.#log('warn', 'keyring.unreadable', { code: stored.error.code });
      return undefined;
    }
    this.#refresh ??= stored.value ?? undefined;
    return this.#refresh;
  }

  async #save(): Promise<void> {
    if (this.#refresh === undefined) return;
    this.#isUnsaved = true;
    const saved = await this.#keyring.set(this.#accountId, this.#refresh);
    if (saved.ok) {
      this.#isUnsaved = false;
      this.#setKeyringState('stored');
    } else if (this.#keyringState === 'stored') {
      this.#log('warn', 'keyring.unwritable', { code: saved.error.code });
      this.#setKeyringState('ask');
    }
  }

  #setAccess(session: { accessToken: string; expiresAtMs: number }): void {
    this.#access = {
      value: session.accessToken,
      expiresAtMs: session.expiresAtMs,
      trustedUntilMs: this.#clock.monotonicMs() + ACCESS_TOKEN_TRUSTED_MS,
    };
  }

  #setKeyringState(state: KeyringState): void {
    if (state === this.#keyringState) return;
    this.#keyringState = state;
    this.#onKeyringState(state);
  }
}
