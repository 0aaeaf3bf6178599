/** The Outbox: what needs an answer, what is on its way, what waits; over all conversations. */
import { Info, RefreshCw, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxRow } from '../../../ipc/writing.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { leavePage } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { useView } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { EmptyState, Group, Page } from '../../ui/page.tsx';
import { TimeDialog } from '../../ui/time-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { OutboxEntry, type OutboxActions } from './outbox-entry.tsx';
import { ScheduledGroups } from './scheduled-group.tsx';

/** The page. */
export function OutboxPage({ isOffline }: { readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const { state } = useView('outbox', {});
  const plan = useView('scheduled', { conversationId: null }).state;
  const scheduled = (plan?.order ?? []).flatMap((key) => plan?.rows[key] ?? []);
  const [dropped, setDropped] = useState<OutboxRow | null>(null);
  const [edited, setEdited] = useState<OutboxRow | null>(null);
  const [discarded, setDiscarded] = useState<OutboxRow | null>(null);
  const run = async (
    intent: 'outbox.retry' | 'outbox.cancel' | 'outbox.discard' | 'outbox.sendNow',
    opId: string,
  ) => {
    const result = await invoke(intent, { opId });
    if (!result.ok) showToast({ text: t('outbox.refused', { reason: errorText(result.error) }) });
  };
  const actions: OutboxActions = {
    retry: (row) => void run('outbox.retry', row.opId),
    sendNow: (row) => void run('outbox.sendNow', row.opId),
    cancel: (row) => void run('outbox.cancel', row.opId),
    deadline: setDropped,
    edit: setEdited,
    discard: setDiscarded,
  };
  const rows = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const group = (name: OutboxRow['group']) => rows.filter((row) => row.group === name);
  return (
    <Page
      title={t('outbox.title')}
      lead={t('outbox.lead')}
      closeLabel={t('outbox.close')}
      width="wide"
      onClose={leavePage}
      action={
        rows.length > 0 ? (
          <Button onClick={() => tell('outbox.retryAll', {})}>
            <RefreshCw className="i i16" aria-hidden="true" />
            {t('outbox.tryAll')}
          </Button>
        ) : null
      }
    >
      {state && plan && rows.length === 0 && scheduled.length === 0 ? (
        <EmptyState icon={<Send className="i" />} body={t('outbox.empty')} />
      ) : null}
      {(['attention', 'sending', 'waiting'] as const).map((name) => {
        const entries = group(name);
        if (entries.length === 0) return null;
        return (
          <Group
            key={name}
            title={t(`outbox.${name}`, { count: entries.length })}
            tone={name === 'attention' ? 'danger' : undefined}
          >
            {entries.map((row) => (
              <OutboxEntry key={row.opId} row={row} isOffline={isOffline} actions={actions} />
            ))}
          </Group>
        );
      })}
      <ScheduledGroups rows={scheduled} />
      {rows.length > 0 ? (
        <p className="s13 t3 row page-note">
          <Info className="i i16" aria-hidden="true" />
          {t('outbox.kept')}
        </p>
      ) : null}
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
      <EditDialog row={edited} onClose={() => setEdited(null)} />
      <Confirm
        isOpen={discarded !== null}
        title={t('outbox.discardTitle')}
        body={
          <>
            <p>{t('outbox.discardBody')}</p>
            {discarded?.text ? <div className="dlg-quote">{discarded.text.slice(0, 300)}</div> : null}
          </>
        }
        safeLabel={t('outbox.keep')}
        dangerLabel={t('outbox.confirmDiscard')}
        onSafe={() => setDiscarded(null)}
        onDanger={() => {
          if (discarded) void run('outbox.discard', discarded.opId);
          setDiscarded(null);
        }}
      />
    </Page>
  );
}
