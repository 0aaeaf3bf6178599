/**
 * The HTTP protocol: every route with its schemas. Owns method, path, who may call, and shapes; the server's router,
 * `GET /api/openapi.json`, the desktop's HTTP client and the authorisation matrix derive from this table.
 * Errors are `{error: ErrorBody}` with the status of the catalogue.
 */
import { z } from 'zod';
import { orgRoleSchema } from '../domain/entries.ts';
import { textSchema, timeMsSchema, uuidSchema } from '../domain/ids.ts';
import { conversationSchema } from '../domain/message.ts';
import { limits } from '../domain/limits.ts';
import { opResultSchema } from './ops.ts';
import { searchAnswerSchema, searchRequestSchema } from './search.ts';
import {
  historyAnswerSchema,
  historyQuerySchema,
  logStateAnswerSchema,
  logStateQuerySchema,
  opsStatusAnswerSchema,
  opsStatusRequestSchema,
  pullAnswerSchema,
  pullQuerySchema,
  receiptsAnswerSchema,
  receiptsQuerySchema,
  verifyAnswerSchema,
  verifyRequestSchema,
  windowAnswerSchema,
  windowRequestSchema,
} from './sync.ts';

/** Who may call: anybody, or the holder of an access token (`Authorization: Bearer`). */
export type RouteAccess = 'public' | 'user';

/** One route. Path parameters are `:name`; absent schemas mean "none". */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: RouteAccess;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
}

const emailSchema = z.email().max(254);
const passwordSchema = textSchema(1024, 1);
const nameSchema = textSchema(limits.nameBytes, 1).refine((name) => name.trim() !== '', 'must not be blank');
const deviceInput = { deviceId: uuidSchema, deviceName: textSchema(limits.nameBytes, 1) };

/** A signed-in session. `refreshToken` goes to the keyring; `accessToken` lives in memory until `expiresAtMs`. */
export const sessionSchema = z.object({
  userId: uuidSchema,
  deviceId: uuidSchema,
  accessToken: z.string(),
  expiresAtMs: timeMsSchema,
  refreshToken: z.string(),
});
/** See {@link sessionSchema}. */
export type Session = z.infer<typeof sessionSchema>;

/** Own profile. */
export const meSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  createdAt: timeMsSchema,
  orgs: z.array(z.object({ id: uuidSchema, name: z.string(), role: orgRoleSchema })),
});
/** See {@link meSchema}. */
export type Me = z.infer<typeof meSchema>;

/** One of my devices. */
export const deviceSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  createdAt: timeMsSchema,
  lastSeenAt: timeMsSchema.nullable(),
  current: z.boolean(),
  revokedAt: timeMsSchema.nullable(),
});
/** See {@link deviceSchema}. */
export type Device = z.infer<typeof deviceSchema>;

/** A person as the directory lists them. */
export const directoryPersonSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  orgIds: z.array(uuidSchema),
});
const inviteSchema = z.object({
  id: uuidSchema,
  code: z.string(),
  url: z.string(),
  expiresAt: timeMsSchema.nullable(),
  maxUses: z.int().nullable(),
  uses: z.int(),
});
const openInviteSchema = z.object({
  id: uuidSchema,
  createdBy: uuidSchema,
  createdAt: timeMsSchema,
  expiresAt: timeMsSchema.nullable(),
  maxUses: z.int().nullable(),
  uses: z.int(),
});
const orgSchema = z.object({ id: uuidSchema, name: z.string(), role: orgRoleSchema });
const byId = z.object({ id: uuidSchema });
const empty = z.object({});

/** Every route by name. */
export const routes = {
  register: {
    method: 'POST',
    path: '/api/auth/register',
    access: 'public',
    summary:
      'Create an account: the first owner with the set-up code and an organisation name, others with an invite code.',
    body: z.strictObject({
      email: emailSchema,
      password: passwordSchema,
      name: nameSchema,
      ...deviceInput,
      setupCode: z.string().max(200).optional(),
      orgName: nameSchema.optional(),
      inviteCode: z.string().max(200).optional(),
    }),
    answer: sessionSchema,
  },
  login: {
    method: 'POST',
    path: '/api/auth/login',
    access: 'public',
    summary: 'Sign in on a device.',
    body: z.strictObject({ email: emailSchema, password: passwordSchema, ...deviceInput }),
    answer: sessionSchema,
  },
  token: {
    method: 'POST',
    path: '/api/auth/token',
    access: 'public',
    summary:
      'Trade a refresh token for an access token; rotates it. No refreshToken in the answer: keep the newer one you have.',
    body: z.strictObject({ refreshToken: z.string().min(1).max(512) }),
    answer: sessionSchema.extend({ refreshToken: z.string().optional() }),
  },
  logout: {
    method: 'POST',
    path: '/api/auth/logout',
    access: 'public',
    summary: 'End this sign-in.',
    body: z.strictObject({ refreshToken: z.string().min(1).max(512) }),
    answer: empty,
  },
  changePassword: {
    method: 'POST',
    path: '/api/auth/password',
    access: 'user',
    summary: 'Change the password; ends the sign-ins of all other devices.',
    body: z.strictObject({ currentPassword: passwordSchema, newPassword: passwordSchema }),
    answer: empty,
  },
  me: { method: 'GET', path: '/api/me', access: 'user', summary: 'Own profile.', answer: meSchema },
  updateMe: {
    method: 'PATCH',
    path: '/api/me',
    access: 'user',
    summary: 'Change the own name in every organisation.',
    body: z.strictObject({ name: nameSchema }),
    answer: meSchema,
  },
  devices: {
    method: 'GET',
    path: '/api/me/devices',
    access: 'user',
    summary: 'Own devices.',
    answer: z.object({ devices: z.array(deviceSchema) }),
  },
  revokeDevice: {
    method: 'DELETE',
    path: '/api/me/devices/:id',
    access: 'user',
    summary: 'Sign a device out; with wipe=true it removes its local data at its next contact.',
    params: byId,
    query: z.strictObject({ wipe: z.enum(['true', 'false']).optional() }),
    answer: empty,
  },
  users: {
    method: 'GET',
    path: '/api/users',
    access: 'user',
    summary: 'People who share an organisation with me.',
    query: z.strictObject({ query: textSchema(200).optional(), orgId: uuidSchema.optional() }),
    answer: z.object({ users: z.array(directoryPersonSchema) }),
  },
  orgs: {
    method: 'GET',
    path: '/api/orgs',
    access: 'user',
    summary: 'My organisations.',
    answer: z.object({ orgs: z.array(orgSchema) }),
  },
  orgMembers: {
    method: 'GET',
    path: '/api/orgs/:id/members',
    access: 'user',
    summary: 'Members of an organisation.',
    params: byId,
    answer: z.object({
      members: z.array(z.object({ userId: uuidSchema, name: z.string(), role: orgRoleSchema })),
    }),
  },
  createInvite: {
    method: 'POST',
    path: '/api/orgs/:id/invites',
    access: 'user',
    summary:
      'Make an invite code (owners and admins). Somebody who was removed needs one that was made after the removal.',
    params: byId,
    body: z.strictObject({
      maxUses: z.int().min(1).max(10_000).nullable().optional(),
      expiresInMs: z.int().min(60_000).nullable().optional(),
    }),
    answer: inviteSchema,
  },
  invites: {
    method: 'GET',
    path: '/api/orgs/:id/invites',
    access: 'user',
    summary: 'Invites that still let somebody in, newest first, without their codes (owners and admins).',
    params: byId,
    answer: z.object({ invites: z.array(openInviteSchema) }),
  },
  revokeInvite: {
    method: 'DELETE',
    path: '/api/orgs/:id/invites/:inviteId',
    access: 'user',
    summary: 'End an invite (owners and admins).',
    params: byId.extend({ inviteId: uuidSchema }),
    answer: empty,
  },
  acceptInvite: {
    method: 'POST',
    path: '/api/invites/:code/accept',
    access: 'user',
    summary: 'Join an organisation with an existing account.',
    params: z.object({ code: z.string().min(1).max(200) }),
    answer: orgSchema,
  },
  conversations: {
    method: 'GET',
    path: '/api/conversations',
    access: 'user',
    summary: 'My conversations.',
    query: z.strictObject({
      cursor: z.string().max(64).optional(),
      limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
    }),
    answer: z.object({ conversations: z.array(conversationSchema), cursor: z.string().optional() }),
  },
  createConversation: {
    method: 'POST',
    path: '/api/conversations',
    access: 'user',
    summary: 'Create or find the direct conversation with a person.',
    body: z.strictObject({ opId: uuidSchema, id: uuidSchema, orgId: uuidSchema, peerId: uuidSchema }),
    answer: conversationSchema,
  },
  conversation: {
    method: 'GET',
    path: '/api/conversations/:id',
    access: 'user',
    summary: 'One conversation.',
    params: byId,
    answer: conversationSchema,
  },
  receipts: {
    method: 'GET',
    path: '/api/conversations/:id/receipts',
    access: 'user',
    summary: 'Watermarks of its members.',
    params: byId,
    query: receiptsQuerySchema,
    answer: receiptsAnswerSchema,
  },
  history: {
    method: 'GET',
    path: '/api/conversations/:id/messages',
    access: 'user',
    summary: 'A page of history.',
    params: byId,
    query: historyQuerySchema,
    answer: historyAnswerSchema,
  },
  search: {
    method: 'GET',
    path: '/api/search',
    access: 'user',
    summary:
      'Messages I may see that match a query, newest first: words, "phrases", from:, in:, before:, after:, has:link, is:unread, each also with a minus.',
    query: searchRequestSchema,
    answer: searchAnswerSchema,
  },
  sendMessage: {
    method: 'POST',
    path: '/api/conversations/:id/messages',
    access: 'user',
    summary: 'Send a message (bots).',
    params: byId,
    body: z.strictObject({ opId: uuidSchema, text: z.string(), replyTo: uuidSchema.nullable().optional() }),
    answer: opResultSchema,
  },
  editMessage: {
    method: 'PUT',
    path: '/api/messages/:id',
    access: 'user',
    summary: 'Edit an own message (bots).',
    params: byId,
    body: z.strictObject({ opId: uuidSchema, text: z.string() }),
    answer: opResultSchema,
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/api/messages/:id',
    access: 'user',
    summary: 'Delete an own message for everyone (bots).',
    params: byId,
    query: z.strictObject({ opId: uuidSchema }),
    answer: opResultSchema,
  },
  window: {
    method: 'POST',
    path: '/api/conversations/:id/window',
    access: 'user',
    summary: 'The newest page and what changed of what I hold.',
    params: byId,
    body: windowRequestSchema,
    answer: windowAnswerSchema,
  },
  logState: {
    method: 'GET',
    path: '/api/logs/:id/state',
    access: 'user',
    summary: 'Every key of an account or organisation log.',
    params: byId,
    query: logStateQuerySchema,
    answer: logStateAnswerSchema,
  },
  pull: {
    method: 'GET',
    path: '/api/logs/:id/events',
    access: 'user',
    summary: 'Events after a position.',
    params: byId,
    query: pullQuerySchema,
    answer: pullAnswerSchema,
  },
  verify: {
    method: 'POST',
    path: '/api/sync/verify',
    access: 'user',
    summary: 'Whether positions are part of the server’s history.',
    body: verifyRequestSchema,
    answer: verifyAnswerSchema,
  },
  opsStatus: {
    method: 'POST',
    path: '/api/ops/status',
    access: 'user',
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
    }),
  },
} as const satisfies Record<string, RouteSpec>;

/** Name of a route. */
export type RouteName = keyof typeof routes;

/** Paths without a schema: health, metrics and the document made from this table. */
export const plainPaths = ['/healthz', '/readyz', '/metrics', '/api/openapi.json'] as const;
