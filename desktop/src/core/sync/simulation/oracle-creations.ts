/**
 * How conversations begin: what their first event says, and which one there is already for a pair or for an item of another
 * system. Written from the protocol's text; imports types only.
 */
import type { Json, OracleLog } from './oracle-types.ts';

/** The first event of a new conversation. `everybody`: those of the organisation, whom announcements reach. */
export function creationOf(userId: string, op: Json, everybody: readonly string[]): Json {
  const { orgId, conversationKind: kind, protection } = op;
  const named =
    kind === 'direct'
      ? [String(op['peerId'])]
      : kind === 'announcement'
        ? everybody.filter((id) => id !== userId)
        : (op['memberIds'] as string[]);
  const role = kind === 'direct' ? 'member' : 'owner';
  const others = named.map((id) => ({ userId: id, role: 'member' }));
  const members = [{ userId, role }, ...others].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  return {
    created: true,
    orgId,
    kind,
    protection,
    title: op['title'] ?? null,
    pins: [],
    link: op['link'] ?? null,
    isClosed: false,
    messageTtlMs: null,
    // People of a pair are there from the start.
    history: op['history'] ?? 'all',
    audience: op['audience'] ?? null,
    members,
  };
}

/** The conversation there is for the same pair or item. */
export function existingOf(logs: Iterable<OracleLog>, creation: Json): OracleLog | undefined {
  const wanted = uniqueKeyOf(creation);
  if (wanted === undefined) return undefined;
  return [...logs].find(
    (log) => log.kind === 'conversation' && log.events[0] && uniqueKeyOf(log.events[0].original) === wanted,
  );
}

function uniqueKeyOf({ kind, link, members }: Json): string | undefined {
  if (kind === 'direct')
    return `pair ${(members as { userId: string }[]).map((member) => member.userId).join()}`;
  if (kind !== 'linked') return undefined;
  const { type, id } = link as { type: string; id: string };
  return `item ${type} ${id}`;
}
