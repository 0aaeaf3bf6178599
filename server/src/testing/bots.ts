/** Bots for tests, made through the public protocol. */
import type { Scope } from '@curlew/shared/protocol/scopes.ts';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { call } from './http-client.ts';

/** Makes a bot of an organisation; answers its id. */
export async function newBot(
  url: string,
  by: Pick<Session, 'accessToken'>,
  orgId: string,
  name = 'Bot',
): Promise<string> {
  const made = await call(url, 'createBot', { token: by.accessToken, params: { id: orgId }, body: { name } });
  return made.id;
}

/** Makes a token of a bot, in the shape of a session. */
export async function token(
  url: string,
  by: Pick<Session, 'accessToken'>,
  orgId: string,
  botId: string,
  scopes: Scope[],
): Promise<Pick<Session, 'accessToken' | 'deviceId' | 'userId'> & { readonly id: string }> {
  const body = { name: 'test token', scopes };
  const made = await call(url, 'createToken', { token: by.accessToken, params: { id: orgId, botId }, body });
  return { id: made.id, userId: made.userId, deviceId: made.deviceId, accessToken: made.token };
}
