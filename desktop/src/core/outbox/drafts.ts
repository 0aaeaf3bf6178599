/**
 * Drafts: kept here at once, offered to the account log at most every 5 s. Owns the tables `draft` (what is being
 * written here) and `kept_draft` (what another device wrote meanwhile, and what was cleared); views weigh the first
 * against the account log's entry. What happens when two devices write at once stands in `draft-meeting.ts`.
 *
 * A place is a conversation by its id, or a thread by that of its root.
 */
import type { Draft } from '@curlew/shared/domain/entries.ts';
import type { Sqlite } from '../store/sqlite.ts';

/** The least time between two offers of one place's draft. */
export const DRAFT_OFFER_MS = 5_000;
/** How long a cleared draft can be brought back, and how many of them. */
export const CLEARED_DRAFT_MS = 7 * 24 * 3_600_000;
const CLEARED_DRAFTS = 20;

/** A draft of this device. */
export interface OwnDraft {
  readonly place: string;
  /** The conversation of a thread's draft; null when the place is one. */
  readonly conversationId: string | null;
  readonly text: string;
  readonly replyTo: string | null;
  readonly isDirty: number;
  readonly offeredAt: number | null;
  /** Position of its offer in the account log; null while it was not acknowledged. */
  readonly seq: number | null;
  /** Up to where the account log's drafts of this place have been dealt with. */
  readonly baseSeq: number;
}

/** A draft that is kept beside the one being written. */
export interface KeptDraft extends Draft {
  readonly id: number;
  readonly seq: number;
}

/** A changed draft, with the earliest time it may be offered. */
export interface WaitingDraft {
  readonly place: string;
  /** Null: cleared here. */
  readonly draft: Draft | null;
  readonly dueAt: number;
}

const OWN = `conversation_id AS place, in_conversation AS conversationId, text, reply_to AS replyTo,
  is_dirty AS isDirty, offered_at AS offeredAt, seq, base_seq AS baseSeq`;
const KEPT = 'id, text, reply_to AS replyTo, seq';

/** Both tables. Writing methods run inside the caller's transaction. */
export class DraftRows {
  readonly #sql;
  readonly #nowMs: () => number;

  /** @param nowMs wall clock, for the age of cleared drafts */
  constructor(db: Sqlite, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#sql = {
      own: db.prepare<[string], OwnDraft>(`SELECT ${OWN} FROM draft WHERE conversation_id = ?`),
      // Which of two texts goes to the other devices is the person's to say.
      dirty: db.prepare<[], OwnDraft>(
        `SELECT ${OWN} FROM draft WHERE is_dirty = 1 AND NOT EXISTS
           (SELECT 1 FROM kept_draft k WHERE k.conversation_id = draft.conversation_id AND k.is_other = 1)
         ORDER BY offered_at`,
      ),
      unshared: db.prepare<[], { conversationId: string; text: string }>(
        `SELECT coalesce(in_conversation, conversation_id) AS conversationId, text FROM draft
          WHERE text <> '' AND (is_dirty = 1 OR (seq IS NULL AND NOT EXISTS
            (SELECT 1 FROM op WHERE op.op_id = draft.op_id AND op.state = 'ACKED')))`,
      ),
      save: db.prepare(
        `INSERT INTO draft (conversation_id, in_conversation, text, reply_to, base_seq, is_dirty)
         VALUES (@place, @conversationId, @text, @replyTo, @baseSeq, 1)
         ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, reply_to = excluded.reply_to,
           base_seq = max(base_seq, excluded.base_seq), is_dirty = 1`,
      ),
      offered: db.prepare(
        'UPDATE draft SET is_dirty = 0, offered_at = ?, op_id = ?, seq = NULL WHERE conversation_id = ?',
      ),
      committed: db.prepare('UPDATE draft SET seq = ? WHERE op_id = ?'),
      // A cleared draft that the account log knows as cleared has nothing left to say.
      forget: db.prepare(
        `DELETE FROM draft WHERE op_id = ? AND is_dirty = 0 AND text = '' AND reply_to IS NULL`,
      ),
      dealtWith: db.prepare('UPDATE draft SET base_seq = max(base_seq, ?) WHERE conversation_id = ?'),
      shared: db.prepare(
        'UPDATE draft SET is_dirty = 0, seq = @seq, base_seq = @seq WHERE conversation_id = @place',
      ),
      diverge: db.prepare('UPDATE draft SET is_dirty = 1 WHERE conversation_id = ?'),
      drop: db.prepare('DELETE FROM draft WHERE conversation_id = ?'),
      rename: db.prepare(
        'UPDATE OR REPLACE draft SET conversation_id = ?, is_dirty = 1 WHERE conversation_id = ?',
      ),
      other: db.prepare<[string], KeptDraft>(
        `SELECT ${KEPT} FROM kept_draft WHERE conversation_id = ? AND is_other = 1 ORDER BY id DESC LIMIT 1`,
      ),
      cleared: db.prepare<[string, number], KeptDraft>(
        `SELECT ${KEPT} FROM kept_draft WHERE conversation_id = ? AND is_other = 0 AND kept_at > ?
          ORDER BY id DESC LIMIT 1`,
      ),
      keep: db.prepare(
        `INSERT INTO kept_draft (conversation_id, text, reply_to, is_other, seq, kept_at)
         VALUES (@place, @text, @replyTo, @isOther, @seq, @keptAt)`,
      ),
      dropKept: db.prepare('DELETE FROM kept_draft WHERE id = ?'),
      dropSame: db.prepare('DELETE FROM kept_draft WHERE conversation_id = ? AND text = ? AND is_other = 0'),
      dropOld: db.prepare(
        `DELETE FROM kept_draft WHERE is_other = 0 AND (kept_at <= ? OR id NOT IN
           (SELECT id FROM kept_draft WHERE is_other = 0 ORDER BY id DESC LIMIT ${CLEARED_DRAFTS}))`,
      ),
      renameKept: db.prepare('UPDATE kept_draft SET conversation_id = ? WHERE conversation_id = ?'),
    };
  }

  /** What is being written here, also when it was cleared and the account log does not know it yet. */
  own(place: string): OwnDraft | undefined {
    return this.#sql.own.get(place);
  }

  /** Drafts that the account log does not hold as they are here. */
  unshared(): readonly { readonly conversationId: string; readonly text: string }[] {
    return this.#sql.unshared.all();
  }

  /** @param baseSeq up to where the account log's drafts of this place were seen when it was written */
  save(place: string, draft: Draft | null, baseSeq: number, conversationId: string | null = null): void {
    const { text, replyTo } = draft ?? { text: '', replyTo: null };
    this.#sql.save.run({ place, conversationId, text, replyTo, baseSeq });
  }

  waiting(): readonly WaitingDraft[] {
    return this.#sql.dirty.all().map(({ place, text, replyTo, offeredAt }) => ({
      place,
      draft: text === '' && replyTo === null ? null : { text, replyTo },
      dueAt: offeredAt === null ? 0 : offeredAt + DRAFT_OFFER_MS,
    }));
  }

  setOffered(place: string, opId: string, nowMs: number): void {
    this.#sql.offered.run(nowMs, opId, place);
  }

  /** The offer is in the account log; at 0 when the log said the same already. */
  setCommitted(opId: string, seq: number | null): void {
    this.#sql.committed.run(seq ?? 0, opId);
    this.#sql.forget.run(opId);
  }

  /** The account log's drafts up to here need no more thought. */
  setDealtWith(place: string, seq: number): void {
    this.#sql.dealtWith.run(seq, place);
  }

  /** The account log holds the same text: there is nothing to offer. */
  setShared(place: string, seq: number): void {
    this.#sql.shared.run({ seq, place });
  }

  /** The account log holds another text, and this one stays. */
  setDiverging(place: string): void {
    this.#sql.diverge.run(place);
  }

  /** What the account log says is the draft from now on. */
  drop(place: string): void {
    this.#sql.drop.run(place);
  }

  /** The draft of another device that waits for the person's choice. */
  other(place: string): KeptDraft | undefined {
    return this.#sql.other.get(place);
  }

  setOther(place: string, { text, replyTo }: Draft, seq: number): void {
    this.dropOther(place);
    this.#sql.keep.run({ place, text, replyTo, isOther: 1, seq, keptAt: this.#nowMs() });
  }

  dropOther(place: string): void {
    const other = this.other(place);
    if (other) this.#sql.dropKept.run(other.id);
  }

  /** The draft cleared last that can still be brought back. */
  cleared(place: string): KeptDraft | undefined {
    return this.#sql.cleared.get(place, this.#nowMs() - CLEARED_DRAFT_MS);
  }

  /** Keeps a draft that leaves the composer: the last twenty, for a week. */
  keepCleared(place: string, { text, replyTo }: Draft): void {
    if (text.trim() === '') return;
    const keptAt = this.#nowMs();
    this.#sql.dropSame.run(place, text);
    this.#sql.keep.run({ place, text, replyTo, isOther: 0, seq: 0, keptAt });
    this.dropOld();
  }

  /** Forgets what is too old to be brought back. */
  dropOld(): void {
    this.#sql.dropOld.run(this.#nowMs() - CLEARED_DRAFT_MS);
  }

  dropKept(id: number): void {
    this.#sql.dropKept.run(id);
  }

  rename(from: string, to: string): void {
    this.#sql.rename.run(to, from);
    this.#sql.renameKept.run(to, from);
  }
}
