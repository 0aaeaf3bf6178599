/** Sites with their units; those who run the organisation add, rename and remove them. */
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrganizationMeta, OrgSite, OrgUnit } from '../../../ipc/views.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Group, Row } from '../../ui/page.tsx';
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
      title: t('organization.addUnit', { name: (unit ?? site).name }),
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
      title: t('organization.renamePlace', { name: (unit ?? site).name }),
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
        {places.map((place) => {
          const { id, name, people, isPending } = place.unit ?? place.site;
          return (
            <Row
              key={id}
              title={<span style={{ marginInlineStart: `${place.depth * 20}px` }}>{name}</span>}
              detail={
                <span style={{ marginInlineStart: `${place.depth * 20}px` }}>
                  {t('organization.placePeople', { count: people })}
                  {isPending ? ` · ${t('receipt.queued')}` : ''}
                </span>
              }
            >
              {isEditable ? (
                <>
                  <IconButton
                    label={t('organization.addUnit', { name })}
                    isSmall
                    aria-haspopup="dialog"
                    onClick={() => addUnit(place)}
                  >
                    <Plus className="i i16" />
                  </IconButton>
                  <IconButton
                    label={t('organization.renamePlace', { name })}
                    isSmall
                    aria-haspopup="dialog"
                    onClick={() => rename(place)}
                  >
                    <Pencil className="i i16" />
                  </IconButton>
                  <IconButton
                    label={t('organization.removePlace', { name })}
                    isSmall
                    aria-haspopup="dialog"
                    onClick={() => setRemoved(place)}
                  >
                    <Trash2 className="i i16" />
                  </IconButton>
                </>
              ) : null}
            </Row>
          );
        })}
        {isEditable ? (
          <Row title={places.length === 0 ? t('organization.noPlaces') : ''}>
            <Button size="small" aria-haspopup="dialog" onClick={addSite}>
              {t('organization.addSite')}
            </Button>
          </Row>
        ) : null}
      </Group>
      <NameDialog request={naming} onClose={() => setNaming(null)} />
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

function placesIn(site: OrgSite, units: readonly OrgUnit[], depth: number): readonly Place[] {
  return units.flatMap((unit) => [{ site, unit, depth }, ...placesIn(site, unit.units, depth + 1)]);
}
