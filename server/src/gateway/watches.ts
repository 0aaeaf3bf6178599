/**
 * Who watches whose presence. Owns the rooms of watchers and promises that a socket is only in those of people its
 * person shares an organisation with, also after somebody left one.
 */
import type { LogServices } from '../services/service-types.ts';
import { userRoom, watchRoom, watchedBy, type GatewayServer, type GatewaySocket } from './session.ts';

/** See the file's head. */
export interface Watches {
  /**
   * Watches these people, those the socket's person may see, instead of the ones before.
   * @returns the people watched; undefined when a later call or the end of the socket made this one void
   */
  watch(socket: GatewaySocket, userIds: readonly string[]): Promise<readonly string[] | undefined>;
  /** Ends the watches between people who left an organisation and those they share none with any more. */
  ended(userIds: readonly string[]): Promise<void>;
}

/** Creates the book of one node. */
export function createWatches(io: GatewayServer, logs: Pick<LogServices, 'visiblePeople'>): Watches {
  /** Counts departures, so that a watch whose permission was read before one is read again. */
  let departures = 0;

  const socketsIn = (room: string): readonly GatewaySocket[] =>
    [...(io.sockets.adapter.rooms.get(room) ?? [])].flatMap((id) => io.sockets.sockets.get(id) ?? []);

  const endWatchesOf = async (userId: string): Promise<void> => {
    const watched = socketsIn(userRoom(userId)).flatMap(watchedBy);
    const watchers = socketsIn(watchRoom(userId)).map((socket) => socket.data.session.caller.userId);
    const others = [...new Set([...watched, ...watchers])];
    if (others.length === 0) return;
    let visible: readonly string[] = [];
    try {
      visible = await logs.visiblePeople(userId, others);
    } finally {
      // Also when that could not be read: then all of them end, and the next watch brings back what may be.
      const hidden = new Set(others.filter((other) => !visible.includes(other)));
      for (const socket of socketsIn(userRoom(userId)))
        for (const other of watchedBy(socket)) if (hidden.has(other)) void socket.leave(watchRoom(other));
      for (const socket of socketsIn(watchRoom(userId)))
        if (hidden.has(socket.data.session.caller.userId)) void socket.leave(watchRoom(userId));
    }
  };

  return {
    async watch(socket, userIds) {
      const { session } = socket.data;
      const version = (session.watchVersion += 1);
      let visible: readonly string[];
      let asOf: number;
      do {
        asOf = departures;
        visible = await logs.visiblePeople(session.caller.userId, [...new Set(userIds)]);
      } while (asOf !== departures);
      if (version !== session.watchVersion || !socket.connected) return undefined;
      const wanted = new Set(visible);
      for (const other of watchedBy(socket)) if (!wanted.has(other)) void socket.leave(watchRoom(other));
      void socket.join([...wanted].map(watchRoom));
      return visible;
    },

    async ended(userIds) {
      if (userIds.length === 0) return;
      departures += 1;
      const endings = await Promise.allSettled([...new Set(userIds)].map(endWatchesOf));
      for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
    },
  };
}
