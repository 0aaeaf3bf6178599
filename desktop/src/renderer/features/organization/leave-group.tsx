/** Leaving the organisation, with its consequences first. Its last owner names another one before. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrganizationMeta } from '../../../ipc/views.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { changeOrganization } from './organization-actions.ts';

interface LeaveProps {
  readonly orgId: string;
  readonly meta: OrganizationMeta;
  readonly ownUserId: string;
}

/** See the file comment. */
export function LeaveGroup({ orgId, meta, ownUserId }: LeaveProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const isLastOwner = meta.ownRole === 'owner' && meta.owners < 2;
  return (
    <Group tone="danger">
      <Row
        title={t('organization.leave')}
        detail={t(isLastOwner ? 'organization.leaveLastOwner' : 'organization.leaveHelp')}
      >
        {isLastOwner ? null : (
          <Button size="small" tone="dangerQuiet" aria-haspopup="dialog" onClick={() => setAsking(true)}>
            {t('organization.leaveAction')}
          </Button>
        )}
      </Row>
      <Confirm
        isOpen={isAsking}
        title={t('organization.leaveTitle', { name: meta.name })}
        body={t('organization.leaveBody')}
        safeLabel={t('organization.stay')}
        dangerLabel={t('organization.leaveNow')}
        onSafe={() => setAsking(false)}
        onDanger={() => {
          setAsking(false);
          void changeOrganization('org.setRole', { orgId, userId: ownUserId, role: null });
        }}
      />
    </Group>
  );
}
