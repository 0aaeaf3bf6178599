/**
 * Which threads I follow. Who wrote a thread's root or a reply, or is named in either, follows it, from there on. Owns
 * that rule as far as the cache holds the thread; what it does not hold, heads have said.
 */
import type { Sqlite } from '../sqlite.ts';

/** Whether a row of `message` names one of the ids that come as JSON for the `?`. */
export const NAMES_ME = `mentions <> '[]' AND EXISTS (SELECT 1 FROM json_each(mentions)
  WHERE json_each.value IN (SELECT value FROM json_each(?)))`;

/** The first message of a thread. */
export interface ThreadRoot {
  readonly senderId: string;
  readonly seq: number;
  readonly isNaming: number;
}

/** See the head of this file. */
export class ThreadFollowing {
  readonly #userId: string;
  readonly #root;
  readonly #firstOwn;
  readonly #firstNaming;

  constructor(db: Sqlite, userId: string) {
    this.#userId = userId;
    this.#root = db.prepare<[names: string, rootId: string], ThreadRoot>(
      `SELECT sender_id AS senderId, create_seq AS seq, ${NAMES_ME} AS isNaming FROM message WHERE id = ?`,
    );
    this.#firstOwn = db.prepare<[rootId: string, userId: string], { readonly seq: number }>(
      'SELECT create_seq AS seq FROM message WHERE thread_root_id = ? AND sender_id = ? ORDER BY create_seq LIMIT 1',
    );
    this.#firstNaming = db.prepare<[rootId: string, names: string], { readonly seq: number }>(
      `SELECT create_seq AS seq FROM message WHERE thread_root_id = ? AND ${NAMES_ME} ORDER BY create_seq LIMIT 1`,
    );
  }

  /**
   * The root, if it is held.
   * @param names the ids that name me there, as JSON
   */
  root(rootId: string, names: string): ThreadRoot | undefined {
    return this.#root.get(names, rootId);
  }

  /** From which position on I follow a thread, as far as it is held; null: not at all. */
  since(rootId: string, root: ThreadRoot | undefined, names: string): number | null {
    const isRootMine = root && (root.senderId === this.#userId || root.isNaming === 1);
    if (isRootMine) return root.seq;
    const own = this.#firstOwn.get(rootId, this.#userId)?.seq ?? Number.MAX_SAFE_INTEGER;
    const naming = this.#firstNaming.get(rootId, names)?.seq ?? Number.MAX_SAFE_INTEGER;
    const since = Math.min(own, naming - 1);
    return since >= Number.MAX_SAFE_INTEGER - 1 ? null : since;
  }
}
