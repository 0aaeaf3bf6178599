/** What the flush makes of the server's answers. The outbox is played by one batch. */
import { expect, it, vi } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch } from '../store/store-types.ts';
import { Flush } from './flush.ts';
import { contextWith } from './testing/sync-context.ts';

const LANE = '00000000-0000-7000-8000-00000000000a';
const opOf = (n: number): Op => ({
  opId: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  v: 1,
  logId: LANE,
  kind: 'message.delete',
  messageId: LANE,
});

it('pairs results with ops by id, in whatever order and however many they come', async () => {
  const [first, second, third] = [opOf(1), opOf(2), opOf(3)];
  const batches: OutboxBatch[] = [{ lane: LANE, ops: [first, second, third] }];
  const settle = vi.fn();
  const committed: [string, number][] = [];
  const done = (op: Op, seq: number) => ({ opId: op.opId, ok: true, duplicate: false, seq });
  const answer = ok({ results: [done(third, 9), done(opOf(4), 8), done(first, 7)] });
  const context = contextWith({
    outbox: { nextBatch: () => batches.shift(), settle, nextWakeMs: () => null },
    request: () => Promise.resolve(answer) as Promise<never>,
  });
  const flush = new Flush(context, {
    committed: (op, _result, seq) => committed.push([op.opId, seq]),
    connectionFailed: () => expect.unreachable('the connection is fine'),
  });
  flush.open({ fence: 1, processId: 'server' });
  await vi.waitFor(() => expect(settle).toHaveBeenCalled());
  expect(committed).toEqual([
    [third.opId, 9],
    [first.opId, 7],
  ]);
});
