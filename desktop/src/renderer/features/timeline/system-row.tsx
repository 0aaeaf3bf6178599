/** Rows that are not messages: days, the unread divider, the start, and parts of the history this device lacks. */
import { CircleAlert, CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { HoleRow } from '../../../ipc/views.ts';
import { tell } from '../../lib/bridge.ts';
import { formatDay, formatMonthDay } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import type { TimelineConversation } from './contracts.ts';
import type { TimelineItem } from './items.ts';

/** A row without a sender. */
export function SystemRow({
  item,
  conversation,
}: {
  readonly item: Exclude<TimelineItem, { kind: 'message' }>;
  readonly conversation: TimelineConversation;
}) {
  const { t } = useTranslation();
  const { id, title, isDirect } = conversation;
  switch (item.kind) {
    case 'day': {
      const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
      const day = formatDay(item.atMs, Date.now(), words);
      return (
        <div className="day-line">
          <div className="day" role="separator" aria-label={day}>
            {day}
          </div>
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
  }
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
