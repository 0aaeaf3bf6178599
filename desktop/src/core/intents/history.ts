/** Going to a day in the history of a conversation. Owns which message a moment leads to. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Message } from '@curlew/shared/domain/message.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { AccountReads } from '../store/views/account-reads.ts';
import { stored } from '../sync/sync-context.ts';
import { onAccount } from './intent-types.ts';

/** `history.jumpToDate`: by the server's history while it is there, else by what this device holds. */
export const jumpToDate = onAccount<'history.jumpToDate'>(async (account, request, { core }) => {
  const { reader, ingest, outbox } = account.stores;
  const id = outbox.aliasOf(request.conversationId);
  const { atMs } = request;
  const state = account.engine.state.name;
  if (state === 'LIVE' || state === 'CATCH_UP') {
    const minAsOf = reader.log(id)?.tail ?? 0;
    const query = { at: atMs, limit: limits.historyMessages, minAsOf };
    const answer = await account.engine.call('history', { params: { id }, query });
    if (answer.ok && core.account === account) {
      const { messages } = answer.value;
      const found = messages.find((it) => it.createdAt >= atMs && isShown(it)) ?? messages.findLast(isShown);
      // A page that is older than what is held, or a full disk: the timeline asks for the message itself.
      stored(() => ingest.applyHistory(id, answer.value));
      if (found) return ok({ messageId: found.id });
    }
  }
  const held = core.reads && heldSince(core.reads, id, atMs);
  return held ? ok({ messageId: held.id }) : err(errorBody('NOT_FOUND'));
});

function isShown(message: Message): boolean {
  return message.threadRootId === null;
}

/** The first message held since a moment, else the last before it; halves the positions, of which there may be millions. */
function heldSince(reads: AccountReads, conversationId: string, atMs: number): Message | undefined {
  const after = (seq: number): Message | undefined => reads.messages.newer(conversationId, seq, 1)[0];
  let [low, high] = [0, reads.cache.tail(conversationId)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = after(middle);
    if (message && message.createdAt < atMs) low = message.createSeq;
    else high = middle;
  }
  return after(low) ?? reads.messages.older(conversationId, Number.MAX_SAFE_INTEGER, 1)[0];
}
