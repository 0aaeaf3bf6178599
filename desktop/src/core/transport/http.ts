/**
 * HTTP calls by the routes table. Owns building a request from a route, limits of time and size, and validating the
 * answer; a call either gives the route's answer or a catalogued error.
 */
import http from 'node:http';
import https from 'node:https';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';
import { foreignError, networkError } from './network-errors.ts';
import type { RouteAnswer, RouteArgs } from './transport-types.ts';

/** A page of 1,000 events of 64 KiB is the largest answer the protocol allows; this bounds a foreign server. */
const MAX_ANSWER_BYTES = 96 * 1024 * 1024;

/** How a call goes out. */
export interface HttpOptions {
  readonly origin: string;
  readonly agent: http.Agent;
  readonly timeoutMs: number;
}

interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

type Parts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Calls one route. Never throws. */
export async function callRoute<N extends RouteName>(
  options: HttpOptions,
  name: N,
  args: RouteArgs<N>,
  token: string | undefined,
): Promise<Result<RouteAnswer<N>, ErrorBody>> {
  const spec: RouteSpec = routes[name];
  // Generic in the route; at run time every route's arguments are these three parts.
  const parts = args as { readonly params?: Parts; readonly query?: Parts; readonly body?: unknown };
  const url = new URL(fillPath(spec.path, parts.params ?? {}), options.origin);
  for (const [key, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const body = parts.body === undefined ? undefined : JSON.stringify(parts.body);
  let answer: RawAnswer;
  try {
    answer = await send(options, url, spec.method, body, spec.access === 'user' ? token : undefined);
  } catch (cause) {
    return err(networkError(cause));
  }
  const value = parseJson(answer.body);
  if (answer.status < 200 || answer.status > 299) {
    const inner = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
    return err(foreignError(inner, answer.status));
  }
  const parsed = spec.answer.safeParse(value);
  if (!parsed.success) return err(errorBody('INTERNAL', { detail: `answer of ${name}` }));
  // The schema that was just applied is the one RouteAnswer is inferred from.
  return ok(parsed.data as RouteAnswer<N>);
}

function fillPath(path: string, params: Record<string, unknown>): string {
  return path.replace(/:(\w+)/gu, (_, key: string) => encodeURIComponent(String(params[key])));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever it is, it is not an answer of a Curlew server; the schema check names it.
    return undefined;
  }
}

function send(
  options: HttpOptions,
  url: URL,
  method: string,
  body: string | undefined,
  token: string | undefined,
): Promise<RawAnswer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  const { agent, timeoutMs } = options;
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const outgoing = request(url, { method, headers, agent, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) outgoing.destroy(new Error('answer too large'));
        else chunks.push(chunk);
      });
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      incoming.on('error', reject);
    });
    outgoing.on('error', (cause: unknown) =>
      // Without its cause, whose innermost code would say that somebody gave up, not why.
      reject(signal.aborted ? Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }) : cause),
    );
    outgoing.end(body);
  });
}
