/**
 * People: names and who can be written to, from the organisations' entries. Owns one name per person whatever the
 * organisation, and the alphabetical directory, which is built when somebody asks for it and kept until people change.
 */
import { orgEntrySchemas } from '@curlew/shared/domain/entries.ts';
import type { Person } from '@curlew/shared/domain/entries.ts';
import type { PersonMarks } from '../../../ipc/message-rows.ts';
import { foldText } from '@curlew/shared/domain/search.ts';
import type { Sqlite } from '../sqlite.ts';
import type { OutboxReads } from './outbox-reads.ts';
import { isEffective } from './overlay.ts';

/** A person of the directory. */
export interface DirectoryPerson {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly orgIds: readonly string[];
  /** The name as it is searched. */
  readonly folded: string;
}

interface EntryColumns {
  readonly logId: string;
  readonly key: string;
  readonly value: string;
}

/** A person's role in an organisation, as far as it matters here. */
interface Role {
  readonly logId: string;
  readonly isPaused: boolean;
}

/** See the head of this file. */
export class People {
  readonly #userId: string;
  readonly #outbox: OutboxReads;
  readonly #byKey;
  readonly #range;
  readonly #collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  readonly #persons = new Map<string, Person | null>();
  readonly #roles = new Map<string, readonly Role[]>();
  #everybody: readonly DirectoryPerson[] | null = null;

  constructor(db: Sqlite, userId: string, outbox: OutboxReads) {
    this.#userId = userId;
    this.#outbox = outbox;
    this.#byKey = db.prepare<[key: string], EntryColumns>(
      'SELECT log_id AS logId, key, value FROM entry WHERE key = ? ORDER BY log_id',
    );
    this.#range = db.prepare<[from: string, to: string], EntryColumns>(
      'SELECT log_id AS logId, key, value FROM entry WHERE key > ? AND key < ? ORDER BY key, log_id',
    );
  }

  /** Somebody joined, left or changed: everything is read anew when next asked for. */
  forget(): void {
    this.#persons.clear();
    this.#roles.clear();
    this.#everybody = null;
  }

  /** The name to show; empty while the person is not known here. */
  nameOf(userId: string): string {
    return this.#person(userId)?.name ?? '';
  }

  titleOf(userId: string): string | null {
    return this.#person(userId)?.title ?? null;
  }

  /** What is said beside the name; `orgId`: in which organisation, null: in all that the person and I share. */
  marksOf(userId: string, orgId: string | null): PersonMarks {
    const roles = this.#rolesOf(userId).filter(({ logId }) => orgId === null || logId === orgId);
    return {
      isBot: this.#person(userId)?.isBot === true,
      isDeactivated: roles.length > 0 && roles.every(({ isPaused }) => isPaused),
    };
  }

  /** Organisations that a person and I are both in, as far as their roles are known here. */
  orgIdsOf(userId: string): readonly string[] {
    return this.#rolesOf(userId)
      .filter(({ isPaused }) => !isPaused)
      .map(({ logId }) => logId);
  }

  /** Everybody I can write to, alphabetically. */
  directory(): readonly DirectoryPerson[] {
    return this.everybody().filter(({ orgIds }) => orgIds.length > 0);
  }

  /** The same with those who left every organisation of mine. */
  everybody(): readonly DirectoryPerson[] {
    return (this.#everybody ??= this.#readEverybody());
  }

  #rolesOf(userId: string): readonly Role[] {
    const known = this.#roles.get(userId);
    if (known) return known;
    const read = this.#byKey
      .all(`role:${userId}`)
      .map(({ logId, value }) => ({ logId, isPaused: isDeactivated(value) }));
    this.#roles.set(userId, read);
    return read;
  }

  #person(userId: string): Person | null {
    const known = this.#persons.get(userId);
    if (known !== undefined) return known;
    const row = this.#byKey.get(`person:${userId}`);
    const person = this.#pendingSelf(userId) ?? (row ? parsePerson(JSON.parse(row.value)) : null);
    this.#persons.set(userId, person);
    return person;
  }

  // My own profile is the one I may change: it shows as I set it, unless that was refused.
  #pendingSelf(userId: string): Person | null {
    const item = userId === this.#userId ? this.#outbox.pendingOrgEntry(`person:${userId}`) : undefined;
    return item?.op.kind === 'org.set' && isEffective(item) ? parsePerson(item.op.value) : null;
  }

  #readEverybody(): readonly DirectoryPerson[] {
    const orgIds = new Map<string, string[]>();
    for (const { key, logId, value } of this.#range.all('role:', 'role;')) {
      if (isDeactivated(value)) continue;
      const id = key.slice('role:'.length);
      orgIds.set(id, [...(orgIds.get(id) ?? []), logId]);
    }
    const ids = new Set(orgIds.keys());
    for (const { key, value } of this.#range.all('person:', 'person;')) {
      const id = key.slice('person:'.length);
      ids.add(id);
      if (!this.#persons.has(id)) this.#persons.set(id, parsePerson(JSON.parse(value)));
    }
    ids.delete(this.#userId);
    return [...ids]
      .map((id) => {
        const name = this.nameOf(id);
        return { id, name, title: this.titleOf(id), orgIds: orgIds.get(id) ?? [], folded: foldText(name) };
      })
      .sort((a, b) => this.#collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
  }
}

function parsePerson(value: unknown): Person | null {
  const parsed = orgEntrySchemas.person.safeParse(value);
  return parsed.success ? parsed.data : null;
}

// Asked for everybody at once, so the common entry is not parsed.
function isDeactivated(role: string): boolean {
  return (
    role.includes('deactivated') &&
    orgEntrySchemas.role.safeParse(JSON.parse(role)).data?.deactivated === true
  );
}
