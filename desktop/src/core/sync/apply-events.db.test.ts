/** Ingest against real files: what each path does to rows, coverage, tail and the outbox (I8, I9, I10, I12). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountFixture } from '../testing/account-fixture.ts';
import { cachedConversation, cachedMessages } from '../testing/cached-rows.ts';
import { CONVERSATION, id, ME, ORG, PEER, sendOp, TestLog } from '../testing/logs.ts';

let account: AccountFixture;
let log: TestLog;

beforeEach(() => {
  account = new AccountFixture();
  log = new TestLog();
  log.create();
});
afterEach(() => account.remove());

function expectRows(expected: readonly unknown[]): void {
  expect(cachedMessages(account.stores, CONVERSATION)).toEqual(expected);
}

describe('events', () => {
  it('name the timeline of a message that another device of mine hid or shows again', () => {
    const { ingest } = account.stores;
    const { opId } = log.say('hidden and shown');
    ingest.applyEvents(CONVERSATION, log.events);
    const mine = new TestLog(ME, 'account');
    for (const value of [{ conversationId: CONVERSATION }, null]) {
      const event = mine.append('account:updated', { key: `hidden:${opId}`, value }, ME);
      account.changed.clear();
      ingest.applyEvents(ME, [event]);
      expect([...account.changed]).toContain(`messages:${CONVERSATION}`);
    }
  });

  it('apply in order, ignore repeats and stop at a gap', () => {
    for (let n = 0; n < 5; n += 1) log.say(`m${n}`);
    const { ingest, reader } = account.stores;
    expect(ingest.applyEvents(CONVERSATION, log.events.slice(0, 3))).toEqual({
      kind: 'applied',
      tail: 3,
      applied: 3,
    });
    expect(ingest.applyEvents(CONVERSATION, log.events.slice(1, 4))).toEqual({
      kind: 'applied',
      tail: 4,
      applied: 1,
    });
    expect(ingest.applyEvents(CONVERSATION, log.events.slice(5))).toEqual({ kind: 'gap', tail: 4 });
    expect(ingest.applyEvents(CONVERSATION, log.events)).toEqual({ kind: 'applied', tail: 6, applied: 2 });
    expect(reader.log(CONVERSATION)).toMatchObject({
      tail: 6,
      chain: log.chain,
      coverage: [{ lo: 1, hi: 6 }],
    });
    expectRows(log.messagesAt(6));
    expect(cachedConversation(account.stores, CONVERSATION)).toEqual(log.stateAt(6).conversation);
  });

  it('of a log nobody announced are a gap unless they begin at 1', () => {
    log.say('a');
    expect(account.stores.ingest.applyEvents(CONVERSATION, log.events.slice(1))).toEqual({
      kind: 'gap',
      tail: 0,
    });
    expect(account.stores.reader.log(CONVERSATION)).toBeUndefined();
  });

  it('that do not continue the chain change nothing', () => {
    log.say('a');
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    const other = new TestLog();
    other.create();
    other.say('b');
    const foreign = other.say('c');
    const outcome = account.stores.ingest.applyEvents(CONVERSATION, [
      { ...foreign, chain: '00000000deadbeef' },
    ]);
    expect(outcome).toEqual({ kind: 'diverged', tail: 2 });
    expectRows(log.messagesAt(2));
  });

  it('change messages, and an unknown one is kept for a later version', () => {
    const first = log.say('one');
    const second = log.say('two', ME);
    log.append('message:edited', { messageId: first.opId, text: 'one!', overwrote: false });
    log.append('reaction:set', { messageId: first.opId, emoji: '👍', on: true }, ME);
    log.appendRaw('poll:opened', { question: '?' }, PEER, id(77));
    log.append('message:deleted', { messageId: second.opId }, ME);
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    expectRows(log.messagesAt(log.head));
    const unknown = account.stores.cacheDb.prepare('SELECT seq FROM unknown_event').all();
    expect(unknown).toEqual([{ seq: 6 }]);
  });

  it('in steps give the same rows as at once', () => {
    for (let n = 0; n < 100; n += 1) log.say(`m${n}`);
    const steps = [];
    for (const step of account.stores.ingest.applyEventsInSteps(CONVERSATION, log.events)) {
      steps.push(step);
      account.clock.advance(0);
    }
    expect(steps.at(-1)).toEqual({ kind: 'applied', tail: 101, applied: 101 });
    expectRows(log.messagesAt(log.head));
  });

  it('that break off in the middle leave position, coverage and rows as they were (I8)', () => {
    for (let n = 0; n < 5; n += 1) log.say(`m${n}`);
    const { ingest, cacheDb, reader } = account.stores;
    ingest.applyEvents(CONVERSATION, log.events.slice(0, 2));
    const before = reader.log(CONVERSATION);
    cacheDb.exec(`CREATE TEMP TRIGGER broken BEFORE INSERT ON message WHEN new.text = 'm3'
      BEGIN SELECT RAISE(ABORT, 'the process ends here'); END`);
    expect(() => ingest.applyEvents(CONVERSATION, log.events)).toThrow('the process ends here');
    expect(reader.log(CONVERSATION)).toEqual(before);
    expectRows(log.messagesAt(2));
    cacheDb.exec('DROP TRIGGER broken');
    expect(ingest.applyEvents(CONVERSATION, log.events)).toMatchObject({ kind: 'applied', tail: 6 });
    expectRows(log.messagesAt(6));
  });

  it('resolve outbox rows by opId and announce after the commit', () => {
    const opId = id(500);
    account.stores.outbox.enqueue(sendOp(opId, 'mine'), account.clock.nowMs());
    log.say('mine', ME, opId);
    account.changed.clear();
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    expect(account.stores.outbox.items()).toEqual([]);
    expect(account.stores.outbox.itemsOf(CONVERSATION, 1)).toMatchObject([
      { opId, state: 'APPLIED', seq: 2 },
    ]);
    expect(account.stores.outbox.itemsOf(CONVERSATION, 2)).toEqual([]);
    expect([...account.changed]).toEqual(
      expect.arrayContaining([
        `messages:${CONVERSATION}`,
        `conversation:${CONVERSATION}`,
        'conversations',
        'outbox',
      ]),
    );
  });
});

describe('window', () => {
  it('flips tail, chain and coverage together and takes touched rows', () => {
    const first = log.say('first');
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    for (let n = 0; n < 50; n += 1) log.say(`m${n}`);
    log.append('message:deleted', { messageId: first.opId });
    const asked = [{ lo: 1, hi: 2 }];
    expect(account.stores.ingest.applyWindow(CONVERSATION, log.window(2, asked, 10), asked)).toBe('applied');
    const row = account.stores.reader.log(CONVERSATION);
    expect(row).toMatchObject({ tail: log.head, chain: log.chain });
    expect(row?.coverage).toEqual([
      { lo: 1, hi: 2 },
      { lo: 43, hi: log.head },
    ]);
    expect(cachedMessages(account.stores, CONVERSATION)[0]).toMatchObject({ id: first.opId, text: null });
  });

  it('gives up coverage that was not asked about', () => {
    for (let n = 0; n < 30; n += 1) log.say(`m${n}`);
    account.stores.ingest.applyHeads([log.headRow()]);
    account.stores.ingest.applyHistory(CONVERSATION, log.history(2, 5));
    const window = log.window(0, [], 3);
    account.stores.ingest.applyWindow(CONVERSATION, window, []);
    expect(account.stores.reader.log(CONVERSATION)?.coverage).toEqual([{ lo: 29, hi: 31 }]);
    expectRows(log.messagesAt(log.head).slice(-3));
  });

  it('older than the tail is refused', () => {
    for (let n = 0; n < 5; n += 1) log.say(`m${n}`);
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    expect(account.stores.ingest.applyWindow(CONVERSATION, log.window(0, [], 10, 3), [])).toBe('stale');
    expect(account.stores.reader.log(CONVERSATION)?.tail).toBe(6);
  });
});

describe('history', () => {
  it('older than the tail is refused, so that no edit is passed over', () => {
    const old = log.say('old');
    for (let n = 0; n < 5; n += 1) log.say(`m${n}`);
    account.stores.ingest.applyHeads([log.headRow()]);
    account.stores.ingest.applyWindow(CONVERSATION, log.window(0, [], 2), []);
    const page = log.history(1, 4);
    log.append('message:edited', { messageId: old.opId, text: 'new', overwrote: false });
    account.stores.ingest.applyEvents(CONVERSATION, log.events.slice(-1));
    expect(account.stores.ingest.applyHistory(CONVERSATION, page)).toBe('stale');
    expect(account.stores.ingest.applyHistory(CONVERSATION, log.history(1, 4))).toBe('applied');
    expect(cachedMessages(account.stores, CONVERSATION)[0]).toMatchObject({ text: 'new' });
  });
});

describe('history of somebody who was away', () => {
  it('counts what the page before a position leaves out as held', () => {
    for (let n = 0; n < 5; n += 1) log.say(`m${n}`);
    account.stores.ingest.applyHeads([log.headRow()]);
    account.stores.ingest.applyWindow(CONVERSATION, log.window(0, [], 1), []);
    const { messages } = log.history(2, 3);
    const page = { messages, covers: { lo: 2, hi: 3 }, asOf: log.head };
    account.stores.ingest.applyHistory(CONVERSATION, page, 5);
    const nothing = { messages: [], covers: { lo: 1, hi: 0 }, asOf: log.head };
    account.stores.ingest.applyHistory(CONVERSATION, nothing, 1);
    expect(account.stores.reader.log(CONVERSATION)?.coverage).toEqual([{ lo: 1, hi: 6 }]);
  });
});

describe('account and organisation logs', () => {
  it('hold the newest value of each key', () => {
    const mine = new TestLog(ME, 'account');
    mine.append('account:updated', { key: `pin:${CONVERSATION}`, value: { rank: 1 } }, ME);
    mine.append('account:updated', { key: `pin:${CONVERSATION}`, value: null }, ME);
    mine.append('account:updated', { key: `mute:${CONVERSATION}`, value: { untilMs: null } }, ME);
    account.stores.ingest.applyEvents(ME, mine.events);
    const entries = (): unknown =>
      account.stores.cacheDb.prepare('SELECT key, value, rev_seq FROM entry ORDER BY key').all();
    expect(entries()).toEqual([{ key: `mute:${CONVERSATION}`, value: '{"untilMs":null}', rev_seq: 3 }]);
    expect(account.stores.reader.log(ME)?.kind).toBe('account');
    const state = {
      asOf: 5,
      chain: 'aaaaaaaaaaaaaaaa',
      entries: [{ key: `person:${PEER}`, value: { name: 'Ada' }, revSeq: 5 }],
    };
    expect(account.stores.ingest.applyLogState(ORG, 'org', state)).toBe('applied');
    expect(account.stores.ingest.applyLogState(ORG, 'org', { ...state, asOf: 4 })).toBe('stale');
    expect(account.changed.has('people')).toBe(true);
    account.stores.ingest.applyLogState(ORG, 'org', { ...state, asOf: 9, entries: [] });
    expect(entries()).toHaveLength(1);
  });
});

describe('receipts', () => {
  it('merge by maximum; a version out of line asks for a fetch', () => {
    log.say('a', ME);
    const { ingest, reader } = account.stores;
    ingest.applyEvents(CONVERSATION, log.events);
    ingest.applyReceipt(CONVERSATION, { userId: PEER, deliveredSeq: 2, readSeq: 1 }, 1);
    ingest.applyReceipt(CONVERSATION, { userId: PEER, deliveredSeq: 1, readSeq: 2 }, 2);
    const stored = account.stores.cacheDb
      .prepare('SELECT delivered_seq AS d, read_seq AS r FROM receipt')
      .all();
    expect(stored).toEqual([{ d: 2, r: 2 }]);
    expect(reader.logsBehind()).toEqual([]);
    ingest.applyReceipt(CONVERSATION, { userId: PEER, deliveredSeq: 2, readSeq: 2 }, 4);
    expect(reader.logsBehind().map((it) => it.id)).toEqual([CONVERSATION]);
    ingest.applyReceipts(CONVERSATION, { receiptVersion: 4, receipts: [] });
    expect(reader.logsBehind()).toEqual([]);
    ingest.applyReceipt(CONVERSATION, { userId: ME, deliveredSeq: 2, readSeq: 2 }, 5);
    expect(reader.log(CONVERSATION)).toMatchObject({ readSeq: 2, deliveredSeq: 2 });
  });
});

describe('heads', () => {
  it('make logs known and name those that need work', () => {
    for (let n = 0; n < 3; n += 1) log.say(`m${n}`);
    const other = new TestLog(id(9));
    other.create();
    const needy = account.stores.ingest.applyHeads([log.headRow(), other.headRow()]);
    expect(needy.map((it) => it.id).sort()).toEqual([CONVERSATION, id(9)].sort());
    expect(needy[0]?.isEmpty).toBe(true);
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    expect(account.stores.ingest.applyHeads([log.headRow()])).toEqual([]);
    expect(account.stores.reader.logsBehind().map((it) => it.id)).toEqual([id(9)]);
  });
});

describe('divergence', () => {
  it('forgets the log and offers own ops again, old order first', () => {
    const [a, b] = [id(600), id(601)];
    const { outbox, ingest } = account.stores;
    outbox.enqueue(sendOp(a, 'a'), account.clock.nowMs());
    outbox.enqueue(sendOp(b, 'b'), account.clock.nowMs());
    log.say('a', ME, a);
    log.say('b', ME, b);
    ingest.applyEvents(CONVERSATION, log.events);
    outbox.enqueue(sendOp(id(602), 'c'), account.clock.nowMs());
    expect(outbox.reoffer(CONVERSATION, 0)).toBe(2);
    ingest.forgetLog(CONVERSATION);
    expect(account.stores.reader.log(CONVERSATION)).toMatchObject({ tail: 0, coverage: [], isEmpty: true });
    account.restart();
    const batch = account.stores.outbox.nextBatch(account.clock.nowMs(), new Set());
    expect(batch?.ops.map((op) => op.opId)).toEqual([a, b, id(602)]);
  });
});

describe('events of a later version', () => {
  it('are replayed once this version can read them', () => {
    const first = log.say('one');
    log.say('two');
    const edit = log.append('message:edited', { messageId: first.opId, text: 'one!', overwrote: false });
    const { ingest, cacheDb } = account.stores;
    // As an older version would have left it: the edit unread, aside.
    ingest.applyEvents(CONVERSATION, [...log.events.slice(0, 3), { ...edit, type: 'message:reworded' }]);
    cacheDb.prepare('UPDATE unknown_event SET envelope = ?').run(JSON.stringify(edit));
    account.restart();
    expectRows(log.messagesAt(log.head));
    expect(account.stores.cacheDb.prepare('SELECT 1 FROM unknown_event').all()).toEqual([]);
  });
});
