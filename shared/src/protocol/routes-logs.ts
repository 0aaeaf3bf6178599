/** Routes of logs: what a client that keeps its own copy needs beside the socket. */
import { z } from 'zod';
import { timeMsSchema } from '../domain/ids.ts';
import { byId, type RouteSpec } from './route-spec.ts';
import {
  logStateAnswerSchema,
  logStateQuerySchema,
  opsStatusAnswerSchema,
  opsStatusRequestSchema,
  pullAnswerSchema,
  pullQuerySchema,
  verifyAnswerSchema,
  verifyRequestSchema,
  windowAnswerSchema,
  windowRequestSchema,
} from './sync.ts';

/** What the server asks of the Curlew app: where its updates are, and from when on (ms since 1970) which is too old. */
export const clientPolicySchema = z.object({
  feedUrl: z.string().nullable(),
  minimum: z.object({ version: z.string(), fromMs: timeMsSchema }).nullable(),
});

/** See the head of this file. */
export const logRoutes = {
  window: {
    method: 'POST',
    path: '/api/conversations/:id/window',
    access: 'user',
    scopes: ['messages:read'],
    summary: 'The newest page and what changed of what I hold.',
    params: byId,
    body: windowRequestSchema,
    answer: windowAnswerSchema,
  },
  logState: {
    method: 'GET',
    path: '/api/logs/:id/state',
    access: 'user',
    scopes: ['members:read'],
    summary: 'Every key of an account or organisation log.',
    params: byId,
    query: logStateQuerySchema,
    answer: logStateAnswerSchema,
  },
  pull: {
    method: 'GET',
    path: '/api/logs/:id/events',
    access: 'user',
    scopes: ['messages:read', 'members:read'],
    summary: 'Events after a position.',
    params: byId,
    query: pullQuerySchema,
    answer: pullAnswerSchema,
  },
  verify: {
    method: 'POST',
    path: '/api/sync/verify',
    access: 'user',
    scopes: ['messages:read', 'members:read'],
    summary: 'Whether positions are part of the server’s history.',
    body: verifyRequestSchema,
    answer: verifyAnswerSchema,
  },
  opsStatus: {
    method: 'POST',
    path: '/api/ops/status',
    access: 'user',
    scopes: [],
    summary: 'Which of my ops the server holds.',
    body: opsStatusRequestSchema,
    answer: opsStatusAnswerSchema,
  },
  discovery: {
    method: 'GET',
    path: '/.well-known/curlew',
    access: 'public',
    summary: 'What this server is.',
    answer: z.object({
      product: z.literal('curlew'),
      version: z.string(),
      protocol: z.int(),
      minProtocol: z.int(),
      name: z.string(),
      needsSetup: z.boolean(),
      client: clientPolicySchema,
    }),
  },
} as const satisfies Record<string, RouteSpec>;
