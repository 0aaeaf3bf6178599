/**
 * The hits are those that a look at every message gives: over a corpus of many scripts, while it is indexed, after
 * edits, deletions and older history, in pages, and after the files were lost or damaged. `CURLEW_SEARCH_MESSAGES`
 * sets the size of the corpus.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSearch, searchMatcher } from '@curlew/shared/domain/search.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { openCache } from '../open-cache.ts';
import type { Sqlite } from '../sqlite.ts';
import { corpusId, corpusMessage, corpusText, seeded, storeCorpus } from './testing/corpus.ts';
import { indexSql, SearchIndex } from './search-index.ts';
import { candidateSql, runSql, searchCache, type FoundMessage, type SearchScope } from './search-run.ts';
import { openSearchFile } from './search-schema.ts';

const SIZE = Number(process.env['CURLEW_SEARCH_MESSAGES'] ?? 3_000);
/** Every page is asked for, and frequent letters have many. */
const PAGE = Math.max(50, Math.floor(SIZE / 60));
const dir = mkdtempSync(join(tmpdir(), 'curlew-search-'));
const path = join(dir, 'search.db');
const random = seeded(7);
const nowMs = (): number => performance.now();
let cache: Sqlite;
let index: SearchIndex;
let stored = 0;

function store(count: number): void {
  const messages = Array.from({ length: count }, (_, at) => corpusMessage(stored + at, random));
  storeCorpus(cache, messages, stored + 1);
  stored += count;
}

function indexAll(): void {
  while (index.step(8));
}

function reopen(): void {
  index.db.close();
  index = new SearchIndex(openSearchFile(path, cache), cache, nowMs);
}

beforeAll(() => {
  cache = openCache(join(dir, 'cache.db')).db;
  cache.pragma('synchronous = OFF');
  store(SIZE);
  index = new SearchIndex(openSearchFile(path, cache), cache, nowMs);
}, 600_000);
afterAll(() => {
  index.db.close();
  cache.close();
  rmSync(dir, { recursive: true, force: true });
});

// Written apart from the code under test, by the words of the requirement: case and accents do not count.
function plain(text: string): string {
  const bare = Array.from(text.normalize('NFKD'))
    .filter((character) => !/\p{M}/u.test(character))
    .join('');
  return bare
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ς', 'σ')
    .split(/\s+/u)
    .join(' ');
}

interface Row {
  readonly id: string;
  readonly text: string | null;
  readonly conversationId: string;
  readonly senderId: string;
  readonly createdAt: number;
  readonly plain: string;
}

function everything(): readonly Row[] {
  return cache
    .prepare<[], Omit<Row, 'plain'>>(
      'SELECT id, text, conversation_id AS conversationId, sender_id AS senderId, created_at AS createdAt FROM message',
    )
    .all()
    .map((row) => ({ ...row, plain: plain(row.text ?? '') }));
}

interface Question {
  readonly query: string;
  readonly conversationIds: ReadonlySet<string> | null;
  readonly senderIds: ReadonlySet<string> | null;
}

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

function scopeOf({ query, conversationIds, senderIds }: Question): SearchScope {
  return { matcher: searchMatcher(parseSearch(query), day), conversationIds, senderIds, accepts: () => true };
}

/** All hits, in pages of `limit`. */
function found(question: Question, limit: number): readonly string[] {
  const ids: string[] = [];
  let last: FoundMessage | undefined;
  for (;;) {
    const after = last ? { atMs: last.createdAt, id: last.id } : null;
    const run = searchCache({ cache, index, nowMs }, scopeOf(question), limit, after);
    let slice = run.next();
    while (!slice.done) slice = run.next();
    ids.push(...slice.value.hits.map(({ id }) => id));
    last = slice.value.hits.at(-1);
    if (!slice.value.hasMore) return ids;
  }
}

function expected(rows: readonly Row[], terms: readonly string[], question: Question): readonly string[] {
  const wanted = terms.map((term) => plain(term).trim());
  return rows
    .filter(
      (row) =>
        row.text !== null &&
        (question.conversationIds?.has(row.conversationId) ?? true) &&
        (question.senderIds?.has(row.senderId) ?? true) &&
        wanted.every((part) => row.plain.includes(part)),
    )
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}

/** A piece of some text, one to eight characters, that a query can hold. */
function piece(rows: readonly Row[]): string {
  for (;;) {
    const characters = Array.from(rows[Math.floor(random() * rows.length)]?.text ?? '');
    const length = 1 + Math.floor(random() * random() * 8);
    const at = Math.floor(random() * characters.length);
    const text = characters
      .slice(at, at + length)
      .join('')
      .replaceAll('"', '')
      .trim();
    if (plain(text).trim() !== '') return text;
  }
}

function compare(count: number): void {
  const rows = everything();
  for (let n = 0; n < count; n += 1) {
    const terms = Array.from({ length: random() < 0.7 ? 1 : 2 }, () => piece(rows));
    const place = must(rows[Math.floor(random() * rows.length)], 'the corpus is not empty');
    const question: Question = {
      query: terms.map((term) => `"${term}"`).join(' '),
      conversationIds: random() < 0.2 ? new Set([place.conversationId]) : null,
      senderIds: random() < 0.2 ? new Set([place.senderId, corpusId(2, 1)]) : null,
    };
    expect({ question, ids: found(question, random() < 0.5 ? PAGE : PAGE * 20) }).toEqual({
      question,
      ids: expected(rows, terms, question),
    });
  }
}

describe('hits equal those of a look at every message', () => {
  it('before anything is indexed, and half way', () => {
    compare(10);
    for (let n = 0; n < 40; n += 1) index.step(8);
    compare(20);
  }, 600_000);

  it('when all is indexed, in every script', () => {
    indexAll();
    expect(index.upTo).toBe(stored);
    compare(120);
  }, 600_000);

  it('without what a query rules out, between two days, and with a link', () => {
    const rows = everything();
    const anywhere = { conversationIds: null, senderIds: null };
    const ids = (query: string) => found({ query, ...anywhere }, 100);
    const by = (matches: (row: Row) => boolean) =>
      expected(rows.filter(matches), [], { query: '', ...anywhere });
    expect(ids('会 -明')).toEqual(by((row) => row.plain.includes('会') && !row.plain.includes('明')));
    expect(ids('has:link café')).toEqual(
      by((row) => row.plain.includes('cafe') && row.plain.includes('https://e')),
    );
    expect(ids('after:2020-09-14 before:2020-09-16')).toEqual(
      by(({ createdAt }) => createdAt >= day('2020-09-15') && createdAt < day('2020-09-16')),
    );
    expect(ids('before:2020-09-14 a')).toEqual(
      by((row) => row.createdAt < day('2020-09-14') && row.plain.includes('a')),
    );
  });

  it('after edits, deletions, forgotten logs and older history, indexed or not', () => {
    const edit = cache.prepare('UPDATE message SET text = ? WHERE id = ?');
    const scrub = cache.prepare('UPDATE message SET text = NULL, deleted_at = 1 WHERE id = ?');
    const drop = cache.prepare('DELETE FROM message WHERE id = ?');
    for (let round = 0; round < 4; round += 1) {
      for (let n = 0; n < 40; n += 1) {
        const id = corpusId(3, Math.floor(random() * stored));
        const kind = random();
        if (kind < 0.5) edit.run(corpusText(random), id);
        else if (kind < 0.75) scrub.run(id);
        else drop.run(id);
      }
      // The newest go, and others take their numbers.
      cache.prepare('DELETE FROM message WHERE n > (SELECT max(n) - 15 FROM message)').run();
      store(60);
      if (round % 2 === 1) index.step(4);
      compare(15);
      if (round === 2) reopen();
    }
    indexAll();
    compare(30);
    expect(cache.prepare<[], { n: number }>('SELECT count(*) AS n FROM search_change').get()?.n).toBe(0);
  }, 600_000);

  it('when the index is older than the cache, newer than it, of another cache, or damaged', () => {
    index.db.close();
    rmSync(path, { force: true });
    index = new SearchIndex(openSearchFile(path, cache), cache, nowMs);
    expect(index.upTo).toBe(0);
    indexAll();
    // A cache that lost its last commits, and with them noted changes, gets a new index.
    cache.prepare(`UPDATE message SET text = 'changed again' WHERE id = ?`).run(corpusId(3, 3));
    indexAll();
    cache.prepare(`UPDATE sqlite_sequence SET seq = 0 WHERE name = 'search_change'`).run();
    reopen();
    expect(index.upTo).toBe(0);
    indexAll();
    cache.prepare(`UPDATE meta SET value = 'another' WHERE name = 'searchCacheId'`).run();
    reopen();
    expect(index.upTo).toBe(0);
    indexAll();
    index.db.close();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(4096, 7), 0, 4096, 0);
    closeSync(file);
    index = new SearchIndex(openSearchFile(path, cache), cache, nowMs);
    compare(10);
    indexAll();
    compare(10);
  }, 600_000);
});

describe('the plans of its statements', () => {
  const planOf = (db: Sqlite, sql: string): string =>
    db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array.from({ length: sql.split('?').length - 1 }, () => 1))
      .map((row) => row.detail)
      .join('\n');

  it.each(Object.entries({ ...runSql, ...indexSql }))('%s walks no table', (name, sql) => {
    // Reading the newest row is a walk that ends at its first step.
    if (name !== 'lastN') expect(planOf(cache, sql)).not.toContain('SCAN');
    expect(planOf(cache, sql)).not.toContain('TEMP B-TREE');
  });

  it('candidates come in order from the index', () => {
    expect(planOf(index.db, candidateSql.all)).toBe(
      'SEARCH doc USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
    );
    const plan = planOf(index.db, candidateSql.matching).split('\n');
    // What SQLite calls a scan of a virtual table is FTS5's own index: M match, < and > the bounds of the rowid.
    expect(plan[0]).toMatch(/^SCAN gram VIRTUAL TABLE INDEX \d+:.*M/u);
    expect(plan[0]).toMatch(/[<>]/u);
    expect(plan.slice(1)).toEqual(['SEARCH doc USING INTEGER PRIMARY KEY (rowid=?)']);
  });
});
