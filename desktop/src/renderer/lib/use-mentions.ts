/** Who can be mentioned in a conversation: its people, their sites and units, everybody, those online. */
import { useMemo, useRef } from 'react';
import { EVERYONE_WORD, HERE, HERE_WORD } from '@curlew/shared/domain/message.ts';
import type { MentionPlace } from '../../ipc/message-rows.ts';
import type { ConversationMeta, MemberRow } from '../../ipc/views.ts';
import type { Mentionable } from '@curlew/shared/lib/mentions.ts';
import { useMeta } from './use-view.ts';

/** See the file comment. The same list until a member, a place or a name changes. */
export function useMentions(
  conversationId: string,
  meta: Pick<ConversationMeta, 'members' | 'places' | 'row'> | null,
): readonly Mentionable[] {
  const session = useMeta('session', {});
  const ownId = session?.state === 'active' ? session.userId : null;
  const members = useSame(meta?.members ?? nobody, isSameMember);
  const places = useSame(meta?.places ?? nowhere, isSamePlace);
  const hasEveryone = meta?.row != null && meta.row.kind !== 'direct';
  return useMemo(() => {
    const isOther = (id: string): boolean => id !== ownId;
    const others = members.filter(({ id }) => isOther(id));
    const people = others
      .map(({ id, name }): Mentionable => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name));
    if (!hasEveryone) return people;
    const memberIds = others.map(({ id }) => id);
    return [
      ...people,
      { id: conversationId, name: EVERYONE_WORD, kind: 'everyone' as const, memberIds },
      // Who is online when it arrives is the server's to know: as many as these it may notify.
      { id: HERE, name: HERE_WORD, kind: 'here' as const, memberIds },
      ...places.map(({ id, name, kind, memberIds: ids }) => ({
        id,
        name,
        kind,
        memberIds: ids.filter(isOther),
      })),
    ];
  }, [conversationId, members, places, ownId, hasEveryone]);
}

const nobody: readonly MemberRow[] = [];
const nowhere: readonly MentionPlace[] = [];

function isSameMember(a: MemberRow, b: MemberRow): boolean {
  return a.id === b.id && a.name === b.name;
}

function isSamePlace(a: MentionPlace, b: MentionPlace): boolean {
  return a.id === b.id && a.name === b.name && a.memberIds.join() === b.memberIds.join();
}

/** The list before as long as the new one says the same: presence changes all the time, names do not. */
function useSame<T>(list: readonly T[], isSame: (a: T, b: T) => boolean): readonly T[] {
  const kept = useRef(list);
  const before = kept.current;
  const isEqual =
    before.length === list.length &&
    list.every((each, at) => {
      const was = before[at];
      return was !== undefined && isSame(was, each);
    });
  if (!isEqual) kept.current = list;
  return kept.current;
}
