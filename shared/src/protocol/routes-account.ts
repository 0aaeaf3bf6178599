/** Routes of accounts: registration, sign-in, the own profile and devices. */
import { z } from 'zod';
import { orgRoleSchema } from '../domain/entries.ts';
import { textSchema, timeMsSchema, uuidSchema } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { byId, empty, nameSchema, type RouteSpec, emailSchema } from './route-spec.ts';

const passwordSchema = textSchema(1024, 1);
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
  /** The network address of its last sign-in or renewal; null: not known yet. */
  address: z.string().nullable(),
});
/** See {@link deviceSchema}. */
export type Device = z.infer<typeof deviceSchema>;

/** See the head of this file. */
export const accountRoutes = {
  register: {
    method: 'POST',
    path: '/api/auth/register',
    access: 'public',
    write: 'answer',
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
    write: 'answer',
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
    write: 'answer',
    summary: 'Change the password; ends the sign-ins of all other devices.',
    body: z.strictObject({ currentPassword: passwordSchema, newPassword: passwordSchema }),
    answer: empty,
  },
  me: {
    method: 'GET',
    path: '/api/me',
    access: 'user',
    scopes: [],
    summary: 'Own profile.',
    answer: meSchema,
  },
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
} as const satisfies Record<string, RouteSpec>;
