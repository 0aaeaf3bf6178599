/** What is over is gone from this device before anything is shown: disappearing messages, and what is kept no longer. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rememberedServerTime, rememberServerTime } from './sync/lifetime.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { cachedMessages } from './testing/cached-rows.ts';
import { CONVERSATION, id, ME, ORG, PEER, TestLog } from './testing/logs.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** When the test logs' messages are from. */
const WRITTEN_MS = 1_700_000_000_000;

let account: AccountFixture;
let log: TestLog;

beforeEach(() => {
  account = new AccountFixture();
  log = new TestLog();
  log.create();
  account.clock.advance(WRITTEN_MS - account.clock.nowMs());
});
afterEach(() => account.remove());

/** A message that disappears after an hour. */
function whisper(text: string, senderId = PEER): string {
  const messageId = id(0x7000 + log.head);
  const payload = { messageId, text, replyTo: null, composedAt: WRITTEN_MS, extras: { ttlMs: hourMs } };
  log.append('message:new', payload, senderId, messageId);
  return messageId;
}

const texts = (): readonly (string | null)[] =>
  cachedMessages(account.stores, CONVERSATION).map((message) => message.text);
const deliver = (): void => void account.stores.ingest.applyEvents(CONVERSATION, log.events);
const searchable = (): unknown =>
  account.stores.cacheDb.prepare('SELECT count(*) AS n FROM message WHERE text IS NOT NULL').get();

describe('disappearing messages', () => {
  it('whose time ended while the device was off are gone when it opens, without a network', () => {
    whisper('gone by then');
    log.say('stays');
    deliver();
    account.close();
    account.clock.advance(2 * hourMs);
    expect(texts()).toEqual([null, 'stays']);
    expect(cachedMessages(account.stores, CONVERSATION)[0]).toMatchObject({ isExpired: true, extras: {} });
    expect(searchable()).toEqual({ n: 1 });
    const changes = account.stores.cacheDb.prepare('SELECT count(*) AS n FROM search_change').get();
    expect(changes).toMatchObject({ n: 1 });
  });

  it('go on time while the app runs, the next one first', () => {
    whisper('first');
    deliver();
    const { lifetime } = account.stores;
    expect(lifetime.sweep(WRITTEN_MS + hourMs)).toMatchObject({ conversationIds: [] });
    const at = lifetime.nextMs();
    expect(at).toBe(WRITTEN_MS + 2_000 + hourMs);
    expect(lifetime.sweep(at ?? 0)).toEqual({ nextMs: null, conversationIds: [CONVERSATION] });
    expect(account.changed.has(`messages:${CONVERSATION}`)).toBe(true);
    expect(texts()).toEqual([null]);
  });

  it('are confirmed by the server’s deletion, and not brought back by an older page', () => {
    const messageId = whisper('secret');
    deliver();
    const page = { messages: [...log.messagesAt(log.head)], covers: { lo: 1, hi: log.head }, asOf: log.head };
    account.stores.lifetime.sweep(WRITTEN_MS + dayMs);
    account.stores.ingest.applyHistory(CONVERSATION, page);
    expect(texts()).toEqual([null]);
    log.append('message:deleted', { messageId, expired: true }, PEER);
    deliver();
    expect(cachedMessages(account.stores, CONVERSATION)).toEqual(log.messagesAt(log.head));
  });

  it('that their author took back in the meantime were taken back, not over', () => {
    const messageId = whisper('secret');
    deliver();
    account.stores.lifetime.sweep(WRITTEN_MS + dayMs);
    log.append('message:deleted', { messageId }, PEER);
    deliver();
    expect(cachedMessages(account.stores, CONVERSATION)).toEqual(log.messagesAt(log.head));
  });

  it('leave nothing in the sent log either', () => {
    const opId = id(0x9000);
    const extras = { ttlMs: hourMs };
    const op = {
      opId,
      v: 1 as const,
      logId: CONVERSATION,
      kind: 'message.send' as const,
      text: 'secret',
      replyTo: null,
      extras,
      composedAt: 1,
    };
    const { outbox } = account.stores;
    outbox.enqueue(op, account.clock.nowMs());
    const batch = outbox.nextBatch(account.clock.nowMs(), new Set());
    if (batch)
      outbox.settle(batch, [{ opId, ok: true, duplicate: false, seq: 2 }], account.clock.nowMs(), () => 0);
    log.append(
      'message:new',
      { messageId: opId, text: 'secret', replyTo: null, composedAt: 1, extras },
      ME,
      opId,
    );
    deliver();
    account.stores.lifetime.sweep(WRITTEN_MS + dayMs);
    const sent = account.stores.outboxDb.prepare('SELECT bytes FROM sent').all();
    expect(JSON.stringify(sent)).not.toContain('secret');
  });

  it('go by the server’s time as last heard, not by a clock that was put back', () => {
    whisper('secret');
    deliver();
    const { meta } = account.stores;
    rememberServerTime(meta, WRITTEN_MS + 30 * hourMs, account.clock.nowMs());
    expect(rememberedServerTime(meta, account.clock.nowMs() - dayMs)).toBe(WRITTEN_MS + 30 * hourMs);
    account.close();
    account.clock.advance(-dayMs);
    expect(texts()).toEqual([null]);
  });
});

describe('what an organization keeps no longer', () => {
  function setRetention(days: number): void {
    const org = new TestLog(ORG, 'org');
    org.append('org:updated', { key: `policy:${ORG}`, value: { retentionDays: days } }, PEER);
    account.stores.ingest.applyEvents(ORG, org.events);
  }

  it('is dropped when the device opens, without a network; what comes later stays, without a hole', () => {
    log.say('old one');
    log.say('old two');
    deliver();
    setRetention(30);
    account.close();
    account.clock.advance(31 * dayMs);
    expect(texts()).toEqual([]);
    expect(account.stores.reader.log(CONVERSATION)).toMatchObject({ tail: 3, coverage: [] });
    const young = log.say('young');
    account.stores.ingest.applyEvents(CONVERSATION, [young]);
    expect(texts()).toEqual(['young']);
    expect(account.stores.reader.log(CONVERSATION)?.coverage).toEqual([{ lo: 4, hi: 4 }]);
  });

  it('comes back as a hole where the rule was changed or the clock was wrong, and stays dropped where the server says so', () => {
    log.say('old one');
    log.say('old two');
    deliver();
    setRetention(30);
    const floor = (): unknown =>
      account.stores.cacheDb.prepare('SELECT floor_seq FROM log WHERE id = ?').pluck().get(CONVERSATION);
    const { lifetime, ingest } = account.stores;
    const laterMs = WRITTEN_MS + 31 * dayMs;
    lifetime.sweep(laterMs);
    expect(floor()).toBe(3);
    // Heads of the log that know nothing of it yet change nothing.
    ingest.applyHeads([log.headRow()]);
    expect(floor()).toBe(3);
    expect(lifetime.sweep(WRITTEN_MS + dayMs).conversationIds).toEqual([CONVERSATION]);
    expect(floor()).toBe(0);
    expect(account.stores.reader.log(CONVERSATION)?.coverage).toEqual([]);
    lifetime.sweep(laterMs);
    const page = { messages: [...log.messagesAt(log.head)], covers: { lo: 1, hi: log.head }, asOf: log.head };
    ingest.applyHistory(CONVERSATION, page);
    expect(texts()).toEqual(['old one', 'old two']);
    lifetime.sweep(laterMs);
    expect([texts(), floor()]).toEqual([[], 3]);
    ingest.applyHeads([{ ...log.headRow(), floorSeq: 3 }]);
    lifetime.sweep(WRITTEN_MS + dayMs);
    expect(floor()).toBe(3);
  });

  it('is dropped by the floor the server names', () => {
    log.say('old');
    log.say('young');
    deliver();
    account.stores.ingest.applyHeads([{ ...log.headRow(), floorSeq: 2 }]);
    expect(texts()).toEqual(['young']);
    expect(account.stores.reader.log(CONVERSATION)?.coverage).toEqual([{ lo: 3, hi: 3 }]);
  });
});
