/**
 * Taking an op: what a person composed enters the outbox, or changes what is still unattempted there. Owns the folding
 * rules. Bytes of an op that was attempted never change: its first try may have been committed.
 */
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Op, OpOf } from '@curlew/shared/protocol/ops.ts';
import { StoreError } from '../store/store-error.ts';
import { changedKeysOf } from './addressing.ts';
import type { OpLedger } from './op-ledger.ts';
import { targetOf, type StoredOp } from './op-rows.ts';
import { dropOlder } from './superseding.ts';

/** What became of an op. */
export type Enqueued = 'queued' | 'folded' | 'cancelled';

/** See the file comment. Watermarks do not come here. */
export function enqueueOp(ledger: OpLedger, op: Op, nowMs: number, dropAtMs: number | null = null): Enqueued {
  const bytes = bytesOf(op);
  switch (op.kind) {
    case 'message.edit': {
      const send = unattemptedSend(ledger, op.messageId);
      if (!send) break;
      setText(ledger, send, op.text, op.mentions);
      return 'folded';
    }
    case 'message.delete':
      if (withdraw(ledger, op)) return 'cancelled';
      break;
    default:
  }
  const hasReplaced = dropOlder(ledger.rows, op);
  ledger.add(op, bytes, targetOf(op), nowMs, dropAtMs);
  return hasReplaced ? 'folded' : 'queued';
}

/**
 * Puts another text, and whom it mentions, into an unattempted send or edit.
 * @throws StoreError TOO_LARGE
 */
export function setText(
  ledger: OpLedger,
  row: StoredOp,
  text: string,
  mentions: readonly string[] = [],
): StoredOp {
  const op = ledger.rows.opOf(row);
  if (op?.kind !== 'message.send' && op?.kind !== 'message.edit') return row;
  const changed = withText(op, text, mentions);
  ledger.noteChanged(changedKeysOf(changed));
  return ledger.rows.change(row, { bytes: bytesOf(changed) });
}

/** The same message or edit with another text and those it mentions. */
export function withText(
  { mentions: _before, ...op }: OpOf<'message.send'> | OpOf<'message.edit'>,
  text: string,
  mentions: readonly string[],
): Op {
  return { ...op, text, ...(mentions.length > 0 ? { mentions: [...mentions] } : {}) };
}

/**
 * An op as it is stored and sent.
 * @throws StoreError TOO_LARGE
 */
export function bytesOf(op: Op): string {
  const bytes = JSON.stringify(op);
  // Text within its own limit can still be too large as JSON, where a control character takes six bytes.
  if (utf8Length(bytes) > limits.opBytes) throw new StoreError('TOO_LARGE', 'an op above the limit');
  return bytes;
}

function unattemptedSend(ledger: OpLedger, messageId: string): StoredOp | undefined {
  const row = ledger.rows.find(messageId);
  return row?.kind === 'message.send' && row.attempts === 0 ? row : undefined;
}

// A delete of an own message that was certainly never committed takes it back here and says nothing to the server.
function withdraw(ledger: OpLedger, op: OpOf<'message.delete'>): boolean {
  const row = ledger.rows.find(op.messageId);
  if (row?.kind !== 'message.send') return false;
  const wasRefused = row.state === 'REJECTED' || row.state === 'CANCELLED';
  if (row.attempts === 0 || wasRefused) {
    ledger.removeWithDependents(row);
    return true;
  }
  // Given up on, but perhaps committed: its text goes now, and the server is told in case it has it.
  if (row.state === 'STALLED') ledger.removeWithDependents(row);
  return false;
}
