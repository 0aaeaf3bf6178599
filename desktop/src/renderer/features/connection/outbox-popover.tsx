import { Popover as Base } from '@base-ui/react/popover';
import { Hourglass, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxRow } from '../../../ipc/writing.ts';
import { tell } from '../../lib/bridge.ts';
import { formatComing, formatTime } from '../../lib/format.ts';
import { outboxText } from '../../lib/outbox-text.ts';
import { showSection } from '../../lib/navigation.ts';
import { useView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Receipt } from '../../ui/receipt.tsx';
import { TimeDialog } from '../../ui/time-dialog.tsx';

/** Entries shown before the rest is left to the Outbox. */
const shownEntries = 5;

/** What waits, in the order it will be sent. */
export function OutboxPopover({
  anchor,
  lastContactMs,
  onClose,
}: {
  readonly anchor: Element | null;
  readonly lastContactMs: number | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Base.Root open={anchor !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner
          className="menu-position"
          anchor={anchor}
          side="bottom"
          align="end"
          sideOffset={12}
          collisionPadding={8}
        >
          <Base.Popup className="pop outbox-pop" aria-label={t('connection.popover')}>
            <div className="row pop-head">
              <b className="b grow">{t('connection.popover')}</b>
              <span className="s12 t3">
                {lastContactMs === null
                  ? t('connection.neverOnline')
                  : t('connection.lastOnline', { time: formatTime(lastContactMs) })}
              </span>
            </div>
            <Entries />
            <div className="row pop-foot">
              <Button
                size="small"
                grows
                onClick={() => {
                  onClose();
                  showSection('outbox');
                }}
              >
                {t('connection.open')}
              </Button>
              <Button size="small" grows onClick={() => tell('connection.retryNow', {})}>
                <RefreshCw className="i i14" aria-hidden="true" />
                {t('connection.tryNow')}
              </Button>
            </div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entries() {
  const { t } = useTranslation();
  const { state } = useView('outbox', {});
  const rows = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const [dropped, setDropped] = useState<OutboxRow | null>(null);
  return (
    <>
      <p className="s13 t2 pop-text">
        {t(rows.length > 0 ? 'connection.explain' : 'connection.explainEmpty')}
      </p>
      <ul>
        {rows.slice(0, shownEntries).map((row) => (
          <li className="li" key={row.opId}>
            <Avatar name={row.conversationTitle} size={32} />
            <div className="grow">
              <div className="clip">{outboxText(row, t)}</div>
              <div className="sub clip">
                {row.conversationTitle} · {formatTime(row.composedAtMs)}
                {row.dropAtMs === null
                  ? ''
                  : ` · ${t('connection.until', { when: formatComing(row.dropAtMs, Date.now()) })}`}
              </div>
            </div>
            {row.can.includes('deadline') ? (
              <IconButton label={t('outbox.deadline')} isSmall onClick={() => setDropped(row)}>
                <Hourglass className="i i16" />
              </IconButton>
            ) : null}
            {row.state === 'cancelled' ? null : <Receipt state={row.state} isOffline />}
          </li>
        ))}
      </ul>
      <TimeDialog
        isOpen={dropped !== null}
        title={t('later.dropByTitle')}
        lead={t('later.dropByLead')}
        confirmLabel={t('outbox.setDeadline')}
        startMs={dropped?.dropAtMs ?? undefined}
        onClose={() => setDropped(null)}
        onChoose={(dropAtMs) => {
          if (dropped) tell('outbox.setDeadline', { opId: dropped.opId, dropAtMs });
          setDropped(null);
        }}
      />
    </>
  );
}
