/** Where somebody works: a tick for each site and unit. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrgPersonRow, OrgSite, OrgUnit } from '../../../ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { changeOrganization } from './organization-actions.ts';

interface PlacesProps {
  readonly orgId: string;
  readonly sites: readonly OrgSite[];
  /** Whose; closed without. */
  readonly person: OrgPersonRow | null;
  readonly onClose: () => void;
}

/** The units of a site, each before those inside it, with the names around it. */
export function flatUnits(units: readonly OrgUnit[], path = ''): readonly { id: string; label: string }[] {
  return units.flatMap((unit) => {
    const label = path === '' ? unit.name : `${path} / ${unit.name}`;
    return [{ id: unit.id, label }, ...flatUnits(unit.units, label)];
  });
}

/** See the file comment. */
export function PlacesDialog({ person, onClose, ...rest }: PlacesProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen={person !== null}
      onClose={onClose}
      title={t('organization.assignTitle', { name: person?.name ?? '' })}
    >
      {person ? <Form {...rest} person={person} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Form({ orgId, sites, person, onClose }: PlacesProps & { readonly person: OrgPersonRow }) {
  const { t } = useTranslation();
  const [siteIds, setSiteIds] = useState(person.siteIds);
  const [unitIds, setUnitIds] = useState(person.unitIds);
  const toggled = (ids: readonly string[], id: string, on: boolean) =>
    on ? [...ids, id] : ids.filter((each) => each !== id);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const request = { orgId, userId: person.id, siteIds: [...siteIds], unitIds: [...unitIds] };
    if (await changeOrganization('org.setPlaces', request)) onClose();
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <div className="db form">
        {sites.length === 0 ? <p>{t('organization.noPlaces')}</p> : null}
        {sites.map((site) => (
          <fieldset key={site.id} className="org-places">
            <legend className="vh">{site.name}</legend>
            <label className="check">
              <input
                type="checkbox"
                checked={siteIds.includes(site.id)}
                onChange={(event) => setSiteIds(toggled(siteIds, site.id, event.target.checked))}
              />
              <span>{site.name}</span>
            </label>
            {flatUnits(site.units).map((unit) => (
              <label key={unit.id} className="check org-inner">
                <input
                  type="checkbox"
                  checked={unitIds.includes(unit.id)}
                  onChange={(event) => setUnitIds(toggled(unitIds, unit.id, event.target.checked))}
                />
                <span>{unit.label}</span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('organization.save')}
        </Button>
      </div>
    </form>
  );
}
