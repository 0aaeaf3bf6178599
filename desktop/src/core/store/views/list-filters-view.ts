/**
 * Filters of the conversation list: which conversations a choice includes, and how many there are to choose from. Owns
 * what a choice means: any of the kinds and any of the places named, and of the scope and with a draft where asked.
 */
import type { ListFiltersMeta, ViewParams } from '../../../ipc/views.ts';
import { splitKey, type AccountReads } from './account-reads.ts';
import { draftOf } from './conversation-row.ts';
import type { ListEntry, Narrowing } from './list-index.ts';
import { rowless, type LiveView } from './view.ts';

type Choice = Pick<ViewParams<'conversations'>, 'orgId' | 'placeId' | 'kinds' | 'placeIds' | 'hasDraft'>;

const nothing: ListFiltersMeta = {
  kinds: { direct: 0, group: 0, linked: 0, announcement: 0 },
  places: [],
  drafts: 0,
  archived: 0,
};

/** What a choice includes; undefined: everything. A site or unit that is gone narrows nothing. */
export function narrowingOf(choice: Choice, reads: AccountReads): Narrowing | undefined {
  const { orgId, kinds, hasDraft } = choice;
  if (!kinds && !hasDraft && choice.placeId === undefined && !choice.placeIds) return undefined;
  const known = new Set(reads.places.known(orgId).map(({ id }) => id));
  const placeId = known.has(choice.placeId ?? '') ? choice.placeId : undefined;
  const placeIds = choice.placeIds?.filter((id) => known.has(id)) ?? [];
  if (!kinds && !hasDraft && placeId === undefined && placeIds.length === 0) return undefined;
  return {
    key: JSON.stringify([placeId, kinds, placeIds, hasDraft]),
    includes(entry) {
      if (kinds && !kinds.includes(entry.kind)) return false;
      if (hasDraft && !isDrafted(entry, reads)) return false;
      if (placeId === undefined && placeIds.length === 0) return true;
      const places = reads.places.of(entry);
      if (placeId !== undefined && !places.has(placeId)) return false;
      return placeIds.length === 0 || placeIds.some((id) => places.has(id));
    },
  };
}

/** Opens the filters. */
export function listFiltersView(
  { kind, orgId, placeId }: ViewParams<'listFilters'>,
  reads: AccountReads | null,
): LiveView<'listFilters'> {
  return {
    noteChange: (key) => key === 'people' || key === 'conversations' || splitKey(key)[0] === 'conversation',
    query() {
      if (!reads) return rowless(nothing);
      const scope = { kind, orgId, only: narrowingOf({ orgId, placeId }, reads) };
      const index = reads.list.index();
      const shown = index.page('all', 0, Infinity, scope);
      const kinds = { ...nothing.kinds };
      const ofPlace = new Map<string, number>();
      const withDraft = new Set([...reads.outbox.draftIds(), ...reads.entries.all('draft').keys()]);
      let drafts = 0;
      for (const entry of shown) {
        kinds[entry.kind] += 1;
        if (withDraft.has(entry.id) && isDrafted(entry, reads)) drafts += 1;
        for (const id of reads.places.of(entry)) ofPlace.set(id, (ofPlace.get(id) ?? 0) + 1);
      }
      const inside = placeId === undefined ? [] : reads.places.within(placeId, orgId);
      const listed = inside.length > 0 ? inside.slice(1) : reads.places.known(orgId);
      return rowless({
        kinds,
        places: listed.map((place) => ({ ...place, conversations: ofPlace.get(place.id) ?? 0 })),
        drafts,
        archived: index.total('archived', scope),
      });
    },
  };
}

function isDrafted({ id }: ListEntry, reads: AccountReads): boolean {
  return (draftOf(id, reads)?.text.trim() ?? '') !== '';
}
