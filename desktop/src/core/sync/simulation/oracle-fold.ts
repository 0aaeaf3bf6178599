/** The oracle's own fold from events to messages, written from the protocol's text. Imports nothing. */

/** A message as the oracle serves it. */
export interface OracleMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly createSeq: number;
  readonly revSeq: number;
  readonly senderId: string;
  readonly text: string | null;
  readonly replyTo: string | null;
  readonly composedAt: number;
  readonly createdAt: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
  readonly reactions: readonly { readonly emoji: string; readonly userId: string; readonly seq: number }[];
}

interface FoldEvent {
  readonly logId: string;
  readonly seq: number;
  readonly type: string;
  readonly actorId: string;
  readonly opId: string;
  readonly at: number;
  readonly payload: Record<string, unknown> | null;
}

/** Messages after the first `seq` events, in order of creation. */
export function foldAt(events: readonly FoldEvent[], seq: number): Map<string, OracleMessage> {
  const rows = new Map<string, OracleMessage>();
  for (const event of events.slice(0, seq)) {
    if (event.type === 'message:new') rows.set(event.opId, created(event));
    const id = event.payload?.['messageId'];
    const row = typeof id === 'string' ? rows.get(id) : undefined;
    if (row && row.createSeq < event.seq) rows.set(row.id, changed(row, event));
  }
  return rows;
}

function created({ logId, seq, actorId, opId, at, payload }: FoldEvent): OracleMessage {
  const text = payload?.['text'];
  const replyTo = payload?.['replyTo'];
  return {
    id: opId,
    conversationId: logId,
    createSeq: seq,
    revSeq: seq,
    senderId: actorId,
    text: typeof text === 'string' ? text : null,
    replyTo: typeof replyTo === 'string' ? replyTo : null,
    // A scrubbed creation is the tombstone it will become: the author's clock is gone with the text.
    composedAt: payload ? Number(payload['composedAt']) : at,
    createdAt: at,
    editedAt: null,
    deletedAt: payload ? null : at,
    reactions: [],
  };
}

function changed(row: OracleMessage, event: FoldEvent): OracleMessage {
  const revSeq = event.seq;
  const payload = event.payload ?? {};
  if (event.type === 'message:deleted') {
    const { createdAt: composedAt } = row;
    return {
      ...row,
      text: null,
      replyTo: null,
      composedAt,
      deletedAt: event.at,
      editedAt: null,
      reactions: [],
      revSeq,
    };
  }
  if (row.deletedAt !== null) return { ...row, revSeq };
  if (event.type === 'message:edited') {
    return { ...row, text: String(payload['text']), editedAt: event.at, revSeq };
  }
  const emoji = String(payload['emoji']);
  const others = row.reactions.filter((it) => it.userId !== event.actorId || it.emoji !== emoji);
  const reactions =
    payload['on'] === true ? [...others, { emoji, userId: event.actorId, seq: revSeq }] : others;
  return { ...row, reactions, revSeq };
}
