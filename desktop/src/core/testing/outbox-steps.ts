/**
 * Steps of the outbox's model test: what a person, the server and the network may do. Owns their mix, by which the runs
 * reach every state, and small words about ops; what each step does and must keep is `outbox/outbox-model.db.test.ts`.
 */
import fc from 'fast-check';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import { ORG, PEER } from './logs.ts';

/** One step of a run. */
export const outboxStep = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('compose' as const), isLocal: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'delete' as const, 'react' as const, 'reply' as const),
      target: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set' as const), key: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('addMember' as const, 'rename' as const) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      // How many of the batch the server takes, and what it says to the next one.
      taken: fc.nat(5),
      code: fc.constantFrom('BUSY', 'INTERNAL', 'FORBIDDEN', 'AUTH_EXPIRED', 'none'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('lose' as const),
      committed: fc.nat(5),
      isClose: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), committed: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hear' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, 60_000, 90_000_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('retry' as const, 'sendNow' as const, 'cancel' as const, 'discard' as const),
      target: fc.nat(9),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('replace' as const), target: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('poison' as const), committed: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retryAll' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const) }) },
);
/** What an op gives a value to, said apart from the outbox's own rule. */
export function subjectOf(op: Op): string | undefined {
  if (op.kind === 'message.edit') return `text of ${op.messageId}`;
  if (op.kind === 'reaction.set') return `${op.emoji} on ${op.messageId}`;
  return op.kind === 'account.set' ? op.key : undefined;
}

/** The op that makes a direct conversation. */
export function creation(opId: string, logId: string): Op {
  const base = { opId, v: 1, logId, orgId: ORG, protection: 'server' } as const;
  return { ...base, kind: 'conversation.create', conversationKind: 'direct', peerId: PEER };
}

/** A change of a conversation's members or name. */
export function conversationChange(what: 'addMember' | 'rename', opId: string, logId: string): Op {
  const base = { opId, v: 1, logId } as const;
  return what === 'rename'
    ? { ...base, kind: 'conversation.update', title: opId }
    : { ...base, kind: 'member.add', userId: PEER, role: 'member' };
}

/** See {@link outboxStep}. */
export type OutboxStep = typeof outboxStep extends fc.Arbitrary<infer S> ? S : never;
