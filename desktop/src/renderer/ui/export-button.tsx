/** Begins an export and shows how far it is; cancels it. */
import { useTranslation } from 'react-i18next';
import { cancelExport, exportRun, startExport } from '../lib/export-run.ts';
import { useStore } from '../lib/store.ts';
import { Button } from './button.tsx';

/** See the file comment. `conversationId` null: everything this device holds. */
export function ExportButton({
  conversationId,
  label,
}: {
  readonly conversationId: string | null;
  readonly label: string;
}) {
  const { t } = useTranslation();
  const run = useStore(exportRun, (value) => value);
  const isMine = run !== null && run.conversationId === conversationId;
  if (!isMine)
    return (
      <Button
        size="small"
        aria-label={label}
        disabled={run !== null}
        onClick={() => void startExport(conversationId, t)}
      >
        {t('exporting.start')}
      </Button>
    );
  return (
    <span className="row">
      <progress aria-label={t('exporting.progressLabel')} max={100} value={run.percent} />
      <span className="s13 t3">{t('exporting.progress', { percent: run.percent })}</span>
      <Button size="small" onClick={cancelExport}>
        {t('exporting.cancel')}
      </Button>
    </span>
  );
}
