/**
 * Sites and units of conversations. A conversation is of the places its people belong to, without me; an announcement
 * channel of those it reaches. Who belongs to a unit belongs to the units around it and to its site. Read when
 * somebody first asks, then only for changed conversations.
 */
import { namedPeople } from '@curlew/shared/protocol/ops.ts';
import type { OrgUnit } from '../../../ipc/views.ts';
import type { Sqlite } from '../sqlite.ts';
import type { CacheReads } from './cache-reads.ts';
import type { ListEntry } from './list-index.ts';
import type { OrgEntries } from './org-entries.ts';
import { siteTrees } from './org-places.ts';
import type { OutboxReads } from './outbox-reads.ts';

/** A site, or a unit below it; `depth`: 0 for a site, 1 for its units, 2 for those inside them, … */
export interface KnownPlace {
  readonly id: string;
  readonly name: string;
  readonly depth: number;
}

interface Organisation {
  /** As a tree is read aloud: each site, then what is inside it. */
  readonly places: readonly KnownPlace[];
  /** Every place with those around it, itself first. */
  readonly around: ReadonlyMap<string, readonly string[]>;
  readonly placesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

const nowhere: ReadonlySet<string> = new Set();

/** See the head of this file. */
export class ConversationPlaces {
  readonly #userId: string;
  readonly #cache: CacheReads;
  readonly #outbox: OutboxReads;
  readonly #orgEntries: (orgId: string) => OrgEntries;
  readonly #logs;
  readonly #with;
  readonly #organisations = new Map<string, Organisation>();
  readonly #stale = new Set<string>();
  #byConversation: Map<string, ReadonlySet<string>> | null = null;

  constructor(
    db: Sqlite,
    userId: string,
    cache: CacheReads,
    outbox: OutboxReads,
    orgEntries: (orgId: string) => OrgEntries,
  ) {
    this.#userId = userId;
    this.#cache = cache;
    this.#outbox = outbox;
    this.#orgEntries = orgEntries;
    this.#logs = db.prepare<[], { readonly id: string }>(`SELECT id FROM log WHERE kind = 'org'`);
    this.#with = db.prepare<[userId: string, orgId: string], { readonly id: string }>(
      `SELECT c.id FROM member m JOIN conversation c ON c.id = m.conversation_id
       WHERE m.user_id = ? AND c.org_id = ? AND c.kind <> 'announcement'
         AND (m.left_seq IS NULL OR c.kind = 'direct')`,
    );
  }

  /** People or places changed: everything is read anew when next asked for. */
  forgetAll(): void {
    this.#organisations.clear();
    this.#byConversation = null;
    this.#stale.clear();
  }

  /** A conversation changed. */
  forget(conversationId: string): void {
    if (this.#byConversation) this.#stale.add(conversationId);
  }

  /** The places of a conversation. */
  of({ id, kind }: Pick<ListEntry, 'id' | 'kind'>): ReadonlySet<string> {
    const known = (this.#byConversation ??= this.#readAll());
    const wasChanged = this.#stale.delete(id);
    const held = wasChanged ? undefined : known.get(id);
    if (held) return held;
    // The reading of all finds those with somebody placed in them; whom a channel reaches stands in its settings.
    const isUnplaced = !wasChanged && kind !== 'announcement' && this.#cache.orgIdOf(id) !== null;
    const read = isUnplaced ? nowhere : this.#read(id);
    known.set(id, read);
    return read;
  }

  /** Every place of an organisation, or (absent) of all of mine. */
  known(orgId?: string): readonly KnownPlace[] {
    const ids = orgId === undefined ? this.#logs.all().map(({ id }) => id) : [orgId];
    return ids.flatMap((id) => this.#organisation(id).places);
  }

  /** A place and those inside it, in order; empty when there is no such place. */
  within(placeId: string, orgId?: string): readonly KnownPlace[] {
    const places = this.known(orgId);
    const at = places.findIndex(({ id }) => id === placeId);
    const depth = places[at]?.depth ?? 0;
    const after = places.findIndex((place, index) => index > at && place.depth <= depth);
    return at < 0 ? [] : places.slice(at, after < 0 ? undefined : after);
  }

  #readAll(): Map<string, ReadonlySet<string>> {
    this.#stale.clear();
    const all = new Map<string, Set<string>>();
    for (const { id: orgId } of this.#logs.all()) {
      for (const [userId, places] of this.#organisation(orgId).placesOf) {
        if (userId === this.#userId) continue;
        for (const { id } of this.#with.all(userId, orgId)) {
          const held = all.get(id) ?? new Set<string>();
          for (const place of places) held.add(place);
          all.set(id, held);
        }
      }
    }
    return all;
  }

  #read(id: string): ReadonlySet<string> {
    const facts = this.#cache.conversation(id) ?? this.#createdHere(id);
    if (!facts) return nowhere;
    const { around, placesOf, places } = this.#organisation(facts.orgId);
    const { audience } = facts;
    if (audience?.scope === 'org') return new Set(places.map((place) => place.id));
    if (audience) {
      const inside = this.within(audience.id, facts.orgId).map((place) => place.id);
      return new Set([...(around.get(audience.id) ?? []), ...inside]);
    }
    const people = 'people' in facts ? facts.people : this.#people(id, facts.kind === 'direct');
    const others = people.filter((userId) => userId !== this.#userId);
    return new Set(others.flatMap((userId) => [...(placesOf.get(userId) ?? nowhere)]));
  }

  #createdHere(id: string) {
    const op = this.#outbox.pendingCreate(id)?.op;
    if (op?.kind !== 'conversation.create') return undefined;
    const audience = op.conversationKind === 'announcement' ? op.audience : null;
    return { orgId: op.orgId, audience, people: namedPeople(op) };
  }

  // A direct conversation stays with whom it was, also while they are deactivated.
  #people(id: string, isDirect: boolean): readonly string[] {
    const members = this.#cache.members(id);
    return members.flatMap(({ userId, leftSeq }) => (leftSeq === null || isDirect ? [userId] : []));
  }

  #organisation(orgId: string): Organisation {
    const known = this.#organisations.get(orgId);
    if (known) return known;
    const read = readOrganisation(this.#orgEntries(orgId));
    this.#organisations.set(orgId, read);
    return read;
  }
}

function readOrganisation(entries: OrgEntries): Organisation {
  const places: KnownPlace[] = [];
  const around = new Map<string, readonly string[]>();
  const add = (units: readonly OrgUnit[], outer: readonly string[]): void => {
    for (const { id, name, units: inner } of units) {
      const here = [id, ...outer];
      places.push({ id, name, depth: outer.length });
      around.set(id, here);
      add(inner, here);
    }
  };
  add(
    siteTrees(entries).map((site) => ({ ...site, parentId: null })),
    [],
  );
  const placesOf = new Map(
    [...entries.all('places')].map(([userId, { value }]) => [
      userId,
      new Set([...value.siteIds, ...value.unitIds].flatMap((id) => around.get(id) ?? [])),
    ]),
  );
  return { places, around, placesOf };
}
