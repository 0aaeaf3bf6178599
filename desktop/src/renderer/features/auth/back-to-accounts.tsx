import { useTranslation } from 'react-i18next';
import { hostOf, showAccount, useAccounts } from '../../lib/accounts.ts';
import { LinkButton } from '../../ui/button.tsx';

/** The way back to the accounts that are here already, from the sign-in of one more. */
export function BackToAccounts() {
  const { t } = useTranslation();
  const { others } = useAccounts();
  return others.map(({ id, name, serverUrl }) => (
    <p key={id} className="s13 t2 auth-back">
      <LinkButton onClick={() => showAccount(id)}>
        {t('accounts.backTo', { name, server: hostOf(serverUrl) })}
      </LinkButton>
    </p>
  ));
}
