/**
 * What the parts of the sync engine share. Owns no behaviour: the stores and ports of one account, the way to the
 * server of the current connection, and the two words every part may say back to the engine.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { RouteName } from '@curlew/shared/protocol/http.ts';
import type { ClientEventName } from '@curlew/shared/protocol/socket.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { Clock, Log, Random, Timers } from '../ports.ts';
import { StoreError } from '../store/store-error.ts';
import type { CacheMeta, CacheReader, Ingest, Outbox } from '../store/store-types.ts';
import type { RouteAnswer, RouteArgs, SocketAnswer, SocketRequest } from '../transport/transport-types.ts';

/** Stores of the account being synchronised. */
export interface SyncStores {
  readonly ingest: Ingest;
  readonly outbox: Outbox;
  readonly reader: CacheReader;
  readonly meta: CacheMeta;
}

/** Numbers a test may change; milliseconds unless named otherwise. */
export interface SyncTuning {
  readonly ackTimeoutMs: number;
  readonly beatMs: number;
  readonly holdBackMs: number;
  readonly stableMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  readonly deliveredDelayMs: number;
  readonly backFillDelayMs: number;
  readonly backFillMaxAgeMs: number;
  /** Events behind which a window is loaded instead of a pull. */
  readonly pullLimitEvents: number;
  /** Conversations loaded at the first sign-in. */
  readonly firstSyncLogs: number;
  readonly firstSyncMessages: number;
  readonly windowMessages: number;
}

/** The numbers of `SPEC.md`. */
export const defaultTuning: SyncTuning = {
  ackTimeoutMs: 10_000,
  beatMs: 30_000,
  holdBackMs: 400,
  stableMs: 60_000,
  retryMinMs: 500,
  retryMaxMs: 30_000,
  deliveredDelayMs: 250,
  backFillDelayMs: 2_000,
  backFillMaxAgeMs: 90 * 24 * 3_600_000,
  pullLimitEvents: 2_000,
  firstSyncLogs: 200,
  firstSyncMessages: 50,
  windowMessages: 200,
};

/** Takes the numbers a test overrides; unknown names and other types are ignored. */
export function tuningFrom(overrides: Readonly<Record<string, number>> | undefined): SyncTuning {
  const known = Object.entries(overrides ?? {}).filter(([name]) => Object.hasOwn(defaultTuning, name));
  return { ...defaultTuning, ...Object.fromEntries(known) };
}

/** Shared by catch-up, flush, verify, history and the beat. */
export interface SyncContext {
  readonly userId: string;
  readonly stores: SyncStores;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly tuning: SyncTuning;
  /** Local wall time that never goes back within a run: what outbox times are measured in. */
  steadyNowMs(): number;
  /** The server's time as far as `hello` told it; local time before. */
  serverNowMs(): number;
  /** A call with the account's access token; renews it once when the server says that it expired. */
  call<N extends RouteName>(name: N, args: RouteArgs<N>): Promise<Result<RouteAnswer<N>, ErrorBody>>;
  /** A request on the current socket. */
  request<E extends ClientEventName>(
    event: E,
    request: SocketRequest<E>,
  ): Promise<Result<SocketAnswer<E>, ErrorBody>>;
  /** The server's incarnation the cache was filled from; undefined before the first hello. */
  epoch(): string | undefined;
  /** Conversations of others that the server lost; their lanes rest until their creator brings them back. */
  readonly lostLogs: Set<string>;
  /** Number of the current connection; work of an older one must not speak for this one. */
  generation(): number;
  /** Whether the engine was stopped; the stores may be closed then. */
  isStopped(): boolean;
  /** The conversation a person looks at, to be served first. */
  visibleConversations(): readonly string[];
  /** Events that were just committed to the cache, for delivered marks and notifications. */
  committed(logId: string, events: readonly Envelope[], source: 'push' | 'pull' | 'window'): void;
}

/** Whether an error ends the connection rather than the one call that met it. */
export function isConnectionError(code: string): boolean {
  switch (code) {
    case 'OFFLINE':
    case 'TIMEOUT':
    case 'AUTH_REQUIRED':
    case 'AUTH_EXPIRED':
    case 'AUTH_REVOKED':
    case 'REFRESH_REUSED':
    case 'FENCED':
    case 'DEVICE_CLONED':
    case 'PROTOCOL_TOO_OLD':
    case 'SHUTTING_DOWN':
      return true;
    default:
      return false;
  }
}

/**
 * Runs something that writes local files; a full disk becomes a value. Anything else it throws is a bug and goes on.
 */
export function stored<T>(write: () => T): Result<T, ErrorBody> {
  try {
    return ok(write());
  } catch (cause) {
    if (cause instanceof StoreError) return err(errorBody(cause.code));
    throw cause;
  }
}

/** Full jitter: uniform between nothing and `base · 2^attempt`, but never under `min` nor over `max`. */
export function fullJitter(attempt: number, min: number, max: number, random: Random): number {
  const ceiling = Math.min(max, min * 2 ** Math.min(attempt, 16));
  return Math.max(min, Math.floor(random.unit() * ceiling));
}

/** How long to wait before the next connect: full jitter, but as long as the server asked for, within the longest wait. */
export function retryDelayMs(
  { random, tuning }: { readonly random: Random; readonly tuning: SyncTuning },
  attempt: number,
  error: ErrorBody | null,
): number {
  const delayMs = fullJitter(attempt, tuning.retryMinMs, tuning.retryMaxMs, random);
  return Math.min(tuning.retryMaxMs, Math.max(delayMs, error?.retryMs ?? 0));
}
