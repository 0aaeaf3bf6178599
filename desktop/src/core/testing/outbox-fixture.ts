/**
 * Ops and answers made for tests of the outbox, and the outbox of one account with the calls tests repeat. Owns no
 * expectations.
 */
import { must } from '@curlew/shared/lib/result.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type { Outbox, OutboxBatch, OutboxItem } from '../store/store-types.ts';
import { AccountFixture } from './account-fixture.ts';
import { CONVERSATION, ME, ORG, PEER } from './logs.ts';

export const NO_LANES: ReadonlySet<string> = new Set();

export const okResult = (opId: string, seq?: number): OpResult => ({
  opId,
  ok: true,
  duplicate: false,
  ...(seq === undefined ? {} : { seq }),
});
export const refusal = (opId: string, code: string, retryMs?: number): OpResult => ({
  opId,
  ok: false,
  duplicate: false,
  code,
  ...(retryMs === undefined ? {} : { retryMs }),
});
export const edit = (opId: string, messageId: string, text: string): Op => ({
  opId,
  v: 1,
  logId: CONVERSATION,
  kind: 'message.edit',
  messageId,
  text,
  baseRevSeq: 0,
});
export const remove = (opId: string, messageId: string): Op => ({
  opId,
  v: 1,
  logId: CONVERSATION,
  kind: 'message.delete',
  messageId,
});
export const react = (opId: string, messageId: string): Op => ({
  opId,
  v: 1,
  logId: CONVERSATION,
  kind: 'reaction.set',
  messageId,
  emoji: '👍',
  on: true,
});
export const create = (opId: string, logId: string): Op => ({
  opId,
  v: 1,
  logId,
  kind: 'conversation.create',
  orgId: ORG,
  conversationKind: 'direct',
  protection: 'server',
  peerId: PEER,
});
export const pin = (opId: string, rank: number, conversationId = CONVERSATION): Op => ({
  opId,
  v: 1,
  logId: ME,
  kind: 'account.set',
  key: `pin:${conversationId}`,
  value: { rank },
});

/** An account whose outbox is under test; it is opened anew for every fixture. */
export class OutboxFixture {
  readonly account = new AccountFixture();

  get outbox(): Outbox {
    return this.account.stores.outbox;
  }

  now(): number {
    return this.account.clock.nowMs();
  }

  enqueue(op: Op): ReturnType<Outbox['enqueue']> {
    return this.outbox.enqueue(op, this.now());
  }

  /** The next batch; fails when nothing may go. */
  next(lanes: ReadonlySet<string> = NO_LANES): OutboxBatch {
    return must(this.outbox.nextBatch(this.now(), lanes), 'a batch is ready');
  }

  settle(batch: OutboxBatch, results: readonly OpResult[]): void {
    this.outbox.settle(batch, results, this.now(), () => 0.5);
  }

  item(opId: string): OutboxItem {
    const found = this.outbox.items().find((it) => it.opId === opId);
    return must(found, 'the op is in the outbox');
  }

  /** States by op id. */
  states(): Record<string, string> {
    return Object.fromEntries(this.outbox.items().map((it) => [it.opId, it.state]));
  }
}

/** Ids of a batch, in order. */
export function idsOf(batch: OutboxBatch | undefined): string[] {
  return batch?.ops.map((op) => op.opId) ?? [];
}
