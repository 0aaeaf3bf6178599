/**
 * What a log says, written down from the protocol's text and not from the reducer: every row by looking through the
 * whole log for what is about it. Slow and plain on purpose; imports types only.
 */
import type { Envelope } from './event.ts';
import type { Conversation, LogEntry, Message } from './message.ts';

/** All rows of a log. */
export interface NaiveState {
  readonly messages: readonly Message[];
  readonly conversation: Conversation | undefined;
  readonly entries: readonly LogEntry[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- an oracle that shared the schemas would share their mistakes
type Content = any;

/** The rows after these events, messages by position, entries by key. `events` is the log as it was written. */
export function naiveState(events: readonly Envelope[]): NaiveState {
  const rows = events.flatMap((event) => messageFrom(events, event) ?? noticeFrom(events, event) ?? []);
  return { messages: rows, conversation: conversationFrom(events), entries: entriesFrom(events) };
}

function messageFrom(events: readonly Envelope[], event: Envelope): Message | undefined {
  if (event.type !== 'message:new') return undefined;
  const written: Content = event.payload;
  const about = events.filter((it) => (it.payload as Content)?.messageId === written.messageId);
  const last = about[about.length - 1] ?? event;
  const deletion = about.find((it) => it.type === 'message:deleted');
  const base = {
    id: event.opId,
    conversationId: event.logId,
    createSeq: event.seq,
    revSeq: last.seq,
    senderId: event.actorId,
    threadRootId: written.threadRootId ?? null,
    createdAt: event.at,
  };
  if (deletion) {
    const expired = (deletion.payload as Content).expired ? { isExpired: true as const } : {};
    return {
      ...base,
      text: null,
      replyTo: null,
      mentions: [],
      extras: {},
      composedAt: event.at,
      editedAt: null,
      deletedAt: deletion.at,
      reactions: [],
      ...expired,
    };
  }
  const edits = about.filter((it) => it.type === 'message:edited');
  const edit = edits[edits.length - 1];
  const newest: Content = edit?.payload ?? written;
  const extras = { ...written.extras };
  if (edit) delete extras.preview;
  const reactions = about.filter((it) => it.type === 'reaction:set');
  const isSame = (a: Envelope, b: Envelope): boolean =>
    a.actorId === b.actorId && (a.payload as Content).emoji === (b.payload as Content).emoji;
  return {
    ...base,
    text: newest.text,
    replyTo: written.replyTo,
    mentions: newest.mentions ?? [],
    extras,
    composedAt: written.composedAt,
    editedAt: edit?.at ?? null,
    deletedAt: null,
    reactions: reactions
      .filter((it) => (it.payload as Content).on)
      .filter((it) => !reactions.some((other) => other.seq > it.seq && isSame(other, it)))
      .map((it) => ({ emoji: (it.payload as Content).emoji, userId: it.actorId, seq: it.seq })),
  };
}

function noticeFrom(events: readonly Envelope[], event: Envelope): Message | undefined {
  const payload: Content = event.payload;
  const isAnnouncement = (events[0]?.payload as Content)?.kind === 'announcement';
  const who = { userId: payload.userId };
  const said: Content[] =
    event.type === 'conversation:updated'
      ? (payload.changes ?? [])
      : event.type === 'member:role'
        ? [{ kind: 'role', ...who, role: payload.role }]
        : event.type === 'member:joined' && !isAnnouncement
          ? [{ kind: 'joined', ...who }]
          : event.type === 'member:left' && !isAnnouncement
            ? [{ kind: 'left', ...who }]
            : [];
  if (said.length === 0) return undefined;
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
    notices: said,
  };
}

function conversationFrom(events: readonly Envelope[]): Conversation | undefined {
  const updates = events.filter((event) => event.type === 'conversation:updated');
  const [creation] = updates;
  if (!creation) return undefined;
  const settings: Content = updates[updates.length - 1]?.payload;
  const first: Content = creation.payload;
  const moves = events.filter((event) => event.type.startsWith('member:'));
  const changed = [...updates, ...moves].map((event) => event.seq);
  const userOf = (event: Envelope): string => (event.payload as Content).userId;
  // Who joins again stands where people who join stand: at the end.
  const joins = [
    ...first.members.map((member: Content) => ({ ...member, seq: creation.seq })),
    ...moves
      .filter((event) => event.type === 'member:joined')
      .map((event) => ({ ...(event.payload as Content), seq: event.seq })),
  ];
  const latest = joins.filter(
    (join) => !joins.some((other) => other.userId === join.userId && other.seq > join.seq),
  );
  return {
    id: creation.logId,
    orgId: settings.orgId,
    kind: settings.kind,
    protection: settings.protection,
    title: settings.title,
    pins: settings.pins ?? [],
    link: settings.link ?? null,
    isClosed: settings.isClosed ?? false,
    messageTtlMs: settings.messageTtlMs ?? null,
    history: settings.history ?? 'all',
    audience: settings.audience ?? null,
    createdBy: creation.actorId,
    createdAt: creation.at,
    revSeq: Math.max(...changed),
    members: latest.map(({ userId, role, seq }) => {
      const mine = moves.filter((event) => event.seq > seq && userOf(event) === userId);
      const roles = mine.filter((event) => event.type === 'member:role');
      const leaves = mine.filter((event) => event.type === 'member:left');
      return {
        userId,
        role: (roles[roles.length - 1]?.payload as Content)?.role ?? role,
        joinedSeq: seq,
        leftSeq: leaves[leaves.length - 1]?.seq ?? null,
      };
    }),
  };
}

function entriesFrom(events: readonly Envelope[]): readonly LogEntry[] {
  const set = events.filter((event) => event.type === 'account:updated' || event.type === 'org:updated');
  const keyOf = (event: Envelope): string => (event.payload as Content).key;
  return set
    .filter((event) => !set.some((other) => other.seq > event.seq && keyOf(other) === keyOf(event)))
    .map((event) => ({ key: keyOf(event), value: (event.payload as Content).value, revSeq: event.seq }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
