/** A date and a time to choose, with the time zone they are meant in. */
import './time-fields.css';
import { Globe } from 'lucide-react';
import { useId, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { zoneName } from '../lib/format.ts';
import { fieldsOf } from '../lib/times.ts';

/** What stands in the two fields. */
export interface ChosenTime {
  readonly date: string;
  readonly time: string;
}

/** Two native fields: their pickers, their keys and their order of day and month are the system's. */
export function TimeFields({
  value,
  nowMs,
  error,
  first,
  onChange,
}: {
  readonly value: ChosenTime;
  readonly nowMs: number;
  /** A sentence when the chosen time cannot be. */
  readonly error: string | null;
  readonly first?: Ref<HTMLInputElement> | undefined;
  readonly onChange: (value: ChosenTime) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const atMs = new Date(`${value.date}T${value.time}`).getTime();
  return (
    <div className="time-fields">
      <div className="row two">
        <div className="field grow">
          <label htmlFor={`${id}-date`}>{t('time.date')}</label>
          <div className="inp">
            <input
              id={`${id}-date`}
              ref={first}
              type="date"
              className="grow"
              required
              min={fieldsOf(nowMs).date}
              value={value.date}
              aria-describedby={`${id}-help`}
              onChange={(event) => onChange({ ...value, date: event.target.value })}
            />
          </div>
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-time`}>{t('time.time')}</label>
          <div className="inp">
            <input
              id={`${id}-time`}
              type="time"
              className="grow"
              required
              value={value.time}
              aria-invalid={error ? true : undefined}
              aria-describedby={`${id}-help`}
              onChange={(event) => onChange({ ...value, time: event.target.value })}
            />
          </div>
        </div>
      </div>
      <div id={`${id}-help`} className="help row">
        {error ? (
          <span className="bad" role="alert">
            {error}
          </span>
        ) : (
          <>
            <Globe className="i i14" aria-hidden="true" />
            <span>{t('time.zone', { zone: zoneName(Number.isNaN(atMs) ? nowMs : atMs) })}</span>
          </>
        )}
      </div>
    </div>
  );
}
