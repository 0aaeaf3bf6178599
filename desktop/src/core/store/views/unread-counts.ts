/**
 * Unread messages and mentions of a conversation and of the threads in it that I follow, as this device knows them. Owns
 * which messages count; how the server's count and the cache's go together is `unread.ts`.
 *
 * Whether I follow a thread is read from the cache (`thread-following.ts`) where it holds the thread whole; elsewhere
 * heads have said it.
 */
import { covers, type IntervalSet } from '@curlew/shared/lib/intervals.ts';
import type { Sqlite } from '../sqlite.ts';
import { UNREAD_CAP, type CacheReads, type LogFacts } from './cache-reads.ts';
import type { MentionNames } from './mention-names.ts';
import type { OutboxReads } from './outbox-reads.ts';
import { NAMES_ME, ThreadFollowing } from './thread-following.ts';
import { countUnread } from './unread.ts';

/** Unread messages, and those of them that name me. */
export interface UnreadCount {
  readonly unread: number;
  readonly mentions: number;
}

/** A followed thread with something unread, all of it behind `readSeq`. */
export interface ThreadCount extends UnreadCount {
  readonly rootId: string;
  readonly readSeq: number;
}

interface ThreadColumns {
  readonly rootId: string;
  readonly readSeq: number;
  readonly baseSeq: number;
  readonly unread: number;
  readonly mentions: number;
}

const nothing: UnreadCount = { unread: 0, mentions: 0 };

function prepare(db: Sqlite) {
  const open = `create_seq > ? AND create_seq <= ? AND sender_id <> ? AND deleted_at IS NULL`;
  const count = <P extends unknown[]>(where: string) =>
    db.prepare<P, { readonly count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM message WHERE ${where} LIMIT ${UNREAD_CAP})`,
    );
  type Range = [id: string, after: number, upTo: number, userId: string];
  return {
    mentions: count<[...Range, names: string]>(
      `conversation_id = ? AND ${open} AND thread_root_id IS NULL AND ${NAMES_ME}`,
    ),
    replies: count<Range>(`thread_root_id = ? AND ${open}`),
    replyMentions: count<[...Range, names: string]>(`thread_root_id = ? AND ${open} AND ${NAMES_ME}`),
    rows: db.prepare<[conversationId: string], ThreadColumns>(
      `SELECT root_id AS rootId, read_seq AS readSeq, base_seq AS baseSeq, unread, mentions FROM thread
       WHERE conversation_id = ?`,
    ),
    conversations: db.prepare<[], { readonly id: string }>(
      `SELECT DISTINCT conversation_id AS id FROM thread WHERE conversation_id > ''`,
    ),
  };
}

/** See the head of this file. */
export class UnreadCounts {
  readonly #cache: CacheReads;
  readonly #outbox: OutboxReads;
  readonly #names: MentionNames;
  readonly #userId: string;
  readonly #following: ThreadFollowing;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: Sqlite, cache: CacheReads, outbox: OutboxReads, names: MentionNames, userId: string) {
    this.#cache = cache;
    this.#outbox = outbox;
    this.#names = names;
    this.#userId = userId;
    this.#following = new ThreadFollowing(db, userId);
    this.#sql = prepare(db);
  }

  /**
   * The conversation itself, without its threads.
   * @param ownReadSeq how far this device read
   * @param unreadFromSeq "unread from here", as this device knows it
   */
  conversation(log: LogFacts, ownReadSeq: number, unreadFromSeq: number | null): UnreadCount {
    const { id, tail, unreadAsOf: serverAsOf, isGone } = log;
    if (isGone === 1) return nothing;
    const facts = {
      tail,
      floorSeq: log.floorSeq,
      serverAsOf,
      serverReadSeq: log.readSeq,
      serverUnreadFromSeq: log.unreadFromSeq,
      readSeq: Math.max(log.readSeq, ownReadSeq),
      unreadFromSeq,
    };
    const coverage = (): IntervalSet => this.#cache.coverage(id);
    const unread = countUnread(
      { ...facts, serverCount: log.unread },
      { coverage, count: (after, upTo) => this.#cache.countUnread(id, after, upTo) },
    );
    if (unread === 0) return nothing;
    const names = this.#namesIn(id);
    const mentions = countUnread(
      { ...facts, serverCount: log.mentions },
      {
        coverage,
        count: (after, upTo) => this.#sql.mentions.get(id, after, upTo, this.#userId, names)?.count ?? 0,
      },
    );
    return { unread, mentions: Math.min(unread, mentions) };
  }

  /** Conversations that {@link threads} may say something of. */
  withThreads(): ReadonlySet<string> {
    return new Set(this.#sql.conversations.all().map(({ id }) => id));
  }

  /** The followed threads of a conversation that have something unread. */
  threads(log: LogFacts): readonly ThreadCount[] {
    if (log.isGone === 1) return [];
    const rows = this.#sql.rows.all(log.id);
    if (rows.length === 0) return [];
    const coverage = this.#cache.coverage(log.id);
    const names = this.#namesIn(log.id);
    return rows.flatMap((row) => this.#countOf(row, log, coverage, names) ?? []);
  }

  #countOf(row: ThreadColumns, log: LogFacts, coverage: IntervalSet, names: string): ThreadCount | undefined {
    const { rootId } = row;
    const { tail, unreadAsOf: serverAsOf } = log;
    const isNamed = row.unread > 0;
    // A thread that heads did not name had nothing unread then.
    const serverReadSeq = isNamed ? row.baseSeq : serverAsOf;
    const root = this.#following.root(rootId, names);
    const isWhole = root !== undefined && covers(coverage, { lo: root.seq, hi: tail });
    const since = isNamed && !isWhole ? 0 : this.#following.since(rootId, root, names);
    if (since === null) return undefined;
    const own = Math.max(row.readSeq, this.#outbox.threadReadSeq(rootId));
    const facts = {
      tail,
      floorSeq: log.floorSeq,
      serverAsOf,
      serverReadSeq,
      serverUnreadFromSeq: null,
      readSeq: Math.max(serverReadSeq, own, since, log.joinedSeq ?? 0),
      unreadFromSeq: null,
    };
    const asked = { coverage: () => coverage };
    const unread = countUnread(
      { ...facts, serverCount: row.unread },
      {
        ...asked,
        count: (after, upTo) => this.#sql.replies.get(rootId, after, upTo, this.#userId)?.count ?? 0,
      },
    );
    if (unread === 0) return undefined;
    const mentions = countUnread(
      { ...facts, serverCount: row.mentions },
      {
        ...asked,
        count: (after, upTo) =>
          this.#sql.replyMentions.get(rootId, after, upTo, this.#userId, names)?.count ?? 0,
      },
    );
    return { rootId, readSeq: facts.readSeq, unread, mentions: Math.min(unread, mentions) };
  }

  #namesIn(conversationId: string): string {
    return JSON.stringify(this.#names.own(conversationId));
  }
}
