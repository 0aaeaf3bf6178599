/** Searching an account: whose messages and which conversations a query means, what is left out, and turns of the thread. */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { MessageSearch } from './message-search.ts';
import { hitOf, scopeOf, unsentHits } from './search-scope.ts';
import { AccountFixture } from './store/views/testing/account-fixture.ts';
import { conversation, me, peer, START_MS, testId } from './store/views/testing/server-log.ts';

const other = testId(3, 2);
const grete = testId(1, 3);

let fixture: AccountFixture;
let dir: string;
let search: MessageSearch;
let isBusy: boolean;
let logged: string[];

function open(): MessageSearch {
  return new MessageSearch({
    dir,
    cacheDb: fixture.cacheDb,
    changes: fixture.changes,
    clock: { nowMs: () => START_MS, monotonicMs: () => performance.now() },
    // Slices of a search go on at once; steps of the index when the test says so (`finishIndex`).
    timers: {
      after: (delayMs, run) =>
        delayMs === 0 ? (setImmediate(run), () => undefined) : fixture.timers.after(delayMs, run),
    },
    log: (_level, event) => logged.push(event),
    isBusy: () => isBusy,
  });
}

beforeEach(() => {
  fixture = AccountFixture.start();
  dir = mkdtempSync(join(tmpdir(), 'curlew-search-'));
  isBusy = false;
  logged = [];
  fixture.addPerson(grete, 'Grete Müller');
  fixture.addConversation(other, grete);
  fixture.deliverAll();
  search = open();
});
afterEach(() => {
  search.close();
  fixture.stop();
  rmSync(dir, { recursive: true, force: true });
});

const reads = () => must(fixture.views.reads(), 'somebody is signed in');

/** Overwrites the end of the file, where texts are, not its begin: opening goes well, asking does not. */
function spoil(path: string): void {
  const { size } = statSync(path);
  const file = openSync(path, 'r+');
  for (let at = 8 * 4_096; at < size; at += 4_096) writeSync(file, Buffer.alloc(4_096, 0xff), 0, 4_096, at);
  closeSync(file);
}

async function find(query: string, conversationId: string | null = null): Promise<string[]> {
  const page = await search.search('test', scopeOf(reads(), query, conversationId), 50, null);
  return page.hits.map(({ text }) => text);
}

async function findIndexedOrNot(query: string, conversationId: string | null = null): Promise<string[]> {
  const scanned = await find(query, conversationId);
  search.finishIndex();
  expect(await find(query, conversationId)).toEqual(scanned);
  return scanned;
}

test('finds by sender and place, by parts of their names', async () => {
  fixture.say('the boiler is cold');
  fixture.say('der Kessel, the boiler', other, grete);
  fixture.deliverAll();
  fixture.deliver(other);
  expect((await findIndexedOrNot('boiler')).sort()).toEqual(['der Kessel, the boiler', 'the boiler is cold']);
  expect(await findIndexedOrNot('boiler from:muller')).toEqual(['der Kessel, the boiler']);
  expect(await findIndexedOrNot('boiler -from:muller')).toEqual(['the boiler is cold']);
  expect(await findIndexedOrNot('boiler in:grete')).toEqual(['der Kessel, the boiler']);
  expect(await findIndexedOrNot('boiler -in:grete')).toEqual(['the boiler is cold']);
  expect(await findIndexedOrNot('boiler from:nobody')).toEqual([]);
  expect(await findIndexedOrNot('boiler', conversation)).toEqual(['the boiler is cold']);
  expect(await findIndexedOrNot('')).toEqual([]);
});

test('leaves out what is deleted, hidden for me, or about to be; an edited text is found, the old one is not', async () => {
  const [gone, hidden, hiddenHere, edited] = ['zebra 1', 'zebra 2', 'zebra 3', 'zebra 4'].map((text) =>
    fixture.say(text),
  );
  const mine = fixture.send('zebra mine');
  fixture.flushOutbox();
  fixture.deliverAll();
  search.finishIndex();
  const log = fixture.log(conversation);
  log.append('message:deleted', { messageId: must(gone, 'said').opId }, peer, fixture.newId());
  const edit = { messageId: must(edited, 'said').opId, text: 'giraffe', mentions: [], overwrote: false };
  log.append('message:edited', edit, peer, fixture.newId());
  const entry = { key: `hidden:${must(hidden, 'said').opId}`, value: { conversationId: conversation } };
  fixture.log(me).append('account:updated', entry, me, fixture.newId());
  fixture.deliverAll();
  fixture.deliver(me);
  fixture.setEntry(`hidden:${must(hiddenHere, 'said').opId}`, { conversationId: conversation });
  fixture.settle();
  expect(await findIndexedOrNot('zebra')).toEqual(['zebra mine']);
  expect(await findIndexedOrNot('giraffe')).toEqual(['giraffe']);
  fixture.delete(mine);
  fixture.settle();
  expect(await findIndexedOrNot('zebra')).toEqual([]);
});

test('finds what waits in the outbox, by the same query, until the server has it', async () => {
  fixture.send('the boiler waits');
  fixture.send('the kettle waits', null, other);
  const waiting = (query: string, place: string | null = null) =>
    unsentHits(reads(), scopeOf(reads(), query, place), 50).map((hit) => [hit.excerpt.text, hit.isPending]);
  expect(waiting('waits')).toEqual([
    ['the kettle waits', true],
    ['the boiler waits', true],
  ]);
  expect(waiting('boiler')).toEqual([['the boiler waits', true]]);
  expect(waiting('waits in:grete')).toEqual([['the kettle waits', true]]);
  expect(waiting('waits', conversation)).toEqual([['the boiler waits', true]]);
  expect(waiting('waits from:grete')).toEqual([]);
  expect(waiting('waits is:unread')).toEqual([]);
  expect(waiting('')).toEqual([]);
  fixture.flushOutbox();
  fixture.deliverAll();
  expect(waiting('waits')).toEqual([]);
  expect((await find('waits')).sort()).toEqual(['the boiler waits', 'the kettle waits']);
});

test('finds replies in threads and names the message their thread is about', async () => {
  const root = fixture.say('root');
  const messageId = fixture.newId();
  const payload = {
    messageId,
    text: 'a reply',
    replyTo: null,
    threadRootId: root.opId,
    composedAt: START_MS,
  };
  fixture.log(conversation).append('message:new', payload, peer, messageId);
  fixture.deliverAll();
  expect(await findIndexedOrNot('reply')).toEqual(['a reply']);
  const page = await search.search('test', scopeOf(reads(), 'reply', null), 50, null);
  expect(page.hits.map((hit) => hitOf(reads(), hit, ['reply']))).toEqual([
    expect.objectContaining({
      threadRootId: root.opId,
      senderName: 'Grace Hopper',
      conversationTitle: 'Grace Hopper',
      excerpt: { text: 'a reply', marks: [[2, 7]] },
    }),
  ]);
});

test('knows what is unread', async () => {
  fixture.say('first');
  fixture.deliverAll();
  const seq = reads().cache.tail(conversation);
  fixture.outbox.raiseWatermark('read.set', conversation, seq);
  fixture.say('second');
  fixture.deliverAll();
  fixture.settle();
  expect(await findIndexedOrNot('is:unread')).toEqual(['second']);
  expect(await findIndexedOrNot('-is:unread')).toEqual(['first']);
});

test('a newer search of the same channel ends an older one; closing ends them all', async () => {
  for (let n = 0; n < 3_000; n += 1) fixture.say(`会議 ${n}`);
  fixture.deliverAll();
  const scope = scopeOf(reads(), 'nowhere', null);
  const older = search.search('list', scope, 50, null);
  const newer = search.search('list', scopeOf(reads(), '2999', null), 50, null);
  expect((await older).hits).toEqual([]);
  expect((await newer).hits).toHaveLength(1);
  const last = search.search('list', scope, 50, null);
  search.close();
  expect(await last).toEqual({ hits: [], hasMore: false });
  search = open();
});

test('the index waits for a catch-up and goes on by itself', () => {
  for (let n = 0; n < 200; n += 1) fixture.say(`message ${n}`);
  fixture.deliverAll();
  const pending = () => fixture.cacheDb.prepare('SELECT count(*) AS n FROM message').get();
  expect(pending()).toEqual({ n: 200 });
  isBusy = true;
  fixture.advance(60_000);
  expect(search.isIndexed()).toBe(false);
  isBusy = false;
  for (let n = 0; n < 100; n += 1) fixture.advance(1_000);
  expect(search.isIndexed()).toBe(true);
});

test('a damaged index is begun anew in the middle of the work, and hits stay right', async () => {
  for (let n = 0; n < 400; n += 1) fixture.say(`message ${n} of many`);
  fixture.deliverAll();
  search.finishIndex();
  search.close();
  spoil(join(dir, 'search.db'));
  search = open();
  expect(await find('399')).toEqual(['message 399 of many']);
  expect(logged).toContain('search.rebuilt');
  expect(search.isIndexed()).toBe(false);
  search.finishIndex();
  expect(await find('399')).toEqual(['message 399 of many']);
  expect(statSync(join(dir, 'search.db')).size).toBeGreaterThan(0);
});

test('says since when it holds everything', () => {
  expect(reads().cache.heldSinceMs(null)).toBeNull();
  for (let n = 0; n < 20; n += 1) fixture.say(`message ${n}`);
  fixture.deliverAll();
  fixture.cacheDb.prepare('UPDATE coverage SET lo = 10 WHERE log_id = ?').run(conversation);
  const at = fixture.log(conversation).events[9]?.at;
  expect(reads().cache.heldSinceMs(null)).toBe(at);
  expect(reads().cache.heldSinceMs(conversation)).toBe(at);
  expect(reads().cache.heldSinceMs(other)).toBeNull();
});
