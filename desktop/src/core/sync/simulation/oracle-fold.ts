/** The oracle's own folds from events to messages and settings, written from the protocol's text. Imports types only. */
import type { Json, OracleEvent, OracleLog } from './oracle-types.ts';

/** A message as the oracle serves it. */
export interface OracleMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly createSeq: number;
  readonly revSeq: number;
  readonly senderId: string;
  readonly text: string | null;
  readonly replyTo: string | null;
  readonly threadRootId: string | null;
  readonly mentions: readonly string[];
  readonly extras: Json;
  readonly composedAt: number;
  readonly createdAt: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
  readonly reactions: readonly { readonly emoji: string; readonly userId: string; readonly seq: number }[];
  /** what happened to the conversation, where nobody wrote it */
  readonly notices?: readonly Json[];
  /** its time was over */
  readonly isExpired?: boolean;
}

/** A member as settings name them, also one who left. */
export interface OracleMember {
  readonly userId: string;
  readonly role: string;
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
}

/** Settings and members of a conversation. */
export interface OracleConversation {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly revSeq: number;
  readonly members: readonly OracleMember[];
  /** title, pins and the rest, as the last event about them says */
  readonly settings: Json;
}

/**
 * Messages after the first `seq` events, in order of creation, as somebody sees them who may see the positions `sees`
 * names: what was changed out of their sight stays as it was, what was deleted is deleted for everybody.
 */
function foldAt(
  events: readonly OracleEvent[],
  seq: number,
  sees: (seq: number) => boolean = () => true,
): Map<string, OracleMessage> {
  const rows = new Map<string, OracleMessage>();
  for (const event of events.slice(0, seq)) {
    const isOpen = sees(event.seq);
    if (event.type === 'message:new' && isOpen) rows.set(event.opId, created(event));
    const notices = isOpen ? noticesOf(event) : [];
    if (notices.length > 0)
      rows.set(event.opId, { ...created({ ...event, payload: null }), deletedAt: null, notices });
    if (!isOpen && event.type !== 'message:deleted') continue;
    const id = event.payload?.['messageId'];
    const row = typeof id === 'string' ? rows.get(id) : undefined;
    if (row && row.createSeq < event.seq) rows.set(row.id, changed(row, event));
  }
  return rows;
}

/** The messages a log has after its first `seq` events, without those that are kept no longer; see {@link foldAt}. */
export function messagesOf(
  { events, floorSeq }: Pick<OracleLog, 'events' | 'floorSeq'>,
  seq: number = events.length,
  sees?: (seq: number) => boolean,
): Map<string, OracleMessage> {
  const rows = foldAt(events, seq, sees);
  for (const { id, createSeq } of [...rows.values()]) if (createSeq <= floorSeq) rows.delete(id);
  return rows;
}

/** The quiet row of an event about the conversation itself. No announcements are simulated. */
function noticesOf({ type, payload }: OracleEvent): readonly Json[] {
  switch (type) {
    case 'conversation:updated':
      return (payload?.['changes'] ?? []) as Json[];
    case 'member:joined':
    case 'member:left':
      return [{ kind: type.slice('member:'.length), userId: payload?.['userId'] }];
    case 'member:role':
      return [{ kind: 'role', userId: payload?.['userId'], role: payload?.['role'] }];
    default:
      return [];
  }
}

/** Settings and members after the first `seq` events; undefined before the first. */
export function conversationAt(events: readonly OracleEvent[], seq: number): OracleConversation | undefined {
  let row: OracleConversation | undefined;
  for (const event of events.slice(0, seq)) row = settled(row, event);
  return row;
}

function settled(row: OracleConversation | undefined, event: OracleEvent): OracleConversation | undefined {
  const { original: payload, seq: revSeq } = event;
  const userId = String(payload['userId']);
  if (event.type === 'conversation:updated') {
    const { created: isCreation, members, changes: _changes, ...settings } = payload;
    if (isCreation !== true) return row && { ...row, settings, revSeq };
    const first = members as { userId: string; role: string }[];
    return {
      id: event.logId,
      createdBy: event.actorId,
      createdAt: event.at,
      revSeq,
      settings,
      members: first.map((member) => ({ ...member, joinedSeq: revSeq, leftSeq: null })),
    };
  }
  if (!row || !event.type.startsWith('member:')) return row;
  const others = row.members.filter((member) => member.userId !== userId);
  const before = row.members.find((member) => member.userId === userId);
  const after =
    event.type === 'member:joined'
      ? { userId, role: String(payload['role']), joinedSeq: revSeq, leftSeq: null }
      : before &&
        (event.type === 'member:left'
          ? { ...before, leftSeq: revSeq }
          : { ...before, role: String(payload['role']) });
  return { ...row, revSeq, members: after ? [...others, after] : others };
}

function created({ logId, seq, actorId, opId, at, payload }: OracleEvent): OracleMessage {
  const idOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    id: opId,
    conversationId: logId,
    createSeq: seq,
    revSeq: seq,
    senderId: actorId,
    text: idOrNull(payload?.['text']),
    replyTo: idOrNull(payload?.['replyTo']),
    threadRootId: idOrNull(payload?.['threadRootId']),
    mentions: (payload?.['mentions'] ?? []) as string[],
    extras: (payload?.['extras'] ?? {}) as Json,
    // A scrubbed creation is the tombstone it will become: the author's clock is gone with the text.
    composedAt: payload ? Number(payload['composedAt']) : at,
    createdAt: at,
    editedAt: null,
    deletedAt: payload ? null : at,
    reactions: [],
  };
}

function changed(row: OracleMessage, event: OracleEvent): OracleMessage {
  const revSeq = event.seq;
  const payload = event.payload ?? {};
  if (event.type === 'message:deleted') {
    const threadRootId = (payload['threadRootId'] ?? row.threadRootId) as string | null;
    return {
      ...row,
      text: null,
      replyTo: null,
      threadRootId,
      mentions: [],
      extras: {},
      composedAt: row.createdAt,
      deletedAt: event.at,
      editedAt: null,
      reactions: [],
      revSeq,
      ...(payload['expired'] === true ? { isExpired: true } : {}),
    };
  }
  if (row.deletedAt !== null) return { ...row, revSeq };
  if (event.type === 'message:edited') {
    const mentions = (payload['mentions'] ?? []) as string[];
    return { ...row, text: String(payload['text']), mentions, editedAt: event.at, revSeq };
  }
  const emoji = String(payload['emoji']);
  const others = row.reactions.filter((it) => it.userId !== event.actorId || it.emoji !== emoji);
  const reactions =
    payload['on'] === true ? [...others, { emoji, userId: event.actorId, seq: revSeq }] : others;
  return { ...row, reactions, revSeq };
}
