/** Intents about conversations: opening, showing, reading, and how the list keeps them. Owns building their ops. */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { directPeerOf, OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { Unread } from '../store/views/conversation-list.ts';
import { done, onAccount, type IntentHandler } from './intent-types.ts';
import { enqueue, setEntry } from './messages.ts';

/** `conversation.openDirect`: the one conversation with a person; created here when this device knows none. */
export const openDirect = onAccount<'conversation.openDirect'>((account, { userId, orgId }) => {
  const found = directConversation(account, userId, orgId);
  return found.ok ? ok({ conversationId: found.value }) : found;
});

/**
 * Id of the direct conversation with a person, begun now if there is none.
 * @param wanted the organisation it is in, where both are in it; else any they share
 */
export function directConversation(
  account: AccountRuntime,
  peerId: string,
  wanted?: string,
): Result<string, ErrorBody> {
  const { outbox } = account.stores;
  const shared = account.queries.orgsOf(peerId);
  const inOrg = shared.find((id) => id === wanted);
  const known = account.queries.directWith(peerId, inOrg);
  if (known !== undefined) return ok(known);
  const pending = outbox
    .items()
    .find(
      ({ op, state }) =>
        directPeerOf(op) === peerId &&
        state !== 'REJECTED' &&
        (inOrg === undefined || (op.kind === 'conversation.create' && op.orgId === inOrg)),
    );
  if (pending) return ok(outbox.aliasOf(pending.op.logId));
  const mine = new Set(account.account.orgs.map((org) => org.id));
  const orgId = inOrg ?? shared.find((id) => mine.size === 0 || mine.has(id));
  if (orgId === undefined) return err(errorBody('NOT_FOUND'));
  const conversationId = account.newId();
  enqueue(account, {
    opId: account.newId(),
    v: OP_VERSION,
    logId: conversationId,
    kind: 'conversation.create',
    orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId,
  });
  return ok(conversationId);
}

/** `conversation.show`: loads it first, and tells the server what is open here. */
export const showConversation: IntentHandler<'conversation.show'> = ({ core, windowId }, request) => {
  const { account } = core;
  const shown = request.conversationId === null ? null : aliasOf(core, request.conversationId);
  const before = core.attention.show(windowId, shown);
  if (!account || before === shown) return done;
  account.typing.stop();
  const stillOpen = new Set(core.attention.visible());
  if (before !== null && !stillOpen.has(before)) account.engine.announceOpen('conversation:leave', before);
  if (shown !== null) {
    account.engine.announceOpen('conversation:join', shown);
    account.engine.showed(shown);
  }
  return done;
};

/** `conversation.seen`: counts as read only in a focused window of an unlocked computer. */
export const seeConversation: IntentHandler<'conversation.seen'> = ({ core, windowId }, request) => {
  const { rootId = null, seq } = request;
  core.attention.seen(windowId, { conversationId: aliasOf(core, request.conversationId), rootId, seq });
  return done;
};

/** How long "mark all read" can be taken back: longer than its toast stands, also one that is hovered for a while. */
const UNDO_MS = 30_000;

/** `conversation.markUnread` */
export const markUnread = onAccount<'conversation.markUnread'>((account, { conversationId, fromSeq }) => {
  setEntry(account, `unread:${account.stores.outbox.aliasOf(conversationId)}`, { fromSeq });
  return done;
});

/** `conversation.markRead`: up to what this device holds. */
export const markRead = onAccount<'conversation.markRead'>((account, request, { core }) => {
  const id = account.stores.outbox.aliasOf(request.conversationId);
  const unread = core.unread().find(({ conversationId }) => conversationId === id);
  readToEnd(account, id, unread?.threads ?? []);
  return done;
});

/** `conversation.markAllRead`: archived and muted ones too. */
export const markAllRead = onAccount<'conversation.markAllRead'>((account, _, { core }) => {
  const unread = core.unread();
  const tellAtMs = account.nowMs() + UNDO_MS;
  for (const { conversationId, threads } of unread) readToEnd(account, conversationId, threads, tellAtMs);
  const threads = unread.flatMap((each) =>
    each.threads.map((thread) => ({ conversationId: each.conversationId, ...thread })),
  );
  const marked = unread.flatMap(({ conversationId, fromSeq }) =>
    fromSeq === null ? [] : [{ conversationId, fromSeq }],
  );
  return ok({ marked, threads });
});

/** `thread.markUnread`: takes back that its replies were read with everything else. */
export const markThreadUnread = onAccount<'thread.markUnread'>((account, request) => {
  account.stores.outbox.takeBackThreadRead(request.conversationId, request.rootId, request.fromSeq);
  return done;
});

function readToEnd(account: AccountRuntime, id: string, threads: Unread['threads'], tellAtMs?: number): void {
  const tail = account.stores.reader.log(id)?.tail ?? 0;
  if (account.queries.unreadFrom(id) !== null) setEntry(account, `unread:${id}`, null);
  if (tail > 0) account.markRead(id, tail);
  for (const { rootId } of threads) account.markThreadRead(id, rootId, tail, tellAtMs);
}

/** `conversation.pin`: newer pins stand below older ones. */
export const pinConversation = onAccount<'conversation.pin'>((account, { conversationId, on }) => {
  const rank = Math.max(0, account.engine.serverNowMs());
  setEntry(account, `pin:${account.stores.outbox.aliasOf(conversationId)}`, on ? { rank } : null);
  return done;
});

/** `conversation.mute` */
export const muteConversation = onAccount<'conversation.mute'>((account, { conversationId, on, untilMs }) => {
  setEntry(account, `mute:${account.stores.outbox.aliasOf(conversationId)}`, on ? { untilMs } : null);
  return done;
});

/** `conversation.archive` */
export const archiveConversation = onAccount<'conversation.archive'>((account, { conversationId, on }) => {
  const at = Math.max(0, account.engine.serverNowMs());
  setEntry(account, `archive:${account.stores.outbox.aliasOf(conversationId)}`, on ? { at } : null);
  return done;
});

/** `history.retry` */
export const retryHistory = onAccount<'history.retry'>((account, { conversationId }) => {
  account.engine.retryHistory(account.stores.outbox.aliasOf(conversationId));
  return done;
});

/** `presence.watch` */
export const watchPresence: IntentHandler<'presence.watch'> = ({ core, windowId }, { userIds }) => {
  core.watchPresence(windowId, userIds);
  return done;
};

function aliasOf(core: Parameters<typeof showConversation>[0]['core'], conversationId: string): string {
  return core.account?.stores.outbox.aliasOf(conversationId) ?? conversationId;
}
