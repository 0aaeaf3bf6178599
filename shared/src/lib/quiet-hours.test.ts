import { describe, expect, it } from 'vitest';
import { isQuietAt, isTimeZone, type QuietHours } from './quiet-hours.ts';

/** Weekdays 18:00 to 07:30 and all weekend, in Berlin. */
const schedule: QuietHours = {
  isOn: true,
  week: ['hours', 'hours', 'hours', 'hours', 'hours', 'day', 'day'],
  fromMinute: 18 * 60,
  toMinute: 7 * 60 + 30,
  timeZone: 'Europe/Berlin',
};
const at = (time: string): number => Date.parse(time);

describe('quiet hours', () => {
  it.each([
    ['a Thursday at noon', '2026-11-19T12:00:00+01:00', false],
    ['just before they begin', '2026-11-19T17:59:59+01:00', false],
    ['when they begin', '2026-11-19T18:00:00+01:00', true],
    ['the night', '2026-11-20T03:00:00+01:00', true],
    ['just before they end', '2026-11-20T07:29:59+01:00', true],
    ['when they end', '2026-11-20T07:30:00+01:00', false],
    ['a Saturday at noon', '2026-11-21T12:00:00+01:00', true],
    ['early on Monday, after a day that is quiet as a whole', '2026-11-23T06:00:00+01:00', true],
    ['Monday at work', '2026-11-23T08:00:00+01:00', false],
  ])('%s', (_what, time, expected) => {
    expect(isQuietAt(schedule, at(time))).toBe(expected);
  });

  it('go on into the morning of a day that has none', () => {
    const friday: QuietHours = {
      ...schedule,
      week: ['none', 'none', 'none', 'none', 'hours', 'none', 'none'],
    };
    expect(isQuietAt(friday, at('2026-11-21T07:00:00+01:00'))).toBe(true);
    expect(isQuietAt(friday, at('2026-11-21T08:00:00+01:00'))).toBe(false);
    expect(isQuietAt(friday, at('2026-11-21T19:00:00+01:00'))).toBe(false);
  });

  it('end on the same day when they end after they begin', () => {
    const lunch: QuietHours = { ...schedule, fromMinute: 12 * 60, toMinute: 13 * 60 };
    expect(isQuietAt(lunch, at('2026-11-19T12:30:00+01:00'))).toBe(true);
    expect(isQuietAt(lunch, at('2026-11-19T13:00:00+01:00'))).toBe(false);
    expect(isQuietAt(lunch, at('2026-11-19T03:00:00+01:00'))).toBe(false);
  });

  it('are meant in their zone, and keep their wall time when clocks change', () => {
    const tokyo: QuietHours = { ...schedule, timeZone: 'Asia/Tokyo' };
    expect(isQuietAt(tokyo, at('2026-11-19T12:00:00+01:00'))).toBe(true);
    // Berlin puts its clocks back on 25 October 2026 at 03:00 and forward on 29 March 2026 at 02:00.
    const nights: QuietHours = { ...schedule, week: Array.from({ length: 7 }, () => 'hours' as const) };
    expect(isQuietAt(nights, at('2026-10-25T05:29:00Z'))).toBe(true);
    expect(isQuietAt(nights, at('2026-10-25T06:30:00Z'))).toBe(false);
    expect(isQuietAt(nights, at('2026-03-29T05:29:00Z'))).toBe(true);
    expect(isQuietAt(nights, at('2026-03-29T05:30:00Z'))).toBe(false);
  });

  it('are not when they are off', () => {
    expect(isQuietAt({ ...schedule, isOn: false }, at('2026-11-21T12:00:00+01:00'))).toBe(false);
  });
});

it('knows the names of time zones', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
});
