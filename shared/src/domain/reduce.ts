/**
 * The event reducer: pure folds from events to rows. Owns the meaning of every event. The desktop's cache applies
 * events through it, the server's SQL is tested against it, so both ends agree on what a log says.
 */
import { EMPTY_CHAIN } from '../lib/chain.ts';
import { readEvent, type Envelope, type KnownEvent } from './event.ts';
import type { Conversation, ConversationKind, LogEntry, Message, MessageExtras } from './message.ts';
import type { Notice } from './notices.ts';

/** The id of the message an event is about, or undefined when it is about none. */
export function messageIdOf(event: KnownEvent): string | undefined {
  switch (event.type) {
    case 'message:new':
    case 'message:edited':
    case 'message:deleted':
    case 'reaction:set':
      return event.payload.messageId;
    default:
      return undefined;
  }
}

/**
 * Applies one event to the row of the message it is about.
 * @param row the row before; undefined when it is not held (an edit of an uncached message then changes nothing)
 * @returns the row after, or undefined when there is still none
 */
export function reduceMessage(row: Message | undefined, event: KnownEvent): Message | undefined {
  if (event.type === 'message:new') {
    if (row) return row;
    const { messageId, text, replyTo, composedAt, threadRootId, mentions, extras } = event.payload;
    return {
      id: messageId,
      conversationId: event.logId,
      createSeq: event.seq,
      revSeq: event.seq,
      senderId: event.actorId,
      text,
      replyTo,
      threadRootId,
      mentions,
      extras,
      composedAt,
      createdAt: event.at,
      editedAt: null,
      deletedAt: null,
      reactions: [],
    };
  }
  if (!row || row.notices || row.revSeq >= event.seq) return row;
  switch (event.type) {
    case 'message:edited':
      // A delete wins over an edit, whichever came first.
      return row.deletedAt === null
        ? {
            ...row,
            text: event.payload.text,
            mentions: event.payload.mentions,
            // A preview shows a link of the text it was sent with.
            extras: withoutPreview(row.extras),
            editedAt: event.at,
            revSeq: event.seq,
          }
        : { ...row, revSeq: event.seq };
    case 'message:deleted': {
      // Why it went says the event alone: a device may have hidden what its author then took back.
      const { isExpired: _hidden, ...rest } = row;
      // A tombstone holds nothing its author wrote, so that one replayed from a scrubbed log is equal to it.
      return {
        ...rest,
        text: null,
        replyTo: null,
        threadRootId: event.payload.threadRootId ?? row.threadRootId,
        mentions: [],
        extras: {},
        composedAt: row.createdAt,
        deletedAt: event.at,
        editedAt: null,
        reactions: [],
        revSeq: event.seq,
        ...(event.payload.expired ? { isExpired: true } : {}),
      };
    }
    case 'reaction:set': {
      if (row.deletedAt !== null) return { ...row, revSeq: event.seq };
      const { emoji, on } = event.payload;
      const others = row.reactions.filter((it) => it.userId !== event.actorId || it.emoji !== emoji);
      const reactions = on ? [...others, { emoji, userId: event.actorId, seq: event.seq }] : others;
      return { ...row, reactions, revSeq: event.seq };
    }
    default:
      return row;
  }
}

function withoutPreview({ preview: _preview, ...extras }: MessageExtras): MessageExtras {
  return extras;
}

/**
 * The quiet row that an event about the conversation itself leaves in its timeline; undefined for every other event. Who
 * is reached by announcements comes and goes by the hundred, which is no news to anybody there.
 * @param kind of the conversation, which never changes; undefined while it is not known
 */
export function noticeOf(event: KnownEvent, kind: ConversationKind | undefined): Message | undefined {
  const notices = noticesOf(event, kind);
  if (notices.length === 0) return undefined;
  return {
    id: event.opId,
    conversationId: event.logId,
    createSeq: event.seq,
    revSeq: event.seq,
    senderId: event.actorId,
    text: null,
    replyTo: null,
    threadRootId: null,
    mentions: [],
    extras: {},
    composedAt: event.at,
    createdAt: event.at,
    editedAt: null,
    deletedAt: null,
    reactions: [],
    notices: [...notices],
  };
}

function noticesOf(event: KnownEvent, kind: ConversationKind | undefined): readonly Notice[] {
  switch (event.type) {
    case 'conversation:updated':
      return event.payload.changes;
    case 'member:joined':
    case 'member:left':
      if (kind === 'announcement') return [];
      return [{ kind: event.type === 'member:joined' ? 'joined' : 'left', userId: event.payload.userId }];
    case 'member:role':
      return [{ kind: 'role', ...event.payload }];
    default:
      return [];
  }
}

/**
 * A `message:new` whose payload was scrubbed by a later delete, as the deleted row it will become. The events that
 * follow in the log confirm it; without this a reader of the raw log would miss the tombstone.
 */
export function tombstoneOf(envelope: Envelope): Message | undefined {
  if (envelope.type !== 'message:new' || readEvent(envelope) !== 'skeleton') return undefined;
  return {
    id: envelope.opId,
    conversationId: envelope.logId,
    createSeq: envelope.seq,
    revSeq: envelope.seq,
    senderId: envelope.actorId,
    text: null,
    replyTo: null,
    threadRootId: null,
    mentions: [],
    extras: {},
    composedAt: envelope.at,
    createdAt: envelope.at,
    editedAt: null,
    deletedAt: envelope.at,
    reactions: [],
  };
}

/** Applies one event to a conversation's settings and members. */
export function reduceConversation(
  row: Conversation | undefined,
  event: KnownEvent,
): Conversation | undefined {
  switch (event.type) {
    case 'conversation:updated': {
      const { created, members, changes: _changes, ...settings } = event.payload;
      const { logId: id, actorId: createdBy, at: createdAt, seq: revSeq } = event;
      if (!created && row) return { ...row, ...settings, revSeq };
      const joined = (members ?? []).map((member) => ({ ...member, joinedSeq: event.seq, leftSeq: null }));
      return { id, ...settings, createdBy, createdAt, revSeq, members: joined };
    }
    case 'member:joined': {
      if (!row) return row;
      const { userId, role } = event.payload;
      const members = row.members.filter((member) => member.userId !== userId);
      return {
        ...row,
        revSeq: event.seq,
        members: [...members, { userId, role, joinedSeq: event.seq, leftSeq: null }],
      };
    }
    case 'member:left':
      return changeMember(row, event.payload.userId, event.seq, { leftSeq: event.seq });
    case 'member:role':
      return changeMember(row, event.payload.userId, event.seq, { role: event.payload.role });
    default:
      return row;
  }
}

function changeMember(
  row: Conversation | undefined,
  userId: string,
  revSeq: number,
  change: Partial<Conversation['members'][number]>,
): Conversation | undefined {
  if (!row) return row;
  const members = row.members.map((member) => (member.userId === userId ? { ...member, ...change } : member));
  return { ...row, revSeq, members };
}

/** The entry an account or organisation event sets, or undefined for any other event. */
export function entryOf(event: KnownEvent): LogEntry | undefined {
  if (event.type !== 'account:updated' && event.type !== 'org:updated') return undefined;
  return { key: event.payload.key, value: event.payload.value, revSeq: event.seq };
}

/** The whole state of a log, for replay and comparison. */
export interface LogState {
  readonly seq: number;
  readonly chain: string;
  readonly conversation: Conversation | undefined;
  readonly messages: ReadonlyMap<string, Message>;
  readonly entries: ReadonlyMap<string, LogEntry>;
}

/** The state of a log without events. */
export const emptyLogState: LogState = {
  seq: 0,
  chain: EMPTY_CHAIN,
  conversation: undefined,
  messages: new Map(),
  entries: new Map(),
};

/** Folds one event into a log's state. Skeletons and unknown types advance the position and change no row. */
export function reduceLog(state: LogState, envelope: Envelope): LogState {
  const at = { ...state, seq: envelope.seq, chain: envelope.chain };
  const event = readEvent(envelope);
  if (event === 'skeleton') {
    const tombstone = tombstoneOf(envelope);
    return tombstone ? { ...at, messages: new Map(state.messages).set(tombstone.id, tombstone) } : at;
  }
  if (event === 'unknown') return at;
  const entry = entryOf(event);
  if (entry) return { ...at, entries: new Map(state.entries).set(entry.key, entry) };
  const messageId = messageIdOf(event);
  if (messageId === undefined) {
    const conversation = reduceConversation(state.conversation, event);
    const notice = noticeOf(event, conversation?.kind);
    const messages = notice ? new Map(state.messages).set(notice.id, notice) : state.messages;
    return { ...at, conversation, messages };
  }
  const row = reduceMessage(state.messages.get(messageId), event);
  return row ? { ...at, messages: new Map(state.messages).set(messageId, row) } : at;
}
