/** The context menu of a conversation, and the calls behind it. */
import { Archive, ArchiveRestore, Bell, BellOff, CalendarSearch, MailCheck, Pin, PinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ConversationRow } from '../../../ipc/views.ts';
import { markConversationRead, setArchived, setMuted, setPinned } from '../../lib/conversation-actions.ts';
import { dateJump } from '../../lib/date-jump.ts';
import { openConversation } from '../../lib/navigation.ts';
import { AnchoredMenu, MenuItem, MenuLine, type MenuAnchor } from '../../ui/menu.tsx';

/** The menu, open while there is a target. */
export function RowMenu({
  target,
  onClose,
}: {
  readonly target: { readonly row: ConversationRow; readonly anchor: MenuAnchor } | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const row = target?.row;
  return (
    <AnchoredMenu anchor={target?.anchor ?? null} label={t('list.rowMenu')} onClose={onClose}>
      {row ? (
        <>
          {row.unread > 0 ? (
            <MenuItem icon={<MailCheck className="i i16" />} onSelect={() => markConversationRead(row.id)}>
              {t('list.markRead')}
            </MenuItem>
          ) : null}
          <MenuItem
            icon={row.isPinned ? <PinOff className="i i16" /> : <Pin className="i i16" />}
            onSelect={() => setPinned(row.id, !row.isPinned)}
          >
            {t(row.isPinned ? 'list.unpin' : 'list.pin')}
          </MenuItem>
          <MenuItem
            icon={row.isMuted ? <Bell className="i i16" /> : <BellOff className="i i16" />}
            keys="Ctrl+Shift+Y"
            onSelect={() => setMuted(row.id, !row.isMuted)}
          >
            {t(row.isMuted ? 'list.unmute' : 'list.mute')}
          </MenuItem>
          <MenuItem
            icon={<CalendarSearch className="i i16" />}
            onSelect={() => {
              openConversation(row.id);
              dateJump.set(row.id);
            }}
          >
            {t('jump.menu')}
          </MenuItem>
          <MenuLine />
          <MenuItem
            icon={row.isArchived ? <ArchiveRestore className="i i16" /> : <Archive className="i i16" />}
            keys="Ctrl+Shift+A"
            onSelect={() => setArchived(row.id, !row.isArchived)}
          >
            {t(row.isArchived ? 'list.unarchive' : 'list.archive')}
          </MenuItem>
        </>
      ) : null}
    </AnchoredMenu>
  );
}
