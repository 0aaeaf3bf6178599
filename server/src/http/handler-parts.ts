/**
 * What the handlers of all routes share: the shapes of requests and answers, and the way a write becomes an op. A
 * handler answers a value or a catalogued error, and may name what the gateway is to send once the answer is on the way.
 */
import type { z } from 'zod';
import type { routes, RouteName } from '@curlew/shared/protocol/http.ts';
import { errorBody, isErrorCode } from '@curlew/shared/protocol/errors.ts';
import { OP_VERSION, type OpKind, type OpResult } from '@curlew/shared/protocol/ops.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { Caller } from '../services/access-tokens.ts';
import type { Auth } from '../services/auth.ts';
import type { ApiTokens } from '../services/api-tokens.ts';
import type { Bots } from '../services/bots.ts';
import type { ClientPolicy } from '../services/client-policy.ts';
import type { Devices } from '../services/devices.ts';
import type { Organizations } from '../services/organizations.ts';
import type { People } from '../services/people.ts';
import type { RateLimits } from '../services/rate-limits.ts';
import type { Revocations } from '../services/revocations.ts';
import type { Webhooks } from '../services/webhooks.ts';
import type { Actor, FanOut, LogServices, Outcome } from '../services/service-types.ts';

type Routes = typeof routes;
type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
type SchemaOf<R extends RouteName, K extends string> =
  Routes[R] extends Readonly<Record<K, infer S>> ? S : undefined;

/** A request whose parts passed the route's schemas. `caller` is there exactly where the route asks for a token. */
export interface RouteInput<R extends RouteName> {
  readonly caller: Routes[R]['access'] extends 'user' ? Caller : undefined;
  readonly params: OutputOf<SchemaOf<R, 'params'>>;
  readonly query: OutputOf<SchemaOf<R, 'query'>>;
  readonly body: OutputOf<SchemaOf<R, 'body'>>;
  /** The client's address, for limits and the audit log. */
  readonly address: string;
  /** Where the client reached this server, without a trailing slash. */
  readonly baseUrl: string;
}

/** An answer, and what others are to hear. */
export interface RouteAnswer<T> {
  readonly value: T;
  readonly fanOut?: readonly FanOut[];
  /** Whose list of devices changed; their other devices get a hint. */
  readonly devicesOf?: string;
}

/** A handler per route. */
export type RouteHandlers = {
  [R in RouteName]: (input: RouteInput<R>) => Promise<Outcome<RouteAnswer<z.input<Routes[R]['answer']>>>>;
};

/** The handlers of one table of routes. */
export type HandlersOf<Table> = Pick<RouteHandlers, Extract<keyof Table, RouteName>>;

/** What the handlers need. */
export interface RouteParts {
  readonly auth: Auth;
  readonly devices: Devices;
  readonly people: People;
  readonly organizations: Organizations;
  readonly bots: Bots;
  readonly apiTokens: Pick<ApiTokens, 'verifyHook'>;
  readonly webhooks: Webhooks;
  readonly logs: LogServices;
  readonly revocations: Pick<Revocations, 'poll'>;
  readonly rateLimits: RateLimits;
  readonly needsSetup: () => Promise<boolean>;
  readonly publicUrl: string | undefined;
  readonly serverName: string;
  readonly clientPolicy: ClientPolicy;
  readonly version: string;
}

/** HTTP writes carry no fence; the device must still be unrevoked. */
const actorOf = ({ userId, deviceId, scopes }: Caller): Actor => ({ userId, deviceId, fence: null, scopes });

/**
 * When a bot composed its message. It has no field for that, and the server's clock would give a repeated request other
 * bytes under the same opId; so it is the time inside a version 7 id (displayed only, trusted for nothing), or 0.
 */
export function composedAtOf(opId: string): number {
  return opId[14] === '7' ? Number.parseInt(opId.slice(0, 8) + opId.slice(9, 13), 16) : 0;
}

/** Maps the value of an outcome into an answer. */
export const answer = <T, U>(outcome: Outcome<T>, map: (value: T) => U): Outcome<RouteAnswer<U>> =>
  outcome.ok ? ok({ value: map(outcome.value) }) : outcome;

/** An outcome as the answer. */
export const asIs = <T>(outcome: Outcome<T>): Outcome<RouteAnswer<T>> => answer(outcome, (value) => value);

/** Turns a wait into RATE_LIMITED. */
export async function limited(retryMs: Promise<number | undefined>): Promise<Outcome<null>> {
  const wait = await retryMs;
  return wait === undefined ? ok(null) : err(errorBody('RATE_LIMITED', { retryMs: wait }));
}

/**
 * Submits one op in the name of the caller, through the same service as a socket's.
 * @param fields the op without its version; undefined fields are left out, for they would change its hash
 */
export async function submitOne(
  logs: Pick<LogServices, 'submitOps'>,
  caller: Caller,
  lane: string,
  fields: { readonly kind: OpKind; readonly opId: string } & Readonly<Record<string, unknown>>,
): Promise<Outcome<RouteAnswer<OpResult>>> {
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const { results, fanOut } = await logs.submitOps(actorOf(caller), {
    lane,
    ops: [{ v: OP_VERSION, logId: lane, ...present }],
  });
  const [result] = results;
  if (!result) return err(errorBody('BUSY'));
  if (result.ok) return ok({ value: result, fanOut });
  const { code, detail, retryMs } = result;
  const extra = {
    ...(detail === undefined ? {} : { detail }),
    ...(retryMs === undefined ? {} : { retryMs }),
  };
  return err(errorBody(code !== undefined && isErrorCode(code) ? code : 'INTERNAL', extra));
}
