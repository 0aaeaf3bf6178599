/**
 * Watermarks. Owns the way from `read.set` and `delivered.set` to `curlew_receipts`: while one commit runs, what arrives
 * for the same person, device and conversation or thread is merged to the largest. Receipts never wait for, and never hold up,
 * an append.
 */
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { Pool } from 'pg';
import { classifyPgError } from '../infra/pg-errors.ts';

/** A person's device got this far. */
export interface ReceiptInput {
  readonly conversationId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly fence: number | null;
  /** The thread that was read; absent: the conversation. */
  readonly threadRootId?: string;
  readonly readSeq?: number;
  readonly deliveredSeq?: number;
}

/** The watermarks after it. `isSharedMoved`: others see a change; `isOwnMoved`: the person's own devices do. */
export interface ReceiptOutcome {
  readonly code: 'OK' | ErrorCode;
  readonly isSharedMoved: boolean;
  readonly isOwnMoved: boolean;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** where the two stood before */
  readonly fromDeliveredSeq: number;
  readonly fromReadSeq: number;
  readonly sharedReadSeq: number;
  readonly at: number;
  /** null when nothing shared moved */
  readonly receiptVersion: number | null;
  readonly memberVersion: number;
}

interface Pending {
  input: ReceiptInput;
  readonly resolves: ((outcome: ReceiptOutcome) => void)[];
}

/** Most watermarks of one commit. */
const BATCH_ITEMS = 500;
const CONFLICT_RETRIES = 4;

const receiptStatement = {
  name: 'curlew_receipts',
  text: 'SELECT * FROM curlew_receipts($1::jsonb, $2::uuid[])',
};

/** See the head of this file. */
export class ReceiptQueue {
  readonly #pool: Pool;
  readonly #waiting = new Map<string, Pending>();
  #running: Promise<void> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Moves a watermark; resolves after the commit that holds it. */
  set(input: ReceiptInput): Promise<ReceiptOutcome> {
    return new Promise((resolve) => {
      const key = `${input.conversationId} ${input.userId} ${input.deviceId} ${input.fence} ${input.threadRootId}`;
      const pending = this.#waiting.get(key);
      if (pending) {
        pending.input = merge(pending.input, input);
        pending.resolves.push(resolve);
      } else this.#waiting.set(key, { input, resolves: [resolve] });
      this.#running ??= this.#run();
    });
  }

  /** Waits until everything set so far is decided. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, BATCH_ITEMS);
      for (const [key] of batch) this.#waiting.delete(key);
      const outcomes = await this.#commit(
        batch.map(([, pending]) => pending.input),
        0,
      );
      batch.forEach(([, pending], index) => {
        const outcome = outcomes[index] ?? failed('INTERNAL');
        for (const resolve of pending.resolves) resolve(outcome);
      });
    }
    this.#running = undefined;
  }

  async #commit(inputs: readonly ReceiptInput[], attempt: number): Promise<readonly ReceiptOutcome[]> {
    try {
      const items = inputs.map((input, i) => ({
        i,
        conversation: input.conversationId,
        user: input.userId,
        device: input.deviceId,
        fence: input.fence,
        thread: input.threadRootId,
        read: input.readSeq,
        delivered: input.deliveredSeq,
      }));
      const devices = [...new Set(inputs.map((input) => input.deviceId))];
      const { rows } = await this.#pool.query<ReceiptRow>({
        ...receiptStatement,
        values: [JSON.stringify(items), devices],
      });
      const outcomes: ReceiptOutcome[] = [];
      for (const row of rows) outcomes[row.i] = readRow(row);
      return outcomes;
    } catch (error) {
      const failure = classifyPgError(error);
      if ((failure === 'conflict' || failure === 'duplicate') && attempt < CONFLICT_RETRIES) {
        return this.#commit(inputs, attempt + 1);
      }
      return inputs.map(() => failed(failure === 'refused' ? 'INTERNAL' : 'BUSY'));
    }
  }
}

interface ReceiptRow {
  readonly i: number;
  readonly code: ReceiptOutcome['code'];
  readonly moved: boolean;
  readonly own_moved: boolean;
  readonly delivered_seq: number | null;
  readonly read_seq: number | null;
  readonly shared_read_seq: number | null;
  readonly at_ms: number | null;
  readonly receipt_version: number | null;
  readonly member_version: number | null;
  readonly from_delivered_seq: number | null;
  readonly from_read_seq: number | null;
}

function readRow(row: ReceiptRow): ReceiptOutcome {
  return {
    code: row.code,
    isSharedMoved: row.moved,
    isOwnMoved: row.own_moved,
    deliveredSeq: row.delivered_seq ?? 0,
    readSeq: row.read_seq ?? 0,
    fromDeliveredSeq: row.from_delivered_seq ?? 0,
    fromReadSeq: row.from_read_seq ?? 0,
    sharedReadSeq: row.shared_read_seq ?? 0,
    at: row.at_ms ?? 0,
    receiptVersion: row.receipt_version,
    memberVersion: row.member_version ?? 0,
  };
}

function failed(code: ErrorCode): ReceiptOutcome {
  return {
    code,
    isSharedMoved: false,
    isOwnMoved: false,
    deliveredSeq: 0,
    readSeq: 0,
    fromDeliveredSeq: 0,
    fromReadSeq: 0,
    sharedReadSeq: 0,
    at: 0,
    receiptVersion: null,
    memberVersion: 0,
  };
}

function merge(a: ReceiptInput, b: ReceiptInput): ReceiptInput {
  const readSeq = Math.max(a.readSeq ?? 0, b.readSeq ?? 0);
  const deliveredSeq = Math.max(a.deliveredSeq ?? 0, b.deliveredSeq ?? 0);
  return { ...b, ...(readSeq > 0 ? { readSeq } : {}), ...(deliveredSeq > 0 ? { deliveredSeq } : {}) };
}
