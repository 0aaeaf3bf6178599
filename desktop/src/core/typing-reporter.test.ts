import { expect, test } from 'vitest';
import { TypingReporter } from './typing-reporter.ts';

/** A clock that moves by hand, with the timers of it. */
function rig() {
  let nowMs = 0;
  let due: { atMs: number; run: () => void }[] = [];
  const told: string[] = [];
  const reporter = new TypingReporter(
    { nowMs: () => nowMs, monotonicMs: () => nowMs },
    {
      after(delayMs, run) {
        const timer = { atMs: nowMs + delayMs, run };
        due.push(timer);
        return () => void (due = due.filter((it) => it !== timer));
      },
    },
    (event, conversationId) => void told.push(`${nowMs} ${event} ${conversationId}`),
  );
  const advance = (ms: number): void => {
    const end = nowMs + ms;
    for (;;) {
      const next = due.filter((it) => it.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      due = due.filter((it) => it !== next);
      nowMs = next.atMs;
      next.run();
    }
    nowMs = end;
  };
  return { reporter, told, advance };
}

test('one start per 3 s while keys come, a stop after 1 s of quiet', () => {
  const { reporter, told, advance } = rig();
  for (let key = 0; key < 8; key += 1) {
    reporter.report('c', true);
    advance(500);
  }
  advance(2_000);
  expect(told).toEqual(['0 typing:start c', '3000 typing:start c', '4500 typing:stop c']);
});

test('typing again soon after sending is told when its turn comes, not dropped by the server', () => {
  const { reporter, told, advance } = rig();
  reporter.report('c', true);
  advance(200);
  reporter.report('c', false);
  for (let key = 0; key < 8; key += 1) {
    advance(500);
    reporter.report('c', true);
  }
  expect(told).toEqual(['0 typing:start c', '200 typing:stop c', '3000 typing:start c']);
});

test('a start that never went out is not stopped', () => {
  const { reporter, told, advance } = rig();
  reporter.report('a', true);
  reporter.report('b', true);
  reporter.stop();
  advance(5_000);
  expect(told).toEqual(['0 typing:start a', '0 typing:stop a']);
});
