/** Rows of cache.db whose time is over: disappearing messages, and what an organisation keeps no longer. Owns the SQL. */
import { policySchema } from '@curlew/shared/domain/entries.ts';
import type { Sqlite } from './sqlite.ts';

/** Days are of 24 hours: nobody promises a deletion to the minute of a time zone. */
const DAY_MS = 86_400_000;
/** Messages looked at in one go; a conversation that has more is asked again. */
const PAGE = 500;

/** A message that was emptied. */
export interface GoneMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string;
}

/** See the head of this file. */
export type LifetimeRows = ReturnType<typeof createLifetimeRows>;

/** Prepares the statements. */
export function createLifetimeRows(db: Sqlite) {
  const over = db.prepare<[nowMs: number], GoneMessage>(
    `SELECT id, conversation_id AS conversationId, sender_id AS senderId FROM message WHERE expires_at <= ?`,
  );
  // The revision stays: the server's own deletion comes later and is then merged like any other.
  const empty = db.prepare(
    `UPDATE message SET text = NULL, reply_to = NULL, mentions = '[]', extras = '{}', reactions = '[]', edited_at = NULL,
       composed_at = created_at, deleted_at = expires_at, is_expired = 1, expires_at = NULL WHERE expires_at <= ?`,
  );
  const next = db.prepare<[], { at: number | null }>(
    'SELECT min(expires_at) AS at FROM message WHERE expires_at IS NOT NULL',
  );
  const policies = db.prepare<[], { orgId: string; value: string }>(
    `SELECT log_id AS orgId, value FROM entry WHERE key >= 'policy:' AND key < 'policy;'`,
  );
  const conversations = db.prepare<[orgId: string], { id: string }>(
    'SELECT id FROM conversation WHERE org_id = ?',
  );
  const oldest = db.prepare<[id: string, limit: number], { seq: number; at: number }>(
    'SELECT create_seq AS seq, created_at AS at FROM message WHERE conversation_id = ? ORDER BY create_seq LIMIT ?',
  );
  const known = db.prepare<[id: string, floor: number], { id: string; floor: number }>(
    'SELECT id, floor_seq AS floor FROM log WHERE id = ? AND floor_seq < ?',
  );
  const drop = db.prepare('DELETE FROM message WHERE conversation_id = ? AND create_seq <= ?');
  const raise = db.prepare(
    'UPDATE log SET floor_seq = max(floor_seq, @floor), dropped_at = max(coalesce(dropped_at, @at), @at) WHERE id = @id',
  );
  const raiseAsTold = db.prepare('UPDATE log SET floor_seq = max(floor_seq, ?) WHERE id = ?');
  // The rule was changed, or the clock was wrong: what the server still has is a hole, and fetched like any other.
  const takeBack = db.prepare<[nowMs: number], { id: string }>(
    `UPDATE log SET floor_seq = server_floor_seq, dropped_at = NULL
     WHERE dropped_at IS NOT NULL AND dropped_at >= coalesce((
       SELECT ? - (e.value ->> 'retentionDays') * ${DAY_MS} FROM conversation c
       JOIN entry e ON e.log_id = c.org_id AND e.key = 'policy:' || c.org_id WHERE c.id = log.id), 0)
     RETURNING id`,
  );
  const uncover = db.prepare('DELETE FROM coverage WHERE log_id = ? AND hi <= ?');
  const cut = db.prepare('UPDATE coverage SET lo = ? WHERE log_id = ? AND lo <= ?');

  /** Forgets what stands up to a position, and that it was ever held. */
  const forgetUpTo = (id: string, floor: number): void => {
    drop.run(id, floor);
    uncover.run(id, floor);
    cut.run(floor + 1, id, floor);
  };

  /** The last message of a conversation that is older than `beforeMs`, of those held without a younger one before. */
  const lastOld = (id: string, beforeMs: number): { seq: number; at: number } | undefined => {
    for (let limit = 1; ; limit = PAGE) {
      const rows = oldest.all(id, limit);
      const young = rows.findIndex(({ at }) => at >= beforeMs);
      if (young !== -1 || rows.length < limit) return young === -1 ? rows.at(-1) : rows[young - 1];
      if (limit === PAGE) return rows.at(-1);
    }
  };

  return {
    /** Empties disappearing messages whose time is over. */
    emptyExpired(nowMs: number): readonly GoneMessage[] {
      const gone = over.all(nowMs);
      if (gone.length > 0) empty.run(nowMs);
      return gone;
    },
    /** When the next disappearing message goes; null: none is held. */
    nextExpiryMs: (): number | null => next.get()?.at ?? null,
    /** Removes what organisations keep no longer, and no more than that; the conversations it was in. */
    dropOld(nowMs: number): readonly string[] {
      const changed = new Set(takeBack.all(nowMs).map(({ id }) => id));
      for (const { orgId, value } of policies.all()) {
        const policy = policySchema.safeParse(JSON.parse(value));
        const days = policy.success ? policy.data.retentionDays : undefined;
        if (days === undefined || days === null) continue;
        for (const { id } of conversations.all(orgId)) {
          for (;;) {
            const last = lastOld(id, nowMs - days * DAY_MS);
            if (!last) break;
            forgetUpTo(id, last.seq);
            raise.run({ id, floor: last.seq, at: last.at });
            changed.add(id);
          }
        }
      }
      return [...changed];
    },
    /** The server has nothing up to `floor` any more; whether something was held of it. */
    trimTo(id: string, floor: number): boolean {
      const isNews = known.get(id, floor) !== undefined;
      if (isNews) {
        forgetUpTo(id, floor);
        raiseAsTold.run(floor, id);
      }
      return isNews;
    },
  };
}
