/**
 * Small reads of the cache that intents and notifications need. Owns those queries; each uses an index and reads a
 * handful of rows. Views have their own (`store/views/`).
 */
import {
  accountEntrySchemas,
  orgEntrySchemas,
  personSchema,
  type PreferencesEntry,
} from '@curlew/shared/domain/entries.ts';
import { HERE, type ConversationKind, type ReceiptCount } from '@curlew/shared/domain/message.ts';
import type { ConversationLevel, Until } from './notification-rule.ts';
import { createOrgEntries, type OrgEntries } from './store/views/org-entries.ts';
import { createReceiptCountRows } from './store/receipt-counts.ts';
import { createReceiptTimeRows, type ReceiptTimes } from './store/receipt-times.ts';
import type { AccountStores } from './store/store-types.ts';
import { ThreadFollowing } from './store/views/thread-following.ts';
import { MEMBERS_SQL, type MemberFacts } from './store/views/cache-reads.ts';

/** Who has a message, and since when. */
export interface MessageReceipt extends ReceiptTimes {
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/** A message of somebody, as it stands. */
export interface NewMessage {
  readonly logId: string;
  readonly seq: number;
  /** Server time. */
  readonly at: number;
  readonly senderId: string;
  readonly messageId: string;
  readonly text: string;
  readonly replyTo: string | null;
  readonly threadRootId: string | null;
  readonly mentions: readonly string[];
  /** It passes "do not disturb". */
  readonly isUrgent: boolean;
}

/** Reads of one account. */
export interface AccountQueries {
  /** Name as an organisation shows it; null when unknown here. */
  personName(userId: string): string | null;
  /** Position, version and author of a message; undefined when it is not cached. */
  message(messageId: string):
    | {
        readonly createSeq: number;
        readonly revSeq: number;
        readonly senderId: string;
        readonly isDeleted: boolean;
      }
    | undefined;
  /** Who of the others has a message, as far as this device knows: those who were in when it was said and still are. */
  receiptsOf(conversationId: string, seq: number): readonly MessageReceipt[];
  /** How many of a crowd have a message, as last told. */
  receiptCount(conversationId: string, seq: number): ReceiptCount | undefined;
  /** The direct conversation with a person, if this device knows one; of one organisation, or (undefined) of any. */
  directWith(userId: string, orgId?: string): string | undefined;
  /** Organisations this person belongs to, as far as known here. */
  orgsOf(userId: string): readonly string[];
  /** What an organisation has set, with what this device set over it. */
  orgEntries(orgId: string): OrgEntries;
  /** Title of a conversation that has one. */
  conversationTitle(conversationId: string): string | null;
  /** Its title, or the other person's name; null when unknown here. */
  conversationName(conversationId: string): string | null;
  /** How long new messages of a conversation live, in ms, also as set here a moment ago; null: for ever. */
  messageTtlMs(conversationId: string): number | null;
  /** A running mute, also one that this device has only just set. */
  mute(conversationId: string, nowMs: number): Until | null;
  /** What of the conversation notifies, where that is set, also a moment ago; null: as this device is set. */
  notifyLevel(conversationId: string): ConversationLevel | null;
  /** The person asked not to be disturbed. */
  doNotDisturb(nowMs: number): Until | null;
  /** What a conversation is; undefined when this device does not know it yet. */
  conversationFacts(
    conversationId: string,
  ): { readonly kind: ConversationKind; readonly isPrivate: boolean } | undefined;
  /** Every id that names me in a conversation. */
  namesMe(conversationId: string, mentions: readonly string[]): boolean;
  /** The newest messages behind a position that people wrote and nobody deleted, oldest first. */
  newestMessages(conversationId: string, afterSeq: number, limit: number): readonly NewMessage[];
  /** Whether an op of this id was composed here and is still kept. */
  isComposed(opId: string): boolean;
  /** How far the replies of a thread were read, here or on another device. */
  threadReadSeq(rootId: string): number;
  /** Whether I wrote in a thread or its root, or am named there, as far as this device knows. */
  followsThread(conversationId: string, rootId: string): boolean;
  /** Who sees what of me, also what this device has only just set. */
  preferences(): PreferencesEntry;
  /** "Unread from here" of a conversation, also when this device has only just set it; null: no such mark. */
  unreadFrom(conversationId: string): number | null;
}

/** Prepares the reads. `userId` owns the account log. */
export function createAccountQueries(
  { cacheDb, outboxDb }: Pick<AccountStores, 'cacheDb' | 'outboxDb'>,
  userId: string,
): AccountQueries {
  const person = cacheDb.prepare<[string], { value: string }>(
    'SELECT value FROM entry WHERE key = ? LIMIT 1',
  );
  const orgs = cacheDb.prepare<[string], { log_id: string; value: string }>(
    'SELECT log_id, value FROM entry WHERE key = ?',
  );
  const message = cacheDb.prepare<
    [string],
    { createSeq: number; revSeq: number; senderId: string; deletedAt: number | null }
  >(
    `SELECT create_seq AS createSeq, rev_seq AS revSeq, sender_id AS senderId, deleted_at AS deletedAt FROM message
      WHERE id = ?`,
  );
  const facts = cacheDb.prepare<[string], { kind: ConversationKind; protection: string }>(
    'SELECT kind, protection FROM conversation WHERE id = ?',
  );
  const threadRead = cacheDb.prepare<[string], { seq: number }>(
    'SELECT read_seq AS seq FROM thread WHERE root_id = ?',
  );
  const behind = cacheDb.prepare<
    [string, number, number],
    Omit<NewMessage, 'mentions' | 'isUrgent'> & { readonly mentions: string; readonly isUrgent: number }
  >(
    `SELECT conversation_id AS logId, create_seq AS seq, created_at AS at, sender_id AS senderId, id AS messageId, text,
       reply_to AS replyTo, thread_root_id AS threadRootId, mentions,
       extras ->> '$.urgent' IS NOT NULL AS isUrgent FROM message
      WHERE conversation_id = ? AND create_seq > ? AND text IS NOT NULL AND notices IS NULL
      ORDER BY create_seq DESC LIMIT ?`,
  );
  const composed = outboxDb.prepare<[string]>('SELECT 1 FROM op WHERE op_id = ?');
  const ownThreadRead = outboxDb.prepare<[string], { seq: number }>(
    'SELECT wanted AS seq FROM thread_mark WHERE root_id = ?',
  );
  // A thread this device does not hold whole is followed if heads named it, which they do while it has something unread.
  const namedByHeads = cacheDb.prepare<[rootId: string]>(
    'SELECT 1 FROM thread WHERE root_id = ? AND unread > 0',
  );
  const following = new ThreadFollowing(cacheDb, userId);
  const members = cacheDb.prepare<[string], MemberFacts>(MEMBERS_SQL);
  const times = createReceiptTimeRows(cacheDb);
  const direct = cacheDb.prepare<[string, string, string | null, string | null], { id: string }>(
    `SELECT c.id FROM member AS them
       JOIN conversation AS c ON c.id = them.conversation_id AND c.kind = 'direct'
       JOIN member AS me ON me.conversation_id = c.id AND me.user_id = ?
      WHERE them.user_id = ? AND (? IS NULL OR c.org_id = ?) LIMIT 1`,
  );
  const other = cacheDb.prepare<[string, string], { id: string }>(
    'SELECT user_id AS id FROM member WHERE conversation_id = ? AND user_id <> ? LIMIT 1',
  );
  const created = outboxDb.prepare<[string], { id: string | null }>(
    `SELECT bytes ->> 'peerId' AS id FROM op WHERE lane = ? AND kind = 'conversation.create' AND json_valid(bytes) LIMIT 1`,
  );
  const title = cacheDb.prepare<[string], { title: string | null }>(
    'SELECT title FROM conversation WHERE id = ?',
  );
  const entry = cacheDb.prepare<[string, string], { value: string }>(
    'SELECT value FROM entry WHERE log_id = ? AND key = ?',
  );
  const pending = outboxDb.prepare<[string, string], { bytes: string }>(
    `SELECT bytes FROM op WHERE target = ? AND lane = ? AND kind = 'account.set' ORDER BY n DESC LIMIT 1`,
  );
  const ttl = cacheDb.prepare<[string], { ttl: number | null }>(
    `SELECT more ->> 'messageTtlMs' AS ttl FROM conversation WHERE id = ?`,
  );
  const pendingTtl = outboxDb.prepare<[string], { ttl: number | null }>(
    `SELECT bytes ->> 'messageTtlMs' AS ttl FROM op WHERE lane = ? AND kind = 'conversation.update' AND json_valid(bytes)
       AND json_type(bytes, '$.messageTtlMs') IS NOT NULL AND state NOT IN ('REJECTED', 'CANCELLED') ORDER BY n DESC LIMIT 1`,
  );
  const own = (key: string): unknown => {
    const row = entry.get(userId, key);
    return row === undefined ? undefined : JSON.parse(row.value);
  };
  /** With what this device set and the server has not confirmed. */
  const newest = (key: string): unknown => {
    const waiting = pending.get(key, userId);
    return waiting ? JSON.parse(waiting.bytes).value : own(key);
  };
  const personName = (id: string): string | null => {
    const row = person.get(`person:${id}`);
    const parsed = row && personSchema.safeParse(JSON.parse(row.value));
    return parsed?.success ? parsed.data.name : null;
  };
  const counts = createReceiptCountRows(cacheDb);
  /** The ids a mention of which means me. */
  const ownNames = (conversationId: string): readonly string[] => {
    const places = orgs.all(`places:${userId}`).flatMap(({ value }) => {
      const parsed = orgEntrySchemas.places.safeParse(JSON.parse(value));
      return parsed.success ? [...parsed.data.siteIds, ...parsed.data.unitIds] : [];
    });
    return [userId, HERE, conversationId, ...places];
  };
  return {
    personName,
    conversationName(id) {
      const peerId = other.get(id, userId)?.id ?? created.get(id)?.id;
      return title.get(id)?.title ?? (peerId ? personName(peerId) : null);
    },
    message(messageId) {
      const row = message.get(messageId);
      return row && { ...row, isDeleted: row.deletedAt !== null };
    },
    receiptsOf: (conversationId, seq) =>
      members
        .all(conversationId)
        .filter((it) => it.userId !== userId && it.leftSeq === null && it.joinedSeq <= seq)
        .map(({ userId: memberId, deliveredSeq, readSeq }) => {
          const { deliveredAtMs, readAtMs } = times.timesOf(conversationId, memberId, seq);
          const hasRead = readSeq >= seq;
          return {
            userId: memberId,
            deliveredSeq,
            readSeq,
            deliveredAtMs,
            readAtMs: hasRead ? readAtMs : null,
          };
        }),
    receiptCount: counts.find,
    directWith: (id, orgId) => direct.get(userId, id, orgId ?? null, orgId ?? null)?.id,
    orgsOf: (id) =>
      orgs
        .all(`role:${id}`)
        .filter(({ value }) => orgEntrySchemas.role.safeParse(JSON.parse(value)).data?.deactivated !== true)
        .map((row) => row.log_id),
    orgEntries: createOrgEntries(cacheDb, outboxDb),
    conversationTitle: (conversationId) => title.get(conversationId)?.title ?? null,
    messageTtlMs: (id) => (pendingTtl.get(id) ?? ttl.get(id))?.ttl ?? null,
    mute(conversationId, nowMs) {
      const parsed = accountEntrySchemas.mute.safeParse(newest(`mute:${conversationId}`));
      return parsed.success ? running(parsed.data.untilMs, nowMs) : null;
    },
    notifyLevel(conversationId) {
      return accountEntrySchemas.notify.safeParse(newest(`notify:${conversationId}`)).data?.level ?? null;
    },
    doNotDisturb(nowMs) {
      const parsed = accountEntrySchemas.status.safeParse(newest(`status:${userId}`));
      return parsed.success && parsed.data.state === 'dnd' ? running(parsed.data.untilMs, nowMs) : null;
    },
    conversationFacts(id) {
      const row = facts.get(id);
      return row && { kind: row.kind, isPrivate: row.protection !== 'server' };
    },
    namesMe(conversationId, mentions) {
      // Most messages name nobody: nothing is read for them.
      if (mentions.length === 0) return false;
      const own = ownNames(conversationId);
      return mentions.some((id) => own.includes(id));
    },
    followsThread(conversationId, rootId) {
      const names = JSON.stringify(ownNames(conversationId));
      const root = following.root(rootId, names);
      return following.since(rootId, root, names) !== null || namedByHeads.get(rootId) !== undefined;
    },
    newestMessages: (id, afterSeq, limit) =>
      behind
        .all(id, afterSeq, limit)
        .map((row) => ({
          ...row,
          mentions: JSON.parse(row.mentions) as string[],
          isUrgent: row.isUrgent === 1,
        }))
        .reverse(),
    isComposed: (opId) => composed.get(opId) !== undefined,
    threadReadSeq: (rootId) =>
      Math.max(threadRead.get(rootId)?.seq ?? 0, ownThreadRead.get(rootId)?.seq ?? 0),
    preferences() {
      return accountEntrySchemas.preferences.safeParse(newest(`preferences:${userId}`)).data ?? {};
    },
    unreadFrom(conversationId) {
      const parsed = accountEntrySchemas.unread.safeParse(newest(`unread:${conversationId}`));
      return parsed.success ? parsed.data.fromSeq : null;
    },
  };
}

function running(untilMs: number | null, nowMs: number): Until | null {
  return untilMs === null || untilMs > nowMs ? { untilMs } : null;
}
