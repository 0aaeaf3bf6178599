/**
 * Everything views may read of one account: both files, and what is kept in memory of them. Owns the order in which
 * commits reach those models: they hear of a changed key before any view is asked.
 */
import { directPeerOf } from '@curlew/shared/protocol/ops.ts';
import type { NotificationLevel } from '../../../ipc/notifications.ts';
import type { Clock } from '../../ports.ts';
import type { Sqlite } from '../sqlite.ts';
import type { Outbox } from '../store-types.ts';
import { AccountEntries } from './account-entries.ts';
import { createCacheReads, type CacheReads } from './cache-reads.ts';
import { ConversationList } from './conversation-list.ts';
import { ConversationPlaces } from './conversation-places.ts';
import { MentionNames } from './mention-names.ts';
import { createOrgEntries, type OrgEntries } from './org-entries.ts';
import { createOwnOrgs, type OwnOrgs } from './own-orgs.ts';
import { createOutboxReads, type OutboxReads } from './outbox-reads.ts';
import { overlayOf, type Overlay } from './overlay.ts';
import { People } from './people.ts';
import { UnreadCounts } from './unread-counts.ts';
import type { ViewKey } from './view.ts';
import { VisibleMessages } from './visible-messages.ts';

/** The account that is signed in, with its open files. */
export interface LiveAccount {
  readonly userId: string;
  readonly cacheDb: Sqlite;
  readonly outboxDb: Sqlite;
  readonly outbox: Pick<Outbox, 'counts'>;
}

/** See the head of this file. */
export class AccountReads {
  readonly userId: string;
  readonly cache: CacheReads;
  readonly outbox: OutboxReads;
  readonly entries: AccountEntries;
  readonly people: People;
  readonly mentions: MentionNames;
  readonly messages: VisibleMessages;
  readonly list: ConversationList;
  /** Sites and units of conversations. */
  readonly places: ConversationPlaces;
  /** What an organisation has set, read anew with each call. */
  readonly orgEntries: (orgId: string) => OrgEntries;
  /** The organisations I am in, read anew with each call. */
  readonly ownOrgs: OwnOrgs;
  readonly #counts: Pick<Outbox, 'counts'>;
  #createdWith: ReadonlyMap<string, string> | null = null;

  /** @param level what notifies where a conversation has no setting of its own */
  constructor(account: LiveAccount, clock: Clock, level: () => NotificationLevel) {
    this.userId = account.userId;
    this.#counts = account.outbox;
    this.cache = createCacheReads(account.cacheDb, account.userId);
    this.outbox = createOutboxReads(account.outboxDb);
    this.entries = new AccountEntries(account.cacheDb, account.userId, this.cache, this.outbox);
    this.orgEntries = createOrgEntries(account.cacheDb, account.outboxDb);
    this.ownOrgs = createOwnOrgs(account.cacheDb, account.outboxDb, account.userId);
    this.people = new People(account.cacheDb, account.userId, this.outbox);
    this.messages = new VisibleMessages(this.cache, this.entries);
    this.mentions = new MentionNames(account.cacheDb, account.userId, this.people);
    const { cache, outbox, entries, messages, mentions } = this;
    const counts = new UnreadCounts(account.cacheDb, cache, outbox, mentions, account.userId);
    this.places = new ConversationPlaces(account.cacheDb, account.userId, cache, outbox, this.orgEntries);
    this.list = new ConversationList(cache, outbox, entries, messages, counts, mentions, clock, level);
  }

  /** A commit named this key: what is kept in memory of it is read anew when next asked for. */
  noteChange(key: ViewKey): void {
    // Pending entries live in the outbox and end with the account log, whose keys name what they are about.
    this.entries.forget();
    this.#createdWith = null;
    if (key === 'people') {
      this.people.forget();
      this.places.forgetAll();
      this.list.dropNarrowed();
    }
    // Sites, units and who belongs to them are among what `session` stands for.
    if (key === 'people' || key === 'session') this.mentions.forget();
    const [scope, id] = splitKey(key);
    if (id === undefined || (scope !== 'conversation' && scope !== 'messages')) return;
    this.list.forget(id);
    if (scope === 'conversation') this.places.forget(id);
  }

  /** Where a conversation created here is to be found now; itself when it never moved. */
  canonicalIdOf(conversationId: string): string {
    return this.outbox.canonicalIdOf(conversationId) ?? conversationId;
  }

  /** The direct conversation with a person, also one created here that the server has not confirmed; null: none. */
  directConversationWith(userId: string): string | null {
    const cached = this.cache.directWith(userId);
    if (cached !== undefined) return cached;
    this.#createdWith ??= new Map(
      this.outbox.lanes().flatMap((lane) => {
        const peerId = directPeerOf(this.outbox.pendingCreate(lane)?.op);
        return peerId === null ? [] : [[peerId, lane] as const];
      }),
    );
    return this.#createdWith.get(userId) ?? null;
  }

  outboxCounts(): { readonly waiting: number; readonly failed: number } {
    return this.#counts.counts();
  }

  /** What the outbox adds to a conversation: its newest `limit` sends and every change that waits. */
  overlay(conversationId: string, limit: number): Overlay {
    const tail = this.cache.tail(conversationId);
    const isUnseen = (item: { readonly opId: string; readonly seq: number | null }): boolean =>
      (item.seq === null || item.seq > tail) && !this.cache.isApplied(item.opId);
    const waiting = this.outbox.laneItems(conversationId, limit).filter(isUnseen);
    const known = new Set(waiting.map(({ opId }) => opId));
    const sent = this.outbox.sentBeyond(conversationId, tail, limit).filter(({ opId }) => !known.has(opId));
    return overlayOf([...sent, ...waiting], (messageId) => this.cache.seqOf(messageId) !== undefined);
  }
}

/** A key as its scope and the id behind it, when it has one. */
export function splitKey(key: ViewKey): readonly [scope: string, id: string | undefined] {
  const colon = key.indexOf(':');
  return colon < 0 ? [key, undefined] : [key.slice(0, colon), key.slice(colon + 1)];
}
