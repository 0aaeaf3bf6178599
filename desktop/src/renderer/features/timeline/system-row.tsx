/** Rows that are not messages: days, the unread divider, the start, what happened to the conversation, and parts of the history this device lacks. */
import { CircleAlert, CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { HoleRow, NoticeRow } from '../../../ipc/timeline-rows.ts';
import { tell } from '../../lib/bridge.ts';
import { dateJump } from '../../lib/date-jump.ts';
import { formatDay, formatFull, formatMonthDay } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import type { TimelineConversation } from './contracts.ts';
import type { TimelineItem } from './items.ts';
import { noticeSentences } from './notice-text.ts';

/** A row without a sender. */
export function SystemRow({
  item,
  conversation,
  onJump,
}: {
  readonly item: Exclude<TimelineItem, { kind: 'message' }>;
  readonly conversation: TimelineConversation;
  readonly onJump: (messageId: string) => void;
}) {
  const { t } = useTranslation();
  const { id, title, isDirect } = conversation;
  switch (item.kind) {
    case 'day': {
      const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
      const day = formatDay(item.atMs, Date.now(), words);
      return (
        <div className="day-line">
          {conversation.rights.isInThread ? (
            <div className="day" role="separator" aria-label={day}>
              {day}
            </div>
          ) : (
            // By keyboard the same stands in the conversation's menu.
            <button
              type="button"
              className="day"
              tabIndex={-1}
              aria-label={t('timeline.dayJump', { day })}
              onClick={() => dateJump.set(id)}
            >
              {day}
            </button>
          )}
        </div>
      );
    }
    case 'unread':
      return (
        <div className="unread-div" role="separator" aria-label={t('timeline.newMessages')}>
          {t('timeline.newMessages')}
        </div>
      );
    case 'start':
      return (
        <div className="sys start">{t(isDirect ? 'timeline.start' : 'group.start', { name: title })}</div>
      );
    case 'hole':
      return <Hole row={item.row} conversationId={id} />;
    case 'notice':
      return <Notice rows={item.rows} title={title} onJump={onJump} />;
  }
}

function Notice({
  rows,
  title,
  onJump,
}: {
  readonly rows: readonly NoticeRow[];
  readonly title: string;
  readonly onJump: (messageId: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="sys notice" title={formatFull(rows[0]?.atMs ?? 0)}>
      {noticeSentences(t, rows, title).map(({ text, messageId }) =>
        messageId === null ? (
          <span key={text}>{text}</span>
        ) : (
          <button key={text} type="button" className="notice-jump" onClick={() => onJump(messageId)}>
            {text}
          </button>
        ),
      )}
    </div>
  );
}

function Hole({ row, conversationId }: { readonly row: HoleRow; readonly conversationId: string }) {
  const { t } = useTranslation();
  if (row.state === 'loading') return <div className="sys hole">{t('timeline.loadingOlder')}</div>;
  if (row.state === 'offline') {
    return (
      <div className="sys hole">
        <CloudOff className="i i14" aria-hidden="true" />
        {t('timeline.holeOffline')}
      </div>
    );
  }
  return (
    <div className="hole-failed" role="group">
      <CircleAlert className="i" aria-hidden="true" />
      <span>
        {row.beforeMs === null
          ? t('timeline.holeFailedBare')
          : t('timeline.holeFailed', { date: formatMonthDay(row.beforeMs) })}
      </span>
      <Button size="small" onClick={() => tell('history.retry', { conversationId })}>
        {t('app.tryAgain')}
      </Button>
    </div>
  );
}
