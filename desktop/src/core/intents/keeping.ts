/** Intents about keeping messages and passing them on. Owns what of a message travels when it is forwarded. */
import type { MessageExtras } from '@curlew/shared/domain/message.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { AccountReads } from '../store/views/account-reads.ts';
import { isEffective } from '../store/views/overlay.ts';
import { directConversation } from './conversations.ts';
import { done, onAccount } from './intent-types.ts';
import { sendTo, setEntry } from './messages.ts';

/** `message.save`: on all my devices. */
export const saveMessage = onAccount<'message.save'>((account, { conversationId, messageId, on }) => {
  const id = account.stores.outbox.aliasOf(conversationId);
  const at = Math.max(0, account.engine.serverNowMs());
  setEntry(account, `saved:${messageId}`, on ? { conversationId: id, at } : null);
  return done;
});

/** `message.forward`: a message of its own in each of the places. All of them are known before anything is sent. */
export const forwardMessage = onAccount<'message.forward'>((account, request, { core }) => {
  const { outbox } = account.stores;
  const original = originalOf(core.reads, outbox.aliasOf(request.conversationId), request.messageId);
  if (!original.ok) return original;
  const places = new Set<string>();
  for (const { kind, id } of request.to) {
    const place = kind === 'conversation' ? ok(outbox.aliasOf(id)) : directConversation(account, id);
    if (!place.ok) return place;
    places.add(place.value);
  }
  const comment = request.comment.trim();
  for (const logId of places) {
    sendTo(account, logId, { ...original.value, replyTo: null });
    if (comment !== '') sendTo(account, logId, { text: comment, replyTo: null });
  }
  return done;
});

interface Original {
  readonly text: string;
  readonly extras: MessageExtras;
}

/** A message as it stands on the screen: as it was sent, with an edit that still waits. Mentions stay where they are. */
function originalOf(
  reads: AccountReads | null,
  conversationId: string,
  messageId: string,
): Result<Original, ErrorBody> {
  if (!reads) return err(errorBody('AUTH_REQUIRED'));
  const overlay = reads.overlay(conversationId, Number.MAX_SAFE_INTEGER);
  const { edit, deletion } = overlay.changesOf(messageId);
  const waiting = [...overlay.sends, ...overlay.replies].find(({ op }) => op.opId === messageId)?.op;
  const cached = reads.cache.message(messageId);
  const isDeleted = (deletion && isEffective(deletion)) || cached?.text === null;
  if (isDeleted) return err(errorBody('TARGET_DELETED'));
  const text = (edit && isEffective(edit) ? edit.op.text : null) ?? cached?.text ?? waiting?.text;
  if (text === undefined) return err(errorBody('TARGET_MISSING'));
  const extras = cached?.extras ?? waiting?.extras ?? {};
  const forwardedFrom = extras.forwardedFrom ?? cached?.senderId ?? reads.userId;
  return ok({ text, extras: { forwardedFrom, ...(extras.preview ? { preview: extras.preview } : {}) } });
}
