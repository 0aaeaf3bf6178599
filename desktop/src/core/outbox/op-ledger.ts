/**
 * The ledger: feeds inputs to rows. Owns that a row's new state is stored, that an applied row moves to the sent log,
 * and that whatever depends on a row learns what became of it. Runs inside the caller's transaction.
 */
import type { DraftEntry } from '@curlew/shared/domain/entries.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { ChangedKey } from '../store/store-types.ts';
import { changedKeysOf, conversationOf } from './addressing.ts';
import type { AliasRows } from './alias-rows.ts';
import type { DraftRows } from './drafts.ts';
import type { OpChange, OpRows, StoredOp } from './op-rows.ts';
import { dependencyInput, isDecisionState, nextOpState, type OpInput } from './outbox-state.ts';
import { isOutdated } from './superseding.ts';
import type { Watermarks } from './watermarks.ts';

/** Marks a row whose state was caused by what it depends on. */
export const DEPENDENCY_CODE: ErrorCode = 'DEPENDENCY_FAILED';

/** What is known of the cache: it is not the outbox's, but says what has arrived. */
export interface CacheFacts {
  /** Up to where a log is held; 0 for none. */
  tailOf(logId: string): number;
  /** Position of the event of one of my ops, when the cache has seen it. */
  seenSeq(opId: string): number | undefined;
  /** The draft of a conversation or thread that the account log, as far as it arrived, holds, and its position. */
  draft(place: string): { readonly draft: DraftEntry; readonly seq: number } | undefined;
}

/** What the ledger works on. */
export interface LedgerDeps {
  readonly rows: OpRows;
  readonly drafts: DraftRows;
  readonly marks: Watermarks;
  readonly aliases: AliasRows;
  readonly cache: CacheFacts;
  readonly newId: () => string;
  /** Wall clock, for the age of the sent log. */
  readonly nowMs: () => number;
}

/** See the file comment. */
export class OpLedger {
  readonly rows: OpRows;
  readonly drafts: DraftRows;
  readonly marks: Watermarks;
  readonly aliases: AliasRows;
  readonly cache: CacheFacts;
  readonly newId: () => string;
  readonly #nowMs: () => number;
  #changed = new Set<ChangedKey>();

  constructor(deps: LedgerDeps) {
    this.rows = deps.rows;
    this.drafts = deps.drafts;
    this.marks = deps.marks;
    this.aliases = deps.aliases;
    this.cache = deps.cache;
    this.newId = deps.newId;
    this.#nowMs = deps.nowMs;
  }

  /** Keys of what changed since the last call. */
  takeChanged(): ReadonlySet<ChangedKey> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Names more keys that changed. */
  noteChanged(keys: Iterable<ChangedKey>): void {
    for (const key of keys) this.#changed.add(key);
  }

  /**
   * Feeds one input to a row, with what else changes, and tells its dependents. Returns the row as it is now; one that
   * failed although a newer op has replaced it is gone.
   */
  feed(row: StoredOp, input: OpInput, change: OpChange = {}): StoredOp {
    const state = nextOpState(row.state, input);
    this.#noteRow(row);
    if (state === 'APPLIED') {
      const seq = change.seq ?? row.seq;
      this.rows.moveToSent({ ...row, ...change }, seq, this.#nowMs());
      this.drafts.setCommitted(row.opId, seq);
      this.#tellDependents(row.opId);
      return { ...row, ...change, state };
    }
    const after = this.rows.change(row, { ...change, state });
    // Nobody has to decide about what a newer op has replaced.
    if (isDecisionState(state) && isOutdated(this.rows, after)) this.rows.remove(row.opId);
    if (after.state !== row.state) this.#tellDependents(row.opId);
    return after;
  }

  /** Lets an unattempted row take the state its dependency allows. */
  admit(row: StoredOp): StoredOp {
    if (row.attempts > 0) return row;
    const input =
      row.dependsOn === null ? 'dependencyMet' : dependencyInput(this.rows.find(row.dependsOn)?.state);
    const state = nextOpState(row.state, input);
    if (state === row.state) return row;
    const isBlamed = state === 'STALLED' || state === 'PARKED' || state === 'CANCELLED';
    return this.feed(row, input, { code: isBlamed ? DEPENDENCY_CODE : null });
  }

  /** Adds an op at the end of its lane and admits it. */
  add(op: Op, bytes: string, target: string | null, composedAt: number, dropAt: number | null = null): void {
    this.rows.insert({
      n: null,
      opId: op.opId,
      lane: op.logId,
      kind: op.kind,
      target,
      bytes,
      state: 'QUEUED',
      attempts: 0,
      dependsOn: this.dependencyOf(op),
      composedAt,
      isApproved: 0,
    });
    const row = this.rows.find(op.opId);
    if (row) this.admit(dropAt === null ? row : this.rows.change(row, { dropAt }));
    this.noteChanged(changedKeysOf(op));
  }

  /**
   * The op that must be acknowledged before this one may go: the send it changes or answers, else the creation of the
   * conversation it names.
   */
  dependencyOf(op: Op): string | null {
    const about = messageNeededBy(op);
    const needed = about === null ? undefined : this.rows.find(about);
    if (needed && needed.state !== 'ACKED') return needed.opId;
    const conversationId = conversationOf(op);
    if (conversationId === undefined || op.kind === 'conversation.create') return null;
    const create = this.rows.createIn(conversationId);
    return create && create.state !== 'ACKED' ? create.opId : null;
  }

  /**
   * Removes a row by the person's wish, with what only made sense because of it: changes of a message go as well, answers
   * to it are sent without the quote, messages of a conversation that will not be created are cancelled.
   */
  removeWithDependents(row: StoredOp): void {
    const dependents = this.rows.dependents(row.opId);
    this.rows.remove(row.opId);
    this.#noteRow(row);
    for (const dependent of dependents) {
      const op = this.rows.opOf(dependent);
      if (dependent.target === row.opId) this.removeWithDependents(dependent);
      else if (op?.kind === 'conversation.update') this.removeWithDependents(dependent);
      else if (
        row.kind === 'conversation.create' ||
        (op?.kind === 'message.send' && op.threadRootId === row.opId)
      )
        this.feed(dependent, 'dependencyFailed', { code: DEPENDENCY_CODE });
      else if (op?.kind === 'message.send' && dependent.attempts === 0) {
        const alone: Op = { ...op, replyTo: null };
        const dependsOn = this.dependencyOf(alone);
        this.admit(this.rows.change(dependent, { bytes: JSON.stringify(alone), dependsOn }));
      }
    }
  }

  #tellDependents(opId: string): void {
    for (const dependent of this.rows.dependents(opId)) {
      this.#noteRow(dependent);
      this.admit(dependent);
    }
  }

  #noteRow(row: StoredOp): void {
    const op = this.rows.opOf(row);
    this.noteChanged(op ? changedKeysOf(op) : ['outbox']);
  }
}

function messageNeededBy(op: Op): string | null {
  switch (op.kind) {
    case 'message.edit':
    case 'message.delete':
    case 'reaction.set':
      return op.messageId;
    case 'message.send':
      return op.replyTo ?? op.threadRootId ?? null;
    case 'conversation.update':
      return op.pin?.messageId ?? null;
    default:
      return null;
  }
}
