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
import { createOrgEntries, type OrgEntries } from './store/views/org-entries.ts';
import type { AccountStores } from './store/store-types.ts';

/** Reads of one account. */
export interface AccountQueries {
  /** Name as an organisation shows it; null when unknown here. */
  personName(userId: string): string | null;
  /** Position and version of a message; undefined when it is not cached. */
  message(messageId: string): { readonly createSeq: number; readonly revSeq: number } | undefined;
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
  isMuted(conversationId: string, nowMs: number): boolean;
  /** The person asked not to be disturbed. */
  isQuiet(nowMs: number): boolean;
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
  const message = cacheDb.prepare<[string], { createSeq: number; revSeq: number }>(
    'SELECT create_seq AS createSeq, rev_seq AS revSeq FROM message WHERE id = ?',
  );
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
  return {
    personName,
    conversationName(id) {
      const peerId = other.get(id, userId)?.id ?? created.get(id)?.id;
      return title.get(id)?.title ?? (peerId ? personName(peerId) : null);
    },
    message: (messageId) => message.get(messageId),
    directWith: (id, orgId) => direct.get(userId, id, orgId ?? null, orgId ?? null)?.id,
    orgsOf: (id) =>
      orgs
        .all(`role:${id}`)
        .filter(({ value }) => orgEntrySchemas.role.safeParse(JSON.parse(value)).data?.deactivated !== true)
        .map((row) => row.log_id),
    orgEntries: createOrgEntries(cacheDb, outboxDb),
    conversationTitle: (conversationId) => title.get(conversationId)?.title ?? null,
    messageTtlMs: (id) => (pendingTtl.get(id) ?? ttl.get(id))?.ttl ?? null,
    isMuted(conversationId, nowMs) {
      const parsed = accountEntrySchemas.mute.safeParse(own(`mute:${conversationId}`));
      return parsed.success && isRunning(parsed.data.untilMs, nowMs);
    },
    isQuiet(nowMs) {
      const parsed = accountEntrySchemas.status.safeParse(newest(`status:${userId}`));
      return parsed.success && parsed.data.state === 'dnd' && isRunning(parsed.data.untilMs, nowMs);
    },
    preferences() {
      return accountEntrySchemas.preferences.safeParse(newest(`preferences:${userId}`)).data ?? {};
    },
    unreadFrom(conversationId) {
      const parsed = accountEntrySchemas.unread.safeParse(newest(`unread:${conversationId}`));
      return parsed.success ? parsed.data.fromSeq : null;
    },
  };
}

function isRunning(untilMs: number | null, nowMs: number): boolean {
  return untilMs === null || untilMs > nowMs;
}
