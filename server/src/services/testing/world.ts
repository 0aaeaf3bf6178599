/**
 * People, devices and an organisation to test log services with, on a database of their own. Writes go the product's
 * way; only accounts and devices, which other services make, are inserted by hand.
 */
import { must } from '@curlew/shared/lib/result.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import type { OpResult } from '@curlew/shared/protocol/ops.ts';
import { randomBytes } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '../../infra/testing/test-database.ts';
import { createLogServices } from '../log-services.ts';
import type { Actor, LogServices, Outcome, SubmitOutcome } from '../service-types.ts';

/** A person with one device. */
export interface TestPerson extends Actor {
  readonly name: string;
}

/** See the head of this file. */
export interface World {
  readonly database: TestDatabase;
  readonly services: LogServices;
  readonly orgId: string;
  /** A person who is not in any organisation. */
  readonly person: (name: string) => Promise<TestPerson>;
  /** A person in the world's organisation; the first one founds it. */
  readonly colleague: (name: string) => Promise<TestPerson>;
  /** Another device of a person. */
  readonly device: (of: TestPerson) => Promise<TestPerson>;
  /** Raises a device's fence, as `hello` does. */
  readonly hello: (of: TestPerson) => Promise<TestPerson>;
  /** The direct conversation of two people. */
  readonly direct: (a: TestPerson, b: TestPerson) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** An op as a client may send it, right or wrong. */
export interface AnyOp {
  readonly logId: string;
  readonly [field: string]: unknown;
}

/** A new id. */
export function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

/** Opens a world on a database of its own, or on the one given. */
export async function openWorld(given?: TestDatabase): Promise<World> {
  const database = given ?? (await openTestDatabase());
  const services = createLogServices(database);
  const orgId = newId();
  let isFounded = false;

  const addDevice = async (userId: string): Promise<string> => {
    const deviceId = newId();
    await database.writePool.query('INSERT INTO device (id, user_id, name, fence) VALUES ($1, $2, $3, 1)', [
      deviceId,
      userId,
      'test',
    ]);
    return deviceId;
  };
  const person = async (name: string): Promise<TestPerson> => {
    const userId = newId();
    await database.writePool.query('INSERT INTO user_account (id, email, name) VALUES ($1, $2, $3)', [
      userId,
      `${userId}@test`,
      name,
    ]);
    return { userId, deviceId: await addDevice(userId), fence: 1, name };
  };
  return {
    database,
    services,
    orgId,
    person,
    colleague: async (name) => {
      const it = await person(name);
      const join = { orgId, userId: it.userId, deviceId: it.deviceId, name };
      if (isFounded) expectOk(await services.joinOrg({ ...join, role: 'member' }));
      else expectOk(await services.createOrg({ ...join, role: 'owner' }, 'Test'));
      isFounded = true;
      return it;
    },
    device: async (of) => ({ ...of, deviceId: await addDevice(of.userId), fence: 1 }),
    hello: async (of) => {
      const { rows } = await database.writePool.query<{ fence: number }>(
        'UPDATE device SET fence = fence + 1 WHERE id = $1 RETURNING fence',
        [of.deviceId],
      );
      return { ...of, fence: must(rows[0], 'the device exists').fence };
    },
    direct: async (a, b) => {
      const logId = newId();
      const result = await submitOne(services, a, { ...createOp(orgId, b.userId), logId });
      return result.canonicalId ?? logId;
    },
    close: async () => {
      await services.drain();
      await database.close();
    },
  };
}

/** The value of an outcome that must be one. */
export function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`expected a value, got ${outcome.error.code}`);
  return outcome.value;
}

/** Submits one op in the lane of its log; the whole outcome. */
export function submit(services: LogServices, actor: Actor, ...ops: AnyOp[]): Promise<SubmitOutcome> {
  return services.submitOps(actor, { lane: must(ops[0], 'at least one op').logId, ops });
}

/** Submits one op; its result. */
export async function submitOne(services: LogServices, actor: Actor, op: AnyOp): Promise<OpResult> {
  const { results } = await submit(services, actor, op);
  return must(results[0], 'an op has a result');
}

/** An op that creates a direct conversation. */
export function createOp(orgId: string, peerId: string) {
  return {
    opId: newId(),
    v: 1,
    logId: newId(),
    kind: 'conversation.create',
    orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId,
  } as const;
}

/** An op that creates a group of the actor and these people. */
export function groupOp(
  orgId: string,
  memberIds: readonly string[],
  fields: { readonly history?: 'all' | 'joined'; readonly title?: string } = {},
) {
  return {
    opId: newId(),
    v: 1,
    logId: newId(),
    kind: 'conversation.create',
    orgId,
    conversationKind: 'group',
    protection: 'server',
    title: 'Engine room',
    memberIds,
    history: 'all',
    ...fields,
  } as const;
}

/** An op that changes settings of a conversation. */
export function updateOp(logId: string, change: object) {
  return { opId: newId(), v: 1, logId, kind: 'conversation.update', ...change } as const;
}

/** An op that changes who is in a conversation, or as what. */
export function memberOp(
  kind: 'member.add' | 'member.remove' | 'member.role',
  logId: string,
  userId: string,
  role: 'owner' | 'moderator' | 'member' = 'member',
) {
  const base = { opId: newId(), v: 1, logId, kind, userId } as const;
  return kind === 'member.remove' ? base : { ...base, role };
}

/** An op that sends a text. */
export function sendOp(logId: string, text = 'hello', opId = newId()) {
  return {
    opId,
    v: 1,
    logId,
    kind: 'message.send',
    text,
    replyTo: null,
    composedAt: 1_700_000_000_000,
  } as const;
}

/** An op that edits a message. */
export function editOp(logId: string, messageId: string, text: string, baseRevSeq = 0) {
  return { opId: newId(), v: 1, logId, kind: 'message.edit', messageId, text, baseRevSeq } as const;
}

/** An op that deletes a message. */
export function deleteOp(logId: string, messageId: string) {
  return { opId: newId(), v: 1, logId, kind: 'message.delete', messageId } as const;
}

/** An op that puts a reaction on a message or takes it off. */
export function reactOp(logId: string, messageId: string, emoji: string, on = true) {
  return { opId: newId(), v: 1, logId, kind: 'reaction.set', messageId, emoji, on } as const;
}

/** An op that moves a watermark. */
export function watermarkOp(kind: 'read.set' | 'delivered.set', logId: string, seq: number) {
  return { opId: newId(), v: 1, logId, kind, seq } as const;
}

/** An op that says how far a thread was read. */
export function threadReadOp(logId: string, threadRootId: string, seq: number) {
  return { ...watermarkOp('read.set', logId, seq), threadRootId } as const;
}

/** An op that sets one key of an account or organisation log. */
export function setOp(kind: 'account.set' | 'org.set', logId: string, key: string, value: unknown) {
  return { opId: newId(), v: 1, logId, kind, key, value } as const;
}
