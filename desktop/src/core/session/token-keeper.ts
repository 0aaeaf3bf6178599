/**
 * Tokens of one account. Owns the access token in memory and the refresh token in the keyring, and the order in which
 * they change: the new refresh token is saved before the old one is dropped, so that a crash in between leaves one
 * the server still takes. One renewal at a time, whoever asks. A keyring that does not answer signs nobody out: tokens
 * stay in memory and what could not be written is written later.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, retryClassOf, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Clock, Log, Timers } from '../ports.ts';
import type { HttpTransport } from '../transport/transport-types.ts';
import type { Keyring } from './keyring.ts';

/** Access tokens live 10 minutes; they are renewed a little earlier. Counted on the monotonic clock. */
const ACCESS_TOKEN_TRUSTED_MS = 8 * 60_000;

/** How soon a keyring that did not answer is asked again. */
const KEYRING_RETRY_MS = 30_000;

/**
 * Whether the sign-in outlives this run: saved, kept in memory by choice, still to be asked, or not known because the
 * keyring does not answer.
 */
export type KeyringState = 'stored' | 'thisRunOnly' | 'ask' | 'silent';

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
  readonly #timers: Timers;
  readonly #log: Log;
  #onKeyringState: (state: KeyringState) => void;
  #access: AccessToken | undefined;
  #refresh: string | undefined;
  /** The refresh token in memory is newer than the keyring's. */
  #isUnsaved = false;
  /** The tokens are forgotten for good; a renewal under way must not bring them back. */
  #isForgotten = false;
  #isRetryArmed = false;
  #keyringState: KeyringState = 'stored';
  #renewal: Promise<Result<string, ErrorBody>> | undefined;

  constructor(options: {
    readonly accountId: string;
    readonly keyring: Keyring;
    readonly http: HttpTransport;
    readonly clock: Clock;
    readonly timers: Timers;
    readonly log: Log;
    readonly onKeyringState: (state: KeyringState) => void;
  }) {
    this.#accountId = options.accountId;
    this.#keyring = options.keyring;
    this.#http = options.http;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#log = options.log;
    this.#onKeyringState = options.onKeyringState;
  }

  /** Somebody else wants to know from now on. */
  tell(onKeyringState: (state: KeyringState) => void): void {
    this.#onKeyringState = onKeyringState;
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
   * @returns AUTH_REQUIRED, AUTH_REVOKED or REFRESH_REUSED when only a person can go on; OFFLINE, KEYRING_SILENT and
   * the like otherwise
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
    const loaded = await this.#load();
    const refresh = loaded.ok ? loaded.value : undefined;
    await this.forget();
    if (refresh !== undefined) await this.#http.call('logout', { body: { refreshToken: refresh } });
  }

  /** Forgets the tokens here: signed out, revoked or wiped. */
  async forget(): Promise<void> {
    this.#isForgotten = true;
    this.#access = undefined;
    this.#refresh = undefined;
    this.#isUnsaved = false;
    const deleted = await this.#keyring.delete(this.#accountId);
    if (!deleted.ok && deleted.error.code === 'KEYRING_SILENT') this.#retryLater();
  }

  async #renewNow(): Promise<Result<string, ErrorBody>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    const refreshToken = loaded.value;
    if (refreshToken === undefined) return err(errorBody('AUTH_REQUIRED'));
    // A successor that could not be saved must be, before its own successor makes the keyring's copy "reuse".
    if (this.#isUnsaved) await this.#saveUnlessSilent();
    const answer = await this.#http.call('token', { body: { refreshToken } });
    if (this.#isForgotten) return err(errorBody('AUTH_REQUIRED'));
    if (!answer.ok) {
      const { code } = answer.error;
      if (retryClassOf(code) === 'afterAuth') this.#access = undefined;
      return answer;
    }
    if (answer.value.refreshToken !== undefined) {
      this.#refresh = answer.value.refreshToken;
      await this.#saveUnlessSilent();
      if (this.#isForgotten) return err(errorBody('AUTH_REQUIRED'));
    }
    this.#setAccess(answer.value);
    return ok(answer.value.accessToken);
  }

  /** The refresh token, if there is one; a computer without a keyring has none. */
  async #load(): Promise<Result<string | undefined, ErrorBody>> {
    if (this.#refresh !== undefined || this.#isForgotten) return ok(this.#refresh);
    const stored = await this.#keyring.get(this.#accountId);
    if (!stored.ok) {
      const { code } = stored.error;
      this.#log('warn', 'keyring.unreadable', { code });
      if (code === 'KEYRING_MISSING') return ok(undefined);
      if (this.#keyringState === 'stored') this.#setKeyringState('silent');
      return stored;
    }
    if (this.#keyringState === 'silent' && !this.#isUnsaved) this.#setKeyringState('stored');
    if (!this.#isForgotten) this.#refresh ??= stored.value ?? undefined;
    return ok(this.#refresh);
  }

  /** Nobody waits a second time for a keyring that is known not to answer. */
  async #saveUnlessSilent(): Promise<void> {
    const saved = this.#save();
    if (this.#keyringState !== 'silent') await saved;
  }

  async #save(): Promise<void> {
    const refresh = this.#refresh;
    if (refresh === undefined) return;
    this.#isUnsaved = true;
    const saved = await this.#keyring.set(this.#accountId, refresh);
    if (this.#isForgotten) return;
    if (saved.ok) {
      // A newer one may have come meanwhile; it is not saved by this.
      if (this.#refresh !== refresh) return;
      this.#isUnsaved = false;
      return this.#setKeyringState('stored');
    }
    const { code } = saved.error;
    this.#log('warn', 'keyring.unwritable', { code });
    if (code !== 'KEYRING_MISSING') this.#retryLater();
    if (this.#keyringState === 'thisRunOnly') return;
    this.#setKeyringState(code === 'KEYRING_MISSING' ? 'ask' : 'silent');
  }

  #retryLater(): void {
    if (this.#isRetryArmed) return;
    this.#isRetryArmed = true;
    this.#timers.after(KEYRING_RETRY_MS, () => {
      this.#isRetryArmed = false;
      if (this.#isForgotten) void this.forget();
      else if (this.#isUnsaved) void this.#save();
    });
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
