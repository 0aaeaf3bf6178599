/**
 * Rows of the table `thread`: which threads of a conversation may have something unread. Owns how heads, events and
 * reads on other devices change them; the caller's transaction commits them. The rows say where to look, not what is
 * unread: that is counted when a view asks (`views/thread-unread.ts`).
 */
import type { Head } from '@curlew/shared/protocol/sync.ts';
import type { Sqlite } from './sqlite.ts';

/** See the head of this file. */
export class ThreadRows {
  readonly #sql;

  constructor(db: Sqlite) {
    this.#sql = {
      // The server's word replaces the one before; what happened since stays to be looked at.
      unname: db.prepare(
        'UPDATE thread SET unread = 0, mentions = 0, base_seq = 0 WHERE conversation_id = ? AND unread > 0',
      ),
      name: db.prepare(
        `INSERT INTO thread (root_id, conversation_id, read_seq, base_seq, unread, mentions)
         VALUES (@rootId, @conversationId, 0, @readSeq, @unread, @mentions)
         ON CONFLICT (root_id) DO UPDATE SET base_seq = excluded.base_seq, unread = excluded.unread,
           mentions = excluded.mentions`,
      ),
      // A followed thread that heads do not name has nothing unread up to there.
      drop: db.prepare('DELETE FROM thread WHERE conversation_id = ? AND unread = 0 AND touched_seq <= ?'),
      touch: db.prepare(
        `INSERT INTO thread (root_id, conversation_id, touched_seq)
         SELECT @rootId, @conversationId, @seq FROM log WHERE id = @conversationId AND unread_as_of < @seq
         ON CONFLICT (root_id) DO UPDATE SET touched_seq = max(touched_seq, excluded.touched_seq)`,
      ),
      // Not touched by it: without anything new in it, heads may forget the row.
      read: db.prepare(
        `INSERT INTO thread (root_id, conversation_id, read_seq) VALUES (@rootId, @conversationId, @readSeq)
         ON CONFLICT (root_id) DO UPDATE SET read_seq = max(read_seq, excluded.read_seq)`,
      ),
      clear: db.prepare('DELETE FROM thread WHERE conversation_id = ?'),
    };
  }

  /** Takes what a head says of a conversation's threads; true when something may look different now. */
  putHead({ id: conversationId, threads, asOf }: Head): boolean {
    let changes = this.#sql.unname.run(conversationId).changes;
    for (const thread of threads) changes += this.#sql.name.run({ ...thread, conversationId }).changes;
    return changes + this.#sql.drop.run(conversationId, asOf).changes > 0;
  }

  /** Something happened in a thread at a position the heads did not speak of yet. */
  touch(conversationId: string, rootId: string, seq: number): void {
    this.#sql.touch.run({ conversationId, rootId, seq });
  }

  /** Another of my devices read a thread. */
  raiseRead(conversationId: string, rootId: string, readSeq: number): void {
    this.#sql.read.run({ conversationId, rootId, readSeq });
  }

  /** Forgets a conversation's threads. */
  clear(conversationId: string): void {
    this.#sql.clear.run(conversationId);
  }
}
