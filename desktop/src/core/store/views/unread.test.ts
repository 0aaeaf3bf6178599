import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, type IntervalSet } from '@curlew/shared/lib/intervals.ts';
import { countUnread, readUpTo } from './unread.ts';

interface Message {
  readonly seq: number;
  readonly isMine: boolean;
}

/** The truth: count over the whole log. */
function trueCount(messages: readonly Message[], base: number, upTo: number): number {
  return messages.filter(({ seq, isMine }) => !isMine && seq > base && seq <= upTo).length;
}

const logArbitrary = fc.array(fc.constantFrom('mine', 'theirs', 'meta'), { minLength: 1, maxLength: 30 });

describe('unread', () => {
  it('equals a count over the whole log wherever the cache covers what is unread', () => {
    fc.assert(
      fc.property(
        logArbitrary,
        fc.nat(30),
        fc.nat(30),
        fc.nat(30),
        fc.option(fc.integer({ min: 1, max: 30 })),
        fc.nat(30),
        (log, asOfRaw, serverReadRaw, readRaw, mark, loRaw) => {
          const tail = log.length;
          const messages = log.flatMap((kind, at) =>
            kind === 'meta' ? [] : [{ seq: at + 1, isMine: kind === 'mine' }],
          );
          const serverAsOf = Math.min(asOfRaw, tail);
          const serverReadSeq = Math.min(serverReadRaw, serverAsOf);
          const readSeq = Math.max(serverReadSeq, Math.min(readRaw, tail));
          const coverage: IntervalSet = [{ lo: Math.min(loRaw + 1, tail), hi: tail }];
          const unreadFromSeq = mark === null || mark > tail ? null : mark;
          const base = readUpTo(readSeq, unreadFromSeq);
          fc.pre(covers(coverage, { lo: base + 1, hi: tail }));
          const counted = countUnread(
            {
              tail,
              floorSeq: 0,
              serverCount: trueCount(messages, serverReadSeq, serverAsOf),
              serverAsOf,
              serverReadSeq,
              serverUnreadFromSeq: null,
              readSeq,
              unreadFromSeq,
            },
            {
              coverage: () => coverage,
              count(after, upTo) {
                expect(covers(coverage, { lo: after + 1, hi: upTo })).toBe(true);
                return trueCount(messages, after, upTo);
              },
            },
          );
          expect(counted).toBe(trueCount(messages, base, tail));
        },
      ),
    );
  });

  it('keeps the server’s count over what is not held, and corrects it by what is', () => {
    // Held: 91..110. The server counted 40 unread up to 100; ten more came, and 5 of the held ones were read since.
    const facts = {
      tail: 110,
      floorSeq: 0,
      serverCount: 40,
      serverAsOf: 100,
      serverReadSeq: 60,
      serverUnreadFromSeq: null,
      readSeq: 60,
      unreadFromSeq: null,
    };
    const cache = {
      coverage: () => [{ lo: 91, hi: 110 }],
      count: (after: number, upTo: number) => Math.max(0, upTo - Math.max(after, 90)),
    };
    expect(countUnread(facts, cache)).toBe(50);
    expect(countUnread({ ...facts, readSeq: 95 }, cache)).toBe(15);
    expect(countUnread({ ...facts, readSeq: 110 }, cache)).toBe(0);
  });

  it('a count newer than the cache stands', () => {
    const facts = {
      tail: 10,
      floorSeq: 0,
      serverCount: 3,
      serverAsOf: 15,
      serverReadSeq: 10,
      serverUnreadFromSeq: null,
      readSeq: 10,
      unreadFromSeq: null,
    };
    expect(countUnread(facts, { coverage: () => [{ lo: 1, hi: 10 }], count: () => 0 })).toBe(3);
    expect(countUnread({ ...facts, readSeq: 15 }, { coverage: () => [], count: () => 0 })).toBe(0);
  });
});
