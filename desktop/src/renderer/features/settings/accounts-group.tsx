import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { addAccount, hostOf, showAccount, useAccounts } from '../../lib/accounts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Group, Row } from '../../ui/page.tsx';

/** The accounts of this profile; the one that shows is the one this page is about. */
export function Accounts() {
  const { t } = useTranslation();
  const { accounts, current } = useAccounts();
  return (
    <Group title={t('accounts.title')}>
      {accounts.map(({ id, name, email, serverUrl }) => (
        <Row
          key={id}
          icon={<Avatar name={name} size={36} />}
          title={name}
          detail={`${hostOf(serverUrl)} · ${email}`}
        >
          {id === current ? (
            <span className="tag">{t('accounts.shown')}</span>
          ) : (
            <Button
              size="small"
              aria-label={t('accounts.openNamed', { name, server: hostOf(serverUrl) })}
              onClick={() => showAccount(id)}
            >
              {t('accounts.open')}
            </Button>
          )}
        </Row>
      ))}
      <Row title={t('accounts.add')} detail={t('accounts.lead')}>
        <Button size="small" aria-label={t('accounts.add')} onClick={addAccount}>
          <Plus className="i i16" aria-hidden="true" />
        </Button>
      </Row>
    </Group>
  );
}
