import { describe, expect, it } from 'vitest';
import { isEmojiOnly, parseInline, parseMarkdown, plainText } from './markdown.ts';

describe('parseInline', () => {
  it('knows bold, italic, code and links', () => {
    expect(parseInline('a **b** *c* `d` https://e.org/x.')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'strong', parts: [{ kind: 'text', text: 'b' }] },
      { kind: 'text', text: ' ' },
      { kind: 'em', parts: [{ kind: 'text', text: 'c' }] },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'd' },
      { kind: 'text', text: ' ' },
      { kind: 'link', url: 'https://e.org/x', text: 'https://e.org/x' },
      { kind: 'text', text: '.' },
    ]);
  });

  it.each(['2 * 3 * 4', 'snake_case_name', 'a ** b', '<b>no</b>', 'javascript:alert(1)', '`open'])(
    'leaves %s as typed',
    (text) => {
      const parts = parseInline(text);
      expect(parts.every((part) => part.kind === 'text')).toBe(true);
      expect(parts.map((part) => ('text' in part ? part.text : '')).join('')).toBe(text);
    },
  );

  it('keeps a bracket that belongs to the address', () => {
    expect(parseInline('(https://e.org/a_(b))')[1]).toEqual({
      kind: 'link',
      url: 'https://e.org/a_(b)',
      text: 'https://e.org/a_(b)',
    });
  });
});

describe('parseMarkdown', () => {
  it('knows paragraphs, quotes, lists and code blocks', () => {
    const blocks = parseMarkdown('one\ntwo\n> said\n- a\n- b\n1. x\n2. y\n```\n**raw**\n```\nend');
    expect(blocks.map((block) => block.kind)).toEqual([
      'paragraph',
      'quote',
      'list',
      'list',
      'code',
      'paragraph',
    ]);
    expect(blocks[4]).toEqual({ kind: 'code', text: '**raw**' });
  });

  it('keeps an unclosed fence and a list that starts in the middle as typed', () => {
    expect(parseMarkdown('```\nopen').map((block) => block.kind)).toEqual(['paragraph']);
    expect(parseMarkdown('3. third').map((block) => block.kind)).toEqual(['paragraph']);
  });

  it('stays quick on hostile text', () => {
    const start = performance.now();
    parseMarkdown(`${'*a '.repeat(8000)}\n${'_'.repeat(8000)}\n${'**'.repeat(8000)}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('isEmojiOnly', () => {
  it('is for one to three emoji alone', () => {
    expect(['👏', '👍🏽 🎉', '👨‍👩‍👧‍👦', '❤️'].map(isEmojiOnly)).toEqual([true, true, true, true]);
    expect(['', '12', 'ok 👍', '🎉🎉🎉🎉'].map(isEmojiOnly)).toEqual([false, false, false, false]);
  });
});

describe('plainText', () => {
  it('is the message in one line without its marks', () => {
    expect(plainText('**Fire _drill_** at `11:00`\n> quoted\n- east\n- west\n```\nlet a = 1;\n```')).toBe(
      'Fire drill at 11:00 quoted east west let a = 1;',
    );
    expect(plainText('2 * 3 * 4 and snake_case_name')).toBe('2 * 3 * 4 and snake_case_name');
  });
});
