/**
 * Reads of outbox.db for the views: what waits, what was sent but is not cached yet, aliases, drafts, read marks. Owns
 * the SQL; a conversation's rows are found by its lane, so the age of the sent log costs nothing.
 */
import type { Draft } from '@curlew/shared/domain/entries.ts';
import { isErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { Sqlite } from '../sqlite.ts';
import type { OpState, OutboxItem } from '../store-types.ts';

interface ItemColumns {
  readonly n: number;
  readonly opId: string;
  readonly lane: string;
  readonly bytes: string;
  readonly state: OpState;
  readonly attempts: number;
  readonly dependsOn: string | null;
  readonly retryAtMs: number | null;
  readonly dropAtMs: number | null;
  readonly composedAtMs: number;
  readonly seq: number | null;
  readonly code: string | null;
  readonly detail: string | null;
}

/** A row whose op cannot be read any more still has to be seen by its owner. */
export interface RawItem extends Omit<OutboxItem, 'op'> {
  readonly op: Op | null;
}

interface DraftColumns {
  readonly text: string;
  readonly replyTo: string | null;
  readonly isDirty: number;
  readonly seq: number | null;
}

/** This device's draft, and whether it still has to reach my other devices. */
export interface LocalDraft {
  readonly draft: Draft;
  readonly isDirty: boolean;
  /** Position of its offer in the account log; null while it was not acknowledged. */
  readonly seq: number | null;
}

const OP_COLUMNS = `n, op_id AS opId, lane, bytes, state, attempts, depends_on AS dependsOn, retry_at AS retryAtMs,
  drop_at AS dropAtMs, composed_at AS composedAtMs, seq, code, detail`;
const SENT_COLUMNS = `n, op_id AS opId, lane, bytes, 'APPLIED' AS state, 1 AS attempts, NULL AS dependsOn,
  NULL AS retryAtMs, NULL AS dropAtMs, composed_at AS composedAtMs, seq, NULL AS code, NULL AS detail`;

// A draft on its way to my other devices is nothing a person waits for.
const NOT_A_DRAFT = `NOT (kind = 'account.set' AND target LIKE 'draft:%')`;

/** See the head of this file. */
export type OutboxReads = ReturnType<typeof createOutboxReads>;

/** Prepares the queries. */
export function createOutboxReads(db: Sqlite) {
  const items = <Params extends (string | number)[]>(where: string) =>
    db.prepare<Params, ItemColumns>(`SELECT ${OP_COLUMNS} FROM op WHERE ${where}`);
  const sends = items<[lane: string, limit: number]>(
    `lane = ? AND kind = 'message.send' ORDER BY n DESC LIMIT ?`,
  );
  const others = items<[lane: string]>(`lane = ? AND kind <> 'message.send' ORDER BY n`);
  const byOp = items<[opId: string]>('op_id = ?');
  const byState = items<[state: string, limit: number]>(`state = ? AND ${NOT_A_DRAFT} ORDER BY n LIMIT ?`);
  const sent = db.prepare<[lane: string, tail: number, limit: number], ItemColumns>(
    `SELECT ${SENT_COLUMNS} FROM sent WHERE lane = ? AND seq > ? ORDER BY seq DESC LIMIT ?`,
  );
  const newestWaiting = db.prepare<[lane: string], { readonly n: number }>(
    `SELECT n FROM op WHERE lane = ? AND kind = 'message.send' AND state NOT IN ('REJECTED', 'STALLED', 'CANCELLED')
     ORDER BY n DESC LIMIT 1`,
  );
  const failed = db.prepare<[lane: string, cap: number], { readonly count: number }>(
    `SELECT count(*) AS count FROM (SELECT 1 FROM op WHERE lane = ? AND kind = 'message.send'
       AND state IN ('REJECTED', 'STALLED') LIMIT ?)`,
  );
  const lanes = db.prepare<[], { readonly lane: string }>(
    `SELECT lane FROM op INDEXED BY op_by_lane WHERE lane > '' GROUP BY lane`,
  );
  // A creation that named what there was already is done, while the log of what there was may still be on its way.
  const isOf = '(lane = ? OR lane IN (SELECT local_id FROM conv_alias WHERE canonical_id = ?))';
  const creates = ['op', 'sent'].map((table) =>
    db.prepare<[conversationId: string, sameId: string], ItemColumns>(
      `SELECT ${table === 'op' ? OP_COLUMNS : SENT_COLUMNS} FROM ${table}
       WHERE ${isOf} AND kind = 'conversation.create' LIMIT 1`,
    ),
  );
  const byKey = items<[key: string, kind: string]>('target = ? AND kind = ? ORDER BY n DESC LIMIT 1');
  const alias = db.prepare<[localId: string], { readonly canonicalId: string }>(
    'SELECT canonical_id AS canonicalId FROM conv_alias WHERE local_id = ?',
  );
  const draft = db.prepare<[conversationId: string], DraftColumns>(
    `SELECT text, reply_to AS replyTo, is_dirty AS isDirty, seq FROM draft WHERE conversation_id = ?`,
  );
  const drafted = db.prepare<[], { readonly id: string }>(
    `SELECT conversation_id AS id FROM draft WHERE conversation_id > '' AND in_conversation IS NULL`,
  );
  const other = db.prepare<[place: string], Draft>(
    `SELECT text, reply_to AS replyTo FROM kept_draft WHERE conversation_id = ? AND is_other = 1
      ORDER BY id DESC LIMIT 1`,
  );
  const cleared = db.prepare<[place: string], { readonly text: string; readonly keptAtMs: number }>(
    `SELECT text, kept_at AS keptAtMs FROM kept_draft WHERE conversation_id = ? AND is_other = 0
      ORDER BY id DESC LIMIT 1`,
  );
  const wanted = db.prepare<[conversationId: string], { readonly wanted: number }>(
    'SELECT wanted FROM read_mark WHERE conversation_id = ?',
  );
  const allWanted = db.prepare<[], { readonly id: string; readonly wanted: number }>(
    `SELECT conversation_id AS id, wanted FROM read_mark WHERE conversation_id > ''`,
  );
  const wantedThread = db.prepare<[rootId: string], { readonly wanted: number }>(
    'SELECT wanted FROM thread_mark WHERE root_id = ?',
  );
  const counted = db.prepare<[state: string], { readonly count: number }>(
    `SELECT count(*) AS count FROM op WHERE state = ? AND ${NOT_A_DRAFT}`,
  );

  return {
    /** Newest sends of a lane, at most `limit`, and everything else of it, in the order composed. */
    laneItems(lane: string, limit: number): readonly OutboxItem[] {
      return [...sends.all(lane, limit), ...others.all(lane)].flatMap(readable).sort((a, b) => a.n - b.n);
    },
    /** Sent rows beyond a position, newest `limit`: the cache may have lost them at power loss, or not have them yet. */
    sentBeyond: (lane: string, tail: number, limit: number): readonly OutboxItem[] =>
      sent.all(lane, tail, limit).flatMap(readable),
    item(opId: string): OutboxItem | undefined {
      return byOp.all(opId).flatMap(readable)[0];
    },
    inState: (state: OpState, limit: number): readonly RawItem[] => byState.all(state, limit).map(toItem),
    countIn: (state: OpState): number => counted.get(state)?.count ?? 0,
    /** Composing order of the newest send of a lane that is under way; null: none. */
    newestWaiting: (lane: string): number | null => newestWaiting.get(lane)?.n ?? null,
    /** Sends of a lane that failed for good, counted up to 99. */
    failedSends: (lane: string): number => failed.get(lane, 99)?.count ?? 0,
    /** Lanes with anything in the outbox. */
    lanes: (): readonly string[] => lanes.all().map(({ lane }) => lane),
    /** The creation that this device knows a conversation by for as long as the cache does not have it. */
    pendingCreate(conversationId: string): OutboxItem | undefined {
      return creates.flatMap((query) => query.all(conversationId, conversationId).flatMap(readable))[0];
    },
    /** The newest change of an organisation's key that the server has not confirmed. */
    pendingOrgEntry(key: string): OutboxItem | undefined {
      return byKey.all(key, 'org.set').flatMap(readable)[0];
    },
    canonicalIdOf: (conversationId: string): string | null => alias.get(conversationId)?.canonicalId ?? null,
    draft(conversationId: string): LocalDraft | undefined {
      const row = draft.get(conversationId);
      if (!row) return undefined;
      const { text, replyTo, isDirty, seq } = row;
      return { draft: { text, replyTo }, isDirty: isDirty === 1, seq };
    },
    /** Conversations that this device has a draft of, or cleared one. */
    draftIds: (): readonly string[] => drafted.all().map(({ id }) => id),
    /** What another device wrote in a place while this one did. */
    otherDraft: (place: string): Draft | null => other.get(place) ?? null,
    /** The draft of a place that was cleared last, and when. */
    clearedDraft: (place: string) => cleared.get(place) ?? null,
    /** How far this device read, 0 when it never said. */
    readSeq: (conversationId: string): number => wanted.get(conversationId)?.wanted ?? 0,
    /** The same of every conversation that has one. */
    readSeqs: (): ReadonlyMap<string, number> =>
      new Map(allWanted.all().map(({ id, wanted: seq }) => [id, seq])),
    /** How far this device read a thread, 0 when it never said. */
    threadReadSeq: (rootId: string): number => wantedThread.get(rootId)?.wanted ?? 0,
  };
}

function toItem({ bytes, code, ...row }: ItemColumns): RawItem {
  return { ...row, op: parseOp(bytes), code: code !== null && isErrorCode(code) ? code : null };
}

function readable(row: ItemColumns): readonly OutboxItem[] {
  const { op, ...item } = toItem(row);
  return op ? [{ ...item, op }] : [];
}

// The bytes were a valid op when they were composed; only a damaged file holds anything else.
function parseOp(bytes: string): Op | null {
  try {
    return JSON.parse(bytes);
  } catch {
    return null;
  }
}
