/** The judge itself is judged: each fault planted once must be seen. */
import { expect, test } from 'vitest';
import type { Message } from '@curlew/shared/domain/message.ts';
import { judge } from './ledger.ts';

const committed = (...texts: string[]): Message[] =>
  texts.map((text, index) => ({
    id: `0190b5a0-0000-7000-8000-${String(index).padStart(12, '0')}`,
    conversationId: '0190b5a0-0000-7000-8000-ffffffffffff',
    createSeq: index + 1,
    revSeq: index + 1,
    senderId: '0190b5a0-0000-7000-8000-eeeeeeeeeeee',
    text,
    replyTo: null,
    threadRootId: null,
    mentions: [],
    extras: {},
    composedAt: 0,
    createdAt: 0,
    editedAt: null,
    deletedAt: null,
    reactions: [],
  }));
const composed = (...texts: string[]) => texts.map((text) => ({ text, durable: true }));

test('a whole log is clean, others’ messages and unanswered texts aside', () => {
  const mine = [...composed('a', 'b'), { text: 'c', durable: false }];
  expect(judge(mine, committed('a', 'x', 'b'))).toEqual({ acked: 2, lost: 0, doubled: 0, reordered: 0 });
  expect(judge(mine, committed('a', 'b', 'c')).lost).toBe(0);
});

test('a lost, a doubled and a reordered message are seen', () => {
  expect(judge(composed('a', 'b'), committed('a')).lost).toBe(1);
  expect(judge(composed('a', 'b'), committed('a', 'b', 'a')).doubled).toBe(1);
  expect(judge(composed('a', 'b'), committed('b', 'a')).reordered).toBeGreaterThan(0);
});
