/** What owners and admins set, through the core as main sees it and without a network; and invitations with one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import type { ViewState } from '../../ipc/feed.ts';
import type { IntentAnswer, IntentName, IntentRequest } from '../../ipc/intents.ts';
import type { OrganizationMeta, OrgPersonRow } from '../../ipc/views.ts';
import { AccountRegistry } from '../session/account-registry.ts';
import { CoreDriver, refusing } from '../testing/core-driver.ts';
import { id, ME, ORG, PEER, SERVER_URL } from '../testing/logs.ts';
import type { Transport } from '../transport/transport-types.ts';

const account = {
  accountId: id(0xa0),
  serverUrl: SERVER_URL,
  userId: ME,
  deviceId: id(0xa2),
  email: 'ada@example.org',
  name: 'Ada',
  orgs: [],
  needsSignIn: false,
};

let dataDir = '';
let core: CoreDriver;
const asked: { readonly name: string; readonly request: unknown }[] = [];

function start(transport: Transport = refusing('OFFLINE')): void {
  core = new CoreDriver(dataDir, transport);
}
/** A server that answers these routes, and the sign-in; the socket stays shut. */
function answering(answers: Record<string, unknown>): Transport {
  const call = (name: string, request: unknown) => {
    if (name === 'token')
      return Promise.resolve(
        ok({
          userId: ME,
          deviceId: account.deviceId,
          accessToken: 'a',
          expiresAtMs: Date.now() + 9e5,
          refreshToken: 'r',
        }),
      );
    asked.push({ name, request });
    return Promise.resolve(ok(answers[name] ?? {}));
  };
  return { ...refusing('OFFLINE'), call: call as Transport['call'] };
}
async function does<I extends IntentName>(name: I, request: IntentRequest<I>): Promise<IntentAnswer<I>> {
  const answer = await core.intent(name, request);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value as IntentAnswer<I>;
}
const organization = () =>
  core.view('organization', { orgId: ORG, query: '', limit: 50 }) as Promise<
    ViewState<OrgPersonRow, OrganizationMeta>
  >;

beforeEach(() => {
  asked.length = 0;
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-organization-'));
  new AccountRegistry(dataDir, 0).putCurrent(account);
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('offline', () => {
  it('everything that is set shows, also after a restart', async () => {
    start();
    await does('org.rename', { orgId: ORG, name: 'City Works' });
    await does('org.setRole', { orgId: ORG, userId: PEER, role: 'admin' });
    await does('org.setPolicy', {
      orgId: ORG,
      policy: {
        groupCreation: 'admins',
        editWindowMs: 60_000,
        retentionDays: null,
        readReceipts: true,
        urgentAnnouncements: true,
      },
    });
    const { siteId } = await does('org.saveSite', { orgId: ORG, siteId: null, name: 'North Campus' });
    const inSite = { orgId: ORG, unitId: null, siteId };
    const { unitId } = await does('org.saveUnit', { ...inSite, parentId: null, name: 'Boilers' });
    await does('org.saveUnit', { ...inSite, unitId, parentId: null, name: 'Boiler room' });
    const placed = { siteIds: [siteId, siteId], unitIds: [unitId] };
    await does('org.setPlaces', { orgId: ORG, userId: PEER, ...placed });
    core.stop();
    start();
    const { rows, meta } = await organization();
    expect(meta).toMatchObject({
      name: 'City Works',
      policy: {
        groupCreation: 'admins',
        editWindowMs: 60_000,
        retentionDays: null,
        readReceipts: true,
        urgentAnnouncements: true,
      },
      sites: [{ id: siteId, name: 'North Campus', units: [{ id: unitId, name: 'Boiler room' }] }],
    });
    expect(rows[PEER]).toMatchObject({ role: 'admin', siteIds: [siteId], unitIds: [unitId] });
    await does('org.setRole', { orgId: ORG, userId: PEER, role: null });
    expect((await organization()).order).toEqual([]);
  });

  it('a unit goes with those inside it, a site with all of its own', async () => {
    start();
    const { siteId } = await does('org.saveSite', { orgId: ORG, siteId: null, name: 'North Campus' });
    const save = (name: string, parentId: string | null) =>
      does('org.saveUnit', { orgId: ORG, unitId: null, siteId, parentId, name });
    const { unitId: boilers } = await save('Boilers', null);
    const { unitId: pumps } = await save('Pumps', boilers);
    await save('Valves', pumps);
    await save('Lifts', null);
    await does('org.removeUnit', { orgId: ORG, unitId: boilers });
    expect((await organization()).meta.sites[0]?.units.map(({ name }) => name)).toEqual(['Lifts']);
    await does('org.removeSite', { orgId: ORG, siteId });
    expect((await organization()).meta.sites).toEqual([]);
    // A site of the same id shows what is left of its units: nothing.
    await does('org.saveSite', { orgId: ORG, siteId, name: 'North Campus' });
    expect((await organization()).meta.sites[0]?.units).toEqual([]);
  });

  it('a unit moves to another site with those inside it, and never into itself', async () => {
    start();
    const site = (name: string) => does('org.saveSite', { orgId: ORG, siteId: null, name });
    const { siteId: north } = await site('North Campus');
    const { siteId: south } = await site('South Campus');
    const inNorth = { orgId: ORG, unitId: null, siteId: north };
    const { unitId: boilers } = await does('org.saveUnit', { ...inNorth, parentId: null, name: 'Boilers' });
    const { unitId: pumps } = await does('org.saveUnit', { ...inNorth, parentId: boilers, name: 'Pumps' });
    const moved = { orgId: ORG, unitId: boilers, name: 'Boilers' };
    const intoItself = await core.intent('org.saveUnit', { ...moved, siteId: north, parentId: pumps });
    expect(intoItself).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    await does('org.saveUnit', { ...moved, siteId: south, parentId: null });
    expect((await organization()).meta.sites).toMatchObject([
      { name: 'North Campus', units: [] },
      { name: 'South Campus', units: [{ name: 'Boilers', units: [{ name: 'Pumps' }] }] },
    ]);
  });

  it('a channel for announcements can be written in at once', async () => {
    start();
    const audience = { scope: 'org', id: ORG } as const;
    const { conversationId } = await does('announcement.create', { orgId: ORG, title: 'Notices', audience });
    const { meta } = await core.view('conversation', { conversationId });
    expect(meta).toMatchObject({
      ownRole: 'owner',
      canPost: true,
      row: { kind: 'announcement', title: 'Notices' },
    });
  });

  it('invitations say that there is no network', async () => {
    start();
    const answer = await core.intent('invites.list', { orgId: ORG });
    expect(answer.ok).toBe(false);
  });

  it('refuses a name of blanks', async () => {
    start();
    expect(await core.intent('org.saveSite', { orgId: ORG, siteId: null, name: '  ' })).toMatchObject({
      ok: false,
      error: { code: 'BAD_REQUEST' },
    });
  });
});

describe('invitations', () => {
  const invite = {
    id: id(0xb1),
    email: 'grace@example.org',
    createdBy: ME,
    createdAt: 5,
    expiresAt: 9,
    maxUses: 3,
    uses: 1,
  };

  it('are made as asked, listed, and ended', async () => {
    const made = { ...invite, code: 'ABCD', url: 'https://curlew.example.org/invite/ABCD' };
    start(answering({ createInvite: made, invites: { invites: [invite] } }));
    const limits = { expiresInMs: 86_400_000, maxUses: 3 };
    expect(await does('invite.create', { orgId: ORG, ...limits })).toMatchObject({ code: 'ABCD' });
    expect(await does('invites.list', { orgId: ORG })).toEqual({
      invites: [
        {
          id: invite.id,
          email: invite.email,
          createdByName: '',
          createdAtMs: 5,
          expiresAtMs: 9,
          maxUses: 3,
          uses: 1,
        },
      ],
    });
    await does('invite.revoke', { orgId: ORG, inviteId: invite.id });
    const routes = ['createInvite', 'invites', 'revokeInvite'];
    expect(asked.filter(({ name }) => routes.includes(name))).toMatchObject([
      { name: 'createInvite', request: { params: { id: ORG }, body: limits } },
      { name: 'invites', request: { params: { id: ORG } } },
      { name: 'revokeInvite', request: { params: { id: ORG, inviteId: invite.id } } },
    ]);
  });
});

describe('another organization', () => {
  const other = { id: id(0xc1), name: 'Harbour', role: 'owner' };

  it('is joined with a pasted link, founded, and there at once', async () => {
    start(answering({ acceptInvite: other, createOrg: { ...other, id: id(0xc2), name: 'Works' } }));
    const invitation = 'https://chat.example.org/join/SWAN-CSAA-QR64-P3AB/';
    expect(await does('org.join', { invitation })).toEqual({ orgId: other.id });
    expect(asked).toContainEqual({
      name: 'acceptInvite',
      request: { params: { code: 'SWAN-CSAA-QR64-P3AB' } },
    });
    await does('org.create', { name: 'Works' });
    const { meta } = await core.view('session', {});
    expect(meta).toMatchObject({ orgs: [{ name: 'Harbour' }, { name: 'Works' }] });
  });
});
