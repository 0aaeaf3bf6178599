/**
 * Verify: after the server's epoch changed, or when a chain does not fit, the positions held are compared with the
 * server's. Owns what follows for a log that differs: its cached rows go, its history is loaded anew, and everything
 * this device had acknowledged there is offered again (the server knows what it still has by the op's id).
 */
import { ok, type Result } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { stored, type SyncContext } from './sync-context.ts';

/** What a comparison found. `lost`: conversations of others that the server no longer knows. */
export interface VerifyOutcome {
  readonly differing: readonly string[];
  readonly lost: readonly string[];
}

/**
 * Compares the given logs, or all. Also offers again what was acknowledged for logs this device never came to hold.
 *
 * The server names only an upper bound of the last common position, and the cache keeps no chain of older positions.
 * So a differing log is forgotten whole and every own op of the sent log goes again: repeating one the server has
 * costs a duplicate answer, guessing the position could lose one.
 *
 * A conversation the server lost whole comes back through whoever created it. Until then its rows stay readable and
 * its lane rests: the server would refuse its ops for good as NOT_FOUND.
 */
export async function verifyLogs(
  context: SyncContext,
  only?: ReadonlySet<string>,
): Promise<Result<VerifyOutcome, ErrorBody>> {
  const { reader } = context.stores;
  const generation = context.generation();
  const positions = reader
    .logs()
    .filter((log) => log.tail > 0 && (!only || only.has(log.id)))
    .map((log) => ({ id: log.id, seq: log.tail, chain: log.chain }));
  const differing: string[] = [];
  const lost: string[] = [];
  for (let at = 0; at < positions.length; at += limits.headsLogs) {
    const answer = await context.call('verify', {
      body: { logs: positions.slice(at, at + limits.headsLogs) },
    });
    if (!answer.ok) return answer;
    if (context.isStopped() || context.generation() !== generation) return ok({ differing: [], lost: [] });
    for (const log of answer.value.logs) {
      if (log.same) {
        context.lostLogs.delete(log.id);
        // What was acknowledged beyond the tail never came here as an event: the server may not have it any more.
        const tail = reader.log(log.id)?.tail ?? 0;
        const offered = stored(() => (only ? 0 : context.stores.outbox.reoffer(log.id, tail)));
        if (!offered.ok) return offered;
        continue;
      }
      if (log.head === 0 && !isOwnCreation(context, log.id)) {
        context.lostLogs.add(log.id);
        lost.push(log.id);
        continue;
      }
      differing.push(log.id);
      const forgotten = stored(() => forgetLog(context, log.id));
      if (!forgotten.ok) return forgotten;
    }
  }
  const offered = stored(() => (only ? undefined : offerUnheld(context)));
  if (!offered.ok) return offered;
  return ok({ differing, lost });
}

/**
 * Drops what is cached of a log and offers everything of the sent log again; the catch-up loads it anew. The offer comes
 * first: after a crash in between the log is still found to differ.
 */
export function forgetLog(context: SyncContext, logId: string): void {
  const reoffered = context.stores.outbox.reoffer(logId, 0);
  context.lostLogs.delete(logId);
  context.stores.ingest.forgetLog(logId);
  context.log('warn', 'sync.diverged', { logId, reoffered });
}

/** Acknowledged ops of logs that are not cached (or not any more): the server may have lost those as well. */
function offerUnheld(context: SyncContext): void {
  const { outbox, reader } = context.stores;
  for (const lane of outbox.acknowledgedLanes()) {
    if ((reader.log(lane)?.tail ?? 0) === 0) outbox.reoffer(lane, 0);
  }
}

/** Only conversations are created by ops; account and organisation logs come with the account. */
function isOwnCreation(context: SyncContext, logId: string): boolean {
  const { outbox, reader } = context.stores;
  if (reader.log(logId)?.kind !== 'conversation') return true;
  return outbox.itemsOf(logId, 0).some((item) => item.op.kind === 'conversation.create');
}
