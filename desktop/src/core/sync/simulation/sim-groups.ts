/**
 * What people do with groups: they make them, name them, pin in them, ask people in, take them out and leave, with and
 * without the right to. Owns the building of those ops from what a device holds; chance decides which.
 */
import type { MemberRole } from '@curlew/shared/domain/message.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { SimDevice } from './sim-device.ts';
import { targetsOf, type Messaging, type People } from './sim-people.ts';

const roles: readonly MemberRole[] = ['owner', 'moderator', 'member'];

/** Where every item is; which one it is says its id. */
const itemUrl = { type: 'ticket', url: 'https://tickets.example.org/1' };

/** What can happen to a group. */
export type GroupAction =
  | 'group'
  | 'add'
  | 'remove'
  | 'leave'
  | 'role'
  | 'rename'
  | 'pin'
  | 'close'
  | 'open'
  | 'status'
  | 'link'
  | 'announce';

/** Does one of them on a device; nothing where it knows no group. */
export function actOnGroup(
  people: People,
  messaging: Messaging,
  device: SimDevice,
  action: GroupAction,
): void {
  const { scheduler, users, orgId } = people;
  if (action === 'group') {
    const memberIds = users.filter((id) => id !== device.userId && scheduler.chance(0.6));
    device.compose({
      ...messaging.op(messaging.newId()),
      kind: 'conversation.create',
      orgId,
      conversationKind: 'group',
      protection: 'server',
      title: messaging.words('group'),
      memberIds,
      history: scheduler.chance(0.5) ? 'all' : 'joined',
    });
    return;
  }
  if (action === 'link' || action === 'announce') {
    const base = {
      ...messaging.op(messaging.newId()),
      kind: 'conversation.create',
      orgId,
      protection: 'server',
    } as const;
    if (action === 'announce') {
      const audience = { scope: 'org', id: orgId } as const;
      device.compose({
        ...base,
        conversationKind: 'announcement',
        title: messaging.words('channel'),
        audience,
      });
      return;
    }
    // Few items, so that several people ask for the same one.
    const link = { ...itemUrl, id: `item ${scheduler.between(1, 3)}`, status: 'new' };
    const memberIds = users.filter((id) => id !== device.userId && scheduler.chance(0.3));
    device.compose({ ...base, conversationKind: 'linked', title: messaging.words('item'), link, memberIds });
    return;
  }
  const known = groupsOf(device);
  // Mostly where they are owners, as far as this device knows: the rest is refused.
  const own = scheduler.chance(0.75) ? known.filter(({ isOwn }) => isOwn) : known;
  const logId = scheduler.pick(own)?.id;
  if (logId !== undefined) device.compose(opOn(people, messaging, device, logId, action));
}

function opOn(
  { scheduler, users }: People,
  messaging: Messaging,
  device: SimDevice,
  logId: string,
  action: Exclude<GroupAction, 'group' | 'link' | 'announce'>,
): Op {
  const base = messaging.op(logId);
  const inside = new Set(membersOn(device, logId));
  const isSensible = scheduler.chance(0.8);
  // Mostly somebody it makes sense for, as far as this device knows.
  const likely = users.filter((id) => !isSensible || inside.has(id) === (action !== 'add'));
  const userId = scheduler.pick(likely) ?? device.userId;
  switch (action) {
    case 'add': {
      const role = scheduler.pick(roles) ?? 'member';
      return { ...base, kind: 'member.add', userId, role };
    }
    case 'remove':
      return { ...base, kind: 'member.remove', userId };
    case 'leave':
      return { ...base, kind: 'member.remove', userId: device.userId };
    case 'role':
      return { ...base, kind: 'member.role', userId, role: scheduler.pick(roles) ?? 'member' };
    case 'rename':
      return { ...base, kind: 'conversation.update', title: messaging.words('title') };
    case 'close':
      return { ...base, kind: 'conversation.update', isClosed: true };
    case 'open':
      return { ...base, kind: 'conversation.update', isClosed: false };
    case 'status': {
      const status = messaging.words('status');
      const gone = scheduler.chance(0.2) ? { isRemoved: true as const } : {};
      const link = { ...itemUrl, id: 'never changed', status, ...gone };
      return {
        ...base,
        kind: 'conversation.update',
        link,
        ...(scheduler.chance(0.3) ? { isClosed: true } : {}),
      };
    }
    case 'pin': {
      const message = scheduler.pick(targetsOf(device).filter((it) => it.logId === logId));
      const messageId = message?.id ?? messaging.newId();
      return {
        ...base,
        kind: 'conversation.update',
        pin: { messageId, on: scheduler.chance(0.7) },
      };
    }
  }
}

/** Who is in a group, as far as a device knows. */
function membersOn(device: SimDevice, logId: string): readonly string[] {
  const rows = device.running?.stores.cacheDb
    .prepare<[string], { id: string }>(
      'SELECT user_id AS id FROM member WHERE conversation_id = ? AND left_seq IS NULL',
    )
    .all(logId);
  return (rows ?? []).map(({ id }) => id);
}

/** Groups a device knows, also those its person left, and those it is about to make; `isOwn`: an owner's. */
function groupsOf(device: SimDevice): readonly { readonly id: string; readonly isOwn: boolean }[] {
  const stores = device.running?.stores;
  if (!stores) return [];
  const cached = stores.cacheDb
    .prepare<[string], { id: string; owns: number }>(
      `SELECT id, EXISTS (SELECT 1 FROM member WHERE conversation_id = id AND user_id = ? AND role = 'owner'
         AND left_seq IS NULL) AS owns FROM conversation WHERE kind <> 'direct' ORDER BY id`,
    )
    .all(device.userId)
    .map(({ id, owns }) => ({ id, isOwn: owns === 1 }));
  const pending = stores.outbox
    .items()
    .flatMap(({ op }) =>
      op.kind === 'conversation.create' && op.conversationKind !== 'direct'
        ? [{ id: op.logId, isOwn: true }]
        : [],
    );
  return [...cached, ...pending];
}
