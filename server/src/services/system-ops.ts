/**
 * Ops the server writes itself: founding and joining organisations, names, and what follows from coming, moving and leaving. They go
 * through the same queue and the same logs as everybody's; their caller has decided that they are allowed.
 */

import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody, retryClassOf } from '@curlew/shared/protocol/errors.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { classifyPgError } from '../infra/pg-errors.ts';
import {
  findAudienceDrift,
  findKeptPlaces,
  findOrgIds,
  findOrgsWithAudiences,
  findStrandedConversationIds,
  findStrandedMembers,
} from '../repositories/access-repository.ts';
import { findExpired, findScheduled, type ScheduledMessage } from '../repositories/due-repository.ts';
import type { AppendOp, AppendQueue } from '../repositories/append-queue.ts';
import { authorise } from './authorise.ts';
import { planFanOut, type CommittedEvent } from './fan-out-plan.ts';
import type { MembershipCache } from './membership-cache.ts';
import { entryBody, sendRequest } from './op-facts.ts';
import { fastOpHash } from './op-hash.ts';
import { logKindOf } from './ops.ts';
import type { FanOut, OrgJoin, Outcome } from './service-types.ts';

/** What followed from a commit. `isComplete` false: the database was busy or away, and some of it is still to be done. */
export interface Consequences {
  readonly fanOut: readonly FanOut[];
  readonly isComplete: boolean;
}

/** See the head of this file. */
export class SystemOps {
  readonly #appends: AppendQueue;
  readonly #cache: MembershipCache;
  readonly #readPool: Pool;

  constructor(deps: { appends: AppendQueue; cache: MembershipCache; readPool: Pool }) {
    this.#appends = deps.appends;
    this.#cache = deps.cache;
    this.#readPool = deps.readPool;
  }

  /** Founds an organisation; what already stands so writes nothing. */
  createOrg(join: OrgJoin, orgName: string): Promise<Outcome<readonly FanOut[]>> {
    return this.#append(join.orgId, join.userId, [
      this.#entry(join, `org:${join.orgId}`, { name: orgName }),
      this.#entry(join, `role:${join.userId}`, { role: join.role }),
      this.#entry(join, `person:${join.userId}`, { name: join.name }),
    ]);
  }

  /** Adds a person to an organisation. Somebody who is in keeps the role they have. */
  async joinOrg(join: OrgJoin): Promise<Outcome<readonly FanOut[]>> {
    this.#cache.forget(join.orgId);
    const org = await this.#cache.org(join.orgId);
    if (!org) return err(errorBody('NOT_FOUND'));
    const isIn = org.members.get(join.userId)?.isActive === true;
    const role = isIn ? [] : [this.#entry(join, `role:${join.userId}`, { role: join.role })];
    return this.#append(join.orgId, join.userId, [
      ...role,
      this.#entry(join, `person:${join.userId}`, { name: join.name, ...(join.isBot ? { isBot: true } : {}) }),
    ]);
  }

  /** Sets a person's name in each of their organisations. */
  async renamePerson(userId: string, name: string): Promise<Outcome<readonly FanOut[]>> {
    const plans: FanOut[] = [];
    for (const orgId of await findOrgIds(this.#readPool, userId)) {
      const outcome = await this.#append(orgId, userId, [
        this.#entry({ orgId, userId }, `person:${userId}`, { name }),
      ]);
      if (!outcome.ok) return outcome;
      plans.push(...outcome.value);
    }
    return ok(plans);
  }

  /**
   * Ends a person's membership in the conversations of an organisation they have left. Does nothing for somebody who is
   * in it (again), and nothing twice.
   */
  async leaveConversations(orgId: string, userId: string): Promise<Consequences> {
    const fanOut: FanOut[] = [];
    try {
      for (const conversationId of await findStrandedConversationIds(this.#readPool, orgId, userId)) {
        const outcome = await this.#append(conversationId, userId, [this.#departure(conversationId, userId)]);
        // A database that is busy is not asked again and again while somebody waits for their answer.
        if (!outcome.ok) return { fanOut, isComplete: false };
        fanOut.push(...outcome.value);
      }
      return { fanOut, isComplete: true };
    } catch (error) {
      if (classifyPgError(error) === 'refused') throw error;
      return { fanOut, isComplete: false };
    }
  }

  /**
   * Brings somebody who is active again back into the conversations they had when they were deactivated.
   * @param person null: everybody whose places wait for them
   */
  async returnToConversations(
    person: { readonly orgId: string; readonly userId: string } | null,
  ): Promise<Consequences> {
    const fanOut: FanOut[] = [];
    try {
      for (const { conversationId, userId, role } of await findKeptPlaces(this.#readPool, person)) {
        const body = { userId, role, restored: true };
        const op = systemOp('member.add', conversationId, userId, body, body);
        const outcome = await this.#append(conversationId, userId, [op]);
        if (!outcome.ok) return { fanOut, isComplete: false };
        fanOut.push(...outcome.value);
      }
      return { fanOut, isComplete: true };
    } catch (error) {
      if (classifyPgError(error) === 'refused') throw error;
      return { fanOut, isComplete: false };
    }
  }

  /**
   * Lets in whom the announcements of an organisation reach now, and out whom they do not reach any more.
   * @param userId only this person; null: everybody
   */
  async followAudiences(orgId: string, userId: string | null): Promise<Consequences> {
    const fanOut: FanOut[] = [];
    try {
      for (const drift of await findAudienceDrift(this.#readPool, orgId, userId)) {
        const { conversationId, userId: personId, shouldBeIn } = drift;
        const body = { userId: personId, ...(shouldBeIn ? { role: 'member' } : {}) };
        const kind = shouldBeIn ? 'member.add' : 'member.remove';
        const op = systemOp(kind, conversationId, personId, body, body);
        const outcome = await this.#append(conversationId, personId, [op]);
        if (!outcome.ok) return { fanOut, isComplete: false };
        fanOut.push(...outcome.value);
      }
      return { fanOut, isComplete: true };
    } catch (error) {
      if (classifyPgError(error) === 'refused') throw error;
      return { fanOut, isComplete: false };
    }
  }

  /** Deletes what has to disappear, as if its author had. */
  async deleteExpired(nowMs: number): Promise<Outcome<readonly FanOut[]>> {
    const plans: FanOut[] = [];
    for (const { id, conversationId, senderId } of await findExpired(this.#readPool, nowMs)) {
      const body = { messageId: id, own: false, expired: true };
      const op = systemOp('message.delete', conversationId, senderId, { messageId: id }, body);
      const outcome = await this.#append(conversationId, senderId, [op]);
      if (!outcome.ok) return outcome;
      plans.push(...outcome.value);
    }
    return ok(plans);
  }

  /**
   * Sends scheduled messages that are due, in the name of their authors and by the id they were scheduled with: twice is
   * once. What its author may not send any more stays in their account log with the reason.
   */
  async sendScheduled(nowMs: number): Promise<Outcome<readonly FanOut[]>> {
    const plans: FanOut[] = [];
    for (const { userId, messageId, value } of await findScheduled(this.#readPool, nowMs)) {
      const sent = await this.#sendScheduled(userId, messageId, value);
      if (!sent.ok && retryClassOf(sent.error.code) === 'backoff') return sent;
      if (sent.ok) plans.push(...sent.value);
      const after = sent.ok ? null : { ...value, refused: sent.error.code };
      const key = `scheduled:${messageId}`;
      const entry = systemOp('account.set', userId, userId, { key, value: after }, entryBody(key, after));
      const noted = await this.#append(userId, userId, [entry]);
      if (!noted.ok) return noted;
      plans.push(...noted.value);
    }
    return ok(plans);
  }

  async #sendScheduled(
    userId: string,
    messageId: string,
    { conversationId, sendAtMs, refused: _none, ...written }: ScheduledMessage['value'],
  ): Promise<Outcome<readonly FanOut[]>> {
    const conversation = await this.#cache.conversation(conversationId);
    const verdict = authorise(userId, await sendRequest(conversation, written.extras, this.#cache));
    if (!verdict.isAllowed) return err(errorBody(verdict.code));
    const content = { ...written, composedAt: sendAtMs };
    const op = systemOp('message.send', conversationId, userId, content, { messageId, ...content });
    const opHash = fastOpHash({
      opId: messageId,
      v: 1,
      logId: conversationId,
      kind: 'message.send',
      ...content,
    });
    const seenVersion = conversation?.memberVersion ?? 0;
    // Judged like the author's own: whoever left the organisation meanwhile sends nothing.
    const own = { ...op, opId: messageId, opHash, seenVersion, isSystem: false };
    const sent = await this.#append(conversationId, userId, [own]);
    if (!sent.ok && sent.error.code === 'BUSY') this.#cache.forget(conversationId);
    return sent;
  }

  /** Carries out what was cut off, by a crash or a busy database right after somebody left, came or moved. */
  async repair(): Promise<Consequences> {
    const fanOut: FanOut[] = [];
    let isComplete = true;
    const add = (consequences: Consequences): void => {
      fanOut.push(...consequences.fanOut);
      isComplete &&= consequences.isComplete;
    };
    for (const { orgId, userId } of await findStrandedMembers(this.#readPool))
      add(await this.leaveConversations(orgId, userId));
    add(await this.returnToConversations(null));
    for (const orgId of await findOrgsWithAudiences(this.#readPool))
      add(await this.followAudiences(orgId, null));
    return { fanOut, isComplete };
  }

  /** Brings people back into a conversation they had left; those who are in stay. */
  async rejoin(
    conversationId: string,
    actorId: string,
    userIds: readonly string[],
  ): Promise<readonly FanOut[]> {
    const ops = userIds.map((userId) => {
      const body = { userId, role: 'member' };
      return systemOp('member.add', conversationId, actorId, body, body);
    });
    const outcome = await this.#append(conversationId, actorId, ops);
    return outcome.ok ? outcome.value : [];
  }

  #entry(at: { orgId: string; userId: string }, key: string, value: unknown): AppendOp {
    return systemOp('org.set', at.orgId, at.userId, { key, value }, entryBody(key, value));
  }

  #departure(conversationId: string, userId: string): AppendOp {
    // `departed`: judged once more under the locks of the commit.
    const body = { userId, departed: true };
    return systemOp('member.remove', conversationId, userId, body, body);
  }

  async #append(
    logId: string,
    userId: string,
    ops: readonly AppendOp[],
  ): Promise<Outcome<readonly FanOut[]>> {
    const answers = await this.#appends.append(logId, ops);
    const failed = answers.find((answer) => answer?.code !== 'OK');
    const events = ops.flatMap((op, index): CommittedEvent[] => {
      const answer = answers[index];
      if (!answer?.event) return [];
      const { seq, chain, at, type, payload, targetSeq } = answer.event;
      const { opId, opHash } = op;
      const { memberVersion } = answer;
      return [
        {
          envelope: { logId, seq, chain, type, actorId: userId, opId, opHash, at, payload, memberVersion },
          targetSeq,
        },
      ];
    });
    if (failed || answers.length < ops.length) {
      const code = failed && failed.code !== 'OK' && failed.code !== 'MOVED' ? failed.code : 'BUSY';
      return err(errorBody(code));
    }
    const first = ops[0];
    if (!first || events.length === 0) return ok([]);
    return ok(await planFanOut(logKindOf(first.kind), logId, events, this.#cache));
  }
}

function systemOp(
  kind: string,
  logId: string,
  actorId: string,
  fields: object,
  body: AppendOp['body'],
): AppendOp {
  const opId = uuidV7(Date.now(), randomBytes(10));
  const opHash = fastOpHash({ opId, v: 1, logId, kind, ...fields });
  return {
    logId,
    actorId,
    deviceId: null,
    fence: null,
    opId,
    opHash,
    kind,
    seenVersion: null,
    isSystem: true,
    body,
  };
}
