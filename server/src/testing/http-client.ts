/** HTTP for tests, by the names of the routes table. Every answer is parsed with the schema the server promises. */
import { z } from 'zod';
import { errorBodySchema, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';

type AnswerOf<R extends RouteName> = z.output<(typeof routes)[R]['answer']>;

/** What a request carries; nothing is checked here, so that tests can send rubbish. */
export interface Call {
  readonly token?: string | undefined;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string | number>> | undefined;
  readonly body?: unknown;
  /** Header `Idempotency-Key`. */
  readonly key?: string | undefined;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A request failed although the test needed it not to. */
export class CallError extends Error {
  readonly status: number;
  readonly error: ErrorBody;

  constructor(name: string, status: number, error: ErrorBody) {
    super(`${name}: ${status} ${error.code} ${error.detail ?? ''}`);
    this.status = status;
    this.error = error;
  }
}

const failureSchema = z.object({ error: errorBodySchema });

/** Sends a request to a route and returns whatever comes. */
export async function request(
  url: string,
  name: RouteName,
  { token, params, query, body, key }: Call = {},
): Promise<RawAnswer> {
  const spec: RouteSpec = routes[name];
  const path = spec.path.replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(params?.[key] ?? `:${key}`),
  );
  const search = new URLSearchParams(
    Object.entries(query ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const response = await fetch(`${url}${path}${search.size > 0 ? `?${search.toString()}` : ''}`, {
    method: spec.method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** Sends a request that must succeed. @throws CallError with the server's error when it does not */
export async function call<R extends RouteName>(
  url: string,
  name: R,
  options: Call = {},
): Promise<AnswerOf<R>> {
  const answer = await request(url, name, options);
  if (answer.status !== 200) throw new CallError(name, answer.status, failureSchema.parse(answer.body).error);
  return routes[name].answer.parse(answer.body) as AnswerOf<R>;
}

/** Sends a request that must be refused; answers status and error. @throws Error when it succeeds */
export async function refusal(
  url: string,
  name: RouteName,
  options: Call = {},
): Promise<ErrorBody & { readonly status: number }> {
  const answer = await request(url, name, options);
  const failure = failureSchema.safeParse(answer.body);
  if (!failure.success)
    throw new Error(`${name}: expected an error, got ${answer.status} ${JSON.stringify(answer.body)}`);
  return { ...failure.data.error, status: answer.status };
}
