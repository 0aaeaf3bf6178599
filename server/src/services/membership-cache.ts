/**
 * Member lists by memberVersion. Owns a bounded cache that is never trusted to be new: the append function compares the
 * version that authorisation saw, and fan-out asks for a list at least as new as the commit's.
 */
import type { Pool } from 'pg';
import {
  findConversationAccess,
  findOrgAccess,
  type ConversationAccess,
  type OrgAccess,
} from '../repositories/access-repository.ts';

/** Most lists kept; a direct conversation's is some 600 bytes. */
const CAPACITY = 20_000;

/** See the head of this file. */
export class MembershipCache {
  readonly #pool: Pool;
  readonly #conversations = new VersionedCache<ConversationAccess>();
  readonly #orgs = new VersionedCache<OrgAccess>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The conversation's members, at least as of `minVersion`; undefined when there is no such conversation. */
  conversation(id: string, minVersion = 0): Promise<ConversationAccess | undefined> {
    return this.#conversations.get(id, minVersion, () => findConversationAccess(this.#pool, id));
  }

  /** The organisation's members, at least as of `minVersion`; undefined when there is no such organisation. */
  org(id: string, minVersion = 0): Promise<OrgAccess | undefined> {
    return this.#orgs.get(id, minVersion, () => findOrgAccess(this.#pool, id));
  }

  /** Drops a list that turned out to be old. */
  forget(id: string): void {
    this.#conversations.forget(id);
    this.#orgs.forget(id);
  }
}

class VersionedCache<T extends { readonly memberVersion: number }> {
  readonly #values = new Map<string, T>();
  readonly #loading = new Map<string, Promise<T | undefined>>();

  async get(id: string, minVersion: number, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const kept = this.#values.get(id);
    if (kept && kept.memberVersion >= minVersion) return kept;
    const loading = await this.#load(id, load);
    // A load that began before the commit may be older than it; one begun now cannot be.
    return loading && loading.memberVersion < minVersion ? this.#load(id, load) : loading;
  }

  forget(id: string): void {
    this.#values.delete(id);
    this.#loading.delete(id);
  }

  #load(id: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const running = this.#loading.get(id);
    if (running) return running;
    const started = load()
      .then((value) => {
        const kept = this.#values.get(id);
        if (value && (!kept || kept.memberVersion <= value.memberVersion)) this.#keep(id, value);
        return value;
      })
      .finally(() => {
        if (this.#loading.get(id) === started) this.#loading.delete(id);
      });
    this.#loading.set(id, started);
    return started;
  }

  #keep(id: string, value: T): void {
    this.#values.delete(id);
    this.#values.set(id, value);
    if (this.#values.size <= CAPACITY) return;
    const oldest = this.#values.keys().next();
    if (!oldest.done) this.#values.delete(oldest.value);
  }
}
