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
  delivered: number;
  read: number;
}

/** A log with everything the oracle keeps of it. */
export interface OracleLog {
  readonly id: string;
  readonly kind: 'conversation' | 'account' | 'org';
  readonly events: OracleEvent[];
  readonly members: Set<string>;
  readonly watermarks: Map<string, Watermark>;
  readonly peers: readonly string[];
  readonly orgId: string;
  createdBy: string;
  receiptVersion: number;
  /** Grows with everything heads would show; compared with the token. */
  updated: number;
}

/** What a commit sends to whom; the network decides when and whether. */
export interface OraclePush {
  readonly userIds: readonly string[];
  readonly name: string;
  readonly payload: unknown;
}

/** A refusal with the catalogue's code. */
export class OracleError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
