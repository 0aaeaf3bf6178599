/**
 * Drafts: kept here at once, offered to the account log at most every 5 s. Owns the `draft` table and the rule by which
 * a draft of this device and the account's are weighed.
 */
import type { Draft } from '@curlew/shared/domain/entries.ts';
import type { Sqlite } from '../store/sqlite.ts';
import type { LocalDraft } from '../store/store-types.ts';

/** The least time between two offers of one conversation's draft. */
export const DRAFT_OFFER_MS = 5_000;

interface StoredDraft {
  readonly conversationId: string;
  readonly text: string;
  readonly replyTo: string | null;
  readonly isDirty: number;
  readonly offeredAt: number | null;
  readonly seq: number | null;
}

const DRAFT_COLUMNS = `conversation_id AS conversationId, text, reply_to AS replyTo, is_dirty AS isDirty,
  offered_at AS offeredAt, seq`;

/**
 * The draft a person should see: this device's until the account log holds a newer one.
 * @param cached the account log's entry, when there is one
 */
export function effectiveDraft(
  local: LocalDraft | undefined,
  cached: { readonly draft: Draft | null; readonly revSeq: number } | undefined,
): Draft | null {
  if (!local) return cached?.draft ?? null;
  const isOvertaken =
    !local.isDirty && local.seq !== null && cached !== undefined && cached.revSeq > local.seq;
  return isOvertaken ? cached.draft : local.draft;
}

/** The `draft` table. Writing methods run inside the caller's transaction. */
export class DraftRows {
  readonly #sql;

  constructor(db: Sqlite) {
    this.#sql = {
      find: db.prepare<[string], StoredDraft>(`SELECT ${DRAFT_COLUMNS} FROM draft WHERE conversation_id = ?`),
      all: db.prepare<[], StoredDraft>(`SELECT ${DRAFT_COLUMNS} FROM draft`),
      dirty: db.prepare<[], StoredDraft>(
        `SELECT ${DRAFT_COLUMNS} FROM draft WHERE is_dirty = 1 ORDER BY offered_at`,
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

  find(conversationId: string): LocalDraft | undefined {
    const row = this.#sql.find.get(conversationId);
    return row && localDraft(row);
  }

  all(): readonly LocalDraft[] {
    return this.#sql.all.all().map(localDraft);
  }

  save(conversationId: string, draft: Draft | null): void {
    this.#sql.save.run(conversationId, draft?.text ?? '', draft?.replyTo ?? null);
  }

  /** Changed drafts with the earliest time each may be offered. */
  waiting(): readonly (LocalDraft & { readonly dueAt: number })[] {
    return this.#sql.dirty.all().map((row) => ({
      ...localDraft(row),
      dueAt: row.offeredAt === null ? 0 : row.offeredAt + DRAFT_OFFER_MS,
    }));
  }

  setOffered(conversationId: string, opId: string, nowMs: number): void {
    this.#sql.offered.run(nowMs, opId, conversationId);
  }

  /** The offer is in the account log. */
  setCommitted(opId: string, seq: number | null): void {
    this.#sql.committed.run(seq, opId);
    this.#sql.forget.run(opId);
  }

  rename(from: string, to: string): void {
    this.#sql.rename.run(to, from);
  }
}

function localDraft(row: StoredDraft): LocalDraft {
  const isEmpty = row.text === '' && row.replyTo === null;
  return {
    conversationId: row.conversationId,
    draft: isEmpty ? null : { text: row.text, replyTo: row.replyTo },
    isDirty: row.isDirty === 1,
    seq: row.seq,
  };
}
