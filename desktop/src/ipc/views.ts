// long-file: the table of all views with their rows; what belongs to one feature stands beside it already.
/**
 * Live views: what the renderer may see. Owns the parameters and the rows of every view. Views are computed by the
 * core from the cache and the outbox; the renderer keeps no other copy and no business rule.
 */
import { z } from 'zod';
import type {
  accountEntrySchemas,
  OrgRole,
  Policy,
  PreferencesEntry,
} from '@curlew/shared/domain/entries.ts';
import type { Audience, ConversationLink } from '@curlew/shared/domain/message.ts';
import { uuidSchema, watermarkSchema } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import type { AccountsMeta } from './accounts.ts';
import type { AboutMeta, DeviceRow, SpellingMeta, UpdatesMeta } from './settings-views.ts';
import type {
  MentionPlace,
  MessageRow,
  PersonMarks,
  SendState,
  ThreadMeta,
  TimelineRow,
  UnreadThread,
} from './message-rows.ts';
import type { ConversationRules, TimelineMeta } from './timeline-rows.ts';
import { notificationPreferences, type NotificationRuleRow } from './notifications.ts';
import { keptViews, type DraftState, type OutboxRow, type SavedRow, type ScheduledRow } from './writing.ts';
import type { NetworkMeta } from './network.ts';
import { languages } from './languages.ts';

const none = z.strictObject({});

/** Which conversations of the list; what is absent narrows nothing. */
const listChoices = {
  /** of this site or unit, if there is one of this id */
  placeId: uuidSchema.optional(),
  /** of one of these kinds */
  kinds: z
    .array(z.enum(['direct', 'group', 'linked', 'announcement']))
    .min(1)
    .max(4)
    .optional(),
  /** of one of these sites and units, of those there are */
  placeIds: z.array(uuidSchema).min(1).max(limits.placesPerPerson).optional(),
  /** with a draft */
  hasDraft: z.literal(true).optional(),
} as const;

/** Parameters of each view. */
export const viewParams = {
  /** Who is signed in, and what stands in the way. One row-less view. */
  session: none,
  /** The connection chip. */
  connection: none,
  /** The conversation list, a range of it. */
  conversations: z.strictObject({
    filter: z.enum(['all', 'unread', 'mentions', 'archived']),
    offset: z.int().min(0),
    limit: z.int().min(1).max(200),
    /** only conversations of this kind; absent: all */
    kind: z.enum(['linked', 'announcement']).optional(),
    /** only of this organization; absent: of all */
    orgId: uuidSchema.optional(),
    ...listChoices,
  }),
  /** What the list can be filtered by, with how many conversations there are of each, in the archive none but its own. */
  listFilters: z.strictObject({
    kind: z.enum(['linked', 'announcement']).optional(),
    orgId: uuidSchema.optional(),
    placeId: uuidSchema.optional(),
  }),
  /** Header, members, draft and receipts of one conversation. */
  conversation: z.strictObject({ conversationId: uuidSchema }),
  /**
   * Messages of one conversation: the newest `limit` (`end`), or `limit` around a position or a message. The renderer
   * re-opens with other parameters to move; a range the cache lacks comes as a hole row and is fetched.
   */
  timeline: z.strictObject({
    conversationId: uuidSchema,
    at: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('end') }),
      z.strictObject({ kind: z.literal('seq'), seq: watermarkSchema }),
      z.strictObject({ kind: z.literal('message'), messageId: uuidSchema }),
    ]),
    limit: z.int().min(1).max(400),
  }),
  /** A message and the newest `limit` replies of its thread. */
  thread: z.strictObject({
    conversationId: uuidSchema,
    rootId: uuidSchema,
    limit: z.int().min(1).max(400),
  }),
  /** Who types in a conversation. */
  typing: z.strictObject({ conversationId: uuidSchema }),
  /** Everything that waits, failed or needs an answer, over all conversations. */
  outbox: none,
  ...keptViews,
  /** People I can write to. */
  people: z.strictObject({
    query: z.string().max(200),
    limit: z.int().min(1).max(200),
    /** only of this organization; absent: of all */
    orgId: uuidSchema.optional(),
  }),
  /** An organization: its people (those whose name has the query, at most `limit`), its places and its rules. */
  organization: z.strictObject({
    orgId: uuidSchema,
    query: z.string().max(200),
    limit: z.int().min(1).max(200),
  }),
  /** Conversations and people for the switcher, best first. */
  switcher: z.strictObject({ query: z.string().max(200) }),
  /** What my devices share about me: the presence I chose, and who sees what. */
  account: none,
  /** My devices; needs the network, says so otherwise. */
  devices: none,
  /** Conversations that notify otherwise than this device. */
  notificationRules: none,
  /** Preferences of this device. */
  preferences: none,
  /** What the app runs on. */
  about: none,
  /** Whether there is a newer version, and how far it is. */
  updates: none,
  /** The accounts of this profile. */
  accounts: none,
  /** Through which proxy servers are reached, and whom this device trusts. */
  network: none,
  /** What spell checking can do here, and does. */
  spelling: none,
} as const;

/** Name of a view. */
export type ViewName = keyof typeof viewParams;
/** Parameters of one view. */
export type ViewParams<V extends ViewName> = z.infer<(typeof viewParams)[V]>;

/** An organization I am in. `groups`: whether I may make groups there, or why not. */
export interface OwnOrg {
  readonly id: string;
  readonly name: string;
  readonly role: OrgRole;
  readonly groups: 'allowed' | 'guest' | 'policy';
}

/** What the session view says. `signedOut.dataKept` tells that messages can still be read. */
export type SessionMeta =
  | { readonly state: 'none'; readonly lastServerUrl: string | null }
  | { readonly state: 'starting' }
  | {
      readonly state: 'active';
      readonly accountId: string;
      readonly userId: string;
      readonly deviceId: string;
      readonly serverUrl: string;
      readonly email: string;
      readonly name: string;
      /** Organizations I am in, alphabetically. */
      readonly orgs: readonly OwnOrg[];
      /** The sign-in is gone (revoked or reused); reading and composing go on, sending waits. */
      readonly needsSignIn: boolean;
      /**
       * No keyring: the sign-in lasts for this run only, or the question is still open (`ask`). `silent`: the keyring
       * does not answer; it is asked again.
       */
      readonly keyring: 'stored' | 'thisRunOnly' | 'ask' | 'silent';
      /** Problems of the local files a person must know of. */
      readonly notices: readonly Notice[];
    };

/** A lasting notice, with what to do about it. */
export interface Notice {
  readonly id: string;
  readonly kind:
    | 'diskFull'
    | 'accountUnsaved'
    | 'cacheRebuilt'
    | 'outboxSalvaged'
    | 'outboxFromCopy'
    | 'serverRestored'
    | 'updateRequired'
    | 'deviceCloned';
  readonly detail?: string | undefined;
}

/** What the connection chip shows. `lastContactMs`: last word from the server. */
export interface ConnectionMeta {
  readonly state: 'idle' | 'connected' | 'updating' | 'offline' | 'signInAgain' | 'updateRequired' | 'fenced';
  /** Messages and other actions that wait to be sent. */
  readonly waiting: number;
  /** Messages that failed for good or ask a question. */
  readonly failed: number;
  readonly lastContactMs: number | null;
  /** Catch-up progress while `updating`: logs done and in all. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Why the last attempt failed, when it did. */
  readonly error: ErrorBody | null;
}

/** One row of the conversation list. */
export interface ConversationRow {
  readonly id: string;
  readonly kind: 'direct' | 'group' | 'linked' | 'announcement';
  readonly isPrivate: boolean;
  readonly title: string;
  /** The other person of a direct conversation. */
  readonly peerId: string | null;
  readonly peerMarks: PersonMarks | null;
  readonly presence: Presence | null;
  readonly lastMessage: {
    readonly id: string;
    readonly text: string | null;
    readonly senderId: string;
    readonly senderName: string;
    readonly isOwn: boolean;
    readonly atMs: number;
    readonly state: SendState | null;
  } | null;
  readonly draft: string | null;
  readonly failed: number;
  /** Unread messages, those of followed threads included. */
  readonly unread: number;
  /** Mentions among them. */
  readonly mentions: number;
  /** How many of them are replies in threads. */
  readonly threadUnread: number;
  /** It has something unread that counts on the badge. */
  readonly isNotifying: boolean;
  readonly isPinned: boolean;
  readonly isMuted: boolean;
  readonly isArchived: boolean;
  readonly typingNames: readonly string[];
  /** What a linked conversation's item is called in its own system; null for other kinds. */
  readonly itemId: string | null;
}

/** Everything about the list that is not a row. */
export interface ConversationsMeta {
  readonly total: number;
  readonly pinned: number;
  /** Conversations with unread messages that notify, for the badge; of the kind that was asked for. */
  readonly unreadConversations: number;
  readonly unreadMentions: number;
  /** The same of every linked conversation and every announcement channel, whatever this view shows. */
  readonly unreadLinked: number;
  readonly unreadAnnouncements: number;
  /** Name of the site or unit that was asked for; null: none was, or it is gone, and nothing is narrowed to it. */
  readonly placeName: string | null;
  /** First synchronisation of this device: nothing is cached yet. */
  readonly isFirstSync: boolean;
}

/** A site, or a unit of one (`depth` 1, inside another unit more), with its conversations. */
export interface PlaceFilter {
  readonly id: string;
  readonly name: string;
  readonly depth: number;
  readonly conversations: number;
}

/** How many conversations each filter of the list finds by itself. */
export interface ListFiltersMeta {
  readonly kinds: Readonly<Record<ConversationRow['kind'], number>>;
  /** As a tree is read aloud; of the scope that was asked for, what is inside it. */
  readonly places: readonly PlaceFilter[];
  readonly drafts: number;
  readonly archived: number;
}

/** A person as views show them. */
export interface PersonRow extends PersonMarks {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly orgIds: readonly string[];
  readonly presence: Presence | null;
  /** The direct conversation with this person, when there is one. */
  readonly conversationId: string | null;
}

/** A person in a conversation. `isPending`: added or made something here, and the server does not know it yet. */
export interface MemberRow extends PersonRow {
  readonly role: 'owner' | 'moderator' | 'member';
  readonly isPending: boolean;
}

/** Header and details of one conversation. */
export interface ConversationMeta extends DraftState {
  readonly exists: boolean;
  readonly row: ConversationRow | null;
  readonly members: readonly MemberRow[];
  /** What I am in it; null when I am not in it (any more). */
  readonly ownRole: MemberRow['role'] | null;
  /** Pinned messages, newest pin first, as far as this device holds them. */
  readonly pins: readonly {
    readonly messageId: string;
    readonly excerpt: string;
    readonly senderName: string;
  }[];
  readonly rules: ConversationRules;
  /** Closed by those who run it: nobody can write. */
  readonly isClosed: boolean;
  /** The item of a linked conversation. */
  readonly link: ConversationLink | null;
  /** Whom an announcement channel reaches, and to how many sites they belong. */
  readonly audience: { readonly scope: Audience['scope']; readonly name: string | null } | null;
  readonly siteCount: number;
  /** First unread message when the conversation was opened; the divider stands before it. Null: none. */
  readonly unreadFromSeq: number | null;
  /** Followed threads with unread replies, the one with the newest message first. */
  readonly unreadThreads: readonly UnreadThread[];
  /** Sites and units that people in this conversation belong to: what a text here can mention beside them. */
  readonly places: readonly MentionPlace[];
  readonly receipts: readonly {
    readonly userId: string;
    readonly deliveredSeq: number;
    readonly readSeq: number;
  }[];
  /** In a crowd `receipts` is empty and this moves whenever its counts do; null where members are few. */
  readonly countsVersion: number | null;
  readonly canPost: boolean;
  /** This conversation moved to another id (created on two sides at once); show that one instead. */
  readonly canonicalId: string | null;
}

/** Somebody in an organization. `isPending`: something about them was changed here and the server does not know it yet. */
export interface OrgPersonRow {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly role: OrgRole;
  /** Sites and units they belong to, of those that exist. */
  readonly siteIds: readonly string[];
  readonly unitIds: readonly string[];
  /** Names of the same. */
  readonly placeNames: readonly string[];
  /** Out of it, while role, places and groups are kept. */
  readonly isDeactivated: boolean;
  readonly isBot: boolean;
  readonly isPending: boolean;
}

/** A unit of a site with the units inside it. */
export interface OrgUnit {
  readonly id: string;
  readonly name: string;
  /** The unit it is inside of, if any. */
  readonly parentId: string | null;
  /** How many people belong to it, not counting those of units inside. */
  readonly people: number;
  readonly isPending: boolean;
  readonly units: readonly OrgUnit[];
}

/** A site of an organization. */
export type OrgSite = Omit<OrgUnit, 'parentId'>;

/** What an organization is, with what was changed here over it. */
export interface OrganizationMeta {
  readonly name: string;
  /** What I am in it; null when I am not in it (any more). */
  readonly ownRole: OrgRole | null;
  readonly policy: Policy;
  readonly sites: readonly OrgSite[];
  /** Everybody, owners among them, and those the query found. */
  readonly people: number;
  readonly owners: number;
  readonly found: number;
}

/** A hit of the switcher. */
export interface SwitcherRow {
  readonly kind: 'conversation' | 'person';
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly unread: number;
  readonly presence: Presence | null;
}

/** My account as my devices share it, with what was changed here over it. */
export interface AccountMeta {
  /** The presence chosen, until its time; null: online while connected. */
  readonly status: Readonly<z.infer<typeof accountEntrySchemas.status>> | null;
  readonly preferences: Readonly<PreferencesEntry>;
}

/** The keys of `showShortcut`, in Electron's words, which on macOS have Command for `CommandOrControl`. */
export const SHOW_SHORTCUT = 'CommandOrControl+Shift+Space';

/** Preferences of this device; kept by main, so that the theme is right before the first paint. */
export const preferencesSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  contrast: z.enum(['system', 'normal', 'high']),
  density: z.enum(['comfortable', 'compact']),
  motion: z.enum(['system', 'reduced']),
  messageScale: z.union([z.literal(0.87), z.literal(1), z.literal(1.13), z.literal(1.27), z.literal(1.4)]),
  sendWith: z.enum(['enter', 'ctrlEnter']),
  language: z.enum(['system', ...languages]),
  ...notificationPreferences,
  /** Links being written are looked at for their previews. */
  linkPreviews: z.boolean(),
  /** {@link SHOW_SHORTCUT} shows the window, whatever program has the focus. */
  showShortcut: z.boolean(),
  /** Spelling is checked in the languages of the system, or in those chosen below. */
  spelling: z.enum(['off', 'system', 'chosen']),
  spellingLanguages: z.array(z.string().max(20)).max(20),
  /** The tour of the first minutes was finished or skipped. */
  tourSeen: z.boolean(),
});
/** See {@link preferencesSchema}. */
export type Preferences = z.infer<typeof preferencesSchema>;

/** Rows and meta of each view. */
export interface ViewTypes {
  session: { row: never; meta: SessionMeta };
  connection: { row: never; meta: ConnectionMeta };
  conversations: { row: ConversationRow; meta: ConversationsMeta };
  listFilters: { row: never; meta: ListFiltersMeta };
  conversation: { row: never; meta: ConversationMeta };
  timeline: { row: TimelineRow; meta: TimelineMeta };
  thread: {
    row: MessageRow;
    meta: ThreadMeta;
  };
  typing: { row: never; meta: { readonly names: readonly string[]; readonly userIds: readonly string[] } };
  outbox: { row: OutboxRow; meta: { readonly total: number } };
  scheduled: { row: ScheduledRow; meta: { readonly refused: number } };
  saved: { row: SavedRow; meta: { readonly total: number } };
  people: { row: PersonRow; meta: { readonly total: number } };
  organization: { row: OrgPersonRow; meta: OrganizationMeta };
  switcher: { row: SwitcherRow; meta: { readonly query: string } };
  account: { row: never; meta: AccountMeta };
  devices: {
    row: DeviceRow;
    meta: { readonly state: 'loading' | 'ready' | 'failed'; readonly error: ErrorBody | null };
  };
  notificationRules: { row: NotificationRuleRow; meta: Readonly<Record<string, never>> };
  preferences: { row: never; meta: Preferences };
  about: { row: never; meta: AboutMeta };
  updates: { row: never; meta: UpdatesMeta };
  accounts: { row: never; meta: AccountsMeta };
  network: { row: never; meta: NetworkMeta };
  spelling: { row: never; meta: SpellingMeta };
}
