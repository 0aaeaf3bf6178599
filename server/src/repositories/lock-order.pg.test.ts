/**
 * The order of locks: appends that change memberships or mark as unread, and receipts, of the same people and
 * conversations at once, never wait for each other in a circle. Below the queues, which would repeat a deadlock away.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type pg from 'pg';
import { newId, openWorld, sendOp, submit, type TestPerson, type World } from '../services/testing/world.ts';

const PEOPLE = 4;
const CONVERSATIONS = 3;
const ROUNDS = 120;

let world: World;
let people: TestPerson[];
let conversationIds: string[];

const opHash = '0'.repeat(64);
const pick = <T>(items: readonly T[]): T[] => items.toSorted(() => Math.random() - 0.5);

/** Calls `curlew_append`, as the queue does; the codes of the ops. */
async function append(client: pg.Client, ops: readonly Record<string, unknown>[]): Promise<string[]> {
  const { rows } = await client.query<{ code: string }>(
    'SELECT code FROM curlew_append($1::jsonb, $2::uuid[], $3::uuid[], true, true)',
    [
      JSON.stringify(ops.map((op, i) => ({ i, op: newId(), hash: opHash, ...op }))),
      [...new Set(ops.map((op) => op['log']))],
      [],
    ],
  );
  return rows.map((row) => row.code);
}

const memberOp = (kind: string, log: string, person: TestPerson) => ({
  log,
  actor: person.userId,
  kind,
  sys: true,
  body: { userId: person.userId, role: 'member' },
});

/** Everybody but the two it began with leaves a conversation and comes back, in any order. */
async function comeAndGo(client: pg.Client): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const kind = round % 2 === 0 ? 'member.remove' : 'member.add';
    const ops = pick(conversationIds).flatMap((log) =>
      pick(people.slice(2)).map((person) => memberOp(kind, log, person)),
    );
    expect(new Set(await append(client, ops))).toEqual(new Set(['OK']));
  }
}

async function markUnread(client: pg.Client): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const ops = pick(people).flatMap((person) =>
      pick(conversationIds).map((id) => ({
        log: person.userId,
        actor: person.userId,
        kind: 'account.set',
        body: { key: `unread:${id}`, prefix: 'unread', id, value: { fromSeq: 1 + round } },
      })),
    );
    expect(new Set(await append(client, ops))).toEqual(new Set(['OK']));
  }
}

async function read(client: pg.Client, step: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const items = people.flatMap((person) =>
      conversationIds.map((conversation) => ({
        conversation,
        user: person.userId,
        device: person.deviceId,
        read: 1 + round * step,
      })),
    );
    await client.query('SELECT * FROM curlew_receipts($1::jsonb, $2::uuid[])', [
      JSON.stringify(items.map((item, i) => ({ i, ...item }))),
      people.map((person) => person.deviceId),
    ]);
  }
}

beforeAll(async () => {
  world = await openWorld();
  people = [];
  for (let index = 0; index < PEOPLE; index += 1) people.push(await world.colleague(`Person ${index}`));
  const [ann, ben, cleo] = people as [TestPerson, TestPerson, TestPerson, ...TestPerson[]];
  conversationIds = [
    await world.direct(ann, ben),
    await world.direct(ann, cleo),
    await world.direct(ben, cleo),
  ];
  expect(new Set(conversationIds).size).toBe(CONVERSATIONS);
  const client = await world.database.connect();
  for (const id of conversationIds) {
    for (const person of people) await append(client, [memberOp('member.add', id, person)]);
    const sender = id === conversationIds[2] ? ben : ann;
    for (let sent = 0; sent < ROUNDS * 2; sent += 60)
      await submit(world.services, sender, ...Array.from({ length: 60 }, () => sendOp(id)));
  }
});
afterAll(() => world.close());

test('members come and go, mark as unread and read, all at once, and nobody waits in a circle', async () => {
  const connect = async (): Promise<pg.Client> => {
    const client = await world.database.connect();
    // A circle is found at once, so that a test that fails does not take minutes.
    await client.query(`SET deadlock_timeout = '20ms'`);
    return client;
  };
  const outcomes = await Promise.allSettled([
    comeAndGo(await connect()),
    markUnread(await connect()),
    read(await connect(), 1),
    read(await connect(), 2),
  ]);
  expect(outcomes.flatMap((it) => (it.status === 'rejected' ? [String(it.reason)] : []))).toEqual([]);
});
