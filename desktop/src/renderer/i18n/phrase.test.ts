import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { phrase, startI18n } from './index.ts';

beforeAll(() => startI18n('en-GB'));

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
});
