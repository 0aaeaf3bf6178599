import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultPreferences } from './preferences.ts';
import { themeColors } from './theme-colors.ts';

const tokens = readFileSync(
  path.join(import.meta.dirname, '../renderer/styles/tokens.css'),
  'utf8',
).replaceAll("'", '"');
const calm = { prefersDark: false, prefersContrast: false };

/** The value of a token in the block of a theme. */
function token(selector: string, name: string): string | undefined {
  const block = tokens.slice(tokens.indexOf(`${selector} {`));
  return new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(block)?.[1];
}

describe('themeColors', () => {
  it.each([
    ['light', 'normal', '[data-theme="light"]'],
    ['dark', 'normal', '[data-theme="dark"]'],
    ['light', 'high', '[data-theme="light"][data-contrast="high"]'],
    ['dark', 'high', '[data-theme="dark"][data-contrast="high"]'],
  ] as const)('are the renderer’s tokens in %s, contrast %s', (theme, contrast, selector) => {
    expect(themeColors({ ...defaultPreferences, theme, contrast }, calm)).toEqual({
      background: token(selector, 'bg-main'),
      titleBar: token(selector, 'bg-rail'),
      symbols: token(selector, 'text-2'),
    });
  });

  it('follow the system where the person did not choose', () => {
    const dark = themeColors(defaultPreferences, { prefersDark: true, prefersContrast: false });
    expect(dark).toEqual(themeColors({ ...defaultPreferences, theme: 'dark' }, calm));
    const high = themeColors(defaultPreferences, { prefersDark: false, prefersContrast: true });
    expect(high).toEqual(themeColors({ ...defaultPreferences, contrast: 'high' }, calm));
    const chosen = themeColors(
      { ...defaultPreferences, theme: 'light', contrast: 'normal' },
      { prefersDark: true, prefersContrast: true },
    );
    expect(chosen).toEqual(themeColors(defaultPreferences, calm));
  });
});
