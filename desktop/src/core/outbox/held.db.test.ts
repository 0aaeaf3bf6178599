/** What was acknowledged and is in the cache is settled, also when the word between the two files was lost. */
import { expect, it } from 'vitest';
import { CONVERSATION, id, sendOp } from '../testing/logs.ts';
import { MemoryOutbox } from '../testing/memory-stores.ts';

it('is applied although nobody could say that it came', () => {
  let tail = 0;
  const { outbox, clock } = new MemoryOutbox({
    tailOf: () => tail,
    seenSeq: () => undefined,
    draft: () => undefined,
  });
  const opId = id(900);
  outbox.enqueue(sendOp(opId, 'said', CONVERSATION), clock.nowMs());
  const batch = outbox.nextBatch(clock.nowMs(), new Set());
  expect(batch?.ops).toHaveLength(1);
  if (batch) outbox.settle(batch, [{ opId, ok: true, duplicate: false, seq: 4 }], clock.nowMs(), () => 0);
  expect(outbox.nextBatch(clock.nowMs(), new Set())).toBeUndefined();
  expect(outbox.items()).toMatchObject([{ opId, state: 'ACKED', seq: 4 }]);
  // The cache has it; the disk was full when the outbox was to hear of that, and nothing else is said there.
  tail = 4;
  expect(outbox.nextBatch(clock.nowMs(), new Set())).toBeUndefined();
  expect(outbox.items()).toEqual([]);
});
