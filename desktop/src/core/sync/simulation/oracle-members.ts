/**
 * Who is in a log and what of it they may see: the oracle's own account, written from the protocol's text. Owns stays
 * (a person who comes back keeps a hole where they were away) and the rights of roles. Imports types only.
 */
import type { Json, OracleEvent, OracleLog, Standing } from './oracle-types.ts';

/** A log as one person may read it. */
export interface Readable {
  readonly log: OracleLog;
  /** Closed ranges of positions, ascending, none beyond `head`. */
  readonly ranges: readonly { readonly lo: number; readonly hi: number }[];
  /** The log's head, or for who left the end of their last stay. */
  readonly head: number;
  readonly isMember: boolean;
  sees(seq: number): boolean;
}

/** A log as a person may read it; undefined for those who never belonged to it. */
export function readableBy(log: OracleLog | undefined, userId: string): Readable | undefined {
  const standing = log?.standings.get(userId);
  if (!log || !standing) return undefined;
  const head = standing.leftSeq ?? log.events.length;
  const ranges = standing.stays
    .map(({ from, to }) => ({ lo: from, hi: Math.min(to ?? head, head) }))
    .filter(({ lo, hi }) => lo <= hi);
  return { log, ranges, head, isMember: standing.leftSeq === null, sees: (seq) => isOpen(standing, seq) };
}

/** Those who are in a log now. */
export function membersOf(log: OracleLog): readonly string[] {
  return [...log.standings].filter(([, { leftSeq }]) => leftSeq === null).map(([userId]) => userId);
}

/** Whether a position lies in one of somebody's stays. */
export function isOpen({ stays }: Standing, seq: number): boolean {
  return stays.some(({ from, to }) => from <= seq && (to === null || seq <= to));
}

/** Position of the message an event is about; its own for all others. */
export function targetSeqOf(log: OracleLog, event: OracleEvent): number {
  const id = event.original['messageId'];
  if (typeof id !== 'string') return event.seq;
  return log.events.find((it) => it.type === 'message:new' && it.opId === id)?.seq ?? event.seq;
}

/** What an event changes about who is in a log. */
export function applyToMembers(log: OracleLog, event: OracleEvent): void {
  const { original: payload, seq } = event;
  const userId = String(payload['userId']);
  const before = log.standings.get(userId);
  const { updated } = log;
  switch (event.type) {
    case 'conversation:updated':
      if (payload['created'] !== true) return;
      for (const { userId: id, role } of payload['members'] as { userId: string; role: string }[]) {
        const stays = [{ from: 1, to: null }];
        log.standings.set(id, { role, joinedSeq: seq, leftSeq: null, stays, updated });
      }
      return;
    case 'member:joined': {
      const isWhole = before === undefined && log.events[0]?.original['history'] === 'all';
      const stays = [...(before?.stays ?? []), { from: isWhole ? 1 : seq, to: null }];
      const role = String(payload['role']);
      log.standings.set(userId, { role, joinedSeq: seq, leftSeq: null, stays, updated });
      return;
    }
    case 'member:left': {
      const last = before?.stays.at(-1);
      if (!before || !last) return;
      last.to = seq;
      Object.assign(before, { leftSeq: seq, updated });
      return;
    }
    case 'member:role':
      if (before) Object.assign(before, { role: String(payload['role']), updated });
      return;
    default:
  }
}

/** Why somebody may not do this here; undefined when they may. */
export function refusalOf(
  log: OracleLog | undefined,
  actorId: string,
  op: Json,
  isColleague: (userId: string) => boolean,
): string | undefined {
  const mine = log?.standings.get(actorId);
  if (!log || !mine) return 'NOT_FOUND';
  if (mine.leftSeq !== null) return 'NOT_MEMBER';
  const isRunning = mine.role === 'owner' || mine.role === 'moderator';
  const conversationKind = log.events[0]?.original['kind'];
  const isDirect = conversationKind === 'direct';
  const isAnnouncement = conversationKind === 'announcement';
  const { kind, role } = op;
  const theirs = log.standings.get(String(op['userId']));
  const isIn = theirs?.leftSeq === null;
  const owners = [...log.standings.values()].filter((it) => it.leftSeq === null && it.role === 'owner');
  const isLastOwner = isIn && theirs.role === 'owner' && owners.length < 2;
  switch (kind) {
    case 'conversation.update':
      // Only what is linked to an item elsewhere has a state, and an end.
      if ((op['isClosed'] !== undefined || op['link'] !== undefined) && conversationKind !== 'linked')
        return 'FORBIDDEN';
      if (isDirect) return op['title'] === undefined ? undefined : 'FORBIDDEN';
      return (op['pin'] !== undefined && op['title'] === undefined && !isAnnouncement) || isRunning
        ? undefined
        : 'FORBIDDEN';
    case 'message.send':
      return (isAnnouncement ? !isRunning : asksForAck(op)) || isClosed(log) ? 'FORBIDDEN' : undefined;
    case 'member.add':
      if (isDirect || isAnnouncement || !isRunning || (role !== 'member' && mine.role !== 'owner'))
        return 'FORBIDDEN';
      return isColleague(String(op['userId'])) ? undefined : 'NOT_FOUND';
    case 'member.remove':
      if (isDirect || isAnnouncement || (isLastOwner && membersOf(log).length > 1)) return 'FORBIDDEN';
      if (op['userId'] === actorId || mine.role === 'owner') return undefined;
      return mine.role === 'moderator' && theirs?.role === 'member' ? undefined : 'FORBIDDEN';
    case 'member.role':
      if (isDirect || mine.role !== 'owner' || (isLastOwner && role !== 'owner')) return 'FORBIDDEN';
      return isIn ? undefined : 'NOT_FOUND';
    default:
      return undefined;
  }
}

/** Whether a message asks everybody for an acknowledgement. */
function asksForAck({ extras }: Json): boolean {
  return (extras as Json | undefined)?.['requiresAck'] === true;
}

/** Whether nobody can write in it, as its newest settings say. */
function isClosed(log: OracleLog): boolean {
  return log.events.findLast((event) => event.type === 'conversation:updated')?.original['isClosed'] === true;
}
