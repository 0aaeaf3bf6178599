/** Who gets what of a commit: people who see the same share a plan, and so a frame, however late they came. */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { expect, test } from 'vitest';
import type { ConversationAccess, ConversationStanding } from '../repositories/access-repository.ts';
import { planFanOut, type CommittedEvent } from './fan-out-plan.ts';
import type { MembershipCache } from './membership-cache.ts';

const standing = (userId: string, from: number, isActive = true): [string, ConversationStanding] => [
  userId,
  { userId, role: 'member', isActive, visible: [{ from, to: isActive ? null : 4 }] },
];
const conversation: ConversationAccess = {
  id: 'c',
  orgId: 'o',
  kind: 'group',
  audience: null,
  isClosed: false,
  memberVersion: 1,
  members: new Map([
    standing('ann', 1),
    standing('ben', 5),
    standing('cleo', 5),
    standing('dan', 9),
    standing('gone', 1, false),
  ]),
};
const cache = { conversation: () => Promise.resolve(conversation) } as unknown as MembershipCache;

const event = (seq: number, targetSeq: number | null = null): CommittedEvent => ({
  targetSeq,
  envelope: { logId: 'c', seq, type: 'message:edited', payload: { seq }, memberVersion: 1 } as Envelope,
});

async function plansOf(...events: CommittedEvent[]) {
  const plans = await planFanOut('conversation', 'c', events, cache);
  return plans.map(({ memberIds, events: told }) => [
    memberIds.join(' '),
    told.map(({ seq, payload }) => (payload === null ? `${seq} withheld` : `${seq}`)).join(', '),
  ]);
}

test('what everybody sees goes to everybody at once', async () => {
  expect(await plansOf(event(10))).toEqual([['ann ben cleo dan', '10']]);
});

test('people who see the same part share it; nobody hears of what they may not see', async () => {
  expect(await plansOf(event(7), event(8))).toEqual([['ann ben cleo', '7, 8']]);
  expect(await plansOf(event(8), event(10, 2))).toEqual([
    ['ann', '8, 10'],
    ['ben cleo', '8, 10 withheld'],
    ['dan', '10 withheld'],
  ]);
});
