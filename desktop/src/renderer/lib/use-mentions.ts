/** Who can be mentioned in a conversation, and which names in its messages are mentions. */
import { createContext, useMemo, useRef } from 'react';
import type { ConversationMeta, MemberRow } from '../../ipc/views.ts';
import { everyoneWord, type Mentionable, type MentionNames } from './mentions.ts';
import { useMeta } from './use-view.ts';

/** The names message text is drawn with; none outside a conversation. */
export const MentionNamesContext = createContext<MentionNames>(new Map());

/** See the file comment. The same objects until a member or a name changes. */
export function useMentions(
  conversationId: string,
  meta: Pick<ConversationMeta, 'members' | 'row'> | null,
): { readonly mentionables: readonly Mentionable[]; readonly names: MentionNames } {
  const session = useMeta('session', {});
  const ownId = session?.state === 'active' ? session.userId : null;
  const members = useSameMembers(meta?.members ?? none);
  const hasEveryone = meta?.row != null && meta.row.kind !== 'direct';
  return useMemo(() => {
    const mentionables = members
      .filter(({ id }) => id !== ownId)
      .map(({ id, name }): Mentionable => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name));
    const names = new Map<string, 'own' | 'other'>(mentionables.map(({ name }) => [name, 'other']));
    for (const { id, name } of members) if (id === ownId) names.set(name, 'own');
    if (hasEveryone) {
      mentionables.push({ id: conversationId, name: everyoneWord });
      names.set(everyoneWord, 'own');
    }
    return { mentionables, names };
  }, [conversationId, members, ownId, hasEveryone]);
}

const none: readonly MemberRow[] = [];

/** Presence changes all the time; who is in and what they are called does not. */
function useSameMembers(members: readonly MemberRow[]): readonly MemberRow[] {
  const kept = useRef(members);
  const before = kept.current;
  const isSame =
    before.length === members.length &&
    members.every(({ id, name }, at) => before[at]?.id === id && before[at].name === name);
  if (!isSame) kept.current = members;
  return kept.current;
}
