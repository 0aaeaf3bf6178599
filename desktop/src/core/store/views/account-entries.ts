/**
 * My account's entries as views see them: pins, mutes, archive, marks, hidden messages, synced drafts. Owns the
 * overlay of what this device set but the account log does not show yet over the cached entries.
 */
import { accountEntrySchemas } from '@curlew/shared/domain/entries.ts';
import type { z } from 'zod';
import type { Sqlite } from '../sqlite.ts';
import type { OutboxItem } from '../store-types.ts';
import type { CacheReads } from './cache-reads.ts';
import type { OutboxReads } from './outbox-reads.ts';
import { isEffective } from './overlay.ts';

type Schemas = typeof accountEntrySchemas;
/** Prefix of an account entry's key. */
export type EntryPrefix = keyof Schemas;
/** Value of the entries of one prefix. */
export type EntryValue<P extends EntryPrefix> = z.infer<Schemas[P]>;

// Enough for every setting a person makes while offline; drafts are replaced, not added.
const SENT_LIMIT = 1_000;

/** See the head of this file. */
export class AccountEntries {
  readonly #userId: string;
  readonly #cache: CacheReads;
  readonly #outbox: OutboxReads;
  readonly #one;
  readonly #range;
  #pending: ReadonlyMap<string, unknown> | null = null;

  constructor(db: Sqlite, userId: string, cache: CacheReads, outbox: OutboxReads) {
    this.#userId = userId;
    this.#cache = cache;
    this.#outbox = outbox;
    this.#one = db.prepare<[logId: string, key: string], { readonly value: string }>(
      'SELECT value FROM entry WHERE log_id = ? AND key = ?',
    );
    this.#range = db.prepare<
      [logId: string, from: string, to: string],
      { readonly key: string; readonly value: string }
    >('SELECT key, value FROM entry WHERE log_id = ? AND key > ? AND key < ?');
  }

  /** The outbox or the account log changed: what is pending is read anew when next asked for. */
  forget(): void {
    this.#pending = null;
  }

  /** The value under `prefix:id`, or null. */
  value<P extends EntryPrefix>(prefix: P, id: string): EntryValue<P> | null {
    const key = `${prefix}:${id}`;
    const pending = this.#pendingValues();
    if (pending.has(key)) return parsed(prefix, pending.get(key));
    const row = this.#one.get(this.#userId, key);
    return row ? parsed(prefix, JSON.parse(row.value)) : null;
  }

  /** Whether this device set `prefix:id` and the account log does not say so yet. */
  isPending(prefix: EntryPrefix, id: string): boolean {
    return this.#pendingValues().has(`${prefix}:${id}`);
  }

  /**
   * What this device did to messages and the account log does not say yet: those of a conversation it hid, and those of
   * any conversation it shows again.
   */
  pendingHidden(conversationId: string): {
    readonly hidden: ReadonlySet<string>;
    readonly shown: readonly string[];
  } {
    const hidden = new Set<string>();
    const shown: string[] = [];
    for (const [key, value] of this.#pendingValues()) {
      if (!key.startsWith('hidden:')) continue;
      const messageId = key.slice('hidden:'.length);
      const entry = parsed('hidden', value);
      if (entry === null) shown.push(messageId);
      else if (entry.conversationId === conversationId) hidden.add(messageId);
    }
    return { hidden, shown };
  }

  /** All entries of a prefix by id. */
  all<P extends EntryPrefix>(prefix: P): ReadonlyMap<string, EntryValue<P>> {
    const values = new Map<string, EntryValue<P>>();
    const put = (key: string, value: unknown): void => {
      const id = key.slice(prefix.length + 1);
      const entry = parsed(prefix, value);
      if (entry === null) values.delete(id);
      else values.set(id, entry);
    };
    // ';' follows ':' in ASCII, so this range is exactly the keys of the prefix.
    for (const row of this.#range.all(this.#userId, `${prefix}:`, `${prefix};`))
      put(row.key, JSON.parse(row.value));
    for (const [key, value] of this.#pendingValues()) if (key.startsWith(`${prefix}:`)) put(key, value);
    return values;
  }

  #pendingValues(): ReadonlyMap<string, unknown> {
    return (this.#pending ??= this.#readPending());
  }

  #readPending(): ReadonlyMap<string, unknown> {
    const tail = this.#cache.tail(this.#userId);
    const isUnseen = (item: OutboxItem): boolean =>
      isEffective(item) && (item.seq === null || item.seq > tail) && !this.#cache.isApplied(item.opId);
    const items = [
      ...[...this.#outbox.sentBeyond(this.#userId, tail, SENT_LIMIT)].reverse(),
      ...this.#outbox.laneItems(this.#userId, 0).filter(isUnseen),
    ];
    return new Map(
      items.flatMap(({ op }) => (op.kind === 'account.set' ? [[op.key, op.value ?? null] as const] : [])),
    );
  }
}

// Entries were checked when they entered the cache or the outbox; a later version may have written one that this
// version does not know, which then counts as absent.
function parsed<P extends EntryPrefix>(prefix: P, value: unknown): EntryValue<P> | null {
  if (value === null || value === undefined) return null;
  const result = accountEntrySchemas[prefix].safeParse(value);
  return result.success ? (result.data as EntryValue<P>) : null;
}
