/**
 * The HTTP router, derived from the `routes` table. For each route, in this order: rate limit, token, body, schemas,
 * handler, answer. Nothing reaches a handler that its schemas did not pass, and no body is read for a stranger.
 */
import express, {
  Router,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { z } from 'zod';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';
import { missingScope } from '@curlew/shared/protocol/scopes.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { Caller } from '../services/access-tokens.ts';
import type { CallerTokens } from '../services/api-tokens.ts';
import { describeIssue } from '../services/describe-issue.ts';
import type { RateLimits } from '../services/rate-limits.ts';
import type { Revocations } from '../services/revocations.ts';
import type { StoredAnswers } from '../services/stored-answers.ts';
import type { FanOut, Outcome } from '../services/service-types.ts';
import type { RouteAnswer, RouteHandlers, RouteInput } from './handler-parts.ts';
import { readKey, withOpId } from './idempotency-key.ts';
import { respondError } from './respond.ts';

/** What the router needs. */
export interface HttpRouterParts {
  readonly handlers: RouteHandlers;
  readonly storedAnswers: StoredAnswers;
  readonly tokens: CallerTokens;
  readonly revocations: Pick<Revocations, 'check'>;
  readonly rateLimits: RateLimits;
  readonly sendFanOut: (fanOuts: readonly FanOut[]) => void;
  readonly sendHint: (userId: string, kind: 'device') => void;
  readonly isDraining: () => boolean;
}

/** Creates the router of all routes of the table. */
export function createRouter(parts: HttpRouterParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const readBody = express.json({ limit: limits.batchBytes, type: 'application/json', inflate: false });
  const names = Object.keys(routes) as RouteName[];
  for (const name of names) {
    const spec: RouteSpec = routes[name];
    const steps: RequestHandler[] = [nameRoute(name), guard(name, spec, parts)];
    if (spec.body) steps.push(readBody);
    steps.push(serve(name, spec, parts));
    router[methodOf(spec)](spec.path, ...steps);
  }
  return router;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

function methodOf({ method }: RouteSpec): Method {
  // The table's methods are the upper-case forms of exactly these.
  return method.toLowerCase() as Method;
}

function nameRoute(name: RouteName): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = name;
    next();
  };
}

/** Limits and identity, before a byte of the body is read. */
function guard(name: RouteName, spec: RouteSpec, parts: HttpRouterParts): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const refusal = await admit(name, spec, request, response, parts);
    if (refusal) respondError(response, refusal);
    else next();
  };
}

async function admit(
  name: RouteName,
  spec: RouteSpec,
  request: Request,
  response: Response,
  { tokens, revocations, rateLimits, isDraining }: HttpRouterParts,
): Promise<ErrorBody | undefined> {
  if (isDraining()) return errorBody('SHUTTING_DOWN');
  const address = request.ip ?? 'unknown';
  const isAuth = name === 'register' || name === 'login';
  const byAddress = await rateLimits(isAuth ? 'authAddress' : 'requestAddress', address);
  if (byAddress !== undefined) return errorBody('RATE_LIMITED', { retryMs: byAddress });
  if (spec.access === 'public') return undefined;
  const caller = await tokens.verify(bearerOf(request));
  if (!caller.ok) return caller.error;
  const revoked = revocations.check(caller.value.sessionId);
  if (revoked) return revoked;
  const byAccount = await rateLimits('requestAccount', caller.value.userId);
  if (byAccount !== undefined) return errorBody('RATE_LIMITED', { retryMs: byAccount });
  const missing = scopeRefusal(spec, caller.value);
  if (missing) return missing;
  response.locals['caller'] = caller.value;
  return undefined;
}

/** Routes that name no scopes are for people. */
function scopeRefusal({ scopes }: RouteSpec, { scopes: held }: Caller): ErrorBody | undefined {
  if (held === undefined) return undefined;
  if (!scopes) return errorBody('SCOPE_MISSING', { detail: 'not open to bots' });
  const missing = missingScope(held, scopes);
  return missing === undefined ? undefined : errorBody('SCOPE_MISSING', { detail: missing });
}

function bearerOf(request: Request): string | undefined {
  const [scheme, token, ...rest] = (request.get('authorization') ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && rest.length === 0 ? token : undefined;
}

function serve(
  name: RouteName,
  spec: RouteSpec,
  { handlers, storedAnswers, sendFanOut, sendHint }: HttpRouterParts,
): RequestHandler {
  return async (request: Request, response: Response) => {
    const caller = response.locals['caller'] as Caller | undefined;
    const input = readInput(spec, request, caller);
    if (!input.ok) {
      respondError(response, input.error);
      return;
    }
    // readInput parsed each part with the schema of this very route, which TypeScript cannot follow by name.
    const handle = handlers[name] as (given: RouteInput<RouteName>) => Promise<Outcome<RouteAnswer<unknown>>>;
    const { key, ...given } = input.value;
    const outcome =
      spec.write === 'answer' && key !== undefined
        ? await storedAnswers.once(
            { owner: caller?.userId ?? 'public', key, asked: askedOf(request) },
            () => handle(given),
            ({ value }) => value,
            (value) => ({ value }),
          )
        : await handle(given);
    if (!outcome.ok) {
      respondError(response, outcome.error);
      return;
    }
    response.json(outcome.value.value);
    const { fanOut, devicesOf } = outcome.value;
    if (fanOut) sendFanOut(fanOut);
    if (devicesOf !== undefined) sendHint(devicesOf, 'device');
  };
}

function readInput(
  spec: RouteSpec,
  request: Request,
  caller: Caller | undefined,
): Outcome<RouteInput<RouteName> & { readonly key: string | undefined }> {
  const params = readPart(spec.params, request.params, 'params');
  if (!params.ok) return params;
  const key = readKey(request);
  if (!key.ok) return key;
  const given = withOpId(spec, key.value, { query: request.query, body: request.body });
  if (!given.ok) return given;
  const query = readPart(spec.query, { ...given.value.query }, 'query');
  if (!query.ok) return query;
  const body = readPart(spec.body, given.value.body, 'body');
  if (!body.ok) return body;
  const input = {
    key: key.value,
    caller,
    params: params.value,
    query: query.value,
    body: body.value,
    address: request.ip ?? 'unknown',
    baseUrl: baseUrlOf(request),
  };
  return ok(input as typeof input & RouteInput<RouteName>);
}

/** The address this server was asked at. */
export function baseUrlOf(request: Request): string {
  return `${request.protocol}://${request.get('host') ?? ''}`;
}

/** What of a request must be the same for it to be the same request. */
function askedOf({ method, originalUrl, body }: Request): string {
  return `${method} ${originalUrl}\n${JSON.stringify(body ?? null)}`;
}

function readPart(schema: z.ZodType | undefined, value: unknown, part: string): Outcome<unknown> {
  if (!schema) return ok(undefined);
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(errorBody('BAD_REQUEST', { detail: `${part}.${describeIssue(parsed.error)}` }));
}
