/**
 * One search over what this device holds. Owns how candidates are found and compared: what the index has not read yet
 * row by row, the rest by the index, newest first, each with the text as it stands in the cache. So the hits are
 * always those a look at every message would give. It runs in slices, so that nothing else waits for it; until it has
 * ended or was given up (`return`), nothing may write to the index.
 */
import { textMatches, type SearchMatcher } from '@curlew/shared/domain/search.ts';
import type { Sqlite } from '../sqlite.ts';
import { conversationToken, LINK_TOKEN, questionOf, senderToken } from './search-grams.ts';
import type { SearchIndex } from './search-index.ts';

/** A message that matches. */
export interface FoundMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly createSeq: number;
  readonly senderId: string;
  readonly text: string;
  readonly threadRootId: string | null;
  readonly createdAt: number;
}

/** What is searched for, with who and where resolved to ids. */
export interface SearchScope {
  readonly matcher: SearchMatcher;
  /** Null: anywhere, from anybody. */
  readonly conversationIds: ReadonlySet<string> | null;
  readonly senderIds: ReadonlySet<string> | null;
  /** Everything the cache does not know by itself: hidden for me, about to be deleted, unread. */
  accepts(message: FoundMessage): boolean;
}

/** Where a page begins: after this hit, in the order of hits. */
export interface SearchCursor {
  readonly atMs: number;
  readonly id: string;
}

/** Hits in order, newest first; of one millisecond by id. */
export interface SearchPage {
  readonly hits: readonly FoundMessage[];
  /** There are more than these. */
  readonly hasMore: boolean;
}

/** What a search needs. */
export interface SearchRunPorts {
  readonly cache: Sqlite;
  /** Null while there is no index: every message is looked at. */
  readonly index: SearchIndex | null;
  /** A clock that never goes back, milliseconds. */
  readonly nowMs: () => number;
}

interface CachedText extends Omit<FoundMessage, 'text'> {
  readonly n: number;
  readonly text: string | null;
}

interface Candidate {
  readonly key: number;
  readonly n: number;
}

/** Longest time between two yields. */
const SLICE_MS = 8;
/** Candidates looked at before a rare short term is asked of the index: a frequent one has filled the page by then. */
const TRIAL = 500;
/** Ids that a question names at most; beyond, rows are compared instead. */
const MAX_NAMED = 50;

const COLUMNS = `n, id, conversation_id AS conversationId, create_seq AS createSeq, sender_id AS senderId, text,
  thread_root_id AS threadRootId, created_at AS createdAt`;

/** The statements, named so that a test can ask SQLite for their plans. */
export const runSql = {
  row: `SELECT ${COLUMNS} FROM message WHERE n = ?`,
  unread: `SELECT ${COLUMNS} FROM message WHERE n > ? ORDER BY n LIMIT 256`,
  changed: 'SELECT id, n FROM search_change WHERE id > ? ORDER BY id LIMIT 256',
} as const;

/** The statements over the index. */
export const candidateSql = {
  all: 'SELECT key, n FROM doc WHERE key <= ? AND key >= ? ORDER BY key DESC',
  matching: `SELECT doc.key, doc.n FROM gram CROSS JOIN doc ON doc.key = gram.rowid
    WHERE gram MATCH ? AND gram.rowid <= ? AND gram.rowid >= ? ORDER BY gram.rowid DESC`,
} as const;

/** See the head of this file. */
export function* searchCache(
  ports: SearchRunPorts,
  scope: SearchScope,
  limit: number,
  after: SearchCursor | null,
): Generator<void, SearchPage> {
  if (scope.matcher.isImpossible || scope.matcher.isEmpty) return { hits: [], hasMore: false };
  if (scope.conversationIds?.size === 0 || scope.senderIds?.size === 0) return { hits: [], hasMore: false };
  const run = new SearchRun(ports, scope, limit + 1, after);
  yield* run.scanPending();
  yield* run.askIndex();
  const hits = run.ordered();
  return { hits: hits.slice(0, limit), hasMore: hits.length > limit };
}

class SearchRun {
  readonly #ports: SearchRunPorts;
  readonly #scope: SearchScope;
  readonly #wanted: number;
  readonly #after: SearchCursor | null;
  readonly #found = new Map<string, FoundMessage>();
  readonly #row;
  #sliceEnd: number;
  /** Time of the last hit of the page, as of this many found. */
  #lastAtMs = 0;
  #sizeSorted = 0;

  constructor(ports: SearchRunPorts, scope: SearchScope, wanted: number, after: SearchCursor | null) {
    this.#ports = ports;
    this.#scope = scope;
    this.#wanted = wanted;
    this.#after = after;
    this.#row = ports.cache.prepare<[number], CachedText>(runSql.row);
    this.#sliceEnd = ports.nowMs() + SLICE_MS;
  }

  ordered(): readonly FoundMessage[] {
    return [...this.#found.values()].sort(byNewest).slice(0, this.#wanted);
  }

  /** Rows that the index does not hold, or not as they are now. */
  *scanPending(): Generator<void> {
    const { cache, index } = this.#ports;
    const rows = cache.prepare<[number], CachedText>(runSql.unread);
    const changed = cache.prepare<[number], { id: number; n: number }>(runSql.changed);
    for (let upTo = index?.upTo ?? 0; ;) {
      const page = rows.all(upTo);
      for (const row of page) this.#consider(row);
      const last = page.at(-1);
      if (!last) break;
      upTo = last.n;
      yield* this.#breathe();
    }
    if (!index) return;
    for (let upTo = index.changesUpTo; ;) {
      const page = changed.all(upTo);
      for (const { n } of page) this.#considerAt(n);
      const last = page.at(-1);
      if (!last) break;
      upTo = last.id;
      yield* this.#breathe();
    }
  }

  /** Candidates of the index, newest first, until nothing older can belong to the page. */
  *askIndex(): Generator<void> {
    const { index } = this.#ports;
    if (!index) return;
    const { matcher } = this.#scope;
    const top = Math.min(
      Number.MAX_SAFE_INTEGER,
      (this.#after?.atMs ?? Number.MAX_SAFE_INTEGER) + index.shiftMs,
      matcher.beforeMs - 1 + index.shiftMs,
    );
    const bottom = Math.max(0, matcher.fromMs);
    const { quick, full } = this.#questions();
    let from: number | null = top;
    if (quick !== full) from = yield* this.#ask(index, quick, top, bottom, TRIAL);
    if (from !== null) yield* this.#ask(index, full, from, bottom, Number.POSITIVE_INFINITY);
  }

  /** @returns the key to go on at when `most` candidates were looked at; null when the page is complete */
  *#ask(
    index: SearchIndex,
    question: string | null,
    top: number,
    bottom: number,
    most: number,
  ): Generator<void, number | null> {
    const { db } = index;
    const candidates =
      question === null
        ? db.prepare<[bigint, bigint], Candidate>(candidateSql.all).iterate(BigInt(top), BigInt(bottom))
        : db
            .prepare<[string, bigint, bigint], Candidate>(candidateSql.matching)
            .iterate(question, BigInt(top), BigInt(bottom));
    // Bounds go in as integers: FTS5 ignores those that are not, and would walk past everything newer.
    let seen = 0;
    // Leaving the loop, also by giving the search up, closes the statement.
    for (const { key, n } of candidates) {
      if (this.#isComplete(key)) return null;
      if (seen === most) return key;
      seen += 1;
      this.#considerAt(n);
      yield* this.#breathe();
    }
    return null;
  }

  /** A candidate's message is never newer than its key: from here on everything found would stand further down. */
  #isComplete(key: number): boolean {
    if (this.#found.size < this.#wanted) return false;
    if (this.#found.size !== this.#sizeSorted) {
      this.#lastAtMs = this.ordered()[this.#wanted - 1]?.createdAt ?? 0;
      this.#sizeSorted = this.#found.size;
    }
    return this.#lastAtMs > key;
  }

  #considerAt(n: number): void {
    const row = this.#row.get(n);
    if (row) this.#consider(row);
  }

  #consider(row: CachedText): void {
    const { text, conversationId, senderId, createdAt } = row;
    const { matcher, conversationIds, senderIds } = this.#scope;
    if (text === null) return;
    if (conversationIds && !conversationIds.has(conversationId)) return;
    if (senderIds && !senderIds.has(senderId)) return;
    if (!textMatches(matcher, text, createdAt)) return;
    const found: FoundMessage = { ...row, text };
    if (this.#after && byNewest(found, { createdAt: this.#after.atMs, id: this.#after.id }) <= 0) return;
    if (this.#scope.accepts(found)) this.#found.set(row.id, found);
  }

  /** What to ask the index: everything that is cheap, and the same with the short terms. Null asks for everything. */
  #questions(): { readonly quick: string | null; readonly full: string | null } {
    const { matcher, conversationIds, senderIds } = this.#scope;
    const cheap: string[] = [];
    const short: string[] = [];
    for (const part of matcher.parts) {
      const { terms, isShort } = questionOf(part);
      (isShort ? short : cheap).push(...terms);
    }
    if (matcher.hasLink === true) cheap.push(`"${LINK_TOKEN}"`);
    for (const [ids, token] of [
      [conversationIds, conversationToken],
      [senderIds, senderToken],
    ] as const) {
      if (!ids || ids.size > MAX_NAMED) continue;
      cheap.push(`(${[...ids].map((id) => `"${token(id)}"`).join(' OR ')})`);
    }
    const join = (terms: readonly string[]): string | null =>
      terms.length === 0 ? null : terms.join(' AND ');
    const quick = join(cheap);
    return { quick, full: short.length === 0 ? quick : join([...cheap, ...short]) };
  }

  *#breathe(): Generator<void> {
    if (this.#ports.nowMs() < this.#sliceEnd) return;
    yield;
    this.#sliceEnd = this.#ports.nowMs() + SLICE_MS;
  }
}

function byNewest(
  a: Pick<FoundMessage, 'createdAt' | 'id'>,
  b: Pick<FoundMessage, 'createdAt' | 'id'>,
): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
