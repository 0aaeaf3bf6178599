import { opHashOf } from '@curlew/shared/lib/chain.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fastOpHash } from './op-hash.ts';

test('equals the definition for any op, with or without the fields that say how it was sent', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (op, seq) => {
      const sent = { ...op, fence: seq, seenSeq: seq };
      expect(fastOpHash(sent)).toBe(opHashOf(sent));
      expect(fastOpHash(op)).toBe(opHashOf(op));
    }),
  );
});
