/** Intents about notifications. Owns what the buttons of one do, and what of a conversation notifies. */
import { ok } from '@curlew/shared/lib/result.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import { done, onAccount } from './intent-types.ts';
import { sendTo, setEntry } from './messages.ts';

/** `conversation.notify`: synced like everything of the account log, so it works offline. */
export const setLevel = onAccount<'conversation.notify'>((account, { conversationId, level }) => {
  setEntry(
    account,
    `notify:${account.stores.outbox.aliasOf(conversationId)}`,
    level === null ? null : { level },
  );
  return done;
});

/** `notification.reply`: the id of the message is the notification's, so a second delivery finds it sent. */
export const reply = onAccount<'notification.reply'>((account, request) => {
  const { conversationId, messageId, threadRootId, replyId, text } = request;
  const logId = account.stores.outbox.aliasOf(conversationId);
  readUpTo(account, logId, messageId, threadRootId);
  const { queries } = account;
  if (queries.isComposed(replyId) || queries.message(replyId)) return done;
  const content = { text, replyTo: null, ...(threadRootId === null ? {} : { threadRootId }) };
  sendTo(account, logId, content, { opId: replyId });
  return done;
});

/** `notification.read` */
export const read = onAccount<'notification.read'>((account, request) => {
  const { conversationId, messageId, threadRootId } = request;
  readUpTo(account, account.stores.outbox.aliasOf(conversationId), messageId, threadRootId);
  return done;
});

/** `notification.why` */
export const why = onAccount<'notification.why'>((account, { messageId }) => {
  return ok({ why: account.stores.decisions.of(messageId) ?? null });
});

/** A message that is gone by now has nothing to be read up to. */
function readUpTo(
  account: AccountRuntime,
  logId: string,
  messageId: string,
  threadRootId: string | null,
): void {
  const seq = account.queries.message(messageId)?.createSeq;
  if (seq !== undefined) account.markSeen({ conversationId: logId, rootId: threadRootId, seq });
}
