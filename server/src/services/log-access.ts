/**
 * What of a log a person may read. Owns the one way reads are authorised: the log's row and a member list at least as
 * new as that row, so that a cached list can never show a former member what came later.
 */
import { EMPTY_CHAIN } from '@curlew/shared/lib/chain.ts';
import type { Interval } from '@curlew/shared/lib/intervals.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Pool } from 'pg';
import type { VisibleRange } from '../repositories/access-repository.ts';
import { findLog, type LogRow } from '../repositories/event-repository.ts';
import { authorise } from './authorise.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome } from './service-types.ts';

/** A log as one person may read it. */
export interface ReadableLog {
  readonly log: LogRow;
  /** the ranges of seq open to the person, closed and ascending, none beyond `head` */
  readonly ranges: readonly Interval[];
  /** the log's head, or for a former member the end of the membership */
  readonly head: number;
  /** whether the person belongs to it now */
  readonly isMember: boolean;
}

/** Opens a log for reading, or says why not. */
export async function openLog(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  logId: string,
): Promise<Outcome<ReadableLog>> {
  const log = await findLog(pool, logId);
  if (logId === userId) {
    // An account log begins with its first entry; before that it is empty, not unknown.
    const own =
      log?.kind === 'account'
        ? log
        : { id: logId, kind: 'account' as const, head: 0, chain: EMPTY_CHAIN, floorSeq: 0, memberVersion: 0 };
    return ok(readable(own, [{ from: 1, to: null }]));
  }
  if (!log || log.kind === 'account') return err(errorBody('NOT_FOUND'));
  if (log.kind === 'org') {
    const org = await cache.org(logId, log.memberVersion);
    const verdict = authorise(userId, { action: 'org.read', org });
    if (!verdict.isAllowed) return err(errorBody(verdict.code));
    return ok(readable(log, [{ from: 1, to: org?.members.get(userId)?.leftSeq ?? null }]));
  }
  const conversation = await cache.conversation(logId, log.memberVersion);
  const verdict = authorise(userId, { action: 'conversation.read', conversation });
  if (!verdict.isAllowed) return err(errorBody(verdict.code));
  return ok(readable(log, conversation?.members.get(userId)?.visible ?? []));
}

/** Opens a conversation for reading; other logs are NOT_FOUND. */
export async function openConversation(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
): Promise<Outcome<ReadableLog>> {
  const opened = await openLog(pool, cache, userId, conversationId);
  return opened.ok && opened.value.log.kind !== 'conversation' ? err(errorBody('NOT_FOUND')) : opened;
}

function readable(log: LogRow, visible: readonly VisibleRange[]): ReadableLog {
  const ranges = visible
    .map(({ from, to }) => ({ lo: from, hi: Math.min(to ?? log.head, log.head) }))
    .filter(({ lo, hi }) => lo <= hi);
  const isOpen = visible.at(-1)?.to === null;
  return { log, ranges, head: isOpen ? log.head : (ranges.at(-1)?.hi ?? 0), isMember: isOpen };
}

/** Whether a position is open to the person. */
export function isVisible(readableLog: ReadableLog, seq: number): boolean {
  return readableLog.ranges.some(({ lo, hi }) => lo <= seq && seq <= hi);
}
