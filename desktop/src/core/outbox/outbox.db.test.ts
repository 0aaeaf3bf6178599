/** The outbox against a real file: FIFO, batches, folding, dependencies, answers, decisions, aliases, drafts, marks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { Outbox, OutboxBatch, OutboxItem } from '../store/store-types.ts';
import { AccountFixture } from '../testing/account-fixture.ts';
import { CONVERSATION, id, ME, ORG, PEER, sendOp } from '../testing/logs.ts';

const OTHER = id(5);
const NO_LANES = new Set<string>();
const DAY_MS = 24 * 3_600_000;

let account: AccountFixture;
let outbox: Outbox;

beforeEach(() => {
  account = new AccountFixture();
  ({ outbox } = account.stores);
});
afterEach(() => account.remove());

const now = (): number => account.clock.nowMs();
const item = (opId: string): OutboxItem =>
  must(
    outbox.items().find((it) => it.opId === opId),
    'the op is there',
  );
const states = (): Record<string, string> =>
  Object.fromEntries(outbox.items().map((it) => [it.opId, it.state]));
const next = (lanes = NO_LANES): OutboxBatch => must(outbox.nextBatch(now(), lanes), 'a batch is ready');
const idsOf = (batch: OutboxBatch | undefined): string[] => batch?.ops.map((op) => op.opId) ?? [];
const okResult = (opId: string, seq?: number): OpResult => ({
  opId,
  ok: true,
  duplicate: false,
  ...(seq === undefined ? {} : { seq }),
});
const refusal = (opId: string, code: ErrorCode | string, retryMs?: number): OpResult => ({
  opId,
  ok: false,
  duplicate: false,
  code,
  ...(retryMs === undefined ? {} : { retryMs }),
});
const settle = (batch: OutboxBatch, results: readonly OpResult[]): void =>
  outbox.settle(batch, results, now(), () => 0.5);
const enqueue = (op: Op): ReturnType<Outbox['enqueue']> => outbox.enqueue(op, now());
const reopen = (): void => {
  ({ outbox } = account.restart());
};
const edit = (opId: string, messageId: string, text: string): Op => ({
  opId,
  v: 1,
  logId: CONVERSATION,
  kind: 'message.edit',
  messageId,
  text,
  baseRevSeq: 0,
});
const remove = (opId: string, messageId: string): Op => ({
  opId,
  v: 1,
  logId: CONVERSATION,
  kind: 'message.delete',
  messageId,
});
const react = (opId: string, messageId: string): Op => ({
  opId,
  v: 1,
  logId: CONVERSATION,
  kind: 'reaction.set',
  messageId,
  emoji: '👍',
  on: true,
});
const create = (opId: string, logId: string): Op => ({
  opId,
  v: 1,
  logId,
  kind: 'conversation.create',
  orgId: ORG,
  conversationKind: 'direct',
  protection: 'server',
  peerId: PEER,
});
const pin = (opId: string, rank: number, conversationId = CONVERSATION): Op => ({
  opId,
  v: 1,
  logId: ME,
  kind: 'account.set',
  key: `pin:${conversationId}`,
  value: { rank },
});

describe('lanes', () => {
  it('are FIFO, in batches of at most 50 ops', () => {
    for (let n = 0; n < 60; n += 1) enqueue(sendOp(id(100 + n)));
    const first = next();
    expect(idsOf(first)).toEqual(Array.from({ length: 50 }, (_, n) => id(100 + n)));
    expect(outbox.nextBatch(now(), new Set([CONVERSATION]))).toBeUndefined();
    settle(
      first,
      first.ops.map((op, n) => okResult(op.opId, n + 2)),
    );
    expect(idsOf(next())).toHaveLength(10);
  });

  it('are batches of at most 512 KiB', () => {
    for (let n = 0; n < 20; n += 1) enqueue(sendOp(id(100 + n), 'x'.repeat(60_000)));
    const batch = next();
    expect(batch.ops).toHaveLength(8);
    expect(JSON.stringify(batch.ops).length).toBeLessThanOrEqual(512 * 1024);
  });

  it('go side by side, the one that waits longest first', () => {
    enqueue(sendOp(id(100), 'a', OTHER));
    enqueue(sendOp(id(101)));
    expect(next().lane).toBe(OTHER);
    expect(next(new Set([OTHER])).lane).toBe(CONVERSATION);
  });

  it('wait while their first op backs off, and go on by themselves', () => {
    enqueue(sendOp(id(100)));
    enqueue(sendOp(id(101)));
    settle(next(), [refusal(id(100), 'BUSY')]);
    expect(states()).toEqual({ [id(100)]: 'BACKOFF', [id(101)]: 'READY' });
    expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
    const wakeMs = must(outbox.nextWakeMs(), 'a delay is armed');
    expect(wakeMs - now()).toBeGreaterThanOrEqual(1_000);
    account.clock.advance(wakeMs - now());
    expect(idsOf(next())).toEqual([id(100), id(101)]);
  });
});

describe('answers', () => {
  const sendOne = (): OutboxBatch => {
    enqueue(sendOp(id(100)));
    return next();
  };

  it('a seq is ACKED until the event is cached', () => {
    settle(sendOne(), [okResult(id(100), 7)]);
    expect(item(id(100))).toMatchObject({ state: 'ACKED', seq: 7 });
    outbox.markHeld(CONVERSATION, 6);
    expect(item(id(100)).state).toBe('ACKED');
    outbox.markHeld(CONVERSATION, 7);
    expect(outbox.items()).toEqual([]);
  });

  it('without a seq nothing had to change', () => {
    settle(sendOne(), [okResult(id(100))]);
    expect(outbox.items()).toEqual([]);
  });

  it('an event before its acknowledgement wins', () => {
    const batch = sendOne();
    outbox.markApplied([{ opId: id(100), seq: 2 }]);
    settle(batch, [okResult(id(100), 2)]);
    expect(outbox.items()).toEqual([]);
  });

  it.each(['NOT_MEMBER', 'FORBIDDEN', 'TOO_LARGE', 'OP_ID_REUSED', 'ID_TAKEN', 'NOT_FOUND'] as const)(
    '%s is final and keeps the text',
    (code) => {
      settle(sendOne(), [refusal(id(100), code)]);
      expect(item(id(100))).toMatchObject({ state: 'REJECTED', code, op: { text: 'hello' } });
      expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
    },
  );

  it.each(['BUSY', 'LAGGING', 'RATE_LIMITED', 'SHUTTING_DOWN', 'TIMEOUT'] as const)(
    '%s is retried for ever',
    (code) => {
      let batch = sendOne();
      for (let tries = 0; tries < 20; tries += 1) {
        settle(batch, [refusal(id(100), code)]);
        expect(item(id(100)).state).toBe('BACKOFF');
        const wakeMs = must(outbox.nextWakeMs(), 'a delay is armed');
        expect(wakeMs - now()).toBeLessThanOrEqual(60_000);
        account.clock.advance(wakeMs - now());
        batch = next();
      }
    },
  );

  it.each(['INTERNAL', 'A_CODE_OF_THE_FUTURE'])('%s stalls after 8 tries', (code) => {
    let batch = sendOne();
    for (let tries = 1; tries < 8; tries += 1) {
      settle(batch, [refusal(id(100), code)]);
      account.clock.advance(60_000);
      batch = next();
    }
    settle(batch, [refusal(id(100), code)]);
    expect(item(id(100))).toMatchObject({ state: 'STALLED', code: 'INTERNAL' });
    outbox.retry(id(100), now());
    expect(idsOf(next())).toEqual([id(100)]);
  });

  it.each(['AUTH_EXPIRED', 'FENCED', 'PROTOCOL_TOO_OLD'] as const)('%s is no verdict on the op', (code) => {
    settle(sendOne(), [refusal(id(100), code)]);
    expect(item(id(100))).toMatchObject({ state: 'READY', code: null });
  });

  it('honour the delay the server asks for, up to a minute', () => {
    settle(sendOne(), [refusal(id(100), 'RATE_LIMITED', 30_000)]);
    expect(item(id(100)).retryAtMs).toBe(now() + 30_000);
    account.clock.advance(30_000);
    settle(next(), [refusal(id(100), 'RATE_LIMITED', 9_000_000)]);
    expect(item(id(100)).retryAtMs).toBe(now() + 60_000);
  });

  it('that end early leave the rest READY; none at all is a delay, not a loop', () => {
    enqueue(sendOp(id(100)));
    enqueue(sendOp(id(101)));
    settle(next(), [okResult(id(100), 2)]);
    expect(states()).toEqual({ [id(100)]: 'ACKED', [id(101)]: 'READY' });
    settle(next(), []);
    expect(states()).toMatchObject({ [id(101)]: 'BACKOFF' });
  });

  it('that a target is gone are success for a delete and a reaction', () => {
    enqueue(remove(id(100), id(900)));
    enqueue(react(id(101), id(900)));
    enqueue(edit(id(102), id(900), 'text'));
    settle(next(), [
      refusal(id(100), 'TARGET_MISSING'),
      refusal(id(101), 'TARGET_DELETED'),
      refusal(id(102), 'TARGET_DELETED'),
    ]);
    expect(states()).toEqual({ [id(102)]: 'REJECTED' });
  });
});

describe('a delay', () => {
  it('measured by a clock that was ahead does not outlive the run', () => {
    enqueue(sendOp(id(100)));
    settle(next(), [refusal(id(100), 'BUSY')]);
    account.stores.outboxDb.prepare('UPDATE op SET retry_at = ?').run(now() + 10 * 365 * DAY_MS);
    reopen();
    expect(idsOf(next())).toEqual([id(100)]);
  });
});

describe('a lost connection', () => {
  it('makes ops ambiguous; they go again with the same bytes, before later ones', () => {
    enqueue(sendOp(id(100), 'first'));
    const before = next();
    enqueue(sendOp(id(101)));
    outbox.markAmbiguous(before);
    expect(states()).toEqual({ [id(100)]: 'AMBIGUOUS', [id(101)]: 'READY' });
    const again = next();
    expect(again.ops[0]).toEqual(before.ops[0]);
    expect(idsOf(again)).toEqual([id(100), id(101)]);
    outbox.markAmbiguous(again);
    settle(again, [okResult(id(100), 2), okResult(id(101), 3)]);
    expect(states()).toEqual({ [id(100)]: 'ACKED', [id(101)]: 'ACKED' });
  });

  it('that follows the same op three times stalls it, alone', () => {
    for (let n = 0; n < 3; n += 1) enqueue(sendOp(id(100 + n)));
    for (const expected of [3, 3, 1]) {
      const batch = next();
      expect(batch.ops).toHaveLength(expected);
      outbox.noteDisconnect(batch);
      outbox.markAmbiguous(batch);
    }
    expect(states()).toMatchObject({ [id(100)]: 'STALLED', [id(101)]: 'AMBIGUOUS' });
    const alone = next();
    expect(idsOf(alone)).toEqual([id(101)]);
    settle(alone, [okResult(id(101), 2)]);
    expect(idsOf(next())).toEqual([id(102)]);
  });
});

describe('folding', () => {
  it('puts an edit into an unattempted send', () => {
    enqueue(sendOp(id(100), 'before'));
    expect(enqueue(edit(id(101), id(100), 'after'))).toBe('folded');
    expect(next().ops).toMatchObject([{ opId: id(100), text: 'after' }]);
  });

  it('takes an unattempted send back on delete, with what hangs on it', () => {
    enqueue(sendOp(id(100)));
    enqueue(react(id(101), id(100)));
    enqueue({ ...sendOp(id(102), 'answer'), replyTo: id(100) });
    expect(enqueue(remove(id(103), id(100)))).toBe('cancelled');
    expect(next().ops).toMatchObject([{ opId: id(102), text: 'answer', replyTo: null }]);
  });

  it('never touches an attempted send: edit and delete depend on it', () => {
    enqueue(sendOp(id(100), 'before'));
    const batch = next();
    expect(enqueue(edit(id(101), id(100), 'after'))).toBe('queued');
    expect(enqueue(remove(id(102), id(100)))).toBe('queued');
    expect(states()).toMatchObject({ [id(101)]: 'WAIT_DEPENDENCY', [id(102)]: 'WAIT_DEPENDENCY' });
    expect(item(id(100)).op).toMatchObject({ text: 'before' });
    outbox.markAmbiguous(batch);
    const again = next();
    expect(idsOf(again)).toEqual([id(100)]);
    settle(again, [okResult(id(100), 2)]);
    expect(idsOf(next())).toEqual([id(101), id(102)]);
  });

  it('is refused by the file itself for attempted bytes (I14)', () => {
    enqueue(sendOp(id(100)));
    next();
    const write = account.stores.outboxDb.prepare(`UPDATE op SET bytes = '{}' WHERE op_id = ?`);
    expect(() => write.run(id(100))).toThrow('frozen');
  });

  it('replaces an unattempted setting of the same key only', () => {
    enqueue(pin(id(100), 1));
    enqueue(pin(id(101), 1, OTHER));
    expect(enqueue(pin(id(102), 2))).toBe('folded');
    const batch = next();
    expect(idsOf(batch)).toEqual([id(101), id(102)]);
    expect(enqueue(pin(id(103), 3))).toBe('queued');
    expect(states()).toMatchObject({ [id(102)]: 'IN_FLIGHT', [id(103)]: 'READY' });
  });

  it('refuses what is too large as JSON', () => {
    expect(() => enqueue(sendOp(id(100), '\u0001'.repeat(60_000)))).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
    expect(outbox.items()).toEqual([]);
  });
});

describe('dependents', () => {
  const attempted = (): OutboxBatch => {
    enqueue(sendOp(id(100)));
    const batch = next();
    enqueue(edit(id(101), id(100), 'after'));
    enqueue(sendOp(id(102)));
    return batch;
  };

  it('of a rejected op are cancelled with their text, and the lane goes on', () => {
    settle(attempted(), [refusal(id(100), 'FORBIDDEN')]);
    expect(states()).toEqual({ [id(100)]: 'REJECTED', [id(101)]: 'CANCELLED', [id(102)]: 'READY' });
    expect(item(id(101)).op).toMatchObject({ text: 'after' });
    expect(idsOf(next())).toEqual([id(102)]);
  });

  it('come back when it is retried', () => {
    settle(attempted(), [refusal(id(100), 'FORBIDDEN')]);
    outbox.retry(id(101), now());
    expect(states()).toEqual({ [id(100)]: 'READY', [id(101)]: 'WAIT_DEPENDENCY', [id(102)]: 'READY' });
  });

  it('survive a restart in their state', () => {
    const batch = attempted();
    outbox.markAmbiguous(batch);
    reopen();
    expect(states()).toEqual({ [id(100)]: 'AMBIGUOUS', [id(101)]: 'WAIT_DEPENDENCY', [id(102)]: 'READY' });
  });
});

describe('conversations created offline', () => {
  it('make ops of every lane wait, and re-address them to the canonical one', () => {
    const local = id(50);
    const canonical = id(51);
    enqueue(create(id(100), local));
    enqueue(sendOp(id(101), 'one', local));
    enqueue(sendOp(id(102), 'two', local));
    enqueue(pin(id(103), 1, local));
    outbox.saveDraft(local, { text: 'draft', replyTo: null }, now());
    const batch = next();
    expect(idsOf(batch)).toEqual([id(100)]);
    expect(outbox.nextBatch(now(), new Set([local]))).toBeUndefined();
    settle(batch, [{ ...okResult(id(100)), canonicalId: canonical }]);
    expect(outbox.aliasOf(local)).toBe(canonical);
    const sends = next();
    expect(sends).toMatchObject({
      lane: canonical,
      ops: [
        { opId: id(101), logId: canonical },
        { opId: id(102), logId: canonical },
      ],
    });
    const settings = next(new Set([canonical]));
    expect(settings.ops).toMatchObject([{ key: `pin:${canonical}` }, { key: `draft:${canonical}` }]);
    expect(enqueue(sendOp(id(104), 'late', local))).toBe('queued');
    expect(item(id(104)).lane).toBe(canonical);
    const drafts = account.stores.outboxDb.prepare('SELECT conversation_id AS id, text FROM draft').all();
    expect(drafts).toEqual([{ id: canonical, text: 'draft' }]);
  });

  it('that are refused cancel their messages', () => {
    enqueue(create(id(100), id(50)));
    enqueue(sendOp(id(101), 'one', id(50)));
    settle(next(), [refusal(id(100), 'NOT_FOUND')]);
    expect(states()).toEqual({ [id(100)]: 'REJECTED', [id(101)]: 'CANCELLED' });
    outbox.discard(id(100));
    expect(states()).toEqual({ [id(101)]: 'CANCELLED' });
  });
});

describe('stale ops', () => {
  it('are parked after a day unattempted, ask, and go when told', () => {
    enqueue(sendOp(id(100), 'old'));
    account.clock.advance(DAY_MS + 1);
    enqueue(sendOp(id(101), 'new'));
    expect(idsOf(next())).toEqual([id(101)]);
    expect(item(id(100)).state).toBe('PARKED');
    outbox.sendNow(id(100), now());
    expect(idsOf(next())).toEqual([id(100)]);
  });

  it('are parked at start; attempted ones and settings are not', () => {
    enqueue(sendOp(id(100)));
    next();
    enqueue(sendOp(id(101)));
    enqueue(pin(id(102), 1));
    account.clock.advance(DAY_MS + 1);
    reopen();
    expect(states()).toEqual({ [id(100)]: 'AMBIGUOUS', [id(101)]: 'PARKED', [id(102)]: 'READY' });
    expect(outbox.counts()).toEqual({ waiting: 2, failed: 1 });
  });
});

describe('decisions', () => {
  it('cancel keeps the text, discard alone removes it', () => {
    enqueue(sendOp(id(100)));
    outbox.cancel(id(100));
    expect(item(id(100))).toMatchObject({ state: 'CANCELLED', op: { text: 'hello' } });
    outbox.discard(id(100));
    expect(outbox.items()).toEqual([]);
  });

  it('do nothing to what may be committed', () => {
    enqueue(sendOp(id(100)));
    next();
    outbox.cancel(id(100));
    outbox.discard(id(100));
    expect(states()).toEqual({ [id(100)]: 'IN_FLIGHT' });
  });

  it('another text goes in place before the first attempt, under a new id after it', () => {
    enqueue(sendOp(id(100)));
    expect(outbox.replaceText(id(100), 'other', id(101), now())).toBe(id(100));
    const batch = next();
    expect(batch.ops).toMatchObject([{ text: 'other' }]);
    settle(batch, [refusal(id(100), 'FORBIDDEN')]);
    expect(outbox.replaceText(id(100), 'third', id(102), now())).toBe(id(102));
    expect(states()).toEqual({ [id(102)]: 'READY' });
    next();
    expect(outbox.replaceText(id(102), 'fourth', id(103), now())).toBe(id(103));
    expect(item(id(103)).op).toMatchObject({ kind: 'message.edit', messageId: id(102), text: 'fourth' });
  });

  it('retry all takes what failed, not what was cancelled', () => {
    for (const n of [100, 101, 102]) enqueue(sendOp(id(n)));
    outbox.cancel(id(102));
    settle(next(), [refusal(id(100), 'FORBIDDEN'), refusal(id(101), 'FORBIDDEN')]);
    outbox.retryAll(now());
    expect(states()).toEqual({ [id(100)]: 'READY', [id(101)]: 'READY', [id(102)]: 'CANCELLED' });
  });
});

describe('rows nobody can read', () => {
  it('are kept, shown, skipped and discarded only by a person', () => {
    enqueue(sendOp(id(100)));
    enqueue(sendOp(id(101)));
    account.stores.outboxDb.prepare(`UPDATE op SET bytes = '{"v":9}' WHERE op_id = ?`).run(id(100));
    reopen();
    expect(outbox.unreadable()).toMatchObject([{ opId: id(100), bytes: '{"v":9}' }]);
    expect(outbox.counts()).toEqual({ waiting: 1, failed: 1 });
    expect(idsOf(next())).toEqual([id(101)]);
    outbox.discard(id(100));
    expect(outbox.unreadable()).toEqual([]);
  });
});

describe('drafts', () => {
  const draft = { text: 'dra', replyTo: null };
  const stored = (): unknown =>
    account.stores.outboxDb
      .prepare('SELECT conversation_id AS id, text, is_dirty AS isDirty, seq FROM draft')
      .get();

  it('are kept at once and offered at most every 5 s', () => {
    outbox.saveDraft(CONVERSATION, draft, now());
    const first = next();
    expect(first.ops).toMatchObject([{ kind: 'account.set', key: `draft:${CONVERSATION}`, value: draft }]);
    settle(first, [okResult(must(first.ops[0], 'one op').opId, 1)]);
    outbox.markHeld(ME, 1);
    outbox.saveDraft(CONVERSATION, { ...draft, text: 'draf' }, now());
    outbox.saveDraft(CONVERSATION, { ...draft, text: 'draft' }, now());
    expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
    expect(outbox.nextWakeMs()).toBe(now() + 5_000);
    account.clock.advance(5_000);
    expect(next().ops).toMatchObject([{ value: { text: 'draft' } }]);
    expect(outbox.counts()).toEqual({ waiting: 0, failed: 0 });
  });

  it('survive a kill, and clear with the message that was made of them', () => {
    outbox.saveDraft(CONVERSATION, draft, now());
    account.kill();
    ({ outbox } = account.stores);
    expect(stored()).toMatchObject({ id: CONVERSATION, text: 'dra' });
    outbox.enqueue(sendOp(id(100)), now(), { clearsDraft: true });
    expect(stored()).toMatchObject({ text: '', isDirty: 1 });
  });

  it('say at which position the account log holds them, so that a newer one of another device shows', () => {
    outbox.saveDraft(CONVERSATION, draft, now());
    const [op] = next().ops;
    outbox.markApplied([{ opId: must(op, 'one op').opId, seq: 4 }]);
    expect(stored()).toMatchObject({ text: 'dra', isDirty: 0, seq: 4 });
    outbox.saveDraft(CONVERSATION, null, now());
    expect(stored()).toMatchObject({ text: '', isDirty: 1 });
    account.clock.advance(5_000);
    const cleared = next();
    settle(cleared, [okResult(must(cleared.ops[0], 'one op').opId)]);
    expect(stored()).toBeUndefined();
  });
});

describe('watermarks', () => {
  it('are one op with the largest position, never lower, until confirmed', () => {
    for (const seq of [3, 7, 5]) outbox.raiseWatermark('read.set', CONVERSATION, seq);
    outbox.raiseWatermark('delivered.set', CONVERSATION, 9);
    expect(outbox.wantedReadSeq(CONVERSATION)).toBe(7);
    const batch = next();
    expect(batch).toMatchObject({
      lane: CONVERSATION,
      ops: [
        { kind: 'delivered.set', seq: 9 },
        { kind: 'read.set', seq: 7 },
      ],
    });
    settle(
      batch,
      batch.ops.map((op) => okResult(op.opId)),
    );
    expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
    outbox.raiseWatermark('read.set', CONVERSATION, 7);
    expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
  });

  it('do not wait behind a lane that backs off, and survive a restart', () => {
    enqueue(sendOp(id(100)));
    settle(next(), [refusal(id(100), 'BUSY')]);
    outbox.raiseWatermark('read.set', CONVERSATION, 3);
    expect(next().ops).toMatchObject([{ kind: 'read.set', seq: 3 }]);
    reopen();
    expect(next().ops).toMatchObject([{ kind: 'read.set', seq: 3 }]);
  });

  it('are dropped when there is nobody left to tell, and back off otherwise', () => {
    outbox.raiseWatermark('read.set', CONVERSATION, 3);
    const busy = next();
    settle(
      busy,
      busy.ops.map((op) => refusal(op.opId, 'BUSY')),
    );
    expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
    account.clock.advance(60_000);
    const gone = next();
    settle(
      gone,
      gone.ops.map((op) => refusal(op.opId, 'NOT_MEMBER')),
    );
    account.clock.advance(60_000);
    expect(outbox.nextBatch(now(), NO_LANES)).toBeUndefined();
  });
});

describe('the sent log', () => {
  const sendAndApply = (opId: string, seq: number): void => {
    enqueue(sendOp(opId));
    next();
    outbox.markApplied([{ opId, seq }]);
  };

  it('is kept 30 days', () => {
    sendAndApply(id(100), 2);
    account.clock.advance(29 * DAY_MS);
    sendAndApply(id(101), 3);
    account.clock.advance(2 * DAY_MS);
    reopen();
    expect(outbox.reoffer(CONVERSATION, 0)).toBe(1);
  });

  it('holds nothing of a deleted message but the delete', () => {
    sendAndApply(id(100), 2);
    enqueue(remove(id(101), id(100)));
    next();
    outbox.markApplied([{ opId: id(101), seq: 3 }]);
    sendAndApply(id(102), 4);
    outbox.scrubSent([id(102)]);
    expect(outbox.reoffer(CONVERSATION, 0)).toBe(1);
    expect(states()).toEqual({ [id(101)]: 'READY' });
  });

  it('offers only what lies beyond the common position, in the order composed', () => {
    for (const n of [100, 101, 102]) sendAndApply(id(n), n - 98);
    enqueue(sendOp(id(103)));
    expect(outbox.reoffer(CONVERSATION, 2)).toBe(2);
    expect(idsOf(next())).toEqual([id(101), id(102), id(103)]);
  });
});
