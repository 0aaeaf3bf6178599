/**
 * A live socket's identity. `Session` is the only thing the gateway believes about a caller: made from the verified
 * token at the handshake, never from a payload. Owns the book of all sessions of this node.
 */
import type { Server, Socket } from 'socket.io';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { PairSight, Sight } from '../repositories/presence-repository.ts';
import type { Caller } from '../services/access-tokens.ts';

/** Events are routed and emitted by name through the schema tables, so the library's own maps stay open. */
type AnyEvents = Record<string, (...args: unknown[]) => void>;
/** Counts what goes out, for the metrics. */
export type CountFrames = (kind: 'event' | 'batch' | 'receipt' | 'hint') => void;

/** Socket.IO with our session on each socket. */
export type GatewayServer = Server<AnyEvents, AnyEvents, AnyEvents, SocketData>;
/** See {@link GatewayServer}. */
export type GatewaySocket = Socket<AnyEvents, AnyEvents, AnyEvents, SocketData>;

/** What Socket.IO keeps per socket. */
export interface SocketData {
  session: Session;
}

/** One live connection. */
export interface Session {
  caller: Caller;
  /** Nonce of the client's running process. */
  readonly instance: string;
  /** From `hello`; null before. */
  fence: number | null;
  /** Conversations the client opened and did not close. */
  readonly opened: Set<string>;
  /** Counts `presence:watch`, so that of two in flight the later one wins. */
  watchVersion: number;
  /** Whom it watches, and what of them it sees. Changed by `watches.ts` only. */
  readonly watching: Map<string, Pick<PairSight, 'sight' | 'byConversations'>>;
}

/** How long past its token's expiry a socket lives. */
const EXPIRY_GRACE_MS = 60_000;

/** Room of all sockets of a person. */
export const userRoom = (userId: string): string => `user:${userId}`;
/** Room of the sockets on which a conversation is open. */
export const conversationRoom = (conversationId: string): string => `conv:${conversationId}`;
/** Room of a person's sockets on which a conversation is open. */
export const openRoom = (conversationId: string, userId: string): string =>
  `conv:${conversationId}:${userId}`;
/** Room of the sockets that watch a person's presence and see this much of it. */
export const watchRoom = (sight: Sight, userId: string): string => `watch:${sight}:${userId}`;

/** All sockets of these people; undefined for nobody, because Socket.IO takes an empty list of rooms for everybody. */
export function socketsOf(
  io: Pick<GatewayServer, 'to'>,
  userIds: readonly string[],
): ReturnType<GatewayServer['to']> | undefined {
  return userIds.length === 0 ? undefined : io.to(userIds.map(userRoom));
}

/** Tells a socket why, then closes it. */
export function closeSocket(socket: GatewaySocket, error: ErrorBody): void {
  socket.emit('connection:error', error);
  socket.disconnect(true);
}

/** All sessions of this node. */
export class Sessions {
  readonly #byDevice = new Map<string, Set<GatewaySocket>>();

  add(socket: GatewaySocket): void {
    const { deviceId } = socket.data.session.caller;
    const sockets = this.#byDevice.get(deviceId) ?? new Set();
    this.#byDevice.set(deviceId, sockets.add(socket));
  }

  remove(socket: GatewaySocket): void {
    const { deviceId } = socket.data.session.caller;
    const sockets = this.#byDevice.get(deviceId);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#byDevice.delete(deviceId);
  }

  /** The sockets of a device. */
  ofDevice(deviceId: string): GatewaySocket[] {
    return [...(this.#byDevice.get(deviceId) ?? [])];
  }

  /** The other sockets of this socket's device. */
  othersOfDevice(socket: GatewaySocket): GatewaySocket[] {
    return this.ofDevice(socket.data.session.caller.deviceId).filter((other) => other !== socket);
  }

  /** Closes the sockets of a sign-in that ended. */
  closeSession(sessionId: string, error: ErrorBody): void {
    this.#closeWhere(error, ({ caller }) => caller.sessionId === sessionId);
  }

  /** Closes every socket whose token expired and was not renewed. */
  closeExpired(nowMs: number): void {
    this.#closeWhere(
      errorBody('AUTH_EXPIRED'),
      ({ caller }) => caller.expiresAtMs + EXPIRY_GRACE_MS <= nowMs,
    );
  }

  /** Closes every socket. */
  closeAll(error: ErrorBody): void {
    this.#closeWhere(error, () => true);
  }

  #closeWhere(error: ErrorBody, matches: (session: Session) => boolean): void {
    for (const sockets of [...this.#byDevice.values()]) {
      for (const socket of [...sockets]) if (matches(socket.data.session)) closeSocket(socket, error);
    }
  }
}
