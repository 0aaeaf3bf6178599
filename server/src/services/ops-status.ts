/** Ops status: which of a person's ops the server holds. */
import { ok } from '@curlew/shared/lib/result.ts';
import type { OpsStatusAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import { findCommitted } from '../repositories/event-repository.ts';
import type { Outcome } from './service-types.ts';

/** Answers `POST ops/status`, in the order asked. Only own ops are ever found. */
export async function opsStatus(
  pool: Pool,
  userId: string,
  opIds: readonly string[],
): Promise<Outcome<OpsStatusAnswer>> {
  const found = new Map((await findCommitted(pool, userId, opIds)).map((op) => [op.opId, op]));
  const ops = opIds.map((opId) => {
    const op = found.get(opId);
    return op ? { opId, committed: true, logId: op.logId, seq: op.seq } : { opId, committed: false };
  });
  return ok({ ops });
}
