import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emojiSchema, seqSchema, textSchema, utf8Length, uuidSchema } from './ids.ts';

test('counts bytes as an encoder does, for any well-formed text', () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(utf8Length(text)).toBe(encoder.encode(text).length);
    }),
  );
});

test('limits text by bytes, not characters', () => {
  const schema = textSchema(8);
  expect(schema.safeParse('12345678').success).toBe(true);
  expect(schema.safeParse('123456789').success).toBe(false);
  expect(schema.safeParse('😀😀').success).toBe(true);
  expect(schema.safeParse('😀😀a').success).toBe(false);
});

test.each(['a\u0000b', '\ud800', 'x\udc00y', '\udc00\ud800'])(
  'refuses what no database can hold: %j',
  (text) => {
    expect(textSchema(100).safeParse(text).success).toBe(false);
  },
);

test.each([
  'ABCDEF00-0000-7000-8000-000000000000',
  '0190a5b0000070008000000000000001',
  '{0190a5b0-0000-7000-8000-000000000001}',
  '0190a5b0-0000-7000-8000-00000000000g',
  '0190a5b0-0000-7000-8000-000000000001\n',
])('refuses %j as an id', (text) => {
  expect(uuidSchema.safeParse(text).success).toBe(false);
});

test.each([0, -1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1'])(
  'refuses %j as a position',
  (value) => {
    expect(seqSchema.safeParse(value).success).toBe(false);
  },
);

test('takes an emoji, also a long one, and nothing with a space', () => {
  for (const emoji of ['👍', '❤️', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) expect(emojiSchema.safeParse(emoji).success).toBe(true);
  for (const text of ['', ' ', '👍 ', '👍'.repeat(20)])
    expect(emojiSchema.safeParse(text).success).toBe(false);
});
