/**
 * Verify: after the server's epoch changed, or when a chain does not fit, the positions held are compared with the
 * server's. Owns what follows for a log that differs: its cached rows go, its history is loaded anew, and everything
 * this device had acknowledged there is offered again (the server knows what it still has by the op's id).
 */
import { ok, type Result } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { SyncContext } from './sync-context.ts';

/**
 * Compares the given logs, or all. Returns the logs that differed.
 *
 * The server names only an upper bound of the last common position, and the cache keeps no chain of older positions.
 * So a differing log is forgotten whole and every own op of the sent log goes again: repeating one the server has
 * costs a duplicate answer, guessing the position could lose one.
 */
export async function verifyLogs(
  context: SyncContext,
  only?: ReadonlySet<string>,
): Promise<Result<readonly string[], ErrorBody>> {
  const { reader } = context.stores;
  const generation = context.generation();
  const positions = reader
    .logs()
    .filter((log) => log.tail > 0 && (!only || only.has(log.id)))
    .map((log) => ({ id: log.id, seq: log.tail, chain: log.chain }));
  const differing: string[] = [];
  for (let at = 0; at < positions.length; at += limits.headsLogs) {
    const answer = await context.call('verify', {
      body: { logs: positions.slice(at, at + limits.headsLogs) },
    });
    if (!answer.ok) return answer;
    if (context.isStopped() || context.generation() !== generation) return ok([]);
    for (const log of answer.value.logs) {
      if (log.same) continue;
      differing.push(log.id);
      forgetLog(context, log.id);
    }
  }
  return ok(differing);
}

/**
 * Drops what is cached of a log and offers everything of the sent log again; the catch-up loads it anew. The offer comes
 * first: after a crash in between the log is still found to differ.
 */
export function forgetLog(context: SyncContext, logId: string): void {
  const reoffered = context.stores.outbox.reoffer(logId, 0);
  context.stores.ingest.forgetLog(logId);
  context.log('warn', 'sync.diverged', { logId, reoffered });
}
