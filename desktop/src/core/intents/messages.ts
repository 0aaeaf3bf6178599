/** Intents about messages. Owns building their ops; each resolves when outbox.db has the op (synchronous=FULL). */
import { ok } from '@curlew/shared/lib/result.ts';
import { OP_VERSION, type Op, type OpOf } from '@curlew/shared/protocol/ops.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { EnqueueOptions } from '../store/store-types.ts';
import { done, onAccount, type IntentHandler } from './intent-types.ts';

/** Commits an op to the outbox and wakes the flush. */
export function enqueue(account: AccountRuntime, op: Op, options?: EnqueueOptions): void {
  account.stores.outbox.enqueue(op, account.nowMs(), options);
  account.engine.kick();
}

/** Sets one key of the account log. */
export function setEntry(
  account: AccountRuntime,
  key: string,
  value: unknown,
  options?: EnqueueOptions,
): void {
  const logId = account.account.userId;
  enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'account.set', key, value }, options);
}

/** Whom the changed text still names; whoever is not a known person (a site, everybody) stays. */
export function mentionsLeft(account: AccountRuntime, mentions: readonly string[], text: string): string[] {
  return mentions.filter((id) => {
    const name = account.queries.personName(id);
    return name === null ? text.includes('@') : text.includes(`@${name}`);
  });
}

/** `message.send`: the id of the message is the id of its op. */
export const sendMessage = onAccount<'message.send'>((account, request) => {
  const { conversationId, dropAtMs, requiresAck, urgent, preview, ...content } = request;
  const logId = account.stores.outbox.aliasOf(conversationId);
  account.typing.report(logId, false);
  const options = { clearsDraft: content.text, threadRootId: content.threadRootId, dropAtMs };
  const extras = {
    ...(requiresAck ? { requiresAck } : {}),
    ...(urgent ? { urgent } : {}),
    ...(preview ? { preview } : {}),
  };
  const messageId = sendTo(account, logId, { ...content, extras }, options);
  if (dropAtMs !== undefined) account.deadlines.expireOps();
  return ok({ messageId });
});

/** What a message says. */
type Content = Pick<OpOf<'message.send'>, 'text' | 'replyTo' | 'threadRootId' | 'mentions' | 'extras'>;

/** Composes a message into a conversation and returns its id. */
export function sendTo(
  account: AccountRuntime,
  logId: string,
  { text, replyTo, threadRootId, mentions = [], extras = {} }: Content,
  { opId = account.newId(), ...options }: EnqueueOptions & { readonly opId?: string } = {},
): string {
  const { outbox, reader } = account.stores;
  // As the conversation is set while it is written; the life begins when the server has it.
  const ttlMs = account.queries.messageTtlMs(logId);
  const allExtras = ttlMs === null ? extras : { ...extras, ttlMs };
  enqueue(
    account,
    {
      opId,
      v: OP_VERSION,
      logId,
      kind: 'message.send',
      text,
      replyTo,
      ...(threadRootId === undefined ? {} : { threadRootId }),
      ...(mentions.length === 0 ? {} : { mentions }),
      ...(Object.keys(allExtras).length === 0 ? {} : { extras: allExtras }),
      composedAt: Math.max(0, account.engine.serverNowMs()),
      // What was read, not what was received: a message sent from a stale queue must not mark unseen ones read.
      seenSeq: Math.max(outbox.wantedReadSeq(logId), reader.log(logId)?.readSeq ?? 0),
    },
    options,
  );
  return opId;
}

/** `message.edit` */
export const editMessage = onAccount<'message.edit'>((account, request) => {
  const { conversationId, messageId, text, mentions = [] } = request;
  const logId = account.stores.outbox.aliasOf(conversationId);
  const baseRevSeq = account.queries.message(messageId)?.revSeq ?? 0;
  enqueue(account, {
    opId: account.newId(),
    v: OP_VERSION,
    logId,
    kind: 'message.edit',
    messageId,
    text,
    ...(mentions.length === 0 ? {} : { mentions }),
    baseRevSeq,
  });
  return done;
});

/** `message.delete`: for everyone, or only on my devices. */
export const deleteMessage = onAccount<'message.delete'>((account, request) => {
  const { messageId, forEveryone } = request;
  const logId = account.stores.outbox.aliasOf(request.conversationId);
  if (forEveryone) {
    enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'message.delete', messageId });
  } else {
    setEntry(account, `hidden:${messageId}`, { conversationId: logId });
  }
  return done;
});

/** `message.restore`: takes back a deletion that was only for me. */
export const restoreMessage = onAccount<'message.restore'>((account, { conversationId, messageId }) => {
  setEntry(account, `hidden:${messageId}`, null);
  // The op names only the message; the views go by conversation.
  const id = account.stores.outbox.aliasOf(conversationId);
  account.stores.changes.emit(['conversations', `conversation:${id}`, `messages:${id}`]);
  return done;
});

/** `message.react`: on or off, never toggled. */
export const reactToMessage = onAccount<'message.react'>((account, request) => {
  const { messageId, emoji, on } = request;
  const logId = account.stores.outbox.aliasOf(request.conversationId);
  enqueue(account, {
    opId: account.newId(),
    v: OP_VERSION,
    logId,
    kind: 'reaction.set',
    messageId,
    emoji,
    on,
  });
  return done;
});

/** `message.texts`: what it said before it was edited. */
export const messageTexts = onAccount<'message.texts'>(async (account, { messageId }) => {
  const answer = await account.engine.call('messageTexts', { params: { id: messageId } });
  if (!answer.ok) return answer;
  return ok({ texts: answer.value.texts.map(({ seq, at, text }) => ({ seq, atMs: at, text })) });
});

/** `message.reach`: how far an announcement got. */
export const messageReach = onAccount<'message.reach'>((account, { messageId, missing }) =>
  account.engine.call('reach', { params: { id: messageId }, query: { missing } }),
);

/** `link.preview` */
export const previewLink: IntentHandler<'link.preview'> = async ({ core }, { url }) =>
  ok({ preview: await core.linkPreviews.of(url) });

/** `draft.save`: kept at once, shared with my other devices at most every 5 s. */
export const saveDraft = onAccount<'draft.save'>((account, request) => {
  const { conversationId, threadRootId, draft, over } = request;
  account.stores.outbox.saveDraft(conversationId, draft, { threadRootId, over });
  account.engine.kick();
  return done;
});

/** `draft.choose`: between the own draft and that of another device. */
export const chooseDraft = onAccount<'draft.choose'>((account, request) => {
  const { conversationId, threadRootId, useOther } = request;
  const draft = account.stores.outbox.resolveDraft(conversationId, threadRootId, useOther);
  account.engine.kick();
  return ok({ draft });
});

/** `draft.restore`: the one that was cleared last. */
export const restoreDraft = onAccount<'draft.restore'>((account, { conversationId, threadRootId }) => {
  const draft = account.stores.outbox.restoreDraft(conversationId, threadRootId);
  account.engine.kick();
  return ok({ draft });
});

/** `typing.report` */
export const reportTyping = onAccount<'typing.report'>((account, { conversationId, isTyping }) => {
  account.typing.report(account.stores.outbox.aliasOf(conversationId), isTyping);
  return done;
});
