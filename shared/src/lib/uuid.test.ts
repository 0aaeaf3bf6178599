import { expect, test } from 'vitest';
import { uuidSchema } from '../domain/ids.ts';
import { derivedUuid, uuidV7 } from './uuid.ts';

test('makes the example of RFC 9562 appendix A.6', () => {
  // rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F; version and variant bits replace the top bits of bytes 6 and 8.
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('sets version and variant whatever the randomness, and sorts by time', () => {
  const full = new Uint8Array(10).fill(0xff);
  const none = new Uint8Array(10);
  for (const random of [full, none]) {
    const id = uuidV7(1_700_000_000_000, random);
    expect(uuidSchema.safeParse(id).success).toBe(true);
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
  }
  expect(uuidV7(1, full) < uuidV7(2, none)).toBe(true);
});

test('refuses too little randomness', () => {
  expect(() => uuidV7(0, new Uint8Array(9))).toThrow(RangeError);
});

test('a derived id is a version 8 UUID that follows from its parts alone', () => {
  const id = derivedUuid('conversation', '0199a3c0-6000-7000-8000-000000000002');
  expect(uuidSchema.safeParse(id).success).toBe(true);
  expect(id).toMatch(/^.{14}8.{4}[89ab]/);
  expect(derivedUuid('conversation', '0199a3c0-6000-7000-8000-000000000002')).toBe(id);
  expect(new Set([id, derivedUuid('a', 'bc'), derivedUuid('ab', 'c'), derivedUuid('abc')]).size).toBe(4);
});
