/**
 * What a person may hold (I5): nothing of an event from before they came, while they were away, or after they left. Also
 * that settings and members are those of the position held (I9), and the number of unread messages (I19).
 */
import type { AccountStores, LogRow } from '../../store/store-types.ts';
import type { ThreadCount } from '../../store/views/unread-counts.ts';
import { conversationAt } from './oracle-fold.ts';
import type { Readable } from './oracle-members.ts';
import { unreadFor } from './oracle-reads.ts';
import type { OracleEvent } from './oracle-types.ts';
import type { SimDevice } from './sim-device.ts';
import { cacheReadsOf, countsOf, rowsOf } from './sim-queries.ts';

interface HeldText {
  readonly id: string;
  readonly createSeq: number;
  readonly text: string | null;
}

interface HeldSettings {
  readonly title: string | null;
  readonly revSeq: number;
  readonly more: string;
}

const TEXTS = `SELECT id, create_seq AS createSeq, text FROM message WHERE conversation_id = ?`;
const SETTINGS = `SELECT title, rev_seq AS revSeq, more FROM conversation WHERE id = ?`;
const MEMBERS = `SELECT user_id AS userId, role, joined_seq AS joinedSeq, left_seq AS leftSeq FROM member
  WHERE conversation_id = ? ORDER BY user_id`;

/** I5: positions, messages and texts; settings are compared whole by {@link checkSettings}. */
export function checkAccess(stores: AccountStores, held: LogRow, readable: Readable): void {
  const { log, sees, head } = readable;
  if (held.tail > head) throw new Error(`I5: tail ${held.tail} beyond ${head}, where the person left`);
  // The end of a hole is a position of its own: what follows it is theirs.
  if (held.tail > 0 && !sees(held.tail) && !sees(held.tail + 1))
    throw new Error(`I5: tail ${held.tail} of ${held.id} is where the person was away`);
  const open = new Map<string, Set<string>>();
  for (const event of log.events) {
    if (!sees(event.seq)) continue;
    const { messageId, text } = event.original;
    if (typeof text !== 'string') continue;
    const id = String(messageId);
    open.set(id, (open.get(id) ?? new Set()).add(text));
  }
  for (const { id, createSeq, text } of rowsOf<HeldText>(stores.cacheDb, TEXTS, held.id)) {
    if (!sees(createSeq)) throw new Error(`I5: ${id} at ${createSeq} of ${held.id} is not theirs to see`);
    if (text !== null && open.get(id)?.has(text) !== true)
      throw new Error(`I5: ${id} says "${text}", which was written while the person was away`);
  }
}

/** I9 (and I5) of settings and members: those of the position held, neither older nor newer. */
export function checkSettings(stores: AccountStores, held: LogRow, events: readonly OracleEvent[]): void {
  const wanted = conversationAt(events, held.tail);
  if (!wanted) return;
  const [row] = rowsOf<HeldSettings>(stores.cacheDb, SETTINGS, held.id);
  if (!row) throw new Error(`I9: ${held.id} is held to ${held.tail} without its settings`);
  const members = rowsOf(stores.cacheDb, MEMBERS, held.id);
  const byUser = (a: { userId: string }, b: { userId: string }): number => (a.userId < b.userId ? -1 : 1);
  const { pins, link, isClosed } = JSON.parse(row.more) as Record<string, unknown>;
  const here = JSON.stringify([row.title, pins, statusOf(link), isClosed, row.revSeq, members]);
  const there = JSON.stringify([
    wanted.settings['title'],
    wanted.settings['pins'],
    statusOf(wanted.settings['link']),
    wanted.settings['isClosed'],
    wanted.revSeq,
    wanted.members
      .map(({ userId, role, joinedSeq, leftSeq }) => ({ userId, role, joinedSeq, leftSeq }))
      .sort(byUser),
  ]);
  if (here !== there) throw new Error(`I9: settings of ${held.id} at ${held.tail}: ${here} is not ${there}`);
}

/** The state of the item a conversation is linked to, and whether it is there still. */
function statusOf(link: unknown): unknown {
  const { id, status, isRemoved } = (link ?? {}) as Record<string, unknown>;
  return [id, status, isRemoved];
}

/** I19: the numbers a person sees, of the conversation and of its threads, when they differ from the server's. */
export function findUnreadDifference(
  device: SimDevice,
  stores: AccountStores,
  readable: Readable,
): string | undefined {
  const { id } = readable.log;
  const cache = cacheReadsOf(stores.cacheDb, device.userId);
  const log = cache.log(id);
  if (!log) return `${id} is not listed`;
  const counts = countsOf(stores, device.userId);
  const here = counts.conversation(log, stores.outbox.wantedReadSeq(id), null);
  const wanted = unreadFor(readable, device.userId);
  const shown = JSON.stringify([here.unread, here.mentions, counts.threads(log).map(threadOf).sort()]);
  const told = JSON.stringify([wanted.unread, wanted.mentions, wanted.threads.map(threadOf).sort()]);
  return shown === told ? undefined : `${id} shows ${shown} unread, not ${told}`;
}

function threadOf({ rootId, unread, mentions }: Omit<ThreadCount, 'readSeq'>): string {
  return `${rootId} ${unread} ${mentions}`;
}
