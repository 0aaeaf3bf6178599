/**
 * What the edge (gateway and HTTP) may ask of the services that own logs. Owns the shapes of actors, outcomes and
 * fan-out. Services answer values and never emit: whoever called sends what `fanOut` names, after the ack.
 */
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import type { Envelope, LogKind } from '@curlew/shared/domain/event.ts';
import type { Audience, Conversation, Message, ReceiptCount } from '@curlew/shared/domain/message.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Scope } from '@curlew/shared/protocol/scopes.ts';
import type { OpResult } from '@curlew/shared/protocol/ops.ts';
import type { Reach, ReachStep } from '@curlew/shared/protocol/reach.ts';
import type { PastText } from '@curlew/shared/protocol/routes-conversations.ts';
import type { SearchAnswer, SearchRequest } from '@curlew/shared/protocol/search.ts';
import type {
  HeadsAnswer,
  HistoryAnswer,
  LogStateAnswer,
  OpsStatusAnswer,
  PullAnswer,
  ReceiptCountsAnswer,
  ReceiptStep,
  ReceiptsAnswer,
  VerifyAnswer,
  WindowAnswer,
} from '@curlew/shared/protocol/sync.ts';

/** A value or a catalogued error. */
export type Outcome<T> = Result<T, ErrorBody>;

/**
 * Who writes: taken from the verified token, never from a payload. `fence` is the one the socket got from `hello`;
 * null for HTTP writes, which carry none (the device must still be unrevoked).
 */
export interface Actor {
  readonly userId: string;
  readonly deviceId: string;
  readonly fence: number | null;
  /** a bot's rights; absent: a person, who needs none */
  readonly scopes?: readonly Scope[] | undefined;
}

/** A watermark that others may see moved: the payload of `receipt:updated`. */
export interface ReceiptMove {
  readonly conversationId: string;
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** where the two stood before */
  readonly fromDeliveredSeq: number;
  readonly fromReadSeq: number;
  readonly at: number;
  readonly receiptVersion: number;
}

/** How far a person read a thread: the payload of `thread:read`, for their own devices alone. */
export interface ThreadReadMove {
  readonly conversationId: string;
  readonly threadRootId: string;
  readonly readSeq: number;
}

/**
 * What a commit means for one log. Emit `events` to the users in `memberIds` (a list at least as new as
 * `memberVersion`), `receipts` and `threadReads` to the same people. `added` and `removed` name those whose set of logs changed and who
 * need a `user:changed` hint. A duplicate op republishes its event here.
 */
export interface FanOut {
  readonly logId: string;
  readonly kind: LogKind;
  readonly memberVersion: number;
  readonly memberIds: readonly string[];
  /** Whom `memberIds` are: the whole audience of an announcement channel, or everybody of an organisation. */
  readonly audience?: Audience & { readonly orgId: string };
  readonly events: readonly Envelope[];
  readonly receipts: readonly ReceiptMove[];
  readonly threadReads?: readonly ThreadReadMove[];
  /** Watermarks of a crowd moved: those who have it open hear of it as counts. */
  readonly areCountsMoved?: true;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Results in the order of the ops, possibly a prefix, and what to send to whom. */
export interface SubmitOutcome {
  readonly results: readonly OpResult[];
  readonly fanOut: readonly FanOut[];
}

/** An `ops:submit` body (or a one-op form made into one) without its fence, which stands in the actor. */
export interface SubmitRequest {
  readonly lane: string;
  readonly ops: readonly unknown[];
}

/** Queries as their schemas in `shared/protocol/sync.ts` parse them. */
export interface HistoryQuery {
  readonly before?: number | undefined;
  readonly around?: string | undefined;
  readonly at?: number | undefined;
  readonly limit: number;
  readonly minAsOf?: number | undefined;
}

/** See {@link HistoryQuery}. */
export interface PullQuery {
  readonly after: number;
  readonly limit: number;
  readonly needSeq?: number | undefined;
}

/** See {@link HistoryQuery}. */
export interface WindowQuery {
  readonly tail: number;
  readonly ranges: readonly { readonly lo: number; readonly hi: number }[];
  readonly limit: number;
}

/** See {@link HistoryQuery}. */
export interface ReceiptsQuery {
  readonly seq?: number | undefined;
  readonly step?: ReceiptStep | undefined;
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** Counts of a conversation's newest messages, and those that changed, by who may see them. */
export interface MovedCounts {
  readonly receiptVersion: number;
  readonly counts: readonly ReceiptCount[];
  readonly parts: readonly {
    readonly userIds: readonly string[];
    readonly counts: readonly ReceiptCount[];
  }[];
}

/** A page of conversations, newest activity first. */
export interface ConversationsPage {
  readonly conversations: Conversation[];
  readonly cursor?: string | undefined;
}

/** A page of a thread; `more`: there are later replies. */
export interface RepliesPage {
  readonly messages: Message[];
  readonly more: boolean;
}

/** The active members of a log, and the version of that list. */
export interface MemberList {
  readonly memberIds: readonly string[];
  readonly memberVersion: number;
}

/** A person to put into an organisation's log. */
export interface OrgJoin {
  readonly orgId: string;
  readonly userId: string;
  readonly deviceId?: string;
  readonly role: OrgRole;
  readonly name: string;
  readonly isBot?: true;
}

/** Who hears of repairs: of what they committed, to be sent, and of those that failed and are tried again. */
export interface RepairListener {
  readonly send: (fanOut: readonly FanOut[]) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Everything about logs that the edge may ask. Made by `createLogServices` in `log-services.ts`. */
export interface LogServices {
  /**
   * Writes ops. Never throws for what a client can cause; a database that is away answers BUSY per op. All FanOuts of
   * one group commit resolve in one turn of the event loop, so a gateway that collects until `setImmediate` gets one
   * frame per log and flush.
   */
  submitOps(actor: Actor, request: SubmitRequest): Promise<SubmitOutcome>;
  /** Names an organisation, with its first owner. Idempotent for the same ids. */
  createOrg(join: OrgJoin, orgName: string): Promise<Outcome<readonly FanOut[]>>;
  /** Adds a person to an organisation (an accepted invite is the caller's business). Idempotent. */
  joinOrg(join: OrgJoin): Promise<Outcome<readonly FanOut[]>>;
  /** Changes the name a person has in every organisation, through their logs, and on the account itself. */
  renamePerson(actor: Actor, name: string): Promise<Outcome<readonly FanOut[]>>;

  heads(
    userId: string,
    request: { token?: string | undefined; cursor?: string | undefined },
  ): Promise<Outcome<HeadsAnswer>>;
  pull(userId: string, logId: string, query: PullQuery): Promise<Outcome<PullAnswer>>;
  history(userId: string, conversationId: string, query: HistoryQuery): Promise<Outcome<HistoryAnswer>>;
  search(userId: string, request: SearchRequest): Promise<Outcome<SearchAnswer>>;
  window(userId: string, conversationId: string, query: WindowQuery): Promise<Outcome<WindowAnswer>>;
  verify(
    userId: string,
    logs: readonly { readonly id: string; readonly seq: number; readonly chain: string }[],
  ): Promise<Outcome<VerifyAnswer>>;
  opsStatus(userId: string, opIds: readonly string[]): Promise<Outcome<OpsStatusAnswer>>;
  logState(userId: string, logId: string, cursor?: string): Promise<Outcome<LogStateAnswer>>;
  receipts(userId: string, conversationId: string, query?: ReceiptsQuery): Promise<Outcome<ReceiptsAnswer>>;
  /** How many have and read each of the newest messages, or the one at `seq`. */
  receiptCounts(userId: string, conversationId: string, seq?: number): Promise<Outcome<ReceiptCountsAnswer>>;
  /** What changed of the counts since `known`, and who may be told which part of it. */
  movedCounts(conversationId: string, known: readonly ReceiptCount[]): Promise<Outcome<MovedCounts>>;
  conversations(
    userId: string,
    query: { cursor?: string | undefined; limit: number },
  ): Promise<Outcome<ConversationsPage>>;
  conversation(userId: string, conversationId: string): Promise<Outcome<Conversation>>;
  /** The members of a conversation the user belongs to; for typing, join and leave. */
  members(userId: string, conversationId: string): Promise<Outcome<MemberList>>;
  /** One message, if the user may see it. */
  message(userId: string, messageId: string): Promise<Outcome<Message>>;
  /** What a message said before and after each edit, as far as the user may know. */
  pastTexts(userId: string, messageId: string): Promise<Outcome<readonly PastText[]>>;
  /** How far an announcement got; whoever misses `step` is named. */
  reach(userId: string, messageId: string, step: ReachStep): Promise<Outcome<Reach>>;
  /** Replies in a message's thread behind position `after`, oldest first. */
  replies(userId: string, rootId: string, after: number, limit: number): Promise<Outcome<RepliesPage>>;
  /** The conversation a message stands in, if the user may see it; for `PUT/DELETE /api/messages/:id`. */
  conversationOfMessage(userId: string, messageId: string): Promise<Outcome<string>>;
  /** The server's incarnation: changes after a restore or failover. */
  epoch(): Promise<string>;
  /** Finishes, now and from then on, what a crash or a busy database cut off; ends with `drain`. */
  startRepairs(listener: RepairListener): void;
  /** Waits for the commits under way and refuses new ones with SHUTTING_DOWN. */
  drain(): Promise<void>;
}
