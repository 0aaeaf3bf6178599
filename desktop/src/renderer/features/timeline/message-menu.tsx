/** The context menu of a message and the question before deleting for everyone. */
import {
  Bookmark,
  BookmarkMinus,
  Copy,
  Forward,
  Info,
  MailOpen,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  SquareCheck,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { AnchoredMenu, MenuGlyph, MenuItem, MenuLine, MenuRow, type MenuAnchor } from '../../ui/menu.tsx';
import { actionsFor, quickReactions, type MessageAction } from './actions.ts';
import { marksOf, type TimelineConversation } from './contracts.ts';

/** A message and what its menu hangs on. */
export interface MenuTarget {
  readonly row: MessageRow;
  readonly anchor: MenuAnchor;
}

const icons: Record<MessageAction, ReactNode> = {
  reply: <Reply className="i i16" />,
  thread: <MessagesSquare className="i i16" />,
  edit: <Pencil className="i i16" />,
  acknowledge: <SquareCheck className="i i16" />,
  react: <SmilePlus className="i i16" />,
  copy: <Copy className="i i16" />,
  forward: <Forward className="i i16" />,
  save: <Bookmark className="i i16" />,
  unsave: <BookmarkMinus className="i i16" />,
  pin: <Pin className="i i16" />,
  unpin: <PinOff className="i i16" />,
  info: <Info className="i i16" />,
  markUnread: <MailOpen className="i i16" />,
  deleteForMe: <Trash2 className="i i16" />,
  deleteForEveryone: <Trash2 className="i i16" />,
};
const keys: Record<MessageAction, string | undefined> = {
  reply: 'R',
  thread: 'T',
  edit: 'E',
  acknowledge: 'A',
  react: undefined,
  copy: 'Ctrl+C',
  forward: 'F',
  save: 'S',
  unsave: 'S',
  pin: 'P',
  unpin: 'P',
  info: 'I',
  markUnread: 'U',
  deleteForMe: undefined,
  deleteForEveryone: undefined,
};

/** The menu, open while there is a target. */
export function MessageMenu({
  target,
  conversation,
  onClose,
  onAction,
  onReact,
}: {
  readonly target: MenuTarget | null;
  readonly conversation: TimelineConversation;
  readonly onClose: () => void;
  readonly onAction: (action: MessageAction, row: MessageRow) => void;
  readonly onReact: (row: MessageRow, emoji: string) => void;
}) {
  const { t } = useTranslation();
  const row = target?.row;
  const actions = row ? actionsFor(row, conversation.rights, marksOf(conversation, row), Date.now()) : [];
  const isDelete = (action: MessageAction) => action === 'deleteForMe' || action === 'deleteForEveryone';
  const plain = actions.filter((action) => action !== 'react' && !isDelete(action));
  const deletions = actions.filter(isDelete);
  return (
    <AnchoredMenu anchor={target?.anchor ?? null} label={t('message.toolbar')} onClose={onClose}>
      {row && actions.includes('react') ? (
        <>
          <MenuRow>
            {quickReactions.map((emoji) => (
              <MenuGlyph
                key={emoji}
                label={t('message.reactWith', { emoji })}
                onSelect={() => onReact(row, emoji)}
              >
                <em>{emoji}</em>
              </MenuGlyph>
            ))}
            <MenuGlyph label={t('message.react')} onSelect={() => onAction('react', row)}>
              <SmilePlus className="i" />
            </MenuGlyph>
          </MenuRow>
          <MenuLine />
        </>
      ) : null}
      {row
        ? plain.map((action) => (
            <MenuItem
              key={action}
              icon={icons[action]}
              keys={keys[action]}
              onSelect={() => onAction(action, row)}
            >
              {t(`message.${action}`)}
            </MenuItem>
          ))
        : null}
      {deletions.length > 0 ? <MenuLine /> : null}
      {row
        ? deletions.map((action) => (
            <MenuItem
              key={action}
              icon={icons[action]}
              keys={action === deletions[0] ? 'Del' : undefined}
              isDanger
              onSelect={() => onAction(action, row)}
            >
              {t(`message.${action}`)}
            </MenuItem>
          ))
        : null}
    </AnchoredMenu>
  );
}

/** Asks before a message disappears for everyone. */
export function DeleteQuestion({
  row,
  peerName,
  memberCount,
  onKeep,
  onDelete,
}: {
  readonly row: MessageRow | null;
  /** The other person of a direct conversation; null in a group. */
  readonly peerName: string | null;
  readonly memberCount: number;
  readonly onKeep: () => void;
  readonly onDelete: (row: MessageRow) => void;
}) {
  const { t } = useTranslation();
  return (
    <Confirm
      isOpen={row !== null}
      title={t('message.confirmTitle')}
      body={
        <>
          <p>
            {peerName === null
              ? t('message.confirmGroup', { count: memberCount })
              : t('message.confirmDirect', { name: peerName })}
          </p>
          <div className="dlg-quote">{row?.text?.slice(0, 300)}</div>
        </>
      }
      safeLabel={t('message.keep')}
      dangerLabel={t('message.confirmDelete')}
      onSafe={onKeep}
      onDanger={() => row && onDelete(row)}
    />
  );
}
