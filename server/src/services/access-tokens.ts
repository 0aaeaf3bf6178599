/**
 * Access tokens: JWTs of ten minutes that say who calls, from which device, in which sign-in. Owns the one secret that
 * signs and verifies them, loaded at first use; algorithm, audience and issuer are pinned.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors, jwtVerify, SignJWT } from 'jose';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import type { Scope } from '@curlew/shared/protocol/scopes.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { Now } from './clock.ts';
import type { Outcome } from './service-types.ts';

const ISSUER = 'curlew';
const AUDIENCE = 'curlew-client';
const ALGORITHM = 'HS256';
const SECRET_FILE = 'jwt-secret';

/** How long an access token is good for. */
export const ACCESS_TOKEN_MS = 10 * 60_000;

/** What a verified token says. Nothing else identifies a caller. */
export interface Caller {
  readonly userId: string;
  readonly deviceId: string;
  /** The sign-in (refresh family) the token was made in; ending it ends the token. */
  readonly sessionId: string;
  readonly expiresAtMs: number;
  /** A bot's rights; absent: a person, who needs none. */
  readonly scopes?: readonly Scope[];
}

/** Loads the secret once, when first asked. */
export type SecretLoader = () => Promise<Uint8Array>;

/**
 * The secret from the environment, or the one kept in the data dir, made at first use (mode 0600).
 * @param configured `CURLEW_JWT_SECRET`, when set
 */
export function secretLoader(configured: string | undefined, dataDir: string): SecretLoader {
  let loaded: Promise<Uint8Array> | undefined;
  const load = async (): Promise<Uint8Array> => {
    const text = configured ?? (await readOrMakeSecret(dataDir));
    return new TextEncoder().encode(text);
  };
  return () => (loaded ??= load());
}

async function readOrMakeSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, SECRET_FILE);
  await mkdir(dataDir, { recursive: true });
  try {
    // wx: two servers starting at once must not each keep a secret of their own.
    const made = randomBytes(48).toString('base64url');
    await writeFile(file, made, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const kept = (await readFile(file, 'utf8')).trim();
  if (kept.length < 32)
    throw new Error(`${file} is damaged: delete it to make a new secret; everyone signs in again.`);
  return kept;
}

/** Makes and checks access tokens. */
export interface AccessTokens {
  /** Signs a token for a caller; good from now for {@link ACCESS_TOKEN_MS}. */
  issue(
    caller: Omit<Caller, 'expiresAtMs'>,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  /** Who a token speaks for; AUTH_REQUIRED when it is not one of ours, AUTH_EXPIRED when it was. */
  verify(token: string | undefined): Promise<Outcome<Caller>>;
}

/** Creates the token maker over a secret. */
export function createAccessTokens(secret: SecretLoader, now: Now): AccessTokens {
  return {
    async issue({ userId, deviceId, sessionId }) {
      const issuedAtS = Math.floor(now() / 1000);
      const expiresAtS = issuedAtS + ACCESS_TOKEN_MS / 1000;
      const token = await new SignJWT({ did: deviceId, sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAtS)
        .setExpirationTime(expiresAtS)
        .sign(await secret());
      return { token, expiresAtMs: expiresAtS * 1000 };
    },

    async verify(token) {
      if (token === undefined || token === '') return err(errorBody('AUTH_REQUIRED'));
      try {
        const { payload } = await jwtVerify(token, await secret(), {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'exp', 'did', 'sid'],
          currentDate: new Date(now()),
        });
        const ids = [payload.sub, payload['did'], payload['sid']].map((id) => uuidSchema.parse(id));
        const [userId, deviceId, sessionId] = ids;
        if (userId === undefined || deviceId === undefined || sessionId === undefined) {
          return err(errorBody('AUTH_REQUIRED'));
        }
        return ok({ userId, deviceId, sessionId, expiresAtMs: (payload.exp ?? 0) * 1000 });
      } catch (error) {
        // Everything a forged or foreign token can cause ends here; why it failed is nobody's business.
        return err(errorBody(error instanceof errors.JWTExpired ? 'AUTH_EXPIRED' : 'AUTH_REQUIRED'));
      }
    },
  };
}
