/**
 * The authorisation matrix: every route, event and kind of op × every role, from the protocol's own tables. Beside the
 * verdict, each answer to somebody outside is searched for anything that only insiders may know, and what is theirs not
 * to see must be answered exactly like an id that does not exist.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import { opKinds } from '@curlew/shared/protocol/ops.ts';
import { clientEvents, type ClientEventName } from '@curlew/shared/protocol/socket.ts';
import { request } from '../http-client.ts';
import { writeReport } from '../report.ts';
import { connectAndHello, type TestSocket } from '../socket-client.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { eventRows, opRows } from './events.ts';
import { routeRows } from './routes.ts';
import { buildWorld, roles, sessionOf, type Role, type Target, type World } from './world.ts';

let server: TestServer;
let world: World;
const sockets = new Map<Role, TestSocket>();
const figures = { routes: 0, events: 0, roles: roles.length, cases: 0, leaks: 0 };
let failed = 0;

beforeAll(async () => {
  server = await startTestServer();
  world = await buildWorld(server);
  for (const role of roles) {
    const session = sessionOf(world, role);
    if (session) sockets.set(role, await connectAndHello(server.url, session));
  }
});
afterAll(async () => {
  writeReport('authorisation', figures, failed);
  for (const socket of sockets.values()) socket.close();
  await server.stop();
});

const outsiders: readonly Role[] = ['nobody', 'otherOrganisation'];

/** Counts what an answer to an outsider tells of the inside. */
function countLeaks(role: Role, answer: unknown): number {
  if (!outsiders.includes(role)) return 0;
  const text = JSON.stringify(answer) ?? '';
  return world.inside.filter((secret) => text.includes(secret)).length;
}

/** Counts one case and says what differs from what the row demands. */
function judge(name: string, role: Role, expected: string, actual: string, leaks: number): string[] {
  figures.cases += 1;
  figures.leaks += leaks;
  const wrong = actual === expected ? [] : [`${name} as ${role}: expected ${expected}, got ${actual}`];
  if (leaks > 0) wrong.push(`${name} as ${role}: the answer holds ${leaks} things of the inside`);
  failed += wrong.length;
  return wrong;
}

function codeOf(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'OK';
}

/** A target of the same shape in which nothing exists. */
const nowhere = (): Target => ({
  orgId: randomUUID(),
  ownerId: randomUUID(),
  ownerDeviceId: randomUUID(),
  conversationId: randomUUID(),
  messageId: randomUUID(),
  seq: 1,
  colleagueId: randomUUID(),
  inviteId: randomUUID(),
});

test('every route, event and kind of op has its row', () => {
  expect(Object.keys(routeRows).sort()).toEqual(Object.keys(routes).sort());
  expect(Object.keys(eventRows).sort()).toEqual(Object.keys(clientEvents).sort());
  expect(Object.keys(opRows).sort()).toEqual([...opKinds].sort());
});

test.each(Object.keys(routeRows) as RouteName[])('route %s', async (name) => {
  figures.routes += 1;
  const row = routeRows[name];
  const wrong: string[] = [];
  for (const role of roles) {
    const token = sessionOf(world, role)?.accessToken;
    const target = world.targets[role];
    const answer = await request(server.url, name, { ...row.ask(target, role), token });
    const code = codeOf(answer.body);
    // What somebody asked for is known to them; ids they named themselves are no leak, and are not echoed anyway.
    wrong.push(
      ...judge(
        name,
        role,
        row.expect[role],
        code,
        code === 'OK' && ownEcho.has(name) ? 0 : countLeaks(role, answer.body),
      ),
    );
    if (code === 'NOT_FOUND') {
      const unknown = await request(server.url, name, { ...row.ask(nowhere(), role), token });
      if (JSON.stringify(unknown.body) !== JSON.stringify(answer.body) || unknown.status !== answer.status) {
        wrong.push(`${name} as ${role}: answered otherwise than an unknown id`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** Routes that answer the ids they were asked about, and tell nothing else: checked in a test of their own below. */
const ownEcho: ReadonlySet<RouteName> = new Set(['verify', 'opsStatus']);

test('verify and ops status say no more of what is not theirs than of what does not exist', async () => {
  for (const role of ['otherOrganisation', 'notMember'] as const) {
    const { accessToken: token } = world.people[role];
    const target = world.targets[role];
    const unknown = nowhere();
    for (const name of ['verify', 'opsStatus'] as const) {
      const real = await request(server.url, name, {
        ...routeRows[name].ask({ ...target, seq: 1 }, role),
        token,
      });
      const none = await request(server.url, name, { ...routeRows[name].ask(unknown, role), token });
      const masked = (body: unknown, from: Target): string =>
        JSON.stringify(body).replaceAll(from.conversationId, 'C').replaceAll(from.messageId, 'M');
      expect(masked(real.body, target)).toBe(masked(none.body, unknown));
    }
  }
});

test.each(Object.keys(opRows) as (keyof typeof opRows)[])('op %s', async (kind) => {
  const row = opRows[kind];
  const wrong: string[] = [];
  const submit = async (socket: TestSocket, target: Target): Promise<string> => {
    const fields = row.ask(target);
    const [result] = await socket.submit(fields.logId, { opId: randomUUID(), v: 1, kind, ...fields });
    return result?.ok ? 'OK' : `${result?.code}`;
  };
  for (const role of roles) {
    const socket = sockets.get(role);
    // Nobody has no socket to send it on; the handshake's refusal is their row.
    if (!socket) continue;
    // The owner deletes a message of its own at the end, or the other rows would find theirs gone.
    const target = role === 'owner' && kind === 'message.delete' ? await freshMessage() : world.targets[role];
    wrong.push(...judge(kind, role, row.expect[role], await submit(socket, target), 0));
    if (row.expect[role] === 'NOT_FOUND' && (await submit(socket, nowhere())) !== 'NOT_FOUND') {
      wrong.push(`${kind} as ${role}: answered otherwise than an unknown id`);
    }
  }
  expect(wrong).toEqual([]);
});

async function freshMessage(): Promise<Target> {
  const target = world.targets.owner;
  const op = { opId: randomUUID(), v: 1, kind: 'message.send', logId: target.conversationId };
  await world.ownerSocket.submit(target.conversationId, {
    ...op,
    text: 'soon gone',
    replyTo: null,
    composedAt: 1,
  });
  return { ...target, messageId: op.opId };
}

test.each(Object.keys(eventRows) as ClientEventName[])('event %s', async (name) => {
  figures.events += 1;
  const row = eventRows[name];
  const wrong: string[] = [];
  for (const role of roles) {
    const socket = sockets.get(role);
    const code = socket
      ? await askEvent(socket, name, row.ask(world.targets[role], socket.fence))
      : await refusedSocket();
    if (socket && name === 'hello') await socket.hello();
    const leaks = socket
      ? countLeaks(
          role,
          socket.frames.filter((frame) => frame.name !== 'connection:established'),
        )
      : 0;
    wrong.push(...judge(name, role, row.expect[role], code, leaks));
  }
  expect(wrong).toEqual([]);
});

/** The outcome of an event: of its ack, of the op in it, or of the error frame where there is no ack. */
async function askEvent(socket: TestSocket, name: ClientEventName, payload: object): Promise<string> {
  if (clientEvents[name].answer === null) {
    socket.frames.length = 0;
    socket.raw.emit(name, payload);
    await socket.rawAck('sync:heads', {});
    await sleep(50);
    const error = socket.frames.find((frame) => frame.name === 'connection:error')?.payload;
    return error === undefined ? 'OK' : codeOf({ error });
  }
  const ack = (await socket.rawAck(name, payload)) as {
    value?: { ok?: boolean; code?: string; results?: { ok: boolean; code?: string }[] };
  };
  const result = ack.value?.results?.[0] ?? ack.value;
  return result?.ok === false ? String(result.code) : codeOf(ack);
}

async function refusedSocket(): Promise<string> {
  const error: unknown = await connectAndHello(server.url, { accessToken: '', deviceId: randomUUID() }).catch(
    (refused: unknown) => refused,
  );
  return codeOf({ error: error instanceof Error && 'body' in error ? error.body : undefined });
}

test('what was said in a conversation reached nobody outside of it', () => {
  for (const role of ['otherOrganisation', 'notMember'] as const) {
    expect(JSON.stringify(sockets.get(role)?.frames)).not.toContain(world.targets.member.conversationId);
  }
});
