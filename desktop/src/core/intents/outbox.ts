/** Intents of the Outbox view: the person's decisions about what was not sent. */
import { done, onAccount } from './intent-types.ts';
import { mentionsLeft } from './messages.ts';

/** `outbox.retry` */
export const retryOp = onAccount<'outbox.retry'>((account, { opId }) => {
  account.stores.outbox.retry(opId);
  account.engine.kick();
  return done;
});

/** `outbox.retryAll` */
export const retryAllOps = onAccount<'outbox.retryAll'>((account) => {
  account.stores.outbox.retryAll();
  account.engine.dispatch({ type: 'retryNow' });
  account.engine.kick();
  return done;
});

/** `outbox.sendNow`: a parked op goes after all. */
export const sendNow = onAccount<'outbox.sendNow'>((account, { opId }) => {
  account.stores.outbox.sendNow(opId);
  account.engine.kick();
  return done;
});

/** `outbox.setDeadline` */
export const setDeadline = onAccount<'outbox.setDeadline'>((account, { opId, dropAtMs }) => {
  account.stores.outbox.setDeadline(opId, dropAtMs);
  account.deadlines.expireOps();
  return done;
});

/** `outbox.cancel` */
export const cancelOp = onAccount<'outbox.cancel'>((account, { opId }) => {
  account.stores.outbox.cancel(opId);
  account.engine.kick();
  return done;
});

/** `outbox.discard`: the only way text leaves this device unsent. */
export const discardOp = onAccount<'outbox.discard'>((account, { opId }) => {
  account.stores.outbox.discard(opId);
  account.engine.kick();
  return done;
});

/** `outbox.edit` */
export const editOp = onAccount<'outbox.edit'>((account, { opId, text }) => {
  account.stores.outbox.replaceText(opId, text, account.newId(), account.nowMs(), (mentions) =>
    mentionsLeft(account, mentions, text),
  );
  account.engine.kick();
  return done;
});

/** `connection.retryNow` */
export const retryConnection = onAccount<'connection.retryNow'>((account) => {
  account.engine.dispatch({ type: 'retryNow' });
  return done;
});
