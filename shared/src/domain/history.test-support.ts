/**
 * Random histories of logs, as a server would write them. A new type of event needs a line in `draws`, or this does not
 * compile; everything else goes on by itself.
 */
import type { Envelope, EventContent, EventType, LogKind } from './event.ts';
import type { SettingsChange } from './notices.ts';

/** One of the given values; see `seeded.test-support.ts`. */
export type Pick = <T>(of: readonly T[]) => T;

const id = (kind: number, index: number): string =>
  `0190a5b0-000${kind}-7000-8000-${String(index).padStart(12, '0')}`;
const LOG = id(0, 1);
const people = [1, 2, 3, 4].map((index) => id(1, index));
const emojis = ['👍', '🎉', '❤'];
const texts = ['one', 'two', 'three', ''];

/** What a draw may choose from. */
interface Draw {
  readonly pick: Pick;
  /** id of the op, and so of a message it writes */
  readonly opId: string;
  /** messages of people so far, deleted ones among them */
  readonly messages: readonly { readonly id: string; readonly threadRootId: string | null }[];
  readonly deleted: Set<string>;
  readonly settings: Settings;
}
type Settings = Omit<EventContent<'conversation:updated'>, 'created' | 'members' | 'changes'>;
type Draws = { readonly [T in EventType]: (draw: Draw) => EventContent<T> | null };

const changes = (pick: Pick): readonly SettingsChange[] =>
  pick<readonly SettingsChange[]>([
    [],
    [{ kind: 'title', title: pick(['Roof', 'Cellar', null]) }],
    [{ kind: 'closed', isClosed: pick([true, false]) }],
    [
      { kind: 'ttl', messageTtlMs: pick([60_000, null]) },
      { kind: 'pin', messageId: id(2, 2), on: pick([true, false]) },
    ],
  ]);

/** A payload of each type; null where there is nothing yet it could be about. */
const draws: Draws = {
  'message:new': ({ pick, opId, messages }) => ({
    messageId: opId,
    text: pick(texts),
    replyTo: pick([null, ...messages.map((it) => it.id)]),
    composedAt: pick([1, 2, 3]),
    ...pick([{}, {}, { threadRootId: pick([null, ...messages.map((it) => it.id)]) }]),
    ...pick([{}, { mentions: [pick(people)] }]),
    ...pick([
      {},
      { extras: pick([preview, { ttlMs: 60_000 }, { ...preview, forwardedFrom: pick(people) }]) },
    ]),
  }),
  'message:edited': ({ pick, messages }) =>
    onMessage(messages, pick, (messageId) => ({
      messageId,
      text: pick(texts),
      ...pick([{}, { mentions: [pick(people)] }]),
      overwrote: pick([true, false]),
    })),
  'message:deleted': ({ pick, messages, deleted }) =>
    onMessage(
      messages.filter((it) => !deleted.has(it.id)),
      pick,
      (messageId, threadRootId) => {
        deleted.add(messageId);
        return { messageId, threadRootId, ...pick([{}, {}, { expired: true as const }]) };
      },
    ),
  'reaction:set': ({ pick, messages }) =>
    onMessage(messages, pick, (messageId) => ({
      messageId,
      emoji: pick(emojis),
      on: pick([true, true, false]),
    })),
  'conversation:updated': ({ pick, settings }) => {
    const made = changes(pick);
    for (const change of made) {
      if (change.kind === 'title') settings.title = change.title;
      if (change.kind === 'closed') settings.isClosed = change.isClosed;
      if (change.kind === 'ttl') settings.messageTtlMs = change.messageTtlMs;
      if (change.kind === 'pin') settings.pins = change.on ? [change.messageId] : [];
    }
    return { ...settings, created: false, changes: [...made] };
  },
  'member:joined': ({ pick }) => ({ userId: pick(people), role: pick(['moderator', 'member']) }),
  'member:left': ({ pick }) => ({ userId: pick(people) }),
  'member:role': ({ pick }) => ({ userId: pick(people), role: pick(['owner', 'moderator', 'member']) }),
  'account:updated': ({ pick }) => ({
    key: `pin:${pick(people)}`,
    value: pick([null, { rank: 1 }, { rank: 2 }]),
  }),
  'org:updated': ({ pick }) => ({
    key: `person:${pick(people)}`,
    value: pick([null, { name: 'A' }, { name: 'B' }]),
  }),
};

const preview = { preview: { url: 'https://example.org', title: 't', description: '', siteName: '' } };

const typesOf: Readonly<Record<LogKind, readonly EventType[]>> = {
  conversation: [
    ...Array<EventType>(4).fill('message:new'),
    ...Array<EventType>(3).fill('reaction:set'),
    'message:edited',
    'message:edited',
    'message:deleted',
    'conversation:updated',
    'member:joined',
    'member:left',
    'member:role',
  ],
  account: ['account:updated'],
  org: ['org:updated'],
};

function onMessage<T>(
  messages: Draw['messages'],
  pick: Pick,
  make: (messageId: string, threadRootId: string | null) => T,
): T | null {
  if (messages.length === 0) return null;
  const target = pick(messages);
  return make(target.id, target.threadRootId);
}

/** A log of this scope with up to `length` events, as it was written: nothing of it is scrubbed. */
export function randomHistory(pick: Pick, kind: LogKind, length: number): readonly Envelope[] {
  const events: Envelope[] = [];
  const messages: { id: string; threadRootId: string | null }[] = [];
  const deleted = new Set<string>();
  const settings: Settings = {
    orgId: id(3, 1),
    kind: pick(['group', 'group', 'direct', 'announcement']),
    protection: 'server',
    title: pick(['Engine room', null]),
  };
  const add = (type: string, payload: unknown): void => {
    const seq = events.length + 1;
    events.push({
      logId: LOG,
      seq,
      chain: seq.toString(16).padStart(16, '0'),
      type,
      actorId: pick(people),
      opId: id(2, seq),
      opHash: 'a'.repeat(64),
      at: 1_000 + seq,
      payload,
      memberVersion: 1,
    });
  };
  if (kind === 'conversation') {
    const members = people
      .slice(0, 3)
      .map((userId) => ({ userId, role: pick(['owner', 'member'] as const) }));
    add('conversation:updated', { ...settings, created: true, members });
  }
  while (events.length < length) {
    // Something a later version writes.
    if (pick([...Array<number>(20).keys()]) === 0) {
      add('future:type', { anything: 1 });
      continue;
    }
    const type = pick(typesOf[kind]);
    const opId = id(2, events.length + 1);
    const payload = draws[type]({ pick, opId, messages, deleted, settings });
    if (payload === null) continue;
    if ('replyTo' in payload) messages.push({ id: opId, threadRootId: payload.threadRootId ?? null });
    add(type, payload);
  }
  return events;
}

/**
 * The first `seq` events of a log as it is read when those are all there are: of deleted messages, what people wrote and
 * reacted before the deletion is scrubbed.
 */
export function readAt(events: readonly Envelope[], seq: number): readonly Envelope[] {
  const sofar = events.slice(0, seq);
  const deletedAt = new Map<unknown, number>();
  for (const event of sofar) if (event.type === 'message:deleted') deletedAt.set(aboutOf(event), event.seq);
  return sofar.map((event) =>
    event.seq < (deletedAt.get(aboutOf(event)) ?? 0) ? { ...event, payload: null } : event,
  );
}

function aboutOf({ payload }: Envelope): unknown {
  return (payload as { messageId?: string } | null)?.messageId;
}
