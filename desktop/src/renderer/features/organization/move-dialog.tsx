/** Where a unit belongs: directly in a site, or inside another unit; never inside itself. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrgSite, OrgUnit } from '../../../ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { changeOrganization } from './organization-actions.ts';

interface Moved {
  readonly site: OrgSite;
  readonly unit: OrgUnit;
}

interface MoveProps {
  readonly orgId: string;
  readonly sites: readonly OrgSite[];
  /** What is moved; closed without. */
  readonly moved: Moved | null;
  readonly onClose: () => void;
}

/** See the file comment. */
export function MoveDialog({ moved, onClose, ...rest }: MoveProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen={moved !== null}
      onClose={onClose}
      title={t('organization.moveTitle', { name: moved?.unit.name ?? '' })}
    >
      {moved ? <Form {...rest} moved={moved} onClose={onClose} /> : null}
    </Dialog>
  );
}

interface Target {
  readonly siteId: string;
  readonly parentId: string | null;
  readonly label: string;
}

function Form({ orgId, sites, moved, onClose }: MoveProps & { readonly moved: Moved }) {
  const { t } = useTranslation();
  const { unit } = moved;
  const targets = sites.flatMap((site) => [
    { siteId: site.id, parentId: null, label: site.name },
    ...targetsIn(site.id, site.units, unit.id, site.name),
  ]);
  const here = targets.findIndex(
    ({ siteId, parentId }) => siteId === moved.site.id && parentId === unit.parentId,
  );
  const [at, setAt] = useState(Math.max(0, here));
  const move = async (event: FormEvent) => {
    event.preventDefault();
    const target = targets[at];
    if (!target) return;
    const { siteId, parentId } = target;
    const isMoved =
      at === here ||
      (await changeOrganization('org.saveUnit', {
        orgId,
        unitId: unit.id,
        siteId,
        parentId,
        name: unit.name,
      }));
    if (isMoved) onClose();
  };
  return (
    <form onSubmit={(event) => void move(event)}>
      <div className="db form">
        <label className="field">
          <span className="label">{t('organization.moveTo')}</span>
          <select
            className="selbox"
            autoFocus
            value={at}
            onChange={(event) => setAt(Number(event.target.value))}
          >
            {targets.map(({ siteId, parentId, label }, index) => (
              <option key={parentId ?? siteId} value={index}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <p className="s13 t3">{t('organization.moveHelp')}</p>
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('organization.move')}
        </Button>
      </div>
    </form>
  );
}

/** Everything below `units` but the moved one and what is inside it. */
function targetsIn(
  siteId: string,
  units: readonly OrgUnit[],
  movedId: string,
  path: string,
): readonly Target[] {
  return units
    .filter(({ id }) => id !== movedId)
    .flatMap((unit) => {
      const label = `${path} / ${unit.name}`;
      return [{ siteId, parentId: unit.id, label }, ...targetsIn(siteId, unit.units, movedId, label)];
    });
}
