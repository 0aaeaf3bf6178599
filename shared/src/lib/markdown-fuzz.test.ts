/** Whatever somebody writes: nothing throws, nothing is lost, and no link leads anywhere but to a web page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstWebLink, parseMarkdown, type Block, type Inline } from './markdown.ts';

const pieces = fc.constantFrom(
  ...[
    '**',
    '*',
    '_',
    '`',
    '```',
    '\n',
    '\n\n',
    '> ',
    '- ',
    '1. ',
    ' ',
    'a',
    'word',
    '@Ada',
    '<b>',
    '&lt;',
    '](',
    '[',
  ],
  ...[
    'https://example.org/a_b',
    'http://x.y',
    'javascript:alert(1)',
    'JAVASCRIPT://x',
    'data:text/html,x',
    'file:///etc',
  ],
  ...['[x](javascript:alert(1))', 'https://javascript:0@x', 'https://', 'ä', '👍🏽', '\u202e', '\u0000', '\\'],
);
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

function inlinesOf(block: Block): readonly (readonly Inline[])[] {
  if (block.kind === 'code') return [];
  return block.kind === 'list' ? block.items : block.lines;
}

function flat(parts: readonly Inline[]): readonly Inline[] {
  return parts.flatMap((part) => ('parts' in part ? flat(part.parts) : [part]));
}

const leavesOf = (text: string): readonly Inline[] => parseMarkdown(text).flatMap(inlinesOf).flatMap(flat);

describe('any text', () => {
  it('makes links to web pages only, each shown as what it opens', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
        for (const part of leavesOf(text)) {
          if (part.kind !== 'link') continue;
          expect(part.url).toMatch(/^https?:\/\//u);
          expect(part.text).toBe(part.url);
          expect(part.url).not.toMatch(/[\s<>"]/u);
        }
        expect(firstWebLink(text) ?? 'https://').toMatch(/^https:\/\//u);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps every letter and digit, in order', () => {
    const letters = (all: string): string => all.replace(/[^\p{L}]/gu, '');
    const shown = (block: Block): string =>
      block.kind === 'code'
        ? block.text
        : inlinesOf(block)
            .flatMap(flat)
            .map((part) => ('text' in part ? part.text : ''))
            .join('');
    fc.assert(
      fc.property(
        // The word behind a fence names its language, which is not shown.
        texts.filter((text) => !text.includes('```')),
        (text) => {
          expect(letters(parseMarkdown(text).map(shown).join(''))).toBe(letters(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('takes time in proportion to its length', () => {
    for (const piece of [
      '**a',
      '*a',
      '_a_',
      '`',
      '[',
      '> ',
      '- ',
      '**a** ',
      'https://a.b) ',
      '*'.repeat(50),
    ]) {
      const start = performance.now();
      parseMarkdown(piece.repeat(Math.ceil((64 * 1024) / piece.length)));
      expect(performance.now() - start, piece).toBeLessThan(3_000);
    }
  });

  it.each([
    'javascript:alert(1)',
    '[x](javascript:alert(1))',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///a',
  ])('%s is text', (text) => {
    expect(leavesOf(text).every((part) => part.kind !== 'link')).toBe(true);
  });
});
