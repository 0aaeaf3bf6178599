/**
 * Reads of cache.db for the views: logs, messages, members, receipts, coverage. Owns the SQL; every query is bounded by
 * an index and by what is on screen, never by how long a history is.
 */
import { policySchema, type Policy } from '@curlew/shared/domain/entries.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type {
  Audience,
  Conversation,
  ConversationLink,
  MemberRole,
  Message,
  MessageExtras,
  Reaction,
} from '@curlew/shared/domain/message.ts';
import type { Interval, IntervalSet } from '@curlew/shared/lib/intervals.ts';
import type { ConversationRow } from '../../../ipc/views.ts';
import { createReceiptCountRows } from '../receipt-counts.ts';
import type { Sqlite } from '../sqlite.ts';

/** What the list and the unread count need of a conversation's log. */
export interface LogFacts {
  readonly id: string;
  readonly tail: number;
  readonly head: number;
  readonly floorSeq: number;
  readonly readSeq: number;
  readonly unreadFromSeq: number | null;
  readonly unread: number;
  readonly mentions: number;
  readonly unreadAsOf: number;
  /** I am not in it (any more): as heads say, or sooner its own events. */
  readonly isGone: number;
  /** Where my membership began; null while the members are not known. */
  readonly joinedSeq: number | null;
  readonly activityAt: number;
  /** When the conversation was created; null while only its log is known. */
  readonly createdAt: number | null;
  readonly title: string | null;
  /** Null as long as `createdAt` is. */
  readonly conversationKind: ConversationRow['kind'] | null;
  readonly orgId: string | null;
}

/** Settings of a conversation. */
export interface ConversationFacts {
  readonly kind: ConversationRow['kind'];
  readonly protection: 'server' | 'e2ee';
  readonly orgId: string;
  readonly title: string | null;
  readonly pins: readonly string[];
  readonly isClosed: boolean;
  /** ms after which new messages disappear; null: never */
  readonly messageTtlMs: number | null;
  readonly link: ConversationLink | null;
  readonly audience: Audience | null;
}

/** A member, with the watermarks others see. */
export interface MemberFacts {
  readonly userId: string;
  readonly role: MemberRole;
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/** A thread: how many replies are held, and when the last one was said. */
export interface ThreadFacts {
  readonly rootId: string;
  readonly replies: number;
  readonly lastAtMs: number;
}

type MoreSettings = Pick<Conversation, 'pins' | 'isClosed' | 'messageTtlMs' | 'link' | 'audience'>;

interface ConversationColumns extends Omit<ConversationFacts, keyof MoreSettings> {
  /** JSON of the settings nothing is looked up by */
  readonly more: string;
}

interface MessageColumns extends Omit<
  Message,
  'reactions' | 'mentions' | 'extras' | 'notices' | 'isExpired'
> {
  readonly reactions: string;
  readonly mentions: string;
  readonly extras: string;
  readonly notices: string | null;
}

const MESSAGE_COLUMNS = `m.id, m.conversation_id AS conversationId, m.create_seq AS createSeq, m.rev_seq AS revSeq,
  m.sender_id AS senderId, m.text, m.reply_to AS replyTo, m.thread_root_id AS threadRootId, m.mentions, m.extras, m.composed_at AS composedAt, m.created_at AS createdAt,
  m.edited_at AS editedAt, m.deleted_at AS deletedAt, m.reactions, m.notices`;

const LOG_COLUMNS = `l.id, l.tail, l.head, l.floor_seq AS floorSeq, l.read_seq AS readSeq,
  l.unread_from_seq AS unreadFromSeq, l.unread, l.mentions, l.unread_as_of AS unreadAsOf,
  CASE WHEN me.user_id IS NULL THEN l.is_left ELSE me.left_seq IS NOT NULL END AS isGone, me.joined_seq AS joinedSeq,
  l.activity_at AS activityAt, c.created_at AS createdAt, c.title, c.kind AS conversationKind, c.org_id AS orgId`;

// Deleted for me: an entry of the account log, by message; but not where that is being taken back (ids in one text).
const NOT_HIDDEN = `NOT EXISTS (SELECT 1 FROM entry WHERE log_id = ? AND key = 'hidden:' || m.id
  AND instr(?, m.id) = 0)`;

/** The most unread messages that are counted; more show as "99+" anyway and the server stops there too. */
export const UNREAD_CAP = 999;

interface HeldFrom {
  readonly id: string;
  readonly floorSeq: number;
  readonly lo: number | null;
}

/** See the head of this file. */
export type CacheReads = ReturnType<typeof createCacheReads>;

/** Members of a conversation, also those who left, with how far they got as far as the organisation shares it. */
export const MEMBERS_SQL = `SELECT m.user_id AS userId, m.role, m.joined_seq AS joinedSeq, m.left_seq AS leftSeq, coalesce(r.delivered_seq, 0) AS deliveredSeq,
       CASE WHEN (SELECT e.value ->> 'readReceipts' FROM conversation c JOIN entry e ON e.log_id = c.org_id
         AND e.key = 'policy:' || c.org_id WHERE c.id = m.conversation_id) = 0 THEN 0 ELSE coalesce(r.read_seq, 0) END AS readSeq
     FROM member m LEFT JOIN receipt r ON r.conversation_id = m.conversation_id AND r.user_id = m.user_id
     WHERE m.conversation_id = ?`;

/** Prepares the queries. `userId` is mine. */
export function createCacheReads(db: Sqlite, userId: string) {
  const withMe = 'LEFT JOIN member me ON me.conversation_id = l.id AND me.user_id = ?';
  const log = db.prepare<[userId: string, id: string], LogFacts>(
    `SELECT ${LOG_COLUMNS} FROM log l LEFT JOIN conversation c ON c.id = l.id ${withMe} WHERE l.id = ?`,
  );
  const logs = db.prepare<[userId: string], LogFacts>(
    `SELECT ${LOG_COLUMNS} FROM log l JOIN conversation c ON c.id = l.id ${withMe} WHERE l.kind = 'conversation'`,
  );
  const conversation = db.prepare<[id: string], ConversationColumns>(
    'SELECT org_id AS orgId, kind, protection, title, more FROM conversation WHERE id = ?',
  );
  const orgOf = db.prepare<[id: string], { readonly orgId: string }>(
    'SELECT org_id AS orgId FROM conversation WHERE id = ?',
  );
  const members = db.prepare<[conversationId: string], MemberFacts>(MEMBERS_SQL);
  const presentMembers = db.prepare<[conversationId: string], { readonly count: number }>(
    'SELECT count(*) AS count FROM member WHERE conversation_id = ? AND left_seq IS NULL',
  );
  const counts = createReceiptCountRows(db);
  const firstMembers = db.prepare<[conversationId: string], { readonly userId: string }>(
    'SELECT user_id AS userId FROM member WHERE conversation_id = ? LIMIT 3',
  );
  const directWith = db.prepare<[userId: string], { readonly id: string }>(
    `SELECT c.id FROM member m JOIN conversation c ON c.id = m.conversation_id
     WHERE m.user_id = ? AND c.kind = 'direct' LIMIT 1`,
  );
  const linkedTo = db.prepare<
    [type: string, itemId: string, orgId: string | null, again: string | null],
    { readonly id: string }
  >(
    `SELECT c.id FROM conversation c JOIN log l ON l.id = c.id WHERE c.kind = 'linked' AND l.is_left = 0
       AND c.more ->> '$.link.type' = ? AND c.more ->> '$.link.id' = ? AND (? IS NULL OR c.org_id = ?)
     ORDER BY c.id LIMIT 1`,
  );
  const nameOfPlace = db.prepare<[orgId: string, key: string], { readonly name: string | null }>(
    `SELECT value ->> 'name' AS name FROM entry WHERE log_id = ? AND key = ?`,
  );
  const said = db.prepare<[string, string, string, number], { readonly found: number }>(
    `SELECT 1 AS found FROM (SELECT sender_id, text, created_at FROM message WHERE conversation_id = ?
       ORDER BY create_seq DESC LIMIT 100) WHERE sender_id = ? AND text = ? AND created_at > ? LIMIT 1`,
  );
  const sitesOfMembers = db.prepare<[orgId: string, conversationId: string], { readonly count: number }>(
    `SELECT count(DISTINCT json_each.value) AS count FROM member m
       JOIN entry e ON e.key = 'places:' || m.user_id AND e.log_id = ?
       JOIN json_each(e.value, '$.siteIds')
     WHERE m.conversation_id = ? AND m.left_seq IS NULL`,
  );
  const coverage = db.prepare<[logId: string], Interval>(
    'SELECT lo, hi FROM coverage WHERE log_id = ? ORDER BY lo',
  );
  const older = db.prepare<[string, number, string, string, number], MessageColumns>(
    `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.conversation_id = ? AND m.create_seq <= ?
       AND m.thread_root_id IS NULL AND m.is_expired = 0 AND ${NOT_HIDDEN}
     ORDER BY m.create_seq DESC LIMIT ?`,
  );
  const newer = db.prepare<[string, number, string, string, number], MessageColumns>(
    `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.conversation_id = ? AND m.create_seq > ?
       AND m.thread_root_id IS NULL AND m.is_expired = 0 AND ${NOT_HIDDEN}
     ORDER BY m.create_seq LIMIT ?`,
  );
  const newest = db.prepare<[string, string, string, number], MessageColumns>(
    `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.conversation_id = ?
       AND m.thread_root_id IS NULL AND m.notices IS NULL AND m.is_expired = 0 AND ${NOT_HIDDEN}
     ORDER BY m.create_seq DESC LIMIT ?`,
  );
  const replies = db.prepare<[string, string, string, number], MessageColumns>(
    `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.thread_root_id = ? AND m.deleted_at IS NULL AND ${NOT_HIDDEN}
     ORDER BY m.create_seq DESC LIMIT ?`,
  );
  const threads = db.prepare<[rootIds: string], ThreadFacts>(
    `SELECT thread_root_id AS rootId, count(*) AS replies, max(created_at) AS lastAtMs FROM message
     WHERE thread_root_id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL GROUP BY thread_root_id`,
  );
  const message = db.prepare<[id: string], MessageColumns>(
    `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.id = ?`,
  );
  const cached = db.prepare<[id: string], { readonly seq: number }>(
    'SELECT create_seq AS seq FROM message WHERE id = ?',
  );
  const counted = db.prepare<[string, number, number, string, number], { readonly count: number }>(
    `SELECT count(*) AS count FROM (SELECT 1 FROM message WHERE conversation_id = ? AND create_seq > ?
       AND create_seq <= ? AND sender_id <> ? AND deleted_at IS NULL AND notices IS NULL AND thread_root_id IS NULL LIMIT ?)`,
  );
  const firstUnread = db.prepare<[string, number, string], { readonly seq: number }>(
    `SELECT create_seq AS seq FROM message WHERE conversation_id = ? AND create_seq > ?
       AND sender_id <> ? AND deleted_at IS NULL AND notices IS NULL AND thread_root_id IS NULL ORDER BY create_seq LIMIT 1`,
  );
  const policy = db.prepare<[orgId: string, key: string], { readonly value: string }>(
    'SELECT value FROM entry WHERE log_id = ? AND key = ?',
  );
  const applied = db.prepare<[opId: string], { readonly seq: number }>(
    'SELECT seq FROM own_op WHERE op_id = ?',
  );
  const tail = db.prepare<[logId: string], { readonly tail: number }>('SELECT tail FROM log WHERE id = ?');
  const metaValue = db.prepare<[name: string], { readonly value: string }>(
    'SELECT value FROM meta WHERE name = ?',
  );

  // The begin of what is held without a gap up to the tail; null while nothing is.
  const heldFrom = `SELECT l.id, l.floor_seq AS floorSeq,
      (SELECT max(lo) FROM coverage WHERE log_id = l.id AND lo <= l.tail) AS lo FROM log l`;
  const held = db.prepare<[id: string], HeldFrom>(`${heldFrom} WHERE l.id = ?`);
  const heldAll = db.prepare<[], HeldFrom>(`${heldFrom} WHERE l.kind = 'conversation'`);
  const firstFrom = db.prepare<[string, number], { readonly at: number }>(
    `SELECT created_at AS at FROM message WHERE conversation_id = ? AND create_seq >= ?
     ORDER BY create_seq LIMIT 1`,
  );

  return {
    /**
     * Since when this device holds every message, of one conversation or (null) of all; null when it holds all there
     * are, the far future when it holds none.
     */
    heldSinceMs(conversationId: string | null): number | null {
      let sinceMs: number | null = null;
      for (const { id, lo, floorSeq } of conversationId === null ? heldAll.all() : held.all(conversationId)) {
        if (lo !== null && lo <= floorSeq + 1) continue;
        const at = lo === null ? undefined : firstFrom.get(id, lo)?.at;
        sinceMs = Math.max(sinceMs ?? 0, at ?? Number.MAX_SAFE_INTEGER);
      }
      return sinceMs;
    },
    log: (id: string): LogFacts | undefined => log.get(userId, id),
    /** Whether one of the newest messages of a conversation is this text of a person, sent after a time. */
    saidSince: (conversationId: string, senderId: string, text: string, sinceMs: number): boolean =>
      said.get(conversationId, senderId, text, sinceMs) !== undefined,
    /** Every conversation that can be shown. */
    logs: (): readonly LogFacts[] => logs.all(userId),
    tail: (logId: string): number => tail.get(logId)?.tail ?? 0,
    conversation(id: string): ConversationFacts | undefined {
      const row = conversation.get(id);
      if (!row) return undefined;
      const { more, ...facts } = row;
      const { pins, isClosed, messageTtlMs, link, audience }: MoreSettings = JSON.parse(more);
      return { ...facts, pins, isClosed, messageTtlMs, link, audience };
    },
    /** What an organisation allows; empty where it set nothing. */
    policyOf(orgId: string): Policy {
      const row = policy.get(orgId, `policy:${orgId}`);
      const parsed = row && policySchema.safeParse(JSON.parse(row.value));
      return parsed?.success ? parsed.data : {};
    },
    /** The organisation of a conversation; null while it is not known. */
    orgIdOf: (id: string): string | null => orgOf.get(id)?.orgId ?? null,
    members: (conversationId: string): readonly MemberFacts[] => members.all(conversationId),
    /** Whether so many are in it that receipts are counts. */
    isCrowd: (conversationId: string): boolean =>
      (presentMembers.get(conversationId)?.count ?? 0) > limits.receiptMembers,
    /** How far messages of crowds got. */
    receiptCount: counts.find,
    countsVersion: counts.version,
    /** The conversation of an item of another system that is held here, in an organisation or (null) in any. */
    linkedTo: (type: string, itemId: string, orgId: string | null): string | undefined =>
      linkedTo.get(type, itemId, orgId, orgId)?.id,
    /** Name of an organisation, a site or a unit, by its key in the organisation's log; null when unknown here. */
    nameOfPlace: (orgId: string, key: string): string | null => nameOfPlace.get(orgId, key)?.name ?? null,
    /** How many sites of an organisation the members of a conversation belong to. */
    sitesOfMembers: (conversationId: string, orgId: string): number =>
      sitesOfMembers.get(orgId, conversationId)?.count ?? 0,
    /** The other person of a direct conversation; myself in one with myself. */
    peerOf(conversationId: string): string | null {
      const ids = firstMembers.all(conversationId).map((member) => member.userId);
      return ids.find((id) => id !== userId) ?? ids[0] ?? null;
    },
    /** The direct conversation with another person; every one of mine has me in it, so not with myself. */
    directWith: (peerId: string): string | undefined =>
      peerId === userId ? undefined : directWith.get(peerId)?.id,
    coverage: (logId: string): IntervalSet => coverage.all(logId),
    /** The newest `limit` visible messages at or below a position, oldest first; `shown` are visible in any case. */
    older: (
      conversationId: string,
      seq: number,
      limit: number,
      shown: readonly string[],
    ): readonly Message[] =>
      older.all(conversationId, seq, userId, shown.join(), limit).map(toMessage).reverse(),
    /** The oldest `limit` visible messages above a position, oldest first; `shown` are visible in any case. */
    newer: (
      conversationId: string,
      seq: number,
      limit: number,
      shown: readonly string[],
    ): readonly Message[] => newer.all(conversationId, seq, userId, shown.join(), limit).map(toMessage),
    /** The newest `limit` visible messages that a person wrote, newest first; `shown` are visible in any case. */
    newest: (conversationId: string, limit: number, shown: readonly string[]): readonly Message[] =>
      newest.all(conversationId, userId, shown.join(), limit).map(toMessage),
    /** The newest `limit` visible replies of a thread, oldest first; `shown` are visible in any case. */
    replies: (rootId: string, limit: number, shown: readonly string[]): readonly Message[] =>
      replies.all(rootId, userId, shown.join(), limit).map(toMessage).reverse(),
    /** The threads that hang on these messages, as far as their replies are held. */
    threads: (rootIds: readonly string[]): readonly ThreadFacts[] => threads.all(JSON.stringify(rootIds)),
    message(id: string): Message | undefined {
      const row = message.get(id);
      return row && toMessage(row);
    },
    /** Position of a held message. */
    seqOf: (messageId: string): number | undefined => cached.get(messageId)?.seq,
    /** Held messages of others in (after, upTo] that count as unread, up to {@link UNREAD_CAP}. */
    countUnread: (conversationId: string, after: number, upTo: number): number =>
      counted.get(conversationId, after, upTo, userId, UNREAD_CAP)?.count ?? 0,
    /** Position of the first such message above `after`. */
    firstUnread: (conversationId: string, after: number): number | undefined =>
      firstUnread.get(conversationId, after, userId)?.seq,
    /** Whether the event of an own op is in the cache already. */
    isApplied: (opId: string): boolean => applied.get(opId) !== undefined,
    isFirstSyncDone: (): boolean => metaValue.get('firstSyncDone') !== undefined,
  };
}

function toMessage(row: MessageColumns): Message {
  const reactions: readonly Reaction[] = row.reactions === '[]' ? [] : JSON.parse(row.reactions);
  const mentions: readonly string[] = row.mentions === '[]' ? [] : JSON.parse(row.mentions);
  const extras: MessageExtras = row.extras === '{}' ? {} : JSON.parse(row.extras);
  const { notices, ...columns } = row;
  const message = { ...columns, reactions: [...reactions], mentions: [...mentions], extras };
  return notices === null ? message : { ...message, notices: JSON.parse(notices) };
}
