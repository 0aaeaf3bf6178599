import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { profileFolders } from '../../../ipc/diagnostics.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { showToast } from '../../lib/toast.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Group, Row } from '../../ui/page.tsx';

const held = ['versions', 'connection', 'numbers', 'settings', 'log'] as const;

/** The report for whoever helps, and the folders of this profile. */
export function AdvancedSection() {
  const { t } = useTranslation();
  const [report, setReport] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const make = async () => {
    setMaking(true);
    const result = await invoke('diagnostics.make', {});
    setMaking(false);
    if (result.ok) setReport(result.value.text);
    else showToast({ text: errorText(result.error) });
  };
  const save = async () => {
    const result = await invoke('diagnostics.save', {});
    if (!result.ok) {
      showToast({ text: t('advanced.failed', { reason: errorText(result.error) }) });
    } else if (result.value.saved) {
      setReport(null);
      showToast({ text: t('advanced.saved') });
    }
  };
  const open = async (folder: (typeof profileFolders)[number]) => {
    const result = await invoke('app.openFolder', { folder });
    if (!result.ok) showToast({ text: t('advanced.notOpened') });
  };
  return (
    <>
      <h1>{t('advanced.title')}</h1>
      <p className="lead">{t('advanced.lead')}</p>
      <Group title={t('advanced.report')}>
        <Row title={t('advanced.reportTitle')} detail={t('advanced.reportHelp')}>
          <Button disabled={isMaking} onClick={() => void make()}>
            {t(isMaking ? 'advanced.making' : 'advanced.make')}
          </Button>
        </Row>
        <div className="srow report-holds">
          <div className="grow">
            <div>{t('advanced.holds')}</div>
            <ul className="d">
              {held.map((part) => (
                <li key={part}>{t(`advanced.holdsList.${part}`)}</li>
              ))}
            </ul>
            <div className="d">{t('advanced.leavesOut')}</div>
          </div>
        </div>
      </Group>
      <Group title={t('advanced.folders')}>
        {profileFolders.map((folder) => (
          <Row key={folder} title={t(`advanced.${folder}`)} detail={t(`advanced.${folder}Help`)}>
            <Button
              aria-label={t(folder === 'data' ? 'advanced.openData' : 'advanced.openLogs')}
              onClick={() => void open(folder)}
            >
              {t('advanced.open')}
            </Button>
          </Row>
        ))}
      </Group>
      <Dialog
        isOpen={report !== null}
        onClose={() => setReport(null)}
        title={t('advanced.reportTitle')}
        width="wide"
      >
        <div className="db">
          <pre className="report" tabIndex={0} role="region" aria-label={t('advanced.content')} dir="ltr">
            {report}
          </pre>
        </div>
        <div className="df">
          <Button onClick={() => setReport(null)}>{t('app.cancel')}</Button>
          <Button tone="primary" onClick={() => void save()}>
            {t('advanced.save')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
