import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxRow } from '../../../ipc/writing.ts';
import { errorText } from '../../i18n/index.ts';
import { formatAgo, formatComing, formatTime } from '../../lib/format.ts';
import { outboxText } from '../../lib/outbox-text.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { AnchoredMenu, MenuItem } from '../../ui/menu.tsx';
import { Receipt } from '../../ui/receipt.tsx';

/** What can be done with an entry; the row says which of it applies. */
export type OutboxActions = Readonly<Record<OutboxRow['can'][number], (row: OutboxRow) => void>>;

/** One entry. Answers that are needed stand open; everything else is in the menu. */
export function OutboxEntry({
  row,
  isOffline,
  actions,
}: {
  readonly row: OutboxRow;
  readonly isOffline: boolean;
  readonly actions: OutboxActions;
}) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const isAttention = row.group === 'attention';
  const reason = useReason(row);
  const text = outboxText(row, t);
  return (
    <div className="srow outbox-row" role="group" aria-label={`${row.conversationTitle}: ${text}`}>
      <Avatar name={row.conversationTitle} size={36} />
      <div className="grow">
        <div className="row entry-top">
          <b className="med clip">{row.conversationTitle}</b>
          <span className="s12 t3 num">{formatTime(row.composedAtMs)}</span>
        </div>
        <div className="clip t2">{text}</div>
        {reason ? (
          <div className={`s13 reason${row.state === 'parked' || row.dropAtMs !== null ? '' : ' bad'}`}>
            {reason}
          </div>
        ) : null}
      </div>
      {isAttention ? (
        (['discard', 'cancel', 'edit', 'retry', 'sendNow'] as const).map((action) =>
          row.can.includes(action) ? (
            <Button
              key={action}
              size="small"
              tone={
                action === 'discard'
                  ? 'dangerQuiet'
                  : action === 'retry' || action === 'sendNow'
                    ? 'primary'
                    : 'secondary'
              }
              onClick={() => actions[action](row)}
            >
              {t(`outbox.${action}`)}
            </Button>
          ) : null,
        )
      ) : (
        <>
          <span className="row s12 t3">
            <Receipt state={row.state === 'cancelled' ? 'failed' : row.state} isOffline={isOffline} />
          </span>
          {row.can.length > 0 ? (
            <IconButton
              label={t('outbox.more')}
              isSmall
              aria-haspopup="menu"
              onClick={(event) => setAnchor(event.currentTarget)}
            >
              <Ellipsis className="i" />
            </IconButton>
          ) : null}
          <AnchoredMenu anchor={anchor} label={t('outbox.more')} align="end" onClose={() => setAnchor(null)}>
            {row.can.map((action) => (
              <MenuItem key={action} isDanger={action === 'discard'} onSelect={() => actions[action](row)}>
                {t(`outbox.${action}`)}
              </MenuItem>
            ))}
          </AnchoredMenu>
        </>
      )}
    </div>
  );
}

function useReason(row: OutboxRow): string | null {
  const { t } = useTranslation();
  if (row.state === 'parked') {
    return t('outbox.sendNowQuestion', { when: formatAgo(row.composedAtMs, Date.now()) });
  }
  if (row.state === 'cancelled') {
    return row.error?.code === 'NOT_SENT_IN_TIME' ? errorText(row.error) : t('outbox.cancelled');
  }
  if (row.state !== 'failed') {
    if (row.dropAtMs === null) return null;
    return t('outbox.dropsAt', { when: formatComing(row.dropAtMs, Date.now()) });
  }
  return row.error ? t('outbox.notSent', { reason: errorText(row.error) }) : t('outbox.stalled');
}
