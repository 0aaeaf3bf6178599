import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { describe, expect, test } from 'vitest';
import type { ConversationKind, MemberRole } from '@curlew/shared/domain/message.ts';
import type { ConversationAccess, OrgAccess } from '../repositories/access-repository.ts';
import { authorise, type Request } from './authorise.ts';

function org(...members: [id: string, role: OrgRole, isActive?: boolean][]): OrgAccess {
  const entries = members.map(
    ([id, role, isActive = true]) =>
      [id, { role, isActive, isDeactivated: false, leftSeq: isActive ? null : 9 }] as const,
  );
  return { id: 'org', memberVersion: 1, policy: {}, members: new Map(entries) };
}

function conversation(
  kind: ConversationKind,
  ...members: [id: string, role: MemberRole, isActive?: boolean][]
): ConversationAccess {
  const entries = members.map(
    ([id, role, isActive = true]) =>
      [id, { userId: id, role, isActive, visible: [{ from: 1, to: isActive ? null : 9 }] }] as const,
  );
  return {
    id: 'c',
    orgId: 'org',
    kind,
    audience: null,
    isClosed: false,
    memberVersion: 1,
    members: new Map(entries),
  };
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

  test('how far announcements got is for those who run the channel or the organisation', () => {
    const channel = conversation(
      'announcement',
      ['mod', 'moderator'],
      ['me', 'member'],
      ['former', 'owner', false],
    );
    const see = (actor: string, of: ConversationAccess | undefined) =>
      verdict(actor, { action: 'announcement.reach', conversation: of, org: people });
    expect(['mod', 'owner', 'admin'].map((actor) => see(actor, channel))).toEqual(['yes', 'yes', 'yes']);
    expect(see('me', channel)).toBe('FORBIDDEN');
    expect(see('former', channel)).toBe('NOT_MEMBER');
    expect(see('guest', channel)).toBe('NOT_FOUND');
    // Running the organisation opens no other conversation.
    expect(see('admin', group)).toBe('NOT_FOUND');
    expect(see('mod', group)).toBe('FORBIDDEN');
    expect(see('admin', undefined)).toBe('NOT_FOUND');
  });

  test('moderators of a group may remove, never rewrite', () => {
    expect(verdict('mod', { action: 'message.delete', conversation: group })).toBe('yes');
    expect(verdict('mod', { action: 'message.edit', conversation: group })).toBe('own');
    expect(verdict('me', { action: 'message.delete', conversation: group })).toBe('own');
    expect(verdict('former', { action: 'message.delete', conversation: group })).toBe('NOT_MEMBER');
  });

  test('are created between people of one organisation', () => {
    const create = (actor: string, peerId: string, at: OrgAccess | undefined = people) =>
      verdict(actor, { action: 'conversation.create', kind: 'direct', org: at, peerIds: [peerId] });
    expect(create('me', 'guest')).toBe('yes');
    expect(create('me', 'former')).toBe('NOT_FOUND');
    expect(create('me', 'stranger')).toBe('NOT_FOUND');
    expect(create('stranger', 'me')).toBe('NOT_FOUND');
    expect(create('former', 'me')).toBe('NOT_MEMBER');
  });
});

describe('groups', () => {
  const owned = conversation(
    'group',
    ['boss', 'owner'],
    ['mod', 'moderator'],
    ['me', 'member'],
    ['guest', 'member'],
    ['former', 'member', false],
  );
  const about = (
    actor: string,
    action: 'member.add' | 'member.remove' | 'member.role',
    personId: string,
    role: MemberRole = 'member',
    at: ConversationAccess = owned,
  ) => verdict(actor, { action, conversation: at, org: people, personId, role });

  test.each<[actor: string, kind: ConversationKind, groupCreation: 'members' | 'admins', answer: string]>([
    ['me', 'group', 'members', 'yes'],
    ['me', 'linked', 'members', 'yes'],
    ['guest', 'group', 'members', 'FORBIDDEN'],
    ['guest', 'direct', 'admins', 'yes'],
    ['me', 'group', 'admins', 'FORBIDDEN'],
    ['admin', 'group', 'admins', 'yes'],
    ['me', 'announcement', 'members', 'FORBIDDEN'],
    ['admin', 'announcement', 'members', 'yes'],
    ['former', 'group', 'members', 'NOT_MEMBER'],
  ])('%s creates a %s where %s may: %s', (actor, kind, groupCreation, answer) => {
    const at = { ...people, policy: { groupCreation } };
    expect(verdict(actor, { action: 'conversation.create', kind, org: at, peerIds: [] })).toBe(answer);
  });

  test.each<[actor: string, personId: string, role: MemberRole, answer: string]>([
    ['boss', 'owner', 'member', 'yes'],
    ['mod', 'owner', 'member', 'yes'],
    ['mod', 'owner', 'moderator', 'FORBIDDEN'],
    ['boss', 'owner', 'moderator', 'yes'],
    ['me', 'owner', 'member', 'FORBIDDEN'],
    ['boss', 'stranger', 'member', 'NOT_FOUND'],
    ['boss', 'former', 'member', 'NOT_FOUND'],
    ['former', 'owner', 'member', 'NOT_MEMBER'],
    ['stranger', 'owner', 'member', 'NOT_FOUND'],
  ])('%s adds %s as %s: %s', (actor, personId, role, answer) => {
    expect(about(actor, 'member.add', personId, role)).toBe(answer);
  });

  test.each([
    ['me', 'me', 'yes'],
    ['me', 'guest', 'FORBIDDEN'],
    ['mod', 'me', 'yes'],
    ['mod', 'mod', 'yes'],
    ['mod', 'boss', 'FORBIDDEN'],
    ['boss', 'mod', 'yes'],
    // A group without an owner could never get one again.
    ['boss', 'boss', 'FORBIDDEN'],
  ])('%s takes %s out: %s', (actor, personId, answer) => {
    expect(about(actor, 'member.remove', personId)).toBe(answer);
  });

  test.each<[actor: string, personId: string, role: MemberRole, answer: string]>([
    ['boss', 'me', 'owner', 'yes'],
    ['boss', 'boss', 'member', 'FORBIDDEN'],
    ['mod', 'me', 'moderator', 'FORBIDDEN'],
    ['boss', 'former', 'moderator', 'NOT_FOUND'],
  ])('%s makes %s a %s: %s', (actor, personId, role, answer) => {
    expect(about(actor, 'member.role', personId, role)).toBe(answer);
  });

  test('the last one out may be its owner', () => {
    const alone = conversation('group', ['boss', 'owner'], ['former', 'member', false]);
    expect(about('boss', 'member.remove', 'boss', 'member', alone)).toBe('yes');
  });

  test('hold a limited number of people', () => {
    const crowd = Array.from({ length: limits.groupMembers - 1 }, (_, n): [string, MemberRole] => [
      `p${n}`,
      'member',
    ]);
    const full = conversation('group', ['boss', 'owner'], ...crowd);
    expect(about('boss', 'member.add', 'me', 'member', full)).toBe('GROUP_FULL');
    expect(
      about(
        'boss',
        'member.add',
        'me',
        'member',
        conversation('group', ['boss', 'owner'], ...crowd.slice(1)),
      ),
    ).toBe('yes');
  });

  test('a pair stays a pair, and announcements choose their own audience', () => {
    expect(about('me', 'member.add', 'guest', 'member', direct)).toBe('FORBIDDEN');
    const channel = conversation('announcement', ['boss', 'owner'], ['me', 'member']);
    expect(about('boss', 'member.add', 'guest', 'member', channel)).toBe('FORBIDDEN');
    expect(about('boss', 'member.role', 'me', 'moderator', channel)).toBe('yes');
    expect(verdict('me', { action: 'conversation.send', conversation: channel, requiresAck: false })).toBe(
      'FORBIDDEN',
    );
    expect(verdict('boss', { action: 'conversation.send', conversation: channel, requiresAck: false })).toBe(
      'yes',
    );
    expect(verdict('me', { action: 'conversation.write', conversation: channel })).toBe('yes');
  });

  test('only announcements are urgent, by those who run them, where the organization allows it', () => {
    const channel = conversation('announcement', ['boss', 'owner'], ['me', 'member']);
    const sends = (actor: string, at: ConversationAccess, urgentAnnouncements?: boolean) =>
      verdict(actor, {
        action: 'conversation.send',
        conversation: at,
        requiresAck: false,
        urgent: { org: { ...org(), policy: { urgentAnnouncements } } },
      });
    expect(sends('boss', channel, true)).toBe('yes');
    expect(sends('boss', channel, false)).toBe('FORBIDDEN');
    expect(sends('boss', channel)).toBe('FORBIDDEN');
    expect(sends('me', channel, true)).toBe('FORBIDDEN');
    expect(sends('boss', owned, true)).toBe('FORBIDDEN');
    expect(sends('guest', channel, true)).toBe('NOT_FOUND');
  });

  test('only announcements ask for acknowledgements', () => {
    const channel = conversation('announcement', ['boss', 'owner'], ['me', 'member']);
    const asks = (at: ConversationAccess) =>
      verdict('boss', { action: 'conversation.send', conversation: at, requiresAck: true });
    expect([channel, owned, { ...channel, isClosed: true }].map(asks)).toEqual([
      'yes',
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    expect(verdict('me', { action: 'conversation.send', conversation: channel, requiresAck: true })).toBe(
      'FORBIDDEN',
    );
    // Who is not in it hears nothing of the rule.
    expect(verdict('guest', { action: 'conversation.send', conversation: channel, requiresAck: true })).toBe(
      'NOT_FOUND',
    );
  });

  test('closed ones take nothing new', () => {
    const closed = { ...owned, isClosed: true };
    expect(verdict('boss', { action: 'conversation.send', conversation: closed, requiresAck: false })).toBe(
      'FORBIDDEN',
    );
    expect(verdict('me', { action: 'conversation.write', conversation: closed })).toBe('yes');
  });

  test.each([
    ['me', 'group', { isPinOnly: true, isTitle: false, isLink: false }, 'yes'],
    ['me', 'group', { isPinOnly: false, isTitle: true, isLink: false }, 'FORBIDDEN'],
    ['mod', 'group', { isPinOnly: false, isTitle: true, isLink: false }, 'yes'],
    ['mod', 'group', { isPinOnly: false, isTitle: false, isLink: true }, 'FORBIDDEN'],
    ['mod', 'linked', { isPinOnly: false, isTitle: false, isLink: true }, 'yes'],
    ['me', 'announcement', { isPinOnly: true, isTitle: false, isLink: false }, 'FORBIDDEN'],
    ['me', 'direct', { isPinOnly: false, isTitle: true, isLink: false }, 'FORBIDDEN'],
    ['me', 'direct', { isPinOnly: false, isTitle: false, isLink: false }, 'yes'],
    ['former', 'group', { isPinOnly: true, isTitle: false, isLink: false }, 'NOT_MEMBER'],
    ['stranger', 'group', { isPinOnly: true, isTitle: false, isLink: false }, 'NOT_FOUND'],
  ] as const)('%s changes a %s: %o is %s', (actor, kind, change, answer) => {
    const at = { ...owned, kind };
    expect(verdict(actor, { action: 'conversation.update', conversation: at, change })).toBe(answer);
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
      'org.manage',
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
    const request = { action: 'org.role', org: people, personId, role, isDeactivated: false } as const;
    expect(verdict(actor, request)).toBe(answer);
  });

  test.each<[actor: string, personId: string, answer: string]>([
    ['admin', 'me', 'yes'],
    ['admin', 'gone', 'yes'],
    ['admin', 'admin', 'FORBIDDEN'],
    ['admin', 'owner', 'FORBIDDEN'],
    ['owner', 'owner', 'FORBIDDEN'],
    ['owner', 'admin', 'yes'],
    ['me', 'guest', 'FORBIDDEN'],
    ['me', 'me', 'FORBIDDEN'],
    ['owner', 'former', 'NOT_FOUND'],
    ['stranger', 'me', 'NOT_FOUND'],
  ])('%s deactivates %s: %s', (actor, personId, answer) => {
    const request = { action: 'org.role', personId, role: 'member', isDeactivated: true } as const;
    expect(verdict(actor, { ...request, org: withDeactivated('member') })).toBe(answer);
  });

  test('whoever is deactivated can do nothing, and is let in again by those who may give their role', () => {
    const request = { action: 'org.role', personId: 'gone', isDeactivated: false } as const;
    const former = withDeactivated('owner');
    expect(verdict('gone', { action: 'org.people', org: former })).toBe('NOT_MEMBER');
    expect(verdict('gone', { ...request, org: former, role: 'owner' })).toBe('NOT_MEMBER');
    expect(verdict('admin', { ...request, org: former, role: 'owner' })).toBe('FORBIDDEN');
    expect(verdict('owner', { ...request, org: former, role: 'owner' })).toBe('yes');
    expect(verdict('owner', { ...request, org: former, role: null })).toBe('yes');
  });

  test('with two owners one may go', () => {
    const two = org(['owner', 'owner'], ['other', 'owner']);
    expect(
      verdict('owner', { action: 'org.role', org: two, personId: 'owner', role: null, isDeactivated: false }),
    ).toBe('yes');
  });

  function withDeactivated(role: OrgRole): OrgAccess {
    const gone = { role, isActive: false, isDeactivated: true, leftSeq: 9 };
    return { ...people, members: new Map([...people.members, ['gone', gone]]) };
  }
});

test('what belongs to one person is nobody else’s', () => {
  expect(verdict('me', { action: 'own', ownerId: 'me' })).toBe('yes');
  expect(verdict('me', { action: 'own', ownerId: 'other' })).toBe('NOT_FOUND');
  expect(verdict('me', { action: 'own', ownerId: undefined })).toBe('NOT_FOUND');
});
