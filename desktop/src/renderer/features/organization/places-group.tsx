/** Sites with their units; those who run the organisation add, rename, move and remove them. */
import { Building2, Ellipsis, FolderInput, MapPin, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrganizationMeta, OrgSite, OrgUnit } from '../../../ipc/views.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { AnchoredMenu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { NameDialog, type NameRequest } from './name-dialog.tsx';
import { changeOrganization, isManager } from './organization-actions.ts';

interface Place {
  readonly site: OrgSite;
  /** Null: the site itself. */
  readonly unit: OrgUnit | null;
  readonly depth: number;
}

/** See the file comment. */
export function PlacesGroup({ orgId, meta }: { readonly orgId: string; readonly meta: OrganizationMeta }) {
  const { t } = useTranslation();
  const [naming, setNaming] = useState<NameRequest | null>(null);
  const [menu, setMenu] = useState<{ readonly place: Place; readonly anchor: Element } | null>(null);
  const [moved, setMoved] = useState<{ readonly site: OrgSite; readonly unit: OrgUnit } | null>(null);
  const [removed, setRemoved] = useState<Place | null>(null);
  const isEditable = isManager(meta);
  const places = meta.sites.flatMap((site) => [
    { site, unit: null, depth: 0 },
    ...placesIn(site, site.units, 1),
  ]);
  const addSite = () =>
    setNaming({
      title: t('organization.addSite'),
      name: '',
      save: (name) => changeOrganization('org.saveSite', { orgId, siteId: null, name }),
    });
  const addUnit = ({ site, unit }: Place) =>
    setNaming({
      title: t('organization.addUnitTitle', { name: (unit ?? site).name }),
      name: '',
      save: (name) =>
        changeOrganization('org.saveUnit', {
          orgId,
          unitId: null,
          siteId: site.id,
          parentId: unit?.id ?? null,
          name,
        }),
    });
  const rename = ({ site, unit }: Place) =>
    setNaming({
      title: t('organization.renamePlaceTitle', { name: (unit ?? site).name }),
      name: (unit ?? site).name,
      save: (name) =>
        unit
          ? changeOrganization('org.saveUnit', {
              orgId,
              unitId: unit.id,
              siteId: site.id,
              parentId: unit.parentId,
              name,
            })
          : changeOrganization('org.saveSite', { orgId, siteId: site.id, name }),
    });
  const remove = ({ site, unit }: Place) => {
    if (unit) void changeOrganization('org.removeUnit', { orgId, unitId: unit.id });
    else void changeOrganization('org.removeSite', { orgId, siteId: site.id });
  };
  if (places.length === 0 && !isEditable) return null;
  return (
    <>
      <Group title={t('organization.places')}>
        {places.map((place) => (
          <PlaceRow
            key={(place.unit ?? place.site).id}
            place={place}
            onMenu={isEditable ? (anchor) => setMenu({ place, anchor }) : null}
          />
        ))}
        {isEditable ? (
          <Row title={places.length === 0 ? t('organization.noPlaces') : t('organization.placesHelp')}>
            <Button size="small" aria-haspopup="dialog" onClick={addSite}>
              {t('organization.addSite')}
            </Button>
          </Row>
        ) : null}
      </Group>
      <AnchoredMenu
        anchor={menu?.anchor ?? null}
        label={menu ? t('organization.actionsFor', { name: (menu.place.unit ?? menu.place.site).name }) : ''}
        align="end"
        onClose={() => setMenu(null)}
      >
        {menu ? (
          <PlaceCommands
            place={menu.place}
            onAdd={() => addUnit(menu.place)}
            onRename={() => rename(menu.place)}
            onMove={setMoved}
            onRemove={() => setRemoved(menu.place)}
          />
        ) : null}
      </AnchoredMenu>
      <NameDialog request={naming} onClose={() => setNaming(null)} />
      <MoveDialog orgId={orgId} sites={meta.sites} moved={moved} onClose={() => setMoved(null)} />
      <Confirm
        isOpen={removed !== null}
        title={t('organization.removePlaceTitle', { name: (removed?.unit ?? removed?.site)?.name ?? '' })}
        body={t('organization.removePlaceBody')}
        safeLabel={t('organization.keep')}
        dangerLabel={t('organization.removeNow')}
        onSafe={() => setRemoved(null)}
        onDanger={() => {
          if (removed) remove(removed);
          setRemoved(null);
        }}
      />
    </>
  );
}

function PlaceRow({
  place,
  onMenu,
}: {
  readonly place: Place;
  /** Opens its menu at the button; null for those who may only look. */
  readonly onMenu: ((anchor: Element) => void) | null;
}) {
  const { t } = useTranslation();
  const { name, people, isPending } = place.unit ?? place.site;
  const count =
    people === 0 ? t('organization.placeNobody') : t('organization.placePeople', { count: people });
  return (
    <div className="srow org-place" style={{ '--org-depth': place.depth } as CSSProperties}>
      {place.unit ? (
        <Building2 className="i i16" aria-hidden="true" />
      ) : (
        <MapPin className="i i16" aria-hidden="true" />
      )}
      <div className="grow">
        <div className={place.unit ? undefined : 'med'}>{name}</div>
        <div className="d">{isPending ? `${count} · ${t('receipt.queued')}` : count}</div>
      </div>
      {onMenu ? (
        <IconButton
          label={t('organization.actionsFor', { name })}
          isSmall
          aria-haspopup="menu"
          onClick={(event) => onMenu(event.currentTarget)}
        >
          <Ellipsis className="i i16" />
        </IconButton>
      ) : null}
    </div>
  );
}

interface CommandsProps {
  readonly place: Place;
  readonly onAdd: () => void;
  readonly onRename: () => void;
  readonly onMove: (moved: { readonly site: OrgSite; readonly unit: OrgUnit }) => void;
  readonly onRemove: () => void;
}

function PlaceCommands({ place: { site, unit }, onAdd, onRename, onMove, onRemove }: CommandsProps) {
  const { t } = useTranslation();
  return (
    <>
      <MenuItem icon={<Plus className="i i16" />} onSelect={onAdd}>
        {t('organization.addUnit')}
      </MenuItem>
      <MenuItem icon={<Pencil className="i i16" />} onSelect={onRename}>
        {t('organization.renamePlace')}
      </MenuItem>
      {unit ? (
        <MenuItem icon={<FolderInput className="i i16" />} onSelect={() => onMove({ site, unit })}>
          {t('organization.movePlace')}
        </MenuItem>
      ) : null}
      <MenuLine />
      <MenuItem icon={<Trash2 className="i i16" />} isDanger onSelect={onRemove}>
        {t('organization.removePlace')}
      </MenuItem>
    </>
  );
}

function placesIn(site: OrgSite, units: readonly OrgUnit[], depth: number): readonly Place[] {
  return units.flatMap((unit) => [{ site, unit, depth }, ...placesIn(site, unit.units, depth + 1)]);
}
