/** How far announcements got: who counts, who is missing, by site and unit, and what it costs for thousands. */
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { ReachStep } from '@curlew/shared/protocol/reach.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reachQuery } from '../repositories/reach-repository.ts';
import { writeReport } from '../testing/report.ts';
import {
  deleteOp,
  expectOk,
  groupOp,
  memberOp,
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

const MEMBERS = 5_000;
const LIMIT_MS = 50;

let world: World;
let ann: TestPerson;
let ben: TestPerson;
let cleo: TestPerson;
let dee: TestPerson;
let channelId: string;
const north = newId();
const boilers = newId();

beforeAll(async () => {
  world = await openWorld();
  const { services, orgId } = world;
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  cleo = await world.colleague('Cleo');
  dee = await world.colleague('Dee');
  const places = (person: TestPerson, siteIds: string[], unitIds: string[]) =>
    setOp('org.set', orgId, `places:${person.userId}`, { siteIds, unitIds });
  await submit(
    services,
    ann,
    setOp('org.set', orgId, `site:${north}`, { name: 'North' }),
    setOp('org.set', orgId, `unit:${boilers}`, { name: 'Boilers', siteId: north, parentId: null }),
    places(ben, [north], [boilers]),
    places(cleo, [north], []),
  );
  channelId = await channelFor(ann);
});
afterAll(() => world.close());

async function channelFor(owner: TestPerson): Promise<string> {
  const { orgId, services } = world;
  const { history: _history, memberIds: _memberIds, ...op } = groupOp(orgId, []);
  const channel = { ...op, conversationKind: 'announcement', audience: { scope: 'org', id: orgId } };
  expect(await submitOne(services, owner, channel)).toMatchObject({ ok: true });
  return op.logId;
}

async function announce(extras: object = { requiresAck: true }): Promise<{ id: string; seq: number }> {
  const op = { ...sendOp(channelId, 'Fire drill at 11'), extras };
  const result = await submitOne(world.services, ann, op);
  return { id: op.opId, seq: must(result.seq, 'it was said') };
}

const reachFor = async (reader: TestPerson, messageId: string, step: ReachStep = 'read') =>
  expectOk(await world.services.reach(reader.userId, messageId, step));
const namesOf = (people: readonly { name: string }[]) => people.map(({ name }) => name);

test('counts each step once, in total and by place, and names who is missing', async () => {
  const { services } = world;
  const { id, seq } = await announce();
  const none = { people: 3, delivered: 0, read: 0, acknowledged: 0 };
  expect((await reachFor(ann, id)).total).toEqual(none);
  await submit(services, ben, watermarkOp('delivered.set', channelId, seq));
  await submit(services, cleo, watermarkOp('read.set', channelId, seq));
  expect((await reachFor(ann, id)).total).toEqual({ people: 3, delivered: 2, read: 1, acknowledged: 0 });
  await submit(services, ben, reactOp(channelId, id, ACKNOWLEDGEMENT));
  // Another reaction says nothing, and one's own acknowledgement of one's own words neither.
  await submit(services, dee, reactOp(channelId, id, '👍'));
  await submit(services, ann, reactOp(channelId, id, ACKNOWLEDGEMENT));
  const reach = await reachFor(ann, id, 'acknowledged');
  expect(reach).toEqual({
    requiresAck: true,
    total: { people: 3, delivered: 2, read: 2, acknowledged: 1 },
    places: [
      { scope: 'site', id: north, name: 'North', people: 2, delivered: 2, read: 2, acknowledged: 1 },
      { scope: 'unit', id: boilers, name: 'Boilers', people: 1, delivered: 1, read: 1, acknowledged: 1 },
    ],
    missing: {
      step: 'acknowledged',
      count: 2,
      people: [
        { userId: cleo.userId, name: 'Cleo' },
        { userId: dee.userId, name: 'Dee' },
      ],
    },
  });
  expect(namesOf((await reachFor(ann, id, 'delivered')).missing.people)).toEqual(['Dee']);
});

test('who came later or left counts no more, and who keeps their reading private counts as not having read', async () => {
  const { services, orgId } = world;
  const { id, seq } = await announce({});
  const late = await world.colleague('Late');
  await submit(services, late, watermarkOp('read.set', channelId, seq));
  await submit(
    services,
    cleo,
    setOp('account.set', cleo.userId, `preferences:${cleo.userId}`, { shareReadReceipts: false }),
  );
  await submit(services, cleo, watermarkOp('read.set', channelId, seq));
  expect(await reachFor(ann, id)).toMatchObject({
    requiresAck: false,
    total: { people: 3, delivered: 1, read: 0, acknowledged: 0 },
  });
  await submit(services, ann, setOp('org.set', orgId, `role:${late.userId}`, null));
  await submit(services, ann, setOp('org.set', orgId, `role:${dee.userId}`, null));
  expect((await reachFor(ann, id)).total.people).toBe(2);
});

test('is for those who run the channel or the organisation, of this organisation', async () => {
  const { services } = world;
  const { id } = await announce();
  const stranger = await world.person('Stranger');
  const ask = async (person: TestPerson) => {
    const outcome = await services.reach(person.userId, id, 'read');
    return outcome.ok ? 'OK' : outcome.error.code;
  };
  expect(await ask(ben)).toBe('FORBIDDEN');
  expect(await ask(stranger)).toBe('NOT_FOUND');
  await submit(services, ann, memberOp('member.role', channelId, ben.userId, 'moderator'));
  expect(await ask(ben)).toBe('OK');
  const unknown = await services.reach(ann.userId, newId(), 'read');
  expect(unknown.ok ? 'OK' : unknown.error.code).toBe('NOT_FOUND');
  await submit(services, ann, deleteOp(channelId, id));
  expect((await reachFor(ann, id)).requiresAck).toBe(false);
});

test(`is counted in one query for ${MEMBERS} members in under ${LIMIT_MS} ms`, async () => {
  const { database, orgId } = world;
  const pool = database.writePool;
  const { id, seq } = await announce();
  await pool.query(
    `WITH made AS (
       INSERT INTO user_account (id, email, name)
       SELECT gen_random_uuid(), n || '@many.test', 'Person ' || n FROM generate_series(1, $4::int) n RETURNING id, name
     ), orgs AS (
       INSERT INTO org_member (org_id, user_id, role, name, joined_seq) SELECT $1, id, 'member', name, 1 FROM made
     ), sites AS (
       INSERT INTO site_member (site_id, user_id, role) SELECT $5, id, 'member' FROM made
     ), units AS (
       INSERT INTO unit_member (unit_id, user_id, role) SELECT $6, id, 'member' FROM made
     ), acks AS (
       INSERT INTO reaction (message_id, user_id, emoji, seq)
       SELECT $7, id, $8, $3::bigint + 1 FROM made WHERE right(name, 1) = '7'
     )
     INSERT INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq, shared_read_seq)
     SELECT $2, id, 1, $3, $3, CASE WHEN right(name, 1) < '8' THEN $3::bigint ELSE 0 END FROM made`,
    [orgId, channelId, seq, MEMBERS, north, boilers, id, ACKNOWLEDGEMENT],
  );
  await pool.query('ANALYZE');
  const reach = await reachFor(ann, id, 'acknowledged');
  expect(reach.missing.people).toHaveLength(100);
  expect(reach.total).toMatchObject({
    delivered: MEMBERS,
    read: (MEMBERS * 8) / 10,
    acknowledged: MEMBERS / 10,
  });
  expect(reach.missing.count).toBe(reach.total.people - MEMBERS / 10);
  const times: number[] = [];
  for (let run = 0; run < 20; run += 1) {
    const started = performance.now();
    await pool.query({ name: 'reach', text: reachQuery, values: [id, 'acknowledged', ACKNOWLEDGEMENT] });
    times.push(performance.now() - started);
  }
  // What the query costs is its fastest run: the others wait for a processor that somebody else has.
  const sorted = times.toSorted((a, b) => a - b);
  const fastest = must(sorted[0], 'twenty runs');
  const median = must(sorted[10], 'twenty runs');
  writeReport(
    'announcement-reach',
    {
      members: MEMBERS,
      fastestMs: Math.round(fastest * 10) / 10,
      medianMs: Math.round(median * 10) / 10,
      limitMs: LIMIT_MS,
    },
    0,
  );
  expect(fastest).toBeLessThan(LIMIT_MS);
});

test('an announcement is urgent only while the organization allows it', async () => {
  const { orgId, services } = world;
  const urgent = () =>
    submitOne(services, ann, { ...sendOp(channelId, 'Evacuate'), extras: { urgent: true } });
  const policy = (value: object) => submit(services, ann, setOp('org.set', orgId, `policy:${orgId}`, value));
  expect(await urgent()).toMatchObject({ code: 'FORBIDDEN' });
  await policy({ urgentAnnouncements: true });
  expect(await urgent()).toMatchObject({ ok: true });
  await policy({});
  expect(await urgent()).toMatchObject({ code: 'FORBIDDEN' });
  expect(await announce({})).toMatchObject({ seq: expect.any(Number) });
});
