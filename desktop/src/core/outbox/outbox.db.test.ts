// long-file: one queue, whose cases share how an outbox is opened and fed.
/** The outbox against a real file: FIFO, batches, answers, lost connections, drafts, marks, the sent log. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { OutboxBatch } from '../store/store-types.ts';
import { CONVERSATION, id, ME, sendOp, TestLog } from '../testing/logs.ts';
import {
  edit,
  idsOf,
  NO_LANES,
  okResult,
  pin,
  react,
  refusal,
  remove,
  OutboxFixture,
} from '../testing/outbox-fixture.ts';

const OTHER = id(5);
const DAY_MS = 24 * 3_600_000;

let box: OutboxFixture;

beforeEach(() => {
  box = new OutboxFixture();
});
afterEach(() => box.account.remove());

describe('lanes', () => {
  it('are FIFO, in batches of at most 50 ops', () => {
    for (let n = 0; n < 60; n += 1) box.enqueue(sendOp(id(100 + n)));
    const first = box.next();
    expect(idsOf(first)).toEqual(Array.from({ length: 50 }, (_, n) => id(100 + n)));
    expect(box.outbox.nextBatch(box.now(), new Set([CONVERSATION]))).toBeUndefined();
    box.settle(
      first,
      first.ops.map((op, n) => okResult(op.opId, n + 2)),
    );
    expect(idsOf(box.next())).toHaveLength(10);
  });

  it('are batches of at most 512 KiB', () => {
    for (let n = 0; n < 20; n += 1) box.enqueue(sendOp(id(100 + n), 'x'.repeat(60_000)));
    const batch = box.next();
    expect(batch.ops).toHaveLength(8);
    expect(JSON.stringify(batch.ops).length).toBeLessThanOrEqual(512 * 1024);
  });

  it('go side by side, the one that waits longest first', () => {
    box.enqueue(sendOp(id(100), 'a', OTHER));
    box.enqueue(sendOp(id(101)));
    expect(box.next().lane).toBe(OTHER);
    expect(box.next(new Set([OTHER])).lane).toBe(CONVERSATION);
  });

  it('wait while their first op backs off, and go on by themselves', () => {
    box.enqueue(sendOp(id(100)));
    box.enqueue(sendOp(id(101)));
    box.settle(box.next(), [refusal(id(100), 'BUSY')]);
    expect(box.states()).toEqual({ [id(100)]: 'BACKOFF', [id(101)]: 'READY' });
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    const wakeMs = must(box.outbox.nextWakeMs(), 'a delay is armed');
    expect(wakeMs - box.now()).toBeGreaterThanOrEqual(1_000);
    box.account.clock.advance(wakeMs - box.now());
    expect(idsOf(box.next())).toEqual([id(100), id(101)]);
  });
});

describe('answers', () => {
  const sendOne = (): OutboxBatch => {
    box.enqueue(sendOp(id(100)));
    return box.next();
  };

  it('a seq is ACKED until the event is cached', () => {
    box.settle(sendOne(), [okResult(id(100), 7)]);
    expect(box.item(id(100))).toMatchObject({ state: 'ACKED', seq: 7 });
    box.outbox.markHeld(CONVERSATION, 6);
    expect(box.item(id(100)).state).toBe('ACKED');
    box.outbox.markHeld(CONVERSATION, 7);
    expect(box.outbox.items()).toEqual([]);
  });

  it('without a seq nothing had to change', () => {
    box.settle(sendOne(), [okResult(id(100))]);
    expect(box.outbox.items()).toEqual([]);
  });

  it('an event before its acknowledgement wins', () => {
    const batch = sendOne();
    box.outbox.markApplied([{ opId: id(100), seq: 2 }]);
    box.settle(batch, [okResult(id(100), 2)]);
    expect(box.outbox.items()).toEqual([]);
  });

  it.each(['NOT_MEMBER', 'FORBIDDEN', 'TOO_LARGE', 'OP_ID_REUSED', 'ID_TAKEN', 'NOT_FOUND'] as const)(
    '%s is final and keeps the text',
    (code) => {
      box.settle(sendOne(), [refusal(id(100), code)]);
      expect(box.item(id(100))).toMatchObject({ state: 'REJECTED', code, op: { text: 'hello' } });
      expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    },
  );

  it.each(['BUSY', 'LAGGING', 'RATE_LIMITED', 'SHUTTING_DOWN', 'TIMEOUT'] as const)(
    '%s is retried for ever',
    (code) => {
      let batch = sendOne();
      for (let tries = 0; tries < 20; tries += 1) {
        box.settle(batch, [refusal(id(100), code)]);
        expect(box.item(id(100)).state).toBe('BACKOFF');
        const wakeMs = must(box.outbox.nextWakeMs(), 'a delay is armed');
        expect(wakeMs - box.now()).toBeLessThanOrEqual(60_000);
        box.account.clock.advance(wakeMs - box.now());
        batch = box.next();
      }
    },
  );

  it.each(['INTERNAL', 'A_CODE_OF_THE_FUTURE'])('%s stalls after 8 tries', (code) => {
    let batch = sendOne();
    for (let tries = 1; tries < 8; tries += 1) {
      box.settle(batch, [refusal(id(100), code)]);
      box.account.clock.advance(60_000);
      batch = box.next();
    }
    box.settle(batch, [refusal(id(100), code)]);
    expect(box.item(id(100))).toMatchObject({ state: 'STALLED', code: 'INTERNAL' });
    box.outbox.retry(id(100));
    expect(idsOf(box.next())).toEqual([id(100)]);
  });

  it.each(['AUTH_EXPIRED', 'FENCED', 'PROTOCOL_TOO_OLD'] as const)('%s is no verdict on the op', (code) => {
    box.settle(sendOne(), [refusal(id(100), code)]);
    expect(box.item(id(100))).toMatchObject({ state: 'READY', code: null });
  });

  it('honour the delay the server asks for, up to a minute', () => {
    box.settle(sendOne(), [refusal(id(100), 'RATE_LIMITED', 30_000)]);
    expect(box.item(id(100)).retryAtMs).toBe(box.now() + 30_000);
    box.account.clock.advance(30_000);
    box.settle(box.next(), [refusal(id(100), 'RATE_LIMITED', 9_000_000)]);
    expect(box.item(id(100)).retryAtMs).toBe(box.now() + 60_000);
  });

  it('that end early leave the rest READY; none at all is a delay, not a loop', () => {
    box.enqueue(sendOp(id(100)));
    box.enqueue(sendOp(id(101)));
    box.settle(box.next(), [okResult(id(100), 2)]);
    expect(box.states()).toEqual({ [id(100)]: 'ACKED', [id(101)]: 'READY' });
    box.settle(box.next(), []);
    expect(box.states()).toMatchObject({ [id(101)]: 'BACKOFF' });
  });

  it('that a target is gone are success for a delete and a reaction', () => {
    box.enqueue(remove(id(100), id(900)));
    box.enqueue(react(id(101), id(900)));
    box.enqueue(edit(id(102), id(900), 'text'));
    box.settle(box.next(), [
      refusal(id(100), 'TARGET_MISSING'),
      refusal(id(101), 'TARGET_DELETED'),
      refusal(id(102), 'TARGET_DELETED'),
    ]);
    expect(box.states()).toEqual({ [id(102)]: 'REJECTED' });
  });
});

describe('a delay', () => {
  it('measured by a clock that was ahead does not outlive the run', () => {
    box.enqueue(sendOp(id(100)));
    box.settle(box.next(), [refusal(id(100), 'BUSY')]);
    box.account.stores.outboxDb.prepare('UPDATE op SET retry_at = ?').run(box.now() + 10 * 365 * DAY_MS);
    box.account.restart();
    expect(idsOf(box.next())).toEqual([id(100)]);
  });
});

describe('a lost connection', () => {
  it('makes ops ambiguous; they go again with the same bytes, before later ones', () => {
    box.enqueue(sendOp(id(100), 'first'));
    const before = box.next();
    box.enqueue(sendOp(id(101)));
    box.outbox.markAmbiguous(before);
    expect(box.states()).toEqual({ [id(100)]: 'AMBIGUOUS', [id(101)]: 'READY' });
    const again = box.next();
    expect(again.ops[0]).toEqual(before.ops[0]);
    expect(idsOf(again)).toEqual([id(100), id(101)]);
    box.outbox.markAmbiguous(again);
    box.settle(again, [okResult(id(100), 2), okResult(id(101), 3)]);
    expect(box.states()).toEqual({ [id(100)]: 'ACKED', [id(101)]: 'ACKED' });
  });

  it('that follows the same op four times, twice alone, stalls it', () => {
    for (let n = 0; n < 3; n += 1) box.enqueue(sendOp(id(100 + n)));
    for (const expected of [3, 3, 1, 1]) {
      const batch = box.next();
      expect(batch.ops).toHaveLength(expected);
      box.outbox.noteDisconnect(batch, false);
      box.outbox.markAmbiguous(batch);
    }
    expect(box.states()).toMatchObject({ [id(100)]: 'STALLED', [id(101)]: 'AMBIGUOUS' });
    const alone = box.next();
    expect(idsOf(alone)).toEqual([id(101)]);
    box.settle(alone, [okResult(id(101), 2)]);
    expect(idsOf(box.next())).toEqual([id(102)]);
  });

  it('with the server is held against an op only when the server crashes on it again and again', () => {
    box.enqueue(sendOp(id(100)));
    for (let crashes = 1; crashes <= 16; crashes += 1) {
      expect(box.states()).not.toMatchObject({ [id(100)]: 'STALLED' });
      const batch = box.next();
      box.outbox.noteDisconnect(batch, true);
      box.outbox.markAmbiguous(batch);
    }
    expect(box.states()).toEqual({ [id(100)]: 'STALLED' });
  });
});

describe('rows nobody can read', () => {
  it('are kept, shown, skipped and discarded only by a person', () => {
    box.enqueue(sendOp(id(100)));
    box.enqueue(sendOp(id(101)));
    box.account.stores.outboxDb.prepare(`UPDATE op SET bytes = '{"v":9}' WHERE op_id = ?`).run(id(100));
    box.account.restart();
    const stored = (): unknown =>
      box.account.stores.outboxDb.prepare('SELECT state, bytes FROM op WHERE op_id = ?').get(id(100));
    expect(stored()).toEqual({ state: 'STALLED', bytes: '{"v":9}' });
    expect(box.outbox.counts()).toEqual({ waiting: 1, failed: 1 });
    expect(idsOf(box.next())).toEqual([id(101)]);
    box.outbox.discard(id(100));
    expect(stored()).toBeUndefined();
  });
});

describe('drafts', () => {
  const draft = { text: 'dra', replyTo: null };
  const stored = (): unknown =>
    box.account.stores.outboxDb
      .prepare('SELECT conversation_id AS id, text, is_dirty AS isDirty, seq FROM draft')
      .get();

  it('are kept at once and offered at most every 5 s', () => {
    box.outbox.saveDraft(CONVERSATION, draft);
    const first = box.next();
    expect(first.ops).toMatchObject([{ kind: 'account.set', key: `draft:${CONVERSATION}`, value: draft }]);
    box.settle(first, [okResult(must(first.ops[0], 'one op').opId, 1)]);
    box.outbox.markHeld(ME, 1);
    box.outbox.saveDraft(CONVERSATION, { ...draft, text: 'draf' });
    box.outbox.saveDraft(CONVERSATION, { ...draft, text: 'draft' });
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    expect(box.outbox.nextWakeMs()).toBe(box.now() + 5_000);
    box.account.clock.advance(5_000);
    expect(box.next().ops).toMatchObject([{ value: { text: 'draft' } }]);
    expect(box.outbox.counts()).toEqual({ waiting: 0, failed: 0 });
  });

  it('survive a kill, and clear with the message that was made of them', () => {
    box.outbox.saveDraft(CONVERSATION, draft);
    box.account.kill();
    expect(stored()).toMatchObject({ id: CONVERSATION, text: 'dra' });
    box.outbox.enqueue(sendOp(id(100)), box.now(), { clearsDraft: 'dra' });
    expect(stored()).toMatchObject({ text: '', isDirty: 1 });
  });

  it('of another device clear with the message that was made of them, in the same transaction', () => {
    const mine = new TestLog(ME, 'account');
    mine.append('account:updated', { key: `draft:${CONVERSATION}`, value: draft }, ME);
    box.account.stores.ingest.applyEvents(ME, mine.events);
    expect(stored()).toBeUndefined();
    box.outbox.enqueue(sendOp(id(100), 'dra', OTHER), box.now(), { clearsDraft: 'dra' });
    expect(stored()).toBeUndefined();
    box.outbox.enqueue(sendOp(id(101), 'dra'), box.now(), { clearsDraft: 'dra' });
    box.account.kill();
    expect(stored()).toMatchObject({ id: CONVERSATION, text: '', isDirty: 1 });
    const offer = box.next(new Set([CONVERSATION, OTHER]));
    expect(offer.ops).toMatchObject([{ key: `draft:${CONVERSATION}`, value: null }]);
  });

  it('say at which position the account log holds them, so that a newer one of another device shows', () => {
    box.outbox.saveDraft(CONVERSATION, draft);
    const [op] = box.next().ops;
    box.outbox.markApplied([{ opId: must(op, 'one op').opId, seq: 4 }]);
    expect(stored()).toMatchObject({ text: 'dra', isDirty: 0, seq: 4 });
    box.outbox.saveDraft(CONVERSATION, null);
    expect(stored()).toMatchObject({ text: '', isDirty: 1 });
    box.account.clock.advance(5_000);
    const cleared = box.next();
    box.settle(cleared, [okResult(must(cleared.ops[0], 'one op').opId)]);
    expect(stored()).toBeUndefined();
  });
});

describe('watermarks', () => {
  it('of a thread that can still be taken back are told later, and not at all when it is', () => {
    const [kept, taken] = [id(0x800), id(0x801)];
    box.outbox.raiseThreadRead(CONVERSATION, kept, 9, box.now() + 30_000);
    box.outbox.raiseThreadRead(CONVERSATION, taken, 9, box.now() + 30_000);
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    expect(box.outbox.nextWakeMs()).toBe(box.now() + 30_000);
    box.outbox.takeBackThreadRead(CONVERSATION, taken, 4);
    const rows = box.account.stores.outboxDb.prepare('SELECT wanted FROM thread_mark ORDER BY root_id').all();
    expect(rows).toEqual([{ wanted: 9 }, { wanted: 3 }]);
    box.account.clock.advance(30_000);
    expect(box.next().ops).toMatchObject([
      { kind: 'read.set', threadRootId: kept, seq: 9 },
      { kind: 'read.set', threadRootId: taken, seq: 3 },
    ]);
  });

  it('are one op with the largest position, never lower, until confirmed', () => {
    for (const seq of [3, 7, 5]) box.outbox.raiseWatermark('read.set', CONVERSATION, seq);
    box.outbox.raiseWatermark('delivered.set', CONVERSATION, 9);
    expect(box.outbox.wantedReadSeq(CONVERSATION)).toBe(7);
    const batch = box.next();
    expect(batch).toMatchObject({
      lane: CONVERSATION,
      ops: [
        { kind: 'delivered.set', seq: 9 },
        { kind: 'read.set', seq: 7 },
      ],
    });
    box.settle(
      batch,
      batch.ops.map((op) => okResult(op.opId)),
    );
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    box.outbox.raiseWatermark('read.set', CONVERSATION, 7);
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
  });

  it('do not wait behind a lane that backs off, and survive a restart', () => {
    box.enqueue(sendOp(id(100)));
    box.settle(box.next(), [refusal(id(100), 'BUSY')]);
    box.outbox.raiseWatermark('read.set', CONVERSATION, 3);
    expect(box.next().ops).toMatchObject([{ kind: 'read.set', seq: 3 }]);
    box.account.restart();
    expect(box.next().ops).toMatchObject([{ kind: 'read.set', seq: 3 }]);
  });

  it('are dropped when there is nobody left to tell, and back off otherwise', () => {
    box.outbox.raiseWatermark('read.set', CONVERSATION, 3);
    const busy = box.next();
    box.settle(
      busy,
      busy.ops.map((op) => refusal(op.opId, 'BUSY')),
    );
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    box.account.clock.advance(60_000);
    const gone = box.next();
    box.settle(
      gone,
      gone.ops.map((op) => refusal(op.opId, 'NOT_MEMBER')),
    );
    box.account.clock.advance(60_000);
    expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
  });
});

describe('the sent log', () => {
  const sendAndApply = (opId: string, seq: number): void => {
    box.enqueue(sendOp(opId));
    box.next();
    box.outbox.markApplied([{ opId, seq }]);
  };

  it('is kept 30 days', () => {
    sendAndApply(id(100), 2);
    box.account.clock.advance(29 * DAY_MS);
    sendAndApply(id(101), 3);
    box.account.clock.advance(2 * DAY_MS);
    box.account.restart();
    expect(box.outbox.reoffer(CONVERSATION, 0)).toBe(1);
  });

  it('holds nothing of a deleted message but the delete', () => {
    sendAndApply(id(100), 2);
    box.enqueue(remove(id(101), id(100)));
    box.next();
    box.outbox.markApplied([{ opId: id(101), seq: 3 }]);
    sendAndApply(id(102), 4);
    box.outbox.scrubSent([id(102)]);
    expect(box.outbox.reoffer(CONVERSATION, 0)).toBe(1);
    expect(box.states()).toEqual({ [id(101)]: 'READY' });
  });

  it('does not offer again what found its value set already: a newer one may stand there now', () => {
    box.enqueue(pin(id(100), 1));
    box.enqueue(react(id(101), id(900)));
    box.enqueue(sendOp(id(102)));
    for (const ids of [[id(100)], [id(101), id(102)]]) {
      const batch = box.next();
      expect(idsOf(batch)).toEqual(ids);
      box.settle(
        batch,
        ids.map((opId) => okResult(opId)),
      );
    }
    expect(box.outbox.reoffer(ME, 0)).toBe(0);
    expect(box.outbox.reoffer(CONVERSATION, 0)).toBe(1);
    expect(box.states()).toEqual({ [id(102)]: 'READY' });
  });

  it('offers only what lies beyond the common position, in the order composed', () => {
    for (const n of [100, 101, 102]) sendAndApply(id(n), n - 98);
    box.enqueue(sendOp(id(103)));
    expect(box.outbox.reoffer(CONVERSATION, 2)).toBe(2);
    expect(idsOf(box.next())).toEqual([id(101), id(102), id(103)]);
  });
});
