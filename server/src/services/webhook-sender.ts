/**
 * Telling webhooks. Owns when a delivery is tried: one hook is told in the order things happened, one thing at a time,
 * by one node at a time; what is not answered with 2xx is tried again with growing pauses for a day, and after that
 * (or at 410 Gone) the hook is turned off. At least once: a receiver knows a repetition by its `webhook-id`.
 *
 * Signed as https://www.standardwebhooks.com has it, for which receivers find libraries:
 * `webhook-signature: v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.
 */
import { createHmac } from 'node:crypto';
import type { PinnedPost } from '../infra/pinned-post.ts';
import type {
  LeasedWebhook,
  PendingDelivery,
  WebhookRepository,
} from '../repositories/webhook-repository.ts';
import type { Now } from './clock.ts';
import type { FanOut } from './service-types.ts';

/** What a secret begins with; the rest is base64. */
export const SECRET_PREFIX = 'whsec_';
/** Other nodes' commits, and what a crash left, are found at this pace; own commits wake at once. */
const LOOK_MS = 2_000;
const WAKE_MS = 20;
/** Hooks told at a time: a slow receiver keeps one of them busy for as long as a request may take. */
const MOST_AT_ONCE = 8;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** A hook that failed for so long is turned off. */
const GIVE_UP_MS = 24 * 3_600_000;

/** See the file's head. */
export interface WebhookSender {
  /** Something was committed; looks soon if a hook may be about it. */
  committed(fanOuts: readonly FanOut[]): void;
  /** Looks now, and answers when nothing more is due. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts telling. */
export function startWebhooks(
  repository: WebhookRepository,
  client: PinnedPost,
  now: Now,
  onFailure: (error: unknown) => void,
): WebhookSender {
  let bots: ReadonlySet<string> = new Set();
  let isStopped = false;
  let waking: NodeJS.Timeout | undefined;
  const working = new Set<Promise<void>>();

  const tell = async (hook: LeasedWebhook, { id, attempts, event }: PendingDelivery): Promise<boolean> => {
    const body = JSON.stringify({ id: String(id), webhookId: hook.id, type: event.type, event });
    let status: number | null = null;
    let error = '';
    try {
      status = await client.post(hook.url, signed(hook.secret, String(id), now(), body), body);
      if (status >= 200 && status < 300) return await repository.delivered(hook, id, status, new Date(now()));
      error = status >= 300 && status < 400 ? 'redirects are not followed' : `answered ${status}`;
    } catch (failure) {
      error = failure instanceof Error ? failure.message.slice(0, 200) : 'no answer';
    }
    const at = new Date(now());
    const isOver = at.getTime() - (hook.failingSince ?? at).getTime() >= GIVE_UP_MS;
    const reason = status === 410 ? 'gone' : isOver ? 'failing' : null;
    const nextAt = new Date(at.getTime() + pauseMs(attempts));
    await repository.failed(hook, id, { status, error, at, nextAt }, reason);
    return false;
  };

  const work = async (): Promise<void> => {
    for (let leased; !isStopped && (leased = await repository.lease(new Date(now())));) {
      // There may be others that are due; whoever finds none ends at once.
      startWorker();
      let hook = leased;
      let goesOn = true;
      while (goesOn && !isStopped) {
        const pending = await repository.next(hook);
        goesOn = pending !== undefined && (await tell(hook, pending));
        // It answers again: what fails after this is the first failure of a new day.
        if (goesOn) hook = { ...hook, failingSince: null };
      }
      await repository.release(leased);
    }
  };
  const startWorker = (): void => {
    if (working.size >= MOST_AT_ONCE || isStopped) return;
    const worker = work()
      .catch(onFailure)
      .finally(() => working.delete(worker));
    working.add(worker);
  };

  const scan = async (): Promise<void> => {
    if (isStopped) return;
    bots = new Set(await repository.watchedBots());
    if (bots.size === 0) return;
    await repository.collect(new Date(now()));
    startWorker();
  };
  // One after the other, so that each sees what its caller had committed; no receiver holds them up.
  let scanning: Promise<void> = Promise.resolve();
  const scanNext = (): Promise<void> => (scanning = scanning.then(scan).catch(onFailure));
  const timer = setInterval(() => void scanNext(), LOOK_MS);
  timer.unref();

  return {
    committed(fanOuts) {
      const concerns = fanOuts.some(
        ({ kind, events, memberIds }) =>
          kind === 'conversation' && events.length > 0 && memberIds.some((userId) => bots.has(userId)),
      );
      if (bots.size === 0 || waking || !concerns) return;
      waking = setTimeout(() => {
        waking = undefined;
        void scanNext();
      }, WAKE_MS);
    },
    async look() {
      await scanNext();
      while (working.size > 0) await Promise.all(working);
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(waking);
      await scanning;
      await Promise.all(working);
    },
  };
}

function signed(secret: string, id: string, nowMs: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** Doubling, with up to a half taken off so that hooks of one receiver do not come back together. */
function pauseMs(attempts: number): number {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** attempts, LONGEST_PAUSE_MS);
  return most * (1 - Math.random() / 2);
}
