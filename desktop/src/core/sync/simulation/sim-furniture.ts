/** What a simulated world starts with: its ids, its wall clock, and conversations
 * older than any device. */
import { createHash } from 'node:crypto';
import type { Oracle } from './oracle.ts';
import type { Scheduler } from './scheduler.ts';

/** Where the simulated wall clock starts. */
export const WALL_START_MS = Date.UTC(2026, 10, 1);

/** The world's time: what everybody's clocks show beside the simulation's own. */
export interface WorldTime {
  /** ms by which the wall clocks are ahead of the simulation; negative while the past is furnished */
  passedMs: number;
}

/** Days between two messages of an old conversation, so that some of it is kept no longer. */
const OLD_STEP_MS = 2 * 86_400_000;

/** Messages of an old conversation; more than a first sync loads, so that there is history to scroll to. */
const OLD_MESSAGES = 24;
const OLD_GROUP_EVENTS = 14;

/** An id from a name. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A conversation of the first two people, written before any device of this world was there. */
export function furnishPair(
  oracle: Oracle,
  users: readonly string[],
  scheduler: Scheduler,
  time: WorldTime,
): void {
  const [first, second] = users;
  if (first === undefined || second === undefined) return;
  const submit = submitterOf(oracle, idOf('old conversation'));
  time.passedMs = -OLD_MESSAGES * OLD_STEP_MS;
  submit(first, {
    opId: idOf('old create'),
    kind: 'conversation.create',
    orgId: oracle.orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId: second,
  });
  for (let n = 0; n < OLD_MESSAGES; n += 1) {
    submit(scheduler.chance(0.5) ? first : second, oldMessage(`old ${n}`));
    time.passedMs += OLD_STEP_MS;
  }
}

/** A group of everybody but the last, where people came and went before any device of this world was there. */
export function furnishGroup(
  oracle: Oracle,
  users: readonly string[],
  scheduler: Scheduler,
  time: WorldTime,
): void {
  const [first, second] = users;
  if (first === undefined || second === undefined) return;
  const submit = submitterOf(oracle, idOf('old group'));
  time.passedMs = -OLD_GROUP_EVENTS * OLD_STEP_MS;
  submit(first, {
    opId: idOf('old group create'),
    kind: 'conversation.create',
    orgId: oracle.orgId,
    conversationKind: 'group',
    protection: 'server',
    title: 'old group',
    memberIds: users.slice(1, -1),
    history: scheduler.chance(0.5) ? 'all' : 'joined',
  });
  for (let n = 0; n < OLD_GROUP_EVENTS; n += 1) {
    const opId = idOf(`old group ${n}`);
    const userId = scheduler.pick(users) ?? second;
    const roll = scheduler.unit();
    const isIn = oracle.readable(idOf('old group'), userId)?.isMember === true;
    if (roll < 0.6) submit(isIn ? userId : first, oldMessage(`old group ${n}`));
    else if (!isIn)
      submit(first, {
        opId,
        kind: 'member.add',
        userId,
        role: scheduler.chance(0.5) ? 'owner' : 'member',
      });
    else if (userId !== first) submit(first, { opId, kind: 'member.remove', userId });
    time.passedMs += OLD_STEP_MS;
  }
}

/** Hands in ops of a lane on a device each person once had. */
export function submitterOf(
  oracle: Oracle,
  lane: string,
): (userId: string, op: Record<string, unknown>) => void {
  return (userId, op) => {
    const deviceId = idOf(`old device ${userId}`);
    const fence = Number(oracle.hello(deviceId)['fence']);
    oracle.submit(userId, deviceId, { fence, lane, ops: [{ v: 1, logId: lane, ...op }] });
  };
}

function oldMessage(text: string): Record<string, unknown> {
  return { opId: idOf(text), kind: 'message.send', text, replyTo: null, composedAt: WALL_START_MS };
}
