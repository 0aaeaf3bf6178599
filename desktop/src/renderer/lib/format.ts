/**
 * Dates, times, numbers and lists in the device's locale. Owns every Intl formatter of the renderer; they are made
 * once, because making one costs more than a row may.
 */

/** What a day is called when it is near; the words come from the caller's language file. */
export interface DayWords {
  readonly today: string;
  readonly yesterday: string;
}

interface Formatters {
  readonly time: Intl.DateTimeFormat;
  readonly clock: Intl.DateTimeFormat;
  readonly weekday: Intl.DateTimeFormat;
  readonly monthDay: Intl.DateTimeFormat;
  readonly date: Intl.DateTimeFormat;
  readonly longDay: Intl.DateTimeFormat;
  readonly longDate: Intl.DateTimeFormat;
  readonly month: Intl.DateTimeFormat;
  readonly full: Intl.DateTimeFormat;
  readonly coming: Intl.DateTimeFormat;
  readonly comingDate: Intl.DateTimeFormat;
  readonly zone: Intl.DateTimeFormat;
  readonly number: Intl.NumberFormat;
  readonly bytes: readonly Intl.NumberFormat[];
  readonly list: Intl.ListFormat;
  readonly relative: Intl.RelativeTimeFormat;
  readonly language: Intl.DisplayNames;
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

let formatters = makeFormatters(undefined);

/** Sets the device's locale; called once before the first paint. An unknown locale falls back to the system's. */
export function setLocale(locale: string): void {
  try {
    formatters = makeFormatters(locale);
  } catch {
    formatters = makeFormatters(undefined);
  }
}

function makeFormatters(locale: string | undefined): Formatters {
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  return {
    time: date({ timeStyle: 'short' }),
    clock: date({ timeStyle: 'medium' }),
    weekday: date({ weekday: 'short' }),
    monthDay: date({ month: 'short', day: 'numeric' }),
    date: date({ year: 'numeric', month: 'short', day: 'numeric' }),
    longDay: date({ weekday: 'long', month: 'long', day: 'numeric' }),
    longDate: date({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
    month: date({ year: 'numeric', month: 'long' }),
    full: date({ dateStyle: 'full', timeStyle: 'medium' }),
    coming: date({ weekday: 'short', hour: 'numeric', minute: '2-digit' }),
    comingDate: date({
      weekday: 'short',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
    }),
    zone: date({ timeZoneName: 'longOffset' }),
    number: new Intl.NumberFormat(locale),
    bytes: byteUnits.map(
      (unit) =>
        new Intl.NumberFormat(locale, {
          style: 'unit',
          unit,
          unitDisplay: unit === 'byte' ? 'long' : 'short',
          maximumSignificantDigits: 3,
        }),
    ),
    list: new Intl.ListFormat(locale),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
    language: new Intl.DisplayNames(locale ?? [], { type: 'language' }),
  };
}

const dayMs = 86_400_000;

/** Local calendar day as a sortable key, e.g. `2026-11-21`. */
export function dayKey(atMs: number): string {
  const at = new Date(atMs);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** Whole local days between a moment and now; 0 = today, 1 = yesterday. */
function daysAgo(atMs: number, nowMs: number): number {
  const start = (ms: number) => {
    const at = new Date(ms);
    return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  };
  return Math.round((start(nowMs) - start(atMs)) / dayMs);
}

/** Time of day. */
export function formatTime(atMs: number): string {
  return formatters.time.format(atMs);
}

/** Time in a list row: today by clock, then "Yesterday", weekday, date. */
export function formatListTime(atMs: number, nowMs: number, words: DayWords): string {
  const ago = daysAgo(atMs, nowMs);
  if (ago <= 0) return formatters.time.format(atMs);
  if (ago === 1) return words.yesterday;
  if (ago < 7) return formatters.weekday.format(atMs);
  return isSameYear(atMs, nowMs) ? formatters.monthDay.format(atMs) : formatters.date.format(atMs);
}

/** A time to come: today by clock, then with the weekday, then with the date. */
export function formatUntil(atMs: number, nowMs: number): string {
  const time = formatters.time.format(atMs);
  const ahead = daysAgo(nowMs, atMs);
  if (ahead <= 0) return time;
  return `${(ahead < 7 ? formatters.weekday : formatters.monthDay).format(atMs)} ${time}`;
}

/** Name of a day for separators. */
export function formatDay(atMs: number, nowMs: number, words: DayWords): string {
  const ago = daysAgo(atMs, nowMs);
  if (ago === 0) return words.today;
  if (ago === 1) return words.yesterday;
  return isSameYear(atMs, nowMs) ? formatters.longDay.format(atMs) : formatters.longDate.format(atMs);
}

/** Headings of a list that goes back in time. */
export interface PeriodWords extends DayWords {
  readonly thisWeek: string;
  readonly thisMonth: string;
}

/** Under which heading a moment stands: today, yesterday, the last seven days, the rest of the month, its month. */
export function formatPeriod(atMs: number, nowMs: number, words: PeriodWords): string {
  const ago = daysAgo(atMs, nowMs);
  if (ago <= 0) return words.today;
  if (ago === 1) return words.yesterday;
  if (ago < 7) return words.thisWeek;
  const isThisMonth = dayKey(atMs).slice(0, 7) === dayKey(nowMs).slice(0, 7);
  return isThisMonth ? words.thisMonth : formatters.month.format(atMs);
}

/** Day and time to the second, for Message info. */
export function formatMoment(atMs: number, nowMs: number, words: DayWords): string {
  return `${formatDay(atMs, nowMs, words)}, ${formatters.clock.format(atMs)}`;
}

/** Month and day, for sentences about history. */
export function formatMonthDay(atMs: number): string {
  return formatters.monthDay.format(atMs);
}

/** Date without time. */
export function formatDate(atMs: number): string {
  return formatters.date.format(atMs);
}

/** Full date and time, for tooltips. */
export function formatFull(atMs: number): string {
  return formatters.full.format(atMs);
}

/** A time to come: by clock today, with its weekday within a week, with its date later. */
export function formatComing(atMs: number, nowMs: number): string {
  const days = -daysAgo(atMs, nowMs);
  if (days === 0) return formatters.time.format(atMs);
  return days > 0 && days < 7 ? formatters.coming.format(atMs) : formatters.comingDate.format(atMs);
}

/** The time zone of this device as of a moment, e.g. `Europe/Berlin, GMT+02:00`. */
export function zoneName(atMs: number): string {
  const offset = formatters.zone.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value;
  const zone = formatters.zone.resolvedOptions().timeZone;
  return offset === undefined || offset === zone ? zone : `${zone}, ${offset}`;
}

/** Names or other parts as a sentence lists them ("Ana, Ben and Cleo"). */
export function formatList(parts: readonly string[]): string {
  return formatters.list.format(parts);
}

/** A whole number with the locale's separators. */
export function formatNumber(value: number): string {
  return formatters.number.format(value);
}

/** An amount of bytes in the unit people compare it in, with up to three digits ("1.84 GB"). */
export function formatBytes(bytes: number): string {
  let [unit, value] = [0, bytes];
  for (; value >= 999.5 && unit < byteUnits.length - 1; unit += 1) value /= 1_000;
  return formatters.bytes[unit]?.format(value) ?? String(bytes);
}

/** How long ago, in words ("3 minutes ago", "yesterday"). */
export function formatAgo(atMs: number, nowMs: number): string {
  const minutes = Math.round((nowMs - atMs) / 60_000);
  if (minutes < 60) return formatters.relative.format(-Math.max(0, minutes), 'minute');
  const hours = Math.round(minutes / 60);
  if (hours < 24) return formatters.relative.format(-hours, 'hour');
  return formatters.relative.format(-Math.max(1, daysAgo(atMs, nowMs)), 'day');
}

/** A size in KiB with one decimal below ten, as people compare it with a limit. */
export function formatKib(bytes: number): string {
  const kib = bytes / 1024;
  return `${formatters.number.format(kib < 10 ? Math.round(kib * 10) / 10 : Math.round(kib))} KiB`;
}

function isSameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

/** What a language is called, by its code. */
export function formatLanguage(code: string): string {
  return formatters.language.of(code) ?? code;
}
