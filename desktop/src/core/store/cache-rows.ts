/**
 * Rows of cache.db, by statement. Owns the SQL that the ingest writes through; no rule of synchronisation lives here but
 * one: of two copies of a message the larger `rev_seq` stays.
 */
import type { IntervalSet } from '@curlew/shared/lib/intervals.ts';
import type { LogKind } from '@curlew/shared/domain/event.ts';
import type {
  Conversation,
  LogEntry,
  Message,
  MessageExtras,
  Receipt,
} from '@curlew/shared/domain/message.ts';
import type { Head } from '@curlew/shared/protocol/sync.ts';
import { createLifetimeRows, type LifetimeRows } from './lifetime-rows.ts';
import { createReceiptTimeRows, type ReceiptTimeRows } from './receipt-times.ts';
import { createReceiptCountRows, type ReceiptCountRows } from './receipt-counts.ts';
import type { Sqlite } from './sqlite.ts';
import { ThreadRows } from './thread-rows.ts';

/** What the ingest needs to know of a log before it writes. */
export interface LogPosition {
  readonly kind: LogKind;
  readonly tail: number;
  readonly chain: string;
  readonly receiptVersion: number;
}

/** A `message` row as SQLite gives it. */
export interface StoredMessage {
  readonly id: string;
  readonly conversation_id: string;
  readonly create_seq: number;
  readonly rev_seq: number;
  readonly sender_id: string;
  readonly text: string | null;
  readonly reply_to: string | null;
  readonly thread_root_id: string | null;
  readonly mentions: string;
  readonly extras: string;
  readonly composed_at: number;
  readonly created_at: number;
  readonly edited_at: number | null;
  readonly deleted_at: number | null;
  readonly reactions: string;
  readonly notices: string | null;
  readonly is_expired: number;
}

/** The columns of {@link StoredMessage}, for `SELECT`. */
export const MESSAGE_COLUMNS =
  'id, conversation_id, create_seq, rev_seq, sender_id, text, reply_to, thread_root_id, mentions, extras, composed_at, created_at, edited_at, deleted_at, reactions, notices, is_expired, expires_at';

/** A stored row as the shared shape. */
export function messageOf(row: StoredMessage): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    createSeq: row.create_seq,
    revSeq: row.rev_seq,
    senderId: row.sender_id,
    text: row.text,
    replyTo: row.reply_to,
    threadRootId: row.thread_root_id,
    // Only this file writes these columns, as JSON of exactly these shapes.
    mentions: row.mentions === '[]' ? [] : (JSON.parse(row.mentions) as string[]),
    extras: row.extras === '{}' ? {} : (JSON.parse(row.extras) as Message['extras']),
    composedAt: row.composed_at,
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    reactions: row.reactions === '[]' ? [] : (JSON.parse(row.reactions) as Message['reactions']),
    ...(row.notices === null ? {} : { notices: JSON.parse(row.notices) as Message['notices'] }),
    ...(row.is_expired === 1 ? { isExpired: true } : {}),
  };
}

function cells(message: Message): readonly (string | number | null)[] {
  return [
    message.id,
    message.conversationId,
    message.createSeq,
    message.revSeq,
    message.senderId,
    message.text,
    message.replyTo,
    message.threadRootId,
    message.mentions.length === 0 ? '[]' : JSON.stringify(message.mentions),
    isEmpty(message.extras) ? '{}' : JSON.stringify(message.extras),
    message.composedAt,
    message.createdAt,
    message.editedAt,
    message.deletedAt,
    message.reactions.length === 0 ? '[]' : JSON.stringify(message.reactions),
    message.notices ? JSON.stringify(message.notices) : null,
    message.isExpired ? 1 : 0,
    message.extras.ttlMs === undefined ? null : message.createdAt + message.extras.ttlMs,
  ];
}

type ConversationColumns = Pick<
  Conversation,
  'id' | 'orgId' | 'kind' | 'protection' | 'title' | 'createdBy' | 'createdAt' | 'revSeq'
>;
/** Settings that live in one JSON column, since nothing is looked up by them. */
type MoreSettings = Omit<Conversation, keyof ConversationColumns | 'members'>;

function isEmpty(extras: MessageExtras): boolean {
  for (const _key in extras) return false;
  return true;
}

const INSERT_MESSAGE = `INSERT INTO message (${MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const SET_MESSAGE = MESSAGE_COLUMNS.split(', ')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');
// The second conflict (one position, two ids) only occurs when a restored server numbered anew: what it says now stands.
const MERGE_MESSAGE = `${INSERT_MESSAGE}
  ON CONFLICT (id) DO UPDATE SET ${SET_MESSAGE} WHERE excluded.rev_seq > message.rev_seq
  ON CONFLICT (conversation_id, create_seq) DO UPDATE SET ${SET_MESSAGE}`;

const UPSERT_HEAD = `INSERT INTO log (id, kind, head, head_chain, floor_seq, server_floor_seq, member_version,
    announced_receipt_version, read_seq, delivered_seq, unread_from_seq, unread, mentions, unread_as_of, is_left)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET head = excluded.head, head_chain = excluded.head_chain,
    floor_seq = CASE WHEN dropped_at IS NULL THEN excluded.floor_seq ELSE max(floor_seq, excluded.floor_seq) END,
    server_floor_seq = excluded.floor_seq, member_version = excluded.member_version,
    announced_receipt_version = excluded.announced_receipt_version, read_seq = max(read_seq, excluded.read_seq),
    delivered_seq = max(delivered_seq, excluded.delivered_seq), unread_from_seq = excluded.unread_from_seq,
    unread = excluded.unread, mentions = excluded.mentions, unread_as_of = excluded.unread_as_of,
    is_left = excluded.is_left`;

const MERGE_RECEIPT = `INSERT INTO receipt (conversation_id, user_id, delivered_seq, read_seq) VALUES (?, ?, ?, ?)
  ON CONFLICT (conversation_id, user_id) DO UPDATE SET
    delivered_seq = max(delivered_seq, excluded.delivered_seq), read_seq = max(read_seq, excluded.read_seq)`;

/** Prepares the statements once. */
function prepare(db: Sqlite) {
  return {
    findLog: db.prepare<[string], LogPosition>(
      'SELECT kind, tail, chain, receipt_version AS receiptVersion FROM log WHERE id = ?',
    ),
    addLog: db.prepare('INSERT INTO log (id, kind) VALUES (?, ?) ON CONFLICT (id) DO NOTHING'),
    upsertHead: db.prepare(UPSERT_HEAD),
    setTail: db.prepare(
      `UPDATE log SET tail = @tail, chain = @chain, head = max(head, @tail),
         activity_at = max(activity_at, @activityAt) WHERE id = @id`,
    ),
    setActivity: db.prepare('UPDATE log SET activity_at = max(activity_at, ?) WHERE id = ?'),
    setReceiptVersion: db.prepare(
      `UPDATE log SET receipt_version = @version,
         announced_receipt_version = max(announced_receipt_version, @version) WHERE id = @id`,
    ),
    passReceipts: db.prepare('UPDATE log SET receipt_version = announced_receipt_version WHERE id = ?'),
    announceReceipts: db.prepare(
      'UPDATE log SET announced_receipt_version = max(announced_receipt_version, ?) WHERE id = ?',
    ),
    raiseOwn: db.prepare(
      'UPDATE log SET read_seq = max(read_seq, ?), delivered_seq = max(delivered_seq, ?) WHERE id = ?',
    ),
    resetLog: db.prepare(
      `UPDATE log SET tail = 0, chain = '0000000000000000', receipt_version = 0, floor_seq = 0, server_floor_seq = 0,
         dropped_at = NULL WHERE id = ?`,
    ),
    coverage: db.prepare<[string], { lo: number; hi: number }>(
      'SELECT lo, hi FROM coverage WHERE log_id = ? ORDER BY lo',
    ),
    clearCoverage: db.prepare('DELETE FROM coverage WHERE log_id = ?'),
    addCoverage: db.prepare('INSERT INTO coverage (log_id, lo, hi) VALUES (?, ?, ?)'),
    // Unless a page ahead of the tail already holds what comes next: then the two have to be joined.
    extendCoverage: db.prepare(
      `UPDATE coverage SET hi = @to WHERE log_id = @id AND hi = @tail AND NOT EXISTS
         (SELECT 1 FROM coverage AS ahead WHERE ahead.log_id = @id AND ahead.lo > @tail AND ahead.lo <= @to + 1)`,
    ),
    findMessage: db.prepare<[string], StoredMessage>(`SELECT ${MESSAGE_COLUMNS} FROM message WHERE id = ?`),
    insertMessage: db.prepare(`${INSERT_MESSAGE} ON CONFLICT (id) DO NOTHING`),
    mergeMessage: db.prepare(MERGE_MESSAGE),
    deleteMessages: db.prepare(
      'DELETE FROM message WHERE conversation_id = ? AND create_seq BETWEEN ? AND ?',
    ),
    findConversation: db.prepare<[string], ConversationColumns & { readonly more: string }>(
      `SELECT id, org_id AS orgId, kind, protection, title, created_by AS createdBy, created_at AS createdAt,
         rev_seq AS revSeq, more FROM conversation WHERE id = ?`,
    ),
    putConversation: db.prepare(
      `INSERT OR REPLACE INTO conversation (id, org_id, kind, protection, title, created_by, created_at, rev_seq, more)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    members: db.prepare<[string], Conversation['members'][number]>(
      'SELECT user_id AS userId, role, joined_seq AS joinedSeq, left_seq AS leftSeq FROM member WHERE conversation_id = ?',
    ),
    putMember: db.prepare(
      'INSERT OR REPLACE INTO member (conversation_id, user_id, role, joined_seq, left_seq) VALUES (?, ?, ?, ?, ?)',
    ),
    clearMembers: db.prepare('DELETE FROM member WHERE conversation_id = ?'),
    findEntryRev: db.prepare<[string, string], { revSeq: number }>(
      'SELECT rev_seq AS revSeq FROM entry WHERE log_id = ? AND key = ?',
    ),
    entryKeys: db.prepare<[string], { key: string }>('SELECT key FROM entry WHERE log_id = ?'),
    putEntry: db.prepare('INSERT OR REPLACE INTO entry (log_id, key, value, rev_seq) VALUES (?, ?, ?, ?)'),
    dropEntry: db.prepare('DELETE FROM entry WHERE log_id = ? AND key = ?'),
    clearEntries: db.prepare('DELETE FROM entry WHERE log_id = ?'),
    mergeReceipt: db.prepare(MERGE_RECEIPT),
    addUnknown: db.prepare('INSERT OR REPLACE INTO unknown_event (log_id, seq, envelope) VALUES (?, ?, ?)'),
    dropUnknown: db.prepare('DELETE FROM unknown_event WHERE log_id = ? AND seq = ?'),
    clearUnknown: db.prepare('DELETE FROM unknown_event WHERE log_id = ?'),
    addOwnOp: db.prepare('INSERT OR REPLACE INTO own_op (op_id, seq) VALUES (?, ?)'),
    clearOwnOps: db.prepare('DELETE FROM own_op'),
  };
}

/** The writer's side of cache.db. Every method runs inside the caller's transaction. */
export class CacheRows {
  readonly #db: Sqlite;
  readonly #sql: ReturnType<typeof prepare>;
  /** What ends. */
  readonly lifetime: LifetimeRows;
  readonly threads: ThreadRows;
  readonly counts: ReceiptCountRows;
  /** When the others got and read own messages. */
  readonly times: ReceiptTimeRows;

  constructor(db: Sqlite) {
    this.#db = db;
    this.threads = new ThreadRows(db);
    this.counts = createReceiptCountRows(db);
    this.#sql = prepare(db);
    this.lifetime = createLifetimeRows(db);
    this.times = createReceiptTimeRows(db);
  }

  /** Runs `work` in one transaction: all of it is stored, or nothing. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  findLog(id: string): LogPosition | undefined {
    return this.#sql.findLog.get(id);
  }

  addLog(id: string, kind: LogKind): void {
    this.#sql.addLog.run(id, kind);
  }

  putHead(head: Head): void {
    this.#sql.upsertHead.run(
      head.id,
      head.kind,
      head.head,
      head.chain,
      head.floorSeq,
      head.floorSeq,
      head.memberVersion,
      head.receiptVersion,
      head.readSeq,
      head.deliveredSeq,
      head.unreadFromSeq,
      head.unread,
      head.mentions,
      head.asOf,
      head.left ? 1 : 0,
    );
  }

  setTail(id: string, tail: number, chain: string, activityAt: number): void {
    this.#sql.setTail.run({ id, tail, chain, activityAt });
  }

  raiseActivity(id: string, activityAt: number): void {
    this.#sql.setActivity.run(activityAt, id);
  }

  coverage(id: string): IntervalSet {
    return this.#sql.coverage.all(id);
  }

  /** Moves the interval that ends at `tail` to end at `to`; false when there is none, or it would meet the next. */
  extendCoverage(id: string, tail: number, to: number): boolean {
    return this.#sql.extendCoverage.run({ id, tail, to }).changes === 1;
  }

  setCoverage(id: string, set: IntervalSet): void {
    this.#sql.clearCoverage.run(id);
    for (const { lo, hi } of set) this.#sql.addCoverage.run(id, lo, hi);
  }

  findMessage(id: string): Message | undefined {
    const row = this.#sql.findMessage.get(id);
    return row && messageOf(row);
  }

  /** Adds a message unless it is held. */
  addMessage(message: Message): void {
    this.#sql.insertMessage.run(...cells(message));
  }

  /** Adds a message, or replaces an older copy of it. */
  mergeMessage(message: Message): void {
    this.#sql.mergeMessage.run(...cells(message));
  }

  dropMessages(conversationId: string, set: IntervalSet): void {
    for (const { lo, hi } of set) this.#sql.deleteMessages.run(conversationId, lo, hi);
  }

  findConversation(id: string): Conversation | undefined {
    const row = this.#sql.findConversation.get(id);
    if (!row) return undefined;
    const { more, ...columns } = row;
    // Only this file writes the column, as JSON of exactly this shape.
    const settings = JSON.parse(more) as MoreSettings;
    return { ...columns, ...settings, members: this.#sql.members.all(id) };
  }

  /** Stores settings and members; members that are the same objects as in `before` are left alone. */
  putConversation(after: Conversation, before: Conversation | undefined): void {
    const { id, orgId, kind, protection, title, createdBy, createdAt, revSeq, members, ...settings } = after;
    const more: MoreSettings = settings;
    const columns = [id, orgId, kind, protection, title, createdBy, createdAt, revSeq];
    this.#sql.putConversation.run(...columns, JSON.stringify(more));
    if (!before) this.#sql.clearMembers.run(id);
    const unchanged = new Set(before?.members);
    for (const member of members) {
      if (unchanged.has(member)) continue;
      this.#sql.putMember.run(id, member.userId, member.role, member.joinedSeq, member.leftSeq);
    }
  }

  entryRevSeq(logId: string, key: string): number {
    return this.#sql.findEntryRev.get(logId, key)?.revSeq ?? 0;
  }

  entryKeys(logId: string): readonly string[] {
    return this.#sql.entryKeys.all(logId).map((row) => row.key);
  }

  putEntry(logId: string, entry: LogEntry): void {
    if (entry.value === null || entry.value === undefined) this.#sql.dropEntry.run(logId, entry.key);
    else this.#sql.putEntry.run(logId, entry.key, JSON.stringify(entry.value), entry.revSeq);
  }

  clearEntries(logId: string): void {
    this.#sql.clearEntries.run(logId);
  }

  mergeReceipt(conversationId: string, receipt: Receipt): void {
    this.#sql.mergeReceipt.run(conversationId, receipt.userId, receipt.deliveredSeq, receipt.readSeq);
  }

  setReceiptVersion(logId: string, version: number): void {
    this.#sql.setReceiptVersion.run({ version, id: logId });
  }

  /** Takes what was announced for held. */
  passReceipts(logId: string): void {
    this.#sql.passReceipts.run(logId);
  }

  announceReceiptVersion(logId: string, version: number): void {
    this.#sql.announceReceipts.run(version, logId);
  }

  /** Own watermarks as another of my devices moved them. */
  raiseOwnMarks(logId: string, readSeq: number, deliveredSeq: number): void {
    this.#sql.raiseOwn.run(readSeq, deliveredSeq, logId);
  }

  addUnknown(logId: string, seq: number, envelope: string): void {
    this.#sql.addUnknown.run(logId, seq, envelope);
  }

  dropUnknown(logId: string, seq: number): void {
    this.#sql.dropUnknown.run(logId, seq);
  }

  addOwnOp(opId: string, seq: number): void {
    this.#sql.addOwnOp.run(opId, seq);
  }

  clearOwnOps(): void {
    this.#sql.clearOwnOps.run();
  }

  /** Forgets everything of a log but its name, its heads and a conversation's settings. */
  resetLog(id: string): void {
    this.#sql.resetLog.run(id);
    this.#sql.clearCoverage.run(id);
    this.#sql.deleteMessages.run(id, 0, Number.MAX_SAFE_INTEGER);
    this.threads.clear(id);
    this.counts.clear(id);
    this.#sql.clearEntries.run(id);
    this.#sql.clearUnknown.run(id);
    this.#sql.clearOwnOps.run();
  }
}
