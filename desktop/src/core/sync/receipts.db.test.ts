/** Receipts of a crowd on a real disk: nothing is fetched until somebody looks, and what is told then stays. */
import { limits } from '@curlew/shared/domain/limits.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AccountFixture } from '../testing/account-fixture.ts';
import { CONVERSATION, id, ME, ORG, PEER, TestLog } from '../testing/logs.ts';
import { loadReceipts, receiveReceipt, tellOpen } from './receipts.ts';
import { contextWith } from './testing/sync-context.ts';

const MEMBERS = limits.receiptMembers + 1;

let account: AccountFixture;
let log: TestLog;
let asked: string[];

beforeEach(() => {
  account = new AccountFixture();
  log = new TestLog();
  asked = [];
  const others = Array.from({ length: MEMBERS - 2 }, (_, n) => id(500 + n));
  log.append('conversation:updated', {
    created: true,
    orgId: ORG,
    kind: 'group',
    protection: 'server',
    title: 'Everybody',
    members: [ME, PEER, ...others].map((userId) => ({ userId, role: 'member' as const })),
  });
  log.say('mine', ME);
  const { ingest } = account.stores;
  ingest.applyEvents(CONVERSATION, log.events);
  ingest.applyHeads([{ ...log.headRow(), receiptVersion: 7 }]);
});
afterEach(() => account.remove());

const counts = (read: number) => [{ seq: 2, people: MEMBERS - 1, delivered: MEMBERS - 1, read }];

/** A server that answers what is asked of receipts, and remembers that it was. */
function context() {
  const { reader, ingest } = account.stores;
  const context = contextWith({
    request: (event) => {
      asked.push(event);
      return Promise.resolve(ok({}) as never);
    },
    call: (name) => {
      asked.push(name);
      const answer =
        name === 'receiptCounts'
          ? { receiptVersion: 7, counts: counts(4) }
          : { receiptVersion: 7, receipts: [] };
      return Promise.resolve(ok(answer) as never);
    },
  });
  return { ...context, stores: { ...context.stores, reader, ingest } };
}

const held = () =>
  account.stores.cacheDb
    .prepare('SELECT seq, people, delivered, read FROM receipt_count WHERE conversation_id = ?')
    .all(CONVERSATION);

it('a crowd’s watermarks are not fetched when heads announce them, and the log is not behind for them', async () => {
  const { reader } = account.stores;
  expect(reader.members(CONVERSATION)).toBe(MEMBERS);
  expect(reader.logsBehind().map((it) => it.id)).toEqual([CONVERSATION]);
  expect(await loadReceipts(context(), CONVERSATION)).toEqual(ok(null));
  expect(asked).toEqual([]);
  expect(reader.logsBehind()).toEqual([]);
});

it('whoever opens it says so, then asks for the counts; what is pushed later replaces them, what is older does not', async () => {
  await tellOpen(context(), 'conversation:join', CONVERSATION);
  expect(asked).toEqual(['conversation:join', 'receiptCounts']);
  expect(held()).toEqual(counts(4));
  expect([...account.changed]).toContain(`receipts:${CONVERSATION}`);
  receiveReceipt(context(), { conversationId: CONVERSATION, receiptVersion: 9, counts: counts(6) });
  receiveReceipt(context(), { conversationId: CONVERSATION, receiptVersion: 8, counts: counts(5) });
  expect(held()).toEqual(counts(6));
  asked.length = 0;
  await tellOpen(context(), 'conversation:leave', CONVERSATION);
  expect(asked).toEqual(['conversation:leave']);
});

it('once it is small enough again, everybody’s watermarks are fetched', async () => {
  await loadReceipts(context(), CONVERSATION);
  const { ingest, reader } = account.stores;
  ingest.applyEvents(CONVERSATION, [log.append('member:left', { userId: id(500) }, id(500))]);
  expect(reader.members(CONVERSATION)).toBe(limits.receiptMembers);
  expect(reader.logsBehind().map((it) => it.id)).toEqual([CONVERSATION]);
  await loadReceipts(context(), CONVERSATION);
  expect(asked).toEqual(['receipts']);
  expect(reader.logsBehind()).toEqual([]);
  asked.length = 0;
  await tellOpen(context(), 'conversation:join', CONVERSATION);
  expect(asked).toEqual(['conversation:join']);
});
