/**
 * Taking the server's word on a batch. Owns what each answer does to an op: which ones are retried, how long the delay
 * is, which end it, and what a lost connection means.
 */
import { isErrorCode, retryClassOf } from '@curlew/shared/protocol/errors.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch } from '../store/store-types.ts';
import { setConversationAlias } from './aliases.ts';
import { QUARANTINE_DISCONNECTS } from './batching.ts';
import type { OpLedger } from './op-ledger.ts';
import type { OpChange, StoredOp } from './op-rows.ts';

/** What a close of the connection by a server that lives on weighs. */
const CLOSE_WEIGHT = 4;
/** What a close weighs when the server was another process afterwards. */
const CRASH_WEIGHT = 1;
/** Weight of all closes at which an op that went alone stalls: four closes, or sixteen crashes of the server. */
const POISON_DISCONNECTS = 16;
/** Refusals of the bounded class until an op stalls. */
export const MAX_FAULTS = 8;
/** Delay before a refused op goes again: full jitter between these. */
const MIN_BACKOFF_MS = 1_000;
/** See {@link MIN_BACKOFF_MS}. */
export const MAX_BACKOFF_MS = 60_000;

/**
 * The delay before a retry.
 * @param attempts submissions so far
 * @param unit uniform in [0, 1)
 * @param askedMs the server's own wish; honoured up to the maximum, so that an op is never silent for longer
 */
export function backoffMs(attempts: number, unit: number, askedMs: number | undefined): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.min(attempts, 6));
  const jittered = MIN_BACKOFF_MS + Math.floor(unit * (ceiling - MIN_BACKOFF_MS));
  return Math.min(MAX_BACKOFF_MS, Math.max(jittered, askedMs ?? 0));
}

/** Applies results in order; ops behind the last result go back to READY, or wait when there was none at all. */
export function settleBatch(
  ledger: OpLedger,
  batch: OutboxBatch,
  results: readonly OpResult[],
  nowMs: number,
  jitter: () => number,
): void {
  const byId = new Map(results.map((result) => [result.opId, result]));
  for (const [at, op] of batch.ops.entries()) {
    const result = byId.get(op.opId);
    ledger.marks.settle(op.opId, result, nowMs + backoffMs(1, jitter(), result?.retryMs));
    const row = ledger.rows.find(op.opId);
    if (!row) continue;
    if (result) settleOp(ledger, row, op, result, nowMs, jitter);
    // An answer without any result must not become a loop at the speed of the network.
    else if (at === 0) delay(ledger, row, undefined, nowMs, jitter, {});
    else ledger.feed(row, 'passed');
  }
}

/** The connection ended before the answer: the ops may be committed or not. */
export function loseBatch(ledger: OpLedger, batch: OutboxBatch): void {
  for (const { opId } of batch.ops) {
    ledger.marks.lost(opId);
    const row = ledger.rows.find(opId);
    if (row) ledger.feed(row, 'connectionLost');
  }
}

/**
 * A connection died with these ops on it. From {@link QUARANTINE_DISCONNECTS} on an op goes alone; at
 * {@link POISON_DISCONNECTS} it is known to be the one: it stalls and the lane goes on. Company alone never proves it.
 * @param hasServerRestarted the server died too. That is rarely the op's doing, so it weighs little, but it does count:
 * an op that crashes the server must not do so for ever.
 */
export function countDisconnect(ledger: OpLedger, batch: OutboxBatch, hasServerRestarted: boolean): void {
  const rows = batch.ops.flatMap(({ opId }) => ledger.rows.find(opId) ?? []);
  const isAlone = rows.length === 1;
  const weight = hasServerRestarted ? CRASH_WEIGHT : CLOSE_WEIGHT;
  for (const row of rows) {
    const wasAlone = isAlone && row.disconnects >= QUARANTINE_DISCONNECTS;
    const most = wasAlone ? POISON_DISCONNECTS : Math.max(QUARANTINE_DISCONNECTS, row.disconnects);
    const disconnects = Math.min(most, row.disconnects + weight);
    if (disconnects < POISON_DISCONNECTS) ledger.rows.change(row, { disconnects });
    else
      ledger.feed(row, 'poisoned', { code: 'INTERNAL', detail: 'the connection kept ending at this point' });
  }
}

function settleOp(
  ledger: OpLedger,
  row: StoredOp,
  op: Op,
  result: OpResult,
  nowMs: number,
  jitter: () => number,
): void {
  // An answer proves that the op does not end connections.
  const answered = { disconnects: 0 };
  if (result.ok) {
    accept(ledger, row, op, result, answered);
    return;
  }
  const code = result.code ?? 'INTERNAL';
  if (isAlreadySo(op, code)) {
    ledger.feed(row, 'unchanged', answered);
    return;
  }
  const blame = { code: isErrorCode(code) ? code : 'INTERNAL', detail: result.detail ?? null };
  switch (retryClassOf(code)) {
    case 'never':
      ledger.feed(row, 'refused', { ...answered, ...blame });
      return;
    case 'bounded': {
      const faults = row.faults + 1;
      if (faults >= MAX_FAULTS) ledger.feed(row, 'gaveUp', { ...answered, ...blame, faults });
      else delay(ledger, row, result.retryMs, nowMs, jitter, { ...answered, ...blame, faults });
      return;
    }
    case 'backoff':
    case 'resync':
      delay(ledger, row, result.retryMs, nowMs, jitter, { ...answered, ...blame });
      return;
    case 'afterAuth':
    case 'afterUpdate':
      // The session was refused, not the op; it goes again with the next session.
      ledger.feed(row, 'passed', answered);
  }
}

function accept(ledger: OpLedger, row: StoredOp, op: Op, result: OpResult, answered: OpChange): void {
  if (result.seq === undefined) ledger.feed(row, 'unchanged', { ...answered, code: null, detail: null });
  else {
    const acked = ledger.feed(row, 'acknowledged', {
      ...answered,
      seq: result.seq,
      code: null,
      detail: null,
    });
    // The event came before its acknowledgement, or the cache was there already.
    if (acked.state === 'ACKED' && ledger.cache.tailOf(row.lane) >= result.seq) ledger.feed(acked, 'seen');
  }
  const { canonicalId } = result;
  if (op.kind === 'conversation.create' && canonicalId !== undefined && canonicalId !== op.logId) {
    setConversationAlias(ledger, op.logId, canonicalId);
  }
}

// What was to be undone or marked is not there (any more): that is what was asked for, not a failure.
function isAlreadySo(op: Op, code: string): boolean {
  const isGone = code === 'TARGET_MISSING' || code === 'TARGET_DELETED';
  return isGone && (op.kind === 'message.delete' || op.kind === 'reaction.set');
}

function delay(
  ledger: OpLedger,
  row: StoredOp,
  askedMs: number | undefined,
  nowMs: number,
  jitter: () => number,
  change: OpChange,
): void {
  ledger.feed(row, 'retryLater', { ...change, retryAt: nowMs + backoffMs(row.attempts, jitter(), askedMs) });
}
