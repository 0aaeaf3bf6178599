/** When consequences are repaired. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConsequenceService } from './consequences.ts';
import type { FanOut } from './service-types.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const left: FanOut = {
  logId: 'conversation',
  kind: 'conversation',
  memberVersion: 2,
  memberIds: ['ann'],
  events: [],
  receipts: [],
  added: [],
  removed: ['cleo'],
};
const leftOrg: FanOut = { ...left, logId: 'org', kind: 'org' };
const done = { fanOut: [], isComplete: true };
const idle = {
  repair: vi.fn(),
  leaveConversations: vi.fn(),
  returnToConversations: vi.fn(),
  followAudiences: vi.fn(),
};

test('repairs at the start, every minute, and soon after a failure until it is done', async () => {
  const repair = vi.fn().mockResolvedValue(done);
  const leaveConversations = vi.fn().mockResolvedValue({ fanOut: [], isComplete: false });
  const send = vi.fn();
  const onFailure = vi.fn();
  const service = new ConsequenceService({ ...idle, repair, leaveConversations });
  service.start({ send, onFailure });
  await vi.advanceTimersByTimeAsync(0);
  expect(repair).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(repair).toHaveBeenCalledTimes(2);

  repair.mockRejectedValueOnce(new Error('away')).mockResolvedValueOnce({ fanOut: [left], isComplete: true });
  expect(await service.follow([left, leftOrg])).toEqual([]);
  expect(leaveConversations.mock.calls).toEqual([['org', 'cleo']]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(onFailure).toHaveBeenCalledTimes(1);
  expect(send).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(send.mock.calls).toEqual([[[left]]]);

  await service.stop();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(repair).toHaveBeenCalledTimes(4);
});

test('what follows can fail without failing what was committed', async () => {
  const leaveConversations = vi.fn().mockRejectedValue(new Error('a bug'));
  const service = new ConsequenceService({ ...idle, leaveConversations });
  expect(await service.follow([leftOrg])).toEqual([]);
});
