/**
 * What the ids in a list of mentions stand for: people, everybody in a conversation, sites and units. Owns which of them
 * name me, and the words they are shown by.
 */
import { orgEntrySchemas } from '@curlew/shared/domain/entries.ts';
import { EVERYONE_WORD, HERE, HERE_WORD } from '@curlew/shared/domain/message.ts';
import type { MentionPlace, MentionRow } from '../../../ipc/message-rows.ts';
import type { Sqlite } from '../sqlite.ts';
import type { People } from './people.ts';

/** See the head of this file. */
export class MentionNames {
  readonly #userId: string;
  readonly #people: People;
  readonly #entries;
  readonly #range;
  readonly #byOrg = new Map<string, readonly MentionPlace[]>();
  #ownPlaces: readonly string[] | null = null;

  constructor(db: Sqlite, userId: string, people: People) {
    this.#userId = userId;
    this.#people = people;
    this.#entries = db.prepare<[key: string], { readonly value: string }>(
      'SELECT value FROM entry WHERE key = ?',
    );
    this.#range = db.prepare<
      [logId: string, from: string, to: string],
      { readonly key: string; readonly value: string }
    >('SELECT key, value FROM entry WHERE log_id = ? AND key > ? AND key < ?');
  }

  /** An organisation's entries changed: they are read anew when next asked for. */
  forget(): void {
    this.#ownPlaces = null;
    this.#byOrg.clear();
  }

  /** Every id that names me in a conversation; only the conversation's own differs from one to the next. */
  own(conversationId: string): readonly string[] {
    return [this.#userId, HERE, conversationId, ...this.ownPlaces()];
  }

  /** My sites and units, of those there are; the same list until one changes. */
  ownPlaces(): readonly string[] {
    return (this.#ownPlaces ??= this.#readPlaces());
  }

  /** The mentions of a message as its row carries them; ids nothing is known of here are left out. */
  rows(conversationId: string, ids: readonly string[]): readonly MentionRow[] {
    if (ids.length === 0) return [];
    const own = new Set(this.own(conversationId));
    return ids.flatMap((id) => {
      const name = this.#nameOf(id, conversationId);
      return name === '' ? [] : [{ id, name, isOwn: own.has(id) }];
    });
  }

  /** Sites and units of an organisation that any of these people belong to, by name. */
  places(orgId: string | null, memberIds: readonly string[]): readonly MentionPlace[] {
    if (orgId === null) return [];
    const known = this.#placesOf(orgId);
    if (known.length === 0) return known;
    const members = new Set(memberIds);
    return known
      .map((place) => ({ ...place, memberIds: place.memberIds.filter((id) => members.has(id)) }))
      .filter((place) => place.memberIds.length > 0);
  }

  #nameOf(id: string, conversationId: string): string {
    if (id === conversationId) return EVERYONE_WORD;
    if (id === HERE) return HERE_WORD;
    return this.#people.nameOf(id) || this.#placeName(id);
  }

  #placeName(id: string): string {
    for (const prefix of ['site', 'unit'] as const) {
      for (const { value } of this.#entries.all(`${prefix}:${id}`)) {
        const parsed = orgEntrySchemas[prefix].safeParse(JSON.parse(value));
        if (parsed.success) return parsed.data.name;
      }
    }
    return '';
  }

  #placesOf(orgId: string): readonly MentionPlace[] {
    const known = this.#byOrg.get(orgId);
    if (known) return known;
    const read = this.#readPlacesOf(orgId);
    this.#byOrg.set(orgId, read);
    return read;
  }

  #readPlacesOf(orgId: string): readonly MentionPlace[] {
    // ';' follows ':' in ASCII, so a range is exactly the keys of a prefix.
    const entries = (prefix: string): readonly (readonly [id: string, value: unknown])[] =>
      this.#range
        .all(orgId, `${prefix}:`, `${prefix};`)
        .map(({ key, value }) => [key.slice(prefix.length + 1), JSON.parse(value)] as const);
    const people = new Map<string, string[]>();
    for (const [userId, value] of entries('places')) {
      const parsed = orgEntrySchemas.places.safeParse(value);
      if (!parsed.success) continue;
      for (const id of [...parsed.data.siteIds, ...parsed.data.unitIds]) {
        people.set(id, [...(people.get(id) ?? []), userId]);
      }
    }
    const places = (['site', 'unit'] as const).flatMap((kind) =>
      entries(kind).flatMap(([id, value]): MentionPlace[] => {
        const parsed = orgEntrySchemas[kind].safeParse(value);
        return parsed.success ? [{ id, name: parsed.data.name, kind, memberIds: people.get(id) ?? [] }] : [];
      }),
    );
    return places.sort((a, b) => a.name.localeCompare(b.name));
  }

  #readPlaces(): readonly string[] {
    const ids = this.#entries.all(`places:${this.#userId}`).flatMap(({ value }) => {
      const parsed = orgEntrySchemas.places.safeParse(JSON.parse(value));
      return parsed.success ? [...parsed.data.siteIds, ...parsed.data.unitIds] : [];
    });
    return ids.filter((id) => this.#placeName(id) !== '').sort();
  }
}
