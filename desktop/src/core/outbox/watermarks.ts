/**
 * Watermarks to send: how far this device read (kept in outbox.db) and how far it stored (in memory: the cache's tail
 * gives it again after a restart). Owns coalescing: one op says the largest position, whatever was raised before.
 */
import { OP_VERSION, type Op, type OpResult } from '@curlew/shared/protocol/ops.ts';
import { retryClassOf } from '@curlew/shared/protocol/errors.ts';
import type { Sqlite } from '../store/sqlite.ts';

/** Kinds of watermark. */
export type WatermarkKind = 'read.set' | 'delivered.set';

interface Mark {
  readonly kind: WatermarkKind;
  readonly conversationId: string;
  readonly seq: number;
}

/** Watermarks of one account. Methods that write read marks run inside the caller's transaction. */
export class Watermarks {
  readonly #newId: () => string;
  readonly #delivered = new Map<string, { wanted: number; confirmed: number }>();
  readonly #inFlight = new Map<string, Mark>();
  /** Conversations whose last attempt was refused for now, and until when. */
  readonly #notBefore = new Map<string, number>();
  readonly #sql;

  constructor(db: Sqlite, newId: () => string) {
    this.#newId = newId;
    this.#sql = {
      find: db.prepare<[string], { wanted: number; confirmed: number }>(
        'SELECT wanted, confirmed FROM read_mark WHERE conversation_id = ?',
      ),
      open: db.prepare<[], { id: string }>(
        'SELECT conversation_id AS id FROM read_mark WHERE wanted > confirmed ORDER BY conversation_id',
      ),
      raise: db.prepare(
        `INSERT INTO read_mark (conversation_id, wanted) VALUES (?, ?)
         ON CONFLICT (conversation_id) DO UPDATE SET wanted = max(wanted, excluded.wanted)`,
      ),
      confirm: db.prepare('UPDATE read_mark SET confirmed = max(confirmed, ?) WHERE conversation_id = ?'),
      reset: db.prepare('UPDATE read_mark SET confirmed = 0 WHERE conversation_id = ?'),
    };
  }

  wantedReadSeq(conversationId: string): number {
    return this.#sql.find.get(conversationId)?.wanted ?? 0;
  }

  raiseRead(conversationId: string, seq: number): void {
    this.#sql.raise.run(conversationId, seq);
  }

  raiseDelivered(conversationId: string, seq: number): void {
    const { wanted, confirmed } = this.#delivered.get(conversationId) ?? { wanted: 0, confirmed: 0 };
    this.#delivered.set(conversationId, { wanted: Math.max(wanted, seq), confirmed });
  }

  /** Conversations with a watermark that may go now. */
  open(nowMs: number): readonly string[] {
    const ids = new Set(this.#sql.open.all().map((row) => row.id));
    for (const [id, { wanted, confirmed }] of this.#delivered) if (wanted > confirmed) ids.add(id);
    return [...ids].filter((id) => (this.#notBefore.get(id) ?? 0) <= nowMs);
  }

  /** Earliest end of a delay after `nowMs`. */
  nextRetry(nowMs: number): number | null {
    const times = [...this.#notBefore.values()].filter((at) => at > nowMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** The ops that bring a conversation's watermarks up to date; they count as in flight from now on. */
  take(conversationId: string, nowMs: number): readonly Op[] {
    if ((this.#notBefore.get(conversationId) ?? 0) > nowMs) return [];
    const read = this.#sql.find.get(conversationId);
    const delivered = this.#delivered.get(conversationId);
    const ops: Op[] = [];
    const add = (kind: WatermarkKind, mark: { wanted: number; confirmed: number } | undefined): void => {
      if (!mark || mark.wanted <= mark.confirmed) return;
      const op: Op = { opId: this.#newId(), v: OP_VERSION, logId: conversationId, kind, seq: mark.wanted };
      this.#inFlight.set(op.opId, { kind, conversationId, seq: mark.wanted });
      ops.push(op);
    };
    add('delivered.set', delivered);
    add('read.set', read);
    return ops;
  }

  /** Takes the answer to one watermark op; undefined when the batch ended before it. */
  settle(opId: string, result: OpResult | undefined, retryAtMs: number): void {
    const mark = this.#inFlight.get(opId);
    if (!mark) return;
    this.#inFlight.delete(opId);
    // Refused for good (no longer a member): there is nobody left to tell.
    const isOver = result?.ok === true || (result && retryClassOf(result.code ?? 'INTERNAL') === 'never');
    if (!isOver) {
      this.#notBefore.set(mark.conversationId, retryAtMs);
      return;
    }
    this.#notBefore.delete(mark.conversationId);
    if (mark.kind === 'read.set') this.#sql.confirm.run(mark.seq, mark.conversationId);
    else {
      const wanted = this.#delivered.get(mark.conversationId)?.wanted ?? mark.seq;
      this.#delivered.set(mark.conversationId, { wanted, confirmed: mark.seq });
    }
  }

  /** No answer will come: the watermark is open again. */
  lost(opId: string): void {
    this.#inFlight.delete(opId);
  }

  /** A restored server may have forgotten them. */
  reset(conversationId: string): void {
    this.#sql.reset.run(conversationId);
    const delivered = this.#delivered.get(conversationId);
    if (delivered) this.#delivered.set(conversationId, { ...delivered, confirmed: 0 });
  }
}
