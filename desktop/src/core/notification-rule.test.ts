/** Every reason for a message not to notify, and what goes before what. */
import { describe, expect, it } from 'vitest';
import { defaultNotificationSettings } from '../ipc/notifications.ts';
import {
  GAP_MAX_AGE_MS,
  MAX_AGE_MS,
  decideNotification,
  defaultLevel,
  type NotificationCase,
} from './notification-rule.ts';

const plain: NotificationCase = {
  ageMs: 0,
  isGap: false,
  isFirstSync: false,
  isRead: false,
  isWatched: false,
  isForMe: false,
  isThreadOfOthers: false,
  isUrgent: false,
  kind: 'group',
  mute: null,
  level: null,
  dnd: null,
  settings: defaultNotificationSettings,
  nowMs: Date.parse('2026-11-18T12:00:00Z'),
};
const settings = (level: 'all' | 'direct' | 'none') => ({ ...defaultNotificationSettings, level });
const quiet = {
  ...defaultNotificationSettings,
  quietHours: {
    isOn: true,
    week: Array.from({ length: 7 }, () => 'day' as const),
    fromMinute: 0,
    toMinute: 0,
    timeZone: 'UTC',
  },
};
const outcome = (part: Partial<NotificationCase>) => decideNotification({ ...plain, ...part }).outcome;

describe('a message', () => {
  it.each<[string, Partial<NotificationCase>, string]>([
    ['that arrives as it is sent notifies', {}, 'handed'],
    ['that is read does not', { isRead: true, isWatched: true }, 'read'],
    ['of the first synchronisation does not', { isFirstSync: true }, 'firstSync'],
    ['that arrives late does not', { ageMs: MAX_AGE_MS + 1 }, 'old'],
    ['that arrives late after a gap does', { ageMs: MAX_AGE_MS + 1, isGap: true }, 'handed'],
    ['that is history by then does not', { ageMs: GAP_MAX_AGE_MS + 1, isGap: true }, 'old'],
    ['that is on screen does not', { isWatched: true }, 'watched'],
    [
      'of a muted conversation does not, also when it names me',
      { mute: { untilMs: 9 }, isForMe: true },
      'muted',
    ],
    ['while not to be disturbed does not', { dnd: { untilMs: null }, isForMe: true }, 'dnd'],
    ['in quiet hours does not', { settings: quiet, isForMe: true }, 'quietHours'],
    [
      'that is an urgent announcement does, whatever the hour',
      { kind: 'announcement', isUrgent: true, dnd: { untilMs: null }, settings: quiet },
      'handed',
    ],
    [
      'that is one does not where its channel is muted',
      { kind: 'announcement', isUrgent: true, mute: { untilMs: 9 } },
      'muted',
    ],
    [
      'that is one does not in a channel set to nothing',
      { kind: 'announcement', isUrgent: true, level: 'none' },
      'level',
    ],
    ['elsewhere is urgent to nobody', { isUrgent: true, dnd: { untilMs: null } }, 'dnd'],
    ['in a thread of others does not', { isThreadOfOthers: true }, 'thread'],
    ['of a conversation set to nothing does not', { level: 'none', isForMe: true }, 'level'],
    ['of one set to mentions does not', { level: 'mentions' }, 'level'],
    ['of one set to mentions does when it is for me', { level: 'mentions', isForMe: true }, 'handed'],
    ['of a group does not where only what is direct notifies', { settings: settings('direct') }, 'level'],
    ['for me does there', { settings: settings('direct'), isForMe: true }, 'handed'],
    ['that is direct does there', { settings: settings('direct'), kind: 'direct' }, 'handed'],
    ['that is an announcement does there', { settings: settings('direct'), kind: 'announcement' }, 'handed'],
    [
      'does not where nothing notifies',
      { settings: settings('none'), kind: 'direct', isForMe: true },
      'level',
    ],
    [
      'of a conversation set to everything does even there',
      { settings: settings('none'), level: 'all' },
      'handed',
    ],
  ])('%s', (_what, part, expected) => {
    expect(outcome(part)).toBe(expected);
  });

  it('tells when its reason ends', () => {
    expect(decideNotification({ ...plain, mute: { untilMs: 9 } })).toEqual({ outcome: 'muted', untilMs: 9 });
    expect(decideNotification({ ...plain, dnd: { untilMs: 7 } })).toEqual({ outcome: 'dnd', untilMs: 7 });
  });
});

it('the badge counts by the same default', () => {
  expect(defaultLevel('all', 'group')).toBe('all');
  expect(defaultLevel('none', 'direct')).toBe('none');
  expect(defaultLevel('direct', 'linked')).toBe('mentions');
});
