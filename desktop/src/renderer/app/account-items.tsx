/** The accounts in the menu over the list: each with its server and what is unread in it, and the way to one more. */
import { Check, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AccountRow } from '../../ipc/accounts.ts';
import { addAccount, hostOf, showAccount, useAccounts } from '../lib/accounts.ts';
import { openDialog } from '../lib/navigation.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { MenuItem, MenuLine, MenuSection } from '../ui/menu.tsx';

/** Every account; nothing while there is only one. */
export function AccountItems() {
  const { t } = useTranslation();
  const { accounts, current } = useAccounts();
  if (accounts.length < 2) return null;
  return (
    <>
      <MenuSection label={t('accounts.title')}>
        {accounts.map((account) => (
          <AccountItem key={account.id} account={account} isShown={account.id === current} />
        ))}
      </MenuSection>
      <MenuLine />
    </>
  );
}

/** Leads to the sign-in of one more. */
export function AddAccountItem() {
  const { t } = useTranslation();
  return (
    <MenuItem icon={<Plus className="i i16" />} onSelect={addAccount}>
      {t('accounts.add')}
    </MenuItem>
  );
}

function AccountItem({ account, isShown }: { readonly account: AccountRow; readonly isShown: boolean }) {
  const { t } = useTranslation();
  const { id, name, serverUrl, unread, needsSignIn } = account;
  const host = hostOf(serverUrl);
  const detail = needsSignIn ? `${host} · ${t('accounts.needsSignIn')}` : host;
  return (
    <MenuItem
      icon={<Avatar name={name} size={32} />}
      hasTwoLines
      onSelect={() => (isShown ? openDialog(null) : showAccount(id))}
    >
      <span className="row org-item">
        <span className="grow col">
          <span className="clip">{name}</span>
          <span className="vh">{t('accounts.onServer', { server: detail })}</span>
          <span className="s12 t3 clip" aria-hidden="true">
            {detail}
          </span>
        </span>
        {isShown ? (
          <>
            <span className="vh">{t('list.orgChosen')}</span>
            <Check className="i i16" aria-hidden="true" />
          </>
        ) : unread > 0 ? (
          <>
            <span className="vh">{t('list.orgUnread', { count: unread })}</span>
            <Badge count={unread} />
          </>
        ) : null}
      </span>
    </MenuItem>
  );
}
