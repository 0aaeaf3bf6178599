/**
 * Which organisation the list, the people and new conversations are of, and which of its sites or units the list is
 * narrowed to. With one organisation nothing is narrowed to it; with several it is the chosen one, else the first.
 * View state of this window, kept by `remembered.ts`.
 */
import { useEffect } from 'react';
import type { OwnOrg } from '../../ipc/views.ts';
import { forgetPlaces, resetListChoices } from './list-choice.ts';
import { createStore, useStore, type Store } from './store.ts';

/** See the head of this file. */
export interface Scope {
  readonly chosenId: string | null;
  /** The site or unit whose conversations show; null: all. */
  readonly placeId: string | null;
  /** As the session last named them. */
  readonly orgIds: readonly string[];
}

const nothing: Scope = { chosenId: null, placeId: null, orgIds: [] };

/** The scope of this window. */
export const scope: Store<Scope> = createStore<Scope>(nothing);

/** Chooses an organisation, with everything in it. */
export function chooseOrg(orgId: string): void {
  if (scope.get().chosenId === orgId) return;
  scope.set((now) => ({ ...now, chosenId: orgId, placeId: null }));
  forgetPlaces();
}

/** Narrows the list to a site or unit; null: back to all. */
export function choosePlace(placeId: string | null): void {
  scope.set((now) => ({ ...now, placeId }));
  forgetPlaces();
}

/** The organisation this window is in, and whether everything is narrowed to it; undefined: there is none. */
export function useChosenOrg(orgs: readonly OwnOrg[]): {
  readonly org: OwnOrg | undefined;
  readonly scopeId: string | undefined;
  /** The site or unit the list is narrowed to. */
  readonly placeId: string | undefined;
} {
  const chosenId = useStore(scope, (value) => value.chosenId);
  const placeId = useStore(scope, (value) => value.placeId);
  useEffect(() => scope.set((now) => ({ ...now, orgIds: orgs.map(({ id }) => id) })), [orgs]);
  const org = orgs.find(({ id }) => id === chosenId) ?? orgs[0];
  return { org, scopeId: orgs.length > 1 ? org?.id : undefined, placeId: placeId ?? undefined };
}

/** The same as a part of a view's parameters or an intent's request: empty while nothing is narrowed. */
export function inScope(): { readonly orgId?: string } {
  const { chosenId, orgIds } = scope.get();
  const orgId = orgIds.find((id) => id === chosenId) ?? orgIds[0];
  return orgIds.length > 1 && orgId !== undefined ? { orgId } : {};
}

/** The same for lists of conversations: with the site or unit. */
export function inListScope(): { readonly orgId?: string; readonly placeId?: string } {
  const { placeId } = scope.get();
  return { ...inScope(), ...(placeId === null ? {} : { placeId }) };
}

/** Back to the first organisation and everything in it; after signing out, and between tests. */
export function resetScope(): void {
  scope.set(nothing);
  resetListChoices();
}
