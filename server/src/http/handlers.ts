/** The handlers of all routes. */
import { accountHandlers } from './account-handlers.ts';
import { botHandlers } from './bot-handlers.ts';
import { conversationHandlers } from './conversation-handlers.ts';
import type { RouteHandlers, RouteParts } from './handler-parts.ts';
import { logHandlers } from './log-handlers.ts';
import { orgHandlers } from './org-handlers.ts';
import { webhookHandlers } from './webhook-handlers.ts';

/** Creates the handlers. */
export function createRouteHandlers(parts: RouteParts): RouteHandlers {
  return {
    ...accountHandlers(parts),
    ...orgHandlers(parts),
    ...conversationHandlers(parts),
    ...botHandlers(parts),
    ...webhookHandlers(parts),
    ...logHandlers(parts),
  };
}
