/** What each role must be answered. `OK` stands for any success; everything else is a code of the catalogue. */
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { roles, type Role } from './world.ts';

/** An outcome as the matrix compares it. */
export type Verdict = 'OK' | ErrorCode;
/** The expected outcome of every role. */
export type Expectation = Readonly<Record<Role, Verdict>>;

/** The same for everybody. */
export function everybody(verdict: Verdict): Expectation {
  return Object.fromEntries(roles.map((role) => [role, verdict])) as Expectation;
}

/** The same for everybody who is signed in. */
export function signedIn(verdict: Verdict): Expectation {
  return { ...everybody(verdict), nobody: 'AUTH_REQUIRED' };
}

/** What belongs to the owner alone. */
export const ownOnly: Expectation = { ...signedIn('NOT_FOUND'), owner: 'OK' };

const neverIn = { otherOrganisation: 'NOT_FOUND', notMember: 'NOT_FOUND' } as const;

/** Reading a conversation: a former member sees what was said while they belonged. */
export const conversationRead: Expectation = { ...signedIn('OK'), ...neverIn };

/** Writing into a conversation, and what only the present members share. */
export const conversationWrite: Expectation = { ...conversationRead, formerMember: 'NOT_MEMBER' };

/** What nobody may do in a conversation of two. */
export const conversationRefused: Expectation = {
  ...conversationWrite,
  guest: 'FORBIDDEN',
  member: 'FORBIDDEN',
  admin: 'FORBIDDEN',
  owner: 'FORBIDDEN',
};

/** Changing what the owner wrote. */
export const authorOnly: Expectation = {
  ...conversationWrite,
  guest: 'FORBIDDEN',
  member: 'FORBIDDEN',
  admin: 'FORBIDDEN',
};

/** What everybody in the organisation may see and do. */
export const orgMembers: Expectation = {
  ...signedIn('OK'),
  otherOrganisation: 'NOT_FOUND',
  formerMember: 'NOT_MEMBER',
};

/** What owners and admins of the organisation may do. */
export const orgManagers: Expectation = {
  ...orgMembers,
  notMember: 'FORBIDDEN',
  guest: 'FORBIDDEN',
  member: 'FORBIDDEN',
};
