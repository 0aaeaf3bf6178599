/** Pull: the events after a position, the truth behind every push. */
import { EMPTY_CHAIN } from '@curlew/shared/lib/chain.ts';
import { err, must, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { PullAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import { chainAt, readEvents, type StoredEvent } from '../repositories/event-repository.ts';
import { readTouched } from '../repositories/message-repository.ts';
import { isVisible, openLog, type ReadableLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome, PullQuery } from './service-types.ts';

/** Answers `GET logs/:id/events`; TRIMMED below the floor, LAGGING when this database is behind what is needed. */
export async function pull(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  logId: string,
  query: PullQuery,
): Promise<Outcome<PullAnswer>> {
  const opened = await openLog(pool, cache, userId, logId);
  if (!opened.ok) return opened;
  const { log, head, ranges } = opened.value;
  if (query.needSeq !== undefined && query.needSeq > log.head) return err(errorBody('LAGGING'));
  const next = query.after + 1;
  const range = ranges.find(({ hi }) => next <= hi);
  const chain = head === log.head ? log.chain : await positionChain(pool, logId, head);
  if (!range) return ok({ events: [], head, chain });
  if (next < range.lo)
    return ok({ events: [], head, chain, hole: await holeBefore(pool, opened.value, next, range.lo - 1) });
  if (query.after < log.floorSeq) return err(errorBody('TRIMMED', { floorSeq: log.floorSeq }));
  const events = await readEvents(pool, logId, { after: query.after, upTo: range.hi, limit: query.limit });
  return ok({ events: events.map((event) => withheld(opened.value, event)), head, chain });
}

/** What was said while the person was away stays closed; what they hold of before may have been deleted meanwhile. */
async function holeBefore(
  pool: Pool,
  readable: ReadableLog,
  lo: number,
  hi: number,
): Promise<PullAnswer['hole']> {
  const earlier = readable.ranges.filter((range) => range.hi < lo);
  const touched = await readTouched(pool, readable.log.id, lo - 1, earlier);
  return {
    lo,
    hi,
    chainBefore: await positionChain(pool, readable.log.id, hi),
    touched: touched.filter((message) => message.deletedAt !== null && message.revSeq <= hi),
  };
}

/** An event about a message the person may not see goes out as skeleton: position and chain without content. */
function withheld(readable: ReadableLog, { envelope, targetSeq }: StoredEvent): StoredEvent['envelope'] {
  return targetSeq === null || isVisible(readable, targetSeq) ? envelope : { ...envelope, payload: null };
}

async function positionChain(pool: Pool, logId: string, seq: number): Promise<string> {
  if (seq === 0) return EMPTY_CHAIN;
  return must(
    await chainAt(pool, logId, seq),
    `log ${logId} has an event at ${seq}, since its skeleton is never removed`,
  );
}
