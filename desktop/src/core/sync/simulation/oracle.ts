/**
 * The oracle: Curlew's server in memory, written from the protocol's text and importing no production code, so that a
 * shared mistake cannot hide. Owns logs, watermarks, fences and the answers to every call the sync core makes.
 * Commits are instant and durable; what the network does to requests and answers is `sim-network.ts`'s business.
 */
import { markOf, moveMark } from './oracle-marks.ts';
import { rewind, saveLogs, scrub, type SavedLog } from './oracle-backup.ts';
import { messagesOf, type OracleMessage } from './oracle-fold.ts';
import { fakeId, hashOf, nextChain } from './oracle-hash.ts';
import { applyToMembers, membersOf, readableBy, type Readable } from './oracle-members.ts';
import { pushesOf } from './oracle-pushes.ts';
import * as reads from './oracle-reads.ts';
import { OracleRounds } from './oracle-rounds.ts';
import { creationOf, existingOf } from './oracle-creations.ts';
import { outcomeOf } from './oracle-writes.ts';
import { OracleError, type Json, type OracleEvent, type OracleLog, type OraclePush } from './oracle-types.ts';

/** See the file comment. */
export class Oracle {
  readonly orgId: string;
  readonly logs = new Map<string, OracleLog>();
  readonly #opIndex = new Map<
    string,
    { readonly event: OracleEvent; readonly hash: string; readonly answer: Json }
  >();
  readonly #commits = new Map<string, number>();
  readonly #fences = new Map<string, number>();
  readonly #now: () => number;
  epoch = 1;
  #version = 0;
  /** It went back in time at least once. */
  hasTravelled = false;
  /** Refusals by op, as last answered. */
  readonly refusals = new Map<string, string>();
  /** Contradictions no correct client can cause (I14, I15). */
  readonly violations: string[] = [];
  /** What it does by the clock. */
  readonly rounds: OracleRounds;

  constructor(orgId: string, userIds: readonly string[], now: () => number) {
    this.orgId = orgId;
    this.#now = now;
    this.rounds = new OracleRounds({
      orgId,
      logs: this.logs,
      nowMs: now,
      append: (log, type, actorId, payload) => this.#written(log, type, actorId, payload),
      commit: (userId, op, pushes) => this.#commit(userId, op, pushes, true)['code'] as string | undefined,
      touch: (log) => {
        log.updated = ++this.#version;
        // Also to those who left: what they hold is kept no longer either.
        for (const standing of log.standings.values()) standing.updated = log.updated;
      },
    });
    const org = this.#createLog(orgId, 'org', userIds);
    for (const userId of userIds) {
      this.#createLog(userId, 'account', [userId]);
      this.#append(
        org,
        'org:updated',
        userId,
        { opId: fakeId(`person ${userId}`) },
        {
          key: `person:${userId}`,
          value: { name: `Person ${userId.slice(-2)}` },
        },
      );
      this.#append(
        org,
        'org:updated',
        userId,
        { opId: fakeId(`role ${userId}`) },
        {
          key: `role:${userId}`,
          value: { role: 'member' },
        },
      );
    }
  }

  /** Head of a log; 0 when there is none. */
  headOf(logId: string): number {
    return this.logs.get(logId)?.events.length ?? 0;
  }

  /** Chain of a log at a position. */
  chainAt(log: OracleLog, seq: number): string {
    return reads.chainAt(log, seq);
  }

  /** A log as a person may read it; undefined for who never belonged to it. */
  readable(logId: string, userId: string): Readable | undefined {
    return readableBy(this.logs.get(logId), userId);
  }

  /** The fold of a conversation up to a position: what any client of this person at that tail must show. */
  messagesAt({ log, sees }: Readable, seq: number): ReadonlyMap<string, OracleMessage> {
    return messagesOf(log, seq, sees);
  }

  /** Live keys of an account or organisation log. */
  entriesOf(log: OracleLog): ReadonlyMap<string, unknown> {
    const { entries } = reads.state(log) as { entries: { key: string; value: unknown }[] };
    return new Map(entries.map(({ key, value }) => [key, value]));
  }

  /** Whether an op was committed, and how often its event stands in any log (more than 1 would break I2). */
  commits(opId: string): number {
    return this.#commits.get(opId) ?? 0;
  }

  /** Goes back to a state saved by {@link save}: a restore from a backup. */
  restore(saved: string): void {
    const kept = new Map((JSON.parse(saved) as SavedLog[]).map((log) => [log.id, log]));
    for (const [id, log] of [...this.logs]) {
      const before = kept.get(id);
      if (!before) {
        this.logs.delete(id);
        continue;
      }
      log.updated = ++this.#version;
      rewind(log, before);
    }
    const left = new Set([...this.logs.values()].flatMap((log) => log.events.map((event) => event.opId)));
    for (const [key, { event }] of [...this.#opIndex]) {
      if (!left.has(event.opId)) this.#opIndex.delete(key);
    }
    this.#commits.clear();
    for (const opId of [...this.logs.values()].flatMap((log) => log.events.map((event) => event.opId))) {
      this.#commits.set(opId, this.commits(opId) + 1);
    }
    this.epoch += 1;
    this.hasTravelled = true;
  }

  /** A backup of the moment. */
  save(): string {
    return saveLogs(this.logs.values());
  }

  /** `hello`: a new fence for the device. */
  hello(deviceId: string): Json {
    const fence = (this.#fences.get(deviceId) ?? 0) + 1;
    this.#fences.set(deviceId, fence);
    return {
      epoch: `epoch-${this.epoch}`,
      processId: '019e0000-0000-7000-8000-000000000000',
      fence,
      serverTimeMs: this.#now(),
      limits: {},
      minProtocol: 1,
    };
  }

  /** `sync:heads` */
  heads(userId: string, request: { token?: string | undefined }): Json {
    const [epoch, version = 0] = request.token?.split(':').map(Number) ?? [];
    // A token of another incarnation asks for everything.
    const since = epoch === this.epoch ? version : 0;
    const changed = [...this.logs.values()].flatMap((log) => {
      const standing = log.standings.get(userId);
      // Those who left are told of that, and of nothing that came after.
      const updated =
        standing?.leftSeq === null ? Math.max(log.updated, standing.updated) : standing?.updated;
      return updated !== undefined && updated >= since ? (readableBy(log, userId) ?? []) : [];
    });
    return {
      epoch: `epoch-${this.epoch}`,
      token: `${this.epoch}:${this.#version}`,
      more: false,
      logs: changed.map((readable) => reads.headOf(readable, userId)),
    };
  }

  /** `ops:submit`: per-op results in order, and what to publish. */
  submit(
    userId: string,
    deviceId: string,
    request: { fence: number; lane: string; ops: readonly Json[] },
  ): { answer: Json; pushes: OraclePush[] } {
    const pushes: OraclePush[] = [];
    const results: Json[] = [];
    for (const op of request.ops) {
      const result =
        this.#fences.get(deviceId) === request.fence
          ? this.#commit(userId, op, pushes)
          : refused(op, 'FENCED');
      results.push(result);
      if (result['code'] === 'FENCED') break;
    }
    return { answer: { results }, pushes };
  }

  /** Any HTTP route the core calls. */
  http(userId: string, name: string, args: Json): Json {
    const params = args['params'] as { id?: string } | undefined;
    const query = (args['query'] ?? {}) as Record<string, number | string | undefined>;
    const body = (args['body'] ?? {}) as Json;
    if (name === 'verify') {
      return reads.verify(userId, this.logs, body['logs'] as { id: string; seq: number; chain: string }[]);
    }
    const readable = readableBy(this.logs.get(params?.id ?? ''), userId);
    if (!readable) throw new OracleError('NOT_FOUND');
    const { after, limit, needSeq } = query;
    switch (name) {
      case 'pull':
        return reads.pull(readable, {
          after: Number(after),
          limit: Number(limit),
          needSeq: needSeq === undefined ? undefined : Number(needSeq),
        });
      case 'window':
        return reads.window(readable, body as never);
      case 'history':
        return reads.history(readable, query);
      case 'logState':
        return reads.state(readable.log);
      case 'receipts':
        if (!readable.isMember) throw new OracleError('NOT_MEMBER');
        return reads.receipts(readable.log);
      default:
        throw new OracleError('NOT_FOUND');
    }
  }

  /** Of nobody's device: its id is of the place it stands at, and of the time. */
  #written(log: OracleLog, type: string, actorId: string, payload: Json): OraclePush[] {
    if (type === 'message:deleted') scrub(log, String(payload['messageId']));
    const opId = fakeId(`${log.id} ${log.events.length + 1} ${this.#now()}`);
    return this.#pushesOf(this.#append(log, type, actorId, { opId }, payload));
  }

  #commit(userId: string, op: Json, pushes: OraclePush[], isScheduled = false): Json {
    const opId = String(op['opId']);
    const hash = hashOf(op);
    const known = this.#opIndex.get(`${userId} ${opId}`);
    if (known) {
      if (known.hash !== hash) {
        // One that was changed after it went: its author hears of it.
        if (isScheduled) return refused(op, 'OP_ID_REUSED');
        this.violations.push(`I14: other bytes under op ${opId}`);
        return this.#refuse(op, 'OP_ID_REUSED');
      }
      pushes.push(...this.#pushesOf(known.event));
      return { ...known.answer, duplicate: true };
    }
    if (op['kind'] === 'read.set' || op['kind'] === 'delivered.set') return this.#mark(userId, op, pushes);
    if (op['kind'] === 'account.set' && op['logId'] !== userId)
      this.violations.push(`I15: ${userId} wrote ${String(op['logId'])}`);
    const event = this.#apply(userId, op, hash);
    if (event === 'unchanged') return { opId, ok: true, duplicate: false };
    if ('code' in event) return this.#refuse(op, event.code);
    if ('canonicalId' in event) {
      if (event.joined) pushes.push(...this.#pushesOf(event.joined));
      return { opId, ok: true, duplicate: false, canonicalId: event.canonicalId };
    }
    pushes.push(...this.#pushesOf(event));
    const { seq, at, chain } = event;
    const answer = { opId, ok: true, duplicate: false, seq, at, chain };
    this.#opIndex.set(`${userId} ${opId}`, { event, hash, answer });
    return answer;
  }

  #apply(
    userId: string,
    op: Json,
    hash: string,
  ): OracleEvent | { canonicalId: string; joined?: OracleEvent } | { code: string } | 'unchanged' {
    if (op['kind'] === 'conversation.create') return this.#create(userId, op, hash);
    const log = this.logs.get(String(op['logId']));
    const isColleague = (id: string): boolean => this.logs.get(this.orgId)?.standings.has(id) === true;
    const outcome = outcomeOf(log, userId, op, isColleague);
    if (!log || outcome === 'unchanged' || 'code' in outcome) {
      return outcome === 'unchanged' || 'code' in outcome ? outcome : { code: 'NOT_FOUND' };
    }
    if (outcome.type === 'message:deleted') scrub(log, String(op['messageId']));
    const event = this.#append(log, outcome.type, userId, op, outcome.payload, hash);
    if (event.type === 'member:joined') this.#noteJoined(log, event);
    return event;
  }

  /** Whoever asks for the conversation of an item is in it afterwards. */
  #join(log: OracleLog, userId: string, op: Json): { canonicalId: string; joined?: OracleEvent } {
    if (log.standings.get(userId)?.leftSeq === null) return { canonicalId: log.id };
    const join = { opId: fakeId(`join ${String(op['opId'])}`) };
    const joined = this.#append(log, 'member:joined', userId, join, { userId, role: 'member' });
    this.#noteJoined(log, joined);
    return { canonicalId: log.id, joined };
  }

  /** Nothing of what was before is unread to somebody who comes. */
  #noteJoined(log: OracleLog, { original, seq }: OracleEvent): void {
    const joined = String(original['userId']);
    const mark = markOf(log, joined);
    log.watermarks.set(joined, { ...mark, read: Math.max(mark.read, seq) });
  }

  #create(
    userId: string,
    op: Json,
    hash: string,
  ): OracleEvent | { canonicalId: string; joined?: OracleEvent } | { code: string } {
    const logId = String(op['logId']);
    const org = this.logs.get(this.orgId);
    const everybody = org ? membersOf(org) : [];
    const payload = creationOf(userId, op, everybody);
    // Announcements are for those who run the organisation: here whoever founded it.
    if (payload['kind'] === 'announcement' && userId !== everybody[0]) return { code: 'FORBIDDEN' };
    const existing = existingOf(this.logs.values(), payload);
    if (existing) return this.#join(existing, userId, op);
    if (this.logs.has(logId)) return { code: 'ID_TAKEN' };
    const log = this.#createLog(logId, 'conversation', []);
    return this.#append(log, 'conversation:updated', userId, op, payload, hash);
  }

  #pushesOf(event: OracleEvent): OraclePush[] {
    const log = this.logs.get(event.logId);
    return log ? pushesOf(log, event) : [];
  }

  #refuse(op: Json, code: string): Json {
    this.refusals.set(String(op['opId']), code);
    return refused(op, code);
  }

  #mark(userId: string, op: Json, pushes: OraclePush[]): Json {
    const log = this.logs.get(String(op['logId']));
    const standing = log?.standings.get(userId);
    if (!log || standing?.leftSeq !== null) return refused(op, standing ? 'NOT_MEMBER' : 'NOT_FOUND');
    const push = moveMark(log, userId, op, this.#now());
    if (push && 'code' in push) return refused(op, push.code);
    if (push) {
      log.updated = ++this.#version;
      pushes.push(push);
    }
    return { opId: op['opId'], ok: true, duplicate: false };
  }

  #createLog(id: string, kind: OracleLog['kind'], userIds: readonly string[]): OracleLog {
    const updated = ++this.#version;
    const log: OracleLog = {
      id,
      kind,
      events: [],
      standings: new Map(),
      watermarks: new Map(),
      floorSeq: 0,
      receiptVersion: 0,
      memberVersion: 0,
      updated,
    };
    for (const userId of userIds) {
      const stays = [{ from: 1, to: null }];
      log.standings.set(userId, { role: 'member', joinedSeq: 1, leftSeq: null, stays, updated });
    }
    this.logs.set(id, log);
    return log;
  }

  #append(
    log: OracleLog,
    type: string,
    actorId: string,
    op: Json,
    payload: Json,
    hash = hashOf(op),
  ): OracleEvent {
    const seq = log.events.length + 1;
    const opId = String(op['opId']);
    const chain = nextChain(this.chainAt(log, seq - 1), log.id, seq, opId, hash);
    if (type.startsWith('member:') || payload['created'] === true) log.memberVersion += 1;
    const event = {
      logId: log.id,
      seq,
      chain,
      type,
      actorId,
      opId,
      opHash: hash,
      at: this.#now(),
      payload,
      memberVersion: log.memberVersion,
      original: payload,
    };
    log.events.push(event);
    this.#commits.set(opId, this.commits(opId) + 1);
    log.updated = ++this.#version;
    if (log.kind === 'conversation') applyToMembers(log, event);
    return event;
  }
}

function refused(op: Json, code: string): Json {
  return { opId: op['opId'], ok: false, duplicate: false, code };
}
