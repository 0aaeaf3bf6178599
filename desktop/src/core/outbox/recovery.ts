/**
 * What is found at a start, and after the server lost history. Owns the comparison with the cache in both directions and
 * the re-offer from the sent log. Runs inside the caller's transaction.
 */
import { isStale } from './batching.ts';
import type { OpLedger } from './op-ledger.ts';
import { MAX_BACKOFF_MS } from './settling.ts';

/** How long applied ops are kept; longer than a server's backups are expected to reach back. */
export const SENT_LOG_MS = 30 * 24 * 3_600_000;

/** Ops whose meaning is "make it so": one that changed nothing has nothing to bring back. */
const VALUE_KINDS = new Set(['account.set', 'org.set', 'reaction.set']);

/**
 * At start: rows nobody can read stall; what the cache has seen is applied (a crash came between its commit and the
 * mark); what was in flight is ambiguous; stale unattempted ops are parked; the sent log is pruned.
 */
export function recoverOps(ledger: OpLedger, nowMs: number): void {
  const { rows, cache } = ledger;
  for (const { opId } of rows.all()) {
    // Fresh every time: an earlier row may have moved this one.
    const row = rows.find(opId);
    if (!row) continue;
    if (!rows.opOf(row)) {
      if (row.state !== 'STALLED')
        ledger.feed(row, 'unreadable', { code: 'BAD_REQUEST', detail: 'unreadable' });
      continue;
    }
    const seenSeq = cache.seenSeq(opId);
    const isHeld = row.state === 'ACKED' && row.seq !== null && row.seq <= cache.tailOf(row.lane);
    if (seenSeq !== undefined) ledger.feed(row, 'seen', { seq: seenSeq });
    else if (isHeld) ledger.feed(row, 'seen');
    else if (row.state === 'IN_FLIGHT') ledger.feed(row, 'processStarted');
    else if (isStale(row, nowMs)) ledger.feed(row, 'aged');
    // Its time was measured by the wall clock of an earlier run, which may have been years ahead.
    else if (row.state === 'BACKOFF' && (row.retryAt ?? 0) > nowMs + MAX_BACKOFF_MS)
      ledger.feed(row, 'timerDue', { retryAt: null });
    else ledger.admit(row);
  }
  rows.pruneSent(nowMs - SENT_LOG_MS);
}

/**
 * Applies what was acknowledged and stands in the cache by now: the word that it came may have met a full disk, and a
 * conversation that stays quiet gives no other.
 */
export function applyHeldOps(ledger: OpLedger): void {
  for (const row of ledger.rows.inState('ACKED')) {
    if (row.seq !== null && row.seq <= ledger.cache.tailOf(row.lane)) ledger.feed(row, 'seen');
  }
}

/**
 * Offers own acknowledged ops of a log beyond `commonSeq` again, in the order composed. Repeating one the server still has
 * is harmless: it answers with the position it gave it. Returns how many.
 */
export function reofferOps(ledger: OpLedger, logId: string, commonSeq: number): number {
  const { rows, marks } = ledger;
  let count = 0;
  for (const row of rows.inLane(logId)) {
    if (row.state !== 'ACKED' || (row.seq ?? 0) <= commonSeq) continue;
    ledger.feed(row, 'reoffered', { seq: null, dependsOn: null });
    count += 1;
  }
  for (const sent of rows.sentAll(logId)) {
    if (sent.seq !== null && sent.seq <= commonSeq) continue;
    // It found its value set already. Where it stands in the log nobody knows, so a newer value of another device could
    // be the one it overwrites.
    if (sent.seq === null && VALUE_KINDS.has(sent.kind)) continue;
    rows.removeSent(sent.opId);
    const { n, opId, lane, kind, target, bytes, composedAt } = sent;
    const again = { state: 'READY', attempts: 1, dependsOn: null, isApproved: 1 } as const;
    rows.insert({ n, opId, lane, kind, target, bytes, composedAt, ...again });
    count += 1;
  }
  marks.reset(logId);
  if (count > 0) ledger.noteChanged(['outbox', 'conversations', `messages:${logId}`]);
  return count;
}
