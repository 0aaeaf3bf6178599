/** Window reset: the newest page and what changed of what a client holds, instead of a long catch-up. */
import { EMPTY_CHAIN } from '@curlew/shared/lib/chain.ts';
import { must, ok } from '@curlew/shared/lib/result.ts';
import type { Interval } from '@curlew/shared/lib/intervals.ts';
import type { WindowAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import { findConversation } from '../repositories/conversation-repository.ts';
import { chainAt } from '../repositories/event-repository.ts';
import { readTouched } from '../repositories/message-repository.ts';
import { conversationAsVisible } from './conversations.ts';
import { pageBefore } from './history.ts';
import { openConversation } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import { receiptsWithWindow } from './receipts.ts';
import type { Outcome, WindowQuery } from './service-types.ts';
import { asVisible } from './visible-messages.ts';

/** Answers `POST conversations/:id/window`. Head and chain are of one moment and read first; rows may be newer. */
export async function window(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
  query: WindowQuery,
): Promise<Outcome<WindowAnswer>> {
  const opened = await openConversation(pool, cache, userId, conversationId);
  if (!opened.ok) return opened;
  const { log, head, ranges, isMember } = opened.value;
  const [page, conversation, receipts, chain] = await Promise.all([
    pageBefore(pool, opened.value, head, query.limit),
    findConversation(pool, conversationId),
    receiptsWithWindow(pool, cache, userId, log),
    head === log.head ? log.chain : chainAt(pool, conversationId, head),
  ]);
  const held = query.ranges.flatMap((range) => ranges.map((open) => intersection(range, open)));
  const older = held
    .map((range) => intersection(range, { lo: 1, hi: page.covers.lo - 1 }))
    .filter(({ lo, hi }) => lo <= hi);
  const touched = await readTouched(pool, conversationId, query.tail, older);
  return ok({
    ...page,
    chain: chain ?? EMPTY_CHAIN,
    conversation: await conversationAsVisible(
      pool,
      opened.value,
      must(conversation, 'a conversation that was opened exists'),
    ),
    // Watermarks are of the present, which a former member has no part in.
    ...(isMember ? receipts : { receiptVersion: 0, receipts: [] }),
    touched: await asVisible(pool, opened.value, touched),
  });
}

function intersection(a: Interval, b: Interval): Interval {
  return { lo: Math.max(a.lo, b.lo), hi: Math.min(a.hi, b.hi) };
}
