/**
 * The HTTP protocol: every route with its schemas. Owns method, path, who may call, and shapes; the server's router,
 * `GET /api/openapi.json`, the desktop's HTTP client and the authorisation matrix derive from this table.
 * Errors are `{error: ErrorBody}` with the status of the catalogue.
 */
import { accountRoutes } from './routes-account.ts';
import { botRoutes } from './routes-bots.ts';
import { conversationRoutes } from './routes-conversations.ts';
import { logRoutes } from './routes-logs.ts';
import { orgRoutes } from './routes-orgs.ts';
import { webhookRoutes } from './routes-webhooks.ts';
import type { RouteSpec } from './route-spec.ts';

/** Every route by name. */
export const routes = {
  ...accountRoutes,
  ...orgRoutes,
  ...conversationRoutes,
  ...botRoutes,
  ...webhookRoutes,
  ...logRoutes,
} as const satisfies Record<string, RouteSpec>;

/** Name of a route. */
export type RouteName = keyof typeof routes;

/** Paths without a schema: health, metrics and the document made from this table. */
export const plainPaths = ['/healthz', '/readyz', '/metrics', '/api/openapi.json'] as const;
