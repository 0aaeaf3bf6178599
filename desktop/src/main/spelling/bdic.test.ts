import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { readBdic } from './bdic-reader.test-support.ts';
import { toBdic } from './bdic.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);
const aff = `# A comment
SET UTF-8
TRY esianrtolcdugmphbyfvkwzà
SFX S Y 2
SFX S   0     s          [^y] # plural
SFX S   y     ies/T      [y]
PFX U Y 1
PFX U   0     un         .
REP 1
REP f ph_x
WORDCHARS 0123’
`;

function convert(rules: string, words: string, encoding?: BufferEncoding) {
  const made = toBdic(bytes(rules, encoding), bytes(words, encoding));
  return made.ok ? readBdic(made.value) : made.error;
}

describe('toBdic', () => {
  it('keeps every word with its flags, and words that only begin alike', () => {
    const content = convert(aff, '7\nheron/S\nhe\nher/US\nherons\nvoilà\nand\\/or/S\nheron/U\n');
    if (typeof content === 'string') throw new Error(content);
    const flags = (word: string) =>
      content.words.get(word)?.map((group) => (group === 0 ? '' : content.groups[group]));
    expect([...content.words.keys()].toSorted()).toEqual(['and/or', 'he', 'her', 'heron', 'herons', 'voilà']);
    expect(flags('he')).toEqual(['']);
    expect(flags('her')).toEqual(['AF US']);
    expect(flags('heron')?.toSorted()).toEqual(['AF S', 'AF U']);
    expect(flags('and/or')).toEqual(['AF S']);
  });

  it('keeps the rules, each with the number of those that follow', () => {
    const content = convert(aff, '1\nheron/S\n');
    if (typeof content === 'string') throw new Error(content);
    expect(content.groups[0]).toBe(`AF ${content.groups.length - 1}`);
    const further = content.groups.indexOf('AF T');
    expect(content.affixes).toEqual([
      'SFX S Y 2',
      'SFX S 0 s [^y]',
      `SFX S y ies/${further} [y]`,
      'PFX U Y 1',
      'PFX U 0 un .',
    ]);
    expect(content.replacements).toEqual(['f', 'ph x']);
    expect(content.others).toEqual(['TRY esianrtolcdugmphbyfvkwzà', 'WORDCHARS 0123’']);
  });

  it('reads older encodings and numbered groups', () => {
    const content = convert(
      'SET ISO8859-1\nAF 2\nAF S\nAF SU\nSFX S Y 1\nSFX S 0 é .\n',
      '1\nà/2\tpo:x\n',
      'latin1',
    );
    if (typeof content === 'string') throw new Error(content);
    expect(content.words).toEqual(new Map([['à', [2]]]));
    expect(content.groups).toEqual(['AF 2', 'AF S', 'AF SU']);
    expect(content.affixes).toEqual(['SFX S Y 1', 'SFX S 0 é .']);
  });

  it('says how to check it', () => {
    const made = must(value(toBdic(bytes(aff), bytes('1\nheron/S\n'))), 'made');
    const file = Buffer.from(made);
    expect(file.toString('latin1', 0, 4)).toBe('BDic');
    expect(file.subarray(16, 32)).toEqual(createHash('md5').update(file.subarray(32)).digest());
  });

  it('holds 20,000 words of many letters, whose parts need every kind of node', () => {
    const words = Array.from({ length: 20_000 }, (_, index) => {
      const letters = [0, 1, 2, 3].map((place) => 0x61 + (Math.floor(index / 16 ** place) % 16) * 40);
      return `${String.fromCodePoint(...letters)}${index % 7 === 0 ? 'longer' : ''}`;
    });
    const content = convert(
      aff,
      `${words.length}\n${words.map((word, at) => `${word}/${flag(at)}`).join('\n')}`,
    );
    if (typeof content === 'string') throw new Error(content);
    const lost = words.filter((word, at) => {
      const [group = 0] = content.words.get(word) ?? [];
      return content.groups[group] !== `AF ${flag(at)}`;
    });
    expect(lost).toEqual([]);
    expect(content.words.size).toBe(words.length);
    // More groups than fit in a leaf, so that both ways of naming one are used.
    expect(content.groups.length).toBeGreaterThan(0x1fff);
  });

  it.each([
    ['IGNORE x\n', 'unsupportedRule'],
    ['COMPLEXPREFIXES\n', 'unsupportedRule'],
    ['SET no-such-encoding\n', 'unknownEncoding'],
  ])('refuses %j', (rule, refusal) => {
    expect(convert(rule, '1\nheron\n')).toBe(refusal);
  });

  it('refuses a dictionary without words', () => {
    expect(convert(aff, '0\n')).toBe('noWords');
  });
});

/** One of 9,000 groups. */
function flag(index: number): string {
  return `g${index % 9000}`;
}

function value<T>(result: { ok: true; value: T } | { ok: false }): T | undefined {
  return result.ok ? result.value : undefined;
}
