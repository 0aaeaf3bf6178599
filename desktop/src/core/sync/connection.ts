/**
 * One connection after the other: token, socket, requests. Owns the socket of the moment and the number (generation)
 * by which late answers of an earlier one are told apart. Says what happened as an error or an event; what that means
 * is the state machine's business.
 */
import { err, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, retryClassOf, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { RouteName } from '@curlew/shared/protocol/http.ts';
import type { ClientEventName } from '@curlew/shared/protocol/socket.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import type { Timers } from '../ports.ts';
import type { TokenKeeper } from '../session/token-keeper.ts';
import type {
  LiveSocket,
  RouteAnswer,
  RouteArgs,
  ServerEvent,
  SocketAnswer,
  SocketRequest,
  Transport,
} from '../transport/transport-types.ts';

/** The socket's token is replaced this long before it ends. */
const RENEW_BEFORE_MS = 60_000;
const RENEW_AT_LEAST_MS = 5_000;
/** Tokens live 10 minutes; a server clock that says otherwise does not postpone the renewal. */
const RENEW_AT_MOST_MS = 8 * 60_000;

/** Who a connection speaks for. */
export interface ConnectionIdentity {
  readonly deviceId: string;
  /** Nonce of this process: two of them on one device are a clone. */
  readonly instance: string;
  readonly appVersion: string;
}

/** What a connection tells; nothing of an earlier generation is told. */
export interface ConnectionListener {
  connected(): void;
  /** Refused, closed, or a request said that the session is over. */
  failed(error: ErrorBody): void;
  /** The refresh token no longer works (or there is none): only a person can go on. */
  tokenRefused(error: ErrorBody): void;
  tokenRenewed(): void;
  received(event: ServerEvent): void;
  contacted(): void;
}

/** See the file comment. */
export class Connection {
  readonly #transport: Transport;
  readonly #tokens: TokenKeeper;
  readonly #timers: Timers;
  readonly #identity: ConnectionIdentity;
  readonly #ackTimeoutMs: number;
  readonly #listener: ConnectionListener;
  #socket: LiveSocket | undefined;
  #generation = 0;
  #isStopped = false;
  #cancelRenewal: (() => void) | undefined;

  constructor(
    options: {
      readonly transport: Transport;
      readonly tokens: TokenKeeper;
      readonly timers: Timers;
      readonly tuning: { readonly ackTimeoutMs: number };
    } & ConnectionIdentity,
    listener: ConnectionListener,
  ) {
    this.#transport = options.transport;
    this.#tokens = options.tokens;
    this.#timers = options.timers;
    this.#identity = options;
    this.#ackTimeoutMs = options.tuning.ackTimeoutMs;
    this.#listener = listener;
  }

  /** Grows with every open and close. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether this is still the connection of `generation`, and the engine still runs. */
  isCurrent(generation: number): boolean {
    return !this.#isStopped && generation === this.#generation;
  }

  /** Gets a token and opens a socket. */
  async open(): Promise<void> {
    const generation = ++this.#generation;
    const token = await this.#tokens.access();
    if (!this.isCurrent(generation)) return;
    if (!token.ok) return this.#authFailed(token.error);
    const { deviceId, instance, appVersion } = this.#identity;
    const handshake = { token: token.value, protocol: PROTOCOL_VERSION, deviceId, instance, appVersion };
    const tell = (run: () => void): void => {
      if (this.isCurrent(generation)) run();
    };
    this.#socket = this.#transport.open(handshake, {
      connected: () => tell(() => this.#listener.connected()),
      refused: (error) => tell(() => this.#listener.failed(error)),
      closed: (error) => tell(() => this.#listener.failed(error ?? errorBody('OFFLINE'))),
      received: (event) =>
        tell(() => {
          this.#listener.contacted();
          this.#listener.received(event);
        }),
    });
  }

  /** Closes the socket; answers under way end as OFFLINE. */
  close(): void {
    this.#generation += 1;
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** Closes for good. */
  stop(): void {
    this.close();
    this.#isStopped = true;
  }

  /** Trades the refresh token, because the server refused the access token. */
  async renew(): Promise<void> {
    const generation = this.#generation;
    const token = await this.#tokens.renew();
    if (!this.isCurrent(generation)) return;
    if (token.ok) this.#listener.tokenRenewed();
    else this.#authFailed(token.error);
  }

  /** A request on the current socket; OFFLINE when there is none. */
  async request<E extends ClientEventName>(
    event: E,
    request: SocketRequest<E>,
  ): Promise<Result<SocketAnswer<E>, ErrorBody>> {
    const generation = this.#generation;
    if (!this.#socket) return err(errorBody('OFFLINE'));
    const answer = await this.#socket.request(event, request, this.#ackTimeoutMs);
    if (answer.ok && this.isCurrent(generation)) this.#listener.contacted();
    return answer;
  }

  /** A word without answer; dropped without a socket. */
  emit<E extends 'presence:watch' | 'typing:start' | 'typing:stop'>(
    event: E,
    request: SocketRequest<E>,
  ): void {
    this.#socket?.emit(event, request);
  }

  /** A call over HTTP; renews the token once when the server says that it expired. */
  async call<N extends RouteName>(name: N, args: RouteArgs<N>): Promise<Result<RouteAnswer<N>, ErrorBody>> {
    const token = await this.#tokens.access();
    if (!token.ok) return token;
    const answer = await this.#transport.call(name, args, token.value);
    if (answer.ok || answer.error.code !== 'AUTH_EXPIRED') return answer;
    const renewed = await this.#tokens.renew();
    return renewed.ok ? this.#transport.call(name, args, renewed.value) : renewed;
  }

  /**
   * From now on the live socket gets the next token before this one ends. `serverTimeMs` is the server's "now", so that
   * a wrong local clock does not matter.
   */
  keepRenewed(serverTimeMs: number): void {
    const expiresAtMs = this.#tokens.expiresAtMs;
    if (expiresAtMs === undefined) return;
    const wantedMs = expiresAtMs - serverTimeMs - RENEW_BEFORE_MS;
    const delayMs = Math.min(Math.max(wantedMs, RENEW_AT_LEAST_MS), RENEW_AT_MOST_MS);
    this.#cancelRenewal?.();
    this.#cancelRenewal = this.#timers.after(delayMs, () => void this.#renewOnSocket(serverTimeMs + delayMs));
  }

  async #renewOnSocket(serverTimeMs: number): Promise<void> {
    const generation = this.#generation;
    const token = await this.#tokens.renew();
    if (!this.isCurrent(generation)) return;
    if (!token.ok) {
      // Unreachable for the moment: the socket lives on until the server ends it, then everything starts anew.
      if (retryClassOf(token.error.code) === 'afterAuth') this.#authFailed(token.error);
      return;
    }
    const answer = await this.request('auth:refresh', { token: token.value });
    if (!this.isCurrent(generation)) return;
    if (answer.ok) this.keepRenewed(serverTimeMs);
    else this.#listener.failed(answer.error);
  }

  #authFailed(error: ErrorBody): void {
    // From the token endpoint every answer of this class is about the refresh token; there is nothing left to renew by.
    if (retryClassOf(error.code) === 'afterAuth') this.#listener.tokenRefused(error);
    else this.#listener.failed(error);
  }
}
