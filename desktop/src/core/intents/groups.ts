/** Intents about groups: making them, naming them, who is in them and what stands pinned. Owns building their ops. */
import { ok } from '@curlew/shared/lib/result.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import { done, onAccount } from './intent-types.ts';
import { enqueue } from './messages.ts';

/** `group.create`: the group is there at once; what is written in it waits behind its creation. */
export const createGroup = onAccount<'group.create'>((account, { orgId, title, memberIds, history }) => {
  const conversationId = account.newId();
  enqueue(account, {
    opId: account.newId(),
    v: OP_VERSION,
    logId: conversationId,
    kind: 'conversation.create',
    orgId,
    conversationKind: 'group',
    protection: 'server',
    title,
    memberIds: [...new Set(memberIds)].filter((id) => id !== account.account.userId),
    history,
  });
  return ok({ conversationId });
});

/** `group.rename` */
export const renameGroup = onAccount<'group.rename'>((account, { conversationId, title }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'conversation.update', title });
  return done;
});

/** `conversation.setTtl`: how long new messages live; those already written keep the life they were given. */
export const setMessageTtl = onAccount<'conversation.setTtl'>((account, { conversationId, messageTtlMs }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  const opId = account.newId();
  enqueue(account, { opId, v: OP_VERSION, logId, kind: 'conversation.update', messageTtlMs });
  return done;
});

/** `group.add`: one op a person, so that one who cannot be added stops nobody else. */
export const addToGroup = onAccount<'group.add'>((account, { conversationId, userIds }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  for (const userId of new Set(userIds)) {
    const opId = account.newId();
    enqueue(account, { opId, v: OP_VERSION, logId, kind: 'member.add', userId, role: 'member' });
  }
  return done;
});

/** `group.remove` */
export const removeFromGroup = onAccount<'group.remove'>((account, { conversationId, userId }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'member.remove', userId });
  return done;
});

/** `group.setRole` */
export const setGroupRole = onAccount<'group.setRole'>((account, { conversationId, userId, role }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'member.role', userId, role });
  return done;
});

/** `message.pin` */
export const pinMessage = onAccount<'message.pin'>((account, { conversationId, messageId, on }) => {
  const logId = account.stores.outbox.aliasOf(conversationId);
  const pin = { messageId, on };
  enqueue(account, { opId: account.newId(), v: OP_VERSION, logId, kind: 'conversation.update', pin });
  return done;
});
