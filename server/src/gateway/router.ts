/**
 * The gateway's router: event name → schema → handler → ack. Promises that every frame is answered: with the handler's
 * value, with a typed error in the ack, or, where a frame has no ack, with `connection:error`; and that no frame, however
 * it is made, ends the process.
 */
import { clientEvents, type ClientEventName } from '@curlew/shared/protocol/socket.ts';
import { eventScopes, missingScope } from '@curlew/shared/protocol/scopes.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { err } from '@curlew/shared/lib/result.ts';
import { isDatabaseAway } from '../repositories/database-away.ts';
import { describeIssue } from '../services/describe-issue.ts';
import type { RateLimits } from '../services/rate-limits.ts';
import type { Outcome } from '../services/service-types.ts';
import type { SendFanOut } from './fan-out.ts';
import type { Answered, Handlers } from './handlers.ts';
import type { GatewaySocket } from './session.ts';

/** What the router needs. */
export interface RouterParts {
  readonly handlers: Handlers;
  readonly sendFanOut: SendFanOut;
  readonly rateLimits: RateLimits;
  readonly isDraining: () => boolean;
  /** An event ended: its code (`OK` or an error's), and how long it took. */
  readonly onHandled: (name: string, code: string, ms: number) => void;
  readonly onCrash: (name: string, error: unknown) => void;
}

type Ack = (answer: unknown) => void;

/** Routes every frame of a socket. */
export function routeSocket(socket: GatewaySocket, parts: RouterParts): void {
  socket.onAny((given: unknown, ...args: unknown[]) => {
    // The library lets numbers and nothing at all through as names.
    const name = typeof given === 'string' ? given : '';
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as Ack) : undefined;
    void handleFrame(socket, name, ack ? args.slice(0, -1) : args, ack, parts);
  });
}

async function handleFrame(
  socket: GatewaySocket,
  name: string,
  args: readonly unknown[],
  ack: Ack | undefined,
  parts: RouterParts,
): Promise<void> {
  const startedAt = performance.now();
  const known = isClientEvent(name);
  try {
    const outcome = await dispatch(socket, name, args, parts);
    if (outcome.ok) {
      ack?.({ ok: true, value: outcome.value.value });
      if (outcome.value.fanOut) parts.sendFanOut(outcome.value.fanOut, socket.id);
    } else refuse(socket, name, ack, outcome.error);
    parts.onHandled(
      known ? name : 'unknown',
      outcome.ok ? 'OK' : outcome.error.code,
      performance.now() - startedAt,
    );
  } catch (error) {
    const code = isDatabaseAway(error) ? 'BUSY' : 'INTERNAL';
    if (code === 'INTERNAL') parts.onCrash(known ? name : 'unknown', error);
    refuse(socket, name, ack, errorBody(code));
    parts.onHandled(known ? name : 'unknown', code, performance.now() - startedAt);
  }
}

function refuse(socket: GatewaySocket, name: string, ack: Ack | undefined, error: ErrorBody): void {
  if (ack) ack({ ok: false, error });
  else
    socket.emit('connection:error', {
      ...error,
      detail: `${name.slice(0, 64)}: ${error.detail ?? error.code}`,
    });
}

async function dispatch(
  socket: GatewaySocket,
  name: string,
  args: readonly unknown[],
  { handlers, rateLimits, isDraining }: RouterParts,
): Promise<Outcome<Answered<unknown>>> {
  if (isDraining()) return err(errorBody('SHUTTING_DOWN'));
  const retryMs = await rateLimits('frameAccount', socket.data.session.caller.userId);
  if (retryMs !== undefined) return err(errorBody('RATE_LIMITED', { retryMs }));
  if (!isClientEvent(name)) return err(errorBody('BAD_REQUEST', { detail: 'no such event' }));
  const scope = eventScopes[name];
  if (scope && missingScope(socket.data.session.caller.scopes, [scope]) !== undefined)
    return err(errorBody('SCOPE_MISSING', { detail: scope }));
  if (args.length !== 1) return err(errorBody('BAD_REQUEST', { detail: 'exactly one object per event' }));
  return call(socket, name, args[0], handlers);
}

async function call<E extends ClientEventName>(
  socket: GatewaySocket,
  name: E,
  payload: unknown,
  handlers: Handlers,
): Promise<Outcome<Answered<unknown>>> {
  const parsed = clientEvents[name].request.safeParse(payload);
  if (!parsed.success) return err(errorBody('BAD_REQUEST', { detail: describeIssue(parsed.error) }));
  // The schema of `name` parsed it; TypeScript cannot follow that through the two indexed look-ups.
  const handle = handlers[name] as (
    socket: GatewaySocket,
    request: unknown,
  ) => Promise<Outcome<Answered<unknown>>>;
  return handle(socket, parsed.data);
}

function isClientEvent(name: string): name is ClientEventName {
  return Object.hasOwn(clientEvents, name);
}
