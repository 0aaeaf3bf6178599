/**
 * Fan-out: committed events to sockets. Collects what one turn of the event loop committed and sends one frame per log:
 * a single event under its own name, several as `events:batch`, serialised once however many receive it. Promises that
 * nothing goes to anybody outside the member list an event was committed with, and that a socket gets no echo of what
 * it sent itself (its ack says all).
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { FanOut, ReceiptMove } from '../services/service-types.ts';
import type { AudienceRooms } from './audience-rooms.ts';
import type { ReceiptCounts } from './receipt-counts.ts';
import { conversationRoom, openRoom, socketsOf, type CountFrames, type GatewayServer } from './session.ts';

/**
 * Up to so many senders in one flush each gets a frame without what it sent itself. With more, one frame for everybody
 * is cheaper than one serialisation a sender, and an echo only costs its bytes: clients know the event by its position.
 */
const SENDERS_SPARED = 2;
/** Receipts are numbers that only grow: a later one replaces an earlier one that was not sent yet. */
const RECEIPT_FLUSH_MS = 40;

/** Events of one log for one list of people, each with the socket it came from (undefined: none, written by HTTP). */
interface Group {
  readonly memberVersion: number;
  readonly memberIds: readonly string[];
  readonly audience: FanOut['audience'];
  readonly events: Map<number, { readonly event: Envelope; readonly origin: string | undefined }>;
}

interface PendingReceipt {
  move: ReceiptMove;
  memberIds: readonly string[];
  origin: string | undefined;
}

/** Sockets a frame is for. */
type Target = Pick<ReturnType<GatewayServer['to']>, 'emit'>;

/** Takes what services committed; `origin` is the id of the socket that asked for it. */
export type SendFanOut = (fanOuts: readonly FanOut[], origin?: string) => void;

/** Creates the fan-out of one node. */
export function createFanOut(
  io: GatewayServer,
  rooms: AudienceRooms,
  receiptCounts: Pick<ReceiptCounts, 'moved'>,
  count: CountFrames,
): SendFanOut {
  const groups = new Map<string, Group[]>();
  const receipts = new Map<string, PendingReceipt>();
  let flushing: NodeJS.Immediate | undefined;
  let receiptTimer: NodeJS.Timeout | undefined;

  const emit = (
    memberIds: readonly string[],
    origin: string | undefined,
    name: string,
    payload: unknown,
  ): void => {
    const people = socketsOf(io, memberIds);
    (origin === undefined ? people : people?.except(origin))?.emit(name, payload);
  };

  const addEvents = (fanOut: FanOut, origin: string | undefined): void => {
    const pending = groups.get(fanOut.logId) ?? [];
    groups.set(fanOut.logId, pending);
    const { memberVersion, memberIds, audience } = fanOut;
    // One commit may tell different people different things (a hole, a skeleton): they never share a frame.
    let group = pending.findLast(
      (it) => it.memberVersion === memberVersion && isSame(it.memberIds, memberIds),
    );
    if (!group) {
      group = { memberVersion, memberIds, audience, events: new Map() };
      pending.push(group);
    }
    const senderId =
      origin === undefined ? undefined : io.sockets.sockets.get(origin)?.data.session.caller.userId;
    for (const event of fanOut.events) {
      // Their ack told them of what they did themselves, not of what followed from it for others.
      group.events.set(event.seq, { event, origin: event.actorId === senderId ? origin : undefined });
    }
    flushing ??= setImmediate(flush);
  };

  const sendRuns = (target: Target, logId: string, events: readonly Envelope[]): void => {
    for (const run of consecutiveRuns(events)) {
      const [only, second] = run;
      if (only && !second) target.emit(only.type, only);
      else target.emit('events:batch', { logId, events: run });
      count(second ? 'batch' : 'event');
    }
  };

  /** A sender who is told something else (a hole, a skeleton) has a group of their own, and no part in this one. */
  const isIn = (origin: string, memberIds: readonly string[]): boolean => {
    const socket = io.sockets.sockets.get(origin);
    return socket !== undefined && memberIds.includes(socket.data.session.caller.userId);
  };

  const sendGroup = (logId: string, { memberIds, audience, events }: Group): void => {
    const sent = [...events.values()];
    // Thousands stand in one room; any other list of people is the rooms of each.
    const everybody = audience ? rooms.to(audience.orgId, audience, memberIds) : socketsOf(io, memberIds);
    if (!everybody) return;
    const origins = new Set(sent.flatMap(({ origin }) => (origin === undefined ? [] : [origin])));
    const senders = new Set([...origins].filter((origin) => isIn(origin, memberIds)));
    const all = sent.map(({ event }) => event);
    if (senders.size > SENDERS_SPARED) return sendRuns(everybody, logId, all);
    sendRuns(everybody.except([...senders]), logId, all);
    for (const sender of senders) {
      const others = sent.filter(({ origin }) => origin !== sender).map(({ event }) => event);
      // A socket is alone in the room of its own id.
      sendRuns(io.to(sender), logId, others);
    }
  };

  const flush = (): void => {
    flushing = undefined;
    const due = [...groups];
    groups.clear();
    for (const [logId, pending] of due) for (const group of pending) sendGroup(logId, group);
  };

  const addReceipt = (move: ReceiptMove, memberIds: readonly string[], origin: string | undefined): void => {
    // The person's own devices are told more than the others; the two words must not replace each other.
    const audience = memberIds.includes(move.userId) ? 'own' : 'others';
    const key = `${move.conversationId} ${move.userId} ${audience}`;
    const pending = receipts.get(key);
    if (!pending) receipts.set(key, { move, memberIds, origin });
    else {
      if (move.receiptVersion >= pending.move.receiptVersion) {
        // One step in place of two begins where the first did.
        const { fromDeliveredSeq, fromReadSeq } = pending.move;
        Object.assign(pending, { move: { ...move, fromDeliveredSeq, fromReadSeq }, memberIds });
      }
      if (pending.origin !== origin) pending.origin = undefined;
    }
    receiptTimer ??= setTimeout(flushReceipts, RECEIPT_FLUSH_MS);
    receiptTimer.unref();
  };

  const flushReceipts = (): void => {
    receiptTimer = undefined;
    for (const { move, memberIds, origin } of receipts.values()) {
      emit(memberIds, origin, 'receipt:updated', move);
      count('receipt');
    }
    receipts.clear();
  };

  const hint = ({ logId, kind, added, removed }: FanOut): void => {
    if (kind === 'conversation') {
      socketsOf(io, removed)?.socketsLeave([
        conversationRoom(logId),
        ...removed.map((userId) => openRoom(logId, userId)),
      ]);
    }
    const isOrg = kind === 'org';
    for (const [userIds, change] of [
      [added, isOrg ? 'org' : 'conversation_added'],
      [removed, isOrg ? 'org' : 'conversation_removed'],
    ] as const) {
      if (userIds.length === 0) continue;
      emit(userIds, undefined, 'user:changed', { kind: change });
      count('hint');
    }
  };

  return (fanOuts, origin) => {
    for (const fanOut of fanOuts) {
      if (fanOut.events.length > 0) addEvents(fanOut, origin);
      for (const move of fanOut.receipts) addReceipt(move, fanOut.memberIds, origin);
      if (fanOut.areCountsMoved) receiptCounts.moved(fanOut.logId);
      for (const move of fanOut.threadReads ?? []) {
        emit(fanOut.memberIds, origin, 'thread:read', move);
        count('receipt');
      }
      hint(fanOut);
    }
  };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, at) => id === others[at]);
}

/** Cuts events into runs of consecutive seqs; a republished old event must not stand in a batch with new ones. */
function consecutiveRuns(events: readonly Envelope[]): Envelope[][] {
  const runs: Envelope[][] = [];
  for (const event of events.toSorted((a, b) => a.seq - b.seq)) {
    const run = runs.at(-1);
    if (run?.at(-1)?.seq === event.seq - 1) run.push(event);
    else runs.push([event]);
  }
  return runs;
}
