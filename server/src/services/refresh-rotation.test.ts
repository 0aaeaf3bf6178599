/** The rule of refresh tokens, case by case. */
import { expect, test } from 'vitest';
import type { PresentedToken } from '../repositories/identity-repository.ts';
import { judgeRefresh, makeRefreshToken, REUSE_GRACE_MS } from './refresh-rotation.ts';

const nowMs = 1_000_000_000;
const { row: next } = makeRefreshToken(nowMs);
const fresh: PresentedToken = {
  userId: 'u',
  deviceId: 'd',
  familyId: 'f',
  familyRevoked: undefined,
  wipe: false,
  expiresAt: new Date(nowMs + 1),
  replaced: false,
  successor: undefined,
};
const usedAgo = (ms: number) => ({ id: 's', firstUsedAt: new Date(nowMs - ms) });

test.each<[string, Partial<PresentedToken>, string]>([
  ['a current token is traded', {}, 'rotate'],
  [
    'again, before its successor was used: the successor is replaced',
    { successor: { id: 's', firstUsedAt: null } },
    'rotate',
  ],
  ['just after the successor was used: access only', { successor: usedAgo(0) }, 'keep'],
  ['at the end of the grace: access only', { successor: usedAgo(REUSE_GRACE_MS) }, 'keep'],
  ['after the grace: reuse', { successor: usedAgo(REUSE_GRACE_MS + 1) }, 'revoke'],
  ['a replaced successor: reuse', { replaced: true }, 'revoke'],
  [
    'a replaced successor of an expired family member: reuse all the same',
    { replaced: true, expiresAt: new Date(0) },
    'revoke',
  ],
  ['an expired token', { expiresAt: new Date(nowMs) }, 'refuse'],
  ['a token of an ended sign-in', { familyRevoked: 'logout' }, 'refuse'],
  ['even a replaced one: the family is gone already', { familyRevoked: 'reuse', replaced: true }, 'refuse'],
])('%s', (_case, change, kind) => {
  expect(judgeRefresh({ ...fresh, ...change }, next, nowMs).kind).toBe(kind);
});

test('tokens are unguessable and never stored', () => {
  const { secret, row } = makeRefreshToken(nowMs);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(JSON.stringify(row)).not.toContain(secret);
});
