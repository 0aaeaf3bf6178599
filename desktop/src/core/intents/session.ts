/** Intents of signing in and out. Owns which local account a sign-in belongs to, and what happens to its data. */
import { isDeepStrictEqual } from 'node:util';
import { ok, type Result } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import type { UnsentText } from '../../ipc/unsent.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { Core } from '../core.ts';
import type { Account } from '../session/account-registry.ts';
import { normaliseServerUrl } from '../transport/server-url.ts';
import type { Transport } from '../transport/transport-types.ts';
import { done, onAccount, type IntentHandler } from './intent-types.ts';

/** `session.probe`: what stands behind an address. */
export const probe: IntentHandler<'session.probe'> = async ({ core }, request) => {
  const origin = normaliseServerUrl(request.serverUrl);
  if (!origin.ok) return origin;
  return withTransport(core, origin.value, async (transport) => {
    const answer = await transport.call('discovery', {});
    if (!answer.ok) return answer;
    const { name, version, needsSetup, client } = answer.value;
    return ok({ serverUrl: origin.value, name, version, needsSetup, client });
  });
};

/** `session.signIn` */
export const signIn: IntentHandler<'session.signIn'> = async ({ core }, { serverUrl, email, password }) => {
  const origin = normaliseServerUrl(serverUrl);
  if (!origin.ok) return origin;
  return withTransport(core, origin.value, async (transport) => {
    const { deviceName } = core.config;
    const deviceId = deviceIdFor(core, core.registry.findByEmail(origin.value, email));
    const session = await transport.call('login', { body: { email, password, deviceId, deviceName } });
    return session.ok ? enter(core, transport, origin.value, session.value) : session;
  });
};

/** `session.createAccount` */
export const createAccount: IntentHandler<'session.createAccount'> = async ({ core }, request) => {
  const { serverUrl, ...details } = request;
  const origin = normaliseServerUrl(serverUrl);
  if (!origin.ok) return origin;
  return withTransport(core, origin.value, async (transport) => {
    const { deviceName } = core.config;
    const deviceId = newId(core);
    const session = await transport.call('register', { body: { ...details, deviceId, deviceName } });
    return session.ok ? enter(core, transport, origin.value, session.value) : session;
  });
};

/** `session.signOut`: asks first when something would be lost; then this device keeps nothing of the account. */
export const signOut = onAccount<'session.signOut'>(async (account, { ifUnsent }, { core }) => {
  const wouldLose = account.stores.outbox.wouldLose();
  const isAnythingLost = Object.values(wouldLose).some((count) => count > 0);
  if (isAnythingLost && ifUnsent === 'ask') return ok({ signedOut: false, wouldLose });
  if (ifUnsent === 'export') {
    const texts = unsentTexts(account);
    const saved = await core.ports.saveUnsent(texts);
    if (!saved.ok) return saved;
    if (core.account !== account) return ok({ signedOut: true, wouldLose });
    // No place was chosen, or more was written while the dialog was open: nothing may go that is in no file.
    if (
      !saved.value ||
      !unsentTexts(account).every((text) => texts.some((it) => isDeepStrictEqual(it, text)))
    )
      return ok({ signedOut: false, wouldLose: account.stores.outbox.wouldLose() });
  }
  account.engine.dispatch({ type: 'signedOut' });
  core.wipeAccount(account.account.accountId);
  // Best effort: without network the server ends the sign-in by itself when it is no longer renewed.
  await account.tokens.end();
  return ok({ signedOut: true, wouldLose });
});

function unsentTexts({ stores, queries }: AccountRuntime): readonly UnsentText[] {
  return stores.outbox.unsentTexts().map(({ conversationId, ...text }) => ({
    ...text,
    conversation: queries.conversationName(conversationId),
  }));
}

/** `session.keepForThisRun` */
export const keepForThisRun = onAccount<'session.keepForThisRun'>((account) => {
  account.tokens.keepForThisRun();
  return done;
});

/** `session.dismissNotice` */
export const dismissNotice = onAccount<'session.dismissNotice'>((account, { id }) => {
  account.dismissNotice(id);
  return done;
});

async function enter(
  core: Core,
  transport: Transport,
  serverUrl: string,
  session: Session,
): Promise<Result<Record<string, never>, ErrorBody>> {
  const me = await transport.call('me', {}, session.accessToken);
  if (!me.ok) return me;
  const { email, name, orgs } = me.value;
  const { userId, deviceId } = session;
  // Signing in again finds the data this person left here, under whatever device id it was.
  const known = core.registry.findByUser(serverUrl, userId);
  const accountId = known?.accountId ?? core.findLeftFolder(serverUrl, userId) ?? newId(core);
  const account: Account = { accountId, serverUrl, userId, deviceId, email, name, orgs, needsSignIn: false };
  core.closeAccount();
  core.registry.putCurrent(account);
  const runtime = core.openAccount(account);
  await runtime.tokens.adopt(session);
  runtime.start();
  return done;
}

/** The device stays itself, unless the server ended its sign-in: then it registers anew. */
function deviceIdFor(core: Core, known: Account | undefined): string {
  return known && !known.needsSignIn ? known.deviceId : newId(core);
}

function newId(core: Core): string {
  const { clock, random } = core.host;
  return uuidV7(Math.max(0, clock.nowMs()), random.bytes(10));
}

async function withTransport<T>(
  core: Core,
  serverUrl: string,
  run: (transport: Transport) => Promise<Result<T, ErrorBody>>,
): Promise<Result<T, ErrorBody>> {
  const transport = core.createTransport(serverUrl);
  try {
    return await run(transport);
  } finally {
    transport.dispose();
  }
}
