/** How long messages live: retention keeps the skeleton whole, and who has read is shared only where it may be. */
import { EMPTY_CHAIN, nextChain } from '@curlew/shared/lib/chain.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Retention } from './retention.ts';
import {
  editOp,
  expectOk,
  groupOp,
  memberOp,
  openWorld,
  reactOp,
  sendOp,
  setOp,
  submitOne,
  updateOp,
  watermarkOp,
  type AnyOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;
const dayMs = 86_400_000;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
});
afterAll(() => world.close());

async function done(person: TestPerson, op: AnyOp): Promise<void> {
  expect(await submitOne(world.services, person, op)).toMatchObject({ ok: true });
}

async function setPolicy(policy: object): Promise<void> {
  await done(ann, setOp('org.set', world.orgId, `policy:${world.orgId}`, policy));
}

/** Rounds at a time that far from now. */
const retentionIn = (days: number): Retention =>
  new Retention(world.database, () => Date.now() + days * dayMs);

async function headOf(person: TestPerson, id: string) {
  const { logs } = expectOk(await world.services.heads(person.userId, {}));
  return must(
    logs.find((log) => log.id === id),
    'it is theirs',
  );
}

/** Makes everything of a log that stands up to `seq` older. */
async function age(id: string, seq: number, days: number): Promise<void> {
  const params = [id, seq, days * dayMs];
  const { writePool } = world.database;
  await writePool.query(
    'UPDATE message SET created_at_ms = created_at_ms - $3 WHERE conversation_id = $1 AND create_seq <= $2',
    params,
  );
}

test('what is older than the period is removed; position, chain, dedupe and unread stay right', async () => {
  const { services } = world;
  const create = groupOp(world.orgId, [ben.userId]);
  const id = create.logId;
  await done(ann, create);
  const old = sendOp(id, 'old');
  const edited = sendOp(id, 'to be edited');
  await done(ann, old);
  await done(ann, edited);
  await done(ben, reactOp(id, old.opId, '👍'));
  await done(ann, updateOp(id, { pin: { messageId: old.opId, on: true } }));
  await age(id, 5, 40);
  await done(ann, editOp(id, edited.opId, 'edited lately'));
  await done(ann, sendOp(id, 'young'));
  const before = await headOf(ben, id);
  expect(before.unread).toBe(3);
  await setPolicy({ retentionDays: 30 });
  await retentionIn(0).run();

  const after = await headOf(ben, id);
  expect(after).toMatchObject({ head: before.head, chain: before.chain, floorSeq: 5, unread: 1 });
  const page = expectOk(await services.history(ben.userId, id, { limit: 50 }));
  expect(page.messages.map((message) => message.text)).toEqual(['young']);
  expect(page.covers).toEqual({ lo: 1, hi: 7 });
  expect(await services.pull(ben.userId, id, { after: 0, limit: 50 })).toMatchObject({
    ok: false,
    error: { code: 'TRIMMED', floorSeq: 5 },
  });
  // An edit made lately of what is gone says nothing any more.
  const { events } = expectOk(await services.pull(ben.userId, id, { after: 5, limit: 50 }));
  expect(events.map(({ type, payload }) => [type, payload === null])).toEqual([
    ['message:edited', true],
    ['message:new', false],
  ]);
  const { rows } = await world.database.readPool.query(
    `SELECT seq, op_id, encode(op_hash, 'hex') AS hash, encode(chain, 'hex') AS chain, payload::text FROM event WHERE log_id = $1 ORDER BY seq`,
    [id],
  );
  let chain = EMPTY_CHAIN;
  for (const row of rows) {
    chain = nextChain(chain, { logId: id, seq: row.seq, opId: row.op_id, opHash: row.hash });
    expect(row.chain).toBe(chain);
  }
  expect(JSON.stringify(rows)).not.toContain('old');
  expect(JSON.stringify(rows)).not.toContain('edited lately');
  expect(await submitOne(services, ann, old)).toMatchObject({ ok: true, duplicate: true, seq: 2 });
  const positions = [{ id, seq: 3, chain: rows[2].chain }];
  expect(expectOk(await services.verify(ben.userId, positions)).logs).toMatchObject([{ same: true }]);
  const settings = expectOk(await services.conversation(ben.userId, id));
  expect(settings).toMatchObject({ title: create.title, pins: [old.opId] });
  await setPolicy({});
});

test('who left is told up to where nothing is kept, and of nothing else', async () => {
  const { services } = world;
  const create = groupOp(world.orgId, [ben.userId]);
  const id = create.logId;
  await done(ann, create);
  await done(ann, sendOp(id, 'old'));
  await done(ann, memberOp('member.remove', id, ben.userId));
  const { token } = expectOk(await services.heads(ben.userId, {}));
  const changedFor = async () =>
    expectOk(await services.heads(ben.userId, { token })).logs.filter((log) => log.id === id);
  await done(ann, sendOp(id, 'later'));
  expect(await changedFor()).toEqual([]);
  await age(id, 4, 40);
  await setPolicy({ retentionDays: 30 });
  await retentionIn(0).run();
  expect(await changedFor()).toMatchObject([{ left: true, head: 3, floorSeq: 4 }]);
  await setPolicy({});
});

test('a large backlog goes in batches, and nothing of it where no period is set', async () => {
  const id = await world.direct(ann, ben);
  for (let at = 0; at < 30; at += 1) await done(ann, sendOp(id, `text ${at}`));
  await retentionIn(400).run();
  expect(await headOf(ben, id)).toMatchObject({ floorSeq: 0 });
  await setPolicy({ retentionDays: 365 });
  await retentionIn(400).run();
  expect(await headOf(ben, id)).toMatchObject({ floorSeq: 31, unread: 0 });
  await setPolicy({});
});

test('disappearing messages are deleted for everybody and leave word that their time was over', async () => {
  const id = await world.direct(ann, ben);
  const short = { ...sendOp(id, 'short'), extras: { ttlMs: 5_000 } };
  await done(ann, short);
  await world.database.writePool.query('UPDATE message SET expires_at_ms = created_at_ms WHERE id = $1', [
    short.opId,
  ]);
  world.services.startRepairs({
    send: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  await vi.waitFor(async () => {
    const page = expectOk(await world.services.history(ben.userId, id, { limit: 1 }));
    expect(page.messages).toMatchObject([{ id: short.opId, text: null, extras: {}, isExpired: true }]);
  }, 8_000);
  const { head } = await headOf(ben, id);
  const { events } = expectOk(await world.services.pull(ben.userId, id, { after: head - 1, limit: 5 }));
  expect(events).toMatchObject([
    { type: 'message:deleted', payload: { messageId: short.opId, expired: true } },
  ]);
});

test('an organisation without read receipts shares no position of anybody, and not those of before', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  await done(ann, sendOp(id, 'one'));
  const first = (await headOf(ann, id)).head;
  const readOf = async (seq: number) => {
    const answer = expectOk(await services.receipts(ann.userId, id, { seq }));
    const { readSeq, readAt, deliveredSeq } = must(
      answer.receipts.find((receipt) => receipt.userId === ben.userId),
      'both are members',
    );
    return { readSeq, isTimed: readAt !== null && readAt !== undefined, deliveredSeq };
  };
  await done(ben, watermarkOp('read.set', id, first));
  expect(await readOf(first)).toEqual({ readSeq: first, isTimed: true, deliveredSeq: first });
  await setPolicy({ readReceipts: false });
  await done(ann, sendOp(id, 'two'));
  await done(ben, watermarkOp('read.set', id, first + 1));
  expect(await readOf(first)).toEqual({ readSeq: 0, isTimed: false, deliveredSeq: first + 1 });
  expect(await headOf(ben, id)).toMatchObject({ readSeq: first + 1, unread: 0 });
  // What was read in the meantime was never shared, and is not when it is allowed again.
  await setPolicy({ readReceipts: true });
  expect(await readOf(first)).toMatchObject({ readSeq: first });
});
