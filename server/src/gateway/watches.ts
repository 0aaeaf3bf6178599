/**
 * Who watches whose presence. Owns the rooms of watchers, one per person and sight, and promises that a socket is in
 * the room of what its person may see: also after somebody left an organisation or a conversation, or chose anew who
 * sees their presence.
 */
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import type { PresenceRepository, WatchPair } from '../repositories/presence-repository.ts';
import { seenAs, type PresenceBook, type PresenceChange } from '../services/presence.ts';
import type { FanOut } from '../services/service-types.ts';
import { userRoom, watchRoom, type GatewayServer, type GatewaySocket } from './session.ts';

/** See the file's head. */
export interface Watches {
  /**
   * Watches these people, those in an organisation of the socket's person, instead of the ones before.
   * @returns how they stand, as far as the person may see it; undefined when a later call or the end of the socket
   * made this one void
   */
  watch(socket: GatewaySocket, userIds: readonly string[]): Promise<readonly Presence[] | undefined>;
  /** Tells the watchers of a person, each as much as they may see. */
  tell(change: PresenceChange): void;
  /** What was committed may have changed who sees whom: those who see more or less now are told what. */
  committed(fanOuts: readonly FanOut[]): Promise<void>;
}

/** What may have changed for these people: what others see of them, and what they see. */
interface Review {
  readonly userIds: readonly string[];
  /** Only where a sight hangs on conversations. */
  readonly byConversations: boolean;
}

/** Creates the book of one node. */
export function createWatches(
  io: GatewayServer,
  repository: Pick<PresenceRepository, 'sights'>,
  presence: () => Pick<PresenceBook, 'view'>,
): Watches {
  /** Counts reviews, so that a watch whose sights were read before one is read again. */
  let reviews = 0;

  const socketsIn = (room: string): readonly GatewaySocket[] =>
    [...(io.sockets.adapter.rooms.get(room) ?? [])].flatMap((id) => io.sockets.sockets.get(id) ?? []);
  const watchersOf = (userId: string): readonly GatewaySocket[] =>
    (['hidden', 'presence', 'lastSeen'] as const).flatMap((sight) => socketsIn(watchRoom(sight, userId)));

  const unwatch = (socket: GatewaySocket, userId: string): void => {
    const watch = socket.data.session.watching.get(userId);
    if (watch) void socket.leave(watchRoom(watch.sight, userId));
    socket.data.session.watching.delete(userId);
  };

  const review = async ({ userIds, byConversations }: Review): Promise<void> => {
    const concerned = new Map<string, { readonly socket: GatewaySocket; readonly pair: WatchPair }>();
    const add = (socket: GatewaySocket, userId: string): void => {
      const { watching, caller } = socket.data.session;
      if (byConversations && !watching.get(userId)?.byConversations) return;
      concerned.set(`${socket.id} ${userId}`, { socket, pair: { viewerId: caller.userId, userId } });
    };
    for (const userId of userIds) {
      for (const socket of socketsIn(userRoom(userId)))
        for (const other of socket.data.session.watching.keys()) add(socket, other);
      for (const socket of watchersOf(userId)) add(socket, userId);
    }
    if (concerned.size === 0) return;
    const pairs = [...concerned.values()];
    let sights = new Map<string, Awaited<ReturnType<typeof repository.sights>>[number]>();
    try {
      const found = await repository.sights(pairs.map(({ pair }) => pair));
      sights = new Map(found.map((it) => [`${it.viewerId} ${it.userId}`, it]));
    } finally {
      // Also when that could not be read: then all of them end, and the next watch brings back what may be.
      const changed: { readonly socket: GatewaySocket; readonly pair: WatchPair }[] = [];
      for (const { socket, pair } of pairs) {
        const before = socket.data.session.watching.get(pair.userId);
        const after = sights.get(`${pair.viewerId} ${pair.userId}`);
        if (!before || before.sight === after?.sight) continue;
        unwatch(socket, pair.userId);
        if (!after) continue;
        void socket.join(watchRoom(after.sight, pair.userId));
        socket.data.session.watching.set(pair.userId, after);
        changed.push({ socket, pair });
      }
      await tellSight(changed);
    }
  };

  const tellSight = async (
    changed: readonly { readonly socket: GatewaySocket; readonly pair: WatchPair }[],
  ): Promise<void> => {
    const people = await presence().view([...new Set(changed.map(({ pair }) => pair.userId))]);
    const byId = new Map(people.map((person) => [person.userId, person]));
    for (const { socket, pair } of changed) {
      const watch = socket.data.session.watching.get(pair.userId);
      const person = byId.get(pair.userId);
      if (watch && person) socket.emit('presence:changed', seenAs(person, watch.sight));
    }
  };

  return {
    async watch(socket, userIds) {
      const { session } = socket.data;
      const version = (session.watchVersion += 1);
      const pairs = [...new Set(userIds)].map((userId) => ({ viewerId: session.caller.userId, userId }));
      let sights: Awaited<ReturnType<typeof repository.sights>>;
      let asOf: number;
      do {
        asOf = reviews;
        sights = await repository.sights(pairs);
      } while (asOf !== reviews);
      const isVoid = (): boolean => version !== session.watchVersion || !socket.connected;
      if (isVoid()) return undefined;
      for (const other of [...session.watching.keys()]) unwatch(socket, other);
      for (const watch of sights) session.watching.set(watch.userId, watch);
      void socket.join(sights.map(({ sight, userId }) => watchRoom(sight, userId)));
      const people = await presence().view(sights.map(({ userId }) => userId));
      if (isVoid()) return undefined;
      // Sights may have changed while these were read: whoever sees less now is shown less.
      return people.map((person) => seenAs(person, session.watching.get(person.userId)?.sight ?? 'hidden'));
    },

    tell({ event, presence: person }) {
      for (const sight of ['presence', 'lastSeen'] as const)
        io.to(watchRoom(sight, person.userId)).emit(event, seenAs(person, sight));
    },

    async committed(fanOuts) {
      const due = fanOuts.flatMap(reviewsOf);
      if (due.length === 0) return;
      reviews += 1;
      const outcomes = await Promise.allSettled(due.map(review));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
  };
}

/** Whose sights a commit may have changed. */
function reviewsOf({ kind, logId, events, added, removed }: FanOut): readonly Review[] {
  const moved = kind === 'org' ? removed : kind === 'conversation' ? [...added, ...removed] : [];
  if (moved.length > 0) return [{ userIds: [...new Set(moved)], byConversations: kind === 'conversation' }];
  const isPreference = events.some(
    ({ payload }) => (payload as { key?: unknown } | null)?.key === `preferences:${logId}`,
  );
  return kind === 'account' && isPreference ? [{ userIds: [logId], byConversations: false }] : [];
}
