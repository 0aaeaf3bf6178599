/** Slack's mrkdwn as our Markdown: each of its forms, and that nothing throws or grows. */
import { HERE } from '@curlew/shared/domain/message.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reactionOf } from './emoji.ts';
import { convertText, type TextNames } from './text.ts';

const conversationId = '00000000-0000-4000-8000-000000000009';
const ann = { id: '00000000-0000-4000-8000-000000000001', name: 'Ann Lee' };
const names: TextNames = {
  conversationId,
  person: (slackId) => (slackId === 'U1' ? ann : undefined),
  channel: (slackId) => (slackId === 'C1' ? 'general' : undefined),
};
const convert = (text: string): string => convertText(text, names).text;

test.each([
  ['*bold* and _italic_', '**bold** and _italic_'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['a*b*c', 'a*b*c'],
  ['~gone~', '~gone~'],
  ['`*code* &lt;b&gt;`', '`*code* <b>`'],
  ['before ```let a = 1;\nlet b = &amp;a;``` after', 'before \n```\nlet a = 1;\nlet b = &a;\n```\n after'],
  ['```\nx\n```', '```\nx\n```'],
  ['&gt; said', '> said'],
  ['&gt;&gt;&gt; one\ntwo', '> one\n> two'],
  ['• a\n• b', '• a\n• b'],
  ['a &amp;lt; b', 'a &lt; b'],
  ['<https://example.org>', 'https://example.org'],
  ['<https://example.org|example.org>', 'https://example.org'],
  ['<https://example.org/a?b=1&amp;c=2|the page>', 'the page (https://example.org/a?b=1&c=2)'],
  ['<mailto:a@example.org|a@example.org>', 'a@example.org'],
  ['see <https://x.org/_a_*b*>', 'see https://x.org/_a_*b*'],
  ['<@U1> and <@U9|nine> and <@U8>', '@Ann Lee and @nine and @U8'],
  ['<#C1> <#C2|other> <#C1|> <#C3>', '#general #other #general #C3'],
  ['<!subteam^S1|@crew> <!date^1^{date}|today> <!new>', '@crew today @new'],
  [':smile: :+1::skin-tone-3: :party_parrot: 10:30:45', '😄 👍🏼 :party_parrot: 10:30:45'],
  ['a\u0000b\u0001c\u0002d\uD800e', 'abcde'],
  ['<javascript:alert(1)|safe>', 'safe (javascript:alert(1))'],
])('%j becomes %j', (source, expected) => {
  expect(convert(source)).toBe(expected);
});

test('mentions are told by id: people, everybody, those who are here', () => {
  expect(convertText('<@U1> <!here> <!channel> <!everyone> `<@U1>`', names)).toEqual({
    text: '@Ann Lee @here @everyone @everyone `@Ann Lee`',
    mentions: [ann.id, HERE, conversationId],
  });
});

test('a reaction is an emoji, or the name of one the workspace made', () => {
  expect(['tada', 'wave::skin-tone-6', 'heart', 'party_parrot', 'with space', ''].map(reactionOf)).toEqual([
    '🎉',
    '👋🏿',
    '❤️',
    ':party_parrot:',
    undefined,
    '::',
  ]);
});

test('any text converts, in time that grows with its length', () => {
  const pieces = [
    '<',
    '>',
    '|',
    '@U1',
    '!',
    '#',
    '`',
    '```',
    '*',
    '_',
    ':',
    '&amp;',
    '\n',
    'a',
    ' ',
    '>>>',
    '\u0001',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
      const converted = convert(parts.join(''));
      expect(['\u0001', '\u0002'].some((mark) => converted.includes(mark))).toBe(false);
    }),
  );
  const startedMs = performance.now();
  for (const piece of pieces) convert(piece.repeat(20_000));
  convert('*a '.repeat(20_000));
  convert('`a'.repeat(20_000));
  convert(':a'.repeat(20_000));
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
