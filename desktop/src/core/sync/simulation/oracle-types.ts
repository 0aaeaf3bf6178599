/** Shapes of the oracle. Owns types only; imports nothing. */

/** JSON as it crosses the wire. */
export type Json = Record<string, unknown>;

/** An event of a log. */
export interface OracleEvent {
  readonly logId: string;
  readonly seq: number;
  readonly chain: string;
  readonly type: string;
  readonly actorId: string;
  readonly opId: string;
  readonly opHash: string;
  readonly at: number;
  payload: Json | null;
  readonly memberVersion: number;
  /** The payload before it was scrubbed, as a backup would still have it. Never sent. */
  readonly original: Json;
}

/** How far a member got. */
export interface Watermark {
  readonly delivered: number;
  readonly read: number;
  /** By the message a thread hangs on. */
  readonly threads: Readonly<Record<string, number>>;
}

/** A stretch of a log that a person may see; `to` null: still there. */
export interface Stay {
  readonly from: number;
  to: number | null;
}

/** A person's place in a log, also of one who left. */
export interface Standing {
  role: string;
  joinedSeq: number;
  leftSeq: number | null;
  readonly stays: Stay[];
  /** Grows with what heads would show of this standing alone; see {@link OracleLog.updated}. */
  updated: number;
}

/** A log with everything the oracle keeps of it. */
export interface OracleLog {
  readonly id: string;
  readonly kind: 'conversation' | 'account' | 'org';
  readonly events: OracleEvent[];
  readonly standings: Map<string, Standing>;
  readonly watermarks: Map<string, Watermark>;
  /** Messages up to here are kept no longer. */
  floorSeq: number;
  receiptVersion: number;
  memberVersion: number;
  /** Grows with everything heads would show to those who are in it; compared with the token. */
  updated: number;
}

/** What a commit sends to whom; the network decides when and whether. */
export interface OraclePush {
  readonly userIds: readonly string[];
  readonly name: string;
  readonly payload: unknown;
  /** A hint goes to every device of these people, also to the one that caused it. */
  readonly isHint?: boolean;
}

/** A refusal with the catalogue's code. */
export class OracleError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
