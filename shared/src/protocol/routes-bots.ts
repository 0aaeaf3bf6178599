/** Routes of bots and their tokens, for owners and admins of an organisation. No bot may use them. */
import { z } from 'zod';
import { timeMsSchema, uuidSchema } from '../domain/ids.ts';
import { byId, empty, lifetimeSchema, nameSchema, opIdOnly, type RouteSpec } from './route-spec.ts';
import { scopeSchema } from './scopes.ts';

const byBot = byId.extend({ botId: uuidSchema });
const byToken = byBot.extend({ tokenId: uuidSchema });
const botSchema = z.object({ id: uuidSchema, name: z.string(), createdAt: timeMsSchema });
const tokenSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  scopes: z.array(scopeSchema),
  /** set: an incoming webhook that posts into this conversation */
  conversationId: uuidSchema.nullable(),
  createdAt: timeMsSchema,
  expiresAt: timeMsSchema.nullable(),
  lastUsedAt: timeMsSchema.nullable(),
});

/** See the head of this file. */
export const botRoutes = {
  createBot: {
    method: 'POST',
    path: '/api/orgs/:id/bots',
    access: 'user',
    write: 'answer',
    summary: 'Make a bot: a member of the organisation without address and password (owners and admins).',
    params: byId,
    body: z.strictObject({ name: nameSchema }),
    answer: botSchema,
  },
  bots: {
    method: 'GET',
    path: '/api/orgs/:id/bots',
    access: 'user',
    summary: 'The bots of an organisation.',
    params: byId,
    answer: z.object({ bots: z.array(botSchema) }),
  },
  removeBot: {
    method: 'DELETE',
    path: '/api/orgs/:id/bots/:botId',
    access: 'user',
    write: 'op',
    summary: 'Take a bot out of the organisation and end its tokens and webhooks (owners and admins).',
    params: byBot,
    query: opIdOnly,
    answer: empty,
  },
  createToken: {
    method: 'POST',
    path: '/api/orgs/:id/bots/:botId/tokens',
    access: 'user',
    write: 'answer',
    summary:
      'Make a token of a bot (owners and admins). The only time it is shown. It goes where an access token goes, with `deviceId` in the handshake of a socket.',
    params: byBot,
    body: z.strictObject({
      name: nameSchema,
      scopes: z.array(scopeSchema).min(1),
      expiresInMs: lifetimeSchema.nullable().optional(),
    }),
    answer: z.object({ id: uuidSchema, token: z.string(), userId: uuidSchema, deviceId: uuidSchema }),
  },
  tokens: {
    method: 'GET',
    path: '/api/orgs/:id/bots/:botId/tokens',
    access: 'user',
    summary: 'The tokens of a bot that nobody ended, without themselves (owners and admins).',
    params: byBot,
    answer: z.object({ tokens: z.array(tokenSchema) }),
  },
  revokeToken: {
    method: 'DELETE',
    path: '/api/orgs/:id/bots/:botId/tokens/:tokenId',
    access: 'user',
    summary: 'End a token; its sockets close within two seconds (owners and admins).',
    params: byToken,
    answer: empty,
  },
} as const satisfies Record<string, RouteSpec>;
