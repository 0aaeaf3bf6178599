/**
 * The conversation list's index: which conversations exist, in which order, and the counts over all of them. Owns the
 * order (pinned by rank, then waiting messages as composed, then latest activity) and keeps it by moving single
 * entries, so that a message costs the same whether there are ten conversations or ten thousand.
 */

import type { ConversationKind } from '@curlew/shared/domain/message.ts';

/** What of a conversation decides its place and the counts. */
export interface ListEntry {
  readonly id: string;
  readonly kind: ConversationKind;
  readonly orgId: string;
  /** Rank of the pin, lower stands first; null: not pinned. */
  readonly pinRank: number | null;
  /** Composing order of the newest message that waits to be sent; null: none waits. */
  readonly pendingN: number | null;
  /** Server time of the newest visible message, else of the creation. */
  readonly activityMs: number;
  readonly isArchived: boolean;
  readonly isMuted: boolean;
  /** What of it notifies. */
  readonly notify: 'all' | 'mentions' | 'none';
  /** Unread messages, without those of threads. */
  readonly unread: number;
  /** Mentions among what is unread, threads included. */
  readonly mentions: number;
  /** Unread replies in threads I follow. */
  readonly threadUnread: number;
}

/** Kinds with a section of their own. */
export type SectionKind = Extract<ConversationKind, 'linked' | 'announcement'>;
const sectionKinds: readonly SectionKind[] = ['linked', 'announcement'];

/** A part of the list: of one kind, of one organisation, of both, or (both absent) everything; `only` narrows it further. */
export interface ListScope {
  readonly kind?: SectionKind | undefined;
  readonly orgId?: string | undefined;
  readonly only?: Narrowing | undefined;
}

/** A choice among conversations. What it includes changes only with the entry, or {@link ListIndex.dropNarrowed} is told. */
export interface Narrowing {
  /** Two of the same key include the same. */
  readonly key: string;
  includes(entry: ListEntry): boolean;
}

/** Narrowed parts kept in step at once; the one unused for longest goes, and is made anew when it is asked for. */
const NARROWED = 8;

/** Tabs of the list. */
export type ListFilter = 'all' | 'unread' | 'mentions' | 'archived';

/** Counts over everything but the archive. */
export interface ListCounts {
  readonly unreadConversations: number;
  readonly unreadMentions: number;
}

const filters: Readonly<Record<ListFilter, (entry: ListEntry) => boolean>> = {
  all: (entry) => !entry.isArchived,
  unread: (entry) => !entry.isArchived && unreadOf(entry) > 0,
  mentions: (entry) => !entry.isArchived && entry.mentions > 0,
  archived: (entry) => entry.isArchived,
};
const filterNames = Object.keys(filters) as readonly ListFilter[];

/** Waiting messages as composed, then latest activity. Total: equal activity is decided by id. */
export function compareActivity(a: ListEntry, b: ListEntry): number {
  return (
    (b.pendingN ?? -1) - (a.pendingN ?? -1) ||
    b.activityMs - a.activityMs ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** The order of the list: pins by rank, then the others. */
export function compareEntries(a: ListEntry, b: ListEntry): number {
  return (a.pinRank ?? Number.MAX_VALUE) - (b.pinRank ?? Number.MAX_VALUE) || compareActivity(a, b);
}

/** Everything unread in a conversation. */
export function unreadOf(entry: Pick<ListEntry, 'unread' | 'threadUnread'>): number {
  return entry.unread + entry.threadUnread;
}

/** Whether the conversation counts on the badge: it has something unread that notifies. */
export function notifies(entry: ListEntry): boolean {
  if (entry.isMuted || entry.isArchived || entry.notify === 'none') return false;
  return (entry.notify === 'all' ? unreadOf(entry) : entry.mentions + entry.threadUnread) > 0;
}

/** Entries of one scope in order, by tab, with the counts over them. */
class Scope {
  readonly sorted: Readonly<Record<ListFilter, ListEntry[]>> = {
    all: [],
    unread: [],
    mentions: [],
    archived: [],
  };
  unreadConversations = 0;
  unreadMentions = 0;

  fill(inOrder: readonly ListEntry[]): void {
    this.unreadConversations = 0;
    this.unreadMentions = 0;
    for (const entry of inOrder) this.#count(entry, 1);
    for (const name of filterNames) {
      this.sorted[name].splice(0, this.sorted[name].length, ...inOrder.filter(filters[name]));
    }
  }

  /** The whole scope, the archive behind the rest. */
  everything(): readonly ListEntry[] {
    return [...this.sorted.all, ...this.sorted.archived];
  }

  put(entry: ListEntry): void {
    this.#count(entry, 1);
    for (const name of filterNames) {
      if (filters[name](entry)) this.sorted[name].splice(positionOf(this.sorted[name], entry), 0, entry);
    }
  }

  remove(entry: ListEntry): void {
    this.#count(entry, -1);
    for (const name of filterNames) {
      if (filters[name](entry)) this.sorted[name].splice(positionOf(this.sorted[name], entry), 1);
    }
  }

  #count(entry: ListEntry, sign: 1 | -1): void {
    if (notifies(entry)) this.unreadConversations += sign;
    if (!entry.isArchived && entry.mentions > 0) this.unreadMentions += sign;
  }
}

/** A scope of chosen entries. It knows which it holds: what speaks for one may have changed when it leaves. */
class NarrowedScope extends Scope {
  readonly #includes: (entry: ListEntry) => boolean;
  readonly #ids: Set<string>;

  constructor(entries: Iterable<ListEntry>, includes: (entry: ListEntry) => boolean) {
    super();
    this.#includes = includes;
    const held = [...entries].filter(includes).sort(compareEntries);
    this.#ids = new Set(held.map(({ id }) => id));
    this.fill(held);
  }

  override put(entry: ListEntry): void {
    if (!this.#includes(entry)) return;
    this.#ids.add(entry.id);
    super.put(entry);
  }

  override remove(entry: ListEntry): void {
    if (this.#ids.delete(entry.id)) super.remove(entry);
  }
}

/** See the head of this file. */
export class ListIndex {
  readonly #entries = new Map<string, ListEntry>();
  /** By key; a scope begins with its first entry. */
  readonly #scopes = new Map<string, Scope>();
  /** By key, the one used last at the end. */
  readonly #narrowed = new Map<string, NarrowedScope>();

  /** Starts over with these entries; cheaper than putting them one by one. */
  fill(entries: readonly ListEntry[]): void {
    this.#entries.clear();
    this.#scopes.clear();
    this.#narrowed.clear();
    const parts = new Map<string, ListEntry[]>();
    for (const entry of [...entries].sort(compareEntries)) {
      this.#entries.set(entry.id, entry);
      for (const key of scopesOf(entry)) {
        const part = parts.get(key);
        if (part) part.push(entry);
        else parts.set(key, [entry]);
      }
    }
    for (const [key, part] of parts) this.#scope(key).fill(part);
  }

  /** Puts an entry in its place, moving it when it was known. */
  put(entry: ListEntry): void {
    this.remove(entry.id);
    this.#entries.set(entry.id, entry);
    for (const key of scopesOf(entry)) this.#scope(key).put(entry);
    for (const part of this.#narrowed.values()) part.put(entry);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    for (const key of scopesOf(entry)) this.#scope(key).remove(entry);
    for (const part of this.#narrowed.values()) part.remove(entry);
  }

  /** What narrowings go by has changed beside the entries. */
  dropNarrowed(): void {
    this.#narrowed.clear();
  }

  find(id: string): ListEntry | undefined {
    return this.#entries.get(id);
  }

  /** All entries, in no order. */
  entries(): Iterable<ListEntry> {
    return this.#entries.values();
  }

  /** Part of a tab. */
  page(filter: ListFilter, offset: number, limit: number, scope: ListScope = {}): readonly ListEntry[] {
    return this.#part(scope).sorted[filter].slice(offset, offset + limit);
  }

  total(filter: ListFilter, scope: ListScope = {}): number {
    return this.#part(scope).sorted[filter].length;
  }

  /** How many of a tab are pinned; they stand first. */
  pinned(filter: ListFilter, scope: ListScope = {}): number {
    const entries = this.#part(scope).sorted[filter];
    const firstUnpinned = entries.findIndex((entry) => entry.pinRank === null);
    return firstUnpinned < 0 ? entries.length : firstUnpinned;
  }

  counts(scope: ListScope = {}): ListCounts {
    const { unreadConversations, unreadMentions } = this.#part(scope);
    return { unreadConversations, unreadMentions };
  }

  #part({ orgId, kind, only }: ListScope): Scope {
    const key = keyOf(orgId ?? '', kind ?? '');
    if (only === undefined) return this.#scope(key);
    const narrowedKey = `${key} ${only.key}`;
    const part =
      this.#narrowed.get(narrowedKey) ??
      new NarrowedScope(
        this.#scope(key).everything(),
        (entry) =>
          (orgId === undefined || entry.orgId === orgId) &&
          (kind === undefined || entry.kind === kind) &&
          only.includes(entry),
      );
    this.#narrowed.delete(narrowedKey);
    this.#narrowed.set(narrowedKey, part);
    const [oldest] = this.#narrowed.keys();
    if (this.#narrowed.size > NARROWED && oldest !== undefined) this.#narrowed.delete(oldest);
    return part;
  }

  #scope(key: string): Scope {
    const known = this.#scopes.get(key);
    if (known) return known;
    const made = new Scope();
    this.#scopes.set(key, made);
    return made;
  }
}

const keyOf = (orgId: string, kind: string): string => `${orgId} ${kind}`;

function scopesOf({ orgId, kind }: ListEntry): readonly string[] {
  const whole = [keyOf('', ''), keyOf(orgId, '')];
  return sectionKinds.some((section) => section === kind)
    ? [...whole, keyOf('', kind), keyOf(orgId, kind)]
    : whole;
}

// First position whose entry does not stand before `entry`: where it is, or where it belongs.
function positionOf(list: readonly ListEntry[], entry: ListEntry): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = list[middle];
    if (other && compareEntries(other, entry) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
