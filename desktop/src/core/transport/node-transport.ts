/**
 * The production transport: Node's sockets by the route main resolved. Owns the agent of one server, renewed when the
 * machine's network changes (proxies and certificates may have).
 */
import type http from 'node:http';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Handshake } from '@curlew/shared/protocol/socket.ts';
import type { Log } from '../ports.ts';
import { agentFor } from './agents.ts';
import { callRoute } from './http.ts';
import { normaliseServerUrl } from './server-url.ts';
import { openSocket } from './socket.ts';
import type { LiveSocket, RouteResolver, SocketListener, Transport } from './transport-types.ts';

/** How long one HTTP call may take. */
const HTTP_TIMEOUT_MS = 20_000;
/** How long a resolved route is trusted. */
const ROUTE_TTL_MS = 60_000;
/** How long a proxy is left alone that refused its password: an account may be locked after a few wrong ones. */
const REFUSED_MS = 300_000;

/** Makes the transport to one server; refuses plain http to other machines at every call. */
export function createNodeTransport(
  serverUrl: string,
  resolveRoute: RouteResolver,
  monotonicMs: () => number,
  log: Log,
): Transport {
  let agent: { readonly value: http.Agent; readonly key: string; readonly untilMs: number } | undefined;
  /** Counts what was disposed of: a route that was asked for before is not one of now. */
  let generation = 0;
  let refusedUntilMs = 0;

  const currentAgent = async (): Promise<Result<{ origin: string; agent: http.Agent }, ErrorBody>> => {
    const origin = normaliseServerUrl(serverUrl);
    if (!origin.ok) return origin;
    if (refusedUntilMs > monotonicMs()) return err(errorBody('PROXY_AUTH'));
    if (agent && agent.untilMs > monotonicMs()) return ok({ origin: origin.value, agent: agent.value });
    const asked = generation;
    const route = await resolveRoute(origin.value);
    if (asked !== generation) return currentAgent();
    if (!route.ok) return route;
    const key = JSON.stringify(route.value);
    const untilMs = monotonicMs() + ROUTE_TTL_MS;
    if (agent?.key !== key) {
      agent?.value.destroy();
      agent = { value: agentFor(origin.value, route.value), key, untilMs };
    } else agent = { ...agent, untilMs };
    return ok({ origin: origin.value, agent: agent.value });
  };

  const note = (error: ErrorBody): void => {
    // Said by the proxy; what is said here in its place while it is left alone counts no further.
    if (error.code === 'PROXY_AUTH' && refusedUntilMs <= monotonicMs())
      refusedUntilMs = monotonicMs() + REFUSED_MS;
  };

  return {
    async call(name, args, token) {
      const ready = await currentAgent();
      if (!ready.ok) return ready;
      const answer = await callRoute({ ...ready.value, timeoutMs: HTTP_TIMEOUT_MS }, name, args, token);
      if (!answer.ok && ready.value.agent === agent?.value) note(answer.error);
      return answer;
    },
    open(handshake, listener) {
      const opened = generation;
      const refused = (error: ErrorBody): void => {
        if (opened === generation) note(error);
        listener.refused(error);
      };
      const noting: SocketListener = {
        connected: () => listener.connected(),
        closed: (error) => listener.closed(error),
        received: (event) => listener.received(event),
        refused,
      };
      return openWhenRouted(currentAgent, handshake, noting, log);
    },
    dispose() {
      generation += 1;
      refusedUntilMs = 0;
      agent?.value.destroy();
      agent = undefined;
    },
  };
}

/** A socket that may still wait for its route; closing it meanwhile leaves nothing behind. */
function openWhenRouted(
  currentAgent: () => Promise<Result<{ origin: string; agent: http.Agent }, ErrorBody>>,
  handshake: Handshake,
  listener: SocketListener,
  log: Log,
): LiveSocket {
  let socket: LiveSocket | undefined;
  let isClosed = false;
  void currentAgent().then((ready) => {
    if (isClosed) return;
    if (!ready.ok) return listener.refused(ready.error);
    socket = openSocket(ready.value.origin, ready.value.agent, handshake, listener, log);
  });
  return {
    request: (event, request, timeoutMs) =>
      socket?.request(event, request, timeoutMs) ?? Promise.resolve(err(errorBody('OFFLINE'))),
    emit: (event, request) => socket?.emit(event, request),
    close() {
      isClosed = true;
      socket?.close();
    },
  };
}
