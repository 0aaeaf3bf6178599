/**
 * Volatile state: what views show but no file keeps. Owns presence, typing, and the facts of the session, the
 * connection, the device list and history fetches. Setters are called by the sync engine; whoever shows a fact is told
 * by key, and only when it really changed.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Presence } from '@curlew/shared/protocol/socket.ts';
import type { DeviceRow } from '../../../ipc/settings-views.ts';
import type { ConnectionMeta, SessionMeta, ViewTypes } from '../../../ipc/views.ts';
import type { Timers } from '../../ports.ts';

/** Keys of volatile facts; the counterpart of `ChangedKey` for what is not stored. */
export type VolatileKey =
  'session' | 'connection' | 'devices' | `presence:${string}` | `typing:${string}` | `history:${string}`;

/** The connection view but for its counts, which come from the outbox. */
export type ConnectionFacts = Omit<ConnectionMeta, 'waiting' | 'failed'>;

/** My devices as last fetched. */
export interface DeviceFacts {
  readonly devices: readonly DeviceRow[];
  readonly meta: ViewTypes['devices']['meta'];
}

/** What became of the last attempt to fill a hole of a conversation. */
export type HistoryState = 'loading' | 'failed';

/** Reads for views, setters for the sync engine. */
export interface VolatileState {
  session(): SessionMeta;
  setSession(session: SessionMeta): void;
  connection(): ConnectionFacts;
  setConnection(facts: ConnectionFacts): void;
  devices(): DeviceFacts;
  setDevices(devices: readonly DeviceRow[]): void;
  setDevicesLoading(): void;
  setDevicesFailed(error: ErrorBody): void;
  /** Null: unknown (offline, or nobody asked). */
  presence(userId: string): Presence | null;
  setPresence(users: readonly Presence[]): void;
  /** The connection is gone: nobody's presence is known any more. */
  clearPresence(): void;
  /** Who types in a conversation; who began first stands first. */
  typing(conversationId: string): readonly string[];
  /** A `typing:start` holds for {@link TYPING_SHOWN_MS} unless repeated; a stop or a message of that person ends it. */
  setTyping(conversationId: string, userId: string, isTyping: boolean): void;
  clearTyping(): void;
  /** `loading` until told otherwise: a hole on screen is always asked for. */
  history(conversationId: string): HistoryState;
  setHistory(conversationId: string, state: HistoryState): void;
  /** Another account: everything but session and connection is forgotten. */
  clear(): void;
  onChange(listener: (key: VolatileKey) => void): () => void;
}

/** How long "… is typing" stays without being repeated. */
export const TYPING_SHOWN_MS = 6_000;

/** Makes an empty volatile state: no session, idle connection. */
export function createVolatileState(timers: Timers): VolatileState {
  const listeners = new Set<(key: VolatileKey) => void>();
  const presence = new Map<string, Presence>();
  const typing = new Map<string, Map<string, () => void>>();
  const failedHistory = new Set<string>();
  let session: SessionMeta = { state: 'starting' };
  let connection: ConnectionFacts = { state: 'idle', lastContactMs: null, progress: null, error: null };
  let devices: DeviceFacts = { devices: [], meta: { state: 'loading', error: null } };

  const tell = (key: VolatileKey): void => {
    for (const listener of listeners) listener(key);
  };
  const setDevices = (next: DeviceFacts): void => {
    devices = next;
    tell('devices');
  };
  const stopTyping = (conversationId: string, userId: string): void => {
    const typers = typing.get(conversationId);
    const cancel = typers?.get(userId);
    if (!typers || !cancel) return;
    cancel();
    typers.delete(userId);
    if (typers.size === 0) typing.delete(conversationId);
    tell(`typing:${conversationId}`);
  };
  const startTyping = (conversationId: string, userId: string): void => {
    const typers = typing.get(conversationId) ?? new Map<string, () => void>();
    typing.set(conversationId, typers);
    const cancelPrevious = typers.get(userId);
    cancelPrevious?.();
    typers.set(
      userId,
      timers.after(TYPING_SHOWN_MS, () => stopTyping(conversationId, userId)),
    );
    if (!cancelPrevious) tell(`typing:${conversationId}`);
  };
  const clearTyping = (): void => {
    for (const [conversationId, typers] of [...typing]) {
      for (const userId of [...typers.keys()]) stopTyping(conversationId, userId);
    }
  };
  const clearPresence = (): void => {
    const known = [...presence.keys()];
    presence.clear();
    for (const userId of known) tell(`presence:${userId}`);
  };

  return {
    session: () => session,
    setSession(next) {
      if (isSame(session, next)) return;
      session = next;
      tell('session');
    },
    connection: () => connection,
    setConnection(next) {
      if (isSame(connection, next)) return;
      connection = next;
      tell('connection');
    },
    devices: () => devices,
    setDevices: (rows) => setDevices({ devices: rows, meta: { state: 'ready', error: null } }),
    setDevicesLoading: () => setDevices({ ...devices, meta: { state: 'loading', error: null } }),
    setDevicesFailed: (error) => setDevices({ ...devices, meta: { state: 'failed', error } }),
    presence: (userId) => presence.get(userId) ?? null,
    setPresence(users) {
      for (const user of users) {
        if (isSame(presence.get(user.userId), user)) continue;
        presence.set(user.userId, user);
        tell(`presence:${user.userId}`);
      }
    },
    clearPresence,
    typing: (conversationId) => [...(typing.get(conversationId)?.keys() ?? [])],
    setTyping(conversationId, userId, isTyping) {
      if (isTyping) startTyping(conversationId, userId);
      else stopTyping(conversationId, userId);
    },
    clearTyping,
    history: (conversationId) => (failedHistory.has(conversationId) ? 'failed' : 'loading'),
    setHistory(conversationId, state) {
      const hasFailed = state === 'failed';
      if (failedHistory.has(conversationId) === hasFailed) return;
      if (hasFailed) failedHistory.add(conversationId);
      else failedHistory.delete(conversationId);
      tell(`history:${conversationId}`);
    },
    clear() {
      clearPresence();
      clearTyping();
      for (const conversationId of [...failedHistory]) {
        failedHistory.delete(conversationId);
        tell(`history:${conversationId}`);
      }
      setDevices({ devices: [], meta: { state: 'loading', error: null } });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
