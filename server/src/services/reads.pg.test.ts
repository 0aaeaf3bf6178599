/** Heads, pull, history, window, verify and status: what they promise to a client that was away. */
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { appendSend } from '../repositories/testing/append-client.ts';
import {
  deleteOp,
  editOp,
  expectOk,
  newId,
  openWorld,
  reactOp,
  sendOp,
  setOp,
  submit,
  submitOne,
  watermarkOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;
let eve: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  eve = await world.person('Eve');
});
afterAll(() => world.close());

async function headOf(person: TestPerson, logId: string) {
  return expectOk(await world.services.heads(person.userId, {})).logs.find((log) => log.id === logId);
}

async function conversationWith(count: number): Promise<{ id: string; ids: string[]; peer: TestPerson }> {
  const peer = await world.colleague('Peer');
  const id = await world.direct(ann, peer);
  const ops = Array.from({ length: count }, (_, index) => sendOp(id, `text ${index}`));
  for (let index = 0; index < count; index += 50)
    await submit(world.services, ann, ...ops.slice(index, index + 50));
  return { id, ids: ops.map((op) => op.opId), peer };
}

test('the heads token: what commits late is not missed, nothing changed costs nothing', async () => {
  const { services } = world;
  const { id } = await conversationWith(1);
  let quiet = expectOk(await services.heads(ann.userId, {}));
  // Other tests share the cluster, and their transactions hold the token back; it is quiet as soon as they are.
  await vi.waitFor(async () => {
    quiet = expectOk(await services.heads(ann.userId, { token: quiet.token }));
    expect(quiet.logs).toEqual([]);
  }, 10_000);
  // A transaction that began before the token was given out and commits after it. A clock would miss it: its time is
  // that of the append.
  const slow = await world.database.connect();
  await slow.query('BEGIN');
  await appendSend(slow, id, ann.userId, newId());
  const meanwhile = expectOk(await services.heads(ann.userId, { token: quiet.token }));
  expect(meanwhile.logs.filter((log) => log.head === 3)).toEqual([]);
  await slow.query('COMMIT');
  const after = expectOk(await services.heads(ann.userId, { token: meanwhile.token }));
  expect(after.logs.find((log) => log.id === id)?.head).toBe(3);
});

test('the heads token under load: 0 stale heads', async () => {
  const { services, database } = world;
  const conversations = await Promise.all(
    Array.from({ length: 12 }, async () => (await conversationWith(0)).id),
  );
  const held = new Map<string, number>();
  let token: string | undefined;
  let isDone = false;
  const poll = async (): Promise<void> => {
    const answer = expectOk(await services.heads(ann.userId, token === undefined ? {} : { token }));
    token = answer.token;
    for (const log of answer.logs) held.set(log.id, log.head);
  };
  const poller = (async () => {
    while (!isDone) await poll();
  })();
  await Promise.all(
    conversations.map(async (id) => {
      const client = await database.connect();
      for (let round = 0; round < 15; round += 1) {
        await client.query('BEGIN');
        await appendSend(client, id, ann.userId, newId());
        await client.query('SELECT pg_sleep(random() * 0.004)');
        await client.query(round % 7 === 0 ? 'ROLLBACK' : 'COMMIT');
      }
    }),
  );
  isDone = true;
  await poller;
  await poll();
  const { rows } = await database.readPool.query<{ id: string; head: number }>(
    'SELECT id, head FROM log WHERE id = ANY ($1)',
    [conversations],
  );
  expect(rows.filter((row) => held.get(row.id) !== row.head)).toEqual([]);
});

test('heads page by id and keep to their page size', async () => {
  const { services } = world;
  const all = expectOk(await services.heads(ann.userId, {}));
  expect(all).toMatchObject({ more: false });
  expect(all.logs.map((log) => log.id)).toEqual([...all.logs.map((log) => log.id)].sort());
  const middle = must(all.logs[2], 'there are several logs').id;
  const rest = expectOk(await services.heads(ann.userId, { cursor: middle }));
  expect(rest.logs.map((log) => log.id)).toEqual(all.logs.map((log) => log.id).filter((id) => id > middle));
  expect(await services.heads(ann.userId, { cursor: 'nonsense' })).toMatchObject({
    ok: false,
    error: { code: 'BAD_REQUEST' },
  });
  // A token of nobody asks for everything.
  expect(expectOk(await services.heads(ann.userId, { token: 'x.1' })).logs).toHaveLength(all.logs.length);
});

test('unread: counted by the server, cleared by reading, marked by hand, never mine or deleted', async () => {
  const { services } = world;
  const { id, ids, peer } = await conversationWith(10);
  expect(await headOf(ann, id)).toMatchObject({ unread: 0, asOf: 11 });
  expect(await headOf(peer, id)).toMatchObject({ unread: 10 });
  await submitOne(services, ann, deleteOp(id, must(ids[9], 'ten were sent')));
  await submitOne(services, peer, reactOp(id, must(ids[0], 'ten were sent'), '👍'));
  expect(await headOf(peer, id)).toMatchObject({ unread: 9 });
  const read = await submit(services, peer, watermarkOp('read.set', id, 6));
  // The others and the person's own devices hear of it.
  expect(read.fanOut.map((plan) => [plan.memberIds, plan.receipts[0]?.readSeq])).toEqual([
    [[peer.userId], 6],
    [[ann.userId], 6],
  ]);
  expect(await headOf(peer, id)).toMatchObject({ unread: 4, readSeq: 6, receiptVersion: 1 });
  await submitOne(services, peer, setOp('account.set', peer.userId, `unread:${id}`, { fromSeq: 3 }));
  expect(await headOf(peer, id)).toMatchObject({ unread: 8, unreadFromSeq: 3 });
  await submitOne(services, peer, watermarkOp('read.set', id, 13));
  expect(await headOf(peer, id)).toMatchObject({ unread: 0, unreadFromSeq: null });
});

test('reads kept private: own devices know, others do not', async () => {
  const { services } = world;
  const { id, peer } = await conversationWith(3);
  await submitOne(
    services,
    peer,
    setOp('account.set', peer.userId, `preferences:${peer.userId}`, { shareReadReceipts: false }),
  );
  const { fanOut } = await submit(services, peer, watermarkOp('read.set', id, 4));
  // Delivery is not a secret; the position read is.
  expect(fanOut.map((plan) => [plan.memberIds, plan.receipts[0]?.readSeq])).toEqual([
    [[peer.userId], 4],
    [[ann.userId], 0],
  ]);
  const seenBy = async (who: TestPerson) =>
    expectOk(await services.receipts(who.userId, id, { seq: 2 })).receipts.find(
      (it) => it.userId === peer.userId,
    );
  expect(await seenBy(ann)).toEqual({
    userId: peer.userId,
    deliveredSeq: 4,
    deliveredAt: expect.any(Number),
    readSeq: 0,
    readAt: null,
  });
  expect(await seenBy(peer)).toMatchObject({ readSeq: 4, readAt: expect.any(Number) });
});

test('each member of a small conversation got and read a message at a time; of a large one no delivery is timed', async () => {
  const { services, database } = world;
  const { id, peer } = await conversationWith(4);
  const timesOf = async (seq: number) => {
    const answer = expectOk(await services.receipts(ann.userId, id, { seq }));
    const { deliveredAt, readAt } = must(
      answer.receipts.find((it) => it.userId === peer.userId),
      'the peer is a member',
    );
    return { deliveredAt, readAt };
  };
  const before = Date.now();
  await submitOne(services, peer, watermarkOp('delivered.set', id, 3));
  const first = await timesOf(2);
  expect(first).toEqual({ deliveredAt: expect.any(Number), readAt: null });
  expect(first.deliveredAt).toBeGreaterThanOrEqual(before);
  expect(first.deliveredAt).toBeLessThanOrEqual(Date.now());
  expect(await timesOf(3)).toEqual(first);
  expect(await timesOf(4)).toEqual({ deliveredAt: null, readAt: null });
  // Nobody but the table needs the others to be people.
  await database.writePool.query(
    `INSERT INTO member (conversation_id, user_id, joined_seq, updated_xid)
     SELECT $1, gen_random_uuid(), 1, curlew_xid() FROM generate_series(1, 99)`,
    [id],
  );
  await submitOne(services, peer, watermarkOp('read.set', id, 4));
  expect(await timesOf(4)).toEqual({ deliveredAt: null, readAt: expect.any(Number) });
  await database.writePool.query(
    'DELETE FROM member WHERE conversation_id = $1 AND user_id <> ALL ($2::uuid[])',
    [id, [ann.userId, peer.userId]],
  );
  await submitOne(services, peer, watermarkOp('delivered.set', id, 5));
  // The step that was not kept lends its time to nobody, and later ones do not reach back to it.
  expect((await timesOf(4)).deliveredAt).toBeNull();
  expect((await timesOf(5)).deliveredAt).toEqual(expect.any(Number));
  expect(await timesOf(2)).toMatchObject({ deliveredAt: first.deliveredAt });
});

test('history: pages meet without gap or overlap, around and at find their place', async () => {
  const { services } = world;
  const { id, ids, peer } = await conversationWith(120);
  const seen: string[] = [];
  let before: number | undefined;
  for (;;) {
    const page = expectOk(await services.history(peer.userId, id, { limit: 50, before }));
    expect(page.asOf).toBe(121);
    expect(page.covers.hi).toBe(before === undefined ? 121 : before - 1);
    seen.unshift(...page.messages.map((message) => message.id));
    if (page.covers.lo === 1) break;
    before = page.covers.lo;
  }
  expect(seen).toEqual(ids);
  const around = expectOk(
    await services.history(peer.userId, id, { limit: 10, around: must(ids[60], 'sent') }),
  );
  expect(around.messages.map((message) => message.id)).toEqual(ids.slice(56, 66));
  expect(around.covers).toEqual({ lo: 58, hi: 67 });
  const { createdAt } = must(around.messages[4], 'a page of ten');
  const at = expectOk(await services.history(peer.userId, id, { limit: 10, at: createdAt }));
  expect(at.messages.some((message) => message.createdAt >= createdAt)).toBe(true);
  expect(await services.history(peer.userId, id, { limit: 10, minAsOf: 500 })).toMatchObject({
    error: { code: 'LAGGING' },
  });
  expect(await services.history(peer.userId, id, { limit: 10, around: newId() })).toMatchObject({
    error: { code: 'TARGET_MISSING' },
  });
  expect(await services.history(eve.userId, id, { limit: 10 })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  });
});

test('pull: pages, floor, and a database that is behind', async () => {
  const { services, database } = world;
  const { id, peer } = await conversationWith(30);
  const page = expectOk(await services.pull(peer.userId, id, { after: 10, limit: 5 }));
  expect(page.events.map((event) => event.seq)).toEqual([11, 12, 13, 14, 15]);
  expect(page.head).toBe(31);
  expect(expectOk(await services.pull(peer.userId, id, { after: 31, limit: 5 })).events).toEqual([]);
  expect(await services.pull(peer.userId, id, { after: 10, limit: 5, needSeq: 32 })).toMatchObject({
    error: { code: 'LAGGING' },
  });
  await database.writePool.query('UPDATE log SET floor_seq = 20 WHERE id = $1', [id]);
  expect(await services.pull(peer.userId, id, { after: 10, limit: 5 })).toMatchObject({
    error: { code: 'TRIMMED', floorSeq: 20 },
  });
  expect(expectOk(await services.pull(peer.userId, id, { after: 20, limit: 5 })).events).toHaveLength(5);
  expect(await services.pull(eve.userId, id, { after: 0, limit: 5 })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  });
  expect(await services.pull(ann.userId, ben.userId, { after: 0, limit: 5 })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  });
});

test('pull cuts a page of long messages by bytes and still advances', async () => {
  const { services } = world;
  const { id, peer } = await conversationWith(0);
  const unpackable = (): string =>
    Array.from({ length: 60_000 }, () => String.fromCharCode(33 + Math.floor(Math.random() * 94))).join('');
  for (let index = 0; index < 100; index += 1) await submitOne(services, ann, sendOp(id, unpackable()));
  const page = expectOk(await services.pull(peer.userId, id, { after: 0, limit: 1_000 }));
  expect(page.events.length).toBeGreaterThan(10);
  expect(JSON.stringify(page).length).toBeLessThan(8_000_000);
  expect(page.head).toBe(101);
});

test('window: the newest page, and what changed of what was held', async () => {
  const { services } = world;
  const { id, ids, peer } = await conversationWith(60);
  const [edited, deleted, outside] = [must(ids[5], 'sent'), must(ids[7], 'sent'), must(ids[30], 'sent')];
  await submitOne(services, ann, editOp(id, edited, 'changed'));
  await submitOne(services, ann, deleteOp(id, deleted));
  await submitOne(services, ann, editOp(id, outside, 'not held'));
  const answer = expectOk(
    await services.window(peer.userId, id, { tail: 61, ranges: [{ lo: 1, hi: 20 }], limit: 10 }),
  );
  expect(answer.asOf).toBe(64);
  expect(answer.messages.map((message) => message.id)).toEqual(ids.slice(50));
  expect(answer.covers).toEqual({ lo: 52, hi: 64 });
  expect(answer.touched.map((message) => [message.id, message.text])).toEqual([
    [edited, 'changed'],
    [deleted, null],
  ]);
  const last = expectOk(await services.pull(peer.userId, id, { after: 63, limit: 1 }));
  expect(answer.chain).toBe(last.events[0]?.chain);
  expect(answer.conversation.members).toHaveLength(2);
});

test('verify: what is shared and what is not', async () => {
  const { services } = world;
  const { id, peer } = await conversationWith(5);
  const { events } = expectOk(await services.pull(peer.userId, id, { after: 0, limit: 10 }));
  const chain = must(events[3], 'five were sent').chain;
  const answer = expectOk(
    await services.verify(peer.userId, [
      { id, seq: 4, chain },
      { id, seq: 4, chain: 'ffffffffffffffff' },
      { id, seq: 9, chain },
      { id, seq: 0, chain: '0000000000000000' },
      { id: newId(), seq: 1, chain },
    ]),
  );
  expect(answer.logs.map(({ same, head, commonAtMost }) => [same, head, commonAtMost])).toEqual([
    [true, 6, 4],
    [false, 6, 3],
    [false, 6, 6],
    [true, 6, 0],
    [false, 0, 0],
  ]);
});

test('ops status: only own ops are known', async () => {
  const { services } = world;
  const { id, ids, peer } = await conversationWith(1);
  const opIds = [must(ids[0], 'one was sent'), newId()];
  expect(expectOk(await services.opsStatus(ann.userId, opIds)).ops).toEqual([
    { opId: opIds[0], committed: true, logId: id, seq: 2 },
    { opId: opIds[1], committed: false },
  ]);
  expect(expectOk(await services.opsStatus(peer.userId, opIds)).ops.map((op) => op.committed)).toEqual([
    false,
    false,
  ]);
});
