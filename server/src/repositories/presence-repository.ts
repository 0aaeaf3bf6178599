/**
 * What presence shows beyond live sockets: chosen states and last-seen times, and who may see them. Read from account
 * logs, accounts and memberships; kept nowhere.
 */
import type { Pool } from 'pg';
import { accountEntrySchemas } from '@curlew/shared/domain/entries.ts';
import type { z } from 'zod';
import type { PrismaClient } from '../infra/generated/client.ts';

/** A chosen state; null = online while connected. */
export type ChosenStatus = z.infer<typeof accountEntrySchemas.status> | null;

/** One person's stored presence. `lastSeenMs` is null for people who never connected. */
export interface StoredPresence {
  readonly status: ChosenStatus;
  readonly lastSeenMs: number | null;
}

/** How much of somebody's presence a person sees: none, all but when they were last online, or all. */
export type Sight = 'hidden' | 'presence' | 'lastSeen';

/** Somebody who watches, and whom. */
export interface WatchPair {
  readonly viewerId: string;
  readonly userId: string;
}

/** What one person may see of another; `byConversations`: because of conversations they share, or do not. */
export interface PairSight extends WatchPair {
  readonly sight: Sight;
  readonly byConversations: boolean;
}

/** See the file's head. */
export interface PresenceRepository {
  read(userIds: readonly string[]): Promise<ReadonlyMap<string, StoredPresence>>;
  /** What the viewers may see. Pairs of people who share no organisation are left out. */
  sights(pairs: readonly WatchPair[]): Promise<readonly PairSight[]>;
}

/** Creates the repository over Prisma, and the pool for the query Prisma cannot say. */
export function createPresenceRepository(prisma: PrismaClient, pool: Pool): PresenceRepository {
  return {
    async read(userIds) {
      const ids = [...userIds];
      const [people, entries] = await Promise.all([
        prisma.user.findMany({ where: { id: { in: ids } }, select: { id: true, lastSeenAt: true } }),
        prisma.logEntry.findMany({
          where: { logId: { in: ids }, key: { in: ids.map((id) => `status:${id}`) } },
        }),
      ]);
      const values = new Map(entries.map(({ logId, value }) => [logId, value]));
      return new Map(
        people.map(({ id, lastSeenAt }) => {
          const status = accountEntrySchemas.status.safeParse(values.get(id));
          return [id, { status: status.data ?? null, lastSeenMs: lastSeenAt?.getTime() ?? null }] as const;
        }),
      );
    },

    async sights(pairs) {
      if (pairs.length === 0) return [];
      const { rows } = await pool.query<PairSight>({
        name: 'presence_sights',
        // Conversations are only looked at for those who ask for it; an announcement is no acquaintance.
        text: `
          WITH asked AS (
            SELECT p.viewer_id, p.user_id,
              coalesce(e.value->>'presenceAudience', 'organizations') AS presence,
              coalesce(e.value->>'lastSeenAudience', 'organizations') AS last_seen
            FROM unnest($1::uuid[], $2::uuid[]) AS p(viewer_id, user_id)
            LEFT JOIN log_entry e ON e.log_id = p.user_id AND e.key = 'preferences:' || p.user_id
            WHERE EXISTS (
              SELECT 1 FROM org_member mine JOIN org_member theirs ON theirs.org_id = mine.org_id
              WHERE mine.user_id = p.viewer_id AND mine.left_seq IS NULL
                AND theirs.user_id = p.user_id AND theirs.left_seq IS NULL)
          ), met AS (
            SELECT *, 'conversations' IN (presence, last_seen) AS by_conversations,
              'conversations' IN (presence, last_seen) AND EXISTS (
                SELECT 1 FROM member mine
                JOIN member theirs ON theirs.conversation_id = mine.conversation_id
                JOIN conversation c ON c.id = mine.conversation_id
                WHERE mine.user_id = viewer_id AND mine.left_seq IS NULL
                  AND theirs.user_id = asked.user_id AND theirs.left_seq IS NULL
                  AND c.kind <> 'announcement') AS is_met
            FROM asked
          )
          SELECT viewer_id AS "viewerId", user_id AS "userId", by_conversations AS "byConversations",
            CASE
              WHEN viewer_id = user_id THEN 'lastSeen'
              WHEN NOT (presence = 'organizations' OR presence = 'conversations' AND is_met) THEN 'hidden'
              WHEN last_seen = 'organizations' OR last_seen = 'conversations' AND is_met THEN 'lastSeen'
              ELSE 'presence'
            END AS sight
          FROM met`,
        values: [pairs.map(({ viewerId }) => viewerId), pairs.map(({ userId }) => userId)],
      });
      return rows;
    },
  };
}
