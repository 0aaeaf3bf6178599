/**
 * Tokens of bots: who a presented one speaks for. They do not expire by themselves, so each use looks the token up by
 * its hash; ending one ends its sockets like a sign-in's (see `revocations.ts`).
 */
import { randomBytes } from 'node:crypto';
import { scopeSchema } from '@curlew/shared/protocol/scopes.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { BotRepository, PresentedToken } from '../repositories/bot-repository.ts';
import type { AccessTokens, Caller } from './access-tokens.ts';
import type { Now } from './clock.ts';
import { hashToken } from './refresh-rotation.ts';
import type { Outcome } from './service-types.ts';

/** What every token begins with: recognisable where it leaked, and told from a person's at a glance. */
const PREFIX = 'curlew_';
/** A last use is written down at most this often. */
const TOUCH_MS = 60_000;

/** Makes a token: the secret for the bot, the hash for the database. */
export function makeApiToken(): { readonly secret: string; readonly hash: Uint8Array<ArrayBuffer> } {
  const secret = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashToken(secret) };
}

/** Who calls, by either kind of token. */
export type CallerTokens = Pick<AccessTokens, 'verify'>;

/** See the file's head. */
export interface ApiTokens {
  verify(token: string): Promise<Outcome<Caller>>;
  /** The token behind an incoming webhook's address. */
  verifyHook(secret: string): Promise<Outcome<Caller & { readonly conversationId: string }>>;
}

/** Creates the service. @param onFailure a last use could not be written down */
export function createApiTokens(
  bots: Pick<BotRepository, 'present' | 'touch'>,
  now: Now,
  onFailure: (error: unknown) => void,
): ApiTokens {
  const present = async (secret: string): Promise<Outcome<PresentedToken>> => {
    const token = secret.startsWith(PREFIX) ? await bots.present(hashToken(secret)) : undefined;
    if (!token) return err(errorBody('AUTH_REQUIRED'));
    const nowMs = now();
    if (token.isRevoked || (token.expiresAt !== null && token.expiresAt.getTime() <= nowMs))
      return err(errorBody('AUTH_REVOKED'));
    if ((token.lastUsedAt?.getTime() ?? 0) < nowMs - TOUCH_MS)
      bots.touch(token.id, new Date(nowMs)).catch(onFailure);
    return ok(token);
  };

  return {
    async verify(secret) {
      const token = await present(secret);
      if (!token.ok) return token;
      // The secret of a webhook's address stands in other systems' settings: it opens nothing else.
      return token.value.conversationId === null
        ? ok(callerOf(token.value))
        : err(errorBody('AUTH_REQUIRED'));
    },

    async verifyHook(secret) {
      const token = await present(secret);
      if (!token.ok) return token;
      const { conversationId } = token.value;
      return conversationId === null
        ? err(errorBody('AUTH_REQUIRED'))
        : ok({ ...callerOf(token.value), conversationId });
    },
  };
}

/** Tells the two kinds of tokens apart. */
export function callerTokens(people: AccessTokens, apiTokens: ApiTokens): CallerTokens {
  return {
    verify: (token) => (token?.startsWith(PREFIX) ? apiTokens.verify(token) : people.verify(token)),
  };
}

function callerOf({ id, userId, deviceId, scopes, expiresAt }: PresentedToken): Caller {
  return {
    userId,
    deviceId,
    sessionId: id,
    expiresAtMs: expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
    // A scope that a newer server wrote opens nothing here.
    scopes: scopes.flatMap((scope) => scopeSchema.safeParse(scope).data ?? []),
  };
}
