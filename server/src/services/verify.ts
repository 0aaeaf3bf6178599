/** Verify: whether the positions a client holds are part of this server's history. */
import { ok } from '@curlew/shared/lib/result.ts';
import type { VerifyAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import { chainsAt } from '../repositories/event-repository.ts';
import { EMPTY_CHAIN } from '@curlew/shared/lib/chain.ts';
import { openLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome } from './service-types.ts';

/** A position as a client holds it. */
export interface HeldPosition {
  readonly id: string;
  readonly seq: number;
  readonly chain: string;
}

/**
 * Answers `POST sync/verify`. A log that is not (or no longer) the person's answers like one that was never there:
 * nothing in common. `commonAtMost` is the position itself when it is shared, else the last one that can be.
 */
export async function verify(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  held: readonly HeldPosition[],
): Promise<Outcome<VerifyAnswer>> {
  const [opened, chains] = await Promise.all([
    Promise.all(held.map(({ id }) => openLog(pool, cache, userId, id))),
    chainsAt(
      pool,
      held.map(({ id, seq }) => ({ logId: id, seq })),
    ),
  ]);
  const logs = held.map(({ id, seq, chain }, index) => {
    const it = opened[index];
    if (!it?.ok) return { id, same: false, head: 0, commonAtMost: 0 };
    const { head } = it.value;
    const expected = seq === 0 ? EMPTY_CHAIN : chains[index];
    const same = seq <= head && expected === chain;
    return { id, same, head, commonAtMost: same ? seq : Math.max(0, Math.min(head, seq - 1)) };
  });
  return ok({ logs });
}
