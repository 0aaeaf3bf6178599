/** The chain's bytes, recomputed here with Node's own SHA-256 from the format's description. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_CHAIN, nextChain, opHashOf } from './chain.ts';

const link = {
  logId: '0190a5b0-0000-7000-8000-000000000001',
  seq: 1,
  opId: '0190a5b0-0000-7000-8000-0000000000aa',
  opHash: 'ab'.repeat(32),
};

function reference(previous: string, { logId, seq, opId, opHash }: typeof link): string {
  const seqBytes = Buffer.alloc(8);
  seqBytes.writeBigInt64BE(BigInt(seq));
  const bytes = Buffer.concat([
    Buffer.from(previous, 'hex'),
    Buffer.from(logId.replaceAll('-', ''), 'hex'),
    seqBytes,
    Buffer.from(opId.replaceAll('-', ''), 'hex'),
    Buffer.from(opHash, 'hex'),
  ]);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

test('extends the empty chain as the format says', () => {
  expect(nextChain(EMPTY_CHAIN, link)).toBe(reference(EMPTY_CHAIN, link));
});

test('agrees with the reference for any position, also beyond 32 bits', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
  fc.assert(
    fc.property(
      hex(16),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      hex(64),
      (previous, seq, opHash) => {
        expect(nextChain(previous, { ...link, seq, opHash })).toBe(
          reference(previous, { ...link, seq, opHash }),
        );
      },
    ),
  );
});

test('changes with every field it covers', () => {
  const base = nextChain(EMPTY_CHAIN, link);
  const others = [
    nextChain('00000000000000ff', link),
    nextChain(EMPTY_CHAIN, { ...link, seq: 2 }),
    nextChain(EMPTY_CHAIN, { ...link, logId: link.opId }),
    nextChain(EMPTY_CHAIN, { ...link, opId: link.logId }),
    nextChain(EMPTY_CHAIN, { ...link, opHash: 'ac'.repeat(32) }),
  ];
  expect(new Set([base, ...others]).size).toBe(6);
});

test('hashes what an op says, not how it was sent', () => {
  const op = {
    opId: link.opId,
    v: 1,
    kind: 'message.send',
    logId: link.logId,
    text: 'Grüße',
    replyTo: null,
    composedAt: 1,
  };
  const text = `{"composedAt":1,"kind":"message.send","logId":"${op.logId}","opId":"${op.opId}","replyTo":null,"text":"Grüße","v":1}`;
  expect(opHashOf(op)).toBe(createHash('sha256').update(text).digest('hex'));
  expect(opHashOf({ ...op, seenSeq: 9, fence: 3 })).toBe(opHashOf(op));
  expect(opHashOf({ ...op, text: 'Gruesse' })).not.toBe(opHashOf(op));
});
