/** How far an announcement got, told to those who run the channel and to those who run the organisation. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Reach, ReachStep } from '@curlew/shared/protocol/reach.ts';
import type { Pool } from 'pg';
import { findMessagePlace } from '../repositories/access-repository.ts';
import { findLog } from '../repositories/event-repository.ts';
import { readReach } from '../repositories/reach-repository.ts';
import { authorise } from './authorise.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome } from './service-types.ts';

/** Answers `GET messages/:id/reach`. */
export async function reach(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  messageId: string,
  step: ReachStep,
): Promise<Outcome<Reach>> {
  const place = await findMessagePlace(pool, messageId);
  const log = place && (await findLog(pool, place.conversationId));
  const conversation = log && (await cache.conversation(log.id, log.memberVersion));
  const orgLog = conversation && (await findLog(pool, conversation.orgId));
  const org = orgLog && (await cache.org(orgLog.id, orgLog.memberVersion));
  const verdict = authorise(userId, { action: 'announcement.reach', conversation, org });
  if (!verdict.isAllowed) return err(errorBody(verdict.code));
  const found = await readReach(pool, messageId, step);
  return found ? ok(found) : err(errorBody('NOT_FOUND'));
}
