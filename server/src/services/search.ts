/**
 * Search over what the server holds for a person. Owns the rules: exactly the messages that history would show them, as
 * history would show them; never a deleted one, one they deleted for themselves or one of a private conversation. It
 * reads downwards in time over all their conversations at once and compares each text the way the desktop does (no index
 * can fold all scripts alike, and none is paid for at every send), within a budget: an answer may be `truncated`, and
 * its cursor goes on from there.
 */
import {
  nameMatches,
  parseSearch,
  searchMatcher,
  textMatches,
  type SearchMatcher,
} from '@curlew/shared/domain/search.ts';
import type { Message } from '@curlew/shared/domain/message.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { SearchAnswer, SearchRequest } from '@curlew/shared/protocol/search.ts';
import type { Pool } from 'pg';
import { readMessagesBefore } from '../repositories/message-repository.ts';
import {
  findHidden,
  findNames,
  findPeers,
  findSearchRanges,
  type SearchRange,
} from '../repositories/search-repository.ts';
import { isVisible, openConversation, type ReadableLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome } from './service-types.ts';
import { readUnreadThreads } from '../repositories/heads-repository.ts';
import { asVisible } from './visible-messages.ts';

/** What one request may cost. */
interface SearchBudget {
  readonly rows: number;
  readonly ms: number;
}

const BUDGET: SearchBudget = { rows: 20_000, ms: 1_500 };
/** Messages read at a time: few at first, since the next conversation may hold newer ones. */
const FIRST_CHUNK = 20;
const LAST_CHUNK = 500;

/** A stretch being read, newest first. */
interface Reader {
  readonly range: SearchRange;
  /** next position to read, downwards */
  seq: number;
  /** nothing in it is newer */
  atMs: number;
  chunk: number;
}

interface Place {
  readonly atMs: number;
  readonly id: string;
}

/** Answers `GET search`. */
export async function search(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  request: SearchRequest,
  budget: SearchBudget = BUDGET,
): Promise<Outcome<SearchAnswer>> {
  const after = request.cursor === undefined ? null : placeOf(request.cursor);
  if (after === undefined) return err(errorBody('BAD_REQUEST', { detail: 'cursor: not one of this server' }));
  const { conversationId } = request;
  if (conversationId !== undefined) {
    const opened = await openConversation(pool, cache, userId, conversationId);
    if (!opened.ok) return opened;
  }
  const offsetMs = request.utcOffsetMinutes * 60_000;
  const matcher = searchMatcher(
    parseSearch(request.query),
    (day) => Date.parse(`${day}T00:00:00Z`) - offsetMs,
  );
  if (matcher.isEmpty || matcher.isImpossible) return ok({ messages: [], truncated: false });
  const untilMs = Math.min(after?.atMs ?? Number.MAX_SAFE_INTEGER, matcher.beforeMs - 1);
  const ranges = await findSearchRanges(pool, userId, untilMs, conversationId);
  const names = await namesFor(pool, userId, matcher);
  const readers = ranges
    .filter((range) => range.atMs >= matcher.fromMs && names.isPlace(range))
    .map((range): Reader => ({ range, seq: range.seq, atMs: range.atMs, chunk: FIRST_CHUNK }));
  const run = new SearchRun({ pool, cache, userId, matcher, after, isSender: names.isSender });
  const isTruncated = await run.read(readers, request.limit + 1, budget);
  return ok(await run.answer(request.limit, isTruncated));
}

interface RunParts {
  readonly pool: Pool;
  readonly cache: MembershipCache;
  readonly userId: string;
  readonly matcher: SearchMatcher;
  readonly after: Place | null;
  readonly isSender: (userId: string) => boolean;
}

class SearchRun {
  readonly #parts: RunParts;
  readonly #opened = new Map<string, ReadableLog | null>();
  readonly #threads = new Map<string, Promise<ReadonlyMap<string, number>>>();
  readonly #found: Message[] = [];
  /** everything newer was looked at */
  #readToMs = Number.MAX_SAFE_INTEGER;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Reads until the page is complete or the budget spent. @returns whether the budget ended it */
  async read(readers: Reader[], wanted: number, budget: SearchBudget): Promise<boolean> {
    const endMs = performance.now() + budget.ms;
    let rows = 0;
    for (;;) {
      const [next] = readers.sort((a, b) => b.atMs - a.atMs);
      if (!next) return false;
      this.#readToMs = next.atMs;
      if (this.#found.filter(({ createdAt }) => createdAt > next.atMs).length >= wanted) return false;
      if (rows >= budget.rows || performance.now() >= endMs) return true;
      const read = await this.#readChunk(next);
      rows += Math.max(1, read);
      if (next.seq < next.range.lo || next.atMs < this.#parts.matcher.fromMs) readers.shift();
    }
  }

  async answer(limit: number, isTruncated: boolean): Promise<SearchAnswer> {
    const { pool, userId } = this.#parts;
    // What is older than the place reached may have newer ones before it that were not looked at yet.
    const found = this.#found
      .filter(({ createdAt }) => !isTruncated || createdAt > this.#readToMs)
      .sort(byNewest);
    const page = found.slice(0, limit);
    const hidden =
      page.length === 0
        ? new Set()
        : await findHidden(
            pool,
            userId,
            page.map(({ id }) => id),
          );
    const last = page.at(-1);
    // Ids are lower-case hexadecimal, so every one of that millisecond stands below this.
    const reached = isTruncated ? { atMs: this.#readToMs, id: '~' } : undefined;
    const goesOn = found.length > limit && last ? { atMs: last.createdAt, id: last.id } : reached;
    return {
      messages: page.filter(({ id }) => !hidden.has(id)),
      truncated: isTruncated,
      ...(goesOn ? { cursor: `${goesOn.atMs}.${goesOn.id}` } : {}),
    };
  }

  async #readChunk(reader: Reader): Promise<number> {
    const { pool } = this.#parts;
    const { range } = reader;
    const opened = await this.#open(range.conversationId);
    const asked = { lo: range.lo, hi: Math.min(reader.seq, range.hi) };
    const rows = opened ? await readMessagesBefore(pool, range.conversationId, asked, reader.chunk) : [];
    const oldest = rows[0];
    reader.seq = rows.length < reader.chunk || !oldest ? 0 : oldest.createSeq - 1;
    reader.atMs = oldest?.createdAt ?? 0;
    reader.chunk = Math.min(LAST_CHUNK, reader.chunk * 3);
    if (!opened) return 0;
    const visible = rows.filter(({ createSeq }) => isVisible(opened, createSeq));
    const threads = await this.#unreadThreads(range.conversationId);
    for (const message of await asVisible(pool, opened, visible)) this.#consider(message, range, threads);
    return rows.length;
  }

  #consider(message: Message, range: SearchRange, threads: ReadonlyMap<string, number>): void {
    const { matcher, after, isSender, userId } = this.#parts;
    const { text, deletedAt, senderId, createdAt } = message;
    if (text === null || deletedAt !== null || !isSender(senderId)) return;
    if (after && byNewest(message, { createdAt: after.atMs, id: after.id }) <= 0) return;
    if (matcher.isUnread !== null) {
      // A reply is read with its thread alone; in one that has nothing unread, it is read.
      const readUpTo =
        message.threadRootId === null
          ? Math.min(range.readSeq, (range.unreadFromSeq ?? Number.MAX_SAFE_INTEGER) - 1)
          : (threads.get(message.threadRootId) ?? Number.MAX_SAFE_INTEGER);
      const isUnread = message.createSeq > readUpTo && senderId !== userId;
      if (isUnread !== matcher.isUnread) return;
    }
    if (textMatches(matcher, text, createdAt)) this.#found.push(message);
  }

  /** Only where it is asked what is unread. */
  async #unreadThreads(conversationId: string): Promise<ReadonlyMap<string, number>> {
    const { pool, userId, matcher } = this.#parts;
    if (matcher.isUnread === null) return new Map();
    const known = this.#threads.get(conversationId) ?? readUnreadThreads(pool, userId, conversationId);
    this.#threads.set(conversationId, known);
    return known;
  }

  async #open(conversationId: string): Promise<ReadableLog | null> {
    const known = this.#opened.get(conversationId);
    if (known !== undefined) return known;
    const { pool, cache, userId } = this.#parts;
    const opened = await openConversation(pool, cache, userId, conversationId);
    const readable = opened.ok ? opened.value : null;
    this.#opened.set(conversationId, readable);
    return readable;
  }
}

/** Who and where the names of a query stand for. */
async function namesFor(
  pool: Pool,
  userId: string,
  matcher: SearchMatcher,
): Promise<{ isSender: (userId: string) => boolean; isPlace: (range: SearchRange) => boolean }> {
  if (matcher.from.length + matcher.in.length === 0) return { isSender: () => true, isPlace: () => true };
  const names = new Map((await findNames(pool, userId)).map(({ id, name }) => [id, name]));
  const peers = new Map<string, string>();
  if (matcher.in.length > 0) {
    for (const { conversationId, peerId } of await findPeers(pool, userId)) peers.set(conversationId, peerId);
  }
  return {
    isSender: (id) => matcher.from.length === 0 || nameMatches(names.get(id) ?? '', matcher.from),
    isPlace: ({ conversationId, title }) =>
      matcher.in.length === 0 ||
      nameMatches(title ?? names.get(peers.get(conversationId) ?? '') ?? '', matcher.in),
  };
}

function placeOf(cursor: string): Place | undefined {
  const [, atMs, id] = /^(\d{1,16})\.([0-9a-f-]{36}|~)$/u.exec(cursor) ?? [];
  return atMs === undefined || id === undefined ? undefined : { atMs: Number(atMs), id };
}

function byNewest(a: Pick<Message, 'createdAt' | 'id'>, b: Pick<Message, 'createdAt' | 'id'>): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
