/** The query grammar and the folding, over generated text of any script. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldText,
  nameMatches,
  parseSearch,
  printSearch,
  searchExcerpt,
  searchMatcher,
  textMatches,
} from './search.ts';

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const pieces = fc.constantFrom(
  '-',
  '"',
  ':',
  ' ',
  'from:',
  'in:',
  'before:2026-11-01',
  'after:',
  'has:link',
  'is:unread',
  'a',
  'É',
  '会',
  '한',
  '\n',
  'https://',
);
const queries = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces).map((parts) => parts.join('')),
);

describe('the grammar', () => {
  it('reads filters, phrases, words and what is ruled out', () => {
    const text =
      'from:maya in:"Cooling plant" before:2026-11-01 after:2026-10-01 has:link is:unread -spam "two words" last';
    expect(parseSearch(text)).toEqual([
      { kind: 'from', value: 'maya', isNegated: false },
      { kind: 'in', value: 'Cooling plant', isNegated: false },
      { kind: 'before', value: '2026-11-01', isNegated: false },
      { kind: 'after', value: '2026-10-01', isNegated: false },
      { kind: 'has', value: 'link', isNegated: false },
      { kind: 'is', value: 'unread', isNegated: false },
      { kind: 'text', value: 'spam', isNegated: true },
      { kind: 'text', value: 'two words', isNegated: false },
      { kind: 'text', value: 'last', isNegated: false },
    ]);
  });

  it.each([
    ['before:2026-02-30', 'before:2026-02-30'],
    ['has:nothing', 'has:nothing'],
    ['https://example.org', 'https://example.org'],
    ['from:', 'from:'],
    ['-', '-'],
    ['a"open phrase', 'a|open phrase'],
  ])('searches for %s as it stands', (text, values) => {
    const query = parseSearch(text);
    expect(query.every(({ kind, isNegated }) => kind === 'text' && !isNegated)).toBe(true);
    expect(query.map(({ value }) => value).join('|')).toBe(values);
  });

  it('reads any text, and what it prints reads the same', () => {
    fc.assert(
      fc.property(queries, (text) => {
        const query = parseSearch(text);
        const printed = printSearch(query);
        expect(parseSearch(printed)).toEqual(query);
        expect(printSearch(parseSearch(printed))).toBe(printed);
      }),
      { numRuns: 5_000 },
    );
  });

  it('counts days without the day named, and the other way round when ruled out', () => {
    const of = (text: string) => searchMatcher(parseSearch(text), day);
    expect(of('after:2026-11-01 before:2026-11-03')).toMatchObject({
      fromMs: day('2026-11-02'),
      beforeMs: day('2026-11-03'),
    });
    expect(of('-before:2026-11-01 -after:2026-11-03')).toMatchObject({
      fromMs: day('2026-11-01'),
      beforeMs: day('2026-11-04'),
    });
    expect(of('has:link -has:link').isImpossible).toBe(true);
    expect(of(' \u0301 ').isEmpty).toBe(true);
  });

  it('compares names and texts without case and accents, inside words', () => {
    expect(nameMatches('Łukasz Żółć', parseSearch('from:zolc'))).toBe(false);
    expect(nameMatches('Éloïse Dupont', parseSearch('from:eloise -from:tom'))).toBe(true);
    const found = (query: string, text: string): boolean =>
      textMatches(searchMatcher(parseSearch(query), day), text, 0);
    expect(found('arbre', 'Sous l’ARBRE')).toBe(true);
    expect(found('"deux mots" -trois', 'deux\n  mots')).toBe(true);
    expect(found('ΟΔΟΣ', 'η οδός')).toBe(true);
    expect(found('会', '明日の会議')).toBe(true);
    expect(found('ｶﾌｪ', 'カフェ')).toBe(true);
    expect(found('-has:link', 'see https://example.org')).toBe(false);
  });
});

describe('folding', () => {
  it('changes nothing the second time, and folds a text as its characters one by one', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const once = foldText(String.fromCodePoint(code));
      if (foldText(once) !== once) expect(`U+${code.toString(16)}`).toBe('stable');
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const single = Array.from(text).map(foldText).join('').replace(/\s+/gu, ' ');
        expect(foldText(text)).toBe(single);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('excerpts', () => {
  it('marks what was found, in the text as written', () => {
    expect(searchExcerpt('Der Café-Éclair im cafe', ['cafe'])).toEqual({
      text: 'Der Café-Éclair im cafe',
      marks: [
        [4, 8],
        [19, 23],
      ],
    });
    const decomposed = 'un cafe\u0301 !';
    expect(searchExcerpt(decomposed, ['cafe']).marks).toEqual([[3, 8]]);
  });

  it('shows the place of the first match of a long text', () => {
    const excerpt = searchExcerpt(`${'x '.repeat(500)}needle${' y'.repeat(500)}`, ['needle'], 100);
    const [start = 0, end = 0] = excerpt.marks[0] ?? [];
    expect(excerpt.text.slice(start, end)).toBe('needle');
    expect(excerpt.text.length).toBeLessThanOrEqual(102);
    expect(excerpt.text).toMatch(/^….*…$/u);
  });

  it('marks within the text, in order and apart, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.nat(30),
        (text, more, size) => {
          const parts = [...searchMatcher(parseSearch(more), day).parts];
          const { text: shown, marks } = searchExcerpt(`${text} ${more} ${text}`, parts, size + 8);
          let last = -1;
          for (const [start, end] of marks) {
            expect(start).toBeGreaterThan(last);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(shown.length);
            last = end;
          }
          expect(shown).not.toMatch(/\p{Surrogate}/u);
        },
      ),
    );
  });
});
