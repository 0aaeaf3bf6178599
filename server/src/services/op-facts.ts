/**
 * From a validated op to what the write path takes: asks authorisation with the facts of the op's log, and builds the
 * body the SQL functions read. Owns the meaning of each kind on the way in.
 */
import { parseEntryKey, type OrgRole } from '@curlew/shared/domain/entries.ts';

import type { JsonValue } from '@curlew/shared/lib/canonical-json.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Op, OpOf } from '@curlew/shared/protocol/ops.ts';
import type { AppendOp } from '../repositories/append-queue.ts';
import { authorise, type Verdict } from './authorise.ts';
import type { MembershipCache } from './membership-cache.ts';
import { fastOpHash } from './op-hash.ts';
import type { Actor } from './service-types.ts';

/** An op that goes through a log; watermarks do not. */
export type LogOp = Exclude<Op, OpOf<'read.set'> | OpOf<'delivered.set'>>;

/** Ready for the queue, or refused. */
export type Prepared = { readonly append: AppendOp } | { readonly code: ErrorCode };

/** Authorises an op of this actor and makes it ready to append. */
export async function prepareOp(actor: Actor, op: LogOp, cache: MembershipCache): Promise<Prepared> {
  if (op.kind === 'conversation.create' && op.peerId === actor.userId) return { code: 'BAD_REQUEST' };
  let judged = await judge(actor, op, cache);
  if (!judged.verdict.isAllowed) {
    // Somebody may have joined since the lists were kept; a refusal is final, so it is given on fresh ones only.
    cache.forget(op.kind === 'conversation.create' ? op.orgId : op.logId);
    judged = await judge(actor, op, cache);
  }
  if (!judged.verdict.isAllowed) return { code: judged.verdict.code };
  return {
    append: {
      logId: op.logId,
      actorId: actor.userId,
      deviceId: actor.deviceId,
      fence: actor.fence,
      opId: op.opId,
      opHash: fastOpHash(op),
      kind: op.kind,
      seenVersion: judged.seenVersion,
      body: bodyOf(actor, op, judged.verdict.authorOnly),
    },
  };
}

interface Judged {
  readonly verdict: Verdict;
  readonly seenVersion: number | null;
}

async function judge(actor: Actor, op: LogOp, cache: MembershipCache): Promise<Judged> {
  switch (op.kind) {
    case 'conversation.create': {
      const org = await cache.org(op.orgId);
      return {
        verdict: authorise(actor.userId, { action: op.kind, org, peerIds: [op.peerId] }),
        seenVersion: null,
      };
    }
    case 'message.send':
    case 'reaction.set': {
      const conversation = await cache.conversation(op.logId);
      const verdict = authorise(actor.userId, { action: 'conversation.write', conversation });
      return { verdict, seenVersion: conversation?.memberVersion ?? 0 };
    }
    case 'message.edit':
    case 'message.delete': {
      const conversation = await cache.conversation(op.logId);
      const verdict = authorise(actor.userId, { action: op.kind, conversation });
      return { verdict, seenVersion: conversation?.memberVersion ?? 0 };
    }
    case 'account.set':
      return { verdict: judgeAccountKey(actor, op), seenVersion: null };
    case 'org.set':
      return judgeOrgKey(actor, op, cache);
  }
}

function judgeAccountKey(actor: Actor, op: OpOf<'account.set'>): Verdict {
  const verdict = authorise(actor.userId, { action: 'own', ownerId: op.logId });
  const key = parseEntryKey(op.key);
  // Keys about the person carry the person's own id; the log cannot speak for somebody else.
  const isPersonal = key?.prefix === 'status' || key?.prefix === 'preferences';
  return verdict.isAllowed && isPersonal
    ? authorise(actor.userId, { action: 'own', ownerId: key.id })
    : verdict;
}

async function judgeOrgKey(actor: Actor, op: OpOf<'org.set'>, cache: MembershipCache): Promise<Judged> {
  const org = await cache.org(op.logId);
  const key = parseEntryKey(op.key);
  const seenVersion = org?.memberVersion ?? 0;
  const personId = key?.id ?? '';
  switch (key?.prefix) {
    case 'person':
      return { verdict: authorise(actor.userId, { action: 'org.person', org, personId }), seenVersion };
    case 'role':
      return {
        verdict: authorise(actor.userId, { action: 'org.role', org, personId, role: roleOf(op.value) }),
        seenVersion,
      };
    default: {
      const verdict = authorise(actor.userId, { action: 'org.rename', org });
      // The one key left names the organisation itself, and it cannot be removed.
      const isOwnName = key?.id === op.logId && op.value !== null && op.value !== undefined;
      return {
        verdict: verdict.isAllowed && !isOwnName ? { isAllowed: false, code: 'FORBIDDEN' } : verdict,
        seenVersion,
      };
    }
  }
}

/** The value of a role entry, as its schema has checked it. */
function roleOf(value: unknown): OrgRole | null {
  return typeof value === 'object' && value !== null && 'role' in value ? (value.role as OrgRole) : null;
}

function bodyOf(actor: Actor, op: LogOp, authorOnly: boolean): AppendOp['body'] {
  switch (op.kind) {
    case 'conversation.create':
      return directConversation(actor.userId, op);
    case 'message.send':
      // The body of a send is its event's payload as it stands.
      return { messageId: op.opId, text: op.text, replyTo: op.replyTo, composedAt: op.composedAt };
    case 'message.edit':
      return { messageId: op.messageId, text: op.text, baseRevSeq: op.baseRevSeq, own: authorOnly };
    case 'message.delete':
      return { messageId: op.messageId, own: authorOnly };
    case 'reaction.set':
      return {
        messageId: op.messageId,
        emoji: op.emoji,
        on: op.on,
        own: false,
        most: limits.reactionsPerPerson,
      };
    case 'account.set':
    case 'org.set':
      return entryBody(op.key, op.value);
  }
}

/** The body that sets one key of an account or organisation log. */
export function entryBody(key: string, value: unknown): AppendOp['body'] {
  const parsed = parseEntryKey(key);
  // The value came through a schema of JSON values only.
  return { key, prefix: parsed?.prefix, id: parsed?.id, value: (value ?? null) as JsonValue };
}

function directConversation(actorId: string, op: OpOf<'conversation.create'>): AppendOp['body'] {
  const pair = [actorId, op.peerId].sort();
  return {
    orgId: op.orgId,
    kind: op.conversationKind,
    protection: op.protection,
    dmKey: `${op.orgId}:${op.protection}:${pair.join(':')}`,
    title: null,
    members: pair.map((userId) => ({ userId, role: 'member' })),
  };
}
