/** What the API serves is the fold of the log: the server's SQL and the shared reducer agree on every event type. */
import { eventTypes, type Envelope } from '@curlew/shared/domain/event.ts';
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { emptyLogState, reduceLog, type LogState } from '@curlew/shared/domain/reduce.ts';
import { EMPTY_CHAIN, nextChain } from '@curlew/shared/lib/chain.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppendQueue } from '../repositories/append-queue.ts';
import { MembershipCache } from './membership-cache.ts';
import { SystemOps } from './system-ops.ts';
import {
  deleteOp,
  editOp,
  expectOk,
  groupOp,
  memberOp,
  openWorld,
  reactOp,
  sendOp,
  setOp,
  submit,
  submitOne,
  updateOp,
  type AnyOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;
let ben: TestPerson;
const seen = new Set<string>();

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
});
afterAll(() => world.close());

async function wholeLog(userId: string, logId: string): Promise<Envelope[]> {
  const events: Envelope[] = [];
  for (;;) {
    const page = expectOk(await world.services.pull(userId, logId, { after: events.length, limit: 7 }));
    if (page.events.length === 0) return events;
    events.push(...page.events);
    for (const event of page.events) seen.add(event.type);
  }
}

function replay(events: readonly Envelope[]): LogState {
  return events.reduce(reduceLog, emptyLogState);
}

/** I4: the chain verifies over the whole log, also after scrubbing. */
function expectChain(logId: string, events: readonly Envelope[]): void {
  let chain = EMPTY_CHAIN;
  events.forEach((event, index) => {
    expect(event.seq).toBe(index + 1);
    chain = nextChain(chain, { logId, seq: event.seq, opId: event.opId, opHash: event.opHash });
    expect(event.chain).toBe(chain);
  });
}

async function expectSame(conversationId: string): Promise<void> {
  const { services } = world;
  const events = await wholeLog(ann.userId, conversationId);
  expectChain(conversationId, events);
  const state = replay(events);
  const page = expectOk(await services.history(ann.userId, conversationId, { limit: 100 }));
  expect([...state.messages.values()].sort((a, b) => a.createSeq - b.createSeq)).toEqual(page.messages);
  const conversation = expectOk(await services.conversation(ann.userId, conversationId));
  const byId = (a: { userId: string }, b: { userId: string }) => (a.userId < b.userId ? -1 : 1);
  expect({ ...state.conversation, members: [...(state.conversation?.members ?? [])].sort(byId) }).toEqual({
    ...conversation,
    members: [...conversation.members].sort(byId),
  });
}

test('a conversation: every kind of op, compared after each', async () => {
  const { services } = world;
  const id = await world.direct(ann, ben);
  const [one, two, three] = [sendOp(id, 'one'), sendOp(id, 'two'), sendOp(id, 'three')];
  const reply = { ...sendOp(id, 'reply'), replyTo: one.opId };
  const steps: [TestPerson, AnyOp][] = [
    [ann, one],
    [ben, two],
    [ann, three],
    [ben, reply],
    [ben, reactOp(id, one.opId, '👍')],
    [ann, reactOp(id, one.opId, '🎉')],
    [ben, reactOp(id, one.opId, '❤')],
    [ben, reactOp(id, one.opId, '👍', false)],
    [ann, editOp(id, one.opId, 'one, better')],
    [ann, editOp(id, one.opId, 'one, best')],
    [ben, deleteOp(id, reply.opId)],
    [ann, deleteOp(id, one.opId)],
    [ben, editOp(id, two.opId, 'two!')],
  ];
  for (const [actor, op] of steps) {
    expect(await submitOne(services, actor, op)).toMatchObject({ ok: true });
    await expectSame(id);
  }
});

test('random histories of 60 ops', async () => {
  const { services } = world;
  const id = await world.direct(ann, await world.colleague('Zoe'));
  const random = seededRandom(11);
  const sent: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    const target = sent[random(Math.max(1, sent.length))] ?? '';
    const kind = sent.length < 3 ? 0 : random(6);
    const op =
      kind <= 2
        ? sendOp(id, `text ${step}`)
        : kind === 3
          ? editOp(id, target, `edit ${step}`)
          : kind === 4
            ? reactOp(id, target, ['👍', '🎉'][random(2)] ?? '👍', random(3) > 0)
            : deleteOp(id, target);
    if (op.kind === 'message.send') sent.push(op.opId);
    await submitOne(services, ann, op);
  }
  await expectSame(id);
});

test('membership: leaving the organisation and coming back', async () => {
  const { services, orgId } = world;
  const cleo = await world.colleague('Cleo');
  const id = await world.direct(ann, cleo);
  await submitOne(services, ann, setOp('org.set', orgId, `role:${cleo.userId}`, null));
  await expectSame(id);
  expectOk(
    await services.joinOrg({
      orgId,
      userId: cleo.userId,
      deviceId: cleo.deviceId,
      role: 'member',
      name: 'Cleo',
    }),
  );
  // Opening the conversation again brings the pair back together.
  expect(await world.direct(ann, cleo)).toBe(id);
  await expectSame(id);
  expect(await submitOne(services, cleo, sendOp(id))).toMatchObject({ ok: true });
});

test('300 random histories of groups: settings, members, threads, mentions, edits, deletions', async () => {
  const { services, orgId } = world;
  const people = [ben, await world.colleague('Dan'), await world.colleague('Eve')];
  const random = seededRandom(7);
  const before = new Set(seen);
  seen.clear();
  for (let run = 0; run < 300; run += 1) {
    const create = groupOp(orgId, [ben.userId], { history: run % 2 === 0 ? 'all' : 'joined' });
    const id = create.logId;
    const sent: string[] = [];
    const ops: AnyOp[] = [create];
    for (let step = 0; step < 14; step += 1) {
      const target = sent[random(Math.max(1, sent.length))] ?? '';
      const person = (people[random(people.length)] ?? ben).userId;
      const draw = groupOps[random(sent.length < 2 ? 3 : groupOps.length)];
      const op = must(draw, 'there are ops')({ id, target, person, step, random });
      if (op['kind'] === 'message.send') sent.push(String(op['opId']));
      ops.push(op);
    }
    // Some are refused (a reply in a reply's thread, an edit of what is gone): the log says what was not.
    for (let rest = ops; rest.length > 0;) {
      const { results } = await submit(services, ann, ...rest);
      rest = rest.slice(results.length);
    }
    await expectSame(id);
  }
  const missing = eventTypes.filter((type) => !seen.has(type) && !/^(account|org):/u.test(type));
  expect(missing).toEqual([]);
  for (const type of before) seen.add(type);
}, 120_000);

test('60 random histories of linked items and announcements: state, end, pins, acknowledgements', async () => {
  const { services, orgId } = world;
  const random = seededRandom(23);
  for (let run = 0; run < 60; run += 1) {
    const { memberIds, history: _history, ...base } = groupOp(orgId, [ben.userId]);
    const item = { type: 'ticket', id: `FM-${run}`, url: 'https://tickets.example.org/1' };
    const isLinked = run % 2 === 0;
    const create = isLinked
      ? { ...base, conversationKind: 'linked', link: { ...item, status: 'new' }, memberIds }
      : { ...base, conversationKind: 'announcement', audience: { scope: 'org', id: orgId } };
    const id = base.logId;
    const sent: string[] = [];
    const ops: AnyOp[] = [create];
    for (let step = 0; step < 14; step += 1) {
      const target = sent[random(Math.max(1, sent.length))] ?? '';
      const op = randomItemOp(random(sent.length < 2 ? 2 : 8), {
        id,
        target,
        person: ben.userId,
        step,
        random,
      });
      if (op['kind'] === 'message.send') sent.push(String(op['opId']));
      ops.push(op);
    }
    // Some are refused (a text in what is closed, a state of what is no item): the log says what was not.
    for (let rest = ops; rest.length > 0;) {
      const { results } = await submit(services, ann, ...rest);
      rest = rest.slice(results.length);
    }
    await expectSame(id);
    const { link } = expectOk(await services.conversation(ann.userId, id));
    expect(link?.id).toBe(isLinked ? item.id : undefined);
  }
}, 60_000);

test('60 random histories with messages that disappear: what the clock deleted folds like what people did', async () => {
  const { services, orgId, database } = world;
  const { readPool, writePool } = database;
  const random = seededRandom(31);
  const system = new SystemOps({
    appends: new AppendQueue(writePool),
    cache: new MembershipCache(readPool),
    readPool,
  });
  let expired = 0;
  for (let run = 0; run < 60; run += 1) {
    const create = groupOp(orgId, [ben.userId], { history: run % 2 === 0 ? 'all' : 'joined' });
    const id = create.logId;
    const sent: string[] = [];
    expect(await submitOne(services, ann, create)).toMatchObject({ ok: true });
    for (let step = 0; step < 12; step += 1) {
      const target = sent[random(Math.max(1, sent.length))] ?? '';
      const draw = groupOps[random(sent.length < 2 ? 3 : groupOps.length)];
      const op = must(draw, 'there are ops')({ id, target, person: ben.userId, step, random });
      const isBrief = op['kind'] === 'message.send' && random(2) === 0;
      const extras = { ...(op['extras'] as object | undefined), ttlMs: 5_000 + random(60_000) };
      if (op['kind'] === 'message.send') sent.push(String(op['opId']));
      await submitOne(services, ann, isBrief ? { ...op, extras } : op);
      // The clock strikes in between: some are over, some not yet, some were edited or taken back before.
      if (random(4) === 0) expectOk(await system.deleteExpired(Date.now() + random(60_000)));
    }
    const events = await wholeLog(ann.userId, id);
    expired += events.filter((event) => (event.payload as { expired?: true } | null)?.expired).length;
    await expectSame(id);
  }
  expect(expired).toBeGreaterThan(60);
}, 60_000);

function randomItemOp(kind: number, { id, target, person, step, random }: Draw): AnyOp {
  const gone = random(4) === 0 ? { isRemoved: true } : {};
  const link = {
    type: 'order',
    id: 'another',
    url: `https://tickets.example.org/${step}`,
    status: `state ${step}`,
  };
  switch (kind) {
    case 0:
      return sendOp(id, `text ${step}`);
    case 1:
      return { ...sendOp(id, `please say so ${step}`), extras: { requiresAck: true } };
    case 2:
      return reactOp(id, target, ACKNOWLEDGEMENT, random(4) > 0);
    case 3:
      return updateOp(id, { link: { ...link, ...gone } });
    case 4:
      return updateOp(id, { isClosed: random(2) === 0 });
    case 5:
      return updateOp(id, { link, isClosed: random(2) === 0, title: `Title ${step}` });
    case 6:
      return updateOp(id, { pin: { messageId: target, on: random(3) > 0 } });
    default:
      return memberOp('member.role', id, person, random(2) === 0 ? 'moderator' : 'member');
  }
}

interface Draw {
  readonly id: string;
  readonly target: string;
  readonly person: string;
  readonly step: number;
  readonly random: (below: number) => number;
}

/** What happens in a group, the more often the more lines it has; the first three need no message to be about. */
const groupOps: readonly ((draw: Draw) => AnyOp)[] = [
  ({ id, step }) => sendOp(id, `text ${step}`),
  ({ id, step, person }) => ({ ...sendOp(id, `forwarded ${step}`), extras: { forwardedFrom: person } }),
  ({ id, step, person }) => ({ ...sendOp(id, `naming ${step}`), mentions: [person, id] }),
  ({ id, step, target }) => ({ ...sendOp(id, `answer ${step}`), replyTo: target, extras: { preview } }),
  ({ id, step, target }) => ({ ...sendOp(id, `in a thread ${step}`), threadRootId: target }),
  ({ id, step, target, person, random }) => ({
    ...editOp(id, target, `edit ${step}`),
    mentions: random(2) === 0 ? [person] : [],
  }),
  ({ id, target, random }) => reactOp(id, target, '👍', random(3) > 0),
  ({ id, target }) => deleteOp(id, target),
  ({ id, step, random }) =>
    updateOp(
      id,
      [{ title: `Title ${step}` }, { messageTtlMs: 60_000 }, { messageTtlMs: null }][random(3)] ?? {},
    ),
  ({ id, random }) => updateOp(id, { isClosed: random(4) === 0 }),
  ({ id, target, random }) => updateOp(id, { pin: { messageId: target, on: random(3) > 0 } }),
  ({ id, person, random }) => memberOp(random(2) === 0 ? 'member.add' : 'member.remove', id, person),
  ({ id, person, random }) => memberOp('member.role', id, person, random(2) === 0 ? 'moderator' : 'member'),
];
const preview = { url: 'https://example.org', title: 'A page', description: '', siteName: '' };

function seededRandom(start: number): (below: number) => number {
  let seed = start;
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
}

test('account and organisation logs: state equals the fold', async () => {
  const { services, orgId } = world;
  const id = await world.direct(ann, ben);
  for (const [key, value] of [
    [`pin:${id}`, { rank: 1 }],
    [`draft:${id}`, { text: 'a', replyTo: null }],
    [`draft:${id}`, { text: 'ab', replyTo: null }],
    [`pin:${id}`, null],
  ] as const) {
    await submitOne(services, ann, setOp('account.set', ann.userId, key, value));
  }
  await submitOne(services, ben, setOp('org.set', orgId, `person:${ben.userId}`, { name: 'Benjamin' }));
  for (const logId of [ann.userId, orgId]) {
    const events = await wholeLog(ann.userId, logId);
    expectChain(logId, events);
    const folded = [...replay(events).entries.values()].filter((entry) => entry.value !== null);
    const state = expectOk(await services.logState(ann.userId, logId));
    const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
    expect(folded.sort(byKey)).toEqual(state.entries.sort(byKey));
    expect(state.asOf).toBe(events.length);
    expect(state.chain).toBe(events.at(-1)?.chain);
  }
});

test('every event type was met', () => {
  expect(eventTypes.filter((type) => !seen.has(type))).toEqual([]);
});
