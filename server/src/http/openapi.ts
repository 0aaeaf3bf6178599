/** `GET /api/openapi.json`: OpenAPI 3.1, derived from the routes table, so that it cannot differ from what is served. */
import { z } from 'zod';
import { errorBodySchema } from '@curlew/shared/protocol/errors.ts';
import { routes } from '@curlew/shared/protocol/http.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';

type Json = Record<string, unknown>;

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
    paths: paths(),
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Error: jsonSchema(z.object({ error: errorBodySchema }), 'output') },
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
    summary: spec.summary,
    security: spec.access === 'user' ? [{ accessToken: [] }] : [],
    parameters: [...parameters(spec.params, 'path'), ...parameters(spec.query, 'query')],
    ...(spec.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(spec.body, 'input') } },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'Done',
        content: { 'application/json': { schema: jsonSchema(spec.answer, 'output') } },
      },
      default: {
        description: 'A typed error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'output') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    // A default makes a parameter optional for the caller although the parsed value always has it.
    required: where === 'path' || (required.includes(name) && !('default' in property)),
    schema: property,
  }));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
