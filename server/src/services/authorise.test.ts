import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { describe, expect, test } from 'vitest';
import type { ConversationAccess, OrgAccess } from '../repositories/access-repository.ts';
import { authorise, type Request } from './authorise.ts';

function org(...members: [id: string, role: OrgRole, isActive?: boolean][]): OrgAccess {
  const entries = members.map(
    ([id, role, isActive = true]) => [id, { role, isActive, leftSeq: isActive ? null : 9 }] as const,
  );
  return { id: 'org', memberVersion: 1, members: new Map(entries) };
}

function conversation(
  kind: string,
  ...members: [id: string, role: string, isActive?: boolean][]
): ConversationAccess {
  const entries = members.map(
    ([id, role, isActive = true]) =>
      [id, { userId: id, role, isActive, visible: [{ from: 1, to: isActive ? null : 9 }] }] as const,
  );
  return { id: 'c', orgId: 'org', kind, memberVersion: 1, members: new Map(entries) };
}

function verdict(actor: string, request: Request): string {
  const it = authorise(actor, request);
  if (!it.isAllowed) return it.code;
  return it.authorOnly ? 'own' : 'yes';
}

const direct = conversation('direct', ['me', 'member'], ['former', 'member', false]);
const group = conversation('group', ['me', 'member'], ['mod', 'moderator'], ['former', 'moderator', false]);
const people = org(
  ['owner', 'owner'],
  ['admin', 'admin'],
  ['me', 'member'],
  ['guest', 'guest'],
  ['former', 'admin', false],
);

describe('conversations', () => {
  test.each([
    ['conversation.read', { me: 'yes', former: 'yes', stranger: 'NOT_FOUND' }],
    ['conversation.write', { me: 'yes', former: 'NOT_MEMBER', stranger: 'NOT_FOUND' }],
    ['message.edit', { me: 'own', former: 'NOT_MEMBER', stranger: 'NOT_FOUND' }],
    ['message.delete', { me: 'own', former: 'NOT_MEMBER', stranger: 'NOT_FOUND' }],
  ] as const)('%s', (action, expected) => {
    for (const [actor, answer] of Object.entries(expected))
      expect(verdict(actor, { action, conversation: direct })).toBe(answer);
    // An unknown id answers like somebody else's.
    expect(verdict('me', { action, conversation: undefined })).toBe('NOT_FOUND');
  });

  test('moderators of a group may remove, never rewrite', () => {
    expect(verdict('mod', { action: 'message.delete', conversation: group })).toBe('yes');
    expect(verdict('mod', { action: 'message.edit', conversation: group })).toBe('own');
    expect(verdict('me', { action: 'message.delete', conversation: group })).toBe('own');
    expect(verdict('former', { action: 'message.delete', conversation: group })).toBe('NOT_MEMBER');
  });

  test('are created between people of one organisation', () => {
    const create = (actor: string, peerId: string, at: OrgAccess | undefined = people) =>
      verdict(actor, { action: 'conversation.create', org: at, peerIds: [peerId] });
    expect(create('me', 'guest')).toBe('yes');
    expect(create('me', 'former')).toBe('NOT_FOUND');
    expect(create('me', 'stranger')).toBe('NOT_FOUND');
    expect(create('stranger', 'me')).toBe('NOT_FOUND');
    expect(create('former', 'me')).toBe('NOT_MEMBER');
  });
});

describe('organisations', () => {
  test.each([
    ['org.read', { owner: 'yes', guest: 'yes', former: 'yes', stranger: 'NOT_FOUND' }],
    [
      'org.invite',
      {
        owner: 'yes',
        admin: 'yes',
        me: 'FORBIDDEN',
        guest: 'FORBIDDEN',
        former: 'NOT_MEMBER',
        stranger: 'NOT_FOUND',
      },
    ],
    [
      'org.rename',
      {
        owner: 'yes',
        admin: 'yes',
        me: 'FORBIDDEN',
        guest: 'FORBIDDEN',
        former: 'NOT_MEMBER',
        stranger: 'NOT_FOUND',
      },
    ],
  ] as const)('%s', (action, expected) => {
    for (const [actor, answer] of Object.entries(expected))
      expect(verdict(actor, { action, org: people })).toBe(answer);
    expect(verdict('owner', { action, org: undefined })).toBe('NOT_FOUND');
  });

  test('a profile is its person’s own', () => {
    expect(verdict('me', { action: 'org.person', org: people, personId: 'me' })).toBe('yes');
    expect(verdict('owner', { action: 'org.person', org: people, personId: 'me' })).toBe('FORBIDDEN');
  });

  test.each<[actor: string, personId: string, role: OrgRole | null, answer: string]>([
    ['admin', 'me', 'guest', 'yes'],
    ['admin', 'me', null, 'yes'],
    ['me', 'guest', null, 'FORBIDDEN'],
    ['me', 'me', null, 'yes'],
    ['me', 'me', 'admin', 'FORBIDDEN'],
    ['admin', 'me', 'owner', 'FORBIDDEN'],
    ['admin', 'owner', 'member', 'FORBIDDEN'],
    ['admin', 'owner', null, 'FORBIDDEN'],
    ['owner', 'admin', 'owner', 'yes'],
    ['owner', 'owner', null, 'FORBIDDEN'],
    ['owner', 'owner', 'member', 'FORBIDDEN'],
    ['owner', 'stranger', 'member', 'NOT_FOUND'],
    ['owner', 'former', 'member', 'NOT_FOUND'],
    ['former', 'me', null, 'NOT_MEMBER'],
    ['stranger', 'me', null, 'NOT_FOUND'],
  ])('%s sets the role of %s to %s: %s', (actor, personId, role, answer) => {
    expect(verdict(actor, { action: 'org.role', org: people, personId, role })).toBe(answer);
  });

  test('with two owners one may go', () => {
    const two = org(['owner', 'owner'], ['other', 'owner']);
    expect(verdict('owner', { action: 'org.role', org: two, personId: 'owner', role: null })).toBe('yes');
  });
});

test('what belongs to one person is nobody else’s', () => {
  expect(verdict('me', { action: 'own', ownerId: 'me' })).toBe('yes');
  expect(verdict('me', { action: 'own', ownerId: 'other' })).toBe('NOT_FOUND');
  expect(verdict('me', { action: 'own', ownerId: undefined })).toBe('NOT_FOUND');
});
