/**
 * Heads: the beat. Owns the token clients hold: the incarnation it was given out in, and the oldest transaction then
 * running. A token of another incarnation asks for everything, since transaction numbers begin anew.
 */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { HeadsAnswer } from '@curlew/shared/protocol/sync.ts';
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { readHeads } from '../repositories/heads-repository.ts';
import type { Outcome } from './service-types.ts';

/** Answers `sync:heads`. */
export async function heads(
  pool: Pool,
  epoch: string,
  userId: string,
  request: { token?: string | undefined; cursor?: string | undefined },
): Promise<Outcome<HeadsAnswer>> {
  const { cursor } = request;
  if (cursor !== undefined && !uuidSchema.safeParse(cursor).success) {
    return err(errorBody('BAD_REQUEST', { detail: 'cursor: not one of this server' }));
  }
  // One row more than a page tells whether there is another.
  const page = await readHeads(pool, userId, sinceOf(request.token, epoch), cursor, limits.headsLogs + 1);
  const more = page.logs.length > limits.headsLogs;
  const logs = page.logs.slice(0, limits.headsLogs);
  const last = logs.at(-1);
  return ok({
    epoch,
    token: `${tagOf(epoch)}.${page.xmin}`,
    more,
    ...(more && last ? { cursor: last.id } : {}),
    logs,
  });
}

function sinceOf(token: string | undefined, epoch: string): string {
  const match = /^([0-9a-f]{16})\.([0-9]{1,18})$/.exec(token ?? '');
  return match?.[1] === tagOf(epoch) && match[2] !== undefined ? match[2] : '0';
}

function tagOf(epoch: string): string {
  return createHash('sha256').update(epoch).digest('hex').slice(0, 16);
}
