/**
 * The `conv_alias` table: conversations created here that exist under another id. Owns the resolution of ids.
 */
import type { Sqlite } from '../store/sqlite.ts';

/** The `conv_alias` table. */
export class AliasRows {
  readonly #sql;

  constructor(db: Sqlite) {
    this.#sql = {
      find: db.prepare<[string], { id: string }>(
        'SELECT canonical_id AS id FROM conv_alias WHERE local_id = ?',
      ),
      set: db.prepare('INSERT OR REPLACE INTO conv_alias (local_id, canonical_id) VALUES (?, ?)'),
    };
  }

  /** The id to use for a conversation; itself when it has no other. */
  resolve(conversationId: string): string {
    return this.#sql.find.get(conversationId)?.id ?? conversationId;
  }

  set(localId: string, canonicalId: string): void {
    this.#sql.set.run(localId, canonicalId);
  }
}
