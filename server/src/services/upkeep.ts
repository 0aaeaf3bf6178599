/** Upkeep: once a day, removes sign-ins nobody can continue any more. A missed run costs nothing but room. */
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { Now } from './clock.ts';

const DAY_MS = 24 * 3_600_000;
/** Expired tokens are kept this long, so that one presented late is still known as what it was. */
const KEEP_EXPIRED_MS = 30 * DAY_MS;

/** Starts the daily upkeep, with a first run now. */
export function startUpkeep(
  identities: Pick<IdentityRepository, 'prune'>,
  now: Now,
  onFailure: (error: unknown) => void,
): { readonly stop: () => void } {
  const run = (): void => void identities.prune(new Date(now() - KEEP_EXPIRED_MS)).catch(onFailure);
  run();
  const timer = setInterval(run, DAY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
