/**
 * What only this device has. Owns what a sign-out would lose: texts that were not sent, whatever state they are in, drafts
 * that no other device can show, and the number of other changes.
 */
import { parseEntryKey, scheduledSchema, type ScheduledEntry } from '@curlew/shared/domain/entries.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { WouldLose } from '../../ipc/unsent.ts';
import type { LocalText } from '../store/store-types.ts';
import type { OpLedger } from './op-ledger.ts';
import type { StoredOp } from './op-rows.ts';

/** Every text that would be lost, messages and edits in the order composed, then drafts. */
export function unsentTexts(ledger: OpLedger): readonly LocalText[] {
  const texts = ledger.rows.all().flatMap((row): readonly LocalText[] => {
    if (isGone(row)) return [];
    const op = ledger.rows.opOf(row);
    const scheduled = scheduledOf(op);
    if (scheduled) {
      const { conversationId, text } = scheduled;
      return [{ kind: 'message', conversationId, text, writtenAtMs: row.composedAt }];
    }
    const kind = textKindOf(row);
    if (!kind) return [];
    // What this version cannot read may still say something to a person.
    const text = op && 'text' in op ? op.text : row.bytes;
    return [{ kind, conversationId: row.lane, text, writtenAtMs: row.composedAt }];
  });
  const drafts = ledger.drafts
    .unshared()
    .map(({ conversationId, text }) => ({ kind: 'draft' as const, conversationId, text, writtenAtMs: null }));
  return [...texts, ...drafts];
}

/** How much of what would be lost. */
export function wouldLose(ledger: OpLedger): WouldLose {
  const texts = unsentTexts(ledger);
  const drafts = texts.filter(({ kind }) => kind === 'draft').length;
  const changes = ledger.rows
    .all()
    .filter((row) => isChange(row) && !scheduledOf(ledger.rows.opOf(row))).length;
  return { messages: texts.length - drafts, drafts, changes };
}

// What is scheduled here and the server does not know is a message like any other that was not sent.
function scheduledOf(op: Op | undefined): ScheduledEntry | undefined {
  if (op?.kind !== 'account.set' || parseEntryKey(op.key)?.prefix !== 'scheduled') return undefined;
  return scheduledSchema.safeParse(op.value).data;
}

function textKindOf(row: StoredOp): 'message' | 'edit' | undefined {
  if (row.kind === 'message.send') return 'message';
  return row.kind === 'message.edit' ? 'edit' : undefined;
}

// A new conversation without a message is nothing a person wrote; drafts are counted as such; what was cancelled was not
// to be sent.
function isChange(row: StoredOp): boolean {
  if (isGone(row) || textKindOf(row) || row.state === 'CANCELLED') return false;
  const isDraft = row.kind === 'account.set' && (row.target?.startsWith('draft:') ?? false);
  return !isDraft && row.kind !== 'conversation.create';
}

// The server has it.
function isGone(row: StoredOp): boolean {
  return row.state === 'ACKED' || row.state === 'APPLIED';
}
