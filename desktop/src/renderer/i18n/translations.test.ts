/** Every translation holds every text, with all plural forms of its language and the same values and tags in it. */
import { describe, expect, it } from 'vitest';
import { errorCodes } from '@curlew/shared/protocol/errors.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';

/** All texts by their path. */
function flat(texts: object, path: readonly string[] = []): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    const at = [...path, key];
    if (typeof value === 'string') found.set(at.join('/'), value);
    else if (typeof value === 'object' && value !== null) {
      for (const entry of flat(value, at)) found.set(...entry);
    }
  }
  return found;
}

/** What stands in a text besides words: values in braces and tags. */
function slots(text: string): readonly string[] {
  return [...text.matchAll(/\{\{-? ?\w+\}\}|<\w+\/>/gu)].map(([slot]) => slot).toSorted();
}

const source = flat(en);
const plurals = new Set(
  [...source.keys()].filter((key) => key.endsWith('_one')).map((key) => key.slice(0, -'_one'.length)),
);

describe.each([
  ['de', de],
  ['ar', ar],
] as const)('the translation to %s', (language, translation) => {
  const texts = flat(translation);
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;

  it('has every plural form the language knows, and no other', () => {
    for (const base of plurals) {
      const forms = [...texts.keys()].filter((key) => key.replace(/_[a-z]+$/u, '') === base && key !== base);
      expect(forms.toSorted(), base).toEqual(categories.map((category) => `${base}_${category}`).toSorted());
    }
  });

  it('keeps the values and tags of every text', () => {
    for (const [key, text] of texts) {
      if (key.startsWith('errors/')) continue;
      const base = key.replace(/_[a-z]+$/u, '');
      const original = source.get(plurals.has(base) ? `${base}_other` : key);
      expect(original, `${key} is in no source text`).toBeDefined();
      // A form for one, two or none may say its number as a word.
      const isCounted = plurals.has(base) && !key.endsWith('_other');
      const drop = (all: readonly string[]) => (isCounted ? all.filter((slot) => slot !== '{{count}}') : all);
      expect(drop(slots(text)), key).toEqual(drop(slots(original ?? '')));
    }
  });

  it('has a sentence for every error', () => {
    for (const code of errorCodes) expect(translation.errors[code], code).toMatch(/\S/u);
  });

  it('leaves no text empty', () => {
    for (const [key, text] of texts) expect(text.trim(), key).not.toBe('');
  });
});
