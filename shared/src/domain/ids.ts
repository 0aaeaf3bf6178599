/**
 * Identifiers, counters and text as they cross the wire. Owns the primitive schemas all others are built from:
 * what is not expressible here (U+0000, lone surrogates, unsafe integers) never enters a process.
 */
import { z } from 'zod';

/** Any RFC 9562 UUID, lower case. Ids are made by clients; their embedded time is never trusted. */
export const uuidSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'must be a lower-case UUID');

/** A position in a log: 1, 2, 3 … without gaps. */
export const seqSchema = z.int().min(1);
/** A position that may be "before the first event". */
export const watermarkSchema = z.int().min(0);
/** Milliseconds since 1970. */
export const timeMsSchema = z.int().min(0);
/** Chain value: 8 bytes as 16 hex digits. */
export const chainSchema = z.string().regex(/^[0-9a-f]{16}$/);
/** SHA-256 as 64 hex digits. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

// PostgreSQL's text cannot hold U+0000, and a lone surrogate has no UTF-8 form.
const wellFormed = (text: string): boolean => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);

/** Number of bytes of a string in UTF-8; the unit of every text limit. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

/** A well-formed text of `min` characters or more and at most `maxBytes` bytes of UTF-8. */
export function textSchema(maxBytes: number, min = 0) {
  return z
    .string()
    .min(min)
    .refine(wellFormed, 'must not hold U+0000 or lone surrogates')
    .refine((text) => utf8Length(text) <= maxBytes, `must be at most ${maxBytes} bytes of UTF-8`);
}

/** One emoji as people send it: a short, well-formed grapheme without spaces. */
export const emojiSchema = textSchema(64, 1).refine((text) => !/\s/u.test(text), 'must be one emoji');
