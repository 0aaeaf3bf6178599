/**
 * The matrix's column of bots: every route, event and kind of op, once with a token that holds every scope but the one
 * it takes, and once with all of them. Derived from the tables, so that what is added later is asked too.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import type { OpKind } from '@curlew/shared/protocol/ops.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';
import { eventScopes, opScopes, scopes, socketScopes, type Scope } from '@curlew/shared/protocol/scopes.ts';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { newBot, token as newToken } from '../bots.ts';
import { call, request } from '../http-client.ts';
import { connect, connectAndHello, ConnectError, type TestSocket } from '../socket-client.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { opRows } from './events.ts';
import { routeRows } from './routes.ts';
import { buildWorld, type Target, type World } from './world.ts';

let server: TestServer;
let world: World;
let target: Target;
let botId: string;
const all = Object.keys(scopes) as Scope[];
const withTokens = new Map<string, Pick<Session, 'accessToken' | 'deviceId'>>();

/** A token with these scopes; made once. */
async function having(held: readonly Scope[]): Promise<Pick<Session, 'accessToken' | 'deviceId'>> {
  const key = held.join();
  const known = withTokens.get(key);
  if (known) return known;
  const made = await newToken(server.url, world.owner, world.targets.owner.orgId, botId, [...held]);
  withTokens.set(key, made);
  return made;
}
const without = (scope: Scope | undefined): Scope[] => all.filter((it) => it !== scope);

beforeAll(async () => {
  server = await startTestServer();
  world = await buildWorld(server);
  const { orgId } = world.targets.owner;
  botId = await newBot(server.url, world.owner, orgId);
  const body = { opId: randomUUID(), orgId, kind: 'group', title: 'With a bot', memberIds: [botId] };
  const token = world.owner.accessToken;
  const { id: conversationId } = await call(server.url, 'createConversation', { token, body });
  const sent = await call(server.url, 'sendMessage', {
    token,
    params: { id: conversationId },
    body: { opId: randomUUID(), text: 'for the bot too' },
  });
  target = { ...world.targets.owner, conversationId, messageId: sent.opId, seq: 2 };
});
afterAll(() => server.stop());

function codeOf(body: unknown): string {
  const error = (body as { error?: { code?: string } } | undefined)?.error;
  return error?.code ?? 'OK';
}

test.each(Object.keys(routes) as RouteName[])('route %s', async (name) => {
  const spec: RouteSpec = routes[name];
  if (spec.access === 'public') return;
  const ask = async (held: readonly Scope[]): Promise<string> => {
    const { accessToken } = await having(held);
    const given = routeRows[name].ask(target, 'member');
    return codeOf((await request(server.url, name, { ...given, token: accessToken })).body);
  };
  for (const scope of spec.scopes ?? [undefined])
    if (scope !== undefined || !spec.scopes)
      expect([scope, await ask(without(scope))]).toEqual([scope, 'SCOPE_MISSING']);
  if (spec.scopes) expect(await ask(all)).not.toBe('SCOPE_MISSING');
});

test.each(Object.keys(opScopes) as OpKind[])('op %s by socket', async (kind) => {
  const scope = opScopes[kind];
  const submit = async (socket: TestSocket): Promise<string | undefined> => {
    const fields = opRows[kind].ask(target);
    const [result] = await socket.submit(fields.logId, { opId: randomUUID(), v: 1, kind, ...fields });
    return result?.ok === true ? 'OK' : result?.code;
  };
  const held = without(scope ?? undefined);
  const socket = await connectAndHello(server.url, await having(held));
  expect(await submit(socket)).toBe('SCOPE_MISSING');
  socket.close();
  if (scope === null) return;
  const able = await connectAndHello(server.url, await having(all));
  expect(await submit(able)).not.toBe('SCOPE_MISSING');
  able.close();
});

test('a socket takes the scopes of all it is told of, and typing the one for writing', async () => {
  for (const scope of socketScopes) {
    const refused: unknown = await connect(server.url, await having(without(scope))).catch(
      (error: unknown) => error,
    );
    expect(refused instanceof ConnectError && refused.body).toMatchObject({
      code: 'SCOPE_MISSING',
      detail: scope,
    });
  }
  for (const [event, scope] of Object.entries(eventScopes)) {
    const socket = await connectAndHello(server.url, await having(without(scope)));
    socket.raw.emit(event, { conversationId: target.conversationId });
    expect(await socket.next('connection:error')).toMatchObject({ code: 'SCOPE_MISSING' });
    socket.close();
  }
});
