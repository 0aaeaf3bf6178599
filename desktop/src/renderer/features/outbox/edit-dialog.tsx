import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxRow } from '../../../ipc/writing.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Changes the text of a message that has not been sent. */
export function EditDialog({
  row,
  onClose,
}: {
  readonly row: OutboxRow | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    setText(row?.text ?? '');
    setError(null);
  }, [row]);
  const save = async () => {
    if (!row) return;
    const result = await invoke('outbox.edit', { opId: row.opId, text: text.trim() });
    if (result.ok) onClose();
    else setError(errorText(result.error));
  };
  return (
    <Dialog isOpen={row !== null} onClose={onClose} title={t('outbox.editTitle')} initialFocus={field}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="db">
          <textarea
            ref={field}
            className="area"
            rows={5}
            aria-label={t('outbox.editField')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {error ? (
            <div className="help err" role="alert">
              {error}
            </div>
          ) : null}
        </div>
        <div className="df">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button tone="primary" submits disabled={text.trim() === ''}>
            {t('outbox.saveEdit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
