/** The audit log: every way of running an organisation leaves its line, in pages, filtered and exported; no text does. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, request } from '../testing/http-client.ts';
import { founder, invite, member, sendOp, type Person } from '../testing/people.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };
let bob: Person;
let socket: TestSocket;
/** A name that would break a file of commas, and be a formula in a cell of its own. */
const builder = '=Bob, "the builder"';
const [site, unit] = [randomUUID(), randomUUID()];

async function set(key: string, value: unknown): Promise<void> {
  const op = { opId: randomUUID(), v: 1, kind: 'org.set', logId: ada.orgId, key, value };
  const [result] = await socket.submit(ada.orgId, op);
  if (!result?.ok) throw new Error(`${key}: ${result?.code}`);
}
const at = () => ({ token: ada.accessToken, params: { id: ada.orgId } });
const page = (query: object = {}) => call(server.url, 'audit', { ...at(), query: { limit: 100, ...query } });

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
  bob = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  await call(server.url, 'updateMe', { token: bob.accessToken, body: { name: builder } });
  socket = await connectAndHello(server.url, ada);
});
afterAll(async () => {
  socket.close();
  await server.stop();
});

test('each action has its line, with who, what and whom', async () => {
  await set(`org:${ada.orgId}`, { name: 'Works' });
  await set(`policy:${ada.orgId}`, { groupCreation: 'admins' });
  await set(`site:${site}`, { name: 'North' });
  await set(`unit:${unit}`, { name: 'Boilers', siteId: site, parentId: null });
  await set(`unit:${unit}`, { name: 'Pumps', siteId: site, parentId: null });
  await set(`places:${bob.userId}`, { siteIds: [site], unitIds: [unit] });
  await set(`role:${bob.userId}`, { role: 'admin' });
  await set(`role:${bob.userId}`, { role: 'admin', deactivated: true });
  await set(`role:${bob.userId}`, { role: 'admin' });
  const channel = randomUUID();
  const create = { opId: randomUUID(), v: 1, kind: 'conversation.create', logId: channel, orgId: ada.orgId };
  const announcement = { conversationKind: 'announcement', protection: 'server', title: 'Notices' };
  await socket.submit(channel, { ...create, ...announcement, audience: { scope: 'org', id: ada.orgId } });
  await socket.submit(channel, sendOp(channel, 'the words nobody may find'));
  await set(`unit:${unit}`, null);
  await set(`site:${site}`, null);
  await set(`role:${bob.userId}`, null);
  const { entries } = await page();
  expect(entries.map(({ action }) => action)).toEqual([
    'member.remove',
    'site.remove',
    'unit.remove',
    'announcement.create',
    'member.reactivate',
    'member.deactivate',
    'role.set',
    'places.set',
    'unit.set',
    'unit.add',
    'site.add',
    'policy.set',
    'org.rename',
    'org.join',
    'invite.create',
    'org.create',
  ]);
  expect(entries[6]).toMatchObject({
    actorId: ada.userId,
    actorName: 'Ada',
    target: bob.userId,
    targetName: builder,
    detail: { from: { role: 'member' }, to: { role: 'admin' } },
  });
  expect(JSON.stringify(entries)).not.toContain('the words');
});

test('profiles and repetitions leave none', async () => {
  const before = (await page()).entries.length;
  await set(`person:${ada.userId}`, { name: 'Ada L.' });
  await set(`org:${ada.orgId}`, { name: 'Works' });
  expect((await page()).entries).toHaveLength(before);
});

test('pages join without a gap, and filters narrow them', async () => {
  const all = (await page()).entries;
  const first = await page({ limit: 7 });
  const rest = await page({ before: first.next ?? 0 });
  expect([...first.entries, ...rest.entries]).toEqual(all);
  expect(rest.next).toBeNull();
  expect((await page({ action: 'role.set' })).entries.map(({ target }) => target)).toEqual([bob.userId]);
  const unknown = await request(server.url, 'audit', { ...at(), query: { action: '\u0000' } });
  expect(unknown.body).toMatchObject({ error: { code: 'BAD_REQUEST' } });
  const ofBob = (await page({ personId: bob.userId })).entries;
  expect(ofBob.map(({ action }) => action)).toContain('org.join');
  expect(ofBob.every(({ actorId, target }) => actorId === bob.userId || target === bob.userId)).toBe(true);
});

test('it is exported as CSV and as JSON, which is itself an action', async () => {
  const csv = await call(server.url, 'auditExport', { ...at(), query: { format: 'csv' } });
  const lines = csv.text.trimEnd().split('\r\n');
  expect(lines[0]).toBe('id,time,actorId,actor,action,targetId,target,detail');
  expect(lines).toHaveLength(csv.entries + 1);
  expect(csv.text).toContain(`"'=Bob, ""the builder"""`);
  const json = await call(server.url, 'auditExport', {
    ...at(),
    query: { format: 'json', action: 'role.set' },
  });
  expect(JSON.parse(json.text)).toMatchObject([{ action: 'role.set', targetId: bob.userId }]);
  expect((await page()).entries.slice(0, 2).map(({ action }) => action)).toEqual([
    'audit.export',
    'audit.export',
  ]);
});

test('a further organisation is its founder’s, once; an id of anything else is refused', async () => {
  const id = randomUUID();
  const found = (by: Person, as: string) =>
    request(server.url, 'createOrg', { token: by.accessToken, body: { id: as, name: 'Harbour' } });
  expect((await found(ada, id)).body).toEqual({ id, name: 'Harbour', role: 'owner' });
  expect((await found(ada, id)).status).toBe(200);
  const { orgs } = await call(server.url, 'me', { token: ada.accessToken });
  expect(orgs.filter((org) => org.id === id)).toHaveLength(1);
  const cleo = await member(server, await invite(server, ada, ada.orgId), 'Cleo');
  expect((await found(cleo, randomUUID())).body).toMatchObject({ error: { code: 'FORBIDDEN' } });
  expect((await found(cleo, id)).body).toMatchObject({ error: { code: 'ID_TAKEN' } });
  expect((await found(ada, cleo.userId)).body).toMatchObject({ error: { code: 'ID_TAKEN' } });
  await socket.next('user:changed');
});
