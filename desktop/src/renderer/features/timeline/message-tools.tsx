import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { quickReactions } from './actions.ts';
import type { MessageRights, RowCallbacks } from './contracts.ts';

/** The small toolbar beside a hovered or focused message. Everything in it also stands in the menu. */
export function MessageTools({
  row,
  rights,
  callbacks,
}: {
  readonly row: MessageRow;
  readonly rights: MessageRights;
  readonly callbacks: RowCallbacks;
}) {
  const { t } = useTranslation();
  return (
    <div className="tools" role="toolbar" aria-label={t('message.toolbar')}>
      {rights.isMember ? (
        <>
          {quickReactions.slice(0, 2).map((emoji) => (
            <Tool
              key={emoji}
              label={t('message.reactWith', { emoji })}
              onUse={() => callbacks.toggleReaction(row, emoji)}
            >
              <em>{emoji}</em>
            </Tool>
          ))}
          <Tool label={t('message.react')} onUse={(button) => callbacks.openPicker(row, button)}>
            <SmilePlus className="i" />
          </Tool>
        </>
      ) : null}
      {rights.canPost ? (
        <Tool label={t('message.reply')} onUse={() => callbacks.reply(row)}>
          <Reply className="i" />
        </Tool>
      ) : null}
      <Tool label={t('message.menu')} opensMenu onUse={(button) => callbacks.openMenu(row, button)}>
        <Ellipsis className="i" />
      </Tool>
    </div>
  );
}

/** No tab stop: the message itself is one. A plain title, since a tooltip each would cost every hovered row five. */
function Tool({
  label,
  opensMenu,
  onUse,
  children,
}: {
  readonly label: string;
  readonly opensMenu?: boolean;
  readonly onUse: (button: Element) => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="ib"
      tabIndex={-1}
      aria-label={label}
      title={label}
      aria-haspopup={opensMenu ? 'menu' : undefined}
      onClick={(event: MouseEvent) => onUse(event.currentTarget)}
    >
      {children}
    </button>
  );
}
