/**
 * Authorisation: decides every (actor, action, resource). Pure: facts come in, a verdict goes out. Promises that
 * somebody who never belonged to a thing learns nothing, not even that it exists (NOT_FOUND), that a former member is
 * told so (NOT_MEMBER), and that a member without the right hears FORBIDDEN.
 */
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { assertNever } from '@curlew/shared/lib/result.ts';
import type { ConversationAccess, OrgAccess } from '../repositories/access-repository.ts';

/** What somebody wants to do, with the facts it depends on. */
export type Request =
  | {
      readonly action: 'conversation.read' | 'conversation.write';
      readonly conversation: ConversationAccess | undefined;
    }
  /** `peerIds`: those to talk with; they must be in the organisation too */
  | {
      readonly action: 'conversation.create';
      readonly org: OrgAccess | undefined;
      readonly peerIds: readonly string[];
    }
  /** changing or removing what somebody wrote; `write` for everybody, this for the author's right */
  | {
      readonly action: 'message.edit' | 'message.delete';
      readonly conversation: ConversationAccess | undefined;
    }
  /** `org.read`: its log, for former members up to where they left; `org.people`: who is in it now */
  | {
      readonly action: 'org.read' | 'org.people' | 'org.invite' | 'org.rename';
      readonly org: OrgAccess | undefined;
    }
  | { readonly action: 'org.person'; readonly org: OrgAccess | undefined; readonly personId: string }
  | {
      readonly action: 'org.role';
      readonly org: OrgAccess | undefined;
      readonly personId: string;
      /** null: out of the organisation */
      readonly role: OrgRole | null;
    }
  /** an account log, a device, anything that belongs to one person alone */
  | { readonly action: 'own'; readonly ownerId: string | undefined };

/** The verdict. `authorOnly`: allowed only on what the actor wrote, which the write path checks under its lock. */
export type Verdict =
  | { readonly isAllowed: true; readonly authorOnly: boolean }
  | { readonly isAllowed: false; readonly code: 'NOT_FOUND' | 'NOT_MEMBER' | 'FORBIDDEN' };

const allowed: Verdict = { isAllowed: true, authorOnly: false };
const deny = (code: 'NOT_FOUND' | 'NOT_MEMBER' | 'FORBIDDEN'): Verdict => ({ isAllowed: false, code });

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
    case 'conversation.create':
      return createConversation(actorId, request.org, request.peerIds);
    case 'org.read':
      return request.org?.members.has(actorId) ? allowed : deny('NOT_FOUND');
    case 'org.people':
      return inOrg(actorId, request.org, () => true);
    case 'org.invite':
    case 'org.rename':
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
  const role = conversation?.members.get(actorId)?.role;
  // Those who moderate a group may remove, never rewrite, what others said. Direct conversations have no moderators.
  const mayModerate =
    action === 'message.delete' &&
    conversation?.kind !== 'direct' &&
    (role === 'owner' || role === 'moderator');
  return { isAllowed: true, authorOnly: !mayModerate };
}

function createConversation(
  actorId: string,
  org: OrgAccess | undefined,
  peerIds: readonly string[],
): Verdict {
  const verdict = inOrg(actorId, org, () => true);
  if (!verdict.isAllowed) return verdict;
  return peerIds.every((peerId) => org?.members.get(peerId)?.isActive) ? allowed : deny('NOT_FOUND');
}

function inOrg(actorId: string, org: OrgAccess | undefined, hasRight: (role: OrgRole) => boolean): Verdict {
  const standing = org?.members.get(actorId);
  if (!standing) return deny('NOT_FOUND');
  if (!standing.isActive) return deny('NOT_MEMBER');
  return hasRight(standing.role) ? allowed : deny('FORBIDDEN');
}

function changeRole(actorId: string, request: Extract<Request, { action: 'org.role' }>): Verdict {
  const { org, personId, role } = request;
  const verdict = inOrg(actorId, org, (mine) => isManager(mine) || (personId === actorId && role === null));
  if (!verdict.isAllowed || !org) return verdict;
  const before = org.members.get(personId);
  // People join by invitation; a role can only be given to somebody who is in.
  if (!before?.isActive) return deny('NOT_FOUND');
  const isOwner = org.members.get(actorId)?.role === 'owner';
  if ((before.role === 'owner' || role === 'owner') && !isOwner) return deny('FORBIDDEN');
  // An organisation without an owner could never get one again.
  if (before.role === 'owner' && role !== 'owner' && owners(org) < 2) return deny('FORBIDDEN');
  return allowed;
}

function owners(org: OrgAccess): number {
  return [...org.members.values()].filter((member) => member.isActive && member.role === 'owner').length;
}

function isManager(role: OrgRole): boolean {
  return role === 'owner' || role === 'admin';
}
