/** The menu over the list: my organizations with what is unread in each, and the way to pages of the account. */
import { Bookmark, Building2, Check, CircleUserRound, Contact } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OwnOrg } from '../../ipc/views.ts';
import { openDialog, showSection, showSettings } from '../lib/navigation.ts';
import { chooseOrg } from '../lib/scope.ts';
import { useMeta } from '../lib/use-view.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { AnchoredMenu, MenuItem, MenuLine } from '../ui/menu.tsx';

interface OrgMenuProps {
  readonly anchor: Element | null;
  readonly orgs: readonly OwnOrg[];
  /** The one the list is of; undefined while there is only one. */
  readonly scopeId: string | undefined;
  readonly onClose: () => void;
}

/** See the file comment. */
export function OrgMenu({ anchor, orgs, scopeId, onClose }: OrgMenuProps) {
  const { t } = useTranslation();
  return (
    <AnchoredMenu anchor={anchor} label={t('list.account')} onClose={onClose}>
      {orgs.length > 1 ? (
        <>
          {orgs.map((org) => (
            <OrgItem key={org.id} org={org} isChosen={org.id === scopeId} />
          ))}
          <MenuLine />
        </>
      ) : null}
      <MenuItem icon={<Contact className="i i16" />} onSelect={() => showSection('people')}>
        {t('nav.people')}
      </MenuItem>
      <MenuItem icon={<Bookmark className="i i16" />} onSelect={() => showSection('saved')}>
        {t('nav.saved')}
      </MenuItem>
      <MenuItem icon={<Building2 className="i i16" />} onSelect={() => showSettings('organization')}>
        {t('settings.organization')}
      </MenuItem>
      <MenuItem icon={<CircleUserRound className="i i16" />} onSelect={() => showSettings('account')}>
        {t('settings.account')}
      </MenuItem>
    </AnchoredMenu>
  );
}

function OrgItem({ org, isChosen }: { readonly org: OwnOrg; readonly isChosen: boolean }) {
  const { t } = useTranslation();
  const list = useMeta('conversations', { filter: 'all', offset: 0, limit: 1, orgId: org.id });
  const unread = list?.unreadConversations ?? 0;
  return (
    <MenuItem
      icon={<Avatar name={org.name} size={24} kind="group" />}
      onSelect={() => {
        chooseOrg(org.id);
        openDialog(null);
      }}
    >
      <span className="row org-item">
        <span className="grow clip">{org.name}</span>
        {isChosen ? (
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
