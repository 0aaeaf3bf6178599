/**
 * Which op replaces which. Owns that of two edits of a message, two values of a key or two answers to "this emoji?" the
 * newer one has the last word, however late the older one is tried again. Runs inside the caller's transaction.
 */
import type { Op } from '@curlew/shared/protocol/ops.ts';
import { targetOf, type OpRows, type StoredOp } from './op-rows.ts';
import { isDecisionState } from './outbox-state.ts';

/** What an op gives a value to; null for ops that stand beside each other instead of replacing one another. */
function subjectOf(op: Op): string | null {
  switch (op.kind) {
    case 'message.edit':
      return `edit ${op.messageId}`;
    case 'reaction.set':
      return `reaction ${op.messageId} ${op.emoji}`;
    case 'account.set':
    case 'org.set':
      return `${op.kind} ${op.logId} ${op.key}`;
    default:
      return null;
  }
}

/**
 * Removes what an op about to be added replaces: older ones of its subject that were never sent or wait for a decision.
 * Those on their way stay; they are answered before it may go.
 * @returns whether there was any
 */
export function dropOlder(rows: OpRows, op: Op): boolean {
  const subject = subjectOf(op);
  const target = targetOf(op);
  if (subject === null || target === null) return false;
  const older = rows
    .onTarget(target)
    .filter((row) => (row.attempts === 0 || isDecisionState(row.state)) && hasSubject(rows, row, subject));
  for (const row of older) rows.remove(row.opId);
  return older.length > 0;
}

/** Whether a newer op of the same subject was sent or is on its way: to send this one could only undo that. */
export function isOutdated(rows: OpRows, row: StoredOp): boolean {
  const op = rows.opOf(row);
  const subject = op ? subjectOf(op) : null;
  if (subject === null || row.target === null) return false;
  const isNewer = (other: { readonly n: number; readonly opId: string; readonly bytes: string }): boolean =>
    other.n > row.n && hasSubject(rows, other, subject);
  return (
    rows.onTarget(row.target).some((other) => isNewer(other) && mayArrive(other)) ||
    rows.sentOnTarget(row.target).some(isNewer)
  );
}

// An attempted op may have been committed, unless the server refused it.
function mayArrive(row: StoredOp): boolean {
  return !isDecisionState(row.state) || (row.attempts > 0 && row.state !== 'REJECTED');
}

function hasSubject(rows: OpRows, row: Pick<StoredOp, 'opId' | 'bytes'>, subject: string): boolean {
  const op = rows.opOf(row);
  return op !== undefined && subjectOf(op) === subject;
}
