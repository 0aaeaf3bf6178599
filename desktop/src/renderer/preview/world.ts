// long-file: one made-up account; its parts name each other.
/** A made-up account for the preview and the component tests: people, conversations, messages, an outbox. */
import type { AccountsMeta } from '../../ipc/accounts.ts';
import type { SpellingMeta, UpdatesMeta } from '../../ipc/settings-views.ts';
import type { ViewState } from '../../ipc/feed.ts';
import type { MessageRow, SendState, TimelineRow } from '../../ipc/message-rows.ts';
import { defaultNetworkMeta, type NetworkMeta } from '../../ipc/network.ts';
import type { NotificationRuleRow } from '../../ipc/notifications.ts';
import type {
  AccountMeta,
  ConversationMeta,
  ConversationRow,
  OrganizationMeta,
  OrgPersonRow,
  PersonRow,
  Preferences,
  SessionMeta,
  ViewName,
  ViewParams,
  ViewTypes,
} from '../../ipc/views.ts';
import type { OutboxRow, SavedRow, ScheduledRow } from '../../ipc/writing.ts';
import { aboutState, devicesState, fakeId, keyed, metaOnly } from './fixed-views.ts';
import { defaultPreferences, type ViewSource } from './fake-bridge.ts';

export { fakeId };

/** Nothing beside a name. */
export const noMarks = { isBot: false, isDeactivated: false } as const;

/** The person at this computer. */
export const me = { id: fakeId(1, 0), name: 'Maya Lindqvist' };
const names = [
  'Priya Nair',
  'Tom Becker',
  'Kofi Mensah',
  'Emma Clarke',
  'Daniel Novak',
  'Ana Ruiz',
  'Sara Kim',
];
const states = ['online', 'away', 'dnd', 'offline', 'offline', 'online', 'offline'] as const;
const minute = 60_000;

/** Everything the fake core knows; change it and call `refresh` on the bridge. */
export interface World {
  session: SessionMeta;
  account: AccountMeta;
  updates: UpdatesMeta;
  accounts: AccountsMeta;
  network: NetworkMeta;
  spelling: SpellingMeta;
  preferences: Preferences;
  isOffline: boolean;
  people: PersonRow[];
  conversations: ConversationRow[];
  /** What differs from a plain direct conversation, by conversation. */
  metas: Record<string, Partial<ConversationMeta>>;
  messages: Record<string, TimelineRow[]>;
  unreadFrom: Record<string, number>;
  drafts: Record<string, { text: string; replyTo: string | null }>;
  outbox: OutboxRow[];
  scheduled: ScheduledRow[];
  saved: SavedRow[];
  notificationRules: NotificationRuleRow[];
  /** The organization everybody is in. */
  organization: { meta: OrganizationMeta; people: OrgPersonRow[] };
  typing: Record<string, string[]>;
  hasOlder: boolean;
  isFirstSync: boolean;
}

/** A message of the other person unless said otherwise. */
export function message(index: number, atMs: number, part: Partial<MessageRow> = {}): MessageRow {
  const isOwn = part.isOwn ?? false;
  return {
    kind: 'message',
    id: fakeId(3, index),
    seq: index,
    senderId: isOwn ? me.id : fakeId(1, 1),
    senderName: isOwn ? me.name : 'Priya Nair',
    senderMarks: noMarks,
    isOwn,
    text: `Message ${index}`,
    isDeleted: false,
    editedAtMs: null,
    atMs,
    replyTo: null,
    forwardedFrom: null,
    preview: null,
    reactions: [],
    state: isOwn ? 'read' : null,
    error: null,
    pendingChange: null,
    acknowledgement: null,
    isUrgent: false,
    seen: null,
    mentions: [],
    thread: null,
    ttlMs: null,
    ...part,
  };
}

/** A conversation row with a person. */
export function conversation(index: number, part: Partial<ConversationRow> = {}): ConversationRow {
  const title = names[index - 1] ?? `Person ${index}`;
  const peerId = fakeId(1, index);
  return {
    id: fakeId(2, index),
    kind: 'direct',
    isPrivate: false,
    title,
    peerId,
    peerMarks: noMarks,
    presence: { userId: peerId, state: states[index - 1] ?? 'offline' },
    lastMessage: null,
    draft: null,
    failed: 0,
    unread: 0,
    mentions: 0,
    threadUnread: 0,
    isNotifying: part.isMuted !== true && (part.unread ?? 0) > 0,
    isPinned: false,
    isMuted: false,
    isArchived: false,
    typingNames: [],
    itemId: null,
    ...part,
  };
}

function last(text: string, atMs: number, own: SendState | null = null): ConversationRow['lastMessage'] {
  return {
    id: fakeId(4, Math.round(atMs % 1e9)),
    text,
    senderId: own ? me.id : fakeId(1, 1),
    senderName: own ? me.name : 'Priya Nair',
    isOwn: own !== null,
    atMs,
    state: own,
  };
}

/** A world as in the design's main picture, with direct conversations only. */
export function makeWorld(nowMs: number): World {
  const today = (hour: number, minutes: number) => {
    const at = new Date(nowMs);
    at.setHours(hour, minutes, 0, 0);
    return at.getTime();
  };
  const people = names.map((name, at) => ({
    id: fakeId(1, at + 1),
    name,
    title: at === 0 ? 'Maintenance, North Campus' : null,
    orgIds: [fakeId(5, 1)],
    ...noMarks,
    presence: { userId: fakeId(1, at + 1), state: states[at] ?? ('offline' as const) },
    conversationId: fakeId(2, at + 1),
  }));
  return {
    session: {
      state: 'active',
      accountId: fakeId(6, 1),
      userId: me.id,
      deviceId: fakeId(7, 1),
      serverUrl: 'https://messages.example.org',
      email: 'maya.lindqvist@example.org',
      name: me.name,
      orgs: [{ id: fakeId(5, 1), name: 'City Facilities', role: 'owner', groups: 'allowed' }],
      needsSignIn: false,
      keyring: 'stored',
      notices: [],
    },
    account: { status: null, preferences: {} },
    network: defaultNetworkMeta,
    updates: { state: 'idle', version: null, percent: null, checkedAtMs: null, deadline: null },
    accounts: { current: '1', accounts: [] },
    spelling: { languages: ['de', 'en-US', 'fr'], inUse: ['en-US'], refused: [] },
    preferences: defaultPreferences,
    isOffline: false,
    people: [
      ...people,
      {
        id: me.id,
        name: me.name,
        title: 'Technician',
        orgIds: [fakeId(5, 1)],
        ...noMarks,
        presence: { userId: me.id, state: 'online' },
        conversationId: null,
      },
    ],
    conversations: [
      conversation(1, {
        isPinned: true,
        typingNames: ['Priya Nair'],
        lastMessage: last('Thanks', today(10, 24)),
      }),
      conversation(2, { lastMessage: last('Keys are in the lockbox', today(10, 2), 'read') }),
      conversation(3, { failed: 1, lastMessage: last('Loading bay photos', today(9, 12), 'failed') }),
      conversation(4, { unread: 3, lastMessage: last('Are you on site?', today(9, 51)) }),
      conversation(5, {
        draft: 'Could you check the badge reader at the east entrance',
        lastMessage: last('ok', today(8, 0)),
      }),
      conversation(6, {
        unread: 28,
        isMuted: true,
        lastMessage: last('12:15 at the usual place?', today(8, 47)),
      }),
      conversation(7, { lastMessage: last('On my way', nowMs - 26 * 60 * minute, 'delivered') }),
    ],
    metas: {},
    messages: { [fakeId(2, 1)]: sampleMessages(today) },
    unreadFrom: {},
    drafts: {
      [fakeId(2, 5)]: { text: 'Could you check the badge reader at the east entrance', replyTo: null },
    },
    outbox: [],
    scheduled: [],
    saved: [],
    notificationRules: [],
    organization: makeOrganization(),
    typing: { [fakeId(2, 1)]: ['Priya Nair'] },
    hasOlder: false,
    isFirstSync: false,
  };
}

/** I own it; the first person is an admin, everybody works at one site. */
function makeOrganization(): World['organization'] {
  const people = [me.name, ...names].map((name, at): OrgPersonRow => {
    const isPlaced = at === 1;
    return {
      id: fakeId(1, at),
      name,
      title: null,
      role: at === 0 ? 'owner' : at === 1 ? 'admin' : 'member',
      siteIds: isPlaced ? [fakeId(9, 1)] : [],
      unitIds: isPlaced ? [fakeId(9, 2)] : [],
      placeNames: isPlaced ? ['North Campus', 'Boilers'] : [],
      ...noMarks,
      isPending: false,
    };
  });
  const unit = { id: fakeId(9, 2), name: 'Boilers', parentId: null, people: 1, isPending: false, units: [] };
  return {
    people,
    meta: {
      name: 'City Facilities',
      ownRole: 'owner',
      policy: {},
      sites: [{ id: fakeId(9, 1), name: 'North Campus', people: 1, isPending: false, units: [unit] }],
      people: people.length,
      owners: 1,
      found: people.length,
    },
  };
}

function sampleMessages(today: (hour: number, minutes: number) => number): TimelineRow[] {
  const quoted = message(2, today(9, 12), {
    text: 'B2 tripped again at 06:40. Can someone check the sensor?',
  });
  return [
    message(1, today(9, 10), { text: 'Morning' }),
    {
      ...quoted,
      reactions: [
        {
          emoji: '👀',
          userIds: [fakeId(1, 1), fakeId(1, 2)],
          names: ['Priya Nair', 'Tom Becker'],
          isOwn: false,
        },
        { emoji: '🙏', userIds: [me.id], names: [me.name], isOwn: true },
      ],
    },
    message(3, today(9, 15), {
      isOwn: true,
      editedAtMs: today(9, 16),
      text: 'I can be there at 10:30 with the spare sensor.',
      replyTo: { id: quoted.id, senderName: 'Priya Nair', excerpt: quoted.text },
    }),
    message(4, today(10, 6), {
      text: 'The panel just now, see https://example.org/panel. The `door code` changed, **ask reception**.',
    }),
    message(5, today(10, 7), { text: '', isDeleted: true }),
    message(6, today(10, 8), { text: '👏' }),
    message(7, today(10, 21), {
      isOwn: true,
      state: 'delivered',
      text: 'Two weeks of logs. Spikes match the defrost cycle.',
    }),
    message(8, today(10, 21), { isOwn: true, state: 'sent', text: 'One more' }),
    message(9, today(10, 22), {
      isOwn: true,
      seq: null,
      state: 'failed',
      text: 'Loading bay photos',
      error: { code: 'NOT_MEMBER', message: 'You’re no longer a member of this conversation.' },
    }),
    message(10, today(10, 23), {
      isOwn: true,
      seq: null,
      state: 'queued',
      text: 'Door 4 is back to normal.',
    }),
  ];
}

type Source<V extends ViewName> = (
  world: World,
  params: ViewParams<V>,
) => ViewState<ViewTypes[V]['row'], ViewTypes[V]['meta']>;

const sources: { readonly [V in ViewName]: Source<V> } = {
  session: (world) => metaOnly(world.session),
  preferences: (world) => metaOnly(world.preferences),
  connection: (world) =>
    metaOnly({
      state: world.isOffline ? 'offline' : 'connected',
      waiting: world.outbox.filter((row) => row.group !== 'attention').length,
      failed: world.outbox.filter((row) => row.group === 'attention').length,
      lastContactMs: Date.now() - 20 * minute,
      progress: null,
      error: null,
    }),
  conversations: (world, { filter, offset, limit, kind, kinds, hasDraft, placeId }) => {
    const unreadOf = (one: ConversationRow['kind']) =>
      world.conversations.filter((row) => row.kind === one && row.unread > 0 && !row.isMuted).length;
    const ofKind = world.conversations.filter((row) => kind === undefined || row.kind === kind);
    const chosen = ofKind.filter(
      (row) => (!kinds || kinds.includes(row.kind)) && (!hasDraft || row.draft !== null),
    );
    const all = chosen.filter((row) =>
      filter === 'archived'
        ? row.isArchived
        : !row.isArchived && (filter === 'all' || (filter === 'unread' ? row.unread > 0 : row.mentions > 0)),
    );
    return keyed(
      all.slice(offset, offset + limit).map((row) => [row.id, row] as const),
      {
        total: all.length,
        pinned: all.filter((row) => row.isPinned).length,
        unreadConversations: ofKind.filter((row) => row.unread > 0 && !row.isMuted).length,
        unreadMentions: ofKind.filter((row) => row.mentions > 0).length,
        unreadLinked: unreadOf('linked'),
        unreadAnnouncements: unreadOf('announcement'),
        placeName: world.organization.meta.sites.find(({ id }) => id === placeId)?.name ?? null,
        isFirstSync: world.isFirstSync,
      },
    );
  },
  listFilters: (world) => {
    const shown = world.conversations.filter((row) => !row.isArchived);
    const count = (kind: ConversationRow['kind']) => shown.filter((row) => row.kind === kind).length;
    return metaOnly({
      kinds: {
        direct: count('direct'),
        group: count('group'),
        linked: count('linked'),
        announcement: count('announcement'),
      },
      places: world.organization.meta.sites.flatMap(({ id, name, units }) => [
        { id, name, depth: 0, conversations: 1 },
        ...units.map((unit) => ({ id: unit.id, name: unit.name, depth: 1, conversations: 1 })),
      ]),
      drafts: shown.filter((row) => row.draft !== null).length,
      archived: world.conversations.length - shown.length,
    });
  },
  conversation: (world, { conversationId }) => {
    const row = world.conversations.find((each) => each.id === conversationId) ?? null;
    return metaOnly({
      exists: row !== null,
      row,
      members: world.people
        .filter((person) => person.id === row?.peerId || person.id === me.id)
        .map((person) => ({ ...person, role: 'member' as const, isPending: false })),
      ownRole: 'member' as const,
      pins: [],
      rules: { messageTtlMs: null, editWindowMs: null, hasReadReceipts: true, mayBeUrgent: false },
      isClosed: false,
      link: null,
      audience: null,
      siteCount: 0,
      draft: world.drafts[conversationId] ?? null,
      otherDraft: null,
      clearedDraft: null,
      unreadFromSeq: world.unreadFrom[conversationId] ?? null,
      unreadThreads: [],
      places: [],
      receipts: [],
      countsVersion: null,
      canPost: true,
      canonicalId: null,
      ...world.metas[conversationId],
    });
  },
  timeline: (world, { conversationId, at, limit }) => {
    const all = world.messages[conversationId] ?? [];
    const seqOf = (row: TimelineRow) => (row.kind === 'hole' ? row.hi : (row.seq ?? Infinity));
    const middle =
      at.kind === 'end'
        ? all.length
        : at.kind === 'seq'
          ? all.findIndex((row) => seqOf(row) >= at.seq)
          : all.findIndex((row) => row.kind === 'message' && row.id === at.messageId);
    const from =
      at.kind === 'end' ? Math.max(0, all.length - limit) : Math.max(0, middle - Math.floor(limit / 2));
    const part = all.slice(from, from + limit);
    return keyed(
      part.map((row) => [row.kind === 'hole' ? `hole:${row.lo}` : row.id, row] as const),
      {
        conversationId,
        hasOlder: from > 0 || world.hasOlder,
        hasNewer: from + limit < all.length,
        tailSeq: Math.max(0, ...all.map((row) => (row.kind === 'hole' ? row.hi : (row.seq ?? 0)))),
        isFirstLoad: false,
        inThread: null,
      },
    );
  },
  thread: (world, { conversationId, rootId }) =>
    keyed(
      (world.messages[conversationId] ?? []).flatMap((row) =>
        row.kind === 'message' && row.id === rootId ? [[row.id, row] as const] : [],
      ),
      {
        conversationId,
        rootId,
        hasOlder: false,
        unreadFromSeq: null,
        draft: null,
        otherDraft: null,
        clearedDraft: null,
      },
    ),
  typing: (world, { conversationId }) => {
    const typing = world.typing[conversationId] ?? [];
    return metaOnly({ names: typing, userIds: typing.map(() => fakeId(1, 1)) });
  },
  outbox: (world) =>
    keyed(
      world.outbox.map((row) => [row.opId, row] as const),
      { total: world.outbox.length },
    ),
  saved: (world, { conversationId }) => {
    const rows = world.saved.filter((row) => !conversationId || row.conversationId === conversationId);
    return keyed(
      rows.map((row) => [row.messageId, row] as const),
      { total: rows.length },
    );
  },
  notificationRules: (world) =>
    keyed(
      world.notificationRules.map((row) => [row.id, row] as const),
      {},
    ),
  scheduled: (world, { conversationId }) => {
    const rows = world.scheduled.filter((row) => !conversationId || row.conversationId === conversationId);
    return keyed(
      rows.map((row) => [row.messageId, row] as const),
      { refused: rows.filter((row) => row.error !== null).length },
    );
  },
  people: (world, { query, limit }) => {
    const hits = world.people.filter((person) => person.name.toLowerCase().includes(query.toLowerCase()));
    return keyed(
      hits.slice(0, limit).map((person) => [person.id, person] as const),
      { total: hits.length },
    );
  },
  organization: (world, { query, limit }) => {
    const { meta, people } = world.organization;
    const hits = people.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
    return keyed(
      hits.slice(0, limit).map((person) => [person.id, person] as const),
      { ...meta, found: hits.length },
    );
  },
  switcher: (world, { query }) => {
    const hits = world.people.filter((person) => person.name.toLowerCase().includes(query.toLowerCase()));
    return keyed(
      hits.map((person) => [
        person.id,
        {
          kind: 'person' as const,
          id: person.id,
          title: person.name,
          detail: person.title ?? '',
          unread: 0,
          presence: person.presence,
        },
      ]),
      { query },
    );
  },
  account: (world) => metaOnly(world.account),
  devices: devicesState,
  about: aboutState,
  updates: (world) => metaOnly(world.updates),
  accounts: (world) => metaOnly(world.accounts),
  network: (world) => metaOnly(world.network),
  spelling: (world) => metaOnly(world.spelling),
};

/** Views over a world. */
export function worldSource(world: World): ViewSource {
  return (name, params) => sources[name](world, params);
}
