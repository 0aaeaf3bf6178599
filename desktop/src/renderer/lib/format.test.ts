import { expect, it } from 'vitest';
import { formatPeriod, setLocale } from './format.ts';

const words = { today: 'Today', yesterday: 'Yesterday', thisWeek: 'This week', thisMonth: 'This month' };
const now = new Date(2026, 10, 21, 9).getTime();
const at = (year: number, month: number, day: number) => new Date(year, month - 1, day, 23, 59).getTime();

it('puts moments under the days and months people look back in', () => {
  setLocale('en-US');
  const moments = [
    at(2026, 11, 22),
    at(2026, 11, 21),
    at(2026, 11, 20),
    at(2026, 11, 15),
    at(2026, 11, 14),
    at(2026, 10, 31),
    at(2025, 11, 20),
  ];
  expect(moments.map((moment) => formatPeriod(moment, now, words))).toEqual([
    'Today',
    'Today',
    'Yesterday',
    'This week',
    'This month',
    'October 2026',
    'November 2025',
  ]);
});
