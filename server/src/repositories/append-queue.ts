/**
 * Group commit. Owns the way from authorised ops to `curlew_append`: ops of one shard that arrive while a commit runs
 * go together in the next one; there is no timer. Promises that a group (the ops of one request, one lane) commits in
 * its order, that nothing of a group commits after one of its ops failed in a way worth retrying, and that one op the
 * database cannot take fails alone.
 */
import type { JsonValue } from '@curlew/shared/lib/canonical-json.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { retryClassOf } from '@curlew/shared/protocol/errors.ts';
import type { Pool } from 'pg';
import { classifyPgError } from '../infra/pg-errors.ts';

/** An op that authorisation let pass, as the SQL function takes it. */
export interface AppendOp {
  readonly logId: string;
  readonly actorId: string;
  /** null for the server's own ops */
  readonly deviceId: string | null;
  /** null: not checked (HTTP) */
  readonly fence: number | null;
  readonly opId: string;
  readonly opHash: string;
  readonly kind: string;
  /** memberVersion that authorisation saw; null: none was looked at */
  readonly seenVersion: number | null;
  /** the server's own op: no device, no organisation check */
  readonly isSystem?: boolean;
  /** ms, when it was said in another system; absent: now. Only for the server's own ops. */
  readonly atMs?: number;
  readonly body: { readonly [key: string]: JsonValue | undefined };
}

/** What became of an op. `MOVED`: the member list changed since authorisation; authorise again. */
export interface Appended {
  readonly code: 'OK' | 'MOVED' | ErrorCode;
  readonly duplicate: boolean;
  readonly memberVersion: number;
  /** present when the op has an event */
  readonly event?: AppendedEvent;
  readonly canonicalId?: string;
}

/** The event an op became. `targetSeq`: createSeq of the message it is about, null when it is about none. */
export interface AppendedEvent {
  readonly seq: number;
  readonly at: number;
  readonly chain: string;
  readonly type: string;
  readonly payload: unknown;
  readonly targetSeq: number | null;
}

/** Figures of the queue, for metrics. */
export interface AppendQueueObserver {
  readonly onCommit?: (figures: { ops: number; durationMs: number }) => void;
  /** an op the database refused for a reason that is a bug here; ids and code only */
  readonly onRefused?: (op: AppendOp, error: unknown) => void;
}

interface Group {
  readonly ops: readonly AppendOp[];
  readonly results: (Appended | undefined)[];
  isBroken: boolean;
  readonly resolve: (results: readonly (Appended | undefined)[]) => void;
}

interface Entry {
  readonly group: Group;
  readonly index: number;
  readonly op: AppendOp;
}

/** Most ops of one commit. Larger batches gain nothing and make everybody in them wait. */
const BATCH_OPS = 500;
/** More than this waiting means seconds of delay; those who come then are asked to come later. */
const WAITING_OPS_MAX = 20_000;
/** Lanes by log id; more of them gained nothing on two cores. */
const SHARDS = 2;
/** How often a batch is repeated as it was after a serialisation conflict or an unseen duplicate. */
const CONFLICT_RETRIES = 4;

/** How a batch is written: as said now, or as history that everybody has read. */
export type AppendFunction = 'curlew_append' | 'curlew_import';

/** See the head of this file. */
export class AppendQueue {
  readonly #shards: Shard[];

  constructor(
    pool: Pick<Pool, 'query'>,
    observer: AppendQueueObserver = {},
    write: AppendFunction = 'curlew_append',
  ) {
    this.#shards = Array.from({ length: SHARDS }, () => new Shard(pool, observer, write));
  }

  /**
   * Appends the ops of one lane in order.
   * @returns one result an op; undefined for those left untried behind a failure that is worth retrying
   */
  append(lane: string, ops: readonly AppendOp[]): Promise<readonly (Appended | undefined)[]> {
    const shard = this.#shards[Number.parseInt(lane.slice(-1), 16) % SHARDS] ?? this.#shards[0];
    return shard ? shard.append(ops) : Promise.resolve([]);
  }

  /** Waits until everything appended so far is decided. */
  async drain(): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.idle()));
  }
}

class Shard {
  readonly #pool: Pick<Pool, 'query'>;
  readonly #observer: AppendQueueObserver;
  readonly #write: AppendFunction;
  #waiting: Group[] = [];
  #waitingOps = 0;
  #running: Promise<void> | undefined;

  constructor(pool: Pick<Pool, 'query'>, observer: AppendQueueObserver, write: AppendFunction) {
    this.#pool = pool;
    this.#observer = observer;
    this.#write = write;
  }

  append(ops: readonly AppendOp[]): Promise<readonly (Appended | undefined)[]> {
    if (ops.length === 0) return Promise.resolve([]);
    if (this.#waitingOps >= WAITING_OPS_MAX)
      return Promise.resolve(ops.map((_, index) => (index === 0 ? failed('BUSY') : undefined)));
    this.#waitingOps += ops.length;
    return new Promise((resolve) => {
      this.#waiting.push({ ops, results: ops.map(() => undefined), isBroken: false, resolve });
      this.#running ??= this.#run();
    });
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // Everything that arrives in this turn of the event loop shares the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const groups = this.#take();
      const entries = groups.flatMap((group) => group.ops.map((op, index) => ({ group, index, op })));
      await this.#commit(entries, false, 0);
      for (const group of groups) group.resolve(group.results);
    }
    this.#running = undefined;
  }

  /** Whole groups only: a lane is never spread over two commits. */
  #take(): Group[] {
    let count = 0;
    let size = 0;
    while (
      count < this.#waiting.length &&
      (count === 0 || size + (this.#waiting[count]?.ops.length ?? 0) <= BATCH_OPS)
    ) {
      size += this.#waiting[count]?.ops.length ?? 0;
      count += 1;
    }
    this.#waitingOps -= size;
    return this.#waiting.splice(0, count);
  }

  async #commit(all: readonly Entry[], isChecked: boolean, attempt: number): Promise<void> {
    const entries = all.filter((entry) => !entry.group.isBroken);
    if (entries.length === 0) return;
    const startedMs = performance.now();
    try {
      const rows = await this.#call(entries, isChecked);
      this.#observer.onCommit?.({ ops: entries.length, durationMs: performance.now() - startedMs });
      for (const row of rows) {
        const entry = entries[row.i];
        if (entry) this.#settle(entry, readRow(row, entry.op));
      }
      cutBehindFailures(entries);
    } catch (error) {
      const failure = classifyPgError(error);
      if (failure === 'unavailable') {
        // The commit may have happened; the client sends again and the op is recognised.
        for (const entry of entries) this.#settle(entry, failed('BUSY'));
      } else if (failure !== 'refused' && attempt < CONFLICT_RETRIES) {
        await this.#commit(entries, true, attempt + 1);
      } else if (entries.length === 1 && entries[0]) {
        this.#observer.onRefused?.(entries[0].op, error);
        this.#settle(entries[0], failed(failure === 'refused' ? 'INTERNAL' : 'BUSY'));
      } else {
        const middle = Math.ceil(entries.length / 2);
        await this.#commit(entries.slice(0, middle), isChecked, 0);
        await this.#commit(entries.slice(middle), isChecked, 0);
      }
    }
  }

  async #call(entries: readonly Entry[], isChecked: boolean): Promise<readonly AppendRow[]> {
    const { rows } = await this.#pool.query<AppendRow>({
      name: this.#write,
      text: `SELECT * FROM ${this.#write}($1::jsonb, $2::uuid[], $3::uuid[], $4, $5)`,
      values: [
        JSON.stringify(entries.map(({ op }, i) => wireOp(op, i))),
        [...new Set(entries.map(({ op }) => op.logId))],
        [...new Set(entries.flatMap(({ op }) => (op.deviceId === null ? [] : [op.deviceId])))],
        entries.some(({ op }) => op.kind !== 'message.send'),
        isChecked,
      ],
    });
    return rows;
  }

  #settle(entry: Entry, result: Appended): void {
    entry.group.results[entry.index] = result;
    if (isWorthRetrying(result)) entry.group.isBroken = true;
  }
}

interface AppendRow {
  readonly i: number;
  readonly code: Appended['code'];
  readonly duplicate: boolean;
  readonly seq: number | null;
  readonly at_ms: number | null;
  readonly chain: string | null;
  readonly member_version: number | null;
  readonly canonical_id: string | null;
  readonly type: string | null;
  readonly payload: unknown;
  readonly target_seq: number | null;
}

function wireOp(op: AppendOp, i: number): object {
  const {
    logId: log,
    actorId: actor,
    deviceId: device,
    fence,
    opId,
    opHash,
    kind,
    seenVersion: mv,
    atMs: at,
    body,
  } = op;
  return {
    i,
    log,
    actor,
    device,
    fence,
    op: opId,
    hash: opHash,
    kind,
    mv,
    sys: op.isSystem === true ? true : undefined,
    at,
    body,
  };
}

function readRow(row: AppendRow, op: AppendOp): Appended {
  const { code, duplicate } = row;
  const base = { code, duplicate, memberVersion: row.member_version ?? 0 };
  if (row.canonical_id !== null) return { ...base, canonicalId: row.canonical_id };
  if (row.seq === null || row.at_ms === null || row.chain === null) return base;
  // A fresh send comes back without its payload: it is the op's body, unchanged.
  const { seq, at_ms: at, chain } = row;
  if (row.type === null)
    return { ...base, event: { seq, at, chain, type: 'message:new', payload: op.body, targetSeq: seq } };
  return {
    ...base,
    event: { seq, at, chain, type: row.type, payload: row.payload, targetSeq: row.target_seq },
  };
}

function failed(code: ErrorCode): Appended {
  return { code, duplicate: false, memberVersion: 0 };
}

/** Whether the client, or authorisation, will come again with this op, so that later ones of the lane must wait. */
function isWorthRetrying(result: Appended): boolean {
  return result.code !== 'OK' && (result.code === 'MOVED' || retryClassOf(result.code) !== 'never');
}

/** Results behind a retryable failure of the same commit are void only when they failed too; the SQL saw to that. */
function cutBehindFailures(entries: readonly Entry[]): void {
  for (const { group } of entries) {
    const first = group.results.findIndex((result) => result !== undefined && isWorthRetrying(result));
    if (first >= 0) group.results.fill(undefined, first + 1);
  }
}
