/** Rules of an organization: whether reading is shown, how long messages are kept, whether announcements may be urgent. */
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Row } from '../../ui/page.tsx';

const yearDays = 365;
const periods = [30, 90, 180, yearDays, 3 * yearDays, 7 * yearDays, 10 * yearDays] as const;

/** Whether members see who has read what. */
export function ReadReceiptsRow({
  isOn,
  isEditable,
  onChange,
}: {
  readonly isOn: boolean;
  readonly isEditable: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { t } = useTranslation();
  const value = isOn ? 'on' : 'off';
  return (
    <Row title={t('readReceipts.title')} detail={t('readReceipts.help')}>
      {isEditable ? (
        <Segmented
          label={t('readReceipts.title')}
          value={value}
          options={[
            { value: 'on', label: t('readReceipts.on') },
            { value: 'off', label: t('readReceipts.off') },
          ]}
          onChange={(next) => onChange(next === 'on')}
        />
      ) : (
        <span>{t(`readReceipts.${value}`)}</span>
      )}
    </Row>
  );
}

/** Whether announcements may pass "do not disturb". */
export function UrgentRow({
  isOn,
  isEditable,
  onChange,
}: {
  readonly isOn: boolean;
  readonly isEditable: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { t } = useTranslation();
  const value = isOn ? 'on' : 'off';
  return (
    <Row title={t('urgent.title')} detail={t('urgent.help')}>
      {isEditable ? (
        <Segmented
          label={t('urgent.title')}
          value={value}
          options={[
            { value: 'on', label: t('urgent.on') },
            { value: 'off', label: t('urgent.off') },
          ]}
          onChange={(next) => onChange(next === 'on')}
        />
      ) : (
        <span>{t(`urgent.${value}`)}</span>
      )}
    </Row>
  );
}

/** How long messages are kept. A shorter time than before removes what is older, so it asks first. */
export function RetentionRow({
  days,
  isEditable,
  onChange,
}: {
  readonly days: number | null;
  readonly isEditable: boolean;
  readonly onChange: (days: number | null) => void;
}) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<number | null>(null);
  // Another value than those offered, set by another program, stays until somebody chooses.
  const choices = [...new Set(days === null ? periods : [...periods, days])].sort((a, b) => a - b);
  const choose = (next: number | null) => {
    if (next !== null && (days === null || next < days)) setAsked(next);
    else onChange(next);
  };
  return (
    <Row title={t('retention.title')} detail={t('retention.help')}>
      {isEditable ? (
        <select
          className="selbox"
          aria-label={t('retention.title')}
          value={String(days)}
          onChange={({ target }) => choose(target.value === 'null' ? null : Number(target.value))}
        >
          <option value="null">{t('retention.forever')}</option>
          {choices.map((each) => (
            <option key={each} value={String(each)}>
              {periodText(t, each)}
            </option>
          ))}
        </select>
      ) : (
        <span>{days === null ? t('retention.forever') : periodText(t, days)}</span>
      )}
      <Confirm
        isOpen={asked !== null}
        title={t('retention.confirmTitle', { period: periodText(t, asked ?? 0) })}
        body={t('retention.confirmBody')}
        safeLabel={t('retention.keep')}
        dangerLabel={t('retention.confirm')}
        onSafe={() => setAsked(null)}
        onDanger={() => {
          onChange(asked);
          setAsked(null);
        }}
      />
    </Row>
  );
}

function periodText(t: TFunction, days: number): string {
  return days % yearDays === 0
    ? t('retention.years', { count: days / yearDays })
    : t('retention.days', { count: days });
}
