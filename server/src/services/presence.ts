/**
 * Presence of this node's people. Owns who is online: somebody with a live socket, or without one for less than the
 * grace, so that a reconnect is never seen. Promises one `online` at the first socket and one `offline` after the last.
 * Away and do-not-disturb are chosen by the person and never derived from anything else. Nothing here is stored.
 */
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import type { ChosenStatus, PresenceRepository } from '../repositories/presence-repository.ts';
import type { Now } from './clock.ts';

/** How long after the last socket a person still counts as online. */
export const OFFLINE_GRACE_MS = 5_000;

/** What watchers are to hear. */
export type PresenceChange =
  | { readonly kind: 'online'; readonly userId: string }
  | { readonly kind: 'offline'; readonly userId: string; readonly lastSeenMs: number | null }
  | { readonly kind: 'changed'; readonly presence: Presence };

/** See the file's head. */
export interface PresenceBook {
  /** A socket of this person opened. */
  connected(userId: string): void;
  /** A socket of this person closed. */
  disconnected(userId: string): void;
  /** The person chose a state in the account log. */
  statusChosen(userId: string, status: ChosenStatus): void;
  /** How these people stand now. */
  view(userIds: readonly string[]): Promise<Presence[]>;
  stop(): void;
}

interface OnlinePerson {
  sockets: number;
  leaving: NodeJS.Timeout | undefined;
  /** undefined until read from the account log. */
  status: ChosenStatus | undefined;
}

/**
 * Creates the book.
 * @param emit called once per change, for the watchers
 * @param onFailure a stored state could not be read; the person simply shows as online
 */
export function createPresenceBook(parts: {
  readonly repository: PresenceRepository;
  readonly now: Now;
  readonly emit: (change: PresenceChange) => void;
  readonly onFailure: (error: unknown) => void;
  readonly graceMs?: number;
}): PresenceBook {
  const { repository, now, emit, onFailure, graceMs = OFFLINE_GRACE_MS } = parts;
  const online = new Map<string, OnlinePerson>();

  const presenceOf = (userId: string, status: ChosenStatus): Presence => {
    const holds = status && (status.untilMs === null || status.untilMs > now());
    return holds ? { userId, state: status.state, untilMs: status.untilMs } : { userId, state: 'online' };
  };

  const readStatus = async (userId: string, person: OnlinePerson): Promise<void> => {
    const stored = (await repository.read([userId])).get(userId)?.status ?? null;
    if (person.status !== undefined) return;
    person.status = stored;
    const presence = presenceOf(userId, stored);
    if (presence.state !== 'online' && online.get(userId) === person) emit({ kind: 'changed', presence });
  };

  const leave = async (userId: string): Promise<void> => {
    online.delete(userId);
    const stored = await repository.read([userId]).catch((error: unknown) => {
      onFailure(error);
      return undefined;
    });
    if (!online.has(userId))
      emit({ kind: 'offline', userId, lastSeenMs: stored?.get(userId)?.lastSeenMs ?? null });
    // Back already: the watchers missed the moment, and the new `online` tells them nothing untrue.
  };

  return {
    connected(userId) {
      const known = online.get(userId);
      if (known) {
        clearTimeout(known.leaving);
        known.leaving = undefined;
        known.sockets += 1;
        return;
      }
      const person: OnlinePerson = { sockets: 1, leaving: undefined, status: undefined };
      online.set(userId, person);
      emit({ kind: 'online', userId });
      readStatus(userId, person).catch(onFailure);
    },

    disconnected(userId) {
      const person = online.get(userId);
      if (!person) return;
      person.sockets -= 1;
      if (person.sockets > 0) return;
      person.leaving = setTimeout(() => void leave(userId), graceMs);
      person.leaving.unref();
    },

    statusChosen(userId, status) {
      const person = online.get(userId);
      if (!person) return;
      person.status = status;
      emit({ kind: 'changed', presence: presenceOf(userId, status) });
    },

    async view(userIds) {
      const away = userIds.filter((userId) => !online.has(userId));
      const stored = away.length > 0 ? await repository.read(away) : undefined;
      return userIds.map((userId) => {
        const person = online.get(userId);
        if (person) return presenceOf(userId, person.status ?? null);
        return { userId, state: 'offline', lastSeenMs: stored?.get(userId)?.lastSeenMs ?? null };
      });
    },

    stop() {
      for (const { leaving } of online.values()) clearTimeout(leaving);
    },
  };
}
