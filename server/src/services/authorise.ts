/**
 * Authorisation: decides every (actor, action, resource). Pure: facts come in, a verdict goes out. Promises that
 * somebody who never belonged to a thing learns nothing, not even that it exists (NOT_FOUND), that a former member is
 * told so (NOT_MEMBER), and that a member without the right hears FORBIDDEN.
 */
import type { OrgRole, Policy } from '@curlew/shared/domain/entries.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { assertNever } from '@curlew/shared/lib/result.ts';
import type { MemberRole } from '@curlew/shared/domain/message.ts';
import type { ConversationAccess, OrgAccess } from '../repositories/access-repository.ts';

/** What somebody wants to do, with the facts it depends on. */
export type Request =
  | {
      readonly action: 'conversation.read' | 'conversation.write';
      readonly conversation: ConversationAccess | undefined;
    }
  /** new messages, which closed conversations and announcements do not take from everybody */
  | {
      readonly action: 'conversation.send';
      readonly conversation: ConversationAccess | undefined;
      /** it asks everybody for an acknowledgement, as announcements alone may */
      readonly requiresAck: boolean;
      /** it is to pass "do not disturb", as announcements may where the policy of their organisation says so */
      readonly urgent?: { readonly org: OrgAccess | undefined } | undefined;
    }
  /** `peerIds`: those to talk with; they must be in the organisation too */
  | {
      readonly action: 'conversation.create';
      readonly kind: 'direct' | 'group' | 'linked' | 'announcement';
      readonly org: OrgAccess | undefined;
      readonly peerIds: readonly string[];
    }
  /** `change`: pinning is for everybody who may write; the rest for those who run the conversation */
  | {
      readonly action: 'conversation.update';
      readonly conversation: ConversationAccess | undefined;
      readonly change: { readonly isPinOnly: boolean; readonly isTitle: boolean; readonly isLink: boolean };
    }
  | {
      readonly action: 'member.add' | 'member.remove' | 'member.role';
      readonly conversation: ConversationAccess | undefined;
      /** the organisation of the conversation; whom it does not have cannot be added */
      readonly org: OrgAccess | undefined;
      readonly personId: string;
      /** given or wanted; of no meaning for `member.remove` */
      readonly role: MemberRole;
    }
  /** how far announcements got: for those who run the channel, and those who run its organisation */
  | {
      readonly action: 'announcement.reach';
      readonly conversation: ConversationAccess | undefined;
      readonly org: OrgAccess | undefined;
    }
  /** changing or removing what somebody wrote; `write` for everybody, this for the author's right */
  | {
      readonly action: 'message.edit' | 'message.delete';
      readonly conversation: ConversationAccess | undefined;
    }
  /** `org.read`: its log, for former members up to where they left; `org.people`: who is in it now */
  | {
      readonly action: 'org.read' | 'org.people' | 'org.invite' | 'org.manage';
      readonly org: OrgAccess | undefined;
    }
  | { readonly action: 'org.person'; readonly org: OrgAccess | undefined; readonly personId: string }
  | {
      readonly action: 'org.role';
      readonly org: OrgAccess | undefined;
      readonly personId: string;
      /** null: out of the organisation */
      readonly role: OrgRole | null;
      /** out of it, but kept */
      readonly isDeactivated: boolean;
    }
  /** an account log, a device, anything that belongs to one person alone */
  | { readonly action: 'own'; readonly ownerId: string | undefined };

type DenialCode = 'NOT_FOUND' | 'NOT_MEMBER' | 'FORBIDDEN' | 'GROUP_FULL';

/** The verdict. `authorOnly`: allowed only on what the actor wrote, which the write path checks under its lock. */
export type Verdict =
  | { readonly isAllowed: true; readonly authorOnly: boolean }
  | { readonly isAllowed: false; readonly code: DenialCode };

const allowed: Verdict = { isAllowed: true, authorOnly: false };
const deny = (code: DenialCode): Verdict => ({ isAllowed: false, code });

/** Decides one request of one actor. */
export function authorise(actorId: string, request: Request): Verdict {
  switch (request.action) {
    case 'own':
      return request.ownerId === actorId ? allowed : deny('NOT_FOUND');
    case 'conversation.read':
      // A former member reads what was said while they belonged; the reads cut it off there.
      return request.conversation?.members.has(actorId) ? allowed : deny('NOT_FOUND');
    case 'conversation.write':
      return inConversation(actorId, request.conversation);
    case 'message.edit':
    case 'message.delete':
      return authorRight(actorId, request);
    case 'announcement.reach':
      return seeReach(actorId, request);
    case 'conversation.create':
      return createConversation(actorId, request);
    case 'conversation.send':
      return sendMessage(actorId, request);
    case 'conversation.update':
      return updateConversation(actorId, request);
    case 'member.add':
    case 'member.remove':
    case 'member.role':
      return changeMember(actorId, request);
    case 'org.read':
      return request.org?.members.has(actorId) ? allowed : deny('NOT_FOUND');
    case 'org.people':
      return inOrg(actorId, request.org, () => true);
    case 'org.invite':
    case 'org.manage':
      return inOrg(actorId, request.org, (role) => isManager(role));
    case 'org.person':
      return inOrg(actorId, request.org, () => request.personId === actorId);
    case 'org.role':
      return changeRole(actorId, request);
    default:
      return assertNever(request, 'action');
  }
}

function inConversation(actorId: string, conversation: ConversationAccess | undefined): Verdict {
  const standing = conversation?.members.get(actorId);
  if (!standing) return deny('NOT_FOUND');
  return standing.isActive ? allowed : deny('NOT_MEMBER');
}

function authorRight(
  actorId: string,
  {
    action,
    conversation,
  }: { action: 'message.edit' | 'message.delete'; conversation: ConversationAccess | undefined },
): Verdict {
  const verdict = inConversation(actorId, conversation);
  if (!verdict.isAllowed) return verdict;
  // Those who run a group may remove, never rewrite, what others said. Nobody runs a direct conversation.
  const mayModerate =
    action === 'message.delete' &&
    conversation !== undefined &&
    conversation.kind !== 'direct' &&
    runs(conversation, actorId);
  return { isAllowed: true, authorOnly: !mayModerate };
}

function createConversation(
  actorId: string,
  { kind, org, peerIds }: Extract<Request, { action: 'conversation.create' }>,
): Verdict {
  const verdict = inOrg(actorId, org, (role) => mayCreate(kind, role, org?.policy));
  if (!verdict.isAllowed) return verdict;
  return peerIds.every((peerId) => org?.members.get(peerId)?.isActive) ? allowed : deny('NOT_FOUND');
}

function mayCreate(
  kind: Extract<Request, { action: 'conversation.create' }>['kind'],
  role: OrgRole,
  policy: Policy | undefined,
): boolean {
  if (kind === 'direct') return true;
  if (kind === 'announcement' || policy?.groupCreation === 'admins') return isManager(role);
  // Guests talk where they were asked to.
  return role !== 'guest';
}

function sendMessage(
  actorId: string,
  { conversation, requiresAck, urgent }: Extract<Request, { action: 'conversation.send' }>,
): Verdict {
  const verdict = inConversation(actorId, conversation);
  if (!verdict.isAllowed || !conversation) return verdict;
  const isAnnouncement = conversation.kind === 'announcement';
  const isHeard = isAnnouncement ? runs(conversation, actorId) : !requiresAck;
  const mayBeUrgent = isAnnouncement && urgent?.org?.policy.urgentAnnouncements === true;
  if (urgent && !mayBeUrgent) return deny('FORBIDDEN');
  return isHeard && !conversation.isClosed ? allowed : deny('FORBIDDEN');
}

function updateConversation(
  actorId: string,
  { conversation, change }: Extract<Request, { action: 'conversation.update' }>,
): Verdict {
  const verdict = inConversation(actorId, conversation);
  if (!verdict.isAllowed || !conversation) return verdict;
  const { kind } = conversation;
  if (change.isLink && kind !== 'linked') return deny('FORBIDDEN');
  // Two people have no title and nobody above them.
  if (kind === 'direct') return change.isTitle ? deny('FORBIDDEN') : allowed;
  if (change.isPinOnly && kind !== 'announcement') return allowed;
  return runs(conversation, actorId) ? allowed : deny('FORBIDDEN');
}

function seeReach(
  actorId: string,
  { conversation, org }: Extract<Request, { action: 'announcement.reach' }>,
): Verdict {
  const isAnnouncement = conversation?.kind === 'announcement';
  const standing = org?.members.get(actorId);
  if (isAnnouncement && standing?.isActive && isManager(standing.role)) return allowed;
  const verdict = inConversation(actorId, conversation);
  if (!verdict.isAllowed || !conversation) return verdict;
  return isAnnouncement && runs(conversation, actorId) ? allowed : deny('FORBIDDEN');
}

function changeMember(
  actorId: string,
  {
    action,
    conversation,
    org,
    personId,
    role,
  }: Extract<Request, { action: 'member.add' | 'member.remove' | 'member.role' }>,
): Verdict {
  const verdict = inConversation(actorId, conversation);
  if (!verdict.isAllowed || !conversation) return verdict;
  // A pair stays a pair, and the audience of announcements is made by the organisation.
  if (conversation.kind === 'direct') return deny('FORBIDDEN');
  if (conversation.kind === 'announcement' && action !== 'member.role') return deny('FORBIDDEN');
  const mine = conversation.members.get(actorId)?.role;
  const theirs = conversation.members.get(personId);
  const isLastOwner = theirs?.isActive === true && theirs.role === 'owner' && activeOwners(conversation) < 2;
  switch (action) {
    case 'member.add':
      if (!runs(conversation, actorId) || (role !== 'member' && mine !== 'owner')) return deny('FORBIDDEN');
      if (!org?.members.get(personId)?.isActive) return deny('NOT_FOUND');
      if (theirs?.isActive) return allowed;
      return activeMembers(conversation) < limits.groupMembers ? allowed : deny('GROUP_FULL');
    case 'member.remove':
      if (isLastOwner && activeMembers(conversation) > 1) return deny('FORBIDDEN');
      if (personId === actorId || mine === 'owner') return allowed;
      return mine === 'moderator' && theirs?.role === 'member' ? allowed : deny('FORBIDDEN');
    case 'member.role':
      if (mine !== 'owner' || (isLastOwner && role !== 'owner')) return deny('FORBIDDEN');
      return theirs?.isActive ? allowed : deny('NOT_FOUND');
    default:
      return assertNever(action, 'action');
  }
}

/** Whether somebody may decide about a conversation: change it, let people in, post announcements. */
function runs(conversation: ConversationAccess, userId: string): boolean {
  const role = conversation.members.get(userId)?.role;
  return role === 'owner' || role === 'moderator';
}

function activeMembers(conversation: ConversationAccess): number {
  return [...conversation.members.values()].filter((member) => member.isActive).length;
}

function activeOwners(conversation: ConversationAccess): number {
  return [...conversation.members.values()].filter((member) => member.isActive && member.role === 'owner')
    .length;
}

function inOrg(actorId: string, org: OrgAccess | undefined, hasRight: (role: OrgRole) => boolean): Verdict {
  const standing = org?.members.get(actorId);
  if (!standing) return deny('NOT_FOUND');
  if (!standing.isActive) return deny('NOT_MEMBER');
  return hasRight(standing.role) ? allowed : deny('FORBIDDEN');
}

function changeRole(actorId: string, request: Extract<Request, { action: 'org.role' }>): Verdict {
  const { org, personId, role, isDeactivated } = request;
  const verdict = inOrg(actorId, org, (mine) => isManager(mine) || (personId === actorId && role === null));
  if (!verdict.isAllowed || !org) return verdict;
  const before = org.members.get(personId);
  // People join by invitation; a role can only be given to somebody who is in, or whose place is kept.
  if (!before?.isActive && !before?.isDeactivated) return deny('NOT_FOUND');
  const isOwner = org.members.get(actorId)?.role === 'owner';
  if ((before.role === 'owner' || role === 'owner') && !isOwner) return deny('FORBIDDEN');
  // Whoever wants to go leaves; locking oneself out would need somebody else to undo it.
  if (isDeactivated && personId === actorId) return deny('FORBIDDEN');
  // An organisation without an owner could never get one again.
  const isLastOwner = before.isActive && before.role === 'owner' && owners(org) < 2;
  if (isLastOwner && (role !== 'owner' || isDeactivated)) return deny('FORBIDDEN');
  return allowed;
}

function owners(org: OrgAccess): number {
  return [...org.members.values()].filter((member) => member.isActive && member.role === 'owner').length;
}

function isManager(role: OrgRole): boolean {
  return role === 'owner' || role === 'admin';
}
