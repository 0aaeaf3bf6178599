import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageRow } from '../../../ipc/views.ts';
import { quickReactions } from './actions.ts';
import type { RowCallbacks } from './contracts.ts';

/** The small toolbar beside a hovered or focused message. Everything in it also stands in the menu. */
export function MessageTools({
  row,
  callbacks,
}: {
  readonly row: MessageRow;
  readonly callbacks: RowCallbacks;
}) {
  const { t } = useTranslation();
  return (
    <div className="tools" role="toolbar" aria-label={t('message.toolbar')}>
      {quickReactions.slice(0, 2).map((emoji) => (
        <button
          type="button"
          className="ib"
          key={emoji}
          tabIndex={-1}
          aria-label={t('message.reactWith', { emoji })}
          onClick={() => callbacks.toggleReaction(row, emoji)}
        >
          <em>{emoji}</em>
        </button>
      ))}
      <button
        type="button"
        className="ib"
        tabIndex={-1}
        aria-label={t('message.react')}
        title={t('message.react')}
        onClick={(event) => callbacks.openPicker(row, event.currentTarget)}
      >
        <SmilePlus className="i" />
      </button>
      <button
        type="button"
        className="ib"
        tabIndex={-1}
        aria-label={t('message.reply')}
        title={t('message.reply')}
        onClick={() => callbacks.reply(row)}
      >
        <Reply className="i" />
      </button>
      <button
        type="button"
        className="ib"
        tabIndex={-1}
        aria-label={t('message.menu')}
        title={t('message.menu')}
        aria-haspopup="menu"
        onClick={(event) => callbacks.openMenu(row, event.currentTarget)}
      >
        <Ellipsis className="i" />
      </button>
    </div>
  );
}
