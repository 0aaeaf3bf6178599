/** What a simulated world starts with: its ids, its wall clock, and conversations that are older than any device. */
import { createHash } from 'node:crypto';
import type { Oracle } from './oracle.ts';
import type { Scheduler } from './scheduler.ts';

/** Where the simulated wall clock starts. */
export const WALL_START_MS = Date.UTC(2026, 10, 1);

/** Messages of an old conversation; more than a first sync loads, so that there is history to scroll to. */
const OLD_MESSAGES = 24;

/** An id from a name. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A conversation of the first two people, written before any device of this world was there. */
export function furnish(oracle: Oracle, users: readonly string[], scheduler: Scheduler): void {
  const [first, second] = users;
  if (first === undefined || second === undefined) return;
  const lane = idOf('old conversation');
  const submit = (userId: string, op: Record<string, unknown>): void => {
    const deviceId = idOf(`old device ${userId}`);
    const fence = Number(oracle.hello(deviceId)['fence']);
    oracle.submit(userId, deviceId, { fence, lane, ops: [{ v: 1, logId: lane, ...op }] });
  };
  submit(first, {
    opId: idOf('old create'),
    kind: 'conversation.create',
    orgId: oracle.orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId: second,
  });
  for (let n = 0; n < OLD_MESSAGES; n += 1) {
    submit(scheduler.chance(0.5) ? first : second, {
      opId: idOf(`old message ${n}`),
      kind: 'message.send',
      text: `old ${n}`,
      replyTo: null,
      composedAt: WALL_START_MS,
    });
  }
}
