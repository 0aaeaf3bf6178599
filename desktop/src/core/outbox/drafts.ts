/**
 * Drafts: kept here at once, offered to the account log at most every 5 s. Owns the `draft` table;
 * views weigh it against the account log's entry.
 */
import type { Draft } from '@curlew/shared/domain/entries.ts';
import type { Sqlite } from '../store/sqlite.ts';

/** The least time between two offers of one conversation's draft. */
export const DRAFT_OFFER_MS = 5_000;

interface StoredDraft {
  readonly conversationId: string;
  readonly text: string;
  readonly replyTo: string | null;
  readonly offeredAt: number | null;
}

/** A changed draft, with the earliest time it may be offered. */
export interface WaitingDraft {
  readonly conversationId: string;
  /** Null: cleared here. */
  readonly draft: Draft | null;
  readonly dueAt: number;
}

/** The `draft` table. Writing methods run inside the caller's transaction. */
export class DraftRows {
  readonly #sql;

  constructor(db: Sqlite) {
    this.#sql = {
      has: db.prepare<[string], { found: number }>('SELECT 1 AS found FROM draft WHERE conversation_id = ?'),
      dirty: db.prepare<[], StoredDraft>(
        `SELECT conversation_id AS conversationId, text, reply_to AS replyTo, offered_at AS offeredAt
           FROM draft WHERE is_dirty = 1 ORDER BY offered_at`,
      ),
      unshared: db.prepare<[], { conversationId: string; text: string }>(
        `SELECT conversation_id AS conversationId, text FROM draft
          WHERE text <> '' AND (is_dirty = 1 OR (seq IS NULL AND NOT EXISTS
            (SELECT 1 FROM op WHERE op.op_id = draft.op_id AND op.state = 'ACKED')))`,
      ),
      save: db.prepare(
        `INSERT INTO draft (conversation_id, text, reply_to, is_dirty) VALUES (?, ?, ?, 1)
         ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, reply_to = excluded.reply_to, is_dirty = 1`,
      ),
      offered: db.prepare(
        'UPDATE draft SET is_dirty = 0, offered_at = ?, op_id = ?, seq = NULL WHERE conversation_id = ?',
      ),
      committed: db.prepare('UPDATE draft SET seq = ? WHERE op_id = ?'),
      // A cleared draft that the account log knows as cleared has nothing left to say.
      forget: db.prepare(
        `DELETE FROM draft WHERE op_id = ? AND is_dirty = 0 AND text = '' AND reply_to IS NULL`,
      ),
      rename: db.prepare(
        'UPDATE OR REPLACE draft SET conversation_id = ?, is_dirty = 1 WHERE conversation_id = ?',
      ),
    };
  }

  /** Whether this device has a draft of a conversation, or cleared one. */
  has(conversationId: string): boolean {
    return this.#sql.has.get(conversationId) !== undefined;
  }

  /** Drafts that the account log does not hold as they are here. */
  unshared(): readonly { readonly conversationId: string; readonly text: string }[] {
    return this.#sql.unshared.all();
  }

  save(conversationId: string, draft: Draft | null): void {
    this.#sql.save.run(conversationId, draft?.text ?? '', draft?.replyTo ?? null);
  }

  waiting(): readonly WaitingDraft[] {
    return this.#sql.dirty.all().map(({ conversationId, text, replyTo, offeredAt }) => ({
      conversationId,
      draft: text === '' && replyTo === null ? null : { text, replyTo },
      dueAt: offeredAt === null ? 0 : offeredAt + DRAFT_OFFER_MS,
    }));
  }

  setOffered(conversationId: string, opId: string, nowMs: number): void {
    this.#sql.offered.run(nowMs, opId, conversationId);
  }

  /** The offer is in the account log; at 0 when the log said the same already. */
  setCommitted(opId: string, seq: number | null): void {
    this.#sql.committed.run(seq ?? 0, opId);
    this.#sql.forget.run(opId);
  }

  rename(from: string, to: string): void {
    this.#sql.rename.run(to, from);
  }
}
