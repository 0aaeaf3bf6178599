/**
 * Unread and mentions as the server counts them, after every step of random histories, against a count by hand: sends,
 * replies in threads, mentions, edits, deletions, reads of conversation and threads, marks, leaving and coming back.
 */
import { countByHand } from '@curlew/shared/domain/unread.test-support.ts';
import { HERE } from '@curlew/shared/domain/message.ts';
import { emptyLogState, reduceLog, type LogState } from '@curlew/shared/domain/reduce.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededPick } from '@curlew/shared/lib/seeded.test-support.ts';
import { writeReport } from '../testing/report.ts';
import {
  deleteOp,
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
  threadReadOp,
  watermarkOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

const STEPS = 120;
const HISTORIES = 3;

let world: World;
let owner: TestPerson;
let others: readonly TestPerson[];
let site: string;

beforeAll(async () => {
  world = await openWorld();
  owner = await world.colleague('Ann');
  others = [await world.colleague('Ben'), await world.colleague('Cleo')];
  site = newId();
  const { services, orgId } = world;
  await submit(services, owner, setOp('org.set', orgId, `site:${site}`, { name: 'North' }));
  const places = { siteIds: [site], unitIds: [] };
  await submit(services, owner, setOp('org.set', orgId, `places:${others[1]?.userId}`, places));
});
afterAll(() => world.close());

/** What one person did and may see, kept by hand. */
class Reader {
  readonly person: TestPerson;
  readonly threadReads = new Map<string, number>();
  readonly #open: { from: number; to: number | null }[] = [{ from: 1, to: null }];
  joinedSeq = 1;
  readSeq = 0;
  unreadFromSeq: number | null = null;

  constructor(person: TestPerson) {
    this.person = person;
  }

  get isMember(): boolean {
    return this.#open.at(-1)?.to === null;
  }

  left(seq: number): void {
    must(this.#open.at(-1), 'was there').to = seq;
  }

  joined(seq: number): void {
    this.#open.push({ from: seq, to: null });
    this.joinedSeq = seq;
    this.readSeq = Math.max(this.readSeq, seq);
  }

  read(seq: number): void {
    this.readSeq = Math.max(this.readSeq, seq);
    if (this.unreadFromSeq !== null && seq >= this.unreadFromSeq) this.unreadFromSeq = null;
  }

  sees = (seq: number): boolean => this.#open.some(({ from, to }) => from <= seq && seq <= (to ?? Infinity));
}

class History {
  readonly id: string;
  readonly readers: readonly Reader[];
  readonly pick: <T>(of: readonly T[]) => T;
  state: LogState = emptyLogState;

  constructor(id: string, pick: History['pick']) {
    this.id = id;
    this.pick = pick;
    this.readers = [owner, ...others].map((person) => new Reader(person));
  }

  get messages() {
    return [...this.state.messages.values()];
  }

  /** Takes what happened into the picture, as somebody sees it who was always there. */
  async follow(): Promise<void> {
    const pulled = expectOk(
      await world.services.pull(owner.userId, this.id, { after: this.state.seq, limit: 100 }),
    );
    for (const event of pulled.events) {
      this.state = reduceLog(this.state, event);
      const about = this.readers.find(
        (it) => it.person.userId === (event.payload as { userId?: string } | null)?.userId,
      );
      if (event.type === 'member:joined') about?.joined(event.seq);
      if (event.type === 'member:left') about?.left(event.seq);
    }
  }

  namesOf({ person }: Reader): Set<string> {
    return new Set([person.userId, this.id, HERE, ...(person === others[1] ? [site] : [])]);
  }

  async step(): Promise<string> {
    const { services } = world;
    const reader = this.pick(this.readers);
    const present = this.readers.filter((it) => it.isMember);
    const author = this.pick(present).person;
    const head = this.state.seq;
    const seq = 1 + this.pick([...Array(head).keys()]);
    const mentions = this.pick([[], [], [this.pick(this.readers).person.userId], [this.id], [HERE], [site]]);
    const target = this.messages.length === 0 ? undefined : this.pick(this.messages);
    const roots = this.messages.filter((it) => it.threadRootId === null);
    const root = roots.length === 0 ? undefined : this.pick(roots.slice(-4));
    const kind = this.pick([
      'send',
      'send',
      'reply',
      'reply',
      'reply',
      'reply',
      'edit',
      'delete',
      'read',
      'readThread',
      'readThread',
      'mark',
      'move',
    ]);
    switch (kind) {
      case 'send':
        await submitOne(services, author, { ...sendOp(this.id), mentions });
        break;
      case 'reply':
        if (root) await submitOne(services, author, { ...sendOp(this.id), mentions, threadRootId: root.id });
        break;
      case 'edit':
      case 'delete': {
        const by = this.readers.find((it) => it.person.userId === target?.senderId && it.isMember);
        if (!by || !target) break;
        const op =
          kind === 'edit'
            ? { ...editOp(this.id, target.id, 'changed'), mentions }
            : deleteOp(this.id, target.id);
        await submitOne(services, by.person, op);
        break;
      }
      case 'read':
        if (!reader.isMember) break;
        expect(await submitOne(services, reader.person, watermarkOp('read.set', this.id, seq))).toMatchObject(
          { ok: true },
        );
        reader.read(seq);
        break;
      case 'readThread':
        if (!reader.isMember || !root) break;
        expect(await submitOne(services, reader.person, threadReadOp(this.id, root.id, seq))).toMatchObject({
          ok: true,
        });
        reader.threadReads.set(root.id, Math.max(seq, reader.threadReads.get(root.id) ?? 0));
        break;
      case 'mark': {
        if (!reader.isMember) break;
        const { userId } = reader.person;
        await submitOne(
          services,
          reader.person,
          setOp('account.set', userId, `unread:${this.id}`, { fromSeq: seq }),
        );
        reader.unreadFromSeq = seq;
        break;
      }
      default: {
        const somebody = this.pick(this.readers.slice(1));
        const change = somebody.isMember ? 'member.remove' : 'member.add';
        await submitOne(services, owner, memberOp(change, this.id, somebody.person.userId));
      }
    }
    await this.follow();
    return kind;
  }

  async expectCounts(context: string): Promise<void> {
    for (const reader of this.readers) {
      const { logs } = expectOk(await world.services.heads(reader.person.userId, {}));
      const head = must(
        logs.find((log) => log.id === this.id),
        'the conversation has a head',
      );
      const { sees, joinedSeq, readSeq, unreadFromSeq, threadReads } = reader;
      const facts = { joinedSeq, readSeq, unreadFromSeq, threadReads, sees };
      const byHand = reader.isMember
        ? countByHand({
            ...facts,
            userId: reader.person.userId,
            names: this.namesOf(reader),
            messages: this.messages,
          })
        : { unread: 0, mentions: 0, threads: [] };
      const threads = head.threads
        .map(({ rootId, readSeq: from, unread, mentions }) => ({ rootId, from, unread, mentions }))
        .sort((a, b) => (a.rootId < b.rootId ? -1 : 1));
      expect(
        { unread: head.unread, mentions: head.mentions, threads },
        `${context} ${reader.person.name}`,
      ).toEqual(byHand);
    }
  }
}

test('equal a count by hand after every step', async () => {
  const seed = Number(process.env['CURLEW_SEED'] ?? Date.now() % 1_000_000);
  const pick = seededPick(seed);
  let messages = 0;
  for (let round = 0; round < HISTORIES; round += 1) {
    const op = groupOp(
      world.orgId,
      others.map(({ userId }) => userId),
    );
    await submitOne(world.services, owner, op);
    const history = new History(op.logId, pick);
    await history.follow();
    for (let at = 0; at < STEPS; at += 1) {
      const kind = await history.step();
      await history.expectCounts(`seed ${seed}, history ${round}, step ${at} (${kind})`);
    }
    messages += history.messages.length;
  }
  expect(messages).toBeGreaterThan(STEPS);
  writeReport('server-unread', { steps: HISTORIES * STEPS, people: 3, messages, seed });
}, 180_000);

test('marked as unread, read, and marked at the same place again, it is unread again', async () => {
  const { services } = world;
  const op = groupOp(
    world.orgId,
    others.map(({ userId }) => userId),
  );
  await submitOne(services, owner, op);
  const [reader] = others;
  if (!reader) throw new Error('there are others');
  const sent = await submitOne(services, owner, sendOp(op.logId));
  const seq = sent.ok ? must(sent.seq, 'a message has a position') : 0;
  const mark = () => setOp('account.set', reader.userId, `unread:${op.logId}`, { fromSeq: seq });
  const unread = async () => {
    const { logs } = expectOk(await services.heads(reader.userId, {}));
    return logs.find((log) => log.id === op.logId)?.unread;
  };
  for (let round = 0; round < 2; round += 1) {
    await submitOne(services, reader, watermarkOp('read.set', op.logId, seq));
    expect(await unread()).toBe(0);
    await submitOne(services, reader, mark());
    expect(await unread()).toBe(1);
  }
});

test('a thread that is none, or of another conversation, cannot be read', async () => {
  const { services, orgId } = world;
  const ids: string[] = [];
  for (const _ of [1, 2]) {
    const op = groupOp(
      orgId,
      others.map(({ userId }) => userId),
    );
    await submitOne(services, owner, op);
    ids.push(op.logId);
  }
  const [one = '', two = ''] = ids;
  const root = sendOp(one);
  const reply = { ...sendOp(one), threadRootId: root.opId };
  await submit(services, owner, root, reply);
  for (const [logId, rootId] of [
    [one, newId()],
    [one, reply.opId],
    [two, root.opId],
  ] as const) {
    expect(await submitOne(services, owner, threadReadOp(logId, rootId, 1))).toMatchObject({
      code: 'TARGET_MISSING',
    });
  }
});

test('a thread read tells the person’s own devices, nobody else, and moves no receipt', async () => {
  const { services, orgId } = world;
  const [ben] = others;
  const reader = must(ben, 'there is Ben');
  const op = groupOp(orgId, [reader.userId]);
  await submitOne(services, owner, op);
  const root = sendOp(op.logId);
  await submit(services, owner, root, { ...sendOp(op.logId), threadRootId: root.opId });
  const { fanOut } = await submit(services, reader, threadReadOp(op.logId, root.opId, 99));
  const threadReads = [{ conversationId: op.logId, threadRootId: root.opId, readSeq: 3 }];
  expect(fanOut).toMatchObject([{ memberIds: [reader.userId], receipts: [], events: [], threadReads }]);
  const again = await submit(services, reader, threadReadOp(op.logId, root.opId, 2));
  expect(again).toMatchObject({ results: [{ ok: true }], fanOut: [] });
  const { receipts } = expectOk(await services.receipts(reader.userId, op.logId));
  expect(receipts.map((it) => it.readSeq)).toEqual([0, 0]);
});
