/** The people of an organisation: finding them, and for those who run it the menu of each. */
import { Building2, Ellipsis, Search, UserCheck, UserMinus, UserRound, UserX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import type { OrganizationMeta, OrgPersonRow } from '../../../ipc/views.ts';
import { formatList } from '../../lib/format.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { AnchoredMenu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { PersonMarks } from '../../ui/person-marks.tsx';
import { changeOrganization, isManager, rolesToGive } from './organization-actions.ts';
import { PlacesDialog } from './places-dialog.tsx';

/** People listed at most; the search finds the others. */
const shownPeople = 50;

interface PeopleProps {
  readonly orgId: string;
  readonly meta: OrganizationMeta;
  readonly ownUserId: string;
}

/** See the file comment. */
export function PeopleGroup({ orgId, meta, ownUserId }: PeopleProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [target, setTarget] = useState<{ person: OrgPersonRow; anchor: Element } | null>(null);
  const [removed, setRemoved] = useState<OrgPersonRow | null>(null);
  const [paused, setPaused] = useState<OrgPersonRow | null>(null);
  const [placed, setPlaced] = useState<OrgPersonRow | null>(null);
  const { state } = useMovingView('organization', { orgId, query: query.trim(), limit: shownPeople }, orgId);
  const people = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const found = state?.meta.found ?? 0;
  const roles = target ? rolesToGive(meta, target.person, ownUserId) : [];
  const change = (person: OrgPersonRow, to: { readonly role: OrgRole | null; readonly deactivated?: true }) =>
    void changeOrganization('org.setRole', { orgId, userId: person.id, ...to });
  return (
    <>
      <Group title={t('organization.people', { count: meta.people })}>
        <div className="srow">
          <div className="inp grow">
            <Search className="i i16" aria-hidden="true" />
            <input
              className="grow"
              type="search"
              aria-label={t('organization.findPeople')}
              placeholder={t('people.find')}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </div>
        </div>
        {people.map((person) => (
          <Row
            key={person.id}
            icon={<Avatar name={person.name} size={36} />}
            title={person.id === ownUserId ? t('details.you', { name: person.name }) : person.name}
            detail={[
              ...(person.title ? [person.title] : []),
              ...(person.placeNames.length > 0 ? [formatList(person.placeNames)] : []),
              ...(person.isPending ? [t('receipt.queued')] : []),
            ].join(' · ')}
          >
            {person.isBot ? <PersonMarks isBot isDeactivated={false} /> : null}
            {person.isDeactivated ? (
              <span className="tag wrn">{t('organization.deactivated')}</span>
            ) : (
              <span className={`tag${person.role === 'owner' ? ' acc' : ''}`}>
                {t(`settings.role.${person.role}`)}
              </span>
            )}
            {isManager(meta) ? (
              <IconButton
                label={t('organization.actionsFor', { name: person.name })}
                isSmall
                aria-haspopup="menu"
                onClick={(event) => setTarget({ person, anchor: event.currentTarget })}
              >
                <Ellipsis className="i i16" />
              </IconButton>
            ) : null}
          </Row>
        ))}
        {state && people.length === 0 ? <Row title={t('organization.nobody', { query })} /> : null}
        {found > people.length && people.length > 0 ? (
          <Row title={t('organization.more', { count: people.length })} />
        ) : null}
      </Group>
      <AnchoredMenu
        anchor={target?.anchor ?? null}
        label={target ? t('organization.actionsFor', { name: target.person.name }) : ''}
        align="end"
        onClose={() => setTarget(null)}
      >
        {target ? (
          <PersonCommands
            person={target.person}
            roles={roles}
            onRole={(role) => change(target.person, { role })}
            onPlaces={() => setPlaced(target.person)}
            onReactivate={() => change(target.person, { role: target.person.role })}
            onDeactivate={() => setPaused(target.person)}
            onRemove={() => setRemoved(target.person)}
          />
        ) : null}
      </AnchoredMenu>
      <Confirm
        isOpen={removed !== null}
        title={t('organization.removeTitle', { name: removed?.name ?? '' })}
        body={t('organization.removeBody')}
        safeLabel={t('organization.keep')}
        dangerLabel={t('organization.removeNow')}
        onSafe={() => setRemoved(null)}
        onDanger={() => {
          if (removed) change(removed, { role: null });
          setRemoved(null);
        }}
      />
      <Confirm
        isOpen={paused !== null}
        title={t('organization.deactivateTitle', { name: paused?.name ?? '' })}
        body={t('organization.deactivateBody')}
        safeLabel={t('organization.keep')}
        dangerLabel={t('organization.deactivateNow')}
        onSafe={() => setPaused(null)}
        onDanger={() => {
          if (paused) change(paused, { role: paused.role, deactivated: true });
          setPaused(null);
        }}
      />
      <PlacesDialog orgId={orgId} sites={meta.sites} person={placed} onClose={() => setPlaced(null)} />
    </>
  );
}

interface CommandsProps {
  readonly person: OrgPersonRow;
  /** Roles that may be given; none where the person is not to be touched. */
  readonly roles: readonly OrgRole[];
  readonly onRole: (role: OrgRole) => void;
  readonly onPlaces: () => void;
  readonly onReactivate: () => void;
  readonly onDeactivate: () => void;
  readonly onRemove: () => void;
}

function PersonCommands({ person, roles, ...on }: CommandsProps) {
  const { t } = useTranslation();
  const isTouchable = roles.length > 0;
  return (
    <>
      {person.isDeactivated ? (
        isTouchable ? (
          <MenuItem icon={<UserCheck className="i i16" />} onSelect={on.onReactivate}>
            {t('organization.reactivate')}
          </MenuItem>
        ) : null
      ) : (
        roles.map((role) => (
          <MenuItem key={role} icon={<UserRound className="i i16" />} onSelect={() => on.onRole(role)}>
            {t(`organization.makeRole.${role}`)}
          </MenuItem>
        ))
      )}
      <MenuItem icon={<Building2 className="i i16" />} onSelect={on.onPlaces}>
        {t('organization.assign')}
      </MenuItem>
      {isTouchable ? (
        <>
          <MenuLine />
          {person.isDeactivated ? null : (
            <MenuItem icon={<UserX className="i i16" />} onSelect={on.onDeactivate}>
              {t('organization.deactivate')}
            </MenuItem>
          )}
          <MenuItem icon={<UserMinus className="i i16" />} isDanger onSelect={on.onRemove}>
            {t('organization.remove')}
          </MenuItem>
        </>
      ) : null}
    </>
  );
}
