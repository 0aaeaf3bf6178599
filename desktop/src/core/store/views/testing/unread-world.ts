/**
 * Two devices of one person and a server that counts by hand, for the property of unread counts. Owns what the server
 * knows (logs, memberships, watermarks) and how it reaches a device: pushed events, reads of the other device, heads.
 */
import { countByHand, type UnreadCount } from '@curlew/shared/domain/unread.test-support.ts';
import { HERE, type Message } from '@curlew/shared/domain/message.ts';
import { emptyLogState, reduceLog } from '@curlew/shared/domain/reduce.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { AccountFixture } from './account-fixture.ts';
import { me, org, peer, testId } from './server-log.ts';

export const third = testId(1, 3);
export const site = testId(4, 1);
export const groups = [testId(3, 11), testId(3, 12)] as const;

/** A membership of mine: closed ranges, the last one open while I am in. */
interface Range {
  readonly from: number;
  to: number | null;
}

/** What has been read, as somebody knows it. */
export class Marks {
  readonly read = new Map<string, number>();
  readonly threads = new Map<string, number>();

  raise(of: 'read' | 'threads', id: string, seq: number): void {
    this[of].set(id, Math.max(seq, this[of].get(id) ?? 0));
  }
}

/** One of my devices. */
export class Device {
  readonly fixture: AccountFixture;
  /** What it knows of reading: its own, and what it heard. */
  readonly known = new Marks();
  isOnline = true;

  constructor(fixture: AccountFixture) {
    this.fixture = fixture;
  }
}

/** See the head of this file. */
export class UnreadWorld {
  readonly devices: readonly Device[];
  readonly marks = new Marks();
  readonly members = new Map<string, Range[]>();
  /** Marked unread from here, as the account log has it. */
  readonly #first: AccountFixture;

  constructor() {
    this.#first = new AccountFixture();
    this.devices = [new Device(this.#first), new Device(new AccountFixture(this.#first))];
    const first = this.#first;
    for (const [id, name] of [
      [me, 'Ada Lovelace'],
      [peer, 'Grace Hopper'],
      [third, 'Mary Somerville'],
    ] as const)
      first.addPerson(id, name);
    const set = (key: string, value: unknown): void =>
      void first.log(org).append('org:updated', { key, value }, peer, first.newId());
    set(`site:${site}`, { name: 'North' });
    set(`places:${me}`, { siteIds: [site], unitIds: [] });
    for (const id of groups) this.#addGroup(id);
    for (const { fixture } of this.devices) {
      fixture.outboxDb.pragma('synchronous = OFF');
      fixture.views.setAccount(fixture.account());
      fixture.deliverAll();
      fixture.settle();
    }
  }

  stop(): void {
    for (const { fixture } of this.devices) fixture.stop();
  }

  get newId(): string {
    return this.#first.newId();
  }

  isIn(id: string): boolean {
    return this.#rangesOf(id).at(-1)?.to === null;
  }

  head(id: string): number {
    return this.#first.log(id).events.length;
  }

  /** All messages as of a position, whoever may see them. */
  messages(id: string, upTo = Number.MAX_SAFE_INTEGER): readonly Message[] {
    const events = this.#first.log(id).events.slice(0, upTo);
    return [...events.reduce(reduceLog, emptyLogState).messages.values()];
  }

  /** Somebody but me writes, in the thread of `rootId` or in the conversation. */
  say(id: string, senderId: string, mentions: readonly string[], threadRootId?: string): void {
    const messageId = this.newId;
    const content = { messageId, text: 'hello', replyTo: null, composedAt: 1, mentions: [...mentions] };
    const payload = threadRootId === undefined ? content : { ...content, threadRootId };
    this.#first.log(id).append('message:new', payload, senderId, messageId);
  }

  edit(id: string, message: Message, mentions: readonly string[]): void {
    const payload = { messageId: message.id, text: 'changed', mentions: [...mentions], overwrote: false };
    this.#first.log(id).append('message:edited', payload, message.senderId, this.newId);
  }

  delete(id: string, message: Message): void {
    const payload = { messageId: message.id, threadRootId: message.threadRootId };
    this.#first.log(id).append('message:deleted', payload, message.senderId, this.newId);
  }

  leave(id: string): void {
    const event = this.#first.log(id).append('member:left', { userId: me }, peer, this.newId);
    must(this.#rangesOf(id).at(-1), 'I was in').to = event.seq;
  }

  join(id: string): void {
    const event = this.#first
      .log(id)
      .append('member:joined', { userId: me, role: 'member' }, peer, this.newId);
    this.#rangesOf(id).push({ from: event.seq, to: null });
    this.marks.raise('read', id, event.seq);
  }

  /** Sends what a device has composed and read; its answers and events come with the next delivery. */
  flush(device: Device): void {
    const { fixture } = device;
    for (let batch = fixture.takeBatch(); batch; batch = fixture.takeBatch()) {
      const results = batch.ops.map((op) => {
        if (op.kind === 'read.set')
          this.#read(device, op.logId, op.threadRootId, Math.min(op.seq, this.head(op.logId)));
        return (
          fixture.commit({ lane: op.logId, ops: [op] })[0] ?? { opId: op.opId, ok: true, duplicate: false }
        );
      });
      fixture.settleBatch(batch, results);
    }
  }

  /**
   * Everything a device may see that it does not hold.
   * @returns whether heads have to tell the rest: a thread goes on whose root is not held here
   */
  deliver({ fixture, known }: Device): boolean {
    let needsHeads = false;
    fixture.deliver(org);
    fixture.deliver(me);
    for (const id of groups) {
      const last = must(this.#rangesOf(id).at(-1), 'there was a membership');
      const tail = fixture.reader.log(id)?.tail ?? 0;
      if (tail < last.from) this.#window(fixture, id, last.from);
      if (tail < last.from) known.raise('read', id, last.from);
      const upTo = Math.min(last.to ?? Infinity, this.head(id));
      const from = fixture.reader.log(id)?.tail ?? 0;
      fixture.deliver(id, upTo - from);
      needsHeads ||= this.messages(id, upTo).some(
        ({ createSeq, threadRootId }) =>
          createSeq > from && threadRootId !== null && !fixture.reader.holds(threadRootId),
      );
    }
    return needsHeads;
  }

  /** The beat: what the server counts, and what was read elsewhere. */
  heads({ fixture, known }: Device): void {
    // A thread that heads do not name was read, or nothing in it is for me.
    for (const [rootId, seq] of this.marks.threads) known.raise('threads', rootId, seq);
    const heads = groups.map((id) => {
      const last = must(this.#rangesOf(id).at(-1), 'there was a membership');
      const head = last.to ?? this.head(id);
      const unreadFromSeq = this.unreadFrom(id);
      const count = this.countAt(id, head, this.marks, unreadFromSeq);
      known.raise('read', id, this.marks.read.get(id) ?? 0);
      const facts = {
        readSeq: this.marks.read.get(id) ?? 0,
        unread: count.unread,
        mentions: count.mentions,
        unreadFromSeq,
      };
      const threads = count.threads.map(({ from, ...it }) => ({ ...it, readSeq: from }));
      return {
        ...fixture.head(id, { ...facts, threads, left: last.to !== null }),
        head,
        asOf: head,
        chain: fixture.log(id).chainAt(head),
      };
    });
    fixture.ingest.applyHeads(heads);
  }

  /** "Unread from here" as the account log has it. */
  unreadFrom(id: string): number | null {
    const entries = this.#first.log(me).events.reduce(reduceLog, emptyLogState).entries;
    const value = entries.get(`unread:${id}`)?.value as { fromSeq: number } | null | undefined;
    return value?.fromSeq ?? null;
  }

  /** The count by hand, of the first `upTo` events. */
  countAt(id: string, upTo: number, marks: Marks, unreadFromSeq: number | null): UnreadCount {
    const ranges = this.#rangesOf(id);
    const last = must(
      ranges.findLast(({ from }) => from <= upTo),
      'the group was made with me in it',
    );
    if (last.to !== null && upTo >= last.to) return { unread: 0, mentions: 0, threads: [] };
    return countByHand({
      userId: me,
      names: new Set([me, id, HERE, site]),
      messages: this.messages(id, upTo),
      sees: (seq) => ranges.some(({ from, to }) => from <= seq && seq <= (to ?? Infinity)),
      joinedSeq: last.from,
      readSeq: marks.read.get(id) ?? 0,
      unreadFromSeq,
      threadReads: marks.threads,
    });
  }

  #rangesOf(id: string): Range[] {
    return must(this.members.get(id), 'a group of this world');
  }

  #addGroup(id: string): void {
    const members = [me, peer, third].map((userId) => ({ userId, role: 'member' as const }));
    const settings = { created: true, orgId: org, kind: 'group' as const, protection: 'server' as const };
    this.#first
      .log(id)
      .append('conversation:updated', { ...settings, title: 'Plant', members }, peer, this.newId);
    this.members.set(id, [{ from: 1, to: null }]);
  }

  #read(reader: Device, id: string, rootId: string | undefined, seq: number): void {
    this.marks.raise(rootId === undefined ? 'read' : 'threads', rootId ?? id, seq);
    for (const device of this.devices) {
      if (device === reader || !device.isOnline) continue;
      device.known.raise(rootId === undefined ? 'read' : 'threads', rootId ?? id, seq);
      const receipt = { userId: me, deliveredSeq: 0, readSeq: seq };
      if (rootId === undefined) device.fixture.ingest.applyReceipt(id, receipt, 0);
      else device.fixture.ingest.applyThreadRead(id, rootId, seq);
    }
  }

  /** What a device gets when it is in again: nothing of what was said while it was away. */
  #window(fixture: AccountFixture, id: string, from: number): void {
    const state = this.#first.log(id).events.reduce(reduceLog, emptyLogState);
    const held = fixture.reader.log(id)?.coverage ?? [];
    const ranges = this.#rangesOf(id);
    const sees = (seq: number): boolean => ranges.some((it) => it.from <= seq && seq <= (it.to ?? Infinity));
    const visible = [...state.messages.values()].filter(({ createSeq }) => sees(createSeq));
    fixture.ingest.applyWindow(
      id,
      {
        asOf: state.seq,
        chain: state.chain,
        conversation: must(state.conversation, 'its first event creates it'),
        receipts: [],
        receiptVersion: 0,
        messages: visible.filter(({ createSeq }) => createSeq >= from),
        covers: { lo: from, hi: state.seq },
        touched: visible.filter(({ createSeq }) => createSeq < from),
      },
      held,
    );
  }
}
