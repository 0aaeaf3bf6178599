/** In which organization people can be together. */
import type { PersonRow } from '../../../ipc/views.ts';

/** The first of my organizations that everybody chosen belongs to; null when there is none. */
export function sharedOrg(
  orgs: readonly { readonly id: string }[],
  chosen: readonly PersonRow[],
): string | null {
  return orgs.find((org) => chosen.every((person) => person.orgIds.includes(org.id)))?.id ?? null;
}
