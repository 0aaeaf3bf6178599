/** Composes the services that own logs. Owns their lifetime, and that a database that is away answers BUSY. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Database } from '../infra/database.ts';
import { classifyPgError } from '../infra/pg-errors.ts';
import { AppendQueue, type AppendQueueObserver } from '../repositories/append-queue.ts';
import { readEpoch } from '../repositories/epoch-repository.ts';
import { ReceiptQueue } from '../repositories/receipt-queue.ts';
import * as conversationReads from './conversations.ts';
import { ConsequenceService } from './consequences.ts';
import { DueMessages } from './due-messages.ts';
import { heads } from './heads.ts';
import { history } from './history.ts';
import { logState } from './log-state.ts';
import { MembershipCache } from './membership-cache.ts';
import { OpsService } from './ops.ts';
import { message, pastTexts, replies } from './messages.ts';
import { opsStatus } from './ops-status.ts';
import { pull } from './pull.ts';
import { reach } from './reach.ts';
import { movedCounts, receiptCounts, receipts } from './receipts.ts';
import { Retention } from './retention.ts';
import { search } from './search.ts';
import type { LogServices, Outcome, SubmitOutcome } from './service-types.ts';
import { SystemOps } from './system-ops.ts';
import { verify } from './verify.ts';
import { window } from './window.ts';

/** How long an epoch is believed; a failover changes it under a running server. */
const EPOCH_TTL_MS = 5_000;

/** Makes the services over an open database. */
export function createLogServices(database: Database, observer: AppendQueueObserver = {}): LogServices {
  const { readPool: pool, writePool, prisma } = database;
  const cache = new MembershipCache(pool);
  const appends = new AppendQueue(writePool, observer);
  const receiptQueue = new ReceiptQueue(writePool);
  const system = new SystemOps({ appends, cache, readPool: pool });
  const ops = new OpsService({
    appends,
    receipts: receiptQueue,
    cache,
    readPool: pool,
    rejoin: (conversationId, actorId, userIds) => system.rejoin(conversationId, actorId, userIds),
  });
  const consequences = new ConsequenceService(system);
  const due = new DueMessages(
    {
      sendScheduled: (nowMs) => system.sendScheduled(nowMs),
      deleteExpired: (nowMs) => system.deleteExpired(nowMs),
    },
    Date.now,
  );
  const retention = new Retention({ readPool: pool, writePool }, Date.now);
  const epoch = cachedEpoch(() => readEpoch(pool));
  let isDraining = false;

  return {
    submitOps: async (actor, request) => {
      if (isDraining) return refuseAll(request.ops);
      const outcome = await ops.submit(actor, request);
      return { ...outcome, fanOut: [...outcome.fanOut, ...(await consequences.follow(outcome.fanOut))] };
    },
    createOrg: (join, orgName) => guarded(() => system.createOrg(join, orgName)),
    joinOrg: (join) =>
      guarded(async () => {
        const joined = await system.joinOrg(join);
        return joined.ok ? ok([...joined.value, ...(await consequences.follow(joined.value))]) : joined;
      }),
    renamePerson: (actor, name) =>
      guarded(async () => {
        await prisma.user.update({ where: { id: actor.userId }, data: { name } });
        return system.renamePerson(actor.userId, name);
      }),
    heads: (userId, request) => guarded(async () => heads(pool, await epoch(), userId, request)),
    pull: (userId, logId, query) => guarded(() => pull(pool, cache, userId, logId, query)),
    history: (userId, id, query) => guarded(() => history(pool, cache, userId, id, query)),
    search: (userId, request) => guarded(() => search(pool, cache, userId, request)),
    window: (userId, id, query) => guarded(() => window(pool, cache, userId, id, query)),
    verify: (userId, logs) => guarded(() => verify(pool, cache, userId, logs)),
    opsStatus: (userId, opIds) => guarded(() => opsStatus(pool, userId, opIds)),
    logState: (userId, logId, cursor) => guarded(() => logState(pool, cache, userId, logId, cursor)),
    receipts: (userId, id, query = {}) => guarded(() => receipts(pool, cache, userId, id, query)),
    receiptCounts: (userId, id, seq) => guarded(() => receiptCounts(pool, cache, userId, id, seq)),
    movedCounts: (id, known) => guarded(() => movedCounts(pool, cache, id, known)),
    conversations: (userId, query) => guarded(() => conversationReads.conversations(pool, userId, query)),
    conversation: (userId, id) => guarded(() => conversationReads.conversation(pool, cache, userId, id)),
    members: (userId, id) => guarded(() => conversationReads.members(pool, cache, userId, id)),
    message: (userId, id) => guarded(() => message(pool, cache, userId, id)),
    pastTexts: (userId, id) => guarded(() => pastTexts(pool, cache, userId, id)),
    reach: (userId, id, step) => guarded(() => reach(pool, cache, userId, id, step)),
    replies: (userId, id, after, limit) => guarded(() => replies(pool, cache, userId, id, after, limit)),
    conversationOfMessage: (userId, id) =>
      guarded(() => conversationReads.conversationOfMessage(pool, cache, userId, id)),
    epoch,
    startRepairs: (listener) => {
      consequences.start(listener);
      due.start(listener);
      retention.start((error) => listener.onFailure(error));
    },
    drain: async () => {
      isDraining = true;
      await Promise.all([consequences.stop(), due.stop(), retention.stop()]);
      await Promise.all([appends.drain(), receiptQueue.drain()]);
    },
  };
}

function refuseAll(ops: readonly unknown[]): SubmitOutcome {
  // One result is a legal prefix, and all the client needs to come back later.
  const first = ops[0];
  const opId =
    typeof first === 'object' && first !== null && 'opId' in first ? String(first.opId).slice(0, 64) : '';
  return {
    results: [{ opId, ok: false, duplicate: false, code: 'SHUTTING_DOWN', retryMs: 1_000 }],
    fanOut: [],
  };
}

/** Turns a database that is away into BUSY; anything else is a bug and goes on as one. */
async function guarded<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (classifyPgError(error) === 'refused') throw error;
    return err(errorBody('BUSY', { retryMs: 1_000 }));
  }
}

function cachedEpoch(read: () => Promise<string>): () => Promise<string> {
  let kept: { value: string; untilMs: number } | undefined;
  return async () => {
    if (!kept || kept.untilMs < performance.now())
      kept = { value: await read(), untilMs: performance.now() + EPOCH_TTL_MS };
    return kept.value;
  };
}
