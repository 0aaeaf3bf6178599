/**
 * Choosing what goes next. Owns FIFO per lane, the batch limits, the parking of stale ops and the quarantine of ops that
 * end connections.
 */
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch } from '../store/store-types.ts';
import { meetHeldDraft } from './draft-meeting.ts';
import { enqueueOp } from './enqueue.ts';
import type { OpLedger } from './op-ledger.ts';
import type { StoredOp } from './op-rows.ts';

/** Age at which an unattempted op asks before it goes. */
export const PARK_AFTER_MS = 24 * 3_600_000;
/** Weight of the connections that died with an op on them from which on it goes alone; see `countDisconnect`. */
export const QUARANTINE_DISCONNECTS = 8;
/** Room in a batch for everything but its ops. */
const FRAME_OVERHEAD_BYTES = 512;
/** Ops that say something to others; the rest (settings, deletes, reactions) is as right late as in time. */
const PARKABLE_KINDS = new Set(['message.send', 'message.edit', 'conversation.create']);

/** Whether an op is too old to go unasked. */
export function isStale(row: StoredOp, nowMs: number): boolean {
  return (
    row.attempts === 0 &&
    row.isApproved === 0 &&
    PARKABLE_KINDS.has(row.kind) &&
    nowMs - row.composedAt > PARK_AFTER_MS
  );
}

/** Takes the next batch: its rows are IN_FLIGHT and counted as attempted. Undefined when nothing may go. */
export function takeBatch(
  ledger: OpLedger,
  nowMs: number,
  exceptLanes: ReadonlySet<string>,
): OutboxBatch | undefined {
  for (const lane of ledger.rows.openLanes()) {
    if (exceptLanes.has(lane)) continue;
    const ops = takeFromLane(ledger, lane, nowMs);
    if (ops.length === 0) continue;
    // Watermarks ride along when there is room; they are small and in no order with the rest.
    const marks = ledger.marks.take(lane, nowMs, limits.batchOps - ops.length);
    return { lane, ops: [...ops, ...marks] };
  }
  for (const lane of ledger.marks.open(nowMs)) {
    if (exceptLanes.has(lane)) continue;
    const ops = ledger.marks.take(lane, nowMs, limits.batchOps);
    if (ops.length > 0) return { lane, ops };
  }
  return undefined;
}

/** Turns changed drafts whose time has come into ops of the account log. */
export function offerDrafts(ledger: OpLedger, userId: string, nowMs: number): void {
  for (const { place } of ledger.drafts.waiting()) meetHeldDraft(ledger, place);
  for (const { place, draft, dueAt } of ledger.drafts.waiting()) {
    if (dueAt > nowMs || isBeingCreated(ledger, place)) continue;
    const op: Op = {
      opId: ledger.newId(),
      v: 1,
      logId: userId,
      kind: 'account.set',
      key: `draft:${place}`,
      value: draft && { ...draft, asOf: ledger.cache.tailOf(userId) },
    };
    enqueueOp(ledger, op, nowMs);
    ledger.drafts.setOffered(place, op.opId, nowMs);
  }
}

/** Earliest time after `nowMs` at which a draft may be offered. */
export function nextDraftMs(ledger: OpLedger, nowMs: number): number | null {
  const times = ledger.drafts.waiting().flatMap(({ dueAt }) => (dueAt > nowMs ? [dueAt] : []));
  return times.length === 0 ? null : Math.min(...times);
}

// Its id may still change, and with it the draft's key.
function isBeingCreated(ledger: OpLedger, conversationId: string): boolean {
  const create = ledger.rows.createIn(conversationId);
  return create !== undefined && create.state !== 'ACKED';
}

function takeFromLane(ledger: OpLedger, lane: string, nowMs: number): readonly Op[] {
  const ops: Op[] = [];
  let bytes = FRAME_OVERHEAD_BYTES;
  for (const stored of ledger.rows.blockingInLane(lane)) {
    const row = makeReady(ledger, stored, nowMs);
    if (row === 'passed') continue;
    if (row === 'blocked') break;
    const op = ledger.rows.opOf(row);
    if (!op) {
      ledger.feed(row, 'unreadable', { code: 'BAD_REQUEST', detail: 'unreadable' });
      continue;
    }
    const isQuarantined = row.disconnects >= QUARANTINE_DISCONNECTS;
    const size = utf8Length(row.bytes) + 1;
    if (ops.length > 0 && (isQuarantined || bytes + size > limits.batchBytes)) break;
    ledger.feed(row, 'taken', { attempts: row.attempts + 1, retryAt: null });
    ops.push(op);
    bytes += size;
    if (isQuarantined || ops.length === limits.batchOps) break;
  }
  return ops;
}

// A row of a lane that may go now; `passed` when it does not stand in the way, `blocked` when the lane has to wait.
function makeReady(ledger: OpLedger, stored: StoredOp, nowMs: number): StoredOp | 'passed' | 'blocked' {
  let row = stored;
  if (row.state === 'BACKOFF' && (row.retryAt ?? 0) <= nowMs) row = ledger.feed(row, 'timerDue');
  else if (row.state === 'AMBIGUOUS') row = ledger.feed(row, 'resent');
  else row = ledger.admit(row);
  if (row.state === 'READY' && isStale(row, nowMs)) row = ledger.feed(row, 'aged');
  switch (row.state) {
    case 'READY':
      return row;
    case 'STALLED':
    case 'PARKED':
    case 'CANCELLED':
    case 'ACKED':
    case 'APPLIED':
      return 'passed';
    default:
      return 'blocked';
  }
}
