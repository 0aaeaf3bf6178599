import { utf8Length } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountMeta } from '../../ipc/views.ts';
import { setOwnStatus } from '../lib/own-status.ts';
import { untilTimes, type UntilTime } from '../../ipc/status-times.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Segmented, TextField } from './field.tsx';

const states = ['online', 'away', 'dnd'] as const;
const times = ['never', 'halfHour', 'hour', 'fourHours', 'today', 'week'] as const satisfies UntilTime[];

/** Writes a status text, with the state it goes with and until when it holds. */
export function StatusDialog({
  isOpen,
  status,
  onClose,
}: {
  readonly isOpen: boolean;
  /** The one that holds now. */
  readonly status: AccountMeta['status'];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const timeId = useId();
  const first = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [state, setState] = useState<(typeof states)[number]>('online');
  const [time, setTime] = useState<UntilTime>('today');
  useEffect(() => {
    if (!isOpen) return;
    setText(status?.text ?? '');
    setState(status?.state ?? 'online');
    setTime('today');
    // Only when it opens: what changes elsewhere must not replace what is being written.
    // oxlint-disable-next-line react/exhaustive-deps -- see above
  }, [isOpen]);
  const wanted = text.trim();
  const isTooLong = utf8Length(wanted) > limits.statusBytes;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (isTooLong) return;
    onClose();
    const next = { state, untilMs: untilTimes[time](Date.now()), ...(wanted === '' ? {} : { text: wanted }) };
    void setOwnStatus(state === 'online' && wanted === '' ? null : next);
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('status.title')} initialFocus={first}>
      <form onSubmit={save}>
        <div className="db form">
          <TextField
            ref={first}
            label={t('status.text')}
            value={text}
            error={isTooLong ? t('status.tooLong') : null}
            help={<div className="help">{t('status.textHelp')}</div>}
            onChange={(event) => setText(event.target.value)}
          />
          <Segmented
            label={t('nav.setStatus')}
            value={state}
            options={states.map((value) => ({ value, label: t(`presence.${value}`) }))}
            onChange={setState}
          />
          <div className="field">
            <label htmlFor={timeId}>{t('status.until')}</label>
            <select
              id={timeId}
              className="selbox"
              value={time}
              onChange={(event) => setTime(times.find((each) => each === event.target.value) ?? 'never')}
            >
              {times.map((value) => (
                <option key={value} value={value}>
                  {t(`status.times.${value}`)}
                </option>
              ))}
            </select>
          </div>
        </div>
        <div className="df">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button tone="primary" submits disabled={isTooLong}>
            {t('status.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
