/**
 * Heads: what the server has, compared with what is held. Owns paging and the token; used at connect and by the beat.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Head } from '@curlew/shared/protocol/sync.ts';
import { stored, type SyncContext } from './sync-context.ts';

/** More pages than any account has logs for: a server that never says "no more" cannot hold the client for ever. */
const MAX_PAGES = 1_000;

/** What a round of heads said. */
export interface HeadsOutcome {
  /** The server's incarnation, when it is not the one the cache was filled from. */
  readonly newEpoch: string | null;
  /** Every log the answer named. */
  readonly named: readonly string[];
  /** Logs whose chain or length contradicts what is held; a comparison has to decide. */
  readonly suspicious: readonly string[];
}

/**
 * Fetches and applies heads. The token is the FIRST page's, kept only once every page is applied: a crash in between
 * asks for the same changes again. A token the server does not know any more is answered with everything.
 */
export async function fetchHeads(context: SyncContext): Promise<Result<HeadsOutcome, ErrorBody>> {
  const token = context.stores.meta.get('headsToken') ?? undefined;
  const { meta, ingest } = context.stores;
  const generation = context.generation();
  const suspicious: string[] = [];
  const named: string[] = [];
  let firstToken: string | undefined;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await context.request('sync:heads', { token, cursor });
    if (context.isStopped() || context.generation() !== generation) return err(errorBody('OFFLINE'));
    if (!answer.ok) return answer;
    const { epoch, logs, more } = answer.value;
    if (epoch !== context.epoch()) return ok({ newEpoch: epoch, named, suspicious: [] });
    named.push(...logs.map((head) => head.id));
    suspicious.push(...logs.filter((head) => contradicts(context, head)).map((head) => head.id));
    // Disk full: nothing more is cached, but the connection goes on, because messages can still be sent. The token stays
    // what it was, so that the same changes are asked for again.
    if (!stored(() => ingest.applyHeads(logs)).ok) return ok({ newEpoch: null, named, suspicious });
    firstToken ??= answer.value.token;
    cursor = answer.value.cursor;
    if (!more || cursor === undefined) break;
  }
  const newToken = firstToken;
  if (newToken !== undefined) stored(() => meta.set('headsToken', newToken));
  return ok({ newEpoch: null, named, suspicious });
}

/**
 * Whether a head cannot belong to the history this device holds. A shorter log may only mean that a push overtook the
 * answer, so this is a suspicion; `verify` decides.
 */
function contradicts(context: SyncContext, head: Head): boolean {
  // Its creator brought it back: compare, so that its lane goes on.
  if (context.lostLogs.has(head.id)) return true;
  const held = context.stores.reader.log(head.id);
  if (!held || held.tail === 0 || head.left) return false;
  return head.head < held.tail || (head.head === held.tail && head.chain !== held.chain);
}
