/**
 * An organisation: its people with their roles and places, its sites with their units, what it allows.
 */
import { foldText } from '@curlew/shared/domain/search.ts';
import type { OrganizationMeta, OrgPersonRow, ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import type { OrgEntries } from './org-entries.ts';
import { byName, siteTrees, unitsOf } from './org-places.ts';
import { keyed, type LiveView } from './view.ts';

const nobody: OrganizationMeta = {
  name: '',
  ownRole: null,
  policy: {},
  sites: [],
  people: 0,
  owners: 0,
  found: 0,
};
/** Opens the organisation. */
export function organizationView(
  { orgId, query, limit }: ViewParams<'organization'>,
  reads: AccountReads | null,
): LiveView<'organization'> {
  const wanted = foldText(query.trim());
  return {
    noteChange: (key) => key === 'people',
    query() {
      if (!reads) return keyed([], nobody);
      const entries = reads.orgEntries(orgId);
      const roles = entries.all('role');
      const sites = entries.all('site');
      const units = unitsOf(entries);
      const places = placesOf(entries);
      const people = [...roles]
        .map(([id, role]): OrgPersonRow => {
          const place = places.get(id);
          const siteIds = (place?.siteIds ?? []).filter((siteId) => sites.has(siteId));
          const unitIds = (place?.unitIds ?? []).filter((unitId) =>
            sites.has(units.get(unitId)?.siteId ?? ''),
          );
          return {
            id,
            name: reads.people.nameOf(id),
            title: reads.people.titleOf(id),
            role: role.value.role,
            isDeactivated: role.value.deactivated === true,
            isBot: reads.people.marksOf(id, orgId).isBot,
            siteIds,
            unitIds,
            placeNames: [
              ...siteIds.map((siteId) => sites.get(siteId)?.value.name ?? ''),
              ...unitIds.map((unitId) => units.get(unitId)?.name ?? ''),
            ],
            isPending: role.isPending || (place?.isPending ?? false),
          };
        })
        .sort(byName);
      const active = people.filter(({ isDeactivated }) => !isDeactivated);
      const found = people.filter(({ name }) => foldText(name).includes(wanted));
      return keyed(
        found.slice(0, limit).map((person) => [person.id, person] as const),
        {
          name: entries.all('org').get(orgId)?.value.name ?? '',
          ownRole: active.find(({ id }) => id === reads.userId)?.role ?? null,
          policy: entries.all('policy').get(orgId)?.value ?? {},
          sites: siteTrees(entries, people),
          people: active.length,
          owners: active.filter(({ role }) => role === 'owner').length,
          found: found.length,
        },
      );
    },
  };
}

function placesOf(entries: OrgEntries) {
  return new Map(
    [...entries.all('places')].map(([id, { value, isPending }]) => [id, { ...value, isPending }]),
  );
}
