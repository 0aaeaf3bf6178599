/**
 * The live socket over socket.io-client. Owns the rules that make it a plain pipe: websocket only, no reconnecting, no
 * recovery, no buffering, answers and events validated by the protocol's tables.
 */
import type http from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import {
  ackSchema,
  clientEvents,
  serverEvents,
  type ClientEventName,
  type Handshake,
  type ServerEventName,
} from '@curlew/shared/protocol/socket.ts';
import type { Log } from '../ports.ts';
import { foreignError, networkError } from './network-errors.ts';
import type { LiveSocket, ServerEvent, SocketAnswer, SocketListener } from './transport-types.ts';

/** How long a connect may take, handshake included. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Opens a socket. The listener hears of it from the next turn on. */
export function openSocket(
  origin: string,
  agent: http.Agent,
  handshake: Handshake,
  listener: SocketListener,
  log: Log,
): LiveSocket {
  const socket = io(origin, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    autoConnect: false,
    timeout: CONNECT_TIMEOUT_MS,
    auth: { ...handshake },
    // The client's types want an https agent or a string; Engine.IO hands whatever it is to `ws`, which takes any.
    agent: agent as unknown as string,
  });
  const session = new SocketSession(socket, listener, log);
  socket.connect();
  return session;
}

class SocketSession implements LiveSocket {
  readonly #socket: Socket;
  readonly #listener: SocketListener;
  readonly #log: Log;
  #isOver = false;
  /** The last typed error of the server; it explains the close that follows. */
  #lastError: ErrorBody | null = null;
  readonly #pending = new Set<(result: Result<never, ErrorBody>) => void>();

  constructor(socket: Socket, listener: SocketListener, log: Log) {
    this.#socket = socket;
    this.#listener = listener;
    this.#log = log;
    socket.on('connect', () => {
      if (!this.#isOver) listener.connected();
    });
    socket.on('connect_error', (cause: Error & { data?: unknown }) => {
      const error = cause.data === undefined ? networkError(cause) : foreignError(cause.data);
      this.#end(() => listener.refused(error));
    });
    socket.on('disconnect', () => this.#end(() => listener.closed(this.#lastError)));
    socket.onAny((name: string, payload: unknown) => this.#receive(name, payload));
  }

  request<E extends ClientEventName>(
    event: E,
    request: object,
    timeoutMs: number,
  ): Promise<Result<SocketAnswer<E>, ErrorBody>> {
    if (this.#isOver || !this.#socket.connected) return Promise.resolve(err(errorBody('OFFLINE')));
    const { answer } = clientEvents[event];
    return new Promise((resolve) => {
      const settle = (result: Result<SocketAnswer<E>, ErrorBody>): void => {
        this.#pending.delete(settle);
        resolve(result);
      };
      this.#pending.add(settle);
      this.#socket.timeout(timeoutMs).emit(event, request, (cause: Error | null, raw: unknown) => {
        if (cause) return settle(err(errorBody('TIMEOUT')));
        if (answer === null) return settle(err(errorBody('INTERNAL', { detail: `${event} has no answer` })));
        const parsed = ackSchema(answer).safeParse(raw);
        if (!parsed.success) return settle(err(foreignError(errorOf(raw))));
        // Each table entry's answer schema is the one SocketAnswer is inferred from.
        return settle(parsed.data.ok ? ok(parsed.data.value as SocketAnswer<E>) : err(parsed.data.error));
      });
    });
  }

  emit(event: ClientEventName, request: object): void {
    if (!this.#isOver && this.#socket.connected) this.#socket.emit(event, request);
  }

  close(): void {
    this.#end(() => undefined);
  }

  #receive(name: string, payload: unknown): void {
    if (this.#isOver || !Object.hasOwn(serverEvents, name)) return;
    const known = name as ServerEventName;
    const parsed = serverEvents[known].safeParse(payload);
    if (!parsed.success) {
      this.#log('warn', 'socket.badEvent', { name });
      return;
    }
    // Name and payload were paired by the table lookup above; TypeScript cannot follow it.
    const event = { name: known, payload: parsed.data } as ServerEvent;
    if (event.name === 'connection:error') this.#lastError = event.payload;
    this.#listener.received(event);
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.offAny();
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
    for (const settle of [...this.#pending]) settle(err(errorBody('OFFLINE')));
    tell();
  }
}

function errorOf(raw: unknown): unknown {
  return typeof raw === 'object' && raw !== null && 'error' in raw ? raw.error : undefined;
}
