/** The append function and its queue, below authorisation: chain bytes, batches that fail, order behind a failure. */
import { EMPTY_CHAIN, nextChain, opHashOf } from '@curlew/shared/lib/chain.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId, openWorld, type TestPerson, type World } from '../services/testing/world.ts';
import { AppendQueue, type AppendOp } from './append-queue.ts';

let world: World;
let ann: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
});
afterAll(() => world.close());

function send(logId: string, change: Partial<AppendOp> = {}): AppendOp {
  const opId = newId();
  const body = { messageId: opId, text: 'text', replyTo: null, composedAt: 1 };
  const { userId: actorId, deviceId, fence } = ann;
  return {
    logId,
    actorId,
    deviceId,
    fence,
    opId,
    opHash: opHashOf({ opId }),
    kind: 'message.send',
    seenVersion: 1,
    body,
    ...change,
  };
}

async function conversation(): Promise<string> {
  return world.direct(ann, await world.colleague('Peer'));
}

test('the chain in SQL is the chain in TypeScript, byte for byte', async () => {
  for (const seq of [1, 2, 255, 256, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
    const link = { logId: randomUUID(), seq, opId: randomUUID(), opHash: randomBytes(32).toString('hex') };
    const previous = seq === 1 ? EMPTY_CHAIN : randomBytes(8).toString('hex');
    const { rows } = await world.database.readPool.query<{ chain: string }>(
      `SELECT encode(curlew_chain(decode($1, 'hex'), $2, $3, $4, decode($5, 'hex')), 'hex') AS chain`,
      [previous, link.logId, seq, link.opId, link.opHash],
    );
    expect(rows[0]?.chain).toBe(nextChain(previous, link));
  }
});

test('a batch the database cannot take is split until the culprit stands alone', async () => {
  const refused: string[] = [];
  const queue = new AppendQueue(world.database.writePool, { onRefused: (op) => refused.push(op.opId) });
  const logs = await Promise.all(Array.from({ length: 6 }, conversation));
  // No schema lets such a reply through; here it stands for any value PostgreSQL chokes on.
  const culprit = send(must(logs[2], 'six were made'), {
    body: { messageId: newId(), text: 'x', replyTo: 'no uuid', composedAt: 1 },
  });
  const groups = logs.map((logId, index) =>
    index === 2 ? [send(logId), culprit, send(logId)] : [send(logId), send(logId)],
  );
  const results = await Promise.all(
    groups.map((ops, index) => queue.append(must(logs[index], 'one log a group'), ops)),
  );
  // What comes behind a failure that will be tried again waits for it.
  expect(results[2]?.map((result) => result?.code)).toEqual(['OK', 'INTERNAL', undefined]);
  expect(
    results
      .filter((_, index) => index !== 2)
      .flat()
      .every((result) => result?.code === 'OK'),
  ).toBe(true);
  expect(refused).toEqual([culprit.opId]);
});

test('a moved member list stops the lane, and only the lane', async () => {
  const queue = new AppendQueue(world.database.writePool);
  const logId = await conversation();
  const stale = [send(logId), send(logId, { seenVersion: 0 }), send(logId)];
  expect((await queue.append(logId, stale)).map((result) => result?.code)).toEqual([
    'OK',
    'MOVED',
    undefined,
  ]);
});

test('ops of one turn share a commit; a resend in it does not disturb the others', async () => {
  const commits: number[] = [];
  const queue = new AppendQueue(world.database.writePool, { onCommit: ({ ops }) => commits.push(ops) });
  const logId = await conversation();
  const first = send(logId);
  await queue.append(logId, [first]);
  commits.length = 0;
  const answers = await Promise.all([
    queue.append(logId, [send(logId)]),
    queue.append(logId, [first]),
    queue.append(logId, [send(logId)]),
  ]);
  expect(commits).toEqual([3]);
  expect(answers.map(([answer]) => [answer?.duplicate, answer?.event?.seq])).toEqual([
    [false, 3],
    [true, 2],
    [false, 4],
  ]);
});

test('a database that is away answers BUSY', async () => {
  const away = { query: () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })) };
  const queue = new AppendQueue(away);
  expect((await queue.append(newId(), [send(newId())])).map((result) => result?.code)).toEqual(['BUSY']);
});
