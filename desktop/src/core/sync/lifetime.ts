/**
 * The end of messages on this device. Owns that what disappears, or is kept no longer, is gone from the cache, the sent
 * log and (by its triggers) the search index before anything is shown, with or without a network, and that it goes on time
 * while the app runs. The server's own deletions follow and change nothing any more.
 */
import type { Clock } from '../ports.ts';
import type { DiskGuard } from '../store/disk-guard.ts';
import type { LifetimeRows } from '../store/lifetime-rows.ts';
import { StoreError } from '../store/store-error.ts';
import type { CacheMeta, ChangedKey, Changes, Lifetime, Outbox } from '../store/store-types.ts';
import { SteadyTime } from './steady-time.ts';

/** Name of the fact that says how far the device's clock is from the server's, and what the server last said. */
const SERVER_CLOCK = 'serverClock';

/** What the sweep works on. */
export interface LifetimeDeps {
  readonly userId: string;
  readonly rows: LifetimeRows;
  readonly guard: DiskGuard;
  readonly outbox: Pick<Outbox, 'scrubSent'>;
  readonly changes: Changes;
  transaction<T>(work: () => T): T;
}

/** See the head of this file. */
export function createLifetime({
  userId,
  rows,
  guard,
  outbox,
  changes,
  transaction,
}: LifetimeDeps): Lifetime {
  return {
    nextMs: () => rows.nextExpiryMs(),
    sweep(nowMs) {
      const { expired, emptied } = guard.disposable(() =>
        transaction(() => ({ expired: rows.emptyExpired(nowMs), emptied: rows.dropOld(nowMs) })),
      );
      const own = expired.filter(({ senderId }) => senderId === userId).map(({ id }) => id);
      try {
        if (own.length > 0) outbox.scrubSent(own);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
      }
      const ids = new Set([...expired.map(({ conversationId }) => conversationId), ...emptied]);
      const keys = [...ids].flatMap((id): ChangedKey[] => [`messages:${id}`, `conversation:${id}`]);
      if (keys.length > 0) changes.emit(['conversations', ...keys]);
      return { nextMs: rows.nextExpiryMs(), conversationIds: [...ids] };
    },
  };
}

/** The server's time without a connection: the device's clock corrected as last heard, never before what was heard. */
export function rememberedServerTime(meta: Pick<CacheMeta, 'get'>, nowMs: number): number {
  const [offsetMs = 0, heardMs = 0] = (meta.get(SERVER_CLOCK) ?? '').split(' ').map(Number);
  return Number.isFinite(offsetMs + heardMs) ? Math.max(nowMs + offsetMs, heardMs) : nowMs;
}

/** The time of a run that goes on from what was remembered. */
export function rememberedTime(clock: Clock, meta: Pick<CacheMeta, 'get'>): SteadyTime {
  return new SteadyTime(clock, rememberedServerTime(meta, clock.nowMs()));
}

/** The server said what time it is. */
export function rememberServerTime(meta: Pick<CacheMeta, 'set'>, serverTimeMs: number, nowMs: number): void {
  meta.set(SERVER_CLOCK, `${serverTimeMs - nowMs} ${serverTimeMs}`);
}
