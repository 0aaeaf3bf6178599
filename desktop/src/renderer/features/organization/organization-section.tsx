/** Settings > Organization: everybody sees it, owners and admins change it. */
import './organization.css';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../../ipc/views.ts';
import { inScope } from '../../lib/scope.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, Group, Row } from '../../ui/page.tsx';
import { AddDialog } from './add-dialog.tsx';
import { AnnouncementGroup } from './announcement-group.tsx';
import { AuditGroup } from './audit-group.tsx';
import { InvitesGroup } from './invites-group.tsx';
import { LeaveGroup } from './leave-group.tsx';
import { NameDialog, type NameRequest } from './name-dialog.tsx';
import { changeOrganization, isManager } from './organization-actions.ts';
import { PeopleGroup } from './people-group.tsx';
import { PlacesGroup } from './places-group.tsx';
import { PolicyGroup } from './policy-group.tsx';
import { RolesGroup } from './roles-group.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

/** See the file comment. */
export function OrganizationSection({ session }: { readonly session: Active }) {
  const { t } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  const [chosenId, setChosenId] = useState<string | null>(() => inScope().orgId ?? null);
  const org = session.orgs.find(({ id }) => id === chosenId) ?? session.orgs[0];
  return (
    <>
      <h1>{t('organization.title')}</h1>
      {session.orgs.length > 1 && org ? (
        <select
          className="selbox org-pick"
          aria-label={t('organization.which')}
          value={org.id}
          onChange={(event) => setChosenId(event.target.value)}
        >
          {session.orgs.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : null}
      {org ? (
        <Organization key={org.id} orgId={org.id} ownUserId={session.userId} />
      ) : (
        <EmptyState title={t('organization.none')} body={t('organization.noneBody')} isSmall />
      )}
      <div className="row page-actions">
        <Button aria-haspopup="dialog" onClick={() => setAdding(true)}>
          <Plus className="i i16" aria-hidden="true" />
          {t('organization.add')}
        </Button>
      </div>
      <AddDialog
        isOpen={isAdding}
        onClose={() => setAdding(false)}
        onAdded={(orgId) => {
          setAdding(false);
          setChosenId(orgId);
        }}
      />
    </>
  );
}

function Organization({ orgId, ownUserId }: { readonly orgId: string; readonly ownUserId: string }) {
  const { t } = useTranslation();
  const [naming, setNaming] = useState<NameRequest | null>(null);
  const meta = useMeta('organization', { orgId, query: '', limit: 1 });
  if (!meta) return null;
  const isEditable = isManager(meta);
  const rename = () =>
    setNaming({
      title: t('organization.renameTitle', { name: meta.name }),
      name: meta.name,
      save: (name) => changeOrganization('org.rename', { orgId, name }),
    });
  return (
    <>
      <p className="lead">{t(isEditable ? 'organization.lead' : 'organization.leadReadOnly')}</p>
      <Group>
        <Row icon={<Avatar name={meta.name} size={36} kind="group" />} title={meta.name}>
          {isEditable ? (
            <Button size="small" aria-haspopup="dialog" onClick={rename}>
              {t('organization.rename')}
            </Button>
          ) : null}
        </Row>
        {meta.ownRole === null ? null : (
          <Row
            title={t('organization.ownRole', { role: t(`settings.role.${meta.ownRole}`) })}
            detail={t(`organization.roleHelp.${meta.ownRole}`)}
          />
        )}
      </Group>
      <NameDialog request={naming} onClose={() => setNaming(null)} />
      <PeopleGroup orgId={orgId} meta={meta} ownUserId={ownUserId} />
      {isEditable ? <RolesGroup /> : null}
      <PlacesGroup orgId={orgId} meta={meta} />
      <PolicyGroup orgId={orgId} meta={meta} />
      {isEditable ? (
        <>
          <InvitesGroup orgId={orgId} />
          <AuditGroup orgId={orgId} />
          <AnnouncementGroup orgId={orgId} meta={meta} />
        </>
      ) : null}
      {meta.ownRole === null ? null : <LeaveGroup orgId={orgId} meta={meta} ownUserId={ownUserId} />}
    </>
  );
}
