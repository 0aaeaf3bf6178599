/** State of account and organisation logs: their window. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { LogStateAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import { readEntries } from '../repositories/entry-repository.ts';
import { openLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome } from './service-types.ts';

/** Entries of one page; an entry is at most a draft of 64 KiB. */
const PAGE_ENTRIES = 200;

/**
 * Answers `GET logs/:id/state`. Position and chain are read before the entries; a client that pages keeps the first
 * page's and pulls from there. A former member of an organisation gets no state: it would be newer than they may see.
 */
export async function logState(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  logId: string,
  cursor: string | undefined,
): Promise<Outcome<LogStateAnswer>> {
  const opened = await openLog(pool, cache, userId, logId);
  if (!opened.ok) return opened;
  const { log, head } = opened.value;
  if (log.kind === 'conversation')
    return err(errorBody('BAD_REQUEST', { detail: 'a conversation has a window' }));
  if (head < log.head) return err(errorBody('NOT_MEMBER'));
  const rows = await readEntries(pool, logId, cursor, PAGE_ENTRIES + 1);
  const entries = rows.slice(0, PAGE_ENTRIES);
  const last = entries.at(-1);
  return ok({
    asOf: log.head,
    chain: log.chain,
    entries,
    ...(rows.length > PAGE_ENTRIES && last ? { cursor: last.key } : {}),
  });
}
