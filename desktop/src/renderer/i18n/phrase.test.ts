import i18next from 'i18next';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { phrase, speak, startI18n } from './index.ts';

beforeAll(() => startI18n());
afterEach(() => speak('en'));

describe('a phrase', () => {
  it('says what the translation says, whatever stands in it', () => {
    const values = { sender: 'Ada {{time}}', text: 'costs $& or {{text}} <b>', time: '10:21', state: 'Read' };
    expect(phrase('timeline.article', values)).toBe('Ada {{time}}: costs $& or {{text}} <b>. 10:21');
    const plain = { sender: 'Ada', text: 'hello', time: '10:21', state: 'Read' };
    for (const key of ['timeline.article', 'timeline.articleOwn'] as const) {
      expect(phrase(key, plain)).toBe(i18next.t(key, plain));
    }
    expect(phrase('receipt.read')).toBe(i18next.t('receipt.read'));
    expect(phrase('presence.named', { name: 'Ada', presence: 'online' })).toBe(
      i18next.t('presence.named', { name: 'Ada', presence: 'online' }),
    );
  });

  it('keeps the letters of a value together where sentences run from right to left', async () => {
    await speak('ar');
    expect(phrase('presence.lastSeen', { time: '10:21' })).toBe('آخر ظهور \u206810:21\u2069');
    expect(i18next.t('presence.lastSeen', { time: '10:21' })).toBe('آخر ظهور \u206810:21\u2069');
    expect(i18next.t('reach.fileName', { date: '2026-11-21' })).toBe('الوصول 2026-11-21.csv');
    await speak('de');
    expect(phrase('presence.lastSeen', { time: '10:21' })).toBe('Zuletzt gesehen 10:21');
    await speak('en');
    expect(phrase('presence.lastSeen', { time: '10:21' })).toBe('Last seen 10:21');
  });
});
