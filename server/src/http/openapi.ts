/** `GET /api/openapi.json`: OpenAPI 3.1, derived from the routes table, so that it cannot differ from what is served. */
import { z } from 'zod';
import { errorBodySchema } from '@curlew/shared/protocol/errors.ts';
import { routes } from '@curlew/shared/protocol/http.ts';
import { accountRoutes } from '@curlew/shared/protocol/routes-account.ts';
import { botRoutes } from '@curlew/shared/protocol/routes-bots.ts';
import { conversationRoutes } from '@curlew/shared/protocol/routes-conversations.ts';
import { logRoutes } from '@curlew/shared/protocol/routes-logs.ts';
import { orgRoutes } from '@curlew/shared/protocol/routes-orgs.ts';
import { webhookRoutes } from '@curlew/shared/protocol/routes-webhooks.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';

type Json = Record<string, unknown>;

/** The tables of routes, as groups of operations. */
const groups = [
  {
    name: 'Accounts',
    description: 'Registration, sign-in, the own profile and devices',
    table: accountRoutes,
  },
  { name: 'Organisations', description: 'People, invites, sites and units', table: orgRoutes },
  { name: 'Conversations', description: 'Conversations, members and messages', table: conversationRoutes },
  { name: 'Bots', description: 'Bots and their tokens', table: botRoutes },
  { name: 'Webhooks', description: 'Outgoing and incoming webhooks', table: webhookRoutes },
  { name: 'Logs', description: 'For clients that keep a copy of their own', table: logRoutes },
];

let made: Json | undefined;

/** The document; made once. */
export function openApiDocument(version: string): Json {
  return (made ??= {
    openapi: '3.1.0',
    info: {
      title: 'Curlew',
      version,
      description:
        'State over HTTP. Events and their acks travel over Socket.IO; docs/protocol.md describes both.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server this document came from' }],
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths: paths(),
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Error: jsonSchema(z.object({ error: errorBodySchema }), 'output') },
      responses: {
        Error: {
          description: 'A typed error; docs/errors.md lists them',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'Makes the request safe to repeat. Where it has an opId, it is that.',
          schema: { type: 'string', format: 'uuid' },
        },
      },
    },
  });
}

function paths(): Json {
  const result: Record<string, Json> = {};
  for (const [name, spec] of Object.entries<RouteSpec>(routes)) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}');
    (result[path] ??= {})[spec.method.toLowerCase()] = operation(name, spec);
  }
  return result;
}

function operation(name: string, spec: RouteSpec): Json {
  return {
    operationId: name,
    tags: groups.filter(({ table }) => Object.hasOwn(table, name)).map((group) => group.name),
    summary: spec.summary,
    security: spec.access === 'user' ? [{ accessToken: [] }] : [],
    parameters: [
      ...parameters(spec.params, 'path'),
      ...parameters(spec.query, 'query'),
      ...(spec.write ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    ...(spec.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: withKey(jsonSchema(spec.body, 'input')) } },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'Done',
        content: { 'application/json': { schema: jsonSchema(spec.answer, 'output') } },
      },
      '4XX': { $ref: '#/components/responses/Error' },
      '5XX': { $ref: '#/components/responses/Error' },
    },
  };
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'output') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const isNeeded = (name: string, property: Json): boolean =>
    // A default makes a parameter optional for the caller although the parsed value always has it.
    required.includes(name) && name !== 'opId' && !('default' in property);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || isNeeded(name, property),
    schema: property,
  }));
}

/** A body whose opId may stand in the header instead, in whichever of its forms. */
function withKey(schema: Json): Json {
  const { required, oneOf, anyOf, ...rest } = schema as {
    required?: string[];
    oneOf?: Json[];
    anyOf?: Json[];
  };
  const needed = required?.filter((name) => name !== 'opId') ?? [];
  return {
    ...rest,
    ...(needed.length > 0 ? { required: needed } : {}),
    ...(oneOf ? { oneOf: oneOf.map(withKey) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(withKey) } : {}),
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
