/** Presence in words, and the times a status may end. */
import i18next from 'i18next';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import { startI18n } from '../i18n/index.ts';
import { setLocale } from './format.ts';
import { presenceText } from './presence-text.ts';
import { untilTimes } from '../../ipc/status-times.ts';

const at = (time: string): number => new Date(`2026-11-25T${time}:00`).getTime();
const now = at('10:21');
const day = 86_400_000;

beforeAll(() => {
  setLocale('en-GB');
  startI18n();
});
afterEach(() => vi.useRealTimers());

const text = (presence: Omit<Presence, 'userId'> | null, isOffline = false): string => {
  vi.useFakeTimers({ now });
  return presenceText(presence && { userId: 'u', ...presence }, isOffline, i18next.t);
};

describe('presence in words', () => {
  it.each<readonly [Omit<Presence, 'userId'> | null, string]>([
    [{ state: 'online' }, 'Online'],
    [{ state: 'away', untilMs: null }, 'Away'],
    [{ state: 'dnd', untilMs: at('13:00') }, 'Do not disturb until 13:00'],
    [{ state: 'away', untilMs: at('08:00') + day }, 'Away until Thu 08:00'],
    [{ state: 'dnd', untilMs: at('10:00') }, 'Online'],
    [{ state: 'offline', lastSeenMs: at('08:51') }, 'Last seen 08:51'],
    [{ state: 'offline', lastSeenMs: null }, 'Offline'],
    [{ state: 'dnd', untilMs: at('13:00'), text: 'In a meeting' }, 'In a meeting'],
    [{ state: 'offline', text: 'On leave', untilMs: null, lastSeenMs: at('08:51') }, 'On leave'],
    [{ state: 'offline', text: 'Lunch', untilMs: at('10:00'), lastSeenMs: at('08:51') }, 'Last seen 08:51'],
    [null, 'Offline'],
  ])('%j', (presence, said) => {
    expect(text(presence)).toBe(said);
  });

  it('is unknown while offline, whatever was known before', () => {
    expect(text({ state: 'online' }, true)).toBe('Presence unknown while offline');
  });
});

it('a status ends at times people mean', () => {
  const local = (ms: number | null) => (ms === null ? null : new Date(ms).toString().slice(0, 21));
  expect(Object.values(untilTimes).map((end) => local(end(now)))).toEqual([
    null,
    'Wed Nov 25 2026 10:51',
    'Wed Nov 25 2026 11:21',
    'Wed Nov 25 2026 14:21',
    'Thu Nov 26 2026 00:00',
    'Thu Nov 26 2026 08:00',
    'Mon Nov 30 2026 00:00',
  ]);
  expect(local(untilTimes.week(at('10:21') + 5 * day))).toBe('Mon Dec 07 2026 00:00');
});
