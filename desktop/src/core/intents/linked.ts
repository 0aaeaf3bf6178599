/** Intents about items of other systems: the one conversation of an item, and its end. Owns building their ops. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { OP_VERSION, type Op } from '@curlew/shared/protocol/ops.ts';
import { done, onAccount } from './intent-types.ts';
import { enqueue } from './messages.ts';

/**
 * `linked.open`: the conversation of an item, as far as this device knows it; created when that is asked for. The server
 * finds the one there is already, so asking from two devices without network ends in one conversation.
 */
export const openLinked = onAccount<'linked.open'>((account, { orgId, type, id, create }, { core }) => {
  const { outbox } = account.stores;
  if (!core.reads) return err(errorBody('AUTH_REQUIRED'));
  const known = core.reads.cache.linkedTo(type, id, orgId);
  if (known !== undefined) return ok({ conversationId: known });
  const pending = outbox
    .items()
    .find(({ op, state }) => state !== 'REJECTED' && createsFor(op, { orgId, type, id }));
  if (pending) return ok({ conversationId: outbox.aliasOf(pending.op.logId) });
  if (create === null) return ok({ conversationId: null });
  const conversationId = account.newId();
  enqueue(account, {
    opId: account.newId(),
    v: OP_VERSION,
    logId: conversationId,
    kind: 'conversation.create',
    orgId: create.orgId,
    conversationKind: 'linked',
    protection: 'server',
    title: create.title,
    link: { type, id, url: create.url, status: '' },
    memberIds: [...new Set(create.memberIds)].filter((userId) => userId !== account.account.userId),
  });
  return ok({ conversationId });
});

/** `conversation.setClosed` */
export const setClosed = onAccount<'conversation.setClosed'>((account, { conversationId, isClosed }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'conversation.update', isClosed });
  return done;
});

function createsFor(
  op: Op,
  item: { readonly orgId: string | null; readonly type: string; readonly id: string },
): boolean {
  if (op.kind !== 'conversation.create' || op.conversationKind !== 'linked') return false;
  const isInOrg = item.orgId === null || op.orgId === item.orgId;
  return isInOrg && op.link.type === item.type && op.link.id === item.id;
}
