/**
 * What must hold of messages that end (I25) and of those the server sends later (I26), on every device and in the logs. Owns
 * the comparison with the oracle's account of both.
 */
import type { AccountStores } from '../../store/store-types.ts';
import type { Oracle } from './oracle.ts';
import { expiryOf } from './oracle-clock.ts';
import { messagesOf, type OracleMessage } from './oracle-fold.ts';
import { hashOf } from './oracle-hash.ts';
import type { Json, OracleEvent, OracleLog } from './oracle-types.ts';
import type { SimDevice } from './sim-device.ts';
import { floorOf, overdueRows, rowsOf } from './sim-queries.ts';

/** How far a device may be behind the server's time: what the answer to its greeting was on the way. */
const TOLERANCE_MS = 2_000;
/** What is planned for later than this is not waited for: somebody's clock was wrong when it was planned. */
const SOON_MS = 120_000;

/** I25: nothing whose time is over is on the screen of a device that can know the time. */
export function checkScreen(device: SimDevice, nowMs: number): void {
  const process = device.running;
  if (!process || device.hasCrashed) return;
  if (device.openedWith.length > 0)
    throw new Error(`I25: ${device.openedWith.join()} was over, and on the first screen`);
  if (device.wasClockWrong || device.isDiskLimited || process.stores.meta.get('serverClock') === null) return;
  const shown = overdueRows(process.stores.cacheDb, nowMs - TOLERANCE_MS);
  if (shown.length > 0) throw new Error(`I25: ${shown.join()} is over, and on ${device.deviceId}`);
}

/** Whether a row that is empty on a device stands for a message that only ended here so far. */
export function isHiddenHere(row: {
  readonly isExpired: number;
  readonly text: string | null;
}): (wanted: OracleMessage) => boolean {
  return (wanted) =>
    row.isExpired !== 0 && row.text === null && wanted.deletedAt === null && expiryOf(wanted) !== undefined;
}

/** What has still to happen by the clock before a world can be compared; undefined: nothing. */
export function findPending(oracle: Oracle, nowMs: number): string | undefined {
  for (const log of oracle.logs.values()) {
    if (log.kind === 'conversation') {
      const living = [...messagesOf(log).values()].find((row) => row.deletedAt === null && expiryOf(row));
      if (living) return `${living.id} has not disappeared`;
    }
    if (log.kind !== 'account') continue;
    for (const [key, value] of oracle.entriesOf(log)) {
      const { sendAtMs, refused } = value as Json;
      if (key.startsWith('scheduled:') && refused === undefined && Number(sendAtMs) < nowMs + SOON_MS)
        return `${key} was not sent`;
    }
  }
  return undefined;
}

/** I25 of what is kept no longer: the same floor as the server's, and nothing below it. */
export function findFloorDifference(stores: AccountStores, { id, floorSeq }: OracleLog): string | undefined {
  const floor = floorOf(stores.cacheDb, id);
  if (floor !== floorSeq) return `floor of ${id} is ${floor}, not ${floorSeq}`;
  const below = rowsOf<{ id: string; at: number }>(
    stores.cacheDb,
    'SELECT id, create_seq AS at FROM message WHERE conversation_id = ?',
    id,
  ).find(({ at }) => at <= floorSeq);
  return below && `${below.id} of ${id} is kept no longer, and here`;
}

/** I26: what was scheduled was sent once, or stays with its author, with its text and the reason; never both. */
export function checkScheduled(oracle: Oracle): void {
  for (const log of oracle.logs.values()) {
    if (log.kind !== 'account') continue;
    const byKey = new Map<string, OracleEvent[]>();
    for (const event of log.events) {
      const key = String(event.original['key']);
      byKey.set(key, [...(byKey.get(key) ?? []), event]);
    }
    for (const [key, events] of byKey) if (key.startsWith('scheduled:')) checkOne(oracle, key, events);
  }
}

function checkOne(oracle: Oracle, key: string, events: readonly OracleEvent[]): void {
  const count = oracle.commits(key.slice('scheduled:'.length));
  const last = events.at(-1);
  const value = last?.original['value'] as Json | null;
  const byHand = events.findLast((event) => !isNote(event))?.original['value'] as Json | null | undefined;
  if (count > 1) throw new Error(`I26: ${key} was sent ${count} times`);
  if (value === null) {
    if (last && isNote(last) && count !== 1) throw new Error(`I26: ${key} is noted as sent, and was not`);
    return;
  }
  const wasSent = value['refused'] === undefined ? false : value['refused'] === 'OP_ID_REUSED';
  if (count !== (wasSent ? 1 : 0))
    throw new Error(`I26: ${key} was sent, and is back (${String(value['refused'])})`);
  if (value['text'] !== byHand?.['text']) throw new Error(`I26: ${key} came back with other words`);
}

/** Whether the server itself wrote an event. */
function isNote({ opId, opHash }: OracleEvent): boolean {
  return opHash === hashOf({ opId });
}
