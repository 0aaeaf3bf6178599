/** What a person composes and decides, against a real file: folding, dependents, new conversations, stale ops. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { OutboxBatch } from '../store/store-types.ts';
import { CONVERSATION, id, sendOp } from '../testing/logs.ts';
import {
  create,
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

describe('folding', () => {
  it('puts an edit into an unattempted send', () => {
    box.enqueue(sendOp(id(100), 'before'));
    expect(box.enqueue(edit(id(101), id(100), 'after'))).toBe('folded');
    expect(box.next().ops).toMatchObject([{ opId: id(100), text: 'after' }]);
  });

  it('takes an unattempted send back on delete, with what hangs on it', () => {
    box.enqueue(sendOp(id(100)));
    box.enqueue(react(id(101), id(100)));
    box.enqueue({ ...sendOp(id(102), 'answer'), replyTo: id(100) });
    expect(box.enqueue(remove(id(103), id(100)))).toBe('cancelled');
    expect(box.next().ops).toMatchObject([{ opId: id(102), text: 'answer', replyTo: null }]);
  });

  it('never touches an attempted send: edit and delete depend on it', () => {
    box.enqueue(sendOp(id(100), 'before'));
    const batch = box.next();
    expect(box.enqueue(edit(id(101), id(100), 'after'))).toBe('queued');
    expect(box.enqueue(remove(id(102), id(100)))).toBe('queued');
    expect(box.states()).toMatchObject({ [id(101)]: 'WAIT_DEPENDENCY', [id(102)]: 'WAIT_DEPENDENCY' });
    expect(box.item(id(100)).op).toMatchObject({ text: 'before' });
    box.outbox.markAmbiguous(batch);
    const again = box.next();
    expect(idsOf(again)).toEqual([id(100)]);
    box.settle(again, [okResult(id(100), 2)]);
    expect(idsOf(box.next())).toEqual([id(101), id(102)]);
  });

  it('is refused by the file itself for attempted bytes (I14)', () => {
    box.enqueue(sendOp(id(100)));
    box.next();
    const write = box.account.stores.outboxDb.prepare(`UPDATE op SET bytes = '{}' WHERE op_id = ?`);
    expect(() => write.run(id(100))).toThrow('frozen');
  });

  it('replaces an unattempted setting of the same key only', () => {
    box.enqueue(pin(id(100), 1));
    box.enqueue(pin(id(101), 1, OTHER));
    expect(box.enqueue(pin(id(102), 2))).toBe('folded');
    const batch = box.next();
    expect(idsOf(batch)).toEqual([id(101), id(102)]);
    expect(box.enqueue(pin(id(103), 3))).toBe('queued');
    expect(box.states()).toMatchObject({ [id(102)]: 'IN_FLIGHT', [id(103)]: 'READY' });
  });

  it('refuses what is too large as JSON', () => {
    expect(() => box.enqueue(sendOp(id(100), '\u0001'.repeat(60_000)))).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
    expect(box.outbox.items()).toEqual([]);
  });
});

describe('dependents', () => {
  const attempted = (): OutboxBatch => {
    box.enqueue(sendOp(id(100)));
    const batch = box.next();
    box.enqueue(edit(id(101), id(100), 'after'));
    box.enqueue(sendOp(id(102)));
    return batch;
  };

  it('of a rejected op are cancelled with their text, and the lane goes on', () => {
    box.settle(attempted(), [refusal(id(100), 'FORBIDDEN')]);
    expect(box.states()).toEqual({ [id(100)]: 'REJECTED', [id(101)]: 'CANCELLED', [id(102)]: 'READY' });
    expect(box.item(id(101)).op).toMatchObject({ text: 'after' });
    expect(idsOf(box.next())).toEqual([id(102)]);
  });

  it('come back when it is retried', () => {
    box.settle(attempted(), [refusal(id(100), 'FORBIDDEN')]);
    box.outbox.retry(id(101));
    expect(box.states()).toEqual({ [id(100)]: 'READY', [id(101)]: 'WAIT_DEPENDENCY', [id(102)]: 'READY' });
  });

  it('survive a restart in their state', () => {
    const batch = attempted();
    box.outbox.markAmbiguous(batch);
    box.account.restart();
    expect(box.states()).toEqual({
      [id(100)]: 'AMBIGUOUS',
      [id(101)]: 'WAIT_DEPENDENCY',
      [id(102)]: 'READY',
    });
  });
});

describe('conversations created offline', () => {
  it('make ops of every lane wait, and re-address them to the canonical one', () => {
    const local = id(50);
    const canonical = id(51);
    box.enqueue(create(id(100), local));
    box.enqueue(sendOp(id(101), 'one', local));
    box.enqueue(sendOp(id(102), 'two', local));
    box.enqueue(pin(id(103), 1, local));
    box.outbox.saveDraft(local, { text: 'draft', replyTo: null });
    const batch = box.next();
    expect(idsOf(batch)).toEqual([id(100)]);
    expect(box.outbox.nextBatch(box.now(), new Set([local]))).toBeUndefined();
    box.settle(batch, [{ ...okResult(id(100)), canonicalId: canonical }]);
    expect(box.outbox.aliasOf(local)).toBe(canonical);
    const sends = box.next();
    expect(sends).toMatchObject({
      lane: canonical,
      ops: [
        { opId: id(101), logId: canonical },
        { opId: id(102), logId: canonical },
      ],
    });
    const settings = box.next(new Set([canonical]));
    expect(settings.ops).toMatchObject([{ key: `pin:${canonical}` }, { key: `draft:${canonical}` }]);
    expect(box.enqueue(sendOp(id(104), 'late', local))).toBe('queued');
    expect(box.item(id(104)).lane).toBe(canonical);
    const drafts = box.account.stores.outboxDb.prepare('SELECT conversation_id AS id, text FROM draft').all();
    expect(drafts).toEqual([{ id: canonical, text: 'draft' }]);
  });

  it('that are refused cancel their messages', () => {
    box.enqueue(create(id(100), id(50)));
    box.enqueue(sendOp(id(101), 'one', id(50)));
    box.settle(box.next(), [refusal(id(100), 'NOT_FOUND')]);
    expect(box.states()).toEqual({ [id(100)]: 'REJECTED', [id(101)]: 'CANCELLED' });
    box.outbox.discard(id(100));
    expect(box.states()).toEqual({ [id(101)]: 'CANCELLED' });
  });
});

describe('stale ops', () => {
  it('are parked after a day unattempted, ask, and go when told', () => {
    box.enqueue(sendOp(id(100), 'old'));
    box.account.clock.advance(DAY_MS + 1);
    box.enqueue(sendOp(id(101), 'new'));
    expect(idsOf(box.next())).toEqual([id(101)]);
    expect(box.item(id(100)).state).toBe('PARKED');
    box.outbox.sendNow(id(100));
    expect(idsOf(box.next())).toEqual([id(100)]);
  });

  it('are parked at start; attempted ones and settings are not', () => {
    box.enqueue(sendOp(id(100)));
    box.next();
    box.enqueue(sendOp(id(101)));
    box.enqueue(pin(id(102), 1));
    box.account.clock.advance(DAY_MS + 1);
    box.account.restart();
    expect(box.states()).toEqual({ [id(100)]: 'AMBIGUOUS', [id(101)]: 'PARKED', [id(102)]: 'READY' });
    expect(box.outbox.counts()).toEqual({ waiting: 2, failed: 1 });
  });
});

/** Lets connections die with an op until it is given up; returns the batch it went in first. */
function stall(opId: string): OutboxBatch {
  const first = box.next();
  for (let batch = first; ; batch = box.next()) {
    box.outbox.noteDisconnect(batch, false);
    box.outbox.markAmbiguous(batch);
    if (box.item(opId).state === 'STALLED') return first;
  }
}

describe('a newer wish', () => {
  const off = (opId: string): Op => ({ ...react(opId, id(900)), on: false }) as Op;
  const cases: readonly [what: string, older: Op, newer: Op][] = [
    ['edit', edit(id(100), id(900), 'old'), edit(id(101), id(900), 'new')],
    ['setting', pin(id(100), 1), pin(id(101), 2)],
    ['reaction', react(id(100), id(900)), off(id(101))],
  ];

  it.each(cases)('(%s) replaces an unattempted one', (_what, older, newer) => {
    box.enqueue(older);
    expect(box.enqueue(newer)).toBe('folded');
    expect(idsOf(box.next())).toEqual([newer.opId]);
  });

  it.each(cases)(
    '(%s) replaces one that was given up on: retry all cannot undo it',
    (_what, older, newer) => {
      box.enqueue(older);
      stall(older.opId);
      expect(box.enqueue(newer)).toBe('folded');
      box.settle(box.next(), [okResult(newer.opId, 5)]);
      box.outbox.retryAll();
      expect(box.outbox.nextBatch(box.now(), NO_LANES)).toBeUndefined();
    },
  );

  it.each(cases)('(%s) outlives one that is given up on after it', (_what, older, newer) => {
    box.enqueue(older);
    const batch = box.next();
    expect(box.enqueue(newer)).toBe('queued');
    box.settle(batch, [refusal(older.opId, 'FORBIDDEN')]);
    expect(box.states()).toEqual({ [newer.opId]: 'READY' });
  });

  it.each(cases)(
    '(%s) that was sent is not undone by an older one that a copy brought back',
    (_what, older, newer) => {
      box.enqueue(older);
      const { outboxDb } = box.account.stores;
      outboxDb.exec(`CREATE TEMP TABLE kept AS SELECT * FROM op`);
      box.enqueue(newer);
      box.next();
      box.outbox.markApplied([{ opId: newer.opId, seq: 5 }]);
      outboxDb.exec(`INSERT INTO op SELECT * FROM kept; UPDATE op SET state = 'PARKED'`);
      box.outbox.sendNow(older.opId);
      expect(box.outbox.items()).toEqual([]);
    },
  );

  it('of another emoji, key or message replaces nothing', () => {
    box.enqueue(react(id(100), id(900)));
    expect(box.enqueue({ ...react(id(101), id(900)), emoji: '🎉' } as Op)).toBe('queued');
    expect(box.enqueue(react(id(102), id(901)))).toBe('queued');
    expect(box.enqueue(edit(id(103), id(900), 'text'))).toBe('queued');
    expect(box.outbox.items()).toHaveLength(4);
  });
});

describe('what a sign-out would lose', () => {
  it('counts cancelled and refused texts, unshared drafts and other changes, each once', () => {
    expect(box.outbox.wouldLose()).toEqual({ messages: 0, drafts: 0, changes: 0 });
    box.enqueue(sendOp(id(100), 'cancelled'));
    box.outbox.cancel(id(100));
    box.enqueue(sendOp(id(101), 'refused'));
    box.settle(box.next(), [refusal(id(101), 'FORBIDDEN')]);
    box.enqueue(edit(id(102), id(900), 'edited'));
    box.enqueue(pin(id(103), 1));
    box.outbox.saveDraft(CONVERSATION, { text: 'draft', replyTo: null });
    expect(box.outbox.wouldLose()).toEqual({ messages: 3, drafts: 1, changes: 1 });
    const texts = box.outbox.unsentTexts();
    expect(texts.map(({ kind, text }) => [kind, text])).toEqual([
      ['message', 'cancelled'],
      ['message', 'refused'],
      ['edit', 'edited'],
      ['draft', 'draft'],
    ]);
  });

  it('counts a draft until the server has it, and what the server has not at all', () => {
    box.enqueue(sendOp(id(100)));
    box.settle(box.next(), [okResult(id(100), 2)]);
    box.outbox.saveDraft(CONVERSATION, { text: 'draft', replyTo: null });
    const offer = box.next();
    expect(box.outbox.wouldLose()).toEqual({ messages: 0, drafts: 1, changes: 0 });
    box.settle(
      offer,
      offer.ops.map((op) => okResult(op.opId, 1)),
    );
    expect(box.outbox.wouldLose()).toEqual({ messages: 0, drafts: 0, changes: 0 });
    box.outbox.saveDraft(CONVERSATION, { text: 'draft, longer', replyTo: null });
    expect(box.outbox.wouldLose()).toMatchObject({ drafts: 1 });
  });
});

describe('decisions', () => {
  it('cancel keeps the text, discard alone removes it', () => {
    box.enqueue(sendOp(id(100)));
    box.outbox.cancel(id(100));
    expect(box.item(id(100))).toMatchObject({ state: 'CANCELLED', op: { text: 'hello' } });
    box.outbox.discard(id(100));
    expect(box.outbox.items()).toEqual([]);
  });

  it('do nothing to what may be committed', () => {
    box.enqueue(sendOp(id(100)));
    box.next();
    box.outbox.cancel(id(100));
    box.outbox.discard(id(100));
    expect(box.states()).toEqual({ [id(100)]: 'IN_FLIGHT' });
  });

  it('another text goes in place before the first attempt, under a new id after it', () => {
    box.enqueue(sendOp(id(100)));
    expect(box.outbox.replaceText(id(100), 'other', id(101), box.now())).toBe(id(100));
    const batch = box.next();
    expect(batch.ops).toMatchObject([{ text: 'other' }]);
    box.settle(batch, [refusal(id(100), 'FORBIDDEN')]);
    expect(box.outbox.replaceText(id(100), 'third', id(102), box.now())).toBe(id(102));
    expect(box.states()).toEqual({ [id(102)]: 'READY' });
    box.next();
    expect(box.outbox.replaceText(id(102), 'fourth', id(103), box.now())).toBe(id(103));
    expect(box.item(id(103)).op).toMatchObject({ kind: 'message.edit', messageId: id(102), text: 'fourth' });
  });

  it('another text keeps the mentions it still names, whatever became of the message', () => {
    const [ada, ben] = [id(0x700), id(0x701)];
    const namedIn = (mentions: readonly string[]) => mentions.filter((each) => each !== ben);
    const replace = (from: number, to: number, text: string) =>
      box.outbox.replaceText(id(from), text, id(to), box.now(), namedIn);
    box.enqueue({ ...sendOp(id(100), '@Ada @Ben'), mentions: [ada, ben] });
    replace(100, 101, '@Ada now');
    const batch = box.next();
    expect(batch.ops).toMatchObject([{ text: '@Ada now', mentions: [ada] }]);
    box.settle(batch, [refusal(id(100), 'FORBIDDEN')]);
    replace(100, 102, '@Ada again');
    const anew = box.next();
    expect(anew.ops).toMatchObject([{ opId: id(102), text: '@Ada again', mentions: [ada] }]);
    box.outbox.markAmbiguous(anew);
    replace(102, 103, '@Ada at last');
    expect(box.item(id(103)).op).toMatchObject({ kind: 'message.edit', mentions: [ada] });
  });

  it('another text for a send that was given up on is an edit behind it: it may have been committed', () => {
    box.enqueue(sendOp(id(100), 'first'));
    const before = stall(id(100));
    expect(box.outbox.replaceText(id(100), 'second', id(101), box.now())).toBe(id(101));
    expect(box.states()).toEqual({ [id(100)]: 'READY', [id(101)]: 'WAIT_DEPENDENCY' });
    const again = box.next();
    expect(again.ops).toEqual(before.ops);
    box.settle(again, [okResult(id(100), 2)]);
    expect(box.next().ops).toMatchObject([{ kind: 'message.edit', messageId: id(100), text: 'second' }]);
  });

  it('another text for an edit that was given up on replaces it', () => {
    box.enqueue(edit(id(100), id(900), 'first'));
    stall(id(100));
    expect(box.outbox.replaceText(id(100), 'second', id(101), box.now())).toBe(id(101));
    expect(box.states()).toEqual({ [id(101)]: 'READY' });
  });

  it('retry hurries an op that backs off', () => {
    box.enqueue(sendOp(id(100)));
    box.settle(box.next(), [refusal(id(100), 'BUSY')]);
    box.outbox.retry(id(100));
    expect(idsOf(box.next())).toEqual([id(100)]);
  });

  it('retry all takes what failed, not what was cancelled', () => {
    for (const n of [100, 101, 102]) box.enqueue(sendOp(id(n)));
    box.outbox.cancel(id(102));
    box.settle(box.next(), [refusal(id(100), 'FORBIDDEN'), refusal(id(101), 'FORBIDDEN')]);
    box.outbox.retryAll();
    expect(box.states()).toEqual({ [id(100)]: 'READY', [id(101)]: 'READY', [id(102)]: 'CANCELLED' });
  });
});
