/**
 * The rule of refresh tokens, pure: what a presented token gets. A token is traded for its successor; presenting it
 * again before the successor was ever used (the app died between rotation and saving) replaces that successor; within
 * the grace after the successor's first use it yields access but no new token; later, or once replaced, it is reuse,
 * and reuse ends the sign-in.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { PresentedToken, Rotation, TokenRow } from '../repositories/identity-repository.ts';
import { newId } from './clock.ts';

/** How long after its successor's first use a token still yields access. */
export const REUSE_GRACE_MS = 60_000;
/** A sign-in that is not used for this long ends. */
export const REFRESH_TOKEN_MS = 90 * 24 * 3_600_000;

/** Judges a presented token at `nowMs`; `next` is stored only if the verdict is `rotate`. */
export function judgeRefresh(token: PresentedToken, next: TokenRow, nowMs: number): Rotation {
  if (token.familyRevoked !== undefined) return { kind: 'refuse' };
  if (token.replaced) return { kind: 'revoke' };
  const firstUsedAt = token.successor?.firstUsedAt;
  if (firstUsedAt) return { kind: nowMs - firstUsedAt.getTime() <= REUSE_GRACE_MS ? 'keep' : 'revoke' };
  if (token.expiresAt.getTime() <= nowMs) return { kind: 'refuse' };
  return { kind: 'rotate', next };
}

/** Makes a refresh token: the secret for the client and the row for the database. */
export function makeRefreshToken(nowMs: number): { readonly secret: string; readonly row: TokenRow } {
  const secret = randomBytes(32).toString('base64url');
  return {
    secret,
    row: { id: newId(), hash: hashToken(secret), expiresAt: new Date(nowMs + REFRESH_TOKEN_MS) },
  };
}

/** How a refresh token or an invite code is looked up: its SHA-256, so that a stolen table opens nothing. */
export function hashToken(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}
