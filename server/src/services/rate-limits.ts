/**
 * Rate limits, per address and per account. Owns the numbers. Kept in this node's memory; a limit that is exceeded
 * answers how long to wait, never silence.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Points per seconds. Generous to people, tight where somebody could guess: sign-in and registration. */
const rules = {
  /** Sign-ins and registrations, by address; an office behind one address signs in once a day. */
  authAddress: { points: 60, seconds: 60 },
  /** Sign-ins to one account, whoever asks: slows guessing down without locking the owner out for long. */
  loginAccount: { points: 10, seconds: 60 },
  /** Registrations by address: each costs two argon2 runs. */
  registerAddress: { points: 10, seconds: 60 },
  /** Password changes by account. */
  passwordAccount: { points: 5, seconds: 60 },
  /** Searches by account: each may read thousands of messages. */
  search: { points: 120, seconds: 60 },
  /** Posts through one incoming webhook. */
  incomingWebhook: { points: 60, seconds: 60 },
  /** Invitations by e-mail, by account: this server's name stands for what it sends. */
  inviteMail: { points: 100, seconds: 3_600 },
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
export function createRateLimits(factor: number): RateLimits {
  const limiters = new Map(
    Object.entries(rules).map(([name, { points, seconds }]) => [
      name,
      new RateLimiterMemory({
        keyPrefix: name,
        points: Math.max(1, Math.round(points * factor)),
        duration: seconds,
      }),
    ]),
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
