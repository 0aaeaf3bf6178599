/** Settings > About: whether there is a newer version, and what the app is made of. */
import { CircleAlert, CircleCheck, Download, RefreshCw, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { UpdatesMeta } from '../../../ipc/settings-views.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { formatDate } from '../../lib/format.ts';
import { showToast } from '../../lib/toast.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Group, Row } from '../../ui/page.tsx';

/** See the file's head. */
export function UpdateGroup() {
  const { t } = useTranslation();
  const updates = useMeta('updates', {});
  const [notices, setNotices] = useState<string | null>(null);
  if (!updates) return null;
  const { state } = updates;
  const isBusy = state === 'checking' || state === 'downloading';
  const showNotices = async () => {
    const answer = await invoke('app.notices', {});
    if (answer.ok) setNotices(answer.value.text);
    else showToast({ text: errorText(answer.error) });
  };
  return (
    <Group title={t('update.group')}>
      <Row icon={<StateIcon state={state} />} title={t('update.title')} detail={stateText(updates, t)}>
        {state === 'ready' ? (
          <Button size="small" tone="primary" onClick={() => tell('update.restart', {})}>
            {t('update.restart')}
          </Button>
        ) : state === 'off' ? null : (
          <Button size="small" disabled={isBusy} onClick={() => tell('update.check', {})}>
            {t('update.check')}
          </Button>
        )}
      </Row>
      <Row
        icon={<ScrollText className="i" aria-hidden="true" />}
        title={t('update.licences')}
        detail={t('update.licencesHelp')}
      >
        <Button size="small" onClick={() => void showNotices()}>
          {t('update.showLicences')}
        </Button>
      </Row>
      <Dialog
        isOpen={notices !== null}
        onClose={() => setNotices(null)}
        title={t('update.licences')}
        width="wide"
      >
        <div className="db">
          {/* Reached by the keyboard, so that it can be scrolled without a mouse. */}
          <pre className="notices" tabIndex={0} role="region" aria-label={t('update.licences')}>
            {notices}
          </pre>
        </div>
      </Dialog>
    </Group>
  );
}

function StateIcon({ state }: { readonly state: UpdatesMeta['state'] }) {
  if (state === 'failed') return <CircleAlert className="i warn" aria-hidden="true" />;
  if (state === 'current') return <CircleCheck className="i ok" aria-hidden="true" />;
  if (state === 'ready' || state === 'downloading') return <Download className="i" aria-hidden="true" />;
  return <RefreshCw className="i" aria-hidden="true" />;
}

function stateText({ state, version, percent, checkedAtMs, deadline }: UpdatesMeta, t: TFunction): string {
  const words: Record<UpdatesMeta['state'], string> = {
    off: t('update.off'),
    idle: t('update.idle'),
    checking: t('update.checking'),
    current: t('update.current'),
    downloading: t('update.downloading', { version: version ?? '', percent: percent ?? 0 }),
    ready: t('update.ready', { version: version ?? '' }),
    failed: t('update.failed'),
  };
  const parts = [words[state]];
  if (state === 'current' && checkedAtMs !== null)
    parts.push(t('update.checkedAt', { date: formatDate(checkedAtMs) }));
  if (deadline)
    parts.push(
      t(deadline.stage === 'passed' ? 'update.tooOld' : 'update.deadline', {
        version: deadline.version,
        date: formatDate(deadline.atMs),
      }),
    );
  return parts.join(' ');
}
