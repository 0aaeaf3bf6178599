/** A stable description of everything that crosses the wire, so that a test can notice any change of it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accountEntrySchemas, orgEntrySchemas } from '../domain/entries.ts';
import { eventPayloadSchemas } from '../domain/event.ts';
import { limits } from '../domain/limits.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { errorCatalogue } from './errors.ts';
import { plainPaths, routes } from './http.ts';
import type { RouteSpec } from './route-spec.ts';
import { opSchemas } from './ops.ts';
import { eventScopes, opScopes, socketScopes } from './scopes.ts';
import { clientEvents, handshakeSchema, oneOpKinds, serverEvents } from './socket.ts';

const shape = (schema: z.ZodType | null | undefined): unknown =>
  schema ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : null;

const shapes = (table: Readonly<Record<string, z.ZodType>>): unknown =>
  Object.fromEntries(Object.entries(table).map(([name, schema]) => [name, shape(schema)]));

/** SHA-256 of all schemas, limits, codes and names of the protocol. Sentences and comments do not count. */
export function schemaHash(): string {
  const wire = {
    limits,
    scopes: [opScopes, eventScopes, socketScopes],
    plainPaths,
    oneOpKinds,
    handshake: shape(handshakeSchema),
    ops: shapes(opSchemas),
    events: shapes(eventPayloadSchemas),
    accountEntries: shapes(accountEntrySchemas),
    orgEntries: shapes(orgEntrySchemas),
    serverEvents: shapes(serverEvents),
    clientEvents: Object.fromEntries(
      Object.entries(clientEvents).map(([name, { request, answer }]) => [
        name,
        [shape(request), shape(answer)],
      ]),
    ),
    routes: Object.fromEntries(
      Object.entries<RouteSpec>(routes).map(
        ([name, { method, path, access, write, scopes: needed, params, query, body, answer }]) => [
          name,
          {
            method,
            path,
            access,
            write: write ?? null,
            scopes: needed ?? null,
            params: shape(params),
            query: shape(query),
            body: shape(body),
            answer: shape(answer),
          },
        ],
      ),
    ),
    errors: Object.fromEntries(
      Object.entries(errorCatalogue).map(([code, { status, retry }]) => [code, [status, retry]]),
    ),
  };
  return createHash('sha256').update(canonicalJson(wire)).digest('hex');
}
