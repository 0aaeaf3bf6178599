/**
 * Ended sign-ins, and ended tokens of bots. Owns this node's knowledge of which access tokens no longer count, although they have not expired:
 * the sign-ins that ended within the life of a token, read from the database at start and every second after. So a
 * sign-out, a revoked device, a changed password or a detected reuse takes effect on every node within two seconds and
 * costs a request nothing.
 */
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { BotRepository } from '../repositories/bot-repository.ts';
import { ACCESS_TOKEN_MS } from './access-tokens.ts';
import type { Now } from './clock.ts';

const POLL_MS = 1_000;
/** Rows are looked at again for this long: a transaction may commit after a later time stamp, clocks may differ. */
const OVERLAP_MS = 30_000;
/** How long an ended sign-in is remembered: the longest a token or its socket may outlive it. */
const REMEMBER_MS = ACCESS_TOKEN_MS + 120_000;

/** Hears of each ended sign-in once, and again when its device is then to be wiped. */
export type RevocationListener = (sessionId: string, error: ErrorBody) => void;

/** See the file's head. */
export interface Revocations {
  /** The error a caller with this sign-in gets; undefined while it is good. */
  check(sessionId: string): ErrorBody | undefined;
  /** Looks at once; called after something ended here. */
  poll(): Promise<void>;
  listen(listener: RevocationListener): void;
  stop(): void;
}

/**
 * Starts watching.
 * @param onFailure a look-up failed (the database is away); it is tried again at the next second
 */
export async function watchRevocations(
  sources: {
    readonly identities: Pick<IdentityRepository, 'revokedSince'>;
    readonly bots: Pick<BotRepository, 'revokedSince'>;
  },
  now: Now,
  onFailure: (error: unknown) => void,
): Promise<Revocations> {
  const known = new Map<string, { readonly error: ErrorBody; readonly atMs: number }>();
  const listeners: RevocationListener[] = [];
  let since = now() - REMEMBER_MS;

  const look = async (): Promise<void> => {
    const startedAt = now();
    const [people, bots] = await Promise.all([
      sources.identities.revokedSince(new Date(since)),
      sources.bots.revokedSince(new Date(since)),
    ]);
    for (const { sessionId, revokedAt, wipe } of [...people, ...bots.map((it) => ({ ...it, wipe: false }))]) {
      const told = known.get(sessionId)?.error;
      // The wish to wipe may come after the sign-in had ended for another reason.
      if (told && (told.wipe === true || !wipe)) continue;
      const error = errorBody('AUTH_REVOKED', wipe ? { wipe: true } : {});
      known.set(sessionId, { error, atMs: revokedAt.getTime() });
      for (const listener of listeners) listener(sessionId, error);
    }
    since = startedAt - OVERLAP_MS;
    for (const [sessionId, { atMs }] of known) if (atMs < startedAt - REMEMBER_MS) known.delete(sessionId);
  };

  // Looks run one after the other, so that each one starts after what its caller committed.
  let last: Promise<void> = Promise.resolve();
  const poll = (): Promise<void> => {
    last = last.then(look, look);
    return last;
  };

  await poll();
  const timer = setInterval(() => void poll().catch(onFailure), POLL_MS);
  timer.unref();
  return {
    check: (sessionId) => known.get(sessionId)?.error,
    poll,
    listen: (listener) => listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}
