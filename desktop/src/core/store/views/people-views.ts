/**
 * People, and the switcher over people and conversations. Owns how a query finds them: without case and accents,
 * anywhere in the name, best match first; from memory, so that a key press costs no search in a file.
 */
import { foldText } from '@curlew/shared/domain/search.ts';
import type { SwitcherRow, ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import { conversationTitleOf, personRow } from './conversation-row.ts';
import { compareActivity } from './list-index.ts';
import { keyed, type LiveView } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

/** Recent conversations of an empty switcher. */
const RECENT = 8;
/** Hits of a switcher with a query. */
const HITS = 30;
/** Matches whose conversations are looked up to order the hits. */
const CANDIDATES = 100;

/** Opens the directory. */
export function peopleView(
  { query, limit, orgId }: ViewParams<'people'>,
  reads: AccountReads | null,
  volatile: VolatileState,
): LiveView<'people'> {
  const wanted = foldText(query.trim());
  let shown: ReadonlySet<string> = new Set();
  let hasStrangers = false;
  return {
    noteChange(key) {
      if (key.startsWith('presence:')) return shown.has(key.slice('presence:'.length));
      // A conversation that begins may be with somebody shown here without one.
      return key === 'people' || (hasStrangers && key.startsWith('conversation:'));
    },
    query() {
      if (!reads) return keyed([], { total: 0 });
      const found = reads.people
        .directory()
        .filter(
          ({ folded, orgIds }) => folded.includes(wanted) && (orgId === undefined || orgIds.includes(orgId)),
        );
      const rows = found.slice(0, limit).map(({ id }) => personRow(id, reads, volatile));
      shown = new Set(rows.map(({ id }) => id));
      hasStrangers = rows.some(({ conversationId }) => conversationId === null);
      return keyed(
        rows.map((row) => [row.id, row] as const),
        { total: found.length },
      );
    },
  };
}

/** Opens the switcher. */
export function switcherView(
  { query }: ViewParams<'switcher'>,
  reads: AccountReads | null,
  volatile: VolatileState,
): LiveView<'switcher'> {
  const wanted = foldText(query.trim());
  return {
    noteChange: (key) => key === 'people' || key === 'conversations' || key.startsWith('presence:'),
    query() {
      if (!reads) return keyed([], { query });
      const rows = wanted === '' ? recent(reads, volatile) : hits(wanted, reads, volatile);
      return keyed(
        rows.map((row) => [`${row.kind}:${row.id}`, row] as const),
        { query },
      );
    },
  };
}

/** How well a folded name answers a folded query: 0 exactly, then prefix, word, anywhere; undefined: not at all. */
export function matchRank(folded: string, wanted: string): number | undefined {
  if (folded === wanted) return 0;
  if (folded.startsWith(wanted)) return 1;
  if (folded.includes(` ${wanted}`) || folded.includes(`-${wanted}`)) return 2;
  return folded.includes(wanted) ? 3 : undefined;
}

function recent(reads: AccountReads, volatile: VolatileState): readonly SwitcherRow[] {
  return [...reads.list.index().entries()]
    .sort(compareActivity)
    .slice(0, RECENT)
    .map(({ id }) => conversationHit(id, reads, volatile));
}

function hits(wanted: string, reads: AccountReads, volatile: VolatileState): readonly SwitcherRow[] {
  const people = reads.people
    .everybody()
    .flatMap((person) => ranked(person, matchRank(person.folded, wanted)))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, CANDIDATES)
    .flatMap(({ item, rank }) => {
      const conversationId = reads.directConversationWith(item.id);
      // Who left can be found by the conversation they left behind.
      if (conversationId === null && item.orgIds.length === 0) return [];
      return [{ rank, conversationId, personId: item.id }];
    });
  const titled = [...reads.list.titles()].flatMap(([conversationId, title]) =>
    ranked({ conversationId, personId: null }, matchRank(foldText(title), wanted)).map(({ item, rank }) => ({
      rank,
      ...item,
    })),
  );
  const activity = (id: string | null): number =>
    id === null ? 0 : (reads.list.index().find(id)?.activityMs ?? 0);
  return [...people, ...titled]
    .map((hit) => ({ ...hit, activityMs: activity(hit.conversationId) }))
    .sort((a, b) => a.rank - b.rank || b.activityMs - a.activityMs)
    .slice(0, HITS)
    .flatMap(({ conversationId, personId }) => {
      if (conversationId !== null) return [conversationHit(conversationId, reads, volatile)];
      return personId === null ? [] : [personHit(personId, reads, volatile)];
    });
}

function ranked<T>(
  item: T,
  rank: number | undefined,
): readonly { readonly item: T; readonly rank: number }[] {
  return rank === undefined ? [] : [{ item, rank }];
}

function conversationHit(id: string, reads: AccountReads, volatile: VolatileState): SwitcherRow {
  const { title, peerId } = conversationTitleOf(id, reads);
  return {
    kind: 'conversation',
    id,
    title,
    detail: peerId === null ? '' : (reads.people.titleOf(peerId) ?? ''),
    unread: reads.list.index().find(id)?.unread ?? 0,
    presence: peerId === null ? null : volatile.presence(peerId),
  };
}

function personHit(id: string, reads: AccountReads, volatile: VolatileState): SwitcherRow {
  return {
    kind: 'person',
    id,
    title: reads.people.nameOf(id),
    detail: reads.people.titleOf(id) ?? '',
    unread: 0,
    presence: volatile.presence(id),
  };
}
