/** Scheduled messages on the Outbox page: what could not be sent first, then by time. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScheduledRow } from '../../../ipc/writing.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatComing } from '../../lib/format.ts';
import { openConversation } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { AnchoredMenu, MenuItem } from '../../ui/menu.tsx';
import { Group } from '../../ui/page.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';

type Action = 'edit' | 'sendNow' | 'toDraft' | 'remove';
const actions: readonly Action[] = ['edit', 'sendNow', 'toDraft', 'remove'];

/** Both groups, or nothing when nothing is scheduled. */
export function ScheduledGroups({ rows }: { readonly rows: readonly ScheduledRow[] }) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<ScheduledRow | null>(null);
  const [removed, setRemoved] = useState<ScheduledRow | null>(null);
  const run = async (
    intent: 'scheduled.sendNow' | 'scheduled.toDraft' | 'scheduled.remove',
    row: ScheduledRow,
  ) => {
    const result = await invoke(intent, { messageId: row.messageId });
    if (!result.ok) showToast({ text: t('later.refused', { reason: errorText(result.error) }) });
    else if (intent === 'scheduled.toDraft') openConversation(row.conversationId, { focusComposer: true });
  };
  const act = (action: Action, row: ScheduledRow) => {
    if (action === 'edit') setEdited(row);
    else if (action === 'remove') setRemoved(row);
    else void run(`scheduled.${action}`, row);
  };
  const refused = rows.filter((row) => row.error !== null);
  const waiting = rows.filter((row) => row.error === null);
  return (
    <>
      {refused.length > 0 ? (
        <Group title={t('scheduled.refusedGroup', { count: refused.length })} tone="danger">
          {refused.map((row) => (
            <Entry key={row.messageId} row={row} onAct={act} />
          ))}
        </Group>
      ) : null}
      {waiting.length > 0 ? (
        <Group title={t('scheduled.group', { count: waiting.length })}>
          {waiting.map((row) => (
            <Entry key={row.messageId} row={row} onAct={act} />
          ))}
        </Group>
      ) : null}
      <ScheduleDialog row={edited} onClose={() => setEdited(null)} />
      <Confirm
        isOpen={removed !== null}
        title={t('scheduled.removeTitle')}
        body={
          <>
            <p>{t('scheduled.removeBody')}</p>
            <div className="dlg-quote">{removed?.text.slice(0, 300)}</div>
          </>
        }
        safeLabel={t('scheduled.keep')}
        dangerLabel={t('scheduled.confirmRemove')}
        onSafe={() => setRemoved(null)}
        onDanger={() => {
          if (removed) void run('scheduled.remove', removed);
          setRemoved(null);
        }}
      />
    </>
  );
}

function Entry({
  row,
  onAct,
}: {
  readonly row: ScheduledRow;
  readonly onAct: (action: Action, row: ScheduledRow) => void;
}) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const nowMs = Date.now();
  const when = formatComing(row.sendAtMs, nowMs);
  const isDue = row.sendAtMs <= nowMs;
  return (
    <div className="srow outbox-row" role="group" aria-label={`${row.conversationTitle}: ${row.text}`}>
      <Avatar name={row.conversationTitle} size={36} />
      <div className="grow">
        <div className="row entry-top">
          <b className="med clip">{row.conversationTitle}</b>
          <span className="s12 t3 num">
            {row.error ? '' : isDue ? t('scheduled.now') : t('scheduled.at', { when })}
            {row.isInThread ? ` · ${t('scheduled.thread')}` : ''}
          </span>
        </div>
        <div className="clip t2">{row.text}</div>
        {row.error ? (
          <div className="s13 reason bad">
            {t('scheduled.reason', { when, reason: errorText(row.error) })}
          </div>
        ) : row.isPending ? (
          <div className="s13 reason t3">{t('scheduled.pending')}</div>
        ) : null}
      </div>
      {row.error ? (
        (['remove', 'toDraft', 'edit'] as const).map((action) => (
          <Button
            key={action}
            size="small"
            tone={action === 'remove' ? 'dangerQuiet' : action === 'edit' ? 'primary' : 'secondary'}
            onClick={() => onAct(action, row)}
          >
            {t(`scheduled.${action}`)}
          </Button>
        ))
      ) : (
        <IconButton
          label={t('scheduled.more')}
          isSmall
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <Ellipsis className="i" />
        </IconButton>
      )}
      <AnchoredMenu anchor={anchor} label={t('scheduled.more')} align="end" onClose={() => setAnchor(null)}>
        {actions.map((action) => (
          <MenuItem key={action} isDanger={action === 'remove'} onSelect={() => onAct(action, row)}>
            {t(`scheduled.${action}`)}
          </MenuItem>
        ))}
      </AnchoredMenu>
    </div>
  );
}
