/** An organisation as the view shows it: what the log says, and at once what this device set over it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import type { OrgUnit, OwnOrg } from '../../../ipc/views.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './testing/server-log.ts';

const site = testId(5, 1);
const [boilers, pumps, valves] = [testId(6, 1), testId(6, 2), testId(6, 3)] as const;

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
});
afterEach(() => fixture.stop());

function publish(key: string, value: unknown): void {
  fixture.log(org).append('org:updated', { key, value }, me, fixture.newId());
}
function set(key: string, value: unknown): void {
  fixture.enqueue({ opId: fixture.newId(), v: OP_VERSION, logId: org, kind: 'org.set', key, value });
}
const open = (query = '', limit = 50) => fixture.open('organization', { orgId: org, query, limit });
const unit = (name: string, parentId: string | null = null) => ({ name, siteId: site, parentId });
/** Names with those inside in brackets. */
function shape(units: readonly OrgUnit[]): string {
  return units
    .map(({ name, units: inner }) => name + (inner.length > 0 ? `(${shape(inner)})` : ''))
    .join(' ');
}
function treeNow(): string {
  return shape(open().state().meta.sites[0]?.units ?? []);
}

describe('my organisations, in the session', () => {
  const profile = { id: org, name: 'Old name', role: 'member' as const, groups: 'allowed' as const };
  const session = (): readonly OwnOrg[] => {
    const { meta } = fixture.open('session', {}).state();
    return meta.state === 'active' ? meta.orgs : [];
  };
  const signIn = (orgs: readonly OwnOrg[]) => {
    const ids = {
      accountId: testId(8, 1),
      userId: me,
      deviceId: testId(8, 2),
      serverUrl: 'https://example.org',
    };
    const who = { email: 'ada@example.org', name: 'Ada', needsSignIn: false, keyring: 'stored' as const };
    fixture.volatile.setSession({ state: 'active', ...ids, ...who, orgs, notices: [] });
    fixture.settle();
  };

  it('have the name, role and rules that are set now, here or elsewhere', () => {
    signIn([profile]);
    publish(`org:${org}`, { name: 'City Facilities' });
    publish(`role:${me}`, { role: 'admin' });
    fixture.deliver(org);
    expect(session()).toEqual([{ id: org, name: 'City Facilities', role: 'admin', groups: 'allowed' }]);
    const view = fixture.open('session', {});
    set(`org:${org}`, { name: 'City Works' });
    set(`role:${me}`, { role: 'member' });
    set(`policy:${org}`, { groupCreation: 'admins' });
    fixture.settle();
    const { meta } = view.state();
    expect(meta).toMatchObject({ orgs: [{ id: org, name: 'City Works', role: 'member', groups: 'policy' }] });
  });

  it('are as the profile says where nothing of their log is here, and gone once left', () => {
    const other = { ...profile, id: testId(2, 9), name: 'Harbour Volunteers', role: 'guest' as const };
    signIn([profile, { ...other, groups: 'guest' }]);
    set(`role:${me}`, null);
    fixture.settle();
    expect(session()).toEqual([{ ...other, groups: 'guest' }]);
  });
});

describe('the organisation', () => {
  it('has its people by name, with roles and the places that exist', () => {
    publish(`org:${org}`, { name: 'City Facilities' });
    publish(`role:${me}`, { role: 'owner' });
    publish(`site:${site}`, { name: 'North Campus' });
    publish(`unit:${boilers}`, unit('Boilers'));
    publish(`places:${peer}`, { siteIds: [site, testId(5, 9)], unitIds: [boilers, testId(6, 9)] });
    publish(`policy:${org}`, { groupCreation: 'admins' });
    fixture.deliver(org);
    const { order, rows, meta } = open().state();
    expect(order).toEqual([me, peer]);
    expect(rows[peer]).toMatchObject({
      name: 'Grace Hopper',
      role: 'member',
      siteIds: [site],
      unitIds: [boilers],
      placeNames: ['North Campus', 'Boilers'],
      isPending: false,
    });
    expect(meta).toMatchObject({
      name: 'City Facilities',
      ownRole: 'owner',
      policy: { groupCreation: 'admins' },
      people: 2,
      owners: 1,
      sites: [{ id: site, name: 'North Campus', people: 1, units: [{ name: 'Boilers', people: 1 }] }],
    });
  });

  it('shows what somebody else changes, whatever it is', () => {
    const view = open();
    const changes: readonly [key: string, value: unknown, shown: object][] = [
      [`org:${org}`, { name: 'City Works' }, { name: 'City Works' }],
      [`policy:${org}`, { groupCreation: 'admins' }, { policy: { groupCreation: 'admins' } }],
      [`site:${site}`, { name: 'North Campus' }, { sites: [{ name: 'North Campus', people: 0 }] }],
      [`unit:${boilers}`, unit('Boilers'), { sites: [{ units: [{ name: 'Boilers' }] }] }],
      [`places:${peer}`, { siteIds: [site], unitIds: [] }, { sites: [{ people: 1 }] }],
      [`role:${me}`, { role: 'guest' }, { ownRole: 'guest' }],
    ];
    for (const [key, value, shown] of changes) {
      publish(key, value);
      fixture.deliver(org);
      fixture.settle();
      expect(view.state().meta).toMatchObject(shown);
    }
  });

  it('keeps whoever is deactivated in sight, and out of the directory and the counts', () => {
    publish(`role:${peer}`, { role: 'owner', deactivated: true });
    fixture.deliver(org);
    const { rows, meta } = open().state();
    expect(rows[peer]).toMatchObject({ role: 'owner', isDeactivated: true });
    expect(meta).toMatchObject({ people: 1, owners: 0, found: 2 });
    expect(fixture.open('people', { query: '', limit: 10 }).state().order).toEqual([]);
    publish(`role:${peer}`, { role: 'owner' });
    fixture.deliver(org);
    fixture.settle();
    expect(open().state().meta).toMatchObject({ people: 2, owners: 1 });
  });

  it('tells beside names who is deactivated and what is a bot, wherever they stand', () => {
    fixture.say('hello');
    fixture.deliver();
    fixture.settle();
    const timeline = fixture.open('timeline', {
      conversationId: conversation,
      at: { kind: 'end' },
      limit: 50,
    });
    const header = fixture.open('conversation', { conversationId: conversation });
    const marks = () => {
      const [said] = Object.values(timeline.state().rows).slice(-1);
      return [said?.kind === 'message' ? said.senderMarks : null, header.state().meta.row?.peerMarks];
    };
    const none = { isBot: false, isDeactivated: false };
    expect(marks()).toEqual([none, none]);
    publish(`person:${peer}`, { name: 'Backup', isBot: true });
    publish(`role:${peer}`, { role: 'member', deactivated: true });
    fixture.deliver(org);
    fixture.settle();
    const both = { isBot: true, isDeactivated: true };
    expect(marks()).toEqual([both, both]);
    expect(header.state().meta.members.find(({ id }) => id === peer)).toMatchObject(both);
    expect(open().state().rows[peer]).toMatchObject(both);
    publish(`role:${peer}`, { role: 'member' });
    fixture.deliver(org);
    fixture.settle();
    expect(marks()).toEqual([
      { ...both, isDeactivated: false },
      { ...both, isDeactivated: false },
    ]);
    expect(fixture.open('people', { query: '', limit: 10 }).state().rows[peer]).toMatchObject({
      isBot: true,
      isDeactivated: false,
    });
  });

  it('finds people by name and counts them all', () => {
    const { order, meta } = open('grâce').state();
    expect(order).toEqual([peer]);
    expect(meta).toMatchObject({ found: 1, people: 2 });
    const cut = open('', 1).state();
    expect(cut.order).toEqual([me]);
    expect(cut.meta.found).toBe(2);
  });

  it('shows at once what waits here, and the same when the server has it', () => {
    const opened = open();
    set(`org:${org}`, { name: 'City Works' });
    set(`role:${peer}`, { role: 'admin' });
    set(`site:${site}`, { name: 'Harbour' });
    set(`places:${me}`, { siteIds: [site], unitIds: [] });
    fixture.settle();
    const changed = { name: 'City Works', sites: [{ id: site, name: 'Harbour', people: 1 }] };
    expect(opened.state().meta).toMatchObject(changed);
    expect(opened.state().rows[peer]).toMatchObject({ role: 'admin', isPending: true });
    expect(opened.state().rows[me]).toMatchObject({ placeNames: ['Harbour'], isPending: true });
    fixture.flushOutbox();
    fixture.settle();
    expect(opened.state().meta).toMatchObject(changed);
    expect(opened.state().rows[peer]).toMatchObject({ role: 'admin', isPending: false });
    fixture.deliver(org);
    fixture.settle();
    expect(opened.state().meta).toMatchObject(changed);
    expect(opened.state().rows[peer]).toMatchObject({ role: 'admin', isPending: false });
  });

  it('lets go of who is taken out, and has them back when that is refused', () => {
    const opened = open();
    set(`role:${peer}`, null);
    fixture.settle();
    expect(opened.state().order).toEqual([me]);
    for (let batch = fixture.takeBatch(); batch; batch = fixture.takeBatch())
      fixture.refuse(batch, 'FORBIDDEN');
    fixture.settle();
    expect(opened.state().order).toEqual([me, peer]);
    expect(opened.state().rows[peer]).toMatchObject({ role: 'member', isPending: false });
  });
});

describe('the units of a site', () => {
  beforeEach(() => set(`site:${site}`, { name: 'North Campus' }));

  it('stand inside each other, by name', () => {
    set(`unit:${valves}`, unit('Valves', pumps));
    set(`unit:${pumps}`, unit('Pumps'));
    set(`unit:${boilers}`, unit('Boilers'));
    expect(treeNow()).toBe('Boilers Pumps(Valves)');
  });

  it('are all there when two were put inside each other, with what hangs below them', () => {
    set(`unit:${boilers}`, unit('Boilers', pumps));
    set(`unit:${pumps}`, unit('Pumps', boilers));
    set(`unit:${valves}`, unit('Valves', pumps));
    expect(treeNow()).toBe('Boilers Pumps(Valves)');
  });

  it('stay when the one around them is gone or elsewhere', () => {
    set(`unit:${boilers}`, unit('Boilers', testId(6, 9)));
    set(`unit:${pumps}`, { ...unit('Pumps'), siteId: testId(5, 2) });
    set(`unit:${valves}`, unit('Valves', pumps));
    expect(treeNow()).toBe('Boilers Valves');
  });
});

describe('two organisations', () => {
  const other = testId(2, 9);
  const third = testId(1, 3);
  const there = testId(3, 9);

  it('have a list and people of their own, while the counts of all add up', () => {
    for (const [key, value] of [
      [`org:${other}`, { name: 'Harbour' }],
      [`role:${me}`, { role: 'member' }],
      [`role:${third}`, { role: 'member' }],
      [`person:${third}`, { name: 'Katherine Johnson' }],
    ] as const)
      fixture.log(other).append('org:updated', { key, value }, third, fixture.newId());
    const members = [me, third].map((userId) => ({ userId, role: 'member' as const }));
    const settings = { created: true, orgId: other, kind: 'direct' as const, protection: 'server' as const };
    fixture
      .log(there)
      .append('conversation:updated', { ...settings, title: null, members }, third, fixture.newId());
    fixture.say('over there', there, third);
    fixture.say('over here');
    fixture.deliverAll();
    fixture.settle();
    const list = (orgId?: string) =>
      fixture
        .open('conversations', { filter: 'all', offset: 0, limit: 10, ...(orgId ? { orgId } : {}) })
        .state();
    expect(list().order).toHaveLength(2);
    expect(list(other).order).toEqual([there]);
    expect(list(org).order).not.toContain(there);
    const unread = [list(), list(org), list(other)].map(({ meta }) => meta.unreadConversations);
    expect(unread[0]).toBe((unread[1] ?? 0) + (unread[2] ?? 0));
    const people = (orgId: string) => fixture.open('people', { query: '', limit: 10, orgId }).state().order;
    expect(people(org)).toEqual([peer]);
    expect(people(other)).toEqual([third]);
  });
});
