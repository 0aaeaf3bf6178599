/** Intents about the account itself and its devices. Owns asking the server; these need the network. */
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err } from '@curlew/shared/lib/result.ts';
import { done, onAccount } from './intent-types.ts';
import { setEntry } from './messages.ts';

/** `account.changePassword`: ends the sign-ins of my other devices. */
export const changePassword = onAccount<'account.changePassword'>(async (account, request) => {
  const answer = await account.engine.call('changePassword', { body: request });
  return answer.ok ? done : answer;
});

/** `account.rename`: in every organisation. */
export const rename = onAccount<'account.rename'>(async (account, { name }, { core }) => {
  const answer = await account.engine.call('updateMe', { body: { name } });
  if (!answer.ok) return answer;
  if (core.account === account) core.updateAccount({ name: answer.value.name, orgs: answer.value.orgs });
  return done;
});

/** `account.setStatus`: synced like everything of the account log, so it works offline. */
export const setStatus = onAccount<'account.setStatus'>((account, { status }) => {
  setEntry(account, `status:${account.account.userId}`, status);
  return done;
});

/** `account.setPreferences`: one entry holds them all, so a change is written over those known here. */
export const setPreferences = onAccount<'account.setPreferences'>((account, change) => {
  const preferences = { ...account.queries.preferences(), ...change };
  setEntry(account, `preferences:${account.account.userId}`, preferences);
  return done;
});

/** `device.revoke` */
export const revokeDevice = onAccount<'device.revoke'>(async (account, { deviceId, wipe }) => {
  if (deviceId === account.account.deviceId) {
    return err(errorBody('BAD_REQUEST', { detail: 'this device is signed out, not revoked' }));
  }
  const query = wipe ? { wipe: 'true' as const } : {};
  const answer = await account.engine.call('revokeDevice', { params: { id: deviceId }, query });
  if (!answer.ok) return answer;
  await account.loadDevices();
  return done;
});
