/**
 * Rows of outbox.db's `op` and `sent` tables, by statement. Owns the SQL and the reading of stored ops; which state
 * follows which is `outbox-state.ts`, when is `outbox.ts`.
 */
import { opSchema, type Op } from '@curlew/shared/protocol/ops.ts';
import { isErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { Sqlite } from '../store/sqlite.ts';
import type { OpState, OutboxItem } from '../store/store-types.ts';
import { blocksLane, OP_STATES } from './outbox-state.ts';

/** An `op` row as SQLite gives it. */
export interface StoredOp {
  readonly n: number;
  readonly opId: string;
  readonly lane: string;
  readonly kind: string;
  readonly target: string | null;
  readonly bytes: string;
  readonly state: OpState;
  readonly attempts: number;
  readonly faults: number;
  readonly disconnects: number;
  readonly dependsOn: string | null;
  readonly retryAt: number | null;
  readonly composedAt: number;
  readonly isApproved: number;
  readonly dropAt: number | null;
  readonly seq: number | null;
  readonly code: string | null;
  readonly detail: string | null;
}

/** The parts of a row that change after it was composed. */
export type OpChange = Partial<
  Pick<
    StoredOp,
    | 'lane'
    | 'target'
    | 'bytes'
    | 'state'
    | 'attempts'
    | 'faults'
    | 'disconnects'
    | 'dependsOn'
    | 'retryAt'
    | 'isApproved'
    | 'dropAt'
    | 'seq'
    | 'code'
    | 'detail'
  >
>;

const OP_COLUMNS = `n, op_id AS opId, lane, kind, target, bytes, state, attempts, faults, disconnects,
  depends_on AS dependsOn, retry_at AS retryAt, composed_at AS composedAt, is_approved AS isApproved,
  drop_at AS dropAt, seq, code, detail`;

/** States in which an op was certainly never sent and still could be. */
const DROPPABLE = `attempts = 0 AND state IN ('QUEUED', 'WAIT_DEPENDENCY', 'WAIT_ATTACHMENT', 'READY', 'PARKED')`;
const BLOCKING = OP_STATES.filter(blocksLane)
  .map((state) => `'${state}'`)
  .join(', ');

/** The statements, named so that a test can ask SQLite for their plans. */
export const outboxSql = {
  find: `SELECT ${OP_COLUMNS} FROM op WHERE op_id = ?`,
  all: `SELECT ${OP_COLUMNS} FROM op ORDER BY n`,
  inState: `SELECT ${OP_COLUMNS} FROM op WHERE state = ? ORDER BY n`,
  inLane: `SELECT ${OP_COLUMNS} FROM op WHERE lane = ? ORDER BY n`,
  blockingInLane: `SELECT ${OP_COLUMNS} FROM op WHERE lane = ? AND state IN (${BLOCKING}) ORDER BY n`,
  openLanes: `SELECT lane, min(n) AS n FROM op WHERE state IN (${BLOCKING}) GROUP BY lane ORDER BY min(n)`,
  acked: `SELECT ${OP_COLUMNS} FROM op WHERE state = 'ACKED' AND lane = ? AND seq <= ? ORDER BY n`,
  onTarget: `SELECT ${OP_COLUMNS} FROM op WHERE target = ? ORDER BY n`,
  dependents: `SELECT ${OP_COLUMNS} FROM op WHERE depends_on = ? ORDER BY n`,
  createIn: `SELECT ${OP_COLUMNS} FROM op WHERE lane = ? AND kind = 'conversation.create' LIMIT 1`,
  nextRetry: `SELECT min(retry_at) AS at FROM op WHERE state = 'BACKOFF' AND retry_at > ?`,
  expired: `SELECT ${OP_COLUMNS} FROM op WHERE drop_at <= ? AND ${DROPPABLE} ORDER BY n`,
  nextDrop: `SELECT min(drop_at) AS at FROM op WHERE drop_at > ? AND ${DROPPABLE}`,
  sentBeyond: `SELECT op_id AS opId, n, lane, kind, target, bytes, seq, composed_at AS composedAt FROM sent
    WHERE lane = ? AND seq > ? ORDER BY seq`,
  sentAll: `SELECT op_id AS opId, n, lane, kind, target, bytes, seq, composed_at AS composedAt FROM sent
    WHERE lane = ? ORDER BY n`,
  sentOnTarget: `SELECT op_id AS opId, n, lane, kind, target, bytes, seq, composed_at AS composedAt FROM sent
    WHERE target = ?`,
} as const;

/** A `sent` row. */
export interface SentRow {
  readonly opId: string;
  readonly n: number;
  readonly lane: string;
  readonly kind: string;
  readonly target: string | null;
  readonly bytes: string;
  readonly seq: number | null;
  readonly composedAt: number;
}

/** What an op is about: a message, or the key it sets. */
export function targetOf(op: Op): string | null {
  switch (op.kind) {
    case 'message.edit':
    case 'message.delete':
    case 'reaction.set':
      return op.messageId;
    case 'account.set':
    case 'org.set':
      return op.key;
    default:
      return null;
  }
}

/** Reads a stored op; undefined when this version cannot. */
export function parseOp(bytes: string): Op | undefined {
  try {
    const parsed = opSchema.safeParse(JSON.parse(bytes));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not even JSON: as unreadable as an op of an unknown kind.
    return undefined;
  }
}

function prepare(db: Sqlite) {
  return {
    find: db.prepare<[string], StoredOp>(outboxSql.find),
    all: db.prepare<[], StoredOp>(outboxSql.all),
    inState: db.prepare<[string], StoredOp>(outboxSql.inState),
    inLane: db.prepare<[string], StoredOp>(outboxSql.inLane),
    blockingInLane: db.prepare<[string], StoredOp>(outboxSql.blockingInLane),
    openLanes: db.prepare<[], { lane: string; n: number }>(outboxSql.openLanes),
    acked: db.prepare<[string, number], StoredOp>(outboxSql.acked),
    onTarget: db.prepare<[string], StoredOp>(outboxSql.onTarget),
    dependents: db.prepare<[string], StoredOp>(outboxSql.dependents),
    createIn: db.prepare<[string], StoredOp>(outboxSql.createIn),
    nextRetry: db.prepare<[number], { at: number | null }>(outboxSql.nextRetry),
    expired: db.prepare<[number], StoredOp>(outboxSql.expired),
    nextDrop: db.prepare<[number], { at: number | null }>(outboxSql.nextDrop),
    sentBeyond: db.prepare<[string, number], SentRow>(outboxSql.sentBeyond),
    sentAll: db.prepare<[string], SentRow>(outboxSql.sentAll),
    sentOnTarget: db.prepare<[string], SentRow>(outboxSql.sentOnTarget),
    acknowledgedLanes: db.prepare<[], { lane: string }>(
      `SELECT lane FROM sent UNION SELECT lane FROM op WHERE state = 'ACKED'`,
    ),
    isSent: db.prepare<[{ id: string }], { found: number }>(
      'SELECT 1 AS found FROM sent WHERE op_id = @id UNION ALL SELECT 1 FROM sent WHERE target = @id LIMIT 1',
    ),
    isMine: db.prepare<[{ id: string }], { found: number }>(
      'SELECT 1 AS found FROM op WHERE op_id = @id UNION ALL SELECT 1 FROM sent WHERE op_id = @id LIMIT 1',
    ),
    insert: db.prepare(
      `INSERT INTO op (n, op_id, lane, kind, target, bytes, state, attempts, depends_on, composed_at, is_approved)
       VALUES (@n, @opId, @lane, @kind, @target, @bytes, @state, @attempts, @dependsOn, @composedAt, @isApproved)`,
    ),
    update: db.prepare(
      `UPDATE op SET lane = @lane, target = @target, bytes = @bytes, state = @state, attempts = @attempts,
         faults = @faults, disconnects = @disconnects, depends_on = @dependsOn, retry_at = @retryAt,
         is_approved = @isApproved, drop_at = @dropAt, seq = @seq, code = @code, detail = @detail WHERE n = @n`,
    ),
    remove: db.prepare('DELETE FROM op WHERE op_id = ?'),
    addSent: db.prepare(
      `INSERT OR REPLACE INTO sent (op_id, n, lane, kind, target, bytes, seq, composed_at, sent_at)
       VALUES (@opId, @n, @lane, @kind, @target, @bytes, @seq, @composedAt, @sentAt)`,
    ),
    removeSent: db.prepare('DELETE FROM sent WHERE op_id = ?'),
    removeSentAbout: db.prepare(`DELETE FROM sent WHERE target = ? AND kind <> 'message.delete'`),
    removeSentKey: db.prepare('DELETE FROM sent WHERE target = ? AND lane = ? AND op_id <> ?'),
    pruneSent: db.prepare('DELETE FROM sent WHERE sent_at < ?'),
    countByState: db.prepare<[], { state: OpState; count: number }>(
      `SELECT state, count(*) AS count FROM op
       WHERE NOT (kind = 'account.set' AND target LIKE 'draft:%') GROUP BY state`,
    ),
  };
}

/** The outbox's tables. Writing methods run inside the caller's transaction. */
export class OpRows {
  readonly #sql: ReturnType<typeof prepare>;
  // Parsing an op costs more than reading its row; bytes change seldom.
  readonly #parsed = new Map<string, { readonly bytes: string; readonly op: Op | undefined }>();

  constructor(db: Sqlite) {
    this.#sql = prepare(db);
  }

  /** The op of a row; undefined when this version cannot read it. */
  opOf(row: Pick<StoredOp, 'opId' | 'bytes'>): Op | undefined {
    const known = this.#parsed.get(row.opId);
    if (known?.bytes === row.bytes) return known.op;
    const op = parseOp(row.bytes);
    this.#parsed.set(row.opId, { bytes: row.bytes, op });
    return op;
  }

  /** A row as others see it; undefined when it cannot be read. */
  itemOf(row: StoredOp): OutboxItem | undefined {
    const op = this.opOf(row);
    if (!op) return undefined;
    const { n, opId, lane, state, attempts, dependsOn, retryAt, dropAt, composedAt, seq, detail } = row;
    const code = row.code !== null && isErrorCode(row.code) ? row.code : null;
    return {
      n,
      opId,
      lane,
      op,
      state,
      attempts,
      dependsOn,
      retryAtMs: retryAt,
      dropAtMs: dropAt,
      composedAtMs: composedAt,
      seq,
      code,
      detail,
    };
  }

  find(opId: string): StoredOp | undefined {
    return this.#sql.find.get(opId);
  }

  all(): readonly StoredOp[] {
    return this.#sql.all.all();
  }

  inState(state: OpState): readonly StoredOp[] {
    return this.#sql.inState.all(state);
  }

  inLane(lane: string): readonly StoredOp[] {
    return this.#sql.inLane.all(lane);
  }

  /** Rows of a lane that are not out of the way, in order. */
  blockingInLane(lane: string): IterableIterator<StoredOp> {
    // A copy: the caller writes rows while it walks them.
    return this.#sql.blockingInLane.all(lane).values();
  }

  /** Lanes with something that may go, the one that waits longest first. */
  openLanes(): readonly string[] {
    return this.#sql.openLanes.all().map((row) => row.lane);
  }

  acked(lane: string, upTo: number): readonly StoredOp[] {
    return this.#sql.acked.all(lane, upTo);
  }

  onTarget(target: string): readonly StoredOp[] {
    return this.#sql.onTarget.all(target);
  }

  dependents(opId: string): readonly StoredOp[] {
    return this.#sql.dependents.all(opId);
  }

  /** The op that creates a conversation, while it is not applied. */
  createIn(conversationId: string): StoredOp | undefined {
    return this.#sql.createIn.get(conversationId);
  }

  /** Earliest end of a delay after `nowMs`. */
  nextRetry(nowMs: number): number | null {
    return this.#sql.nextRetry.get(nowMs)?.at ?? null;
  }

  /** Unattempted rows whose time is over. */
  expired(nowMs: number): readonly StoredOp[] {
    return this.#sql.expired.all(nowMs);
  }

  /** The next time after `nowMs` at which an unattempted row is over. */
  nextDrop(nowMs: number): number | null {
    return this.#sql.nextDrop.get(nowMs)?.at ?? null;
  }

  sentBeyond(lane: string, seq: number): readonly SentRow[] {
    return this.#sql.sentBeyond.all(lane, seq);
  }

  sentAll(lane: string): readonly SentRow[] {
    return this.#sql.sentAll.all(lane);
  }

  /** What was sent about a message or key. */
  sentOnTarget(target: string): readonly SentRow[] {
    return this.#sql.sentOnTarget.all(target);
  }

  /** Lanes with anything acknowledged. */
  acknowledgedLanes(): readonly string[] {
    return this.#sql.acknowledgedLanes.all().map((row) => row.lane);
  }

  /** Adds an op; `n` null takes the next number. */
  insert(row: {
    readonly n: number | null;
    readonly opId: string;
    readonly lane: string;
    readonly kind: string;
    readonly target: string | null;
    readonly bytes: string;
    readonly state: OpState;
    readonly attempts: number;
    readonly dependsOn: string | null;
    readonly composedAt: number;
    readonly isApproved: number;
  }): void {
    this.#sql.insert.run(row);
  }

  /** Changes a row and returns it as it is now. */
  change(row: StoredOp, change: OpChange): StoredOp {
    const after = { ...row, ...change };
    const { opId: _id, kind: _kind, composedAt: _composed, ...columns } = after;
    this.#sql.update.run(columns);
    return after;
  }

  remove(opId: string): void {
    this.#sql.remove.run(opId);
    this.#parsed.delete(opId);
  }

  /** Moves a row to the sent log, and out of it what this op made obsolete. */
  moveToSent(row: StoredOp, seq: number | null, sentAt: number): void {
    this.remove(row.opId);
    if (row.kind === 'message.delete' && row.target !== null) this.scrubSent(row.target);
    if ((row.kind === 'account.set' || row.kind === 'org.set') && row.target !== null) {
      this.#sql.removeSentKey.run(row.target, row.lane, row.opId);
    }
    const { opId, n, lane, kind, target, bytes, composedAt } = row;
    this.#sql.addSent.run({ opId, n, lane, kind, target, bytes, seq, composedAt, sentAt });
  }

  removeSent(opId: string): void {
    this.#sql.removeSent.run(opId);
  }

  /** Whether this device composed an op, as far as it remembers. */
  isMine(opId: string): boolean {
    return this.#sql.isMine.get({ id: opId }) !== undefined;
  }

  /** Whether the sent log holds this message or a change of it. */
  isSent(messageId: string): boolean {
    return this.#sql.isSent.get({ id: messageId }) !== undefined;
  }

  /** Drops a deleted message's text, its edits and reactions; the delete itself stays. */
  scrubSent(messageId: string): void {
    this.#sql.removeSent.run(messageId);
    this.#sql.removeSentAbout.run(messageId);
  }

  pruneSent(before: number): void {
    this.#sql.pruneSent.run(before);
  }

  /** Rows by state; drafts on their way to the account log are no unsent work and not counted. */
  countByState(): ReadonlyMap<OpState, number> {
    return new Map(this.#sql.countByState.all().map((row) => [row.state, row.count]));
  }
}
