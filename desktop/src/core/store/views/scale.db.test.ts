/**
 * What a view costs does not depend on how much there is: no query scans a table, a push reads a handful of rows
 * whatever the length of list and history, and the list of 10,000 conversations is filled in one pass.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AccountFixture } from './testing/account-fixture.ts';
import { conversation, me, org, peer, testId } from './testing/server-log.ts';

/** Direct conversations, one with each person, and as many groups. */
const DIRECT = 5_000;
const CONVERSATIONS = 2 * DIRECT;
const HISTORY = 50_000;
const small = testId(4, 7);

let fixture: AccountFixture;

beforeAll(() => {
  fixture = AccountFixture.start();
  seed();
  fixture.views.setAccount(fixture.account());
  fixture.settle();
});
afterEach(() => fixture.views.closeWindow(1));
afterAll(() => fixture.stop());

// Straight into the file: the ingest would take minutes for what only has to be there.
function seed(): void {
  const counter = (count: number) =>
    `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${count})`;
  const id = (kind: number) => `printf('%08d-0000-7000-8000-%012d', ${kind}, n)`;
  const message =
    'message (id, conversation_id, create_seq, rev_seq, sender_id, text, composed_at, created_at)';
  fixture.cacheDb.exec(`BEGIN;
    ${counter(DIRECT)} INSERT INTO log (id, kind, tail, head, unread_as_of, activity_at)
      SELECT ${id(4)}, 'conversation', 2, 2, 2, 1000 + n FROM c;
    ${counter(DIRECT)} INSERT INTO coverage SELECT ${id(4)}, 1, 2 FROM c;
    ${counter(DIRECT)} INSERT INTO conversation
      SELECT ${id(4)}, '${org}', 'direct', 'server', NULL, '${me}', 1, 1, '{"pins":[],"link":null,"isClosed":false,"messageTtlMs":null,"history":"all","audience":null}' FROM c;
    ${counter(DIRECT)} INSERT INTO member SELECT ${id(4)}, '${me}', 'member', 1, NULL FROM c;
    ${counter(DIRECT)} INSERT INTO member SELECT ${id(4)}, ${id(5)}, 'member', 1, NULL FROM c;
    ${counter(DIRECT)} INSERT INTO entry
      SELECT '${org}', 'person:' || ${id(5)}, json_object('name', 'Person ' || n), 1 FROM c;
    ${counter(DIRECT)} INSERT INTO entry
      SELECT '${org}', 'role:' || ${id(5)}, '{"role":"member"}', 1 FROM c;
    ${counter(DIRECT)} INSERT INTO ${message}
      SELECT ${id(6)}, ${id(4)}, 2, 2, ${id(5)}, 'hello', 1000 + n, 1000 + n FROM c;
    ${counter(DIRECT)} INSERT INTO log (id, kind, tail, head, unread_as_of, activity_at)
      SELECT ${id(9)}, 'conversation', 1, 1, 1, n FROM c;
    ${counter(DIRECT)} INSERT INTO coverage SELECT ${id(9)}, 1, 1 FROM c;
    ${counter(DIRECT)} INSERT INTO conversation
      SELECT ${id(9)}, '${org}', 'group', 'server', 'Cooling rota ' || n, '${me}', 1, 1, '{"pins":[],"link":null,"isClosed":false,"messageTtlMs":null,"history":"all","audience":null}' FROM c;
    ${counter(DIRECT)} INSERT INTO member SELECT ${id(9)}, '${me}', 'member', 1, NULL FROM c;
    ${counter(HISTORY)} INSERT INTO ${message}
      SELECT ${id(7)}, '${conversation}', n + 1, n + 1, '${peer}', 'message ' || n, n, n FROM c;
    UPDATE log SET tail = ${HISTORY + 1}, head = ${HISTORY + 1}, unread_as_of = ${HISTORY + 1}, read_seq = ${HISTORY + 1},
      activity_at = 900000 WHERE id = '${conversation}';
    UPDATE coverage SET hi = ${HISTORY + 1} WHERE log_id = '${conversation}';
    COMMIT;`);
}

function rowsReadBy(work: () => void): number {
  const before = fixture.reads.cache.rows + fixture.reads.outbox.rows;
  work();
  return fixture.reads.cache.rows + fixture.reads.outbox.rows - before;
}

const atEnd = (conversationId: string) => ({ conversationId, at: { kind: 'end' as const }, limit: 50 });

// A new message, as the ingest would commit and tell it: this log has no server behind it that could send one.
function arrive(n: number, conversationId: string): void {
  fixture.cacheDb
    .prepare(
      `INSERT INTO message (id, conversation_id, create_seq, rev_seq, sender_id, text, composed_at, created_at)
       SELECT ?, id, tail + 1, tail + 1, ?, 'new', 1000000 + ?, 1000000 + ? FROM log WHERE id = ?`,
    )
    .run(testId(8, n), peer, n, n, conversationId);
  fixture.cacheDb
    .prepare('UPDATE log SET tail = tail + 1, head = tail + 1, activity_at = 1000000 + ? WHERE id = ?')
    .run(n, conversationId);
  fixture.cacheDb.prepare('UPDATE coverage SET hi = hi + 1 WHERE log_id = ?').run(conversationId);
  fixture.changes.emit([`messages:${conversationId}`, 'conversations']);
  fixture.settle();
}

describe('scale', () => {
  it('opens a conversation with the same rows, however long it is', () => {
    const long = rowsReadBy(() => fixture.open('timeline', atEnd(conversation)));
    const many = rowsReadBy(() =>
      fixture.open('timeline', { ...atEnd(conversation), at: { kind: 'seq', seq: 25_000 } }),
    );
    const short = rowsReadBy(() => fixture.open('timeline', atEnd(small)));
    expect(long).toBeLessThanOrEqual(65);
    expect(many).toBeLessThanOrEqual(115);
    expect(short).toBeLessThanOrEqual(15);
  });

  it('opens the details of a conversation with a handful of rows', () => {
    // The list is read once for each account, by whoever asks first.
    fixture.open('conversations', { filter: 'all', offset: 0, limit: 1 });
    const rows = rowsReadBy(() => fixture.open('conversation', { conversationId: small }));
    expect(rows).toBeLessThanOrEqual(45);
  });

  it('a push reads the touched row of the list, not the list', () => {
    const list = fixture.open('conversations', { filter: 'all', offset: 0, limit: 50 });
    expect(list.state().meta.total).toBe(CONVERSATIONS + 1);
    expect(list.state().order).toHaveLength(50);
    const visible = rowsReadBy(() => arrive(1, conversation));
    expect(list.received).toEqual({ patches: 1, rows: 1 });
    const fromFarBelow = rowsReadBy(() => arrive(2, small));
    expect(list.state().order[0]).toBe(small);
    expect(visible).toBeLessThanOrEqual(25);
    expect(fromFarBelow).toBeLessThanOrEqual(25);
  });

  it('a push reads no more where the list is narrowed', () => {
    const list = fixture.open('conversations', { filter: 'all', offset: 0, limit: 50, kinds: ['direct'] });
    const filters = fixture.open('listFilters', { orgId: org });
    expect(list.state().meta.total).toBe(DIRECT + 1);
    expect(filters.state().meta.kinds.direct).toBe(DIRECT + 1);
    const rows = rowsReadBy(() => arrive(4, small));
    expect(list.state().order[0]).toBe(small);
    expect(rows).toBeLessThanOrEqual(25);
  });

  it('a push reads only the window of an open timeline', () => {
    const timeline = fixture.open('timeline', atEnd(conversation));
    const rows = rowsReadBy(() => arrive(3, conversation));
    expect(timeline.received).toEqual({ patches: 1, rows: 1 });
    expect(rows).toBeLessThanOrEqual(100);
  });

  it('a key press in the switcher searches no file', () => {
    fixture.open('switcher', { query: 'warm' });
    const rows = rowsReadBy(() => fixture.open('switcher', { query: 'person 42' }));
    expect(rows).toBeLessThanOrEqual(400);
  });

  it('answers a key press in the switcher within 50 ms', () => {
    const words = ['cooling rota 4217', 'person 4217'];
    const queries = words.flatMap((word) => word.split('').map((_, at) => word.slice(0, at + 1)));
    const took = queries.map((query) => {
      const start = performance.now();
      const found = fixture.open('switcher', { query });
      const ms = performance.now() - start;
      expect(found.state().order.length).toBeGreaterThan(0);
      fixture.views.closeWindow(1);
      return ms;
    });
    const sorted = took.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    expect(median).toBeLessThan(50);
  });

  it('no query scans a table', () => {
    const scans = (db: typeof fixture.cacheDb, statements: Iterable<string>): readonly string[] =>
      [...statements].flatMap((sql) => {
        const count = (sql.match(/\?/g) ?? []).length;
        const plan = db
          .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...Array.from({ length: count }, () => null));
        // A subquery that is itself bounded may be walked through, and so may the list that was asked with.
        return plan
          .filter(
            ({ detail }) => /^SCAN (?!\(subquery|json_each)/.test(detail) || detail.includes('FOR ORDER BY'),
          )
          .map(({ detail }) => `${detail} in ${sql}`);
      });
    const { cache, outbox } = fixture.reads;
    expect(cache.statements.size).toBeGreaterThan(15);
    expect(outbox.statements.size).toBeGreaterThan(10);
    expect(scans(fixture.cacheDb, cache.statements)).toEqual([]);
    expect(scans(fixture.outboxDb, outbox.statements)).toEqual([]);
  });
});
