/**
 * Opening an account on a real disk when something is wrong: second process, other person, damage, full disk, power loss
 * of one file, an older schema. Every case ends with the composed text intact.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutbox } from './store/open-outbox.ts';
import { OUTBOX_MIGRATIONS } from './store/outbox-schema.ts';
import type { AccountStores } from './store/store-types.ts';
import { AccountFixture } from './testing/account-fixture.ts';
import { cachedMessages } from './testing/cached-rows.ts';
import { damage } from './testing/damage.ts';
import { CONVERSATION, id, ME, PEER, sendOp, TestLog } from './testing/logs.ts';

let account: AccountFixture;
let log: TestLog;

beforeEach(() => {
  account = new AccountFixture();
  log = new TestLog();
  log.create();
});
afterEach(() => account.remove());

const enqueue = (n: number, text = `text ${n}`): void => {
  account.stores.outbox.enqueue(sendOp(id(n), text), account.clock.nowMs());
};
const texts = (): readonly string[] =>
  account.stores.outbox.items().flatMap(({ op }) => (op.kind === 'message.send' ? [op.text] : []));
const kinds = (): readonly string[] => account.stores.notices().map((notice) => notice.kind);

describe('who may open it', () => {
  it('one process at a time: a second one writes nothing (I23)', () => {
    enqueue(100);
    const intruder = new AccountFixture();
    expect(() => intruder.open({ dir: account.dir })).toThrow(expect.objectContaining({ code: 'BUSY' }));
    intruder.remove();
    const script = `import { openAccount } from './open-account.ts';
      import { nodeClock, nodeRandom } from './node-ports.ts';
      try {
        openAccount({ dir: process.argv[1], serverUrl: 'x', userId: 'y', clock: nodeClock, random: nodeRandom, log() {} });
      } catch (error) { process.exitCode = error.code === 'BUSY' ? 42 : 1; }`;
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    const args = [
      '--experimental-strip-types',
      '--no-warnings',
      '--input-type=module',
      '-e',
      script,
      account.dir,
    ];
    expect(spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })).toMatchObject({
      status: 42,
      stderr: '',
    });
    enqueue(101);
    account.restart();
    expect(texts()).toEqual(['text 100', 'text 101']);
  });

  it('only the person and server it was made for (I15)', () => {
    enqueue(100);
    account.close();
    expect(() => account.open({ userId: PEER })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(() => account.open({ serverUrl: 'https://other.example.org' })).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
    account.open();
    expect(texts()).toEqual(['text 100']);
  });
});

describe('a crash between the two commits', () => {
  it('after the cache, before the mark: the next start marks it', () => {
    enqueue(100);
    account.stores.outbox.nextBatch(account.clock.nowMs(), new Set());
    copyOutboxAside();
    log.say('text 100', ME, id(100));
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    restoreOutbox();
    expect(account.stores.outbox.items()).toEqual([]);
    expect(cachedMessages(account.stores, CONVERSATION)).toHaveLength(1);
  });

  it('the cache rolled back by power loss: the sent log still shows the message', () => {
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    account.close();
    copyFileSync(account.path('cache.db'), account.path('earlier'));
    enqueue(100);
    log.say('text 100', ME, id(100));
    account.stores.ingest.applyEvents(CONVERSATION, log.events);
    account.kill();
    for (const suffix of ['', '-wal']) rmSync(account.path(`cache.db${suffix}`), { force: true });
    copyFileSync(account.path('earlier'), account.path('cache.db'));
    const tail = account.stores.reader.log(CONVERSATION)?.tail ?? 0;
    expect(tail).toBe(1);
    expect(account.stores.outbox.itemsOf(CONVERSATION, tail)).toMatchObject([
      { opId: id(100), state: 'APPLIED' },
    ]);
    expect(account.stores.ingest.applyEvents(CONVERSATION, log.events)).toMatchObject({ kind: 'applied' });
    expect(account.stores.outbox.itemsOf(CONVERSATION, 2)).toEqual([]);
  });

  it('in flight at the end is ambiguous at the start, never dropped', () => {
    enqueue(100);
    account.stores.outbox.nextBatch(account.clock.nowMs(), new Set());
    account.kill();
    expect(account.stores.outbox.items()).toMatchObject([{ opId: id(100), state: 'AMBIGUOUS', attempts: 1 }]);
  });

  // Only what is committed to outbox.db at this moment survives for `restoreOutbox`.
  function copyOutboxAside(): void {
    for (const suffix of ['', '-wal']) {
      copyFileSync(account.path(`outbox.db${suffix}`), account.path(`aside${suffix}`));
    }
  }
  function restoreOutbox(): void {
    account.kill();
    for (const suffix of ['', '-wal']) {
      rmSync(account.path(`outbox.db${suffix}`), { force: true });
      copyFileSync(account.path(`aside${suffix}`), account.path(`outbox.db${suffix}`));
    }
    account.open();
  }
});

describe('what is logged', () => {
  it('names a failed listener by its kind of error, never by a message that may quote a path or a text', () => {
    const logged: unknown[] = [];
    account.close();
    account.open({ log: (level, event, fields) => logged.push({ level, event, ...fields }) });
    account.stores.changes.onChange(() => {
      throw new RangeError('cannot show "secret" of /home/ada');
    });
    enqueue(100);
    expect(logged).toEqual([{ level: 'error', event: 'store.listenerFailed', error: 'RangeError' }]);
  });
});

describe('a damaged cache.db', () => {
  const fill = (stores: AccountStores): void => {
    for (let n = 0; n < 400; n += 1) log.say(`message ${n} ${'x'.repeat(200)}`);
    stores.ingest.applyEvents(CONVERSATION, log.events);
  };

  it.each([
    ['overwritten pages', (path: string) => damage(path, { from: 8192, bytes: 40_000 })],
    ['no database at all', (path: string) => writeFileSync(path, 'not a database'.repeat(1000))],
    ['cut off', (path: string) => damage(path, { keepBytes: 10_000 })],
  ])('(%s) is set aside and built anew; the outbox is untouched', (_what, hurt) => {
    fill(account.stores);
    enqueue(100);
    account.stores.cacheDb.pragma('wal_checkpoint(TRUNCATE)');
    account.kill();
    hurt(account.path('cache.db'));
    account.open();
    expect(kinds()).toEqual(['cacheRebuilt']);
    expect(account.stores.reader.logs()).toEqual([]);
    expect(existsSync(account.path('cache.db.old'))).toBe(true);
    expect(texts()).toEqual(['text 100']);
    account.stores.dismissNotice('cacheRebuilt');
    expect(kinds()).toEqual([]);
    expect(account.stores.ingest.applyEvents(CONVERSATION, log.events)).toMatchObject({ tail: 401 });
  });

  it('met while running is named, and checked at the next start even after a clean exit', () => {
    fill(account.stores);
    account.stores.cacheDb.pragma('wal_checkpoint(TRUNCATE)');
    account.restart();
    damage(account.path('cache.db'), { from: 4096, bytes: 200_000 });
    log.say('one more');
    const apply = (): unknown => account.stores.ingest.applyEvents(CONVERSATION, log.events.slice(-1));
    expect(apply).toThrow(expect.objectContaining({ code: 'LOCAL_DATA_DAMAGED' }));
    enqueue(100);
    account.restart();
    expect(kinds()).toEqual(['cacheRebuilt']);
    expect(texts()).toEqual(['text 100']);
  });

  it('of another schema is rebuilt without a word', () => {
    fill(account.stores);
    account.stores.cacheDb.prepare(`UPDATE meta SET value = 'older' WHERE name = 'schemaHash'`).run();
    account.restart();
    expect(kinds()).toEqual([]);
    expect(account.stores.reader.logs()).toEqual([]);
  });

  it('that exited cleanly is opened without a check and kept', () => {
    fill(account.stores);
    account.restart();
    expect(cachedMessages(account.stores, CONVERSATION)).toHaveLength(400);
    account.kill();
    expect(cachedMessages(account.stores, CONVERSATION)).toHaveLength(400);
  });
});

describe('a damaged outbox.db', () => {
  it('gives up its readable rows, and the person is told', () => {
    for (let n = 0; n < 300; n += 1) enqueue(1000 + n, `text ${n} ${'x'.repeat(300)}`);
    account.stores.outbox.saveDraft(CONVERSATION, { text: 'draft', replyTo: null });
    account.stores.outboxDb.pragma('wal_checkpoint(TRUNCATE)');
    account.kill();
    damage(account.path('outbox.db'), { from: 16 * 4096, bytes: 4096 });
    account.open();
    expect(kinds()).toEqual(['outboxSalvaged']);
    expect(texts().length).toBeGreaterThan(250);
    const order = account.stores.outbox.items().map((item) => item.n);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(readdirSync(account.dir).some((name) => name.startsWith('outbox.db.damaged'))).toBe(true);
    enqueue(5000, 'later');
    expect(texts().at(-1)).toBe('later');
  });

  it('beyond reading is filled from the last copy; what only the copy knows asks first', () => {
    enqueue(100);
    account.clock.advance(1);
    account.restart();
    expect(existsSync(account.path('outbox.db.copy'))).toBe(true);
    enqueue(101, 'after the copy');
    account.kill();
    writeFileSync(account.path('outbox.db'), 'x'.repeat(40_960));
    rmSync(account.path('outbox.db-wal'), { force: true });
    account.open();
    expect(kinds()).toEqual(['outboxFromCopy']);
    expect(account.stores.outbox.items()).toMatchObject([{ opId: id(100), state: 'PARKED' }]);
    account.stores.outbox.sendNow(id(100));
    expect(account.stores.outbox.nextBatch(account.clock.nowMs(), new Set())?.ops).toMatchObject([
      { opId: id(100) },
    ]);
  });
});

describe('a full disk', () => {
  it('stops caching, says so, and composing goes on', () => {
    account.open({ cacheMaxPages: 60, freeBytes: () => 2 ** 40 });
    expect(existsSync(account.path('ballast'))).toBe(true);
    for (let n = 0; n < 400; n += 1) log.say(`message ${n} ${'x'.repeat(400)}`);
    const apply = (): unknown => account.stores.ingest.applyEvents(CONVERSATION, log.events);
    expect(apply).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(kinds()).toEqual(['diskFull']);
    expect(existsSync(account.path('ballast'))).toBe(false);
    expect(account.stores.reader.log(CONVERSATION)).toBeUndefined();
    enqueue(100);
    expect(texts()).toEqual(['text 100']);
    expect(apply).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
  });

  it('with room again: caching goes on by itself', () => {
    let free = 0;
    account.open({ cacheMaxPages: 60, freeBytes: () => free });
    expect(existsSync(account.path('ballast'))).toBe(false);
    for (let n = 0; n < 400; n += 1) log.say(`message ${n} ${'x'.repeat(400)}`);
    const apply = (count: number): unknown =>
      account.stores.ingest.applyEvents(CONVERSATION, log.events.slice(0, count));
    expect(() => apply(401)).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(() => apply(10)).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    free = 2 ** 40;
    account.clock.advance(30_000);
    expect(apply(10)).toMatchObject({ kind: 'applied', tail: 10 });
    expect(kinds()).toEqual([]);
    expect(existsSync(account.path('ballast'))).toBe(true);
  });

  it('that has no room for the text either fails visibly and keeps what was there', () => {
    enqueue(100);
    const pages = Number(account.stores.outboxDb.pragma('page_count', { simple: true }));
    account.stores.outboxDb.pragma(`max_page_count = ${pages}`);
    const compose = (): void => enqueue(101, 'x'.repeat(60_000));
    expect(compose).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(kinds()).toEqual(['diskFull']);
    expect(texts()).toEqual(['text 100']);
    account.restart();
    expect(texts()).toEqual(['text 100']);
  });
});

describe('migrations of outbox.db', () => {
  it('copy the file first and keep every row of the earlier version', () => {
    const path = account.path('outbox.db');
    const first = openOutbox(path, 0).db;
    first
      .prepare(
        `INSERT INTO op (op_id, lane, kind, bytes, state, composed_at) VALUES ('a', 'l', 'message.send', '{}', 'READY', 1)`,
      )
      .run();
    const before = first.prepare('SELECT * FROM op').all();
    first.close();
    const next = ['ALTER TABLE op ADD COLUMN colour TEXT'];
    const second = openOutbox(path, 0, [...OUTBOX_MIGRATIONS, ...next]).db;
    expect(second.prepare('SELECT * FROM op').all()).toEqual(
      before.map((row) => ({ ...(row as object), colour: null })),
    );
    expect(second.pragma('user_version', { simple: true })).toBe(OUTBOX_MIGRATIONS.length + 1);
    second.close();
    const copy = new Database(`${path}.version-${OUTBOX_MIGRATIONS.length}`, { readonly: true });
    expect(copy.prepare('SELECT * FROM op').all()).toEqual(before);
    copy.close();
    // And back: an older app reads what the newer one wrote.
    const older = openOutbox(path, 0).db;
    expect(older.prepare('SELECT op_id FROM op').all()).toEqual([{ op_id: 'a' }]);
    older.close();
  });
});
