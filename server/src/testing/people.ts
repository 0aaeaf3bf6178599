/** People for tests: signed-in persons, organisations, conversations, made through the public protocol only. */
import { randomUUID } from 'node:crypto';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { call } from './http-client.ts';
import { connectAndHello } from './socket-client.ts';
import type { TestServer } from './test-server.ts';

/** Where a server is, and what its founder types in. */
export type ServerAddress = Pick<TestServer, 'url' | 'setupCode'>;

/** A password no rule refuses. */
export const GOOD_PASSWORD = 'analytical engine 1843';

/** A signed-in person. */
export interface Person extends Session {
  readonly email: string;
  readonly name: string;
}

/** A device that signs in. */
export const newDevice = (): { deviceId: string; deviceName: string } => ({
  deviceId: randomUUID(),
  deviceName: 'test device',
});

const newEmail = (name: string): string => `${name.toLowerCase()}-${randomUUID().slice(0, 8)}@example.org`;

/** Founds the server's first organisation. */
export async function founder(
  server: ServerAddress,
  name = 'Ada',
): Promise<Person & { readonly orgId: string }> {
  const email = newEmail(name);
  const session = await call(server.url, 'register', {
    body: {
      email,
      password: GOOD_PASSWORD,
      name,
      setupCode: server.setupCode,
      orgName: 'Engines',
      ...newDevice(),
    },
  });
  const me = await call(server.url, 'me', { token: session.accessToken });
  return { ...session, email, name, orgId: must(me.orgs[0], 'the founder has an organisation').id };
}

/** Makes an invite to an organisation. */
export async function invite(server: { readonly url: string }, by: Session, orgId: string): Promise<string> {
  const made = await call(server.url, 'createInvite', {
    token: by.accessToken,
    params: { id: orgId },
    body: {},
  });
  return made.code;
}

/** Registers a person with an invite. */
export async function member(server: ServerAddress, inviteCode: string, name: string): Promise<Person> {
  const email = newEmail(name);
  const session = await call(server.url, 'register', {
    body: { email, password: GOOD_PASSWORD, name, inviteCode, ...newDevice() },
  });
  return { ...session, email, name };
}

/** Signs a person in on another device. */
export async function secondDevice(server: ServerAddress, person: Person): Promise<Session> {
  return call(server.url, 'login', {
    body: { email: person.email, password: GOOD_PASSWORD, ...newDevice() },
  });
}

/** The direct conversation of two people. */
export async function converse(
  server: ServerAddress,
  a: Session,
  peerId: string,
  orgId: string,
): Promise<string> {
  const body = { opId: randomUUID(), id: randomUUID(), orgId, kind: 'direct', peerId };
  return (await call(server.url, 'createConversation', { token: a.accessToken, body })).id;
}

/** An op that sends a message. */
export function sendOp(logId: string, text: string): { opId: string } & Record<string, unknown> {
  return {
    opId: randomUUID(),
    v: OP_VERSION,
    kind: 'message.send',
    logId,
    text,
    replyTo: null,
    composedAt: Date.now(),
  };
}

/** An op that sets one key of a person's account log. */
export function accountOp(person: Pick<Session, 'userId'>, key: string, value: unknown) {
  return { opId: randomUUID(), v: OP_VERSION, kind: 'account.set', logId: person.userId, key, value };
}

/** Founder, a second person, and their conversation. */
export async function pair(server: ServerAddress): Promise<{
  readonly ada: Person & { readonly orgId: string };
  readonly bob: Person;
  readonly orgId: string;
  readonly conversationId: string;
}> {
  const ada = await founder(server);
  const bob = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  const conversationId = await converse(server, ada, bob.userId, ada.orgId);
  return { ada, bob, orgId: ada.orgId, conversationId };
}

/**
 * A second organisation beside the founder's. The protocol founds only one per server so far, so this one is written
 * by the same functions a founder's registration uses.
 */
export async function otherOrg(server: TestServer, owner: Person, orgId: string): Promise<void> {
  const { createLogServices } = await import('../services/log-services.ts');
  const logs = createLogServices(server.database);
  const join = {
    orgId,
    userId: owner.userId,
    deviceId: owner.deviceId,
    role: 'owner',
    name: owner.name,
  } as const;
  const created = await logs.createOrg(join, 'Rivals');
  if (!created.ok) throw new Error(`could not found the second organisation: ${created.error.code}`);
  await logs.drain();
}

/** Puts a person into an organisation without an invite; see {@link otherOrg}. */
export async function joinOrg(server: TestServer, person: Person, orgId: string): Promise<void> {
  const { createLogServices } = await import('../services/log-services.ts');
  const logs = createLogServices(server.database);
  const { userId, deviceId, name } = person;
  const joined = await logs.joinOrg({ orgId, userId, deviceId, role: 'member', name });
  if (!joined.ok) throw new Error(`could not join: ${joined.error.code}`);
  await logs.drain();
}

/** Takes a person out of an organisation, by their own wish. */
export async function leaveOrg(server: ServerAddress, person: Session, orgId: string): Promise<void> {
  const socket = await connectAndHello(server.url, person);
  const op = {
    opId: randomUUID(),
    v: OP_VERSION,
    kind: 'org.set',
    logId: orgId,
    key: `role:${person.userId}`,
    value: null,
  };
  const [result] = await socket.submit(orgId, op);
  socket.close();
  if (!result?.ok) throw new Error(`could not leave: ${result?.code} ${result?.detail}`);
}
