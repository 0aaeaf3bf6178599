/** The server's invariants on real PostgreSQL: order, once only, chain, fences, watermarks. Names are those of SPEC.md. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendSend, plantNextval } from '../repositories/testing/append-client.ts';
import { createLogServices } from './log-services.ts';
import {
  expectOk,
  newId,
  openWorld,
  sendOp,
  submit,
  submitOne,
  watermarkOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
});
afterAll(() => world.close());

interface OrderReport {
  readonly committed: number;
  readonly missed: number;
  readonly isGapless: boolean;
}

/** Writers with rollbacks beside a reader that only ever asks for what is behind the last position it saw. */
async function watchOrder(at: World, conversationId: string, actor: string): Promise<OrderReport> {
  const WRITERS = 24;
  const OPS_EACH = 25;
  let isDone = false;
  const read: number[] = [];
  const poller = (async () => {
    const client = await at.database.connect();
    let last = 0;
    for (let isLast = false; !isLast;) {
      isLast = isDone;
      const { rows } = await client.query<{ seq: number }>(
        'SELECT seq FROM event WHERE log_id = $1 AND seq > $2 ORDER BY seq',
        [conversationId, last],
      );
      read.push(...rows.map((row) => row.seq));
      last = read.at(-1) ?? 0;
    }
  })();
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const client = await at.database.connect();
      for (let op = 0; op < OPS_EACH; op += 1)
        await writeOrRollBack(client, conversationId, actor, (writer + op) % 10 === 0);
    }),
  );
  isDone = true;
  await poller;
  const { rows } = await at.database.readPool.query<{ seq: number }>(
    'SELECT seq FROM event WHERE log_id = $1 ORDER BY seq',
    [conversationId],
  );
  const all = rows.map((row) => row.seq);
  return {
    committed: all.length,
    missed: all.length - new Set(read).size,
    isGapless: all.every((seq, index) => seq === index + 1),
  };
}

async function writeOrRollBack(
  client: pg.Client,
  logId: string,
  actor: string,
  isRolledBack: boolean,
): Promise<void> {
  await client.query('BEGIN');
  await appendSend(client, logId, actor, newId());
  // A commit is never instant; the pause lets transactions overlap on a fast disk too.
  await client.query('SELECT pg_sleep(random() * 0.002)');
  await client.query(isRolledBack ? 'ROLLBACK' : 'COMMIT');
}

test('I1: positions are 1..head, and whoever sees n sees all before it', async () => {
  const id = await world.direct(ann, ben);
  const report = await watchOrder(world, id, ann.userId);
  expect(report.committed).toBeGreaterThan(500);
  expect(report).toMatchObject({ missed: 0, isGapless: true });
}, 60_000);

test('I1 is guarded: the planted sequence is caught', async () => {
  const planted = await openWorld();
  try {
    const [a, b] = [await planted.colleague('A'), await planted.colleague('B')];
    const id = await planted.direct(a, b);
    await plantNextval(await planted.database.connect());
    const report = await watchOrder(planted, id, a.userId);
    expect(report.missed > 0 || !report.isGapless).toBe(true);
    expect(report.missed).toBeGreaterThan(0);
  } finally {
    await planted.close();
  }
}, 60_000);

test('I2: 50 ops, each sent 8 times over two nodes at once, commit once with one answer', async () => {
  const id = await world.direct(ann, await world.colleague('Twice'));
  const node = createLogServices(world.database);
  const ops = Array.from({ length: 50 }, (_, index) => sendOp(id, `text ${index}`));
  const devices = await Promise.all(Array.from({ length: 8 }, () => world.device(ann)));
  const answers = await Promise.all(
    ops.flatMap((op) =>
      devices.map((device, index) => submitOne(index % 2 ? node : world.services, device, op)),
    ),
  );
  expect(answers.every((it) => it.ok)).toBe(true);
  for (const op of ops) {
    const mine = answers.filter((it) => it.opId === op.opId);
    expect(new Set(mine.map((it) => it.seq)).size).toBe(1);
    expect(mine.filter((it) => !it.duplicate)).toHaveLength(1);
  }
  const head = expectOk(await world.services.heads(ann.userId, {})).logs.find((log) => log.id === id);
  expect(head?.head).toBe(51);
});

test('I2: the same op offered to two logs commits in one', async () => {
  const [one, two] = [
    await world.direct(ann, await world.colleague('X')),
    await world.direct(ann, await world.colleague('Y')),
  ];
  for (let round = 0; round < 20; round += 1) {
    const opId = newId();
    const answers = await Promise.all([
      submitOne(world.services, ann, sendOp(one, 'x', opId)),
      submitOne(world.services, await world.device(ann), sendOp(two, 'x', opId)),
    ]);
    expect(answers.map((it) => it.code ?? 'OK').sort()).toEqual(['OK', 'OP_ID_REUSED']);
  }
});

test('I7: a lane commits in order, also over pipelined requests', async () => {
  const id = await world.direct(ann, await world.colleague('Lane'));
  const batches = Array.from({ length: 12 }, (_, batch) =>
    Array.from({ length: 20 }, (_, index) => sendOp(id, `${batch}.${index}`)),
  );
  const outcomes = await Promise.all(batches.map((ops) => submit(world.services, ann, ...ops)));
  const seqs = outcomes.flatMap((outcome) => outcome.results.map((it) => it.seq ?? 0));
  expect(seqs).toEqual(Array.from({ length: 240 }, (_, index) => index + 2));
});

test('I7: once hello returned, nothing of the older socket commits', async () => {
  const id = await world.direct(ann, ben);
  for (let round = 0; round < 15; round += 1) {
    const old = await world.hello(ann);
    const writes = Promise.all(Array.from({ length: 30 }, () => submitOne(world.services, old, sendOp(id))));
    ann = await world.hello(old);
    const limit =
      expectOk(await world.services.heads(ann.userId, {})).logs.find((log) => log.id === id)?.head ?? 0;
    for (const answer of await writes) {
      if (answer.ok) expect(answer.seq).toBeLessThanOrEqual(limit);
      else expect(answer.code).toBe('FENCED');
    }
  }
});

test('I6: watermarks never fall and never pass the head', async () => {
  const { services } = world;
  const id = await world.direct(ann, await world.colleague('Reader'));
  for (let index = 0; index < 20; index += 1) await submitOne(services, ann, sendOp(id));
  const device = await world.device(ann);
  let highest = 0;
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(
      Array.from({ length: 10 }, () => {
        const seq = 1 + Math.floor(Math.random() * 40);
        const kind = Math.random() < 0.5 ? 'read.set' : 'delivered.set';
        return submitOne(services, Math.random() < 0.5 ? ann : device, watermarkOp(kind, id, seq));
      }),
    );
    const row = expectOk(await services.receipts(ann.userId, id)).receipts.find(
      (it) => it.userId === ann.userId,
    );
    expect(row?.readSeq).toBeGreaterThanOrEqual(highest);
    expect(row?.deliveredSeq).toBeGreaterThanOrEqual(row?.readSeq ?? 0);
    expect(row?.deliveredSeq).toBeLessThanOrEqual(21);
    highest = row?.readSeq ?? 0;
  }
});
