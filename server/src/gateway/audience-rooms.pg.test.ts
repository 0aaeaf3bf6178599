/** Announcements over real sockets: the whole audience hears them, nobody else does, and who moves is in or out at once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { founder, invite, member, otherOrg, secondDevice, sendOp, type Person } from '../testing/people.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let owner: Person & { readonly orgId: string };
let ann: Person;
let ben: Person;
let cleo: Person;
let stranger: Person;
let speaker: TestSocket;
const sockets = new Map<string, TestSocket>();
const north = randomUUID();
const boilers = randomUUID();

beforeAll(async () => {
  server = await startTestServer();
  owner = await founder(server, 'Olivia');
  const code = await invite(server, owner, owner.orgId);
  ann = await member(server, code, 'Ann');
  ben = await member(server, code, 'Ben');
  cleo = await member(server, code, 'Cleo');
  stranger = await member(server, code, 'Stranger');
  speaker = await connectAndHello(server.url, owner);
  await set(`site:${north}`, { name: 'North' });
  await set(`unit:${boilers}`, { name: 'Boilers', siteId: north, parentId: null });
  await move(ann, [north], [boilers]);
  await move(ben, [north], []);
  await set(`role:${stranger.userId}`, null);
  await otherOrg(server, stranger, randomUUID());
  for (const person of [ann, ben, cleo, stranger])
    sockets.set(person.userId, await connectAndHello(server.url, person));
});
afterAll(async () => {
  for (const socket of [speaker, ...sockets.values()]) socket.close();
  await server.stop();
});

async function set(key: string, value: unknown): Promise<void> {
  const op = { opId: randomUUID(), v: 1, logId: owner.orgId, kind: 'org.set', key, value };
  expect(await speaker.submit(owner.orgId, op)).toMatchObject([{ ok: true }]);
}
const move = (person: Person, siteIds: string[], unitIds: string[]): Promise<void> =>
  set(`places:${person.userId}`, { siteIds, unitIds });

async function channel(scope: 'org' | 'site' | 'unit', id: string): Promise<string> {
  const logId = randomUUID();
  const create = { opId: randomUUID(), v: 1, logId, kind: 'conversation.create', orgId: owner.orgId };
  const op = { ...create, conversationKind: 'announcement', protection: 'server', title: 'Notices' };
  expect(await speaker.submit(logId, { ...op, audience: { scope, id } })).toMatchObject([{ ok: true }]);
  return logId;
}

/** Says something in a channel; who of the people's sockets heard it, once everything before a later event arrived. */
async function heard(logId: string, of: ReadonlyMap<string, TestSocket> = sockets): Promise<string[]> {
  const op = sendOp(logId, 'Fire drill');
  expect(await speaker.submit(logId, op)).toMatchObject([{ ok: true }]);
  // Frames keep their order: what everybody of the organisation hears next comes behind it. The stranger hears neither.
  await set(`org:${owner.orgId}`, { name: `Works ${op.opId}` });
  for (const person of [ann, ben, cleo])
    await of
      .get(person.userId)
      ?.next('org:updated', ({ payload }) => JSON.stringify(payload).includes(op.opId));
  return [...of]
    .filter(([, socket]) =>
      socket.frames.some(({ payload }) => JSON.stringify(payload).includes(`"opId":"${op.opId}"`)),
    )
    .map(([userId]) => userId)
    .sort();
}
const idsOf = (...people: Person[]) => people.map(({ userId }) => userId).sort();

test('each audience hears its announcements, and nobody else', async () => {
  const toOrg = await channel('org', owner.orgId);
  const toSite = await channel('site', north);
  const toUnit = await channel('unit', boilers);
  for (let round = 0; round < 2; round += 1) {
    expect(await heard(toOrg)).toEqual(idsOf(ann, ben, cleo));
    expect(await heard(toSite)).toEqual(idsOf(ann, ben));
    expect(await heard(toUnit)).toEqual(idsOf(ann));
  }
});

test('who moves hears nothing more of the place they left, and everything of the one they came to, at once', async () => {
  const toSite = await channel('site', north);
  expect(await heard(toSite)).toEqual(idsOf(ann, ben));
  await move(ben, [], []);
  await move(cleo, [north], []);
  expect(await heard(toSite)).toEqual(idsOf(ann, cleo));
  await move(ben, [north], []);
  await move(cleo, [], []);
  // Ben was away for a while: what he gets is cut for him, and he gets it.
  expect(await heard(toSite)).toEqual(idsOf(ann, ben));
});

test('a device that comes later is in, and who leaves the organisation is out', async () => {
  const toOrg = await channel('org', owner.orgId);
  expect(await heard(toOrg)).toEqual(idsOf(ann, ben, cleo));
  const phone = await connectAndHello(server.url, await secondDevice(server, ann));
  expect(await heard(toOrg, new Map([...sockets, [ann.userId, phone]]))).toEqual(idsOf(ann, ben, cleo));
  phone.close();
  await set(`role:${cleo.userId}`, null);
  const op = sendOp(toOrg, 'Without Cleo');
  await speaker.submit(toOrg, op);
  await sockets.get(ben.userId)?.next('message:new', ({ opId }) => opId === op.opId);
  const frames = JSON.stringify(sockets.get(cleo.userId)?.frames);
  expect(frames).not.toContain(op.opId);
});
