/**
 * Writes of clients: `ops:submit` and its one-op forms. Owns the order of things: validate, authorise, append,
 * answer; ops of one device and lane strictly one after the other; a retry answered with what its first attempt did,
 * also when the right to it was lost in between. Never emits: what to send is in the outcome.
 */
import type { LogKind } from '@curlew/shared/domain/event.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { retryClassOf } from '@curlew/shared/protocol/errors.ts';
import { missingScope, opScopes } from '@curlew/shared/protocol/scopes.ts';
import { isWatermarkOp, namedPeople, type Op, type OpResult } from '@curlew/shared/protocol/ops.ts';
import type { AppendOp, Appended, AppendQueue } from '../repositories/append-queue.ts';
import { findCommitted } from '../repositories/event-repository.ts';
import type { ReceiptQueue } from '../repositories/receipt-queue.ts';
import type { Pool } from 'pg';
import { planFanOut, planReceipt, planThreadRead, type CommittedEvent } from './fan-out-plan.ts';
import type { MembershipCache } from './membership-cache.ts';
import { prepareOp, type LogOp } from './op-facts.ts';
import { fastOpHash } from './op-hash.ts';
import { parseOp } from './op-parse.ts';
import type { Actor, FanOut, SubmitOutcome, SubmitRequest } from './service-types.ts';

/** How often an op is authorised again because the member list keeps moving. */
const AUTHORISE_ATTEMPTS = 5;
/** What a client is asked to wait when the database is away. */
const BUSY_RETRY_MS = 1_000;

/** What the service works with. */
export interface OpsDependencies {
  readonly appends: AppendQueue;
  readonly receipts: ReceiptQueue;
  readonly cache: MembershipCache;
  readonly readPool: Pool;
  /** brings people into a conversation that was asked for and is there already */
  readonly rejoin: (
    conversationId: string,
    actorId: string,
    userIds: readonly string[],
  ) => Promise<readonly FanOut[]>;
}

interface Decided {
  readonly result: OpResult;
  readonly fanOut: readonly FanOut[];
}

/** See the head of this file. */
export class OpsService {
  readonly #deps: OpsDependencies;
  readonly #lanes = new Map<string, Promise<unknown>>();

  constructor(deps: OpsDependencies) {
    this.#deps = deps;
  }

  /** Takes the ops of one request; see `LogServices.submitOps`. */
  submit(actor: Actor, request: SubmitRequest): Promise<SubmitOutcome> {
    const parsed = request.ops.map(parseOp);
    const isReceiptsOnly = parsed.every((it) => 'op' in it && isWatermarkOp(it.op));
    // Watermarks have no lane: they merge by maximum, so no order can hurt them.
    if (isReceiptsOnly) return this.#run(actor, request.lane, parsed);
    return this.#inLane(`${actor.deviceId} ${request.lane}`, () => this.#run(actor, request.lane, parsed));
  }

  async #run(
    actor: Actor,
    lane: string,
    parsed: readonly ReturnType<typeof parseOp>[],
  ): Promise<SubmitOutcome> {
    const decided: Decided[] = [];
    for (let index = 0; index < parsed.length;) {
      const segment = nextSegment(parsed, index);
      const outcome = await this.#segment(actor, lane, segment);
      decided.push(...outcome);
      index += segment.length;
      const last = outcome.at(-1)?.result;
      if (outcome.length < segment.length || (last && !last.ok && isRetryable(last.code))) break;
    }
    return { results: decided.map((it) => it.result), fanOut: decided.flatMap((it) => it.fanOut) };
  }

  /** Ops that can be authorised together. Answers a prefix when it stops at a retryable error. */
  async #segment(
    actor: Actor,
    lane: string,
    segment: readonly ReturnType<typeof parseOp>[],
  ): Promise<readonly Decided[]> {
    const decided: (Decided | undefined)[] = segment.map((it) =>
      'op' in it ? undefined : refuse(it.opId, it.code, it.detail),
    );
    const logOps: { index: number; op: LogOp }[] = [];
    const watermarks: Promise<void>[] = [];
    segment.forEach((it, index) => {
      if (!('op' in it)) return;
      const { op } = it;
      const scope = opScopes[op.kind] ?? 'not open to bots';
      if (missingScope(actor.scopes, [scope]) !== undefined)
        decided[index] = refuse(op.opId, 'SCOPE_MISSING', scope);
      else if (isWatermarkOp(op)) {
        watermarks.push(this.#watermark(actor, op).then((outcome) => void (decided[index] = outcome)));
      } else if (op.logId !== lane)
        decided[index] = refuse(op.opId, 'BAD_REQUEST', 'logId: must be the lane of the batch');
      else logOps.push({ index, op });
    });
    const appended =
      logOps.length > 0
        ? await this.#append(
            actor,
            lane,
            logOps.map(({ op }) => op),
          )
        : [];
    logOps.forEach(({ index }, position) => (decided[index] = appended[position]));
    await Promise.all(watermarks);
    const end = decided.findIndex((it) => it === undefined || (!it.result.ok && isRetryable(it.result.code)));
    const prefix = end < 0 ? decided : decided.slice(0, end + 1);
    return prefix.filter((it) => it !== undefined);
  }

  /** Authorises and appends ops of one lane, again where the member list moved meanwhile. */
  async #append(
    actor: Actor,
    lane: string,
    ops: readonly LogOp[],
    attempt = 1,
  ): Promise<readonly (Decided | undefined)[]> {
    const { cache, appends } = this.#deps;
    let prepared;
    try {
      prepared = await Promise.all(ops.map((op) => prepareOp(actor, op, cache)));
    } catch {
      return [refuse(ops[0]?.opId ?? '', 'BUSY')]; // the facts could not be read
    }
    const allowed = prepared.flatMap((it) => ('append' in it ? [it.append] : []));
    const answers = await appends.append(lane, allowed);
    const denied = ops.filter((_, index) => 'code' in (prepared[index] ?? {}));
    const earlier = await this.#committedEarlier(actor, denied);
    const planned = [
      ...(await this.#plan(lane, allowed, answers)),
      ...(await this.#rejoin(actor, ops, answers)),
    ];
    let position = 0;
    const decided = ops.map((op, index): Decided | undefined => {
      const it = prepared[index];
      if (!it) return undefined;
      if ('code' in it) return earlier.get(op.opId) ?? refuse(op.opId, it.code);
      const answer = answers[position++];
      return answer && answer.code !== 'MOVED' ? toDecided(op.opId, answer) : undefined;
    });
    const firstCommitted = decided.findIndex((it) => it !== undefined);
    const withFanOut = decided.map((it, index) =>
      it && index === firstCommitted ? { ...it, fanOut: [...it.fanOut, ...planned] } : it,
    );
    const moved = answers.some((answer) => answer?.code === 'MOVED');
    if (!moved) return withFanOut;
    cache.forget(lane);
    const rest = withFanOut.findIndex((it) => it === undefined);
    if (attempt >= AUTHORISE_ATTEMPTS)
      return [...withFanOut.slice(0, rest), refuse(ops[rest]?.opId ?? '', 'BUSY')];
    return [...withFanOut.slice(0, rest), ...(await this.#append(actor, lane, ops.slice(rest), attempt + 1))];
  }

  /** Whoever asks for the conversation of a pair or of an item that there is already is in it afterwards. */
  async #rejoin(
    actor: Actor,
    ops: readonly LogOp[],
    answers: readonly (Appended | undefined)[],
  ): Promise<readonly FanOut[]> {
    const op = ops[0];
    const existing = answers[0]?.canonicalId;
    if (op?.kind !== 'conversation.create' || existing === undefined) return [];
    // Its version is not known here, so a kept list cannot be judged.
    this.#deps.cache.forget(existing);
    const conversation = await this.#deps.cache.conversation(existing);
    const absent = [actor.userId, ...namedPeople(op)].filter(
      (userId) => conversation?.members.get(userId)?.isActive !== true,
    );
    return absent.length > 0 ? this.#deps.rejoin(existing, actor.userId, absent) : [];
  }

  /** What denied ops did when they were sent before: the answer to an op never changes. */
  async #committedEarlier(actor: Actor, denied: readonly LogOp[]): Promise<ReadonlyMap<string, Decided>> {
    if (denied.length === 0) return new Map();
    const found = await findCommitted(
      this.#deps.readPool,
      actor.userId,
      denied.map((op) => op.opId),
    ).catch(() => []);
    const decided = found.map(({ opId, logId, opHash, seq, at, chain }): [string, Decided] => {
      const isSame = denied.some((op) => op.opId === opId && op.logId === logId && fastOpHash(op) === opHash);
      const result: OpResult = { opId, ok: true, duplicate: true, seq, at, chain };
      return [opId, isSame ? { result, fanOut: [] } : refuse(opId, 'OP_ID_REUSED')];
    });
    return new Map(decided);
  }

  async #plan(
    lane: string,
    ops: readonly AppendOp[],
    answers: readonly (Appended | undefined)[],
  ): Promise<readonly FanOut[]> {
    const events = ops.flatMap((op, index): CommittedEvent[] => {
      const answer = answers[index];
      if (answer?.code !== 'OK' || !answer.event) return [];
      const { seq, chain, at, type, payload, targetSeq } = answer.event;
      const { logId, actorId, opId, opHash } = op;
      const { memberVersion } = answer;
      const envelope = { logId, seq, chain, type, actorId, opId, opHash, at, payload, memberVersion };
      return [{ envelope, targetSeq }];
    });
    const first = ops[0];
    if (events.length === 0 || !first) return [];
    try {
      return await planFanOut(logKindOf(first.kind), lane, events, this.#deps.cache);
    } catch {
      return []; // committed all the same; the others find it at their next heads
    }
  }

  async #watermark(actor: Actor, op: Extract<Op, { kind: 'read.set' | 'delivered.set' }>): Promise<Decided> {
    const threadRootId = op.kind === 'read.set' ? op.threadRootId : undefined;
    const outcome = await this.#deps.receipts.set({
      conversationId: op.logId,
      userId: actor.userId,
      deviceId: actor.deviceId,
      fence: actor.fence,
      ...(threadRootId === undefined ? {} : { threadRootId }),
      ...(op.kind === 'read.set' ? { readSeq: op.seq } : { deliveredSeq: op.seq }),
    });
    if (outcome.code !== 'OK') return refuse(op.opId, outcome.code);
    const result: OpResult = { opId: op.opId, ok: true, duplicate: false };
    if (!outcome.isOwnMoved) return { result, fanOut: [] };
    const { deliveredSeq, readSeq, fromDeliveredSeq, fromReadSeq, at, sharedReadSeq, memberVersion } =
      outcome;
    if (threadRootId !== undefined) {
      const move = { conversationId: op.logId, threadRootId, readSeq };
      return { result, fanOut: [planThreadRead(actor.userId, move, memberVersion)] };
    }
    const move = {
      conversationId: op.logId,
      userId: actor.userId,
      deliveredSeq,
      readSeq,
      fromDeliveredSeq,
      fromReadSeq,
      at,
      receiptVersion: outcome.receiptVersion ?? 0,
    };
    const shared = outcome.isSharedMoved ? sharedReadSeq : undefined;
    return {
      result,
      fanOut: await planReceipt(move, shared, memberVersion, this.#deps.cache).catch(() => []),
    };
  }

  /** Runs work of one lane after all earlier work of it, so that a re-authorised op is never overtaken. */
  async #inLane<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(key) ?? Promise.resolve();
    const run = before.then(work, work);
    this.#lanes.set(key, run);
    try {
      return await run;
    } finally {
      if (this.#lanes.get(key) === run) this.#lanes.delete(key);
    }
  }
}

/** Ops that can be authorised together: one that changes what later ones are allowed stands alone. */
function nextSegment(
  parsed: readonly ReturnType<typeof parseOp>[],
  from: number,
): readonly ReturnType<typeof parseOp>[] {
  const changer = parsed.findIndex((it, index) => index >= from && 'op' in it && changesRights(it.op));
  if (changer < 0) return parsed.slice(from);
  return parsed.slice(from, changer === from ? from + 1 : changer);
}

function changesRights(op: Op): boolean {
  switch (op.kind) {
    case 'conversation.create':
    case 'member.add':
    case 'member.remove':
    case 'member.role':
      return true;
    case 'conversation.update':
      return op.isClosed !== undefined;
    case 'org.set':
      return op.key.startsWith('role:') || op.key.startsWith('policy:');
    default:
      return false;
  }
}

/** The scope of the log an op of this kind writes to. */
export function logKindOf(kind: string): LogKind {
  if (kind === 'account.set') return 'account';
  return kind === 'org.set' ? 'org' : 'conversation';
}

function toDecided(opId: string, answer: Appended): Decided {
  if (answer.code !== 'OK' && answer.code !== 'MOVED') return refuse(opId, answer.code);
  const { duplicate, canonicalId, event } = answer;
  const position = event ? { seq: event.seq, at: event.at, chain: event.chain } : {};
  return {
    result: { opId, ok: true, duplicate, ...position, ...(canonicalId ? { canonicalId } : {}) },
    fanOut: [],
  };
}

function refuse(opId: string, code: ErrorCode, detail?: string): Decided {
  const retry = retryClassOf(code) === 'backoff' ? { retryMs: BUSY_RETRY_MS } : {};
  return {
    result: { opId, ok: false, duplicate: false, code, ...(detail ? { detail } : {}), ...retry },
    fanOut: [],
  };
}

function isRetryable(code: string | undefined): boolean {
  return code !== undefined && retryClassOf(code) !== 'never';
}
