/**
 * Watermarks to send: how far this device read conversations and threads (kept in outbox.db) and how far it stored (in memory: the cache's tail
 * gives it again after a restart). Owns coalescing: one op says the largest position, whatever was raised before.
 */
import { OP_VERSION, type Op, type OpOf, type OpResult } from '@curlew/shared/protocol/ops.ts';
import { retryClassOf } from '@curlew/shared/protocol/errors.ts';
import type { Sqlite } from '../store/sqlite.ts';

/** Kinds of watermark. */
export type WatermarkKind = 'read.set' | 'delivered.set';

interface Mark {
  readonly kind: WatermarkKind;
  readonly conversationId: string;
  /** The thread that was read; null: the conversation. */
  readonly rootId: string | null;
  readonly seq: number;
}

interface Position {
  readonly wanted: number;
  readonly confirmed: number;
}

/** Watermarks of one account. Methods that write read marks run inside the caller's transaction. */
export class Watermarks {
  readonly #newId: () => string;
  readonly #delivered = new Map<string, Position>();
  readonly #inFlight = new Map<string, Mark>();
  /** Conversations whose last attempt was refused for now, and until when. */
  readonly #notBefore = new Map<string, number>();
  /** Threads that are not told yet, and until when. A restart tells them: nobody can take it back any more. */
  readonly #held = new Map<string, number>();
  readonly #sql;

  constructor(db: Sqlite, newId: () => string) {
    this.#newId = newId;
    this.#sql = {
      find: db.prepare<[string], Position>(
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
      findThread: db.prepare<[string], Position>(
        'SELECT wanted, confirmed FROM thread_mark WHERE root_id = ?',
      ),
      lowerThread: db.prepare(
        'UPDATE thread_mark SET wanted = max(confirmed, min(wanted, ?)) WHERE root_id = ?',
      ),
      openThreads: db.prepare<[], { id: string; rootId: string }>(
        `SELECT conversation_id AS id, root_id AS rootId FROM thread_mark WHERE wanted > confirmed
         ORDER BY conversation_id`,
      ),
      threadsOf: db.prepare<[string], Position & { rootId: string }>(
        `SELECT root_id AS rootId, wanted, confirmed FROM thread_mark
         WHERE conversation_id = ? AND wanted > confirmed ORDER BY root_id`,
      ),
      raiseThread: db.prepare(
        `INSERT INTO thread_mark (root_id, conversation_id, wanted) VALUES (?, ?, ?)
         ON CONFLICT (root_id) DO UPDATE SET wanted = max(wanted, excluded.wanted)`,
      ),
      confirmThread: db.prepare('UPDATE thread_mark SET confirmed = max(confirmed, ?) WHERE root_id = ?'),
      resetThreads: db.prepare('UPDATE thread_mark SET confirmed = 0 WHERE conversation_id = ?'),
    };
  }

  wantedReadSeq(conversationId: string): number {
    return this.#sql.find.get(conversationId)?.wanted ?? 0;
  }

  raiseRead(conversationId: string, seq: number): void {
    this.#sql.raise.run(conversationId, seq);
  }

  wantedThreadSeq(rootId: string): number {
    return this.#sql.findThread.get(rootId)?.wanted ?? 0;
  }

  raiseThreadRead(conversationId: string, rootId: string, seq: number): void {
    this.#sql.raiseThread.run(rootId, conversationId, seq);
  }

  /** A thread read with everything else is told when that can no longer be taken back. */
  holdThread(rootId: string, untilMs: number): void {
    this.#held.set(rootId, untilMs);
  }

  /** Takes back how far a thread was read, unless others were told. */
  lowerThreadRead(rootId: string, seq: number): void {
    this.#held.delete(rootId);
    this.#sql.lowerThread.run(seq, rootId);
  }

  raiseDelivered(conversationId: string, seq: number): void {
    const { wanted, confirmed } = this.#delivered.get(conversationId) ?? { wanted: 0, confirmed: 0 };
    this.#delivered.set(conversationId, { wanted: Math.max(wanted, seq), confirmed });
  }

  /** Conversations with a watermark that may go now. */
  open(nowMs: number): readonly string[] {
    const threads = this.#sql.openThreads.all().filter(({ rootId }) => !this.#isHeld(rootId, nowMs));
    const ids = new Set([...this.#sql.open.all(), ...threads].map((row) => row.id));
    for (const [id, { wanted, confirmed }] of this.#delivered) if (wanted > confirmed) ids.add(id);
    return [...ids].filter((id) => (this.#notBefore.get(id) ?? 0) <= nowMs);
  }

  /** Earliest end of a delay after `nowMs`. */
  nextRetry(nowMs: number): number | null {
    const times = [...this.#notBefore.values(), ...this.#held.values()].filter((at) => at > nowMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** At most so many ops that bring a conversation's watermarks up to date; they count as in flight from now on. */
  take(conversationId: string, nowMs: number, atMost: number): readonly Op[] {
    if ((this.#notBefore.get(conversationId) ?? 0) > nowMs) return [];
    const ops: Op[] = [];
    const add = (kind: WatermarkKind, rootId: string | null, mark: Position | undefined): void => {
      if (!mark || mark.wanted <= mark.confirmed || ops.length >= atMost) return;
      const op = this.#opOf(kind, conversationId, rootId, mark.wanted);
      this.#inFlight.set(op.opId, { kind, conversationId, rootId, seq: mark.wanted });
      ops.push(op);
    };
    add('delivered.set', null, this.#delivered.get(conversationId));
    add('read.set', null, this.#sql.find.get(conversationId));
    for (const { rootId, ...mark } of this.#sql.threadsOf.iterate(conversationId)) {
      if (ops.length >= atMost) break;
      if (!this.#isHeld(rootId, nowMs)) add('read.set', rootId, mark);
    }
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
    if (mark.rootId !== null) this.#sql.confirmThread.run(mark.seq, mark.rootId);
    else if (mark.kind === 'read.set') this.#sql.confirm.run(mark.seq, mark.conversationId);
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
    this.#sql.resetThreads.run(conversationId);
    const delivered = this.#delivered.get(conversationId);
    if (delivered) this.#delivered.set(conversationId, { ...delivered, confirmed: 0 });
  }

  #isHeld(rootId: string, nowMs: number): boolean {
    const until = this.#held.get(rootId);
    if (until === undefined) return false;
    if (until > nowMs) return true;
    this.#held.delete(rootId);
    return false;
  }

  #opOf(
    kind: WatermarkKind,
    logId: string,
    rootId: string | null,
    seq: number,
  ): OpOf<'read.set'> | OpOf<'delivered.set'> {
    const op = { opId: this.#newId(), v: OP_VERSION, logId, seq } as const;
    if (kind === 'delivered.set') return { ...op, kind };
    return rootId === null ? { ...op, kind } : { ...op, kind, threadRootId: rootId };
  }
}
