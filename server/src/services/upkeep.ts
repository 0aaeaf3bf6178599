/** Upkeep: once a day, removes what nobody can use any more: sign-ins, kept answers, logs of webhooks. A missed run costs nothing but room. */
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { StoredAnswerRepository } from '../repositories/stored-answer-repository.ts';
import type { WebhookRepository } from '../repositories/webhook-repository.ts';
import type { Now } from './clock.ts';
import { KEEP_ANSWER_MS } from './stored-answers.ts';

const DAY_MS = 24 * 3_600_000;
/** Expired tokens are kept this long, so that one presented late is still known as what it was. */
const KEEP_EXPIRED_MS = 30 * DAY_MS;
/** How long the log of a webhook goes back. */
const KEEP_DELIVERIES_MS = 30 * DAY_MS;

/** Starts the daily upkeep, with a first run now. */
export function startUpkeep(
  repositories: {
    readonly identities: Pick<IdentityRepository, 'prune'>;
    readonly storedAnswers: Pick<StoredAnswerRepository, 'prune'>;
    readonly webhooks: Pick<WebhookRepository, 'prune'>;
  },
  now: Now,
  onFailure: (error: unknown) => void,
): { readonly stop: () => void } {
  const { identities, storedAnswers, webhooks } = repositories;
  const run = (): void => {
    identities.prune(new Date(now() - KEEP_EXPIRED_MS)).catch(onFailure);
    storedAnswers.prune(new Date(now() - KEEP_ANSWER_MS)).catch(onFailure);
    webhooks.prune(new Date(now() - KEEP_DELIVERIES_MS)).catch(onFailure);
  };
  run();
  const timer = setInterval(run, DAY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
