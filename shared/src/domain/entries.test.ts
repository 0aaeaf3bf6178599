import { expect, test } from 'vitest';
import { accountEntrySchemas, isValidEntry, orgEntrySchemas, parseEntryKey } from './entries.ts';

const id = '0190a5b0-0000-7000-8000-000000000001';

test.each([
  ['account', `draft:${id}`, { text: 'half a thou', replyTo: null }],
  ['account', `pin:${id}`, { rank: 1 }],
  ['account', `mute:${id}`, { untilMs: null }],
  ['account', `archive:${id}`, { at: 1 }],
  ['account', `unread:${id}`, { fromSeq: 4 }],
  ['account', `hidden:${id}`, { conversationId: id }],
  ['account', `saved:${id}`, { conversationId: id }],
  ['account', `scheduled:${id}`, { conversationId: id, text: 'later', replyTo: null, sendAtMs: 5 }],
  ['account', `notify:${id}`, { level: 'mentions' }],
  ['account', `status:${id}`, { state: 'dnd', untilMs: 5 }],
  ['account', `preferences:${id}`, { shareReadReceipts: false }],
  ['org', `person:${id}`, { name: 'Ada' }],
  ['org', `role:${id}`, { role: 'guest' }],
  ['org', `org:${id}`, { name: 'Analytical Engines' }],
  ['org', `policy:${id}`, { groupCreation: 'admins', editWindowMs: null }],
  ['org', `site:${id}`, { name: 'Torquay' }],
  ['org', `unit:${id}`, { name: 'Workshop', siteId: id, parentId: null }],
  ['org', `places:${id}`, { siteIds: [id], unitIds: [] }],
] as const)('takes %s %s, and its removal', (scope, key, value) => {
  expect(isValidEntry(scope, key, value)).toBe(true);
  expect(isValidEntry(scope, key, null)).toBe(true);
  expect(isValidEntry(scope, key, { ...value, more: 1 })).toBe(false);
  expect(isValidEntry(scope === 'org' ? 'account' : 'org', key, value)).toBe(false);
});

test('every entry of both scopes is tested above', () => {
  expect(Object.keys(accountEntrySchemas)).toHaveLength(11);
  expect(Object.keys(orgEntrySchemas)).toHaveLength(7);
});

test.each([
  '',
  ':',
  `:${id}`,
  'pin',
  'pin:',
  'pin:1',
  `__proto__:${id}`,
  `constructor:${id}`,
  `pin:${id}:${id}`,
])('refuses the key %j', (key) => {
  expect(isValidEntry('account', key, null)).toBe(false);
});

test('parses a key into prefix and id', () => {
  expect(parseEntryKey(`pin:${id}`)).toEqual({ prefix: 'pin', id });
});
