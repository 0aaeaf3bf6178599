/**
 * Which organisation the list, the people and new conversations are of. Nothing is narrowed while there is only one;
 * with several it is the chosen one, else the first. View state of this window.
 */
import { useEffect } from 'react';
import type { OwnOrg } from '../../ipc/views.ts';
import { createStore, useStore, type Store } from './store.ts';

interface Scope {
  readonly chosenId: string | null;
  /** As the session last named them. */
  readonly orgIds: readonly string[];
}

const nothing: Scope = { chosenId: null, orgIds: [] };
const scope: Store<Scope> = createStore<Scope>(nothing);

/** Chooses an organisation. */
export function chooseOrg(orgId: string): void {
  scope.set((now) => ({ ...now, chosenId: orgId }));
}

/** The organisation this window is in, and whether everything is narrowed to it; undefined: there is none. */
export function useChosenOrg(orgs: readonly OwnOrg[]): {
  readonly org: OwnOrg | undefined;
  readonly scopeId: string | undefined;
} {
  const chosenId = useStore(scope, (value) => value.chosenId);
  useEffect(() => scope.set((now) => ({ ...now, orgIds: orgs.map(({ id }) => id) })), [orgs]);
  const org = orgs.find(({ id }) => id === chosenId) ?? orgs[0];
  return { org, scopeId: orgs.length > 1 ? org?.id : undefined };
}

/** The same as a part of a view's parameters or an intent's request: empty while nothing is narrowed. */
export function inScope(): { readonly orgId?: string } {
  const { chosenId, orgIds } = scope.get();
  const orgId = orgIds.find((id) => id === chosenId) ?? orgIds[0];
  return orgIds.length > 1 && orgId !== undefined ? { orgId } : {};
}

/** Back to the first organisation; after signing out, and between tests. */
export function resetScope(): void {
  scope.set(nothing);
}
