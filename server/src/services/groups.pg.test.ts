/** Groups, linked conversations and announcements: who is in them, what they see, and what the log says of it. */
import type { Conversation } from '@curlew/shared/domain/message.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  editOp,
  expectOk,
  groupOp,
  memberOp,
  newId,
  openWorld,
  sendOp,
  setOp,
  submit,
  submitOne,
  updateOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;
let cleo: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  cleo = await world.colleague('Cleo');
});
afterAll(() => world.close());

async function makeGroup(history: 'all' | 'joined' = 'all', ...people: TestPerson[]): Promise<string> {
  const op = groupOp(
    world.orgId,
    people.map((it) => it.userId),
    { history },
  );
  expect(await submitOne(world.services, ann, op)).toMatchObject({ ok: true, seq: 1 });
  return op.logId;
}

async function conversationOf(person: TestPerson, id: string): Promise<Conversation> {
  return expectOk(await world.services.conversation(person.userId, id));
}

/** What people wrote, in the whole history as somebody sees it, page by page. */
async function textsFor(person: TestPerson, id: string): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  for (let before: number | undefined; ;) {
    const query = { limit: 100, ...(before === undefined ? {} : { before }) };
    const page = expectOk(await world.services.history(person.userId, id, query));
    texts.unshift(...page.messages.flatMap(({ text, notices }) => (notices ? [] : [text])));
    if (page.covers.lo <= 1 || page.covers.lo === before) return texts;
    before = page.covers.lo;
  }
}

test('a group is made, named, grown and left', async () => {
  const { services } = world;
  const id = await makeGroup('all', ben);
  expect(await conversationOf(ben, id)).toMatchObject({
    kind: 'group',
    title: 'Engine room',
    members: [
      { userId: ann.userId, role: 'owner' },
      { userId: ben.userId, role: 'member' },
    ],
  });
  expect(await submitOne(services, ben, updateOp(id, { title: 'Ben’s' }))).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await submitOne(services, ann, updateOp(id, { title: 'Boiler room' }))).toMatchObject({
    ok: true,
    seq: 2,
  });
  expect(await submitOne(services, ann, memberOp('member.role', id, ben.userId, 'moderator'))).toMatchObject({
    ok: true,
  });
  expect(await submitOne(services, ben, memberOp('member.add', id, cleo.userId))).toMatchObject({ ok: true });
  expect(await submitOne(services, ben, memberOp('member.remove', id, ann.userId))).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await submitOne(services, ann, memberOp('member.remove', id, ann.userId))).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await submitOne(services, cleo, memberOp('member.remove', id, cleo.userId))).toMatchObject({
    ok: true,
  });
  expect((await conversationOf(ann, id)).title).toBe('Boiler room');
});

test('who joins sees the past only where the group says so, and none of it as unread', async () => {
  const { services } = world;
  for (const history of ['all', 'joined'] as const) {
    const id = await makeGroup(history, ben);
    await submit(services, ben, sendOp(id, 'before'));
    await submit(services, ann, memberOp('member.add', id, cleo.userId), sendOp(id, 'after'));
    expect(await textsFor(cleo, id)).toEqual(history === 'all' ? ['before', 'after'] : ['after']);
    const head = expectOk(await services.heads(cleo.userId, {})).logs.find((log) => log.id === id);
    expect(head).toMatchObject({ unread: 1, left: false });
  }
});

test('who was removed sees what was before, nothing of what is after, and a hole when they are back', async () => {
  const { services } = world;
  const id = await makeGroup('all', ben, cleo);
  const kept = sendOp(id, 'before');
  await submit(services, ann, kept);
  await submit(services, ann, memberOp('member.remove', id, cleo.userId));
  const later = await submit(
    services,
    ann,
    sendOp(id, 'while away'),
    editOp(id, kept.opId, 'edited while away'),
    updateOp(id, { title: 'Secret plans' }),
    memberOp('member.role', id, ben.userId, 'moderator'),
  );
  expect(later.fanOut.flatMap((plan) => plan.memberIds)).not.toContain(cleo.userId);
  expect(await textsFor(cleo, id)).toEqual(['before']);
  const seen = await conversationOf(cleo, id);
  expect(seen.title).toBe('Engine room');
  expect(JSON.stringify(seen)).not.toContain('moderator');
  const window = expectOk(await services.window(cleo.userId, id, { tail: 0, ranges: [], limit: 50 }));
  expect(JSON.stringify(window)).not.toMatch(/away|Secret/);
  expect(await submitOne(services, cleo, sendOp(id))).toMatchObject({ code: 'NOT_MEMBER' });

  await submit(services, ann, memberOp('member.add', id, cleo.userId), sendOp(id, 'welcome back'));
  expect(await textsFor(cleo, id)).toEqual(['before', 'welcome back']);
  const pulled = expectOk(await services.pull(cleo.userId, id, { after: 3, limit: 100 }));
  expect(pulled.hole).toMatchObject({ lo: 4, hi: 7 });
  expect((await conversationOf(cleo, id)).title).toBe('Secret plans');
});

test('an item of another system has one conversation, whoever asks first', async () => {
  const { services, orgId } = world;
  const link = { type: 'ticket', id: 'FM-2481', url: 'https://tickets.example/FM-2481', status: 'open' };
  const linked = () => {
    const { history: _history, ...op } = groupOp(orgId, []);
    return { ...op, conversationKind: 'linked', link };
  };
  const first = linked();
  const second = linked();
  const [one, two] = await Promise.all([submitOne(services, ann, first), submitOne(services, ben, second)]);
  const ids = [one.canonicalId ?? first.logId, two.canonicalId ?? second.logId];
  expect(new Set(ids).size).toBe(1);
  const id = must(ids[0], 'two asked');
  const { members, createdBy } = await conversationOf(ben, id);
  expect(members.map((member) => member.userId).sort()).toEqual([ann.userId, ben.userId].sort());
  const owner = createdBy === ann.userId ? ann : ben;
  const other = owner === ann ? ben : ann;
  await submit(
    services,
    owner,
    updateOp(id, { isClosed: true, link: { ...link, id: 'other', status: 'done' } }),
  );
  expect((await conversationOf(ben, id)).link).toEqual({ ...link, status: 'done' });
  expect(await submitOne(services, other, sendOp(id))).toMatchObject({ code: 'FORBIDDEN' });
  await submit(services, owner, updateOp(id, { isClosed: false }));
  expect(await submitOne(services, other, sendOp(id))).toMatchObject({ ok: true });
});

test('announcements reach everybody of their audience, and follow who belongs to it', async () => {
  const { services, orgId } = world;
  const siteId = newId();
  await submit(services, ann, setOp('org.set', orgId, `site:${siteId}`, { name: 'Torquay' }));
  const places = (siteIds: string[]) => ({ siteIds, unitIds: [] });
  await submit(services, ann, setOp('org.set', orgId, `places:${ben.userId}`, places([siteId])));
  const { history: _history, memberIds: _memberIds, ...op } = groupOp(orgId, []);
  const channel = { ...op, conversationKind: 'announcement', audience: { scope: 'site', id: siteId } };
  expect(await submitOne(services, ben, channel)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await submitOne(services, ann, channel)).toMatchObject({ ok: true });
  const membersNow = async () =>
    (await conversationOf(ann, channel.logId)).members
      .filter((member) => member.leftSeq === null)
      .map((member) => member.userId)
      .sort();
  expect(await membersNow()).toEqual([ann.userId, ben.userId].sort());
  expect(await submitOne(services, ben, sendOp(channel.logId))).toMatchObject({ code: 'FORBIDDEN' });
  expect(await submitOne(services, ann, sendOp(channel.logId))).toMatchObject({ ok: true });

  const moved = await submit(
    services,
    ann,
    setOp('org.set', orgId, `places:${ben.userId}`, places([])),
    setOp('org.set', orgId, `places:${cleo.userId}`, places([siteId])),
  );
  expect(moved.fanOut.filter((plan) => plan.logId === channel.logId)).not.toEqual([]);
  expect(await membersNow()).toEqual([ann.userId, cleo.userId].sort());
});

test('a site or unit of another organisation cannot be claimed', async () => {
  const { services, orgId } = world;
  const siteId = newId();
  await submit(services, ann, setOp('org.set', orgId, `site:${siteId}`, { name: 'Torquay' }));
  const other = await world.person('Owner elsewhere');
  const otherOrgId = newId();
  const join = {
    orgId: otherOrgId,
    userId: other.userId,
    deviceId: other.deviceId,
    name: 'Other',
    role: 'owner' as const,
  };
  expectOk(await services.createOrg(join, 'Elsewhere'));
  expect(
    await submitOne(services, other, setOp('org.set', otherOrgId, `site:${siteId}`, { name: 'Mine' })),
  ).toMatchObject({ code: 'NOT_FOUND' });
  const unit = { name: 'Workshop', siteId, parentId: null };
  expect(
    await submitOne(services, other, setOp('org.set', otherOrgId, `unit:${newId()}`, unit)),
  ).toMatchObject({ code: 'NOT_FOUND' });
  expect(
    await submitOne(
      services,
      other,
      setOp('org.set', otherOrgId, `places:${ann.userId}`, { siteIds: [], unitIds: [] }),
    ),
  ).toMatchObject({ code: 'NOT_FOUND' });
});

test('mentions are counted by person, place and conversation', async () => {
  const { services } = world;
  const id = await makeGroup('all', ben, cleo);
  const mention = (...mentions: string[]) => submitOne(services, ann, { ...sendOp(id), mentions });
  const mentionsOf = async (person: TestPerson) =>
    expectOk(await services.heads(person.userId, {})).logs.find((log) => log.id === id)?.mentions;
  await mention(ben.userId);
  await mention(id);
  await mention();
  expect([await mentionsOf(ben), await mentionsOf(cleo), await mentionsOf(ann)]).toEqual([2, 1, 0]);
});

test('a thread is one level deep and counts for itself', async () => {
  const { services } = world;
  const id = await makeGroup('all', ben);
  const root = sendOp(id, 'root');
  const reply = { ...sendOp(id, 'in the thread'), threadRootId: root.opId };
  const outcome = await submit(services, ann, root, reply, { ...sendOp(id), threadRootId: reply.opId });
  expect(outcome.results.map((it) => it.code ?? 'OK')).toEqual(['OK', 'OK', 'TARGET_MISSING']);
  const head = expectOk(await services.heads(ben.userId, {})).logs.find((log) => log.id === id);
  expect(head?.unread).toBe(1);
  const page = expectOk(await services.history(ben.userId, id, { limit: 10 }));
  expect(page.messages.map((message) => message.threadRootId)).toEqual([null, root.opId]);
});

test('authors may change their mind only for as long as the organisation allows', async () => {
  const { services, orgId } = world;
  const id = await makeGroup('all', ben);
  const said = sendOp(id, 'said');
  await submit(services, ben, said);
  await submit(services, ann, setOp('org.set', orgId, `policy:${orgId}`, { editWindowMs: 0 }));
  expect(await submitOne(services, ben, editOp(id, said.opId, 'unsaid'))).toMatchObject({
    code: 'FORBIDDEN',
  });
  await submit(services, ann, setOp('org.set', orgId, `policy:${orgId}`, null));
  expect(await submitOne(services, ben, editOp(id, said.opId, 'unsaid'))).toMatchObject({ ok: true });
});

test('scheduled messages are sent once when they are due, and stay with the reason when they cannot be', async () => {
  const { services } = world;
  const id = await makeGroup('all', ben, cleo);
  const schedule = (sendAtMs: number, text: string) => {
    const value = { conversationId: id, text, replyTo: null, sendAtMs };
    return setOp('account.set', ben.userId, `scheduled:${newId()}`, value);
  };
  await submit(services, ben, schedule(1_000, 'due'), schedule(Date.now() + 3_600_000, 'later'));
  const root = sendOp(id, 'root');
  await submit(services, ann, root);
  const preview = { url: 'https://example.org/a', title: 'A', description: '', siteName: 'example.org' };
  const written = { threadRootId: root.opId, mentions: [ann.userId], extras: { preview } };
  const reply = { conversationId: id, text: 'reply', replyTo: null, sendAtMs: 2_000, ...written };
  await submit(services, ben, setOp('account.set', ben.userId, `scheduled:${newId()}`, reply));
  const used = { conversationId: id, text: 'other words', replyTo: null, sendAtMs: 3_000 };
  await submit(services, ann, setOp('account.set', ann.userId, `scheduled:${root.opId}`, used));
  await submit(services, ann, memberOp('member.remove', id, cleo.userId));
  const value = { conversationId: id, text: 'too late', replyTo: null, sendAtMs: 1_000 };
  await submit(services, cleo, setOp('account.set', cleo.userId, `scheduled:${newId()}`, value));
  const sent: unknown[] = [];
  services.startRepairs({
    send: (plans) => void sent.push(...plans),
    onFailure: (error) => void sent.push(error),
  });
  const texts = ['root', 'due', 'reply'];
  await vi.waitFor(async () => expect(await textsFor(ann, id)).toEqual(texts), 8_000);
  const page = expectOk(await services.history(ann.userId, id, { limit: 10 }));
  expect(page.messages.at(-1)).toMatchObject({ text: 'reply', senderId: ben.userId, ...written });
  const entriesOf = async (person: TestPerson) =>
    expectOk(await services.logState(person.userId, person.userId)).entries.map((entry) => entry.value);
  await vi.waitFor(async () => {
    expect(await entriesOf(ben)).toMatchObject([{ text: 'later' }]);
    // Its id stands for another message already: nothing is overwritten, and its author hears of it.
    expect(await entriesOf(ann)).toMatchObject([{ text: 'other words', refused: 'OP_ID_REUSED' }]);
    expect(await entriesOf(cleo)).toMatchObject([{ text: 'too late', refused: 'NOT_MEMBER' }]);
  }, 8_000);
  expect(sent.filter((it) => it instanceof Error)).toEqual([]);

  const brief = { ...sendOp(id, 'brief'), extras: { ttlMs: 5_000 } };
  await submit(services, ann, brief);
  await world.database.writePool.query('UPDATE message SET expires_at_ms = 1 WHERE id = $1', [brief.opId]);
  await vi.waitFor(async () => expect(await textsFor(ben, id)).toEqual([...texts, null]), 8_000);
  const pulled = expectOk(await services.pull(ben.userId, id, { after: 0, limit: 100 }));
  expect(JSON.stringify(pulled)).not.toContain('brief');
});
