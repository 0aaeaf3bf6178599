/**
 * Which conversations there are, in order: the list index kept in step with the two files. Owns how log, settings,
 * pending ops and read marks become a {@link ListEntry}. Built once with a few range reads, then only the entries of
 * changed conversations are read again.
 */
import { covers } from '@curlew/shared/lib/intervals.ts';
import type { NotificationLevel } from '../../../ipc/notifications.ts';
import { defaultLevel } from '../../notification-rule.ts';
import type { Clock } from '../../ports.ts';
import type { AccountEntries, EntryValue } from './account-entries.ts';
import type { CacheReads, LogFacts } from './cache-reads.ts';
import { ListIndex, type ListEntry } from './list-index.ts';
import type { OutboxReads } from './outbox-reads.ts';
import type { MentionNames } from './mention-names.ts';
import { readUpTo } from './unread.ts';
import type { ThreadCount, UnreadCounts } from './unread-counts.ts';
import type { VisibleMessages } from './visible-messages.ts';

/** Changed conversations above which the list is read anew: a single one costs as much as about ten in a row. */
const REFILL_ABOVE = 500;

/** Where the parts of an entry come from: single reads for one conversation, maps for all of them. */
interface EntrySource {
  pin(id: string): EntryValue<'pin'> | null;
  mute(id: string): EntryValue<'mute'> | null;
  isArchived(id: string): boolean;
  notify(id: string): EntryValue<'notify'> | null;
  hasThreads(id: string): boolean;
  readSeq(id: string): number;
  waiting(id: string): number | null;
  /** Server time of the newest visible message, 0 without one. */
  activityMs(log: LogFacts): number;
}

/** A conversation with something unread: where that begins (null: only in threads), and the same of its threads. */
export interface Unread {
  readonly conversationId: string;
  readonly fromSeq: number | null;
  readonly threads: readonly { readonly rootId: string; readonly fromSeq: number }[];
}

/** See the head of this file. */
export class ConversationList {
  readonly #cache: CacheReads;
  readonly #outbox: OutboxReads;
  readonly #entries: AccountEntries;
  readonly #messages: VisibleMessages;
  readonly #counts: UnreadCounts;
  readonly #names: MentionNames;
  readonly #clock: Clock;
  readonly #level: () => NotificationLevel;
  readonly #index = new ListIndex();
  readonly #stale = new Set<string>();
  /** Ends of mutes that are over some day, by conversation. */
  readonly #mutedUntilMs = new Map<string, number>();
  readonly #titles = new Map<string, string>();
  #isFilled = false;
  /** The places the counts were made with: with others, other mentions are mine. */
  #placesCounted: readonly string[] = [];

  constructor(
    cache: CacheReads,
    outbox: OutboxReads,
    entries: AccountEntries,
    messages: VisibleMessages,
    counts: UnreadCounts,
    names: MentionNames,
    clock: Clock,
    level: () => NotificationLevel,
  ) {
    this.#cache = cache;
    this.#outbox = outbox;
    this.#entries = entries;
    this.#messages = messages;
    this.#counts = counts;
    this.#names = names;
    this.#clock = clock;
    this.#level = level;
  }

  /** The index as of now. */
  index(): ListIndex {
    // After a beat that names them all, reading everything once is cheaper than each by itself.
    const places = this.#names.ownPlaces();
    const isSame = places === this.#placesCounted || places.join() === this.#placesCounted.join();
    this.#placesCounted = places;
    if (!this.#isFilled || !isSame || this.#stale.size > REFILL_ABOVE) this.#fill();
    const nowMs = this.#clock.nowMs();
    for (const [id, untilMs] of this.#mutedUntilMs) if (untilMs <= nowMs) this.#stale.add(id);
    if (this.#stale.size > 0) {
      const source = this.#singleReads();
      for (const id of this.#stale) this.#refresh(id, source);
      this.#stale.clear();
    }
    return this.#index;
  }

  /** Titles of the conversations that have one of their own. */
  titles(): ReadonlyMap<string, string> {
    this.index();
    return this.#titles;
  }

  /** What parts of the list are chosen by has changed. */
  dropNarrowed(): void {
    this.#index.dropNarrowed();
  }

  /** One conversation changed. */
  forget(id: string): void {
    if (this.#isFilled) this.#stale.add(id);
  }

  /** All of it is read anew when next asked for. */
  forgetAll(): void {
    this.#isFilled = false;
  }

  /**
   * Position of the first unread message, for the divider; null when there is none. Where it is not held, the position
   * after the last one read: the hole there is part of what is unread.
   */
  firstUnread(id: string): number | null {
    const log = this.#cache.log(id);
    const unread = this.index().find(id)?.unread ?? 0;
    if (!log || unread === 0) return null;
    const base = readUpTo(Math.max(log.readSeq, this.#outbox.readSeq(id)), this.#markOf(log));
    const from = Math.max(base, log.floorSeq) + 1;
    const held = this.#cache.firstUnread(id, base) ?? from;
    return covers(this.#cache.coverage(id), { lo: from, hi: held }) ? held : from;
  }

  /** Everything that is unread, archived and muted conversations included. */
  unread(): readonly Unread[] {
    return [...this.index().entries()].flatMap(({ id: conversationId, unread, threadUnread }) => {
      if (unread + threadUnread === 0) return [];
      const threads = threadUnread === 0 ? [] : this.threads(conversationId);
      const fromSeq = this.firstUnread(conversationId);
      return [
        {
          conversationId,
          fromSeq,
          threads: threads.map(({ rootId, readSeq }) => ({ rootId, fromSeq: readSeq + 1 })),
        },
      ];
    });
  }

  /** The followed threads of a conversation that have something unread. */
  threads(id: string): readonly ThreadCount[] {
    const log = this.#cache.log(id);
    return log ? this.#counts.threads(log) : [];
  }

  #fill(): void {
    this.#stale.clear();
    this.#mutedUntilMs.clear();
    this.#titles.clear();
    const source = this.#bulkReads();
    const cached = this.#cache.logs();
    const entries = cached.map((log) => this.#entryOf(log, source));
    const known = new Set(cached.map(({ id }) => id));
    for (const lane of this.#outbox.lanes()) {
      const entry = known.has(lane) ? undefined : this.#createdHere(lane);
      if (entry) entries.push(entry);
    }
    this.#index.fill(entries);
    this.#isFilled = true;
  }

  #refresh(id: string, source: EntrySource): void {
    this.#mutedUntilMs.delete(id);
    this.#titles.delete(id);
    const log = this.#cache.log(id);
    const entry = log?.createdAt == null ? this.#createdHere(id) : this.#entryOf(log, source);
    if (entry) this.#index.put(entry);
    else this.#index.remove(id);
  }

  #entryOf(log: LogFacts, source: EntrySource): ListEntry {
    const { id } = log;
    if (log.title !== null) this.#titles.set(id, log.title);
    const count = this.#counts.conversation(log, source.readSeq(id), this.#markOf(log));
    const threads = source.hasThreads(id) ? this.#counts.threads(log) : [];
    return {
      id,
      kind: log.conversationKind ?? 'direct',
      orgId: log.orgId ?? '',
      pinRank: source.pin(id)?.rank ?? null,
      pendingN: source.waiting(id),
      activityMs: source.activityMs(log) || (log.createdAt ?? 0),
      isArchived: source.isArchived(id),
      isMuted: this.#isMuted(id, source.mute(id)),
      notify: source.notify(id)?.level ?? defaultLevel(this.#level(), log.conversationKind ?? 'direct'),
      unread: count.unread,
      mentions: threads.reduce((sum, thread) => sum + thread.mentions, count.mentions),
      threadUnread: threads.reduce((sum, thread) => sum + thread.unread, 0),
    };
  }

  // A conversation created on this device that the cache does not have yet stands where its creation was composed.
  #createdHere(id: string): ListEntry | undefined {
    const create = this.#outbox.pendingCreate(id);
    if (create?.op.kind !== 'conversation.create' || this.#outbox.canonicalIdOf(id) !== null)
      return undefined;
    return {
      id,
      kind: create.op.conversationKind,
      orgId: create.op.orgId,
      pinRank: this.#entries.value('pin', id)?.rank ?? null,
      pendingN: this.#outbox.newestWaiting(id) ?? create.n,
      activityMs: create.composedAtMs,
      isArchived: this.#entries.value('archive', id) !== null,
      isMuted: this.#isMuted(id, this.#entries.value('mute', id)),
      notify:
        this.#entries.value('notify', id)?.level ?? defaultLevel(this.#level(), create.op.conversationKind),
      unread: 0,
      mentions: 0,
      threadUnread: 0,
    };
  }

  #isMuted(id: string, mute: EntryValue<'mute'> | null): boolean {
    if (!mute) return false;
    if (mute.untilMs === null) return true;
    if (mute.untilMs <= this.#clock.nowMs()) return false;
    this.#mutedUntilMs.set(id, mute.untilMs);
    return true;
  }

  #newestVisibleMs(id: string): number {
    return this.#messages.newest(id)?.createdAt ?? 0;
  }

  // "Unread from here" is an entry of my account; reading past it removes the entry.
  #markOf(log: LogFacts): number | null {
    return this.#entries.value('unread', log.id)?.fromSeq ?? null;
  }

  #singleReads(): EntrySource {
    return {
      pin: (id) => this.#entries.value('pin', id),
      mute: (id) => this.#entries.value('mute', id),
      isArchived: (id) => this.#entries.value('archive', id) !== null,
      notify: (id) => this.#entries.value('notify', id),
      hasThreads: () => true,
      readSeq: (id) => this.#outbox.readSeq(id),
      waiting: (id) => this.#outbox.newestWaiting(id),
      activityMs: ({ id }) => this.#newestVisibleMs(id),
    };
  }

  #bulkReads(): EntrySource {
    const pins = this.#entries.all('pin');
    const mutes = this.#entries.all('mute');
    const archived = this.#entries.all('archive');
    const levels = this.#entries.all('notify');
    const withThreads = this.#counts.withThreads();
    const readSeqs = this.#outbox.readSeqs();
    const lanes = new Set(this.#outbox.lanes());
    // Where something is deleted for me, the newest message of the log may not be the newest I see.
    const hidden = new Set([...this.#entries.all('hidden').values()].map((entry) => entry.conversationId));
    return {
      pin: (id) => pins.get(id) ?? null,
      mute: (id) => mutes.get(id) ?? null,
      isArchived: (id) => archived.has(id),
      notify: (id) => levels.get(id) ?? null,
      hasThreads: (id) => withThreads.has(id),
      readSeq: (id) => readSeqs.get(id) ?? 0,
      waiting: (id) => (lanes.has(id) ? this.#outbox.newestWaiting(id) : null),
      activityMs: ({ id, activityAt }) => (hidden.has(id) ? this.#newestVisibleMs(id) : activityAt),
    };
  }
}
