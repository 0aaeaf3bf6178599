/** What follows from leaving an organisation: once, also when the database was busy, and never to who came back. */
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AppendQueue } from '../repositories/append-queue.ts';
import { createLogServices } from './log-services.ts';
import type { FanOut } from './service-types.ts';
import {
  expectOk,
  newId,
  openWorld,
  sendOp,
  setOp,
  submit,
  submitOne,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
});
afterAll(() => world.close());

const removal = (person: TestPerson) => setOp('org.set', world.orgId, `role:${person.userId}`, null);

async function isIn(conversationId: string, person: TestPerson): Promise<boolean> {
  const { rows } = await world.database.readPool.query<{ left_seq: number | null }>(
    'SELECT left_seq FROM member WHERE conversation_id = $1 AND user_id = $2',
    [conversationId, person.userId],
  );
  return must(rows[0], 'they were a member once').left_seq === null;
}

const noFailure = (error: unknown): void => {
  throw error;
};

test('a removal sent again finds nobody who came back', async () => {
  const { services, orgId } = world;
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  const op = removal(cleo);
  await submitOne(services, ann, op);
  expect(await isIn(id, cleo)).toBe(false);
  const { userId, deviceId } = cleo;
  expectOk(await services.joinOrg({ orgId, userId, deviceId, role: 'member', name: 'Cleo' }));
  expect(await world.direct(cleo, ann)).toBe(id);
  const again = await submit(services, ann, op);
  expect(again.results[0]).toMatchObject({ ok: true, duplicate: true });
  expect(again.fanOut.filter((plan) => plan.logId === id)).toEqual([]);
  expect(await isIn(id, cleo)).toBe(true);
  expect(await submitOne(services, cleo, sendOp(id))).toMatchObject({ ok: true });
});

test('a departure carried out late is judged at its commit: who is in the organisation stays', async () => {
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  const op = {
    logId: id,
    actorId: cleo.userId,
    deviceId: null,
    fence: null,
    opHash: '0'.repeat(64),
    kind: 'member.remove',
    seenVersion: null,
    isSystem: true,
    body: { userId: cleo.userId, departed: true },
  };
  const queue = new AppendQueue(world.database.writePool);
  const [kept] = await queue.append(id, [{ ...op, opId: newId() }]);
  expect(kept).toMatchObject({ code: 'OK' });
  expect(kept?.event).toBeUndefined();
  expect(await isIn(id, cleo)).toBe(true);
  await submitOne(world.services, ann, removal(cleo));
  const [twice] = await queue.append(id, [{ ...op, opId: newId() }]);
  expect(twice).toMatchObject({ code: 'OK' });
  expect(twice?.event).toBeUndefined();
});

test('what a busy database held up follows as soon as it can, and the others hear of it', async () => {
  const services = createLogServices(world.database);
  const sent: FanOut[] = [];
  services.startRepairs({ send: (fanOut) => sent.push(...fanOut), onFailure: noFailure });
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  const blocker = await world.database.connect();
  await blocker.query('SET idle_in_transaction_session_timeout = 0');
  await blocker.query('BEGIN');
  await blocker.query('SELECT 1 FROM log WHERE id = $1 FOR UPDATE', [id]);
  const left = await submit(services, ann, removal(cleo));
  expect(left.results[0]).toMatchObject({ ok: true });
  expect(left.fanOut.map((plan) => plan.logId)).toEqual([world.orgId]);
  expect(await isIn(id, cleo)).toBe(true);
  await blocker.query('ROLLBACK');
  await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 20_000 });
  expect(sent[0]).toMatchObject({ logId: id, memberIds: [ann.userId], removed: [cleo.userId] });
  expect(sent[0]?.events[0]).toMatchObject({ type: 'member:left' });
  expect(await isIn(id, cleo)).toBe(false);
  await services.drain();
});

test('what a crash cut off follows at the next start', async () => {
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  // As if the process had died between the two commits.
  await submitOne(world.services, ann, removal(cleo));
  await world.database.writePool.query(
    'UPDATE member SET left_seq = NULL WHERE conversation_id = $1 AND user_id = $2',
    [id, cleo.userId],
  );
  await world.database.writePool.query(
    'UPDATE member_interval SET to_seq = NULL WHERE conversation_id = $1 AND user_id = $2',
    [id, cleo.userId],
  );
  const services = createLogServices(world.database);
  services.startRepairs({ send: () => undefined, onFailure: noFailure });
  await vi.waitFor(async () => expect(await isIn(id, cleo)).toBe(false), { timeout: 20_000 });
  await services.drain();
});
