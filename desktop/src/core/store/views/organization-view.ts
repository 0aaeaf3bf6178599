/**
 * An organisation: its people with their roles and places, its sites with their units, what it allows. Owns how the
 * entries become a tree that has every unit of a known site exactly once, whatever their order or their parents.
 */
import { foldText } from '@curlew/shared/domain/search.ts';
import type { OrgUnit, OrganizationMeta, OrgPersonRow, ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import type { OrgEntries } from './org-entries.ts';
import { keyed, type LiveView } from './view.ts';

type Units = ReadonlyMap<string, Unit>;
interface Unit {
  readonly id: string;
  readonly name: string;
  readonly siteId: string;
  readonly parentId: string | null;
  readonly isPending: boolean;
}

const nobody: OrganizationMeta = {
  name: '',
  ownRole: null,
  policy: {},
  sites: [],
  people: 0,
  owners: 0,
  found: 0,
};
const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
const byName = (
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): number => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);

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
          sites: [...sites]
            .map(([id, { value, isPending }]) => ({
              id,
              name: value.name,
              isPending,
              people: people.filter(({ siteIds }) => siteIds.includes(id)).length,
              units: treeOf(id, units, people),
            }))
            .sort(byName),
          people: active.length,
          owners: active.filter(({ role }) => role === 'owner').length,
          found: found.length,
        },
      );
    },
  };
}

/** The ids of a site's units, or of a unit and those inside it. */
export function unitIdsWithin(
  entries: OrgEntries,
  place: { readonly siteId: string } | { readonly unitId: string },
): readonly string[] {
  const units = unitsOf(entries);
  if ('siteId' in place)
    return [...units.values()].filter(({ siteId }) => siteId === place.siteId).map(({ id }) => id);
  const within = new Set([place.unitId]);
  // A set may grow while it is walked; each unit enters it once, so circles end.
  for (const outer of within) {
    for (const { id, parentId } of units.values()) if (parentId === outer) within.add(id);
  }
  return [...within];
}

function unitsOf(entries: OrgEntries): Units {
  return new Map(
    [...entries.all('unit')].map(([id, { value, isPending }]) => [id, { id, ...value, isPending }]),
  );
}

function placesOf(entries: OrgEntries) {
  return new Map(
    [...entries.all('places')].map(([id, { value, isPending }]) => [id, { ...value, isPending }]),
  );
}

function treeOf(siteId: string, units: Units, people: readonly OrgPersonRow[]): readonly OrgUnit[] {
  const children = new Map<string | null, Unit[]>();
  for (const unit of units.values()) {
    if (unit.siteId !== siteId) continue;
    const parentId = shownParent(unit, units);
    children.set(parentId, [...(children.get(parentId) ?? []), unit]);
  }
  const below = (parentId: string | null): readonly OrgUnit[] =>
    (children.get(parentId) ?? []).sort(byName).map(({ id, name, isPending }) => ({
      id,
      name,
      parentId,
      isPending,
      people: people.filter(({ unitIds }) => unitIds.includes(id)).length,
      units: below(id),
    }));
  return below(null);
}

// A parent that is gone, elsewhere, or inside the unit itself (two devices moved them at once) counts as none.
function shownParent(unit: Unit, units: Units): string | null {
  const seen = new Set([unit.id]);
  for (let id = unit.parentId; id !== null;) {
    const parent = units.get(id);
    if (!parent || parent.siteId !== unit.siteId) return id === unit.parentId ? null : unit.parentId;
    if (seen.has(id)) return id === unit.id ? null : unit.parentId;
    seen.add(id);
    id = parent.parentId;
  }
  return unit.parentId;
}
