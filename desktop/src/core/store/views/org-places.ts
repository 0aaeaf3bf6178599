/**
 * Sites and units of an organisation as a tree. Owns how the entries become one that has every unit of a known site
 * exactly once, whatever their order or their parents.
 */
import type { OrgPersonRow, OrgSite, OrgUnit } from '../../../ipc/views.ts';
import type { OrgEntries } from './org-entries.ts';

type Units = ReadonlyMap<string, Unit>;
/** A unit as its entry says. */
export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly siteId: string;
  readonly parentId: string | null;
  readonly isPending: boolean;
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
/** Alphabetically, the same for everybody where names are the same. */
export const byName = (
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): number => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);

/** The sites by name, each with its units; `people`: whom they are counted over. */
export function siteTrees(
  entries: OrgEntries,
  people: readonly Pick<OrgPersonRow, 'siteIds' | 'unitIds'>[] = [],
): readonly OrgSite[] {
  const units = unitsOf(entries);
  return [...entries.all('site')]
    .map(([id, { value, isPending }]) => ({
      id,
      name: value.name,
      isPending,
      people: people.filter(({ siteIds }) => siteIds.includes(id)).length,
      units: treeOf(id, units, people),
    }))
    .sort(byName);
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

/** The units by id. */
export function unitsOf(entries: OrgEntries): Units {
  return new Map(
    [...entries.all('unit')].map(([id, { value, isPending }]) => [id, { id, ...value, isPending }]),
  );
}

function treeOf(
  siteId: string,
  units: Units,
  people: readonly Pick<OrgPersonRow, 'unitIds'>[],
): readonly OrgUnit[] {
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
