/**
 * Rate limits, per address and per account. Owns the numbers. A limit that is exceeded answers how long to wait, never
 * silence. Those that slow guessing down are counted in Redis where several nodes share one, so that a guesser gains
 * nothing by asking another node; those that protect a node from load are its own and cost no round trip. Without Redis,
 * and while it is away, all are counted in memory.
 */
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { Redis } from '../infra/redis.ts';

/** Points per seconds. Generous to people, tight where somebody could guess: sign-in and registration. */
const rules = {
  /** Sign-ins and registrations, by address; an office behind one address signs in once a day. */
  authAddress: { points: 60, seconds: 60, isShared: true },
  /** Sign-ins to one account, whoever asks: slows guessing down without locking the owner out for long. */
  loginAccount: { points: 10, seconds: 60, isShared: true },
  /** Registrations by address: each costs two argon2 runs. */
  registerAddress: { points: 10, seconds: 60, isShared: true },
  /** Password changes by account. */
  passwordAccount: { points: 5, seconds: 60, isShared: true },
  /** Searches by account: each may read thousands of messages. */
  search: { points: 120, seconds: 60, isShared: true },
  /** Posts through one incoming webhook. */
  incomingWebhook: { points: 60, seconds: 60, isShared: true },
  /** Invitations by e-mail, by account: this server's name stands for what it sends. */
  inviteMail: { points: 100, seconds: 3_600, isShared: true },
  /** All requests by address. */
  requestAddress: { points: 60_000, seconds: 60 },
  /** Authenticated requests by account: a device that was away pulls thousands of conversations in a row. */
  requestAccount: { points: 6_000, seconds: 60 },
  /** New sockets by account. */
  connectAccount: { points: 120, seconds: 60 },
  /** Frames by account over all its sockets. */
  frameAccount: { points: 3_000, seconds: 10 },
} as const;

/** Name of a limit. */
export type RateLimitName = keyof typeof rules;

/** Takes one point; answers the wait in ms when there is none left, undefined when there was. */
export type RateLimits = (name: RateLimitName, key: string) => Promise<number | undefined>;

/** Creates the limits. @param factor multiplies every number of points */
export function createRateLimits(factor: number, redis?: Redis): RateLimits {
  const limiters = new Map(
    Object.entries<Rule>(rules).map(([name, rule]) => [name, limiterOf(name, rule, factor, redis)]),
  );
  return async (name, key) => {
    try {
      await limiters.get(name)?.consume(key);
      return undefined;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
      throw refusal;
    }
  };
}

interface Rule {
  readonly points: number;
  readonly seconds: number;
  readonly isShared?: true;
}

function limiterOf(
  name: string,
  { points: asked, seconds: duration, isShared }: Rule,
  factor: number,
  redis: Redis | undefined,
): RateLimiterAbstract {
  const points = Math.max(1, Math.round(asked * factor));
  const memory = new RateLimiterMemory({ keyPrefix: name, points, duration });
  if (!redis || !isShared) return memory;
  return new RateLimiterRedis({
    storeClient: redis.client,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: `curlew:limit:${name}`,
    points,
    duration,
    insuranceLimiter: memory,
  });
}
