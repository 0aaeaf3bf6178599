/** The list narrowed to sites, units, kinds and drafts, and how many there are of each, in step with what changes. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ViewParams } from '../../../ipc/views.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './testing/server-log.ts';

const [campus, depot] = [testId(5, 1), testId(5, 2)] as const;
const [support, desk] = [testId(6, 1), testId(6, 2)] as const;
const [kofi, group, siteNotices, allNotices] = [
  testId(1, 3),
  testId(4, 1),
  testId(4, 2),
  testId(4, 3),
] as const;

let fixture: AccountFixture;

/** Grace works at the service desk of the campus, Kofi at the depot; I work there too, which says nothing. */
beforeEach(() => {
  fixture = AccountFixture.start();
  fixture.addPerson(kofi, 'Kofi Mensah');
  publish(`site:${campus}`, { name: 'North Campus' });
  publish(`site:${depot}`, { name: 'Harbour Depot' });
  publish(`unit:${support}`, { name: 'IT Support', siteId: campus, parentId: null });
  publish(`unit:${desk}`, { name: 'Service desk', siteId: campus, parentId: support });
  publish(`places:${peer}`, { siteIds: [], unitIds: [desk] });
  publish(`places:${kofi}`, { siteIds: [depot], unitIds: [] });
  publish(`places:${me}`, { siteIds: [depot], unitIds: [] });
  begin(group, 'group', [peer, kofi]);
  begin(siteNotices, 'announcement', [peer], { scope: 'site', id: campus });
  begin(allNotices, 'announcement', [peer, kofi], { scope: 'org', id: org });
  fixture.deliverAll();
  fixture.settle();
});
afterEach(() => fixture.stop());

function publish(key: string, value: unknown): void {
  fixture.log(org).append('org:updated', { key, value }, me, fixture.newId());
}

function begin(
  id: string,
  kind: 'group' | 'announcement',
  others: readonly string[],
  audience: { scope: 'org' | 'site' | 'unit'; id: string } | null = null,
): void {
  const members = [me, ...others].map((userId) => ({ userId, role: 'member' as const }));
  const settings = { created: true, orgId: org, kind, protection: 'server' as const, title: id, audience };
  fixture.log(id).append('conversation:updated', { ...settings, members }, peer, fixture.newId());
}

type Choice = Partial<ViewParams<'conversations'>>;
const open = (choice: Choice) =>
  fixture.open('conversations', { filter: 'all', offset: 0, limit: 50, orgId: org, ...choice });
const found = (choice: Choice) => new Set(open(choice).state().order);
const filters = (placeId?: string) =>
  fixture.open('listFilters', { orgId: org, ...(placeId ? { placeId } : {}) });

it('a place has the conversations with its people, and the channels that reach it', () => {
  expect(found({ placeId: campus })).toEqual(new Set([conversation, group, siteNotices, allNotices]));
  expect(found({ placeId: support })).toEqual(new Set([conversation, group, siteNotices, allNotices]));
  expect(found({ placeId: depot })).toEqual(new Set([group, allNotices]));
  expect(open({ placeId: depot }).state().meta).toMatchObject({ total: 2, placeName: 'Harbour Depot' });
});

it('a place that is gone narrows nothing', () => {
  const { meta } = open({ placeId: testId(5, 9) }).state();
  expect(meta).toMatchObject({ total: 4, placeName: null });
});

it('kinds and places are alternatives among themselves and conditions of each other', () => {
  expect(found({ kinds: ['direct', 'group'] })).toEqual(new Set([conversation, group]));
  expect(found({ kinds: ['direct'], placeIds: [campus, depot] })).toEqual(new Set([conversation]));
  expect(found({ kinds: ['direct'], placeIds: [depot] })).toEqual(new Set());
  expect(found({ placeId: campus, placeIds: [depot] })).toEqual(new Set([group, allNotices]));
});

it('follows who belongs where, who is in it, and what is drafted', () => {
  const ofDepot = open({ placeId: depot });
  const drafted = open({ hasDraft: true });
  const before = fixture.reads.cache.rows;
  fixture.say('hello');
  fixture.deliver();
  fixture.settle();
  // A message moves within its part of the list; nobody's place is read for it.
  expect(fixture.reads.cache.rows - before).toBeLessThan(60);
  publish(`places:${peer}`, { siteIds: [depot], unitIds: [] });
  fixture.deliver(org);
  fixture.settle();
  expect(new Set(ofDepot.state().order)).toEqual(new Set([conversation, group, allNotices]));
  for (const userId of [kofi, peer])
    fixture.log(group).append('member:left', { userId }, userId, fixture.newId());
  fixture.deliver(group);
  fixture.settle();
  expect(new Set(ofDepot.state().order)).toEqual(new Set([conversation, allNotices]));
  expect(drafted.state().order).toEqual([]);
  fixture.outbox.saveDraft(group, { text: 'Well,', replyTo: null });
  fixture.settle();
  expect(drafted.state().order).toEqual([group]);
  fixture.outbox.saveDraft(group, null);
  fixture.settle();
  expect(drafted.state().order).toEqual([]);
});

it('counts what each filter finds, of the scope', () => {
  const all = filters();
  expect(all.state().meta).toEqual({
    kinds: { direct: 1, group: 1, linked: 0, announcement: 2 },
    places: [
      { id: depot, name: 'Harbour Depot', depth: 0, conversations: 2 },
      { id: campus, name: 'North Campus', depth: 0, conversations: 4 },
      { id: support, name: 'IT Support', depth: 1, conversations: 4 },
      { id: desk, name: 'Service desk', depth: 2, conversations: 4 },
    ],
    drafts: 0,
    archived: 0,
  });
  fixture.outbox.saveDraft(conversation, { text: 'Well,', replyTo: null });
  fixture.setEntry(`archive:${group}`, { at: 1 });
  fixture.settle();
  expect(all.state().meta).toMatchObject({ kinds: { direct: 1, group: 0 }, drafts: 1, archived: 1 });
  const ofDepot = filters(depot).state().meta;
  expect(ofDepot).toMatchObject({ kinds: { direct: 0, group: 0, announcement: 1 }, drafts: 0, archived: 1 });
  expect(ofDepot.places).toEqual([]);
  expect(
    filters(campus)
      .state()
      .meta.places.map(({ name }) => name),
  ).toEqual(['IT Support', 'Service desk']);
});

it('a direct conversation stays of the place of whom it is with, also when they are out of it', () => {
  fixture.log(conversation).append('member:left', { userId: peer }, me, fixture.newId());
  fixture.deliver();
  expect(found({ placeId: campus, kinds: ['direct'] })).toEqual(new Set([conversation]));
});

it('a conversation made here is of the places of those it names', () => {
  const logId = fixture.newId();
  fixture.enqueue({
    v: OP_VERSION,
    opId: fixture.newId(),
    logId,
    kind: 'conversation.create',
    conversationKind: 'group',
    orgId: org,
    protection: 'server',
    title: 'Night shift',
    memberIds: [kofi],
    history: 'all',
  });
  fixture.settle();
  expect(found({ placeId: depot }).has(logId)).toBe(true);
  expect(found({ placeId: campus }).has(logId)).toBe(false);
});
