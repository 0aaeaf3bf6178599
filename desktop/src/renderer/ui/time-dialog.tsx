/** Asks for a time that is still to come. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsOf, momentOf, suggestedTime } from '../lib/times.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TimeFields } from './time-fields.tsx';

/** A dialog with a date, a time and what is to happen then. */
export function TimeDialog({
  isOpen,
  title,
  lead,
  confirmLabel,
  startMs,
  onClose,
  onChoose,
}: {
  readonly isOpen: boolean;
  readonly title: string;
  readonly lead?: string | undefined;
  readonly confirmLabel: string;
  /** What the fields start with; absent: a full hour from now. */
  readonly startMs?: number | undefined;
  readonly onClose: () => void;
  readonly onChoose: (atMs: number) => void;
}) {
  const { t } = useTranslation();
  const [value, setValue] = useState(() => fieldsOf(startMs ?? suggestedTime(Date.now())));
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    setValue(fieldsOf(startMs ?? suggestedTime(Date.now())));
    setError(null);
  }, [isOpen, startMs]);
  const choose = () => {
    const atMs = momentOf(value.date, value.time);
    if (atMs === null || atMs <= Date.now()) setError(t('time.past'));
    else onChoose(atMs);
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} initialFocus={field}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
      >
        <div className="db">
          {lead ? <p className="t2">{lead}</p> : null}
          <TimeFields
            value={value}
            nowMs={Date.now()}
            error={error}
            first={field}
            onChange={(next) => {
              setValue(next);
              setError(null);
            }}
          />
        </div>
        <div className="df">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button tone="primary" submits>
            {confirmLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
