/**
 * Unread, mentions and the badge on two devices of one person equal a count by hand after every step of random
 * histories: what others write, edit and delete, in the conversation and in threads; what I read, mark, mute, archive
 * and write on either device, also while it is offline; leaving and coming back.
 */
import { HERE } from '@curlew/shared/domain/message.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import { seededPick } from '@curlew/shared/lib/seeded.test-support.ts';
import { expect, it } from 'vitest';
import { me, peer, START_MS } from './testing/server-log.ts';
import { groups, site, third, UnreadWorld, type Device } from './testing/unread-world.ts';

const HISTORIES = 4;
const STEPS = 120;

/** What each device has set of its own and the account log may not have yet, by key. */
class History {
  readonly world = new UnreadWorld();
  readonly pick: ReturnType<typeof seededPick>;
  readonly entries = new Map<Device, Map<string, unknown>>();

  constructor(pick: ReturnType<typeof seededPick>) {
    this.pick = pick;
    for (const device of this.world.devices) {
      this.entries.set(device, new Map());
      this.world.heads(device);
    }
  }

  step(): string {
    const { world, pick } = this;
    const id = pick(groups);
    const kind = pick([
      'say',
      'reply',
      'reply',
      'reply',
      'edit',
      'delete',
      'ownReply',
      'ownEdit',
      'read',
      'readThread',
      'readThread',
      'mark',
      'setting',
      'offline',
      'move',
    ]);
    const device = pick(world.devices);
    const mentions = pick([[], [], [me], [id], [HERE], [site], [peer]]);
    const messages = world.messages(id);
    const others = messages.filter((it) => it.senderId !== me);
    const roots = messages.filter((it) => it.threadRootId === null).slice(-4);
    const seen = messages.filter((it) => this.holds(device, id, it.createSeq));
    const sender = pick([peer, third]);
    switch (kind) {
      case 'say':
        world.say(id, sender, mentions);
        break;
      case 'reply':
        if (roots.length > 0) world.say(id, sender, mentions, pick(roots).id);
        break;
      case 'edit':
        if (others.length > 0) world.edit(id, pick(others), mentions);
        break;
      case 'delete':
        if (others.length > 0) world.delete(id, pick(others));
        break;
      case 'ownReply': {
        const root = pick([
          undefined,
          ...seen
            .filter((it) => it.threadRootId === null)
            .slice(-3)
            .map((it) => it.id),
        ]);
        if (world.isIn(id)) this.compose(device, id, root);
        break;
      }
      case 'ownEdit': {
        const own = seen.filter((it) => it.senderId === me && it.deletedAt === null);
        if (own.length > 0 && world.isIn(id)) device.fixture.delete(pick(own).id, id);
        break;
      }
      case 'read':
        if (world.isIn(id)) this.read(device, id);
        break;
      case 'readThread': {
        const held = seen.filter((it) => it.threadRootId === null).slice(-4);
        if (held.length > 0 && world.isIn(id)) this.readThread(device, id, pick(held).id);
        break;
      }
      case 'mark': {
        const fromSeq = 1 + pick([...Array(this.tail(device, id)).keys()]);
        if (world.isIn(id) && device.isOnline) this.set(device, `unread:${id}`, { fromSeq });
        break;
      }
      case 'setting': {
        const [key, value] = pick([
          ['mute', { untilMs: null }],
          ['mute', null],
          ['archive', { at: START_MS }],
          ['archive', null],
          ['notify', { level: 'mentions' }],
          ['notify', { level: 'none' }],
          ['notify', null],
        ] as const);
        this.set(device, `${key}:${id}`, value);
        break;
      }
      case 'offline':
        device.isOnline = !device.isOnline;
        break;
      default:
        if (world.isIn(id)) world.leave(id);
        else world.join(id);
    }
    // Who edits decides whom a message names: that is heard of in full with the next beat. Membership comes with a hint.
    const needsHeads =
      ['edit', 'delete', 'ownEdit', 'move', 'offline', 'mark'].includes(kind) || pick([true, false, false]);
    this.sync(needsHeads);
    return kind;
  }

  holds(device: Device, id: string, seq: number): boolean {
    const coverage = device.fixture.reader.log(id)?.coverage ?? [];
    return coverage.some(({ lo, hi }) => lo <= seq && seq <= hi);
  }

  tail(device: Device, id: string): number {
    return device.fixture.reader.log(id)?.tail ?? 0;
  }

  compose(device: Device, logId: string, threadRootId: string | undefined): void {
    const opId = device.fixture.newId();
    const op = {
      v: OP_VERSION,
      opId,
      logId,
      kind: 'message.send',
      text: 'mine',
      replyTo: null,
      composedAt: 1,
    } as const;
    device.fixture.enqueue(threadRootId === undefined ? op : { ...op, threadRootId });
  }

  read(device: Device, id: string): void {
    const seq = 1 + this.pick([...Array(this.tail(device, id)).keys()]);
    const mark = this.entryOf(device, `unread:${id}`) as { fromSeq: number } | null;
    if (mark && mark.fromSeq <= seq) this.set(device, `unread:${id}`, null);
    device.fixture.outbox.raiseWatermark('read.set', id, seq);
    device.known.raise('read', id, seq);
  }

  readThread(device: Device, id: string, rootId: string): void {
    const seq = 1 + this.pick([...Array(this.tail(device, id)).keys()]);
    device.fixture.outbox.raiseThreadRead(id, rootId, seq);
    device.known.raise('threads', rootId, seq);
  }

  set(device: Device, key: string, value: unknown): void {
    device.fixture.setEntry(key, value);
    this.entries.get(device)?.set(key, value);
  }

  /** An entry as this device has it: what it set last and nobody changed since, else the account log's. */
  entryOf(device: Device, key: string): unknown {
    const own = this.entries.get(device);
    if (own?.has(key)) return own.get(key);
    const events = device.fixture.log(me).events.slice(0, this.tail(device, me));
    const last = events.findLast((event) => (event.payload as { key: string }).key === key);
    return (last?.payload as { value: unknown } | undefined)?.value ?? null;
  }

  sync(withHeads: boolean): void {
    const { world } = this;
    const online = world.devices.filter((device) => device.isOnline);
    for (const device of online) {
      world.flush(device);
      this.entries.get(device)?.clear();
    }
    for (const device of online) {
      if (world.deliver(device) || withHeads) world.heads(device);
    }
    for (const { fixture } of world.devices) fixture.settle();
  }

  expectCounts(context: string): void {
    for (const [at, device] of this.world.devices.entries()) {
      const list = device.fixture.open('conversations', { filter: 'all', offset: 0, limit: 10 });
      const archived = device.fixture.open('conversations', { filter: 'archived', offset: 0, limit: 10 });
      const rows = { ...list.state().rows, ...archived.state().rows };
      let badge = 0;
      let mentioned = 0;
      for (const id of groups) {
        const mark = this.entryOf(device, `unread:${id}`) as { fromSeq: number } | null;
        const byHand = this.world.countAt(id, this.tail(device, id), device.known, mark?.fromSeq ?? null);
        const threadUnread = byHand.threads.reduce((sum, it) => sum + it.unread, 0);
        const mentions = byHand.threads.reduce((sum, it) => sum + it.mentions, byHand.mentions);
        const unread = byHand.unread + threadUnread;
        const view = device.fixture.open('conversation', { conversationId: id });
        const row = rows[id];
        expect(
          {
            unread: row?.unread,
            mentions: row?.mentions,
            threadUnread: row?.threadUnread,
            threads: threadsOf(view.state().meta.unreadThreads),
          },
          `${context}, device ${at}, group ${id.slice(-2)}`,
        ).toEqual({
          unread,
          mentions,
          threadUnread,
          threads: threadsOf(byHand.threads),
        });
        device.fixture.views.closeView(1, view.viewId);
        const level = (this.entryOf(device, `notify:${id}`) as { level: string } | null)?.level ?? 'all';
        const isArchived = this.entryOf(device, `archive:${id}`) !== null;
        const isMuted = this.entryOf(device, `mute:${id}`) !== null;
        const notifies = level === 'all' ? unread > 0 : level === 'mentions' && mentions + threadUnread > 0;
        if (notifies && !isMuted && !isArchived) badge += 1;
        if (mentions > 0 && !isArchived) mentioned += 1;
      }
      const { unreadConversations, unreadMentions } = list.state().meta;
      expect({ badge: unreadConversations, mentioned: unreadMentions }, `${context}, device ${at}`).toEqual({
        badge,
        mentioned,
      });
      device.fixture.views.closeView(1, list.viewId);
      device.fixture.views.closeView(1, archived.viewId);
    }
  }
}

/** The threads and their counts, in one order. */
function threadsOf(
  threads: readonly { readonly rootId: string; readonly unread: number; readonly mentions: number }[],
): readonly string[] {
  return threads.map(({ rootId, unread, mentions }) => `${rootId} ${unread} ${mentions}`).toSorted();
}

it('equal a count by hand after every step', () => {
  const seed = Number(process.env['CURLEW_SEED'] ?? Date.now() % 1_000_000);
  const pick = seededPick(seed);
  for (let round = 0; round < HISTORIES; round += 1) {
    const history = new History(pick);
    try {
      for (let at = 0; at < STEPS; at += 1) {
        const kind = history.step();
        history.expectCounts(`seed ${seed}, history ${round}, step ${at} (${kind})`);
      }
    } finally {
      history.world.stop();
    }
  }
  process.stdout.write(`unread on two devices: ${HISTORIES * STEPS} steps, seed ${seed}\n`);
}, 180_000);
