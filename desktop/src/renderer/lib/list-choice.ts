/**
 * What each list of conversations is filtered by: its tab and the choices of its filter menu. Owns how a choice becomes
 * part of a view's parameters. View state of this window, kept by `remembered.ts`.
 */
import type { ViewParams } from '../../ipc/views.ts';
import type { ListSection } from './navigation.ts';
import { createStore, useStore, type Store } from './store.ts';

type Params = ViewParams<'conversations'>;
/** Tabs of the list; the archive stands for one. */
export type ListTab = Params['filter'];
/** Kinds of conversation. */
export type ListKind = NonNullable<Params['kinds']>[number];

/** The choices of one list; empty arrays choose everything. */
export interface ListChoice {
  readonly tab: ListTab;
  readonly kinds: readonly ListKind[];
  /** Sites and units. */
  readonly placeIds: readonly string[];
  readonly hasDraft: boolean;
}

/** What a list shows before anything is chosen. */
export const noChoice: ListChoice = { tab: 'all', kinds: [], placeIds: [], hasDraft: false };

type Choices = Readonly<Record<ListSection, ListChoice>>;
const nothing: Choices = { chats: noChoice, linked: noChoice, announcements: noChoice };

/** The choices of every list. */
export const listChoices: Store<Choices> = createStore<Choices>(nothing);

/** The choice of a list. */
export function useListChoice(section: ListSection): ListChoice {
  return useStore(listChoices, (value) => value[section]);
}

/** Changes the choice of a list; what is absent stays. */
export function chooseInList(section: ListSection, change: Partial<ListChoice>): void {
  listChoices.set((now) => ({ ...now, [section]: { ...now[section], ...change } }));
}

/** Sites and units chosen so far are none of what shows now. */
export function forgetPlaces(): void {
  listChoices.set((now) => ({
    chats: { ...now.chats, placeIds: [] },
    linked: { ...now.linked, placeIds: [] },
    announcements: { ...now.announcements, placeIds: [] },
  }));
}

/** The choice as a part of the list's parameters. */
export function choiceParams({
  tab,
  kinds,
  placeIds,
  hasDraft,
}: ListChoice): Pick<Params, 'filter' | 'kinds' | 'placeIds' | 'hasDraft'> {
  return {
    filter: tab,
    ...(kinds.length === 0 ? {} : { kinds: [...kinds] }),
    ...(placeIds.length === 0 ? {} : { placeIds: [...placeIds] }),
    ...(hasDraft ? { hasDraft } : {}),
  };
}

/** Whether the filter menu narrows the list; the tabs Unread and Mentions say so themselves. */
export function isFiltered({ tab, kinds, placeIds, hasDraft }: ListChoice): boolean {
  return tab === 'archived' || kinds.length > 0 || placeIds.length > 0 || hasDraft;
}

/** Back to everything; after signing out, and between tests. */
export function resetListChoices(): void {
  listChoices.set(nothing);
}
