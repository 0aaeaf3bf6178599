/** Changes text and time of a scheduled message. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScheduledRow } from '../../../ipc/writing.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { fieldsOf, momentOf, suggestedTime } from '../../lib/times.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldError } from '../../ui/field.tsx';
import { TimeFields } from '../../ui/time-fields.tsx';

/** Open while there is a row. */
export function ScheduleDialog({
  row,
  onClose,
}: {
  readonly row: ScheduledRow | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [time, setTime] = useState(() => fieldsOf(suggestedTime(Date.now())));
  const [timeError, setTimeError] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!row) return;
    const nowMs = Date.now();
    setText(row.text);
    setTime(fieldsOf(row.sendAtMs > nowMs ? row.sendAtMs : suggestedTime(nowMs)));
    setTimeError(null);
    setError(null);
  }, [row]);
  const save = async () => {
    if (!row) return;
    const sendAtMs = momentOf(time.date, time.time);
    if (sendAtMs === null || sendAtMs <= Date.now()) return setTimeError(t('time.past'));
    const { messageId } = row;
    const result = await invoke('scheduled.change', { messageId, text: text.trim(), sendAtMs });
    if (result.ok) onClose();
    else setError(errorText(result.error));
  };
  return (
    <Dialog isOpen={row !== null} onClose={onClose} title={t('scheduled.editTitle')} initialFocus={field}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="db">
          <textarea
            ref={field}
            className="area"
            rows={4}
            aria-label={t('scheduled.text')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <TimeFields
            value={time}
            nowMs={Date.now()}
            error={timeError}
            onChange={(next) => {
              setTime(next);
              setTimeError(null);
            }}
          />
          <FieldError text={error} />
        </div>
        <div className="df">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button tone="primary" submits disabled={text.trim() === ''}>
            {t('scheduled.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
