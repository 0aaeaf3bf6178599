/**
 * The oracle: Curlew's server in memory, written from the protocol's text and importing no production code, so that a
 * shared mistake cannot hide. Owns logs, watermarks, fences and the answers to every call the sync core makes.
 * Commits are instant and durable; what the network does to requests and answers is `sim-network.ts`'s business.
 */
import { foldAt, type OracleMessage } from './oracle-fold.ts';
import { fakeId, hashOf, nextChain } from './oracle-hash.ts';
import * as reads from './oracle-reads.ts';
import {
  OracleError,
  type Json,
  type OracleEvent,
  type OracleLog,
  type OraclePush,
  type Watermark,
} from './oracle-types.ts';

/** See the file comment. */
export class Oracle {
  readonly orgId: string;
  readonly logs = new Map<string, OracleLog>();
  readonly #opIndex = new Map<
    string,
    { readonly event: OracleEvent | null; readonly hash: string; readonly answer: Json }
  >();
  readonly #commits = new Map<string, number>();
  readonly #fences = new Map<string, number>();
  readonly #now: () => number;
  epoch = 1;
  #version = 0;
  /** It went back in time at least once. */
  hasTravelled = false;
  /** Contradictions no correct client can cause (I14, I15). */
  readonly violations: string[] = [];

  constructor(orgId: string, userIds: readonly string[], now: () => number) {
    this.orgId = orgId;
    this.#now = now;
    const org = this.#createLog(orgId, 'org', userIds, []);
    for (const userId of userIds) {
      this.#createLog(userId, 'account', [userId], []);
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

  /** The fold of a conversation up to a position: what any client at that tail must show. */
  messagesAt(logId: string, seq: number): ReadonlyMap<string, OracleMessage> {
    return foldAt(this.logs.get(logId)?.events ?? [], seq);
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
    const logs = JSON.parse(saved) as { id: string; head: number; watermarks: [string, Watermark][] }[];
    const heads = new Map(logs.map((log) => [log.id, log]));
    for (const [id, log] of [...this.logs]) {
      const kept = heads.get(id);
      if (!kept) {
        this.logs.delete(id);
        continue;
      }
      log.events.length = kept.head;
      for (const event of log.events) event.payload = event.original;
      for (const event of log.events) {
        if (event.type === 'message:deleted') scrub(log, String(event.original['messageId']));
      }
      log.watermarks.clear();
      for (const [userId, mark] of kept.watermarks) log.watermarks.set(userId, mark);
      log.updated = ++this.#version;
    }
    const left = new Set([...this.logs.values()].flatMap((log) => log.events.map((event) => event.opId)));
    for (const [key, { event }] of [...this.#opIndex]) {
      if (!event || !left.has(event.opId)) this.#opIndex.delete(key);
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
    return JSON.stringify(
      [...this.logs.values()].map((log) => ({
        id: log.id,
        head: log.events.length,
        watermarks: [...log.watermarks].map(([userId, mark]) => [userId, { ...mark }]),
      })),
    );
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
    const changed = [...this.logs.values()].filter((log) => log.members.has(userId) && log.updated >= since);
    return {
      epoch: `epoch-${this.epoch}`,
      token: `${this.epoch}:${this.#version}`,
      more: false,
      logs: changed.map((log) => reads.headOf(log, userId)),
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
    switch (name) {
      case 'pull':
        return reads.pull(this.#readable(userId, params?.id), Number(query['after']), Number(query['limit']));
      case 'window':
        return reads.window(this.#readable(userId, params?.id), body as never);
      case 'history':
        return reads.history(this.#readable(userId, params?.id), query);
      case 'logState':
        return reads.state(this.#readable(userId, params?.id));
      case 'receipts':
        return reads.receipts(this.#readable(userId, params?.id));
      case 'verify':
        return reads.verify(userId, this.logs, body['logs'] as { id: string; seq: number; chain: string }[]);
      default:
        throw new OracleError('NOT_FOUND');
    }
  }

  #commit(userId: string, op: Json, pushes: OraclePush[]): Json {
    const opId = String(op['opId']);
    const hash = hashOf(op);
    const known = this.#opIndex.get(`${userId} ${opId}`);
    if (known) {
      if (known.hash !== hash) {
        this.violations.push(`I14: other bytes under op ${opId}`);
        return refused(op, 'OP_ID_REUSED');
      }
      if (known.event) this.#publish(known.event, pushes);
      return { ...known.answer, duplicate: true };
    }
    if (op['kind'] === 'read.set' || op['kind'] === 'delivered.set') return this.#mark(userId, op, pushes);
    const outcome = this.#apply(userId, op, hash);
    if (typeof outcome === 'string') return refused(op, outcome);
    if ('canonicalId' in outcome) return { opId, ok: true, duplicate: false, ...outcome };
    this.#publish(outcome, pushes);
    const { seq, at, chain } = outcome;
    const answer = { opId, ok: true, duplicate: false, seq, at, chain };
    this.#opIndex.set(`${userId} ${opId}`, { event: outcome, hash, answer });
    return answer;
  }

  #apply(userId: string, op: Json, hash: string): OracleEvent | { canonicalId: string } | string {
    const logId = String(op['logId']);
    if (op['kind'] === 'conversation.create') return this.#create(userId, op, hash);
    const log = this.logs.get(logId);
    if (!log?.members.has(userId)) return 'NOT_FOUND';
    const put = (type: string, payload: Json): OracleEvent =>
      this.#append(log, type, userId, op, payload, hash);
    const { messageId, text, replyTo, composedAt, emoji, on, key, value } = op;
    switch (op['kind']) {
      case 'message.send':
        return put('message:new', { messageId: op['opId'], text, replyTo, composedAt });
      case 'account.set':
        if (log.kind !== 'account' || log.id !== userId)
          this.violations.push(`I15: ${userId} wrote ${logId}`);
        return put('account:updated', { key, value: value ?? null });
      default:
    }
    const message = this.messagesAt(logId, log.events.length).get(String(messageId));
    if (!message) return 'TARGET_MISSING';
    if (message.deletedAt !== null) return 'TARGET_DELETED';
    switch (op['kind']) {
      case 'message.edit':
        return message.senderId === userId
          ? put('message:edited', { messageId, text, overwrote: false })
          : 'FORBIDDEN';
      case 'message.delete':
        if (message.senderId !== userId) return 'FORBIDDEN';
        scrub(log, String(messageId));
        return put('message:deleted', { messageId });
      case 'reaction.set':
        return put('reaction:set', { messageId, emoji, on });
      default:
        return 'BAD_REQUEST';
    }
  }

  #create(userId: string, op: Json, hash: string): OracleEvent | { canonicalId: string } {
    const peers = [userId, String(op['peerId'])].sort();
    const existing = [...this.logs.values()].find((log) => log.peers.join() === peers.join());
    if (existing) return { canonicalId: existing.id };
    const log = this.#createLog(String(op['logId']), 'conversation', peers, peers);
    log.createdBy = userId;
    return this.#append(
      log,
      'conversation:updated',
      userId,
      op,
      {
        created: true,
        orgId: this.orgId,
        kind: 'direct',
        protection: 'server',
        title: null,
        members: peers.map((id) => ({ userId: id, role: 'member' })),
      },
      hash,
    );
  }

  #mark(userId: string, op: Json, pushes: OraclePush[]): Json {
    const log = this.logs.get(String(op['logId']));
    if (!log?.members.has(userId)) return refused(op, 'NOT_FOUND');
    const seq = Math.min(Number(op['seq']), log.events.length);
    const mark = log.watermarks.get(userId) ?? { delivered: 0, read: 0 };
    const before = { ...mark };
    if (op['kind'] === 'read.set') mark.read = Math.max(mark.read, seq);
    mark.delivered = Math.max(mark.delivered, seq);
    log.watermarks.set(userId, mark);
    if (mark.read !== before.read || mark.delivered !== before.delivered) {
      log.receiptVersion += 1;
      log.updated = ++this.#version;
      pushes.push({
        userIds: [...log.members],
        name: 'receipt:updated',
        payload: {
          conversationId: log.id,
          userId,
          deliveredSeq: mark.delivered,
          readSeq: mark.read,
          at: this.#now(),
          receiptVersion: log.receiptVersion,
        },
      });
    }
    return { opId: op['opId'], ok: true, duplicate: false };
  }

  #publish(event: OracleEvent, pushes: OraclePush[]): void {
    const log = this.logs.get(event.logId);
    if (!log) return;
    const userIds = [...log.members];
    if (event.type === 'conversation:updated') {
      pushes.push({ userIds, name: 'user:changed', payload: { kind: 'conversation_added' } });
    }
    pushes.push({ userIds, name: event.type, payload: reads.wireOf(event) });
  }

  #readable(userId: string, logId: string | undefined): OracleLog {
    const log = logId === undefined ? undefined : this.logs.get(logId);
    if (!log?.members.has(userId)) throw new OracleError('NOT_FOUND');
    return log;
  }

  #createLog(
    id: string,
    kind: OracleLog['kind'],
    members: readonly string[],
    peers: readonly string[],
  ): OracleLog {
    const log: OracleLog = {
      id,
      kind,
      events: [],
      members: new Set(members),
      watermarks: new Map(),
      peers,
      orgId: this.orgId,
      createdBy: members[0] ?? id,
      receiptVersion: 0,
      updated: ++this.#version,
    };
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
    const memberVersion = log.kind === 'account' ? 0 : 1;
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
      memberVersion,
      original: payload,
    };
    log.events.push(event);
    this.#commits.set(opId, this.commits(opId) + 1);
    log.updated = ++this.#version;
    return event;
  }
}

function refused(op: Json, code: string): Json {
  return { opId: op['opId'], ok: false, duplicate: false, code };
}

/** A deleted message's text leaves every event that carried it. */
function scrub(log: OracleLog, messageId: string): void {
  for (const event of log.events) {
    if (event.payload?.['messageId'] === messageId && event.type !== 'message:deleted') event.payload = null;
  }
}
