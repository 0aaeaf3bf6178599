/**
 * Intents about scheduled messages. Owns building their entries of the account log; the server sends what is due. A
 * change is always a new value of the same key, so that the server and my devices see one message, never two.
 */
import type { ScheduledEntry } from '@curlew/shared/domain/entries.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { AccountReads } from '../store/views/account-reads.ts';
import { draftOf } from '../store/views/conversation-row.ts';
import { done, onAccount } from './intent-types.ts';
import { mentionsLeft, setEntry } from './messages.ts';

/** `message.schedule` */
export const scheduleMessage = onAccount<'message.schedule'>((account, request) => {
  const { outbox } = account.stores;
  const conversationId = outbox.aliasOf(request.conversationId);
  const messageId = account.newId();
  // It disappears like what is written here now.
  const ttlMs = account.queries.messageTtlMs(conversationId);
  const extras = { ...request.extras, ...(ttlMs === null ? {} : { ttlMs }) };
  account.typing.report(conversationId, false);
  setEntry(
    account,
    `scheduled:${messageId}`,
    { ...request, conversationId, ...(Object.keys(extras).length > 0 ? { extras } : {}) },
    { clearsDraft: request.text, threadRootId: request.threadRootId },
  );
  return ok({ messageId });
});

/** `scheduled.change`: what was refused gets another chance. */
export const changeScheduled = onAccount<'scheduled.change'>((account, request, { core }) => {
  const { messageId, text, sendAtMs } = request;
  const found = entryOf(core.reads, messageId);
  if (!found.ok) return found;
  const { refused: _over, mentions, ...entry } = found.value;
  const named = mentionsLeft(account, mentions ?? [], text);
  put(account, messageId, { ...entry, text, sendAtMs, ...(named.length > 0 ? { mentions: named } : {}) });
  return done;
});

/** `scheduled.sendNow`: its time is now. The server alone sends it, so it cannot be sent twice. */
export const sendScheduledNow = onAccount<'scheduled.sendNow'>((account, { messageId }, { core }) => {
  const found = entryOf(core.reads, messageId);
  if (!found.ok) return found;
  const { refused: _over, ...entry } = found.value;
  put(account, messageId, { ...entry, sendAtMs: Math.max(0, account.engine.serverNowMs()) });
  return done;
});

/** `scheduled.toDraft` */
export const scheduledToDraft = onAccount<'scheduled.toDraft'>((account, { messageId }, { core }) => {
  const found = entryOf(core.reads, messageId);
  if (!found.ok) return found;
  const { conversationId, text, replyTo, threadRootId } = found.value;
  const id = account.stores.outbox.aliasOf(conversationId);
  const before = core.reads && draftOf(threadRootId ?? id, core.reads);
  const draft = {
    text: before && before.text !== '' ? `${before.text}\n${text}` : text,
    replyTo: before?.replyTo ?? replyTo,
  };
  account.stores.outbox.saveDraft(id, draft, { threadRootId });
  put(account, messageId, null);
  return ok({ conversationId: id });
});

/** `scheduled.remove` */
export const removeScheduled = onAccount<'scheduled.remove'>((account, { messageId }) => {
  put(account, messageId, null);
  return done;
});

function put(account: AccountRuntime, messageId: string, entry: ScheduledEntry | null): void {
  setEntry(account, `scheduled:${messageId}`, entry);
}

function entryOf(reads: AccountReads | null, messageId: string): Result<ScheduledEntry, ErrorBody> {
  // What was enqueued a moment ago counts too.
  reads?.entries.forget();
  const entry = reads?.entries.value('scheduled', messageId);
  // Sent or removed meanwhile, perhaps on another device.
  return entry ? ok(entry) : err(errorBody('TARGET_MISSING'));
}
