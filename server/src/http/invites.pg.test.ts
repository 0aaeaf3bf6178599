/** Invites over HTTP: how long and how often they let somebody in, that they can be ended, and whom they do not bring back. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, refusal } from '../testing/http-client.ts';
import { founder, invite, leaveOrg, member, otherOrg, type Person } from '../testing/people.ts';
import { connectAndHello } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ada: Person & { readonly orgId: string };

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
});
afterAll(() => server.stop());

const make = (body: object = {}) =>
  call(server.url, 'createInvite', { token: ada.accessToken, params: { id: ada.orgId }, body });
const list = async () =>
  (await call(server.url, 'invites', { token: ada.accessToken, params: { id: ada.orgId } })).invites;
const revokeCall = (inviteId: string, by: Person = ada, id = ada.orgId) => ({
  token: by.accessToken,
  params: { id, inviteId },
});
const accept = (person: Person, code: string) =>
  call(server.url, 'acceptInvite', { token: person.accessToken, params: { code } });
const refusedAccept = (person: Person, code: string) =>
  refusal(server.url, 'acceptInvite', { token: person.accessToken, params: { code } });

/** Somebody who is in the organisation no more: by their own wish, or by the owner's. */
async function formerMember(by: 'self' | 'owner'): Promise<Person> {
  const person = await member(server, await invite(server, ada, ada.orgId), 'Former');
  if (by === 'self') await leaveOrg(server, person, ada.orgId);
  else await remove(person);
  return person;
}

async function remove(person: Person): Promise<void> {
  const socket = await connectAndHello(server.url, ada);
  const key = `role:${person.userId}`;
  const op = { opId: randomUUID(), v: 1, kind: 'org.set', logId: ada.orgId, key, value: null };
  expect((await socket.submit(ada.orgId, op))[0]).toMatchObject({ ok: true });
  socket.close();
}

test('open invites are listed without their codes; those used up, expired or revoked are not', async () => {
  const person = await formerMember('self');
  const [once, short, ended, open] = [
    await make({ maxUses: 1 }),
    await make({ expiresInMs: 60_000 }),
    await make(),
    await make({ maxUses: 3, expiresInMs: 86_400_000 }),
  ];
  expect(short.expiresAt).toBeGreaterThan(Date.now() + 50_000);
  expect((await list()).slice(0, 4).map(({ id }) => id)).toEqual([open.id, ended.id, short.id, once.id]);
  await accept(person, once.code);
  await server.database.writePool.query('UPDATE invite SET expires_at = now() WHERE id = $1', [short.id]);
  await call(server.url, 'revokeInvite', revokeCall(ended.id));
  const left = await list();
  expect(left[0]).toEqual({
    id: open.id,
    email: null,
    createdBy: ada.userId,
    createdAt: left[0]?.createdAt,
    expiresAt: open.expiresAt,
    maxUses: 3,
    uses: 0,
  });
  expect(left.filter(({ id }) => [once.id, short.id, ended.id].includes(id))).toEqual([]);
  const other = await formerMember('self');
  for (const { code } of [once, short, ended])
    expect(await refusedAccept(other, code)).toMatchObject({ code: 'INVITE_INVALID' });
});

test('revoking twice is no mistake; an invite of another organisation cannot be revoked', async () => {
  const { id, code } = await make();
  const rival = await member(server, await invite(server, ada, ada.orgId), 'Rival');
  const rivalOrgId = randomUUID();
  await otherOrg(server, rival, rivalOrgId);
  expect(await refusal(server.url, 'revokeInvite', revokeCall(id, rival, rivalOrgId))).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
  });
  await accept(await formerMember('self'), code);
  await call(server.url, 'revokeInvite', revokeCall(id));
  await call(server.url, 'revokeInvite', revokeCall(id));
  const { rows } = await server.database.readPool.query<{ action: string; actor_id: string }>(
    `SELECT action, actor_id FROM audit_entry WHERE target = $1 AND action <> 'org.join' ORDER BY id`,
    [id],
  );
  expect(rows.slice(0, 2)).toEqual([
    { action: 'invite.create', actor_id: ada.userId },
    { action: 'invite.revoke', actor_id: ada.userId },
  ]);
});

test('who was removed needs an invite made after that; who left by themselves does not', async () => {
  const old = await make();
  const [removed, gone] = [await formerMember('owner'), await formerMember('self')];
  expect(await refusedAccept(removed, old.code)).toMatchObject({ code: 'INVITE_INVALID' });
  await accept(gone, old.code);
  await accept(removed, (await make()).code);
  // Back in, they may leave and return like everybody.
  await leaveOrg(server, removed, ada.orgId);
  await accept(removed, old.code);
  await remove(removed);
  expect(await refusedAccept(removed, old.code)).toMatchObject({ code: 'INVITE_INVALID' });
});

test('the page of an invitation hands code and server to the app, and nothing that is no code', async () => {
  const page = async (path: string): Promise<string> => (await fetch(new URL(path, server.url))).text();
  const { code } = await make();
  const link = `curlew://join/${code}?server=${encodeURIComponent(server.url)}`;
  expect(await page(`/join/${code}`)).toContain(`<a href="${link}">Open in Curlew</a>`);
  const odd = await page(`/join/${encodeURIComponent('"><script>alert(1)</script>')}`);
  expect(odd).toContain('paste this page’s address');
  expect(odd).not.toMatch(/curlew:|script/);
});
