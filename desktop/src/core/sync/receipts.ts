/**
 * How far others got, as it reaches this device: everybody's watermarks where members are few, counts of messages where
 * they are many. Owns that a crowd costs nothing while nobody looks: its counts are asked for when the conversation is
 * opened, and pushed as long as it is.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Conversation } from '@curlew/shared/domain/message.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { MemberReceipt, ReceiptCountsPush } from '@curlew/shared/protocol/socket.ts';
import { stored, type SyncContext } from './sync-context.ts';

/** Whether so many are in a conversation that its receipts are counts. */
export function isCrowd(conversation: Conversation | undefined): boolean {
  const present = conversation?.members.filter(({ leftSeq }) => leftSeq === null).length ?? 0;
  return present > limits.receiptMembers;
}

/** Fetches the others' watermarks when they moved, unless they are too many. */
export async function loadReceipts(context: SyncContext, logId: string): Promise<Result<null, ErrorBody>> {
  const { reader, ingest } = context.stores;
  const log = reader.log(logId);
  if (!log || log.kind !== 'conversation' || log.left) return ok(null);
  if (log.receiptVersion === log.announcedReceiptVersion) return ok(null);
  if (reader.members(logId) > limits.receiptMembers) {
    ingest.passReceipts(logId);
    return ok(null);
  }
  // With the times of what was said last: who looks offline for them looks there.
  const seq = reader.newestOwnSeq(logId, context.userId) ?? undefined;
  const query = { seq, limit: limits.receiptsPage };
  const answer = await context.call('receipts', { params: { id: logId }, query });
  if (context.isStopped()) return err(errorBody('OFFLINE'));
  if (!answer.ok) return answer;
  ingest.applyReceipts(logId, answer.value, seq);
  return ok(null);
}

/** One pushed word. Not stored (disk full): watermarks are fetched later, counts when the conversation is opened again. */
export function receiveReceipt({ stores }: SyncContext, pushed: MemberReceipt | ReceiptCountsPush): void {
  if ('counts' in pushed) {
    stored(() => stores.ingest.applyReceiptCounts(pushed.conversationId, pushed));
    return;
  }
  const { conversationId, receiptVersion, at, ...positions } = pushed;
  const receipt = { ...positions, atMs: at };
  stored(() => stores.ingest.applyReceipt(conversationId, receipt, receiptVersion));
}

/**
 * Tells the server what is open here, and asks how far a crowd's messages got: after its answer, because from then on
 * whatever changes is pushed. A lost word costs typing and counts in large conversations until the next connection.
 */
export async function tellOpen(
  context: SyncContext,
  event: 'conversation:join' | 'conversation:leave',
  conversationId: string,
): Promise<void> {
  const generation = context.generation();
  const told = await context.request(event, { conversationId });
  const { reader, ingest } = context.stores;
  if (event === 'conversation:leave' || !told.ok || context.isStopped()) return;
  if (reader.members(conversationId) <= limits.receiptMembers) return;
  const answer = await context.call('receiptCounts', { params: { id: conversationId }, query: {} });
  if (context.isStopped() || context.generation() !== generation || !answer.ok) return;
  stored(() => ingest.applyReceiptCounts(conversationId, answer.value));
}
