/**
 * The person's decisions about ops: retry, send now, cancel, discard, another text. Owns what each does to the ops that
 * hang together: whoever wants an edit sent wants its message sent first. Runs inside the caller's transaction.
 */
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import { changedKeysOf } from './addressing.ts';
import { bytesOf, enqueueOp, setText, withText } from './enqueue.ts';
import { DEPENDENCY_CODE, type OpLedger } from './op-ledger.ts';
import { targetOf } from './op-rows.ts';
import { isDecisionState, type OpInput } from './outbox-state.ts';
import { isOutdated } from './superseding.ts';

/** Sends a failed, cancelled or parked op again, after whatever it waits for in the same state; hurries a delayed one. */
export function retryOp(ledger: OpLedger, opId: string): void {
  const row = ledger.rows.find(opId);
  if (row?.state === 'BACKOFF') ledger.feed(row, 'retryAsked', { retryAt: null });
  else release(ledger, opId, 'retryAsked');
}

/** Sends everything that failed again, in the order composed. */
export function retryAllOps(ledger: OpLedger): void {
  for (const { opId } of ledger.rows.all()) {
    const state = ledger.rows.find(opId)?.state;
    if (state === 'STALLED' || state === 'REJECTED') release(ledger, opId, 'retryAsked');
  }
}

/** Sends a parked op, however old. */
export function sendOpNow(ledger: OpLedger, opId: string): void {
  release(ledger, opId, 'sendAsked');
}

/** Keeps an unattempted op from being sent; its text stays. An attempted one may be committed: nothing happens. */
export function cancelOp(ledger: OpLedger, opId: string): void {
  const row = ledger.rows.find(opId);
  if (row?.attempts === 0) ledger.feed(row, 'cancelAsked', { code: null, detail: null });
}

/** Until when an unattempted message may be sent. One that was attempted may be committed: nothing happens. */
export function setOpDeadline(ledger: OpLedger, opId: string, dropAtMs: number | null): void {
  const row = ledger.rows.find(opId);
  if (row?.kind !== 'message.send' || row.attempts > 0) return;
  ledger.rows.change(row, { dropAt: dropAtMs });
  const op = ledger.rows.opOf(row);
  if (op) ledger.noteChanged(changedKeysOf(op));
}

/** Cancels unattempted ops that were to be sent before now. Their text stays, with the reason. */
export function expireOps(ledger: OpLedger, nowMs: number): void {
  for (const row of ledger.rows.expired(nowMs)) {
    ledger.feed(row, 'expired', { code: 'NOT_SENT_IN_TIME', detail: null });
  }
}

/** Removes an op that waits for a decision, for good. The only way by which text leaves the outbox unsent. */
export function discardOp(ledger: OpLedger, opId: string): void {
  const row = ledger.rows.find(opId);
  if (row && isDecisionState(row.state)) ledger.removeWithDependents(row);
}

/** Another text for a message, and which of its mentions it keeps. */
export interface NewText {
  readonly text: string;
  readonly namedIn: (mentions: readonly string[]) => readonly string[];
}

/** Gives a message another text; returns the id under which it goes on. See `Outbox.replaceText`. */
export function replaceOpText(
  ledger: OpLedger,
  opId: string,
  { text, namedIn }: NewText,
  newOpId: string,
  nowMs: number,
): string {
  const row = ledger.rows.find(opId);
  const op = row && ledger.rows.opOf(row);
  if (!row || (op?.kind !== 'message.send' && op?.kind !== 'message.edit')) return opId;
  const mentions = [...namedIn(op.mentions ?? [])];
  if (row.attempts === 0) {
    setText(ledger, row, text, mentions);
    if (isDecisionState(row.state)) release(ledger, opId, 'retryAsked');
    return opId;
  }
  if (op.kind === 'message.edit') {
    enqueueOp(ledger, withText({ ...op, opId: newOpId }, text, mentions), nowMs);
    return newOpId;
  }
  // Refused for good, so it is certainly not in the log: another message takes its place.
  if (row.state === 'REJECTED') {
    const anew = withText({ ...op, opId: newOpId, composedAt: nowMs }, text, mentions);
    ledger.add(anew, bytesOf(anew), targetOf(anew), nowMs);
    ledger.removeWithDependents(row);
    return newOpId;
  }
  // Perhaps committed by an attempt that got no answer: a second message could say it twice, an edit cannot.
  release(ledger, opId, 'retryAsked');
  const { logId } = op;
  const edit = { opId: newOpId, v: OP_VERSION, logId, messageId: opId, text, baseRevSeq: 0 } as const;
  enqueueOp(ledger, withText({ kind: 'message.edit', ...edit }, text, mentions), nowMs);
  return newOpId;
}

function release(ledger: OpLedger, opId: string, input: Extract<OpInput, 'retryAsked' | 'sendAsked'>): void {
  const row = ledger.rows.find(opId);
  if (!row || !isDecisionState(row.state)) return;
  if (isOutdated(ledger.rows, row)) {
    ledger.removeWithDependents(row);
    return;
  }
  if (row.dependsOn !== null) release(ledger, row.dependsOn, input);
  // What it waited for may have released it already.
  const now = ledger.rows.find(opId) ?? row;
  const change = { isApproved: 1, faults: 0, retryAt: null, dropAt: null, code: null, detail: null };
  const released = ledger.feed(now, input, change);
  if (isDecisionState(released.state)) return;
  ledger.admit(released);
  for (const dependent of ledger.rows.dependents(opId)) {
    if (!isDecisionState(dependent.state) || dependent.code !== DEPENDENCY_CODE) continue;
    ledger.admit(ledger.feed(dependent, 'retryAsked', { faults: 0, code: null }));
  }
}
