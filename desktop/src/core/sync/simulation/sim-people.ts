/**
 * What people do with messages: they write, answer, change, read and scroll, in conversations they know or begin. Owns the
 * building of those ops from what a device holds; chance decides which.
 */
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { missingFrom } from '@curlew/shared/lib/intervals.ts';
import { directPeerOf, OP_VERSION, type Op } from '@curlew/shared/protocol/ops.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { randomFrom, type Scheduler } from './scheduler.ts';
import { WALL_START_MS } from './sim-furniture.ts';
import type { SimDevice } from './sim-device.ts';
import { floorOf } from './sim-queries.ts';

/** Who there is, and where. */
export interface People {
  readonly scheduler: Scheduler;
  readonly orgId: string;
  readonly users: readonly string[];
  readonly devices: readonly SimDevice[];
}

/** A message somebody could answer or change. */
interface Target {
  readonly id: string;
  readonly logId: string;
  readonly senderId: string;
  readonly threadRootId: string | null;
}

/** See the file comment. */
export class Messaging {
  readonly #people: People;
  #texts = 0;

  constructor(people: People) {
    this.#people = people;
  }

  /** The fields every op begins with. */
  op(logId: string): { opId: string; v: typeof OP_VERSION; logId: string } {
    return { opId: this.newId(), v: OP_VERSION, logId };
  }

  newId(): string {
    return uuidV7(WALL_START_MS, randomFrom(this.#people.scheduler.unit).bytes(10));
  }

  /** A text nobody wrote before. */
  words(what: string): string {
    return `${what} ${(this.#texts += 1)}`;
  }

  /** A message: to all, or an answer in a thread, with a quote or a mention now and then. */
  send(device: SimDevice): void {
    const { scheduler, users } = this.#people;
    const logId = this.conversation(device);
    if (logId === undefined) return;
    const answered = scheduler.chance(0.3)
      ? scheduler.pick(targetsOf(device).filter((it) => it.logId === logId && it.threadRootId === null))
      : undefined;
    const isThread = answered !== undefined && scheduler.chance(0.6);
    const mentioned = scheduler.chance(0.15) ? scheduler.pick([...users, logId]) : undefined;
    // Elsewhere the server refuses it.
    const asks = scheduler.chance(isAnnouncement(device, logId) ? 0.5 : 0.01);
    const ttlMs = ttlOf(device, logId);
    const extras = {
      ...(asks ? { requiresAck: true as const } : {}),
      ...(ttlMs === null ? {} : { ttlMs }),
    };
    const nowMs = device.running?.engine.steadyNowMs() ?? 0;
    const deadline = scheduler.chance(0.08) ? { dropAtMs: nowMs + scheduler.between(0, 20_000) } : {};
    const op: Op = {
      ...this.op(logId),
      kind: 'message.send',
      text: this.words('text'),
      replyTo: answered && !isThread ? answered.id : null,
      ...(isThread ? { threadRootId: answered.id } : {}),
      ...(mentioned === undefined ? {} : { mentions: [mentioned] }),
      ...(Object.keys(extras).length > 0 ? { extras } : {}),
      composedAt: WALL_START_MS + scheduler.nowMs,
    };
    device.compose(op, deadline);
  }

  /** An edit, a delete or a reaction, of what is cached or of what still waits. */
  change(device: SimDevice, kind: 'react' | 'edit' | 'delete'): void {
    const stores = device.running?.stores;
    if (!stores) return;
    const { scheduler, devices, users } = this.#people;
    const all = targetsOf(device);
    const own = all.filter((message) => message.senderId === device.userId);
    // Now and then somebody tries what only those who run a group may do.
    const isBold = kind === 'delete' && scheduler.chance(0.2);
    const target = scheduler.pick(kind === 'react' || isBold ? all : own);
    if (!target) return;
    const base = this.op(target.logId);
    if (kind === 'react') {
      const emoji = scheduler.pick(['👍', '🎉', ACKNOWLEDGEMENT]) ?? '👍';
      const on = scheduler.chance(0.7);
      device.compose({ ...base, kind: 'reaction.set', messageId: target.id, emoji, on });
    } else if (kind === 'edit') {
      const text = `${this.words('text')} edited`;
      const mentions = scheduler.chance(0.3)
        ? [scheduler.pick([...users, target.logId]) ?? target.logId]
        : [];
      const edit = { ...base, kind: 'message.edit' as const, messageId: target.id, text, baseRevSeq: 0 };
      device.compose(mentions.length === 0 ? edit : { ...edit, mentions });
    } else if (device.compose({ ...base, kind: 'message.delete', messageId: target.id })) {
      // Never attempted: it is taken back here, and nobody will ever see it.
      const isGone = !stores.outbox.items().some((item) => item.opId === target.id);
      for (const composed of devices.flatMap((it) => it.composed)) {
        if (composed.op.opId !== target.id) continue;
        composed.isDeleted = true;
        composed.isCancelled ||= isGone;
      }
    }
  }

  /** Everything of a conversation that is here was read. */
  read(device: SimDevice): void {
    const stores = device.running?.stores;
    const log = this.#people.scheduler.pick(
      stores?.reader.logs().filter((it) => it.kind === 'conversation' && it.tail > 0) ?? [],
    );
    if (!log || device.hasCrashed) return;
    try {
      stores?.outbox.raiseWatermark('read.set', log.id, log.tail);
      const thread = this.#people.scheduler.pick(threadsOf(device, log.id));
      if (thread !== undefined) stores?.outbox.raiseThreadRead(log.id, thread, log.tail);
    } catch {
      // Disk full: the next message that is read raises it again.
    }
    device.running?.engine.kick();
  }

  /** Somebody scrolls to where the history is not here. */
  scrollBack(device: SimDevice): void {
    const hole = this.#people.scheduler.pick(holesOf(device));
    if (hole && !device.hasCrashed)
      device.running?.engine.wantHistory(hole.id, { kind: 'before', hi: hole.hi });
  }

  /** A pin of the own list, put on or taken off. */
  setEntry(device: SimDevice): void {
    const { scheduler } = this.#people;
    const logId = this.conversation(device);
    if (logId === undefined) return;
    const value = scheduler.chance(0.7) ? { rank: scheduler.between(0, 9) } : null;
    device.compose({ ...this.op(device.userId), kind: 'account.set', key: `pin:${logId}`, value });
  }

  /** A conversation the device knows, or a new one with somebody, also offline and also when both create it. */
  conversation(device: SimDevice): string | undefined {
    const { scheduler, users, orgId } = this.#people;
    const outbox = device.running?.stores.outbox;
    if (!outbox) return undefined;
    const known = device.running.stores.reader.logs().filter((log) => log.kind === 'conversation');
    const pending = outbox
      .items()
      .filter((item) => item.op.kind === 'conversation.create' && item.state !== 'REJECTED');
    const ids = [...known.map((log) => log.id), ...pending.map((item) => outbox.aliasOf(item.op.logId))];
    const peerId = scheduler.pick(users.filter((id) => id !== device.userId));
    if (ids.length > 0 && (scheduler.chance(0.85) || peerId === undefined)) return scheduler.pick(ids);
    if (peerId === undefined || pending.some(({ op }) => directPeerOf(op) === peerId)) {
      return scheduler.pick(ids);
    }
    const logId = this.newId();
    const op: Op = {
      ...this.op(logId),
      kind: 'conversation.create',
      orgId,
      conversationKind: 'direct',
      protection: 'server',
      peerId,
    };
    return device.compose(op) ? logId : undefined;
  }
}

/** Where a timeline would show that something is missing. */
export function holesOf(device: SimDevice): readonly { readonly id: string; readonly hi: number }[] {
  const stores = device.running?.stores;
  return (stores?.reader.logs() ?? []).flatMap((log) =>
    stores && log.kind === 'conversation'
      ? missingFrom(log.coverage, { lo: floorOf(stores.cacheDb, log.id) + 1, hi: log.tail }).map(
          ({ hi }) => ({ id: log.id, hi }),
        )
      : [],
  );
}

/** Messages a device shows: cached ones that are not deleted, and own ones that still wait. */
export function targetsOf(device: SimDevice): readonly Target[] {
  const stores = device.running?.stores;
  if (!stores) return [];
  const cached = stores.cacheDb
    .prepare<[], Target>(
      `SELECT id, conversation_id AS logId, sender_id AS senderId, thread_root_id AS threadRootId
       FROM message WHERE deleted_at IS NULL AND notices IS NULL ORDER BY id`,
    )
    .all();
  const waiting = stores.outbox.items().flatMap(({ op, state }) =>
    op.kind === 'message.send' && state !== 'REJECTED' && state !== 'CANCELLED'
      ? [
          {
            id: op.opId,
            logId: op.logId,
            senderId: device.userId,
            threadRootId: op.threadRootId ?? null,
          },
        ]
      : [],
  );
  return [...cached, ...waiting];
}

/** How long what is written in a conversation lives, as its device knows; null: for ever. */
export function ttlOf(device: SimDevice, conversationId: string): number | null {
  const more = device.running?.stores.cacheDb
    .prepare<[string], string>('SELECT more FROM conversation WHERE id = ?')
    .pluck()
    .get(conversationId);
  return more === undefined ? null : (JSON.parse(more) as { messageTtlMs: number | null }).messageTtlMs;
}

function isAnnouncement(device: SimDevice, conversationId: string): boolean {
  const kind = device.running?.stores.cacheDb
    .prepare<[string], string>('SELECT kind FROM conversation WHERE id = ?')
    .pluck()
    .get(conversationId);
  return kind === 'announcement';
}

/** Messages of a conversation that have replies here. */
function threadsOf(device: SimDevice, conversationId: string): readonly string[] {
  const rows = device.running?.stores.cacheDb
    .prepare<[string], { readonly id: string }>(
      `SELECT DISTINCT thread_root_id AS id FROM message
       WHERE conversation_id = ? AND thread_root_id IS NOT NULL ORDER BY id`,
    )
    .all(conversationId);
  return (rows ?? []).map(({ id }) => id);
}
