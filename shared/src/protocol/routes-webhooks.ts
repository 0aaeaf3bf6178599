/** Routes of webhooks. Outgoing ones tell an address what their bot may see; incoming ones post as their bot. */
import { z } from 'zod';
import { textSchema, timeMsSchema, uuidSchema } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { opResultSchema } from './ops.ts';
import { byId, empty, nameSchema, type RouteSpec } from './route-spec.ts';

/** Events a webhook may be told of. */
export const webhookEventSchema = z.enum([
  'message:new',
  'message:edited',
  'message:deleted',
  'reaction:set',
  'member:joined',
  'member:left',
  'member:role',
  'conversation:updated',
]);

/** Why a webhook is off: by an administrator; failing for a day; the address answered 410. null: it is on. */
export const disabledReasonSchema = z.enum(['off', 'failing', 'gone']).nullable();

const byBot = byId.extend({ botId: uuidSchema });
const byWebhook = byBot.extend({ webhookId: uuidSchema });
const settings = {
  url: textSchema(limits.urlBytes, 1),
  events: z.array(webhookEventSchema).min(1),
  /** left out: every conversation the bot is in */
  conversationId: uuidSchema.nullable(),
};
const webhookSchema = z.object({
  id: uuidSchema,
  ...settings,
  createdAt: timeMsSchema,
  disabledReason: disabledReasonSchema,
});

/** See the head of this file. */
export const webhookRoutes = {
  createWebhook: {
    method: 'POST',
    path: '/api/orgs/:id/bots/:botId/webhooks',
    access: 'user',
    write: 'answer',
    summary:
      'Tell an address what a bot sees from now on (owners and admins). The only time the secret is shown.',
    params: byBot,
    body: z.strictObject({ ...settings, conversationId: settings.conversationId.default(null) }),
    answer: webhookSchema.extend({ secret: z.string() }),
  },
  webhooks: {
    method: 'GET',
    path: '/api/orgs/:id/bots/:botId/webhooks',
    access: 'user',
    summary: 'The outgoing webhooks of a bot (owners and admins).',
    params: byBot,
    answer: z.object({ webhooks: z.array(webhookSchema) }),
  },
  updateWebhook: {
    method: 'PATCH',
    path: '/api/orgs/:id/bots/:botId/webhooks/:webhookId',
    access: 'user',
    summary: 'Turn a webhook off, or on again; what happened in between is not told (owners and admins).',
    params: byWebhook,
    body: z.strictObject({ isEnabled: z.boolean() }),
    answer: webhookSchema,
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/api/orgs/:id/bots/:botId/webhooks/:webhookId',
    access: 'user',
    summary: 'Remove a webhook and its log (owners and admins).',
    params: byWebhook,
    answer: empty,
  },
  deliveries: {
    method: 'GET',
    path: '/api/orgs/:id/bots/:botId/webhooks/:webhookId/deliveries',
    access: 'user',
    summary: 'The latest deliveries of a webhook, newest first, and how each went (owners and admins).',
    params: byWebhook,
    query: z.strictObject({ limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50) }),
    answer: z.object({
      deliveries: z.array(
        z.object({
          id: z.string(),
          type: z.string(),
          logId: uuidSchema,
          seq: z.int(),
          createdAt: timeMsSchema,
          attempts: z.int(),
          settledAt: timeMsSchema.nullable(),
          status: z.int().nullable(),
          error: z.string().nullable(),
        }),
      ),
    }),
  },
  createIncomingWebhook: {
    method: 'POST',
    path: '/api/orgs/:id/bots/:botId/incoming',
    access: 'user',
    write: 'answer',
    summary:
      'Make an address that posts into one conversation as a bot (owners and admins). It is listed and ended like a token.',
    params: byBot,
    body: z.strictObject({ name: nameSchema, conversationId: uuidSchema }),
    answer: z.object({ id: uuidSchema, url: z.string() }),
  },
  postIncoming: {
    method: 'POST',
    path: '/api/hooks/:secret',
    access: 'public',
    write: 'op',
    summary:
      'Post a text through an incoming webhook. Other fields are ignored, so that senders made for others work.',
    params: z.object({ secret: z.string().min(1).max(200) }),
    body: z.object({ text: z.string(), opId: uuidSchema.optional() }),
    answer: opResultSchema,
  },
} as const satisfies Record<string, RouteSpec>;
