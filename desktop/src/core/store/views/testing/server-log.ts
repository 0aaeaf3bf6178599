/**
 * The server's logs, for the tests of the views: append-only, chained, and answering the same op with the same position.
 * Owns no rule of the server beyond that; the account fixture decides what reaches the client, and when.
 */
import { EMPTY_CHAIN, nextChain, opHashOf } from '@curlew/shared/lib/chain.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { EventPayload, EventType, Envelope } from '@curlew/shared/domain/event.ts';
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

  append<T extends EventType>(type: T, payload: EventPayload<T>, actorId: string, opId: string): Envelope {
    const seq = this.events.length + 1;
    const opHash = opHashOf({ opId, type });
    this.#chain = nextChain(this.#chain, { logId: this.id, seq, opId, opHash });
    const at = START_MS + seq * 1_000;
    const event = { logId: this.id, seq, chain: this.#chain, type, actorId, opId, opHash, at, payload };
    this.events.push({ ...event, memberVersion: 1 });
    return must(this.events.at(-1), 'it was just added');
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
      const { text, replyTo, composedAt } = op;
      return log.append('message:new', { messageId: opId, text, replyTo, composedAt }, me, opId);
    }
    case 'message.edit':
      return log.append(
        'message:edited',
        { messageId: op.messageId, text: op.text, overwrote: false },
        me,
        opId,
      );
    case 'message.delete':
      return log.append('message:deleted', { messageId: op.messageId }, me, opId);
    case 'reaction.set':
      return log.append('reaction:set', { messageId: op.messageId, emoji: op.emoji, on: op.on }, me, opId);
    case 'conversation.create':
      return appendCreate(log, op);
    case 'account.set':
      return log.append('account:updated', { key: op.key, value: op.value }, me, opId);
    case 'org.set':
      return log.append('org:updated', { key: op.key, value: op.value }, me, opId);
    case 'read.set':
    case 'delivered.set':
      return undefined;
  }
}

function appendCreate(log: ServerLog, op: OpOf<'conversation.create'>): Envelope {
  const members = [me, op.peerId].map((userId) => ({ userId, role: 'member' as const }));
  const settings = { created: true, orgId: org, kind: 'direct' as const, protection: op.protection };
  return log.append('conversation:updated', { ...settings, title: null, members }, me, op.opId);
}
