/**
 * What one may do with the people of a conversation. Pure; the server decides the same way and has the last word, this
 * only keeps from offering what it would refuse.
 */
import type { ConversationMeta, ConversationRow, MemberRow } from '../../../ipc/views.ts';

type Role = MemberRow['role'];
type Kind = ConversationRow['kind'];

/** Roles in the order of their power. */
const roles: readonly Role[] = ['owner', 'moderator', 'member'];

/** What I may do with a conversation as a whole. */
interface GroupRights {
  readonly canAdd: boolean;
  readonly canRename: boolean;
  readonly canLeave: boolean;
  /** End it, and open it again. */
  readonly canClose: boolean;
  readonly canPin: boolean;
  /** Say how long new messages live. */
  readonly canSetTtl: boolean;
  /** Leaving would leave others without an owner. */
  readonly isLastOwner: boolean;
}

/** See {@link GroupRights}. */
export function groupRights({ row, members, ownRole }: ConversationMeta): GroupRights {
  const kind = row?.kind ?? 'direct';
  const runsIt = ownRole === 'owner' || ownRole === 'moderator';
  return {
    canAdd: hasOwnMembers(kind) && runsIt,
    // What a linked conversation is called is decided by its item.
    canRename: (kind === 'group' || kind === 'announcement') && runsIt,
    canClose: kind === 'linked' && runsIt,
    canLeave: hasOwnMembers(kind) && ownRole !== null,
    canPin: ownRole !== null && (kind !== 'announcement' || runsIt),
    canSetTtl: ownRole !== null && (kind === 'direct' || runsIt),
    isLastOwner: ownRole === 'owner' && members.length > 1 && owners(members) < 2,
  };
}

/** What I may do with one member. */
interface MemberRights {
  /** Roles I may give them. */
  readonly roles: readonly Role[];
  readonly canRemove: boolean;
}

/** See {@link MemberRights}. Oneself one does not remove but leave. */
export function memberRights(
  { row, members, ownRole }: Pick<ConversationMeta, 'row' | 'members' | 'ownRole'>,
  member: MemberRow,
  isSelf: boolean,
): MemberRights {
  const kind = row?.kind ?? 'direct';
  const isLastOwner = member.role === 'owner' && owners(members) < 2;
  const canChange = kind !== 'direct' && ownRole === 'owner' && !isLastOwner;
  return {
    roles: canChange ? roles.filter((role) => role !== member.role) : [],
    canRemove:
      hasOwnMembers(kind) &&
      !isSelf &&
      (ownRole === 'owner' || (ownRole === 'moderator' && member.role === 'member')),
  };
}

/** Members by role, then by name. */
export function inOrder(members: readonly MemberRow[]): readonly MemberRow[] {
  const collator = new Intl.Collator();
  return [...members].sort(
    (a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || collator.compare(a.name, b.name),
  );
}

/** A pair stays a pair, and the readers of announcements are chosen by the organization. */
function hasOwnMembers(kind: Kind): boolean {
  return kind === 'group' || kind === 'linked';
}

function owners(members: readonly MemberRow[]): number {
  return members.filter((member) => member.role === 'owner').length;
}
