import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Group, Row } from '../../ui/page.tsx';

const roles = ['owner', 'admin', 'member', 'guest'] as const;

/** What each role may do, for those who give them. */
export function RolesGroup() {
  const { t } = useTranslation();
  return (
    <Group>
      <details className="org-roles">
        <summary className="srow">
          <span className="grow">{t('organization.rolesTitle')}</span>
          <ChevronDown className="i i16" aria-hidden="true" />
        </summary>
        {roles.map((role) => (
          <Row key={role} title={t(`settings.role.${role}`)} detail={t(`organization.roleMay.${role}`)} />
        ))}
      </details>
    </Group>
  );
}
