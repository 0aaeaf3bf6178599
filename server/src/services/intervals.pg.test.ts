/** I5: what a person may see of a log ends when they leave it, and begins anew when they come back. */
import type { Message } from '@curlew/shared/domain/message.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deleteOp,
  editOp,
  expectOk,
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

/** Ann and a colleague talk, the colleague leaves, Ann goes on (the server lets its own ops), the colleague returns. */
async function stayAndReturn() {
  const { services, orgId } = world;
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  const kept = sendOp(id, 'before');
  const removed = sendOp(id, 'to be removed');
  await submit(services, ann, kept, removed);
  const leave = await submit(services, ann, setOp('org.set', orgId, `role:${cleo.userId}`, null));
  return { cleo, id, kept, removed, leave };
}

/** The text of a message, or what a notice says. */
function whatIsSaid({ text, notices }: Message): string | null {
  return notices?.[0]?.kind ?? text;
}

test('who left hears nothing later, by any path, and may write nothing', async () => {
  const { services, orgId } = world;
  const { cleo, id, kept, leave } = await stayAndReturn();
  const left = must(
    leave.fanOut.find((plan) => plan.logId === id),
    'leaving the organisation ends the conversation',
  );
  expect(left).toMatchObject({ memberIds: [ann.userId], removed: [cleo.userId] });
  expect(left.events[0]).toMatchObject({ type: 'member:left', seq: 4 });
  const later = await submit(services, ann, sendOp(id, 'later'), editOp(id, kept.opId, 'edited later'));
  expect(later.fanOut.flatMap((plan) => plan.memberIds)).not.toContain(cleo.userId);

  const head = expectOk(await services.heads(cleo.userId, {})).logs.find((log) => log.id === id);
  const pulled = expectOk(await services.pull(cleo.userId, id, { after: 0, limit: 100 }));
  expect(head).toMatchObject({ head: 4, left: true, unread: 0, chain: pulled.events[3]?.chain });
  expect(pulled).toMatchObject({ head: 4, chain: head?.chain });
  expect(pulled.events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
  const page = expectOk(await services.history(cleo.userId, id, { limit: 50 }));
  expect(page).toMatchObject({ asOf: 4, covers: { lo: 1, hi: 4 } });
  expect(page.messages.map(whatIsSaid)).toEqual(['before', 'to be removed', 'left']);
  const window = expectOk(
    await services.window(cleo.userId, id, { tail: 2, ranges: [{ lo: 1, hi: 2 }], limit: 50 }),
  );
  expect(window.messages.map(whatIsSaid)).toEqual(['before', 'to be removed', 'left']);
  expect(window.receipts).toEqual([]);
  expect(await submitOne(services, cleo, sendOp(id))).toMatchObject({ code: 'NOT_MEMBER' });
  expect(await services.receipts(cleo.userId, id)).toMatchObject({ error: { code: 'NOT_MEMBER' } });
  expect(await services.members(cleo.userId, id)).toMatchObject({ error: { code: 'NOT_MEMBER' } });
  expect(await services.logState(cleo.userId, orgId)).toMatchObject({ ok: true });
  await submitOne(services, ann, setOp('org.set', orgId, `org:${orgId}`, { name: 'Renamed later' }));
  expect(await services.logState(cleo.userId, orgId)).toMatchObject({ error: { code: 'NOT_MEMBER' } });
  expect(JSON.stringify(await services.pull(cleo.userId, orgId, { after: 0, limit: 100 }))).not.toContain(
    'Renamed later',
  );
});

test('a retry of what was committed before leaving still gets its first answer', async () => {
  const { services, orgId } = world;
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  const op = sendOp(id, 'mine');
  const first = await submitOne(services, cleo, op);
  await submitOne(services, ann, setOp('org.set', orgId, `role:${cleo.userId}`, null));
  expect(await submitOne(services, cleo, op)).toEqual({ ...first, duplicate: true });
});

test('who comes back finds a hole, what was deleted meanwhile gone, and what was edited meanwhile as they knew it', async () => {
  const { services, orgId } = world;
  const { cleo, id, kept, removed } = await stayAndReturn();
  await submit(
    services,
    ann,
    sendOp(id, 'unheard'),
    editOp(id, kept.opId, 'edited meanwhile'),
    deleteOp(id, removed.opId),
  );
  expectOk(
    await services.joinOrg({
      orgId,
      userId: cleo.userId,
      deviceId: cleo.deviceId,
      role: 'member',
      name: 'Cleo',
    }),
  );
  expect(await world.direct(cleo, ann)).toBe(id);
  await submit(services, ann, sendOp(id, 'welcome back'));

  const hole = expectOk(await services.pull(cleo.userId, id, { after: 4, limit: 100 }));
  expect(hole.events).toEqual([]);
  expect(hole.hole).toMatchObject({ lo: 5, hi: 7 });
  expect(hole.hole?.touched.map((message) => [message.id, message.text])).toEqual([[removed.opId, null]]);
  const after = expectOk(await services.pull(cleo.userId, id, { after: 7, limit: 100 }));
  expect(after.events.map((event) => [event.seq, event.type])).toEqual([
    [8, 'member:joined'],
    [9, 'message:new'],
  ]);
  const whole = expectOk(await services.pull(ann.userId, id, { after: 6, limit: 1 }));
  expect(hole.hole?.chainBefore).toBe(whole.events[0]?.chain);

  const newest = expectOk(await services.history(cleo.userId, id, { limit: 50 }));
  expect(newest.messages.map(whatIsSaid)).toEqual(['joined', 'welcome back']);
  expect(newest.covers).toEqual({ lo: 8, hi: 9 });
  const older = expectOk(await services.history(cleo.userId, id, { limit: 50, before: 8 }));
  expect(older.messages.map(whatIsSaid)).toEqual(['before', null, 'left']);
  expect(older.covers).toEqual({ lo: 1, hi: 4 });
  // An edit made now is about a message they may see; one about a message of the hole has no content for them.
  const unheard = expectOk(await services.history(ann.userId, id, { limit: 50 })).messages.find(
    (it) => it.text === 'unheard',
  );
  const edits = await submit(
    services,
    ann,
    editOp(id, kept.opId, 'seen'),
    editOp(id, must(unheard, 'Ann sees it').id, 'unseen'),
  );
  const forCleo = edits.fanOut.find((plan) => plan.memberIds.includes(cleo.userId));
  expect(forCleo?.events.map((event) => event.payload)).toEqual([
    expect.objectContaining({ text: 'seen' }),
    null,
  ]);
  const pulled = expectOk(await services.pull(cleo.userId, id, { after: 9, limit: 100 }));
  expect(pulled.events.map((event) => event.payload)).toEqual([
    expect.objectContaining({ text: 'seen' }),
    null,
  ]);
});

test('history asked for a moment of an absence answers what was known before it, nothing of the absence', async () => {
  const { services, orgId } = world;
  const { cleo, id } = await stayAndReturn();
  await submit(services, ann, sendOp(id, 'unheard'));
  expectOk(
    await services.joinOrg({
      orgId,
      userId: cleo.userId,
      deviceId: cleo.deviceId,
      role: 'member',
      name: 'Cleo',
    }),
  );
  expect(await world.direct(cleo, ann)).toBe(id);
  await submit(services, ann, sendOp(id, 'welcome back'));
  // An hour an event, so that a moment names one position.
  const HOUR_MS = 3_600_000;
  await world.database.writePool.query('UPDATE event SET at_ms = seq * $2 WHERE log_id = $1', [id, HOUR_MS]);
  const pageAt = async (seq: number, limit = 50) => {
    const page = expectOk(await services.history(cleo.userId, id, { at: seq * HOUR_MS, limit }));
    return { texts: page.messages.map(whatIsSaid), covers: page.covers };
  };
  const before = { texts: ['before', 'to be removed', 'left'], covers: { lo: 1, hi: 4 } };
  expect(await pageAt(4)).toEqual(before);
  expect(await pageAt(5)).toEqual(before);
  expect(await pageAt(5, 1)).toEqual({ texts: ['left'], covers: { lo: 4, hi: 4 } });
  expect(await pageAt(6)).toEqual({ texts: ['joined', 'welcome back'], covers: { lo: 6, hi: 7 } });
});
