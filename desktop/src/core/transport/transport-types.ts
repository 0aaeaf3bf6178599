/**
 * The transport, seen from the sync engine: one live socket and typed HTTP calls. Owns the seam where simulation puts
 * its network. Every failure is a catalogued error value; nothing here throws for what a network can do.
 */
import type { z } from 'zod';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { RouteName, routes } from '@curlew/shared/protocol/http.ts';
import type {
  clientEvents,
  ClientEventName,
  Handshake,
  serverEvents,
  ServerEventName,
} from '@curlew/shared/protocol/socket.ts';
import type { NetworkRoute } from '../../ipc/core-port.ts';

type Routes = typeof routes;
type Part<N extends RouteName, P extends 'params' | 'query' | 'body'> = Routes[N] extends {
  readonly [K in P]: infer S extends z.ZodType;
}
  ? { readonly [K in P]: z.input<S> }
  : object;

/** What a route is called with: its path parameters, query and body, as far as it has them. */
export type RouteArgs<N extends RouteName> = Part<N, 'params'> & Part<N, 'query'> & Part<N, 'body'>;
/** What a route answers. */
export type RouteAnswer<N extends RouteName> = z.infer<Routes[N]['answer']>;

/** Typed HTTP against one server. `token` is the access token; public routes ignore it. */
export interface HttpTransport {
  call<N extends RouteName>(
    name: N,
    args: RouteArgs<N>,
    token?: string,
  ): Promise<Result<RouteAnswer<N>, ErrorBody>>;
}

/** What an acknowledged event answers. */
export type SocketAnswer<E extends ClientEventName> = (typeof clientEvents)[E]['answer'] extends z.ZodType
  ? z.infer<(typeof clientEvents)[E]['answer']>
  : never;
/** What an event is sent with. */
export type SocketRequest<E extends ClientEventName> = z.input<(typeof clientEvents)[E]['request']>;
/** A validated event of the server, by name. */
export type ServerEvent = {
  [E in ServerEventName]: { readonly name: E; readonly payload: z.infer<(typeof serverEvents)[E]> };
}[ServerEventName];

/** What a socket tells. Exactly one of `refused` and `closed` is the last word, and comes once. */
export interface SocketListener {
  connected(): void;
  /** The connection was never made. */
  refused(error: ErrorBody): void;
  /** It was made and is gone; `error` when the server said why. */
  closed(error: ErrorBody | null): void;
  received(event: ServerEvent): void;
}

/** One connection; never reconnects by itself. */
export interface LiveSocket {
  /** Sends and waits for the ack. TIMEOUT after `timeoutMs`, OFFLINE when not connected or closed meanwhile. */
  request<E extends ClientEventName>(
    event: E,
    request: SocketRequest<E>,
    timeoutMs: number,
  ): Promise<Result<SocketAnswer<E>, ErrorBody>>;
  /** Sends without ack; dropped when not connected (never buffered). */
  emit<E extends 'presence:watch' | 'typing:start' | 'typing:stop'>(
    event: E,
    request: SocketRequest<E>,
  ): void;
  /** Closes silently: the listener hears nothing more. Idempotent. */
  close(): void;
}

/** The transport to one server. */
export interface Transport extends HttpTransport {
  open(handshake: Handshake, listener: SocketListener): LiveSocket;
  /** Drops idle connections; calls under way end by themselves. */
  dispose(): void;
}

/** How to reach a URL: main resolves proxy and certificates, because Node ignores Chromium's. */
export type RouteResolver = (url: string) => Promise<Result<NetworkRoute, ErrorBody>>;
