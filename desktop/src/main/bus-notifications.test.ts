import { expect, it } from 'vitest';
import { escapeMarkup } from './bus-notifications.ts';

it('leaves nothing a daemon could read as markup', () => {
  expect(escapeMarkup('1 < 2 & <a href="x">so</a>')).toBe('1 &lt; 2 &amp; &lt;a href="x"&gt;so&lt;/a&gt;');
  expect(escapeMarkup('&lt;')).toBe('&amp;lt;');
});
