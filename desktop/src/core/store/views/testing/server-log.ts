/**
 * The server's logs, for the tests of the views: append-only, chained, and answering the same op with the same position.
 * Owns no rule of the server beyond that; the account fixture decides what reaches the client, and when.
 */
import { EMPTY_CHAIN, nextChain, opHashOf } from '@curlew/shared/lib/chain.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { EventContent, EventType, Envelope } from '@curlew/shared/domain/event.ts';
import type { Conversation } from '@curlew/shared/domain/message.ts';
import type { SettingsChange } from '@curlew/shared/domain/notices.ts';
import { emptyLogState, reduceLog } from '@curlew/shared/domain/reduce.ts';
import type { Op, OpOf, OpResult } from '@curlew/shared/protocol/ops.ts';

/** An id that tells in a failure what it is of. */
export function testId(kind: number, n: number): string {
  return `${String(kind).padStart(8, '0')}-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

/** Me, the person opposite, and our organisation. */
export const me = testId(1, 1);
export const peer = testId(1, 2);
export const org = testId(2, 1);
/** The conversation that the account fixture starts with. */
export const conversation = testId(3, 1);

/** When the tests begin. */
export const START_MS = 1_750_000_000_000;

/** A log as the server has it. */
export class ServerLog {
  readonly id: string;
  readonly events: Envelope[] = [];
  #chain = EMPTY_CHAIN;

  constructor(id: string) {
    this.id = id;
  }

  append<T extends EventType>(type: T, payload: EventContent<T>, actorId: string, opId: string): Envelope {
    const seq = this.events.length + 1;
    const opHash = opHashOf({ opId, type });
    this.#chain = nextChain(this.#chain, { logId: this.id, seq, opId, opHash });
    const at = START_MS + seq * 1_000;
    const event = { logId: this.id, seq, chain: this.#chain, type, actorId, opId, opHash, at, payload };
    this.events.push({ ...event, memberVersion: 1 });
    return must(this.events.at(-1), 'it was just added');
  }

  /** Settings and members as the events say. */
  conversation(): Conversation | undefined {
    return this.events.reduce(reduceLog, emptyLogState).conversation;
  }

  chainAt(seq: number): string {
    return this.events[seq - 1]?.chain ?? EMPTY_CHAIN;
  }
}

/** Commits an op as the server does: the same id is answered with its first position for ever. */
export function commitOp(log: ServerLog, op: Op): OpResult {
  const result = { opId: op.opId, ok: true, duplicate: false };
  const known = log.events.find(({ opId }) => opId === op.opId);
  const event = known ?? appendOp(log, op);
  return event ? { ...result, duplicate: known !== undefined, seq: event.seq, at: event.at } : result;
}

function appendOp(log: ServerLog, op: Op): Envelope | undefined {
  const { opId } = op;
  switch (op.kind) {
    case 'message.send': {
      const { text, replyTo, composedAt, threadRootId, mentions, extras } = op;
      const content = { messageId: opId, text, replyTo, composedAt, threadRootId, mentions, extras };
      return log.append('message:new', content, me, opId);
    }
    case 'message.edit':
      return log.append(
        'message:edited',
        { messageId: op.messageId, text: op.text, mentions: op.mentions, overwrote: false },
        me,
        opId,
      );
    case 'message.delete':
      return log.append('message:deleted', { messageId: op.messageId }, me, opId);
    case 'reaction.set':
      return log.append('reaction:set', { messageId: op.messageId, emoji: op.emoji, on: op.on }, me, opId);
    case 'conversation.create':
      return appendCreate(log, op);
    case 'conversation.update': {
      const before = must(log.conversation(), 'settings are changed after they are made');
      const { pins } = before;
      const { pin, title = before.title, link = before.link, isClosed = before.isClosed } = op;
      const { messageTtlMs = before.messageTtlMs } = op;
      const others = pins.filter((id) => id !== pin?.messageId);
      const after = pin?.on ? [pin.messageId, ...others] : others;
      const { orgId, kind, protection, history, audience } = before;
      const settings = { orgId, kind, protection, history, audience, title, link, isClosed, messageTtlMs };
      const changes = changesOf(before, op);
      return log.append(
        'conversation:updated',
        { created: false, ...settings, pins: after, changes },
        me,
        opId,
      );
    }
    case 'member.add':
      return log.append('member:joined', { userId: op.userId, role: op.role }, me, opId);
    case 'member.remove':
      return log.append('member:left', { userId: op.userId }, me, opId);
    case 'member.role':
      return log.append('member:role', { userId: op.userId, role: op.role }, me, opId);
    case 'account.set':
      return log.append('account:updated', { key: op.key, value: op.value }, me, opId);
    case 'org.set':
      return log.append('org:updated', { key: op.key, value: op.value }, me, opId);
    case 'read.set':
    case 'delivered.set':
      return undefined;
  }
}

function changesOf(before: Conversation, op: OpOf<'conversation.update'>): SettingsChange[] {
  const { title, pin, isClosed, messageTtlMs } = op;
  return [
    ...(isClosed === undefined ? [] : [{ kind: 'closed' as const, isClosed }]),
    ...(title === undefined || title === before.title ? [] : [{ kind: 'title' as const, title }]),
    ...(messageTtlMs === undefined ? [] : [{ kind: 'ttl' as const, messageTtlMs }]),
    ...(pin === undefined ? [] : [{ kind: 'pin' as const, ...pin }]),
  ];
}

function appendCreate(log: ServerLog, op: OpOf<'conversation.create'>): Envelope {
  const { conversationKind: kind, protection } = op;
  const role = (userId: string) =>
    kind !== 'direct' && userId === me ? ('owner' as const) : ('member' as const);
  const others = 'peerId' in op ? [op.peerId] : 'memberIds' in op ? op.memberIds : [];
  const members = [me, ...others].map((userId) => ({ userId, role: role(userId) }));
  const title = 'title' in op ? op.title : null;
  const link = 'link' in op ? op.link : null;
  const audience = 'audience' in op ? op.audience : null;
  const settings = { created: true, orgId: org, kind, protection, title, link, audience };
  return log.append('conversation:updated', { ...settings, members }, me, op.opId);
}
