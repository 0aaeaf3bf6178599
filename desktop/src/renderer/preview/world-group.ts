/** A made-up group for the preview and the component tests. */
import type { ConversationMeta, ConversationRow, MemberRow } from '../../ipc/views.ts';
import { conversation, fakeId, me, type World } from './world.ts';

/** Id of the group {@link addGroup} makes. */
export const groupId: string = fakeId(2, 20);

/** Adds a group of everybody to a world: I own it, the first person is a moderator. */
export function addGroup(world: World, part: Partial<ConversationMeta> = {}): ConversationRow {
  const row = conversation(20, {
    id: groupId,
    kind: 'group',
    title: 'B2 sensor replacement',
    peerId: null,
    presence: null,
  });
  world.conversations.unshift(row);
  world.metas[groupId] = {
    members: world.people.map((person) => ({ ...person, role: roleIn(person.id), isPending: false })),
    ownRole: 'owner',
    ...part,
  };
  return row;
}

function roleIn(userId: string): MemberRow['role'] {
  if (userId === me.id) return 'owner';
  return userId === fakeId(1, 1) ? 'moderator' : 'member';
}
