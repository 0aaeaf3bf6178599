/**
 * The judge of a simulation: what must hold at every step (safety), and what must hold once everything works again
 * (convergence). Owns the comparison of each device with the oracle; numbers are those of SPEC.md.
 */
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { AccountStores, OutboxItem } from '../../store/store-types.ts';
import { checkAccess, checkSettings, findUnreadDifference } from './sim-access-checks.ts';
import type { SimDevice } from './sim-device.ts';
import { checkScheduled, findFloorDifference, isHiddenHere } from './sim-lifetime-checks.ts';
import { rowsOf } from './sim-queries.ts';
import type { Oracle } from './oracle.ts';
import type { OracleMessage } from './oracle-fold.ts';

interface CachedRow {
  readonly id: string;
  readonly createSeq: number;
  readonly revSeq: number;
  readonly text: string | null;
  readonly deletedAt: number | null;
  readonly threadRootId: string | null;
  readonly mentions: string;
  readonly reactions: string;
  readonly notices: string | null;
  readonly isExpired: number;
}

const ROWS = `SELECT id, create_seq AS createSeq, rev_seq AS revSeq, text, deleted_at AS deletedAt,
  thread_root_id AS threadRootId, mentions, reactions, notices,
  is_expired AS isExpired
  FROM message WHERE conversation_id = ? ORDER BY create_seq`;

const ENTRIES = 'SELECT key, value FROM entry WHERE log_id = ?';

/** What a device saw earlier in one life of its cache; a restart may forget (the cache is disposable). */
export interface SeenRevisions {
  restarts: number;
  readonly revisions: Map<string, number>;
  readonly reads: Map<string, number>;
}

/** Checks a device after a step; throws with the invariant's number. `isTimeTravel`: the server may be behind it. */
export function checkSafety(
  device: SimDevice,
  oracle: Oracle,
  seen: SeenRevisions,
  isTimeTravel: boolean,
): void {
  const process = device.running;
  if (!process || device.hasCrashed) return;
  if (seen.restarts !== device.restarts) {
    seen.restarts = device.restarts;
    seen.revisions.clear();
    seen.reads.clear();
  }
  if (oracle.violations.length > 0) throw new Error(oracle.violations.join('; '));
  if (isTimeTravel) {
    device.dirty.clear();
    seen.revisions.clear();
    seen.reads.clear();
    return;
  }
  checkComposed(device, oracle);
  for (const logId of device.dirty) checkLog(device, oracle, logId, seen);
  device.dirty.clear();
}

function checkLog(device: SimDevice, oracle: Oracle, logId: string, seen: SeenRevisions): void {
  const process = device.running;
  const log = process?.stores.reader.log(logId);
  if (!process || !log || log.kind !== 'conversation') return;
  const readable = oracle.readable(logId, device.userId);
  if (!readable) throw new Error(`I8: ${logId} is unknown to the server, or was never this person's`);
  const truth = readable.log;
  if (log.tail > truth.events.length)
    throw new Error(`I8: tail ${log.tail} beyond head ${truth.events.length}`);
  checkAccess(process.stores, log, readable);
  checkSettings(process.stores, log, truth.events);
  if (log.chain !== oracle.chainAt(truth, log.tail)) throw new Error(`I8: chain differs at ${log.tail}`);
  const before = seen.reads.get(logId) ?? 0;
  if (log.readSeq < before) throw new Error(`I6: read fell from ${before} to ${log.readSeq}`);
  seen.reads.set(logId, log.readSeq);
  const rows = rowsOf<CachedRow>(process.stores.cacheDb, ROWS, logId);
  const ids = new Set(rows.map((row) => row.id));
  if (ids.size !== rows.length) throw new Error(`I12: ${rows.length - ids.size} doubled rows`);
  const atTail = oracle.messagesAt(readable, log.tail);
  const atHead = oracle.messagesAt(readable, truth.events.length);
  for (const row of rows) {
    const earlier = seen.revisions.get(row.id) ?? 0;
    if (row.revSeq < earlier)
      throw new Error(`I11: revision of ${row.id} fell from ${earlier} to ${row.revSeq}`);
    seen.revisions.set(row.id, row.revSeq);
    const wanted =
      row.revSeq > log.tail ? oracle.messagesAt(readable, row.revSeq).get(row.id) : atTail.get(row.id);
    if (!wanted && row.createSeq <= truth.floorSeq) continue;
    if (!wanted) throw new Error(`I18: ${row.id} was never composed`);
    // It is kept no longer, which this device has not heard yet.
    if (row.createSeq <= truth.floorSeq) continue;
    // Deleted on the server, not yet here: what of its past this device got depends on when it asked.
    const last = atHead.get(row.id);
    if (last && last.deletedAt !== null && log.tail < last.revSeq) continue;
    if (isHiddenHere(row)(wanted)) continue;
    if (!isSame(row, wanted))
      throw new Error(`I9: ${row.id} at ${log.tail}: ${describe(row)} is not ${describe(wanted)}`);
  }
  // Complete inside coverage: a hole is a hole, never a missing row.
  for (const message of atTail.values()) {
    const isCovered = log.coverage.some(({ lo, hi }) => lo <= message.createSeq && message.createSeq <= hi);
    if (isCovered && !ids.has(message.id)) throw new Error(`I10: ${message.id} is covered and not here`);
  }
}

/** I13: every composed message is somewhere; I20: in the order composed. */
function checkComposed(device: SimDevice, oracle: Oracle): void {
  const process = device.running;
  if (!process) return;
  if (!device.isTouched) return;
  device.isTouched = false;
  const open = device.composed.filter(
    ({ op, isCancelled, isDeleted }) =>
      !isCancelled && !(isDeleted && oracle.hasTravelled) && oracle.commits(op.opId) === 0,
  );
  if (open.length === 0) return;
  const items = process.stores.outbox.items();
  const here = new Map(items.map((item) => [item.opId, item]));
  for (const { op } of open) {
    const item = here.get(op.opId);
    if (item) checkRefusal(item, oracle);
    // What was acknowledged for a conversation that a restored server lost rests in the sent log.
    if (!item && restsInLostLog(device, oracle, op.opId)) continue;
    if (!item) throw new Error(`I13: ${op.opId} is neither in the outbox nor in the log`);
    if (item.op.kind === 'message.send' && item.op.text === '')
      throw new Error(`I13: text of ${op.opId} is gone`);
  }
  for (let at = 1; at < items.length; at += 1) {
    if ((items[at]?.n ?? 0) <= (items[at - 1]?.n ?? 0)) throw new Error('I20: the outbox is out of order');
  }
}

/** I13: only what the server said no to counts as refused. */
function checkRefusal({ opId, state, code }: OutboxItem, oracle: Oracle): void {
  if (state === 'REJECTED' && oracle.refusals.get(opId) !== code)
    throw new Error(`I13: ${opId} is refused as ${code ?? 'nothing'}, which the server never said`);
}

/** What is still different between a device and the server, or undefined when it has converged (I17–I19). */
export function findDifference(device: SimDevice, oracle: Oracle): string | undefined {
  const process = device.running;
  if (!process) return `${device.deviceId} is down`;
  if (process.engine.state.name !== 'LIVE') return `${device.deviceId} is ${process.engine.state.name}`;
  // A conversation that a restored server no longer knows rests with everything written in it.
  const waiting = process.stores.outbox
    .items()
    .find((item) => isOpen(item.state) && !isLost(item, device, oracle));
  if (waiting) return `${waiting.op.kind} ${waiting.opId} is ${waiting.state} (${waiting.code ?? ''})`;
  for (const log of oracle.logs.values()) {
    const readable = oracle.readable(log.id, device.userId);
    if (!readable) continue;
    const held = process.stores.reader.log(log.id);
    const { head } = readable;
    if (!held) return `${log.kind} ${log.id} is unknown`;
    if (held.tail !== head) return `${log.kind} ${log.id} at ${held.tail} of ${head}`;
    if (held.chain !== oracle.chainAt(log, head)) return `chain of ${log.id} differs`;
    if (log.kind !== 'conversation') {
      const entries = findEntryDifference(process.stores.cacheDb, oracle.entriesOf(log), log.id);
      if (entries !== undefined) return entries;
      continue;
    }
    // What was committed again after a restore is younger than those remember who saw it before.
    const floor = oracle.hasTravelled ? undefined : findFloorDifference(process.stores, log);
    if (floor !== undefined) return floor;
    if (held.left === readable.isMember) return `${log.id} is ${held.left ? '' : 'not '}left`;
    // A restored server knows older read positions than those who read on.
    const unread = oracle.hasTravelled ? undefined : findUnreadDifference(device, process.stores, readable);
    if (unread !== undefined) return unread;
    const mark = log.watermarks.get(device.userId)?.read ?? 0;
    if (held.readSeq < mark) return `read of ${log.id} is ${held.readSeq}, not ${mark}`;
    device.dirty.add(log.id);
  }
  return undefined;
}

/** Names, pins and settings: every live key, with the value the server has. */
function findEntryDifference(
  db: AccountStores['cacheDb'],
  wanted: ReadonlyMap<string, unknown>,
  logId: string,
): string | undefined {
  const rows = rowsOf<{ key: string; value: string }>(db, ENTRIES, logId);
  if (rows.length !== wanted.size) return `${logId} has ${rows.length} keys, not ${wanted.size}`;
  const other = rows.find(({ key, value }) => value !== JSON.stringify(wanted.get(key)));
  return other && `${other.key} of ${logId} is ${other.value}`;
}

/** I2, I7, I13, I18 over everything that was composed, once all devices have converged. */
export function checkOutcome(devices: readonly SimDevice[], oracle: Oracle): void {
  checkScheduled(oracle);
  for (const device of devices) {
    const items = new Map(
      (device.running?.stores.outbox.items() ?? []).map((item) => [item.opId, item.state]),
    );
    const placed = new Map<string, number>();
    for (const { op, isCancelled, isDeleted, isDecided } of device.composed) {
      const count = oracle.commits(op.opId);
      if (count > 1) throw new Error(`I2: ${op.opId} stands ${count} times in the log`);
      const state = items.get(op.opId);
      // What was too late to be sent was not sent.
      if (count > 0 && state === 'CANCELLED')
        throw new Error(`I26: ${op.opId} was dropped, and is in the log`);
      const isResting = restsInLostLog(device, oracle, op.opId) || (isDeleted && oracle.hasTravelled);
      if (count === 0 && !isCancelled && !isResting && state !== 'REJECTED' && state !== 'CANCELLED') {
        throw new Error(`I13: ${op.opId} was lost (${state ?? 'not in the outbox'})`);
      }
      const event = findEvent(oracle, op.opId);
      // What stopped and was sent later by the person's decision gave up its place.
      if (!event || isDecided) continue;
      // Ordered as composed within one conversation as the person saw it, before any alias joined two.
      const before = placed.get(op.logId) ?? 0;
      if (event.seq < before) throw new Error(`I7: ${op.opId} at ${event.seq} came before ${before}`);
      placed.set(op.logId, event.seq);
    }
  }
}

function findEvent(
  oracle: Oracle,
  opId: string,
): { readonly logId: string; readonly seq: number } | undefined {
  for (const log of oracle.logs.values()) {
    const event = log.events.find((it) => it.opId === opId);
    if (event) return event;
  }
  return undefined;
}

/** Written in a conversation that a restored server lost whole, and that nobody brought back. */
function restsInLostLog(device: SimDevice, oracle: Oracle, opId: string): boolean {
  const sent = device.running?.stores.outboxDb
    .prepare<{ id: string }, { lane: string }>(
      'SELECT lane FROM sent WHERE op_id = @id UNION ALL SELECT lane FROM op WHERE op_id = @id',
    )
    .get({ id: opId });
  return oracle.hasTravelled && sent !== undefined && !oracle.readable(sent.lane, device.userId);
}

function isLost(
  item: { readonly lane: string; readonly op: Op },
  device: SimDevice,
  oracle: Oracle,
): boolean {
  if (item.op.kind === 'conversation.create' || !oracle.hasTravelled) return false;
  return !oracle.readable(item.lane, device.userId);
}

function isOpen(state: string): boolean {
  return state !== 'REJECTED' && state !== 'CANCELLED';
}

function isSame(row: CachedRow, wanted: OracleMessage): boolean {
  const isDeleted = (row.deletedAt === null) === (wanted.deletedAt === null);
  const reactions = wanted.reactions.map(({ emoji, userId, seq }) => `${emoji} ${userId} ${seq}`).sort();
  const held = (JSON.parse(row.reactions) as typeof wanted.reactions).map(
    (it) => `${it.emoji} ${it.userId} ${it.seq}`,
  );
  return (
    row.createSeq === wanted.createSeq &&
    row.text === wanted.text &&
    row.threadRootId === wanted.threadRootId &&
    (row.isExpired !== 0) === (wanted.isExpired === true) &&
    row.notices === (wanted.notices ? JSON.stringify(wanted.notices) : null) &&
    (JSON.parse(row.mentions) as string[]).join() === wanted.mentions.join() &&
    isDeleted &&
    held.sort().join() === reactions.join()
  );
}

function describe(row: {
  readonly createSeq: number;
  readonly revSeq: number;
  readonly text: string | null;
}): string {
  return `(${row.createSeq}, rev ${row.revSeq}, ${row.text ?? 'deleted'})`;
}
