import { describe, expect, it } from 'vitest';
import { defaultNotificationSettings } from '../ipc/notifications.ts';
import type { ConnectionMeta, SessionMeta } from '../ipc/views.ts';
import { jointParts, nothingKnown, trayFacts, type AccountParts, type TrayParts } from './tray-facts.ts';

const NOW_MS = Date.parse('2026-11-18T12:00:00Z');
const session = { state: 'active', name: 'Maya Lindqvist' } as SessionMeta;
const connection: ConnectionMeta = {
  state: 'connected',
  waiting: 0,
  failed: 0,
  lastContactMs: NOW_MS,
  progress: null,
  error: null,
};
const quietHours = defaultNotificationSettings.quietHours;
const always = {
  isOn: true,
  week: Array.from({ length: 7 }, () => 'day' as const),
  fromMinute: 0,
  toMinute: 0,
  timeZone: 'UTC',
};
const parts: TrayParts = {
  session,
  connection,
  status: null,
  unread: [],
  unreadConversations: 0,
  notifying: 0,
  quietHours,
  nowMs: NOW_MS,
};
const unread = {
  unreadConversations: 5,
  notifying: 0,
  unread: [1, 2, 3, 4].map((n) => ({ id: `${n}`, title: `T${n}`, account: '1' })),
};

describe('the tray', () => {
  it.each<[string, Partial<TrayParts>, object]>([
    ['nothing', {}, { state: { kind: 'idle' }, tooltip: 'Curlew' }],
    [
      'unread that does not notify',
      unread,
      { state: { kind: 'unread' }, tooltip: 'Curlew: 5 unread conversations' },
    ],
    ['how many notify', { ...unread, notifying: 3 }, { state: { kind: 'forYou', count: 3 } }],
    [
      'do not disturb, and still what is unread',
      { ...unread, notifying: 3, status: { state: 'dnd', untilMs: NOW_MS + 1 } },
      { state: { kind: 'dnd' }, tooltip: 'Curlew: Do not disturb, 5 unread conversations' },
    ],
    [
      'no do not disturb that is over',
      { status: { state: 'dnd', untilMs: NOW_MS } },
      { state: { kind: 'idle' } },
    ],
    ['quiet hours', { quietHours: always }, { state: { kind: 'dnd' } }],
    [
      'offline before all else',
      {
        notifying: 3,
        status: { state: 'dnd', untilMs: null },
        connection: { ...connection, state: 'offline' },
      },
      { state: { kind: 'offline' }, tooltip: 'Curlew: Offline, Do not disturb' },
    ],
    [
      'nothing while nobody is signed in',
      { session: null, connection: null },
      { person: null, state: { kind: 'idle' } },
    ],
  ])('says %s', (_what, part, expected) => {
    expect(trayFacts({ ...parts, ...part })).toMatchObject(expected);
  });

  it('names the person, the chosen presence, what is next and what waits', () => {
    const facts = trayFacts({
      ...parts,
      ...unread,
      status: { state: 'away', untilMs: null },
      connection: { ...connection, waiting: 2 },
    });
    expect(facts).toMatchObject({
      person: { name: 'Maya Lindqvist', status: 'away' },
      unreadText: '5 unread conversations',
      next: [{ title: 'T1' }, { title: 'T2' }, { title: 'T3' }],
      waiting: 2,
    });
  });
});

describe('one tray for several accounts', () => {
  const account = (id: string, change: Partial<AccountParts>): AccountParts => ({
    ...nothingKnown,
    session,
    connection: { ...connection, waiting: 1 },
    unread: [{ id: `c${id}`, title: `T${id}`, account: id }],
    unreadConversations: 1,
    notifying: 2,
    ...change,
  });
  const facts = (shown: AccountParts, ...others: AccountParts[]) =>
    trayFacts({ ...jointParts(shown, others), quietHours, nowMs: NOW_MS });
  const offline = { connection: { ...connection, state: 'offline' } } as const;

  it('adds up what is unread and what waits, and names the person of the account that shows', () => {
    const other = account('2', { session: { state: 'active', name: 'Someone else' } as SessionMeta });
    expect(facts(account('1', {}), other)).toMatchObject({
      state: { kind: 'forYou', count: 4 },
      person: { name: 'Maya Lindqvist' },
      next: [{ account: '1' }, { account: '2' }],
      waiting: 2,
    });
  });

  it('is offline when none is connected, not when one is not', () => {
    expect(facts(account('1', offline), account('2', {})).state).toMatchObject({ kind: 'forYou' });
    expect(facts(account('1', offline), account('2', offline)).state).toEqual({ kind: 'offline' });
  });

  it('says nothing of an account that was signed out', () => {
    const gone = account('2', { session: { state: 'none', lastServerUrl: null } });
    expect(facts(account('1', {}), gone)).toMatchObject({
      state: { kind: 'forYou', count: 2 },
      next: [{ account: '1' }],
      waiting: 1,
    });
  });
});
