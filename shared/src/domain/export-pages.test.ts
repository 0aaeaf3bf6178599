/** Exported pages: what they show, and that no text becomes markup. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ConversationPages,
  englishExportTexts,
  exportFileName,
  indexPages,
  type ExportContext,
} from './export-pages.ts';
import type { Message } from './message.ts';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const names = new Map([
  [id(1), 'Ann'],
  [id(2), 'Ben'],
]);
const context: ExportContext = {
  texts: englishExportTexts,
  nameOf: (userId) => names.get(userId) ?? '',
  formatTime: (ms) => new Date(ms).toISOString(),
  exportedAtMs: 1_800_000_000_000,
};

function messageOf(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: id(100 + seq),
    conversationId: id(9),
    createSeq: seq,
    revSeq: seq,
    senderId: id(1),
    text: `text ${seq}`,
    replyTo: null,
    threadRootId: null,
    mentions: [],
    extras: {},
    composedAt: seq,
    createdAt: seq * 1_000,
    editedAt: null,
    deletedAt: null,
    reactions: [],
    ...change,
  };
}

function pagesOf(messages: readonly Message[], title = 'General', at = context, held = [{ lo: 1, hi: 99 }]) {
  const members = [{ id: id(1), name: names.get(id(1)) ?? '' }];
  const conversation = { id: id(9), kind: 'group', title, members, heldSinceMs: null };
  const pages = new ConversationPages(conversation, held, at);
  const pieces = [
    pages.begin(),
    pages.messages(messages.slice(0, 2)),
    pages.messages(messages.slice(2)),
    pages.end(),
  ];
  return { html: pieces.map(({ html }) => html).join(''), json: pieces.map(({ json }) => json).join('') };
}

test('a page shows who said what, what was changed and what was taken back', () => {
  const { html, json } = pagesOf([
    messageOf(1),
    messageOf(2, { editedAt: 5, reactions: [{ emoji: '👍', userId: id(2), seq: 3 }] }),
    messageOf(4, { text: null, deletedAt: 9 }),
    messageOf(5, { threadRootId: id(101), senderId: id(7) }),
    messageOf(6, { text: null, notices: [{ kind: 'joined', userId: id(2) }] }),
  ]);
  for (const shown of [
    '<b>Ann</b>',
    'text 1',
    'edited',
    '👍 Ben',
    'deleted',
    'Unknown person',
    'Ann added Ben',
  ])
    expect(html).toContain(shown);
  expect(html).toContain(`href="#${id(101)}"`);
  const parsed = JSON.parse(json) as {
    messages: { text: string | null; senderName: string }[];
    isHeld: boolean;
  };
  expect(parsed.isHeld).toBe(true);
  expect(parsed.messages.map(({ text }) => text)).toEqual(['text 1', 'text 2', null, 'text 5', null]);
  expect(parsed.messages[0]).toMatchObject({ senderName: 'Ann', id: id(101), createdAt: 1_000 });
});

test('it says what is missing: before what is held, between, and all of it', () => {
  const held = [
    { lo: 1, hi: 2 },
    { lo: 8, hi: 9 },
  ];
  const { html } = pagesOf([messageOf(1), messageOf(2), messageOf(8), messageOf(9)], 'x', context, held);
  expect(html.split(englishExportTexts.gap)).toHaveLength(2);
  expect(html.indexOf(englishExportTexts.gap)).toBeGreaterThan(html.indexOf('text 2'));
  const base = { id: id(9), kind: 'group', title: 'x', members: [] };
  const page = (heldSinceMs: number | null | undefined): string =>
    new ConversationPages({ ...base, heldSinceMs }, [], context).begin().html;
  expect(page(null)).toContain('Everything that was said');
  expect(page(86_400_000)).toContain('before 1970-01-02T00:00:00.000Z is not in this file');
  expect(page(undefined)).toContain('Nothing of this conversation');
});

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><svg/onload=alert(1)>',
  '</style><iframe src=javascript:alert(1)>',
  '<!--',
  '&lt;b&gt;',
  ']]>',
  'javascript:alert(1)',
];

test('no text, name, title, emoji, notice or word of the language becomes markup', () => {
  const piece = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme', maxLength: 20 }));
  // What a page consists of: every tag this layout writes, and no attribute but its own.
  const tag =
    /<(?:!doctype html|\/?(?:html|head|title|style|body|h1|p|b|ul|li|div|span|a)(?: class="[a-z ]+")?(?: id="[0-9a-f-]+")?(?: href="(?:#[0-9a-f-]+|index\.html|[\p{L}\p{N}-]+\.html)")?|meta (?:charset|http-equiv|name)="[^"<>]*"(?: content="[^"<>]*")?)>/gu;
  fc.assert(
    fc.property(piece, piece, piece, piece, (text, title, name, word) => {
      const at: ExportContext = {
        ...context,
        nameOf: () => name,
        formatTime: () => word,
        texts: {
          ...englishExportTexts,
          edited: word,
          reply: word,
          gap: word,
          back: word,
          title: word,
          exportedAt: word,
        },
      };
      const { html, json } = pagesOf(
        [
          messageOf(1, { text, editedAt: 1 }),
          messageOf(2, { text, reactions: [{ emoji: title, userId: id(1), seq: 1 }] }),
          messageOf(60, { notices: [{ kind: 'title', title }], text: null }),
        ],
        title,
        at,
        [
          { lo: 1, hi: 2 },
          { lo: 60, hi: 99 },
        ],
      );
      const member = { id: id(1), name };
      const conversation = { id: id(9), kind: 'group', title, members: [member], heldSinceMs: 1, count: 1 };
      const index = indexPages([{ ...conversation, file: exportFileName(0, title) }], at);
      for (const page of [html, index.html]) expect(page.replace(tag, '')).not.toMatch(/[<>]/);
      for (const text of [json, index.json]) JSON.parse(text);
    }),
    { numRuns: 500 },
  );
});

test('file names hold nothing a file system or a link could misread', () => {
  expect(
    ['General', '../../etc/passwd', 'a"b<c>', '', 'Über 潮 🎉', 'x'.repeat(100)].map((it, n) =>
      exportFileName(n, it),
    ),
  ).toEqual([
    '0001-General',
    '0002-etc-passwd',
    '0003-a-b-c',
    '0004',
    '0005-U-ber-潮',
    `0006-${'x'.repeat(40)}`,
  ]);
});
