/**
 * The menu over the list: my organizations with what is unread in each, whose conversations show of the chosen one, and
 * the way to pages of the account.
 */
import { Bookmark, Building2, Check, CircleUserRound, Contact } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OwnOrg } from '../../ipc/views.ts';
import { openDialog, showSection, showSettings } from '../lib/navigation.ts';
import { chooseOrg, choosePlace } from '../lib/scope.ts';
import { useMeta } from '../lib/use-view.ts';
import { AccountItems, AddAccountItem } from './account-items.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { AnchoredMenu, MenuChoices, MenuItem, MenuLine, MenuSection, type MenuChoice } from '../ui/menu.tsx';

interface OrgMenuProps {
  readonly anchor: Element | null;
  readonly orgs: readonly OwnOrg[];
  /** The one the list is of; undefined while there is only one. */
  readonly scopeId: string | undefined;
  /** The site or unit the list is narrowed to. */
  readonly placeId: string | undefined;
  readonly onClose: () => void;
}

/** Stands for no site and no unit. */
const everywhere = 'all';

/** See the file comment. */
export function OrgMenu({ anchor, orgs, scopeId, placeId, onClose }: OrgMenuProps) {
  const { t } = useTranslation();
  return (
    <AnchoredMenu anchor={anchor} label={t('list.account')} onClose={onClose}>
      {orgs.length > 1 ? (
        <>
          <MenuSection label={t('list.organizations')}>
            {orgs.map((org) => (
              <OrgItem key={org.id} org={org} isChosen={org.id === scopeId} />
            ))}
          </MenuSection>
          <MenuLine />
        </>
      ) : null}
      <AccountItems />
      {anchor ? <PlaceChoice scopeId={scopeId} placeId={placeId} /> : null}
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
      <MenuLine />
      <AddAccountItem />
    </AnchoredMenu>
  );
}

/** Every site with its units in small; of the chosen one they can be chosen too. */
function PlaceChoice({
  scopeId,
  placeId,
}: {
  readonly scopeId: string | undefined;
  readonly placeId: string | undefined;
}) {
  const { t } = useTranslation();
  const places = useMeta('listFilters', scopeId === undefined ? {} : { orgId: scopeId })?.places ?? [];
  if (places.length === 0) return null;
  const chosen = places.some(({ id }) => id === placeId) ? placeId : undefined;
  const sites = places.flatMap((place, at) => {
    if (place.depth > 0) return [];
    const next = places.findIndex(({ depth }, after) => after > at && depth === 0);
    const [site = place, ...units] = places.slice(at, next < 0 ? undefined : next);
    return [{ site, units }];
  });
  const options = sites.flatMap(({ site, units }): readonly MenuChoice<string>[] => {
    const isOpen = chosen === site.id || units.some(({ id }) => id === chosen);
    const names = units.map(({ name }) => name).join(', ');
    return [
      { value: site.id, label: site.name, note: isOpen || names === '' ? undefined : names },
      ...(isOpen ? units.map(({ id, name, depth }) => ({ value: id, label: name, depth })) : []),
    ];
  });
  return (
    <>
      <MenuSection label={t('list.showFrom')}>
        <MenuChoices
          value={chosen ?? everywhere}
          options={[{ value: everywhere, label: t('list.scope') }, ...options]}
          onChange={(id) => {
            choosePlace(id === everywhere ? null : id);
            openDialog(null);
          }}
        />
      </MenuSection>
      <MenuLine />
    </>
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
