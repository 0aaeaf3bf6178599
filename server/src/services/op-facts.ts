/**
 * From a validated op to what the write path takes: asks authorisation with the facts of the op's log, and builds the
 * body the SQL functions read. Owns the meaning of each kind on the way in.
 */
import { orgEntrySchemas, parseEntryKey, type OrgRole } from '@curlew/shared/domain/entries.ts';
import { assertNever } from '@curlew/shared/lib/result.ts';
import type { JsonValue } from '@curlew/shared/lib/canonical-json.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { ACKNOWLEDGEMENT, type MessageExtras } from '@curlew/shared/domain/message.ts';
import { namedPeople, type Op, type OpOf } from '@curlew/shared/protocol/ops.ts';
import type { ConversationAccess } from '../repositories/access-repository.ts';
import type { AppendOp } from '../repositories/append-queue.ts';
import { authorise, type Request, type Verdict } from './authorise.ts';
import type { MembershipCache } from './membership-cache.ts';
import { fastOpHash } from './op-hash.ts';
import type { Actor } from './service-types.ts';

/** An op that goes through a log; watermarks do not. */
export type LogOp = Exclude<Op, OpOf<'read.set'> | OpOf<'delivered.set'>>;

/** What sending a message asks for. The policy is read anew for urgent ones: they are few, and it may just have changed. */
export async function sendRequest(
  conversation: ConversationAccess | undefined,
  extras: MessageExtras | undefined,
  cache: MembershipCache,
): Promise<Request> {
  const requiresAck = extras?.requiresAck === true;
  if (extras?.urgent !== true || !conversation) {
    return { action: 'conversation.send', conversation, requiresAck };
  }
  cache.forget(conversation.orgId);
  const urgent = { org: await cache.org(conversation.orgId) };
  return { action: 'conversation.send', conversation, requiresAck, urgent };
}

/** Ready for the queue, or refused. */
export type Prepared = { readonly append: AppendOp } | { readonly code: ErrorCode };

/** Authorises an op of this actor and makes it ready to append. */
export async function prepareOp(actor: Actor, op: LogOp, cache: MembershipCache): Promise<Prepared> {
  if (op.kind === 'conversation.create' && namedPeople(op).includes(actor.userId))
    return { code: 'BAD_REQUEST' };
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
      body: bodyOf(actor, op, judged.verdict.authorOnly, judged.windowMs),
    },
  };
}

interface Judged {
  readonly verdict: Verdict;
  readonly seenVersion: number | null;
  /** ms in which authors may change or take back what they wrote; absent: for ever */
  readonly windowMs?: number | undefined;
}

async function judge(actor: Actor, op: LogOp, cache: MembershipCache): Promise<Judged> {
  switch (op.kind) {
    case 'conversation.create': {
      const org = await cache.org(op.orgId);
      const { conversationKind: kind } = op;
      const verdict = authorise(actor.userId, { action: op.kind, kind, org, peerIds: namedPeople(op) });
      return { verdict, seenVersion: null };
    }
    case 'conversation.update': {
      const conversation = await cache.conversation(op.logId);
      const verdict = authorise(actor.userId, { action: op.kind, conversation, change: changeOf(op) });
      return { verdict, seenVersion: conversation?.memberVersion ?? 0 };
    }
    case 'member.add':
    case 'member.remove':
    case 'member.role': {
      const conversation = await cache.conversation(op.logId);
      const org = conversation && (await cache.org(conversation.orgId));
      const role = op.kind === 'member.remove' ? 'member' : op.role;
      const { kind: action, userId: personId } = op;
      const verdict = authorise(actor.userId, { action, conversation, org, personId, role });
      return { verdict, seenVersion: conversation?.memberVersion ?? 0 };
    }
    case 'message.send': {
      const conversation = await cache.conversation(op.logId);
      const verdict = authorise(actor.userId, await sendRequest(conversation, op.extras, cache));
      return { verdict, seenVersion: conversation?.memberVersion ?? 0 };
    }
    case 'reaction.set': {
      const conversation = await cache.conversation(op.logId);
      const verdict = authorise(actor.userId, { action: 'conversation.write', conversation });
      return { verdict, seenVersion: conversation?.memberVersion ?? 0 };
    }
    case 'message.edit':
    case 'message.delete': {
      const conversation = await cache.conversation(op.logId);
      const org = conversation && (await cache.org(conversation.orgId));
      const verdict = authorise(actor.userId, { action: op.kind, conversation });
      const seenVersion = conversation?.memberVersion ?? 0;
      return { verdict, seenVersion, windowMs: org?.policy.editWindowMs ?? undefined };
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
        verdict: authorise(actor.userId, { action: 'org.role', org, personId, ...roleOf(op.value) }),
        seenVersion,
      };
    case 'site':
    case 'unit':
    case 'places':
      return { verdict: authorise(actor.userId, { action: 'org.manage', org }), seenVersion };
    default: {
      const verdict = authorise(actor.userId, { action: 'org.manage', org });
      // The keys left are about the organisation itself, and its name cannot be removed.
      const isRemoval = op.value === null || op.value === undefined;
      const isOwn = key?.id === op.logId && !(key.prefix === 'org' && isRemoval);
      return {
        verdict: verdict.isAllowed && !isOwn ? { isAllowed: false, code: 'FORBIDDEN' } : verdict,
        seenVersion,
      };
    }
  }
}

/** The value of a role entry, as its schema has checked it. */
function roleOf(value: unknown): { readonly role: OrgRole | null; readonly isDeactivated: boolean } {
  const given = orgEntrySchemas.role.safeParse(value).data;
  return { role: given?.role ?? null, isDeactivated: given?.deactivated === true };
}

function bodyOf(actor: Actor, op: LogOp, own: boolean, windowMs: number | undefined): AppendOp['body'] {
  switch (op.kind) {
    case 'conversation.create':
      return newConversation(actor.userId, op);
    case 'conversation.update': {
      const { title, pin, link, isClosed, messageTtlMs } = op;
      return { title, pin, link, isClosed, messageTtlMs, maxPins: limits.pins };
    }
    case 'member.add':
    case 'member.role':
      return { userId: op.userId, role: op.role };
    case 'member.remove':
      return { userId: op.userId };
    case 'message.send': {
      // The body of a send is its event's payload as it stands.
      const { opId: messageId, text, replyTo, composedAt, threadRootId, mentions, extras } = op;
      return { messageId, text, replyTo, composedAt, threadRootId, mentions, extras };
    }
    case 'message.edit': {
      const { messageId, text, mentions, baseRevSeq } = op;
      return { messageId, text, mentions, baseRevSeq, own, windowMs };
    }
    case 'message.delete':
      return { messageId: op.messageId, own, windowMs };
    case 'reaction.set':
      return {
        messageId: op.messageId,
        emoji: op.emoji,
        on: op.on,
        own: false,
        most: limits.reactionsPerPerson,
        isAcknowledgement: op.emoji === ACKNOWLEDGEMENT,
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

function changeOf(op: OpOf<'conversation.update'>): {
  isPinOnly: boolean;
  isTitle: boolean;
  isLink: boolean;
} {
  const isTitle = op.title !== undefined;
  const isLink = op.link !== undefined || op.isClosed !== undefined;
  return { isTitle, isLink, isPinOnly: !isTitle && !isLink && op.messageTtlMs === undefined };
}

/** `uniqueKey` finds the one that is there already: of the pair, or of the item. */
function newConversation(actorId: string, op: OpOf<'conversation.create'>): AppendOp['body'] {
  const { orgId, protection, conversationKind: kind } = op;
  const base = { orgId, kind, protection };
  const asMembers = (ids: readonly string[]): { userId: string; role: string }[] =>
    ids.map((userId) => ({ userId, role: 'member' }));
  const withOwner = [{ userId: actorId, role: 'owner' }, ...asMembers(namedPeople(op))];
  switch (op.conversationKind) {
    case 'direct': {
      const pair = [actorId, op.peerId].sort();
      return { ...base, uniqueKey: `${orgId}:${protection}:${pair.join(':')}`, members: asMembers(pair) };
    }
    case 'group':
      return { ...base, title: op.title, history: op.history, members: withOwner };
    case 'linked': {
      const { title, link } = op;
      return { ...base, title, link, uniqueKey: `${orgId}:link:${link.type}:${link.id}`, members: withOwner };
    }
    case 'announcement':
      return { ...base, title: op.title, audience: op.audience, members: withOwner };
    default:
      return assertNever(op, 'kind of conversation');
  }
}
