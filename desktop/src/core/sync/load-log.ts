/**
 * Brings one log up to the server: pull, window or state, whichever fits the gap. Owns the order of those attempts;
 * one call per log at a time (`catch-up.ts` sees to it).
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { LogEntry } from '@curlew/shared/domain/message.ts';
import { StoreError } from '../store/store-error.ts';
import type { IngestOutcome, LogRow } from '../store/store-types.ts';
import { loadReceipts } from './receipts.ts';
import type { SyncContext } from './sync-context.ts';

/** Answers that were overtaken by the local tail, before the call gives up until the next round. */
const MAX_STALE = 5;
/** Pulls of one call: 1,000 events each, far above what is pulled before a window is loaded instead. */
const MAX_PULLS = 50;
/** Ranges a window request may name. */
const MAX_RANGES = 200;

/** A log that has to be compared before it can go on. */
export type LoadOutcome = 'loaded' | 'diverged';

/**
 * Loads what is missing at the end of a log, and the others' receipts when they moved. A full disk is an error like any
 * other: nothing of the page was stored, and it is asked for again.
 */
export async function loadLog(
  context: SyncContext,
  logId: string,
  needSeq: number,
): Promise<Result<LoadOutcome, ErrorBody>> {
  try {
    return await loadMissing(context, logId, needSeq);
  } catch (cause) {
    if (cause instanceof StoreError) return err(errorBody(cause.code));
    throw cause;
  }
}

async function loadMissing(
  context: SyncContext,
  logId: string,
  needSeq: number,
): Promise<Result<LoadOutcome, ErrorBody>> {
  const log = context.stores.reader.log(logId);
  if (!log) return ok('loaded');
  const head = Math.max(log.head, needSeq);
  if (head > log.tail || log.isEmpty) {
    const isFar = head - log.tail > context.tuning.pullLimitEvents;
    const outcome = log.isEmpty || isFar ? await loadAnew(context, log) : await pullTo(context, log.id, head);
    if (!outcome.ok || outcome.value === 'diverged') return outcome;
  }
  const receipts = await loadReceipts(context, logId);
  return receipts.ok ? ok('loaded') : receipts;
}

async function loadAnew(context: SyncContext, log: LogRow): Promise<Result<LoadOutcome, ErrorBody>> {
  return log.kind === 'conversation' ? loadWindow(context, log.id) : loadState(context, log.id, log.kind);
}

async function pullTo(
  context: SyncContext,
  logId: string,
  head: number,
): Promise<Result<LoadOutcome, ErrorBody>> {
  const { reader } = context.stores;
  for (let pulls = 0; pulls < MAX_PULLS; pulls += 1) {
    const before = reader.log(logId);
    if (!before || before.tail >= head) return ok('loaded');
    const answer = await context.call('pull', {
      params: { id: logId },
      query: { after: before.tail, limit: limits.pullEvents, needSeq: before.left ? undefined : head },
    });
    if (context.isStopped()) return err(errorBody('OFFLINE'));
    if (!answer.ok) {
      return answer.error.code === 'TRIMMED' ? loadAnew(context, before) : answer;
    }
    // The person was away. What was said meanwhile stays closed, but what the conversation is called and who is in it
    // changed as well, and no event will say so: the window brings it, with whatever was deleted of what is held.
    if (answer.value.hole) return loadAnew(context, before);
    const outcome = await applyPull(context, logId, answer.value.events);
    if (outcome === 'diverged') return ok('diverged');
    if (context.isStopped()) return err(errorBody('OFFLINE'));
    const after = reader.log(logId)?.tail ?? 0;
    // The announced head is beyond what this person may see (left meanwhile): there is nothing more to come.
    if (after <= before.tail && answer.value.head <= after) return ok('loaded');
    // An answer that neither advances nor says that it is the end would be asked for for ever.
    if (after <= before.tail && answer.value.events.length === 0) return err(errorBody('LAGGING'));
  }
  return ok('loaded');
}

/** Applies a page in short steps, so that intents and views get their turn in between. */
async function applyPull(
  context: SyncContext,
  logId: string,
  events: readonly Envelope[],
): Promise<IngestOutcome['kind']> {
  const { ingest } = context.stores;
  let kind: IngestOutcome['kind'] = 'applied';
  for (const outcome of ingest.applyEventsInSteps(logId, events)) {
    ({ kind } = outcome);
    await nextTurn(context);
    if (context.isStopped()) return kind;
  }
  if (kind === 'applied' && events.length > 0) context.committed(logId, events, 'pull');
  return kind;
}

function nextTurn(context: SyncContext): Promise<void> {
  return new Promise((resolve) => {
    context.timers.after(0, resolve);
  });
}

async function loadWindow(context: SyncContext, logId: string): Promise<Result<LoadOutcome, ErrorBody>> {
  const { reader, ingest } = context.stores;
  for (let stale = 0; stale < MAX_STALE; stale += 1) {
    const log = reader.log(logId);
    if (!log) return ok('loaded');
    const limit = log.isEmpty ? context.tuning.firstSyncMessages : context.tuning.windowMessages;
    const ranges = log.coverage.slice(-MAX_RANGES).map(({ lo, hi }) => ({ lo, hi }));
    const answer = await context.call('window', {
      params: { id: logId },
      body: { tail: log.tail, ranges, limit },
    });
    if (context.isStopped()) return err(errorBody('OFFLINE'));
    if (!answer.ok) return answer;
    if (ingest.applyWindow(logId, answer.value, ranges) === 'applied') {
      context.committed(logId, [], 'window');
      return ok('loaded');
    }
  }
  return err(errorBody('LAGGING'));
}

async function loadState(
  context: SyncContext,
  logId: string,
  kind: 'account' | 'org',
): Promise<Result<LoadOutcome, ErrorBody>> {
  for (let stale = 0; stale < MAX_STALE; stale += 1) {
    const entries: LogEntry[] = [];
    let cursor: string | undefined;
    let first: { asOf: number; chain: string } | undefined;
    do {
      const page = await context.call('logState', { params: { id: logId }, query: { cursor } });
      if (context.isStopped()) return err(errorBody('OFFLINE'));
      if (!page.ok) return page;
      // Pages of different moments are joined as of the first: later events are pulled from there on top.
      first ??= { asOf: page.value.asOf, chain: page.value.chain };
      entries.push(...page.value.entries);
      cursor = page.value.cursor;
    } while (cursor !== undefined);
    if (context.stores.ingest.applyLogState(logId, kind, { ...first, entries }) === 'applied') {
      return ok('loaded');
    }
  }
  return err(errorBody('LAGGING'));
}
