/** One row of the list. Drawn again only when its own data, selection or focus changes. */
import { BellOff, CircleAlert, Lock, Pin } from 'lucide-react';
import { memo, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationRow as Conversation } from '../../../ipc/views.ts';
import { formatListTime } from '../../lib/format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge, MentionBadge } from '../../ui/badge.tsx';
import { Receipt } from '../../ui/receipt.tsx';
import { previewOf, rowName, rowTimeMs } from './row-name.ts';

interface ConversationRowProps {
  readonly row: Conversation;
  readonly position: number;
  readonly total: number;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly isOffline: boolean;
  /** Local day; a new one changes "Today" into "Yesterday". */
  readonly today: string;
  readonly onOpen: (id: string) => void;
  readonly onMenu: (row: Conversation, anchor: Element | { readonly x: number; readonly y: number }) => void;
  readonly onFocusRow: (id: string) => void;
  readonly onKey: (event: KeyboardEvent<HTMLElement>, row: Conversation, position: number) => void;
}

/** A conversation in the list. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { row, position, total, isSelected, isTabStop, isOffline } = props;
  const { t } = useTranslation();
  const atMs = rowTimeMs(row);
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  const time = atMs === null ? '' : formatListTime(atMs, Date.now(), words);
  const isUnread = row.unread > 0;
  return (
    <div
      role="option"
      id={`conversation-${row.id}`}
      className={`cr${isUnread ? ' unread' : ''}`}
      aria-selected={isSelected}
      aria-posinset={position + 1}
      aria-setsize={total}
      tabIndex={isTabStop ? 0 : -1}
      data-conversation={row.id}
      onClick={() => props.onOpen(row.id)}
      onFocus={() => props.onFocusRow(row.id)}
      onKeyDown={(event) => props.onKey(event, row, position)}
      onContextMenu={(event: MouseEvent) => {
        event.preventDefault();
        props.onMenu(row, { x: event.clientX, y: event.clientY });
      }}
    >
      <span className="vh">{rowName(row, time, t)}</span>
      <Avatar name={row.title} kind={row.kind} presence={isOffline ? null : row.presence?.state} />
      <div className="grow" aria-hidden="true">
        <div className="top">
          {row.isPrivate ? <Lock className="i i14" /> : null}
          <span className="nm">{row.title}</span>
          {row.isMuted ? <BellOff className="i i14" /> : null}
          <span className={`tm${isUnread && !row.isMuted ? ' a' : ''}`}>{time}</span>
        </div>
        <SecondLine row={row} isOffline={isOffline} />
      </div>
    </div>
  );
});

function SecondLine({ row, isOffline }: { readonly row: Conversation; readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const preview = previewOf(row, t);
  const state = preview.kind === 'message' && row.lastMessage?.isOwn ? row.lastMessage.state : null;
  return (
    <div className="bot">
      {state ? <Receipt state={state} isOffline={isOffline} /> : null}
      <span className="pv">
        {preview.kind === 'failed' ? <span className="by fl">{t('list.notSent')}</span> : null}
        {preview.kind === 'draft' ? <span className="by dr">{t('list.draft')}</span> : null}
        {preview.kind === 'typing' ? <span className="tx ty">{t('list.typing')}</span> : null}
        {preview.kind === 'empty' ? <span className="tx">{t('list.noMessages')}</span> : null}
        {preview.kind === 'message' && preview.before !== '' ? (
          <span className="by">{preview.before}</span>
        ) : null}
        {'text' in preview ? (
          <span className="tx" dir="auto">
            {preview.text}
          </span>
        ) : null}
      </span>
      {row.isPinned ? <Pin className="i i14" /> : null}
      {row.failed > 0 ? <CircleAlert className="i i16 red" /> : null}
      {row.mentions > 0 ? <MentionBadge /> : null}
      <Badge count={row.unread} tone={row.isNotifying ? 'unread' : 'muted'} />
    </div>
  );
}
