/**
 * The event behind an acknowledgement. The server does not echo an event to the device that caused it, so that device
 * makes it from its own op and the position it was given. Owns that mapping; chain and hash prove that it is right.
 */
import { opHashOf } from '@curlew/shared/lib/chain.ts';
import type { Envelope, EventContent, EventType } from '@curlew/shared/domain/event.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';

/**
 * The event an acknowledged op became, or undefined when it cannot be known here (its payload holds facts only the
 * server has) or there is none (nothing changed): then the position alone is known, and a pull brings the event.
 */
export function eventOfAck(
  op: Op,
  result: OpResult,
  actorId: string,
  memberVersion: number,
): Envelope | undefined {
  const { seq, at, chain } = result;
  const known = payloadOf(op);
  if (!result.ok || seq === undefined || at === undefined || chain === undefined || !known) return undefined;
  const { logId, opId } = op;
  return { logId, seq, chain, ...known, actorId, opId, opHash: opHashOf(op), at, memberVersion };
}

type Known = {
  readonly [T in EventType]: { readonly type: T; readonly payload: EventContent<T> };
}[EventType];

function payloadOf(op: Op): Known | undefined {
  switch (op.kind) {
    case 'message.send': {
      const { opId: messageId, text, replyTo, composedAt, threadRootId, mentions, extras } = op;
      return {
        type: 'message:new',
        payload: { messageId, text, replyTo, composedAt, threadRootId, mentions, extras },
      };
    }
    case 'message.edit': {
      // Whether it overwrote a version its author had not seen is shown nowhere on the author's own device.
      const { messageId, text, mentions } = op;
      return { type: 'message:edited', payload: { messageId, text, mentions, overwrote: false } };
    }
    case 'message.delete':
      // The row held here knows its thread.
      return { type: 'message:deleted', payload: { messageId: op.messageId } };
    case 'reaction.set': {
      const { messageId, emoji, on } = op;
      return { type: 'reaction:set', payload: { messageId, emoji, on } };
    }
    case 'account.set':
      return { type: 'account:updated', payload: { key: op.key, value: op.value ?? null } };
    case 'org.set':
      return { type: 'org:updated', payload: { key: op.key, value: op.value ?? null } };
    case 'conversation.create':
    case 'conversation.update':
    case 'member.add':
    case 'member.remove':
    case 'member.role':
    case 'read.set':
    case 'delivered.set':
      return undefined;
  }
}
