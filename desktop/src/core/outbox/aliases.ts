/**
 * Conversations that got another id. Owns re-addressing: whatever was not attempted yet is moved to the conversation that
 * exists, with drafts and the read position. Runs inside the caller's transaction.
 */
import type { Op } from '@curlew/shared/protocol/ops.ts';
import { changedKeysOf, readdress } from './addressing.ts';
import type { OpLedger } from './op-ledger.ts';
import { targetOf } from './op-rows.ts';

/** Remembers that `localId` is `canonicalId` and re-addresses every unattempted op of any lane that names it. */
export function setConversationAlias(ledger: OpLedger, localId: string, canonicalId: string): void {
  if (localId === canonicalId) return;
  ledger.aliases.set(localId, canonicalId);
  for (const row of ledger.rows.all()) {
    const op = row.attempts === 0 ? ledger.rows.opOf(row) : undefined;
    const moved = op && readdress(op, localId, canonicalId);
    if (!op || !moved || moved === op) continue;
    const change = { bytes: JSON.stringify(moved), lane: moved.logId, target: targetOf(moved) };
    ledger.noteChanged([...changedKeysOf(op), ...changedKeysOf(moved)]);
    ledger.admit(ledger.rows.change(row, change));
  }
  ledger.drafts.rename(localId, canonicalId);
  const readSeq = ledger.marks.wantedReadSeq(localId);
  if (readSeq > 0) ledger.marks.raiseRead(canonicalId, readSeq);
  ledger.noteChanged(['conversations', 'drafts', `conversation:${localId}`, `conversation:${canonicalId}`]);
}

/** The op with aliased conversations replaced. */
export function withAliases(ledger: OpLedger, op: Op, conversationId: string | undefined): Op {
  if (conversationId === undefined) return op;
  const canonicalId = ledger.aliases.resolve(conversationId);
  return canonicalId === conversationId ? op : readdress(op, conversationId, canonicalId);
}
