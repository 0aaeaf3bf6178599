/**
 * The world of the authorisation matrix: one organisation with everybody who can stand in some relation to it, a
 * conversation of the owner with each who is or was in one, and another organisation beside it.
 */
import { randomUUID } from 'node:crypto';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { call } from '../http-client.ts';
import {
  converse,
  founder,
  invite,
  leaveOrg,
  member,
  otherOrg,
  secondDevice,
  sendOp,
  type Person,
} from '../people.ts';
import { connectAndHello, type TestSocket } from '../socket-client.ts';
import type { TestServer } from '../test-server.ts';

/** How somebody stands to the organisation and the conversation that a request is about. */
export const roles = [
  'nobody',
  'otherOrganisation',
  'notMember',
  'formerMember',
  'guest',
  'member',
  'admin',
  'owner',
] as const;
/** See {@link roles}. */
export type Role = (typeof roles)[number];

/** What everybody's requests are about. `text` never appears in an answer to somebody it is not for. */
export interface Target {
  readonly orgId: string;
  readonly ownerId: string;
  readonly ownerDeviceId: string;
  /** The conversation of the owner with the asker, or with a member when the asker never had one. */
  readonly conversationId: string;
  /** A message the owner wrote in it. */
  readonly messageId: string;
  readonly seq: number;
  /** A person of the organisation whom nobody has a conversation with yet. */
  readonly colleagueId: string;
  /** An invite to the organisation. */
  readonly inviteId: string;
}

/** The words of every message in the world. */
export const SECRET = 'the recipe of the house';

/** See the head of this file. */
export interface World {
  readonly server: TestServer;
  readonly owner: Person;
  readonly ownerSocket: TestSocket;
  readonly people: Readonly<Record<Exclude<Role, 'nobody'>, Person>>;
  readonly targets: Readonly<Record<Role, Target>>;
  /** Ids that nobody from outside may ever be told. */
  readonly inside: readonly string[];
}

/** Builds the world on a fresh server. */
export async function buildWorld(server: TestServer): Promise<World> {
  const owner = await founder(server, 'Olivia');
  const { orgId } = owner;
  const code = await invite(server, owner, orgId);
  const join = (name: string): Promise<Person> => member(server, code, name);
  const people = {
    otherOrganisation: await join('Stranger'),
    notMember: await join('Neighbour'),
    formerMember: await join('Former'),
    guest: await join('Guest'),
    member: await join('Member'),
    admin: await join('Admin'),
    owner,
  };
  const colleague = await join('Colleague');
  const ownerSocket = await connectAndHello(server.url, await secondDevice(server, owner));
  const { id: inviteId } = await call(server.url, 'createInvite', {
    token: owner.accessToken,
    params: { id: orgId },
    body: {},
  });
  const setRole = async (person: Person, role: string): Promise<void> => {
    const op = {
      opId: randomUUID(),
      v: 1,
      kind: 'org.set',
      logId: orgId,
      key: `role:${person.userId}`,
      value: { role },
    };
    must(
      (await ownerSocket.submit(orgId, op))[0]?.ok === true ? true : undefined,
      `the owner makes a ${role}`,
    );
  };
  await setRole(people.guest, 'guest');
  await setRole(people.admin, 'admin');

  const targetWith = async (peer: Person): Promise<Target> => {
    const conversationId = await converse(server, owner, peer.userId, orgId);
    const [sent] = await ownerSocket.submit(conversationId, sendOp(conversationId, SECRET));
    return {
      orgId,
      ownerId: owner.userId,
      ownerDeviceId: owner.deviceId,
      conversationId,
      messageId: must(sent, 'a result for each op').opId,
      seq: must(sent?.seq, 'a committed op has a position'),
      colleagueId: colleague.userId,
      inviteId,
    };
  };
  const withMember = await targetWith(people.member);
  const targets = {
    nobody: withMember,
    otherOrganisation: withMember,
    notMember: withMember,
    formerMember: await targetWith(people.formerMember),
    guest: await targetWith(people.guest),
    member: withMember,
    admin: await targetWith(people.admin),
    owner: withMember,
  };
  await leaveOrg(server, people.formerMember, orgId);
  await otherOrg(server, people.otherOrganisation, randomUUID());
  // Registration needs an invite of the only organisation there is, so the stranger had to enter it. As if they never had:
  await server.database.writePool.query('DELETE FROM org_member WHERE org_id = $1 AND user_id = $2', [
    orgId,
    people.otherOrganisation.userId,
  ]);
  await touchOrg(server, owner);
  const inside = [
    orgId,
    inviteId,
    ...Object.values(targets).flatMap((it) => [it.ownerId, it.conversationId, it.messageId]),
  ];
  return { server, owner, ownerSocket, people, targets, inside: [...new Set(inside), SECRET] };
}

/** Moves the organisation's member version, so that no cached list from before the deletion is used. */
async function touchOrg(server: TestServer, owner: Person & { readonly orgId: string }): Promise<void> {
  await server.database.writePool.query('UPDATE log SET member_version = member_version + 1 WHERE id = $1', [
    owner.orgId,
  ]);
  await call(server.url, 'logState', { token: owner.accessToken, params: { id: owner.orgId } });
}

/** The session of a role; undefined for nobody. */
export function sessionOf(world: World, role: Role): Session | undefined {
  return role === 'nobody' ? undefined : world.people[role];
}
