/**
 * Presence of this node's people. Owns who is online: somebody with a live socket, or without one for less than the
 * grace, so that a reconnect is never seen. Promises one `online` at the first socket and one `offline` after the last.
 * Away and do-not-disturb are chosen by the person and never derived from anything else: an `online` names the state
 * chosen, and waits until it is known. Nothing here is stored. Who may see what is decided by whoever sends it on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import type { ChosenStatus, PresenceRepository, Sight } from '../repositories/presence-repository.ts';
import type { Now } from './clock.ts';

/** How long after the last socket a person still counts as online. */
export const OFFLINE_GRACE_MS = 5_000;
/** How long until a state that could not be read is read again. */
const RETRY_MS = 1_000;
/** The longest a timer can wait; one for later is set again then. */
const LONGEST_TIMER_MS = 86_400_000;

/** What watchers are to hear. */
export interface PresenceChange {
  readonly event: 'user:online' | 'user:offline' | 'presence:changed';
  readonly presence: Presence;
}

/** See the file's head. */
export interface PresenceBook {
  /** A socket of this person opened. */
  connected(userId: string): void;
  /** A socket of this person closed. */
  disconnected(userId: string): void;
  /** The person chose a state in the account log. */
  statusChosen(userId: string, status: ChosenStatus): void;
  /** How these people stand now, everything told. */
  view(userIds: readonly string[]): Promise<Presence[]>;
  stop(): void;
}

/** What is left of a presence for somebody with this sight of it; hidden looks like somebody who never connected. */
export function seenAs(presence: Presence, sight: Sight): Presence {
  const { userId, state, lastSeenMs } = presence;
  if (sight === 'hidden') return { userId, state: 'offline', lastSeenMs: null };
  return sight === 'lastSeen' || state !== 'offline' || lastSeenMs === null
    ? presence
    : { ...presence, lastSeenMs: null };
}

interface OnlinePerson {
  sockets: number;
  leaving: NodeJS.Timeout | undefined;
  /** Ends the chosen state at its time. */
  expiry: NodeJS.Timeout | undefined;
  /** undefined until read from the account log. */
  status: ChosenStatus | undefined;
  isAnnounced: boolean;
  /** Settles with the first attempt to announce them. */
  tried: Promise<void>;
}

/**
 * Creates the book.
 * @param emit called once per change, for the watchers
 * @param onFailure a stored state could not be read
 */
export function createPresenceBook(parts: {
  readonly repository: Pick<PresenceRepository, 'read'>;
  readonly now: Now;
  readonly emit: (change: PresenceChange) => void;
  readonly onFailure: (error: unknown) => void;
  readonly graceMs?: number | undefined;
}): PresenceBook {
  const { repository, now, emit, onFailure, graceMs = OFFLINE_GRACE_MS } = parts;
  const online = new Map<string, OnlinePerson>();
  let isStopped = false;

  /** What of a chosen state holds now, as part of a presence. */
  const chosen = (status: ChosenStatus): Partial<Presence> => {
    if (!status || (status.untilMs !== null && status.untilMs <= now())) return {};
    const { state, untilMs, text } = status;
    return { ...(state === 'online' && !text ? {} : { state, untilMs }), ...(text ? { text } : {}) };
  };
  const onlineAs = (userId: string, status: ChosenStatus): Presence => ({
    userId,
    state: 'online',
    ...chosen(status),
  });
  const offlineAs = (userId: string, status: ChosenStatus, lastSeenMs: number | null): Presence => {
    const { text, untilMs = null } = chosen(status);
    return { userId, state: 'offline', ...(text ? { text, untilMs } : {}), lastSeenMs };
  };

  const endAtItsTime = (userId: string, person: OnlinePerson): void => {
    clearTimeout(person.expiry);
    const untilMs = person.status?.untilMs ?? null;
    const waitMs = untilMs === null ? 0 : untilMs - now();
    if (waitMs <= 0) return;
    const ended = (): void => {
      if (waitMs > LONGEST_TIMER_MS) endAtItsTime(userId, person);
      else emit({ event: 'presence:changed', presence: { userId, state: 'online' } });
    };
    person.expiry = setTimeout(ended, Math.min(waitMs, LONGEST_TIMER_MS));
    person.expiry.unref();
  };

  const announce = async (userId: string, person: OnlinePerson): Promise<void> => {
    if (isStopped || online.get(userId) !== person) return;
    let stored: ChosenStatus = null;
    try {
      stored = (await repository.read([userId])).get(userId)?.status ?? null;
    } catch (error) {
      onFailure(error);
      void sleep(RETRY_MS, undefined, { ref: false }).then(() => announce(userId, person));
      return;
    }
    if (isStopped || online.get(userId) !== person) return;
    // One chosen meanwhile is newer than the stored one.
    const status = person.status === undefined ? stored : person.status;
    person.status = status;
    person.isAnnounced = true;
    endAtItsTime(userId, person);
    emit({ event: 'user:online', presence: onlineAs(userId, status) });
  };

  const leave = async (userId: string, person: OnlinePerson): Promise<void> => {
    online.delete(userId);
    clearTimeout(person.expiry);
    const stored = await repository.read([userId]).catch((error: unknown) => {
      onFailure(error);
      return undefined;
    });
    // Back already: the watchers missed the moment, and the new `online` tells them nothing untrue.
    if (online.has(userId) || !person.isAnnounced) return;
    const { status = null, lastSeenMs = null } = stored?.get(userId) ?? {};
    emit({ event: 'user:offline', presence: offlineAs(userId, status, lastSeenMs) });
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
      const person: OnlinePerson = {
        sockets: 1,
        leaving: undefined,
        expiry: undefined,
        status: undefined,
        isAnnounced: false,
        tried: Promise.resolve(),
      };
      online.set(userId, person);
      person.tried = announce(userId, person);
    },

    disconnected(userId) {
      const person = online.get(userId);
      if (!person) return;
      person.sockets -= 1;
      if (person.sockets > 0) return;
      person.leaving = setTimeout(() => void leave(userId, person), graceMs);
      person.leaving.unref();
    },

    statusChosen(userId, status) {
      const person = online.get(userId);
      if (!person) return;
      person.status = status;
      if (!person.isAnnounced) return;
      endAtItsTime(userId, person);
      emit({ event: 'presence:changed', presence: onlineAs(userId, status) });
    },

    async view(userIds) {
      // Whoever asks right after somebody connected is told so once, not here and by the announcement.
      await Promise.all(userIds.flatMap((userId) => online.get(userId)?.tried ?? []));
      const unread = userIds.filter((userId) => online.get(userId)?.status === undefined);
      const stored = unread.length > 0 ? await repository.read(unread) : undefined;
      return userIds.map((userId) => {
        const { status: kept = null, lastSeenMs = null } = stored?.get(userId) ?? {};
        const person = online.get(userId);
        if (person) return onlineAs(userId, person.status === undefined ? kept : person.status);
        return offlineAs(userId, kept, lastSeenMs);
      });
    },

    stop() {
      isStopped = true;
      for (const { leaving, expiry } of online.values()) {
        clearTimeout(leaving);
        clearTimeout(expiry);
      }
    },
  };
}
