/** Intents of message info: how far a message got. Owns asking for names where they fit on a page, and for counts where not. */
import { limits } from '@curlew/shared/domain/limits.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, retryClassOf, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { ReceiptsAnswer } from '@curlew/shared/protocol/sync.ts';
import type { IntentAnswer } from '../../ipc/intents.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { MessageReceipt } from '../account-queries.ts';
import { stored } from '../sync/sync-context.ts';
import { onAccount } from './intent-types.ts';

/** `message.info`: who got and read a message, and when, in a crowd how many; without the server as far as is known here. */
export const messageInfo = onAccount<'message.info'>(async (account, { conversationId, messageId }) => {
  const { stores, queries } = account;
  const id = stores.outbox.aliasOf(conversationId);
  const seq = queries.message(messageId)?.createSeq;
  if (seq === undefined) return err(errorBody('NOT_FOUND'));
  if (stores.reader.members(id) > limits.receiptMembers) return crowdInfo(account, id, seq);
  const query = { seq, limit: limits.receiptsPage };
  const answer = await account.engine.call('receipts', { params: { id }, query });
  if (!answer.ok && retryClassOf(answer.error.code) === 'never') return answer;
  if (answer.ok) {
    // Not stored (disk full): known while the server is there, and said again by it.
    stored(() => stores.ingest.noteReceiptTimes(id, seq, answer.value));
  }
  const receipts = answer.ok ? receiptsOf(answer.value) : queries.receiptsOf(id, seq);
  return ok({ receipts: named(account, receipts, seq), counts: null });
});

/** `message.receipts`: a page of names of one step. */
export const messageReceipts = onAccount<'message.receipts'>(
  async (account, { conversationId, messageId, step, after }) => {
    const id = account.stores.outbox.aliasOf(conversationId);
    const seq = account.queries.message(messageId)?.createSeq;
    if (seq === undefined) return err(errorBody('NOT_FOUND'));
    const query = { seq, step, after: after ?? undefined, limit: limits.receiptsPage };
    const answer = await account.engine.call('receipts', { params: { id }, query });
    if (!answer.ok) return answer;
    return ok({
      receipts: named(account, receiptsOf(answer.value), seq),
      cursor: answer.value.cursor ?? null,
    });
  },
);

async function crowdInfo(
  account: AccountRuntime,
  id: string,
  seq: number,
): Promise<Result<IntentAnswer<'message.info'>, ErrorBody>> {
  const answer = await account.engine.call('receiptCounts', { params: { id }, query: { seq } });
  // The tick beside the message tells the same as its info.
  if (answer.ok) stored(() => account.stores.ingest.applyReceiptCounts(id, answer.value));
  else if (retryClassOf(answer.error.code) === 'never') return answer;
  const counts = answer.ok ? answer.value.counts[0] : account.queries.receiptCount(id, seq);
  if (counts) return ok({ receipts: [], counts });
  return answer.ok ? err(errorBody('NOT_FOUND')) : answer;
}

function receiptsOf({ receipts }: ReceiptsAnswer): readonly MessageReceipt[] {
  return receipts.map(({ readAt, deliveredAt, ...receipt }) => ({
    ...receipt,
    deliveredAtMs: deliveredAt ?? null,
    readAtMs: readAt ?? null,
  }));
}

function named(
  { account, queries }: AccountRuntime,
  receipts: readonly MessageReceipt[],
  seq: number,
): IntentAnswer<'message.info'>['receipts'] {
  const others = receipts.filter((receipt) => receipt.userId !== account.userId);
  return others.map(({ userId, deliveredSeq, readSeq, deliveredAtMs, readAtMs }) => ({
    userId,
    name: queries.personName(userId) ?? '',
    delivered: deliveredSeq >= seq,
    read: readSeq >= seq,
    deliveredAtMs,
    readAtMs,
  }));
}
