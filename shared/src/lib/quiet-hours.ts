/**
 * A weekly schedule of quiet hours. Owns the one rule of when it is quiet, in the wall time of a zone: clocks that are
 * put forward or back change when that is, never whether it comes.
 */

/** What of a day is quiet: nothing, the hours of the schedule, or all of it. */
export type QuietDay = 'none' | 'hours' | 'day';

/** A schedule. `week` begins with Monday; `fromMinute` and `toMinute` count from midnight. */
export interface QuietHours {
  readonly isOn: boolean;
  readonly week: readonly QuietDay[];
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name of the zone the hours are meant in; null: that of the computer, wherever it is. */
  readonly timeZone: string | null;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether a schedule is quiet at a moment. Hours that end before they begin go on into the next morning. */
export function isQuietAt(schedule: QuietHours, nowMs: number): boolean {
  if (!schedule.isOn) return false;
  const { day, minute } = wallTime(nowMs, schedule.timeZone);
  const { week, fromMinute, toMinute } = schedule;
  const isOvernight = fromMinute >= toMinute;
  const today = week[day] ?? 'none';
  const yesterday = week[(day + 6) % 7] ?? 'none';
  if (today === 'day') return true;
  if (isOvernight && yesterday === 'hours' && minute < toMinute) return true;
  if (today !== 'hours') return false;
  // The morning of a day with hours is quiet too, whatever the evening before it was.
  return isOvernight ? minute >= fromMinute || minute < toMinute : minute >= fromMinute && minute < toMinute;
}

/** Whether this computer knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const formats = new Map<string | null, Intl.DateTimeFormat>();

function wallTime(nowMs: number, timeZone: string | null): { readonly day: number; readonly minute: number } {
  const known = timeZone === null ? undefined : formats.get(timeZone);
  const format = known ?? makeFormat(timeZone);
  // The computer's own zone changes when it travels, so a format of that is never kept.
  if (timeZone !== null) formats.set(timeZone, format);
  const parts = format.formatToParts(nowMs);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return { day: DAYS.indexOf(part('weekday')), minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

function makeFormat(timeZone: string | null): Intl.DateTimeFormat {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  // A zone that this computer does not know (a file of a newer one) counts as its own.
  const zone = timeZone !== null && isTimeZone(timeZone) ? { timeZone } : {};
  return new Intl.DateTimeFormat('en-GB', { ...options, ...zone });
}
