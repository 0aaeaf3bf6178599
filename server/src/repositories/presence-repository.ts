/** What presence shows beyond live sockets: chosen states and last-seen times, read from account logs and accounts. */
import { accountEntrySchemas } from '@curlew/shared/domain/entries.ts';
import type { PrismaClient } from '../infra/generated/client.ts';

/** A chosen state; null = online while connected. */
export type ChosenStatus = { readonly state: 'away' | 'dnd'; readonly untilMs: number | null } | null;

/** One person's stored presence. `lastSeenMs` is null for people who never connected or keep it to themselves. */
export interface StoredPresence {
  readonly status: ChosenStatus;
  readonly lastSeenMs: number | null;
}

/** See the file's head. */
export interface PresenceRepository {
  read(userIds: readonly string[]): Promise<ReadonlyMap<string, StoredPresence>>;
}

/** Creates the repository over Prisma. */
export function createPresenceRepository(prisma: PrismaClient): PresenceRepository {
  return {
    async read(userIds) {
      const ids = [...userIds];
      const [people, entries] = await Promise.all([
        prisma.user.findMany({ where: { id: { in: ids } }, select: { id: true, lastSeenAt: true } }),
        prisma.logEntry.findMany({
          where: {
            logId: { in: ids },
            key: { in: ids.flatMap((id) => [`status:${id}`, `preferences:${id}`]) },
          },
        }),
      ]);
      const values = new Map(entries.map(({ logId, key, value }) => [`${logId} ${key}`, value]));
      return new Map(
        people.map(({ id, lastSeenAt }) => {
          const status = accountEntrySchemas.status.safeParse(values.get(`${id} status:${id}`));
          const preferences = accountEntrySchemas.preferences.safeParse(
            values.get(`${id} preferences:${id}`),
          );
          const isHidden = preferences.data?.shareLastSeen === false;
          return [
            id,
            { status: status.data ?? null, lastSeenMs: isHidden ? null : (lastSeenAt?.getTime() ?? null) },
          ] as const;
        }),
      );
    },
  };
}
