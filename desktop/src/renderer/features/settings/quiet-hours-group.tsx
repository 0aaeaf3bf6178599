/** The weekly schedule of quiet hours: which days, from when to when, in which zone. */
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../../../ipc/views.ts';
import { Group, Row } from '../../ui/page.tsx';
import { SelectRow, SwitchRow } from '../../ui/settings-rows.tsx';
import { setPreferences } from '../../lib/set-preferences.ts';

type Schedule = Preferences['quietHours'];
/** 5 January 2026 was a Monday, the day a schedule's week begins with. */
const MONDAY_MS = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const OWN_ZONE = 'own';
const choices = ['none', 'hours', 'day'] as const;

/** See the file comment. */
export function QuietHoursGroup({ quietHours }: { readonly quietHours: Schedule }) {
  const { t, i18n } = useTranslation();
  const set = (change: Partial<Schedule>) => setPreferences({ quietHours: { ...quietHours, ...change } });
  const dayName = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' });
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [
    { value: OWN_ZONE, label: t('notifications.ownZone', { zone: ownZone }) },
    ...Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone })),
  ];
  const isOvernight = quietHours.fromMinute >= quietHours.toMinute;
  return (
    <Group title={t('notifications.quiet')}>
      <SwitchRow
        title={t('notifications.schedule')}
        detail={t('notifications.scheduleHelp')}
        isOn={quietHours.isOn}
        onChange={(isOn) => set({ isOn })}
      />
      {quietHours.isOn ? (
        <>
          <TimeRow
            title={t('notifications.from')}
            minute={quietHours.fromMinute}
            onChange={(fromMinute) => set({ fromMinute })}
          />
          <TimeRow
            title={t('notifications.to')}
            detail={isOvernight ? t('notifications.nextDay') : undefined}
            minute={quietHours.toMinute}
            onChange={(toMinute) => set({ toMinute })}
          />
          {quietHours.week.map((day, index) => (
            <SelectRow
              // Seven days in their order, always.
              key={index}
              title={dayName.format(MONDAY_MS + index * DAY_MS)}
              value={day}
              options={choices.map((value) => ({ value, label: t(`notifications.day.${value}`) }))}
              onChange={(value) =>
                set({ week: quietHours.week.map((each, at) => (at === index ? value : each)) })
              }
            />
          ))}
          <SelectRow
            title={t('notifications.zone')}
            detail={t('notifications.zoneHelp')}
            value={quietHours.timeZone ?? OWN_ZONE}
            options={zones}
            onChange={(zone) => set({ timeZone: zone === OWN_ZONE ? null : zone })}
          />
        </>
      ) : null}
    </Group>
  );
}

function TimeRow({
  title,
  detail,
  minute,
  onChange,
}: {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly minute: number;
  readonly onChange: (minute: number) => void;
}) {
  return (
    <Row title={title} detail={detail}>
      <div className="inp quiet-time">
        <input
          type="time"
          aria-label={title}
          value={clock(minute)}
          onChange={({ target }) => {
            const [hours = NaN, minutes = NaN] = target.value.split(':').map(Number);
            const next = hours * 60 + minutes;
            // A field that is being emptied keeps the time it had.
            if (Number.isInteger(next)) onChange(next);
          }}
        />
      </div>
    </Row>
  );
}

function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
