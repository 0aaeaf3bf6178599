/** Routes of organisations: their people, invites, sites and units. Owners and admins write, everybody in it reads. */
import { z } from 'zod';
import { orgRoleSchema } from '../domain/entries.ts';
import { textSchema, timeMsSchema, uuidSchema } from '../domain/ids.ts';
import { opResultSchema } from './ops.ts';
import {
  byId,
  emailSchema,
  empty,
  lifetimeSchema,
  nameSchema,
  opIdOnly,
  type RouteSpec,
} from './route-spec.ts';

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
/** A line of the audit log: ids and the name of an action, with roles, rules and names of places; never a message. */
export const auditEntrySchema = z.object({
  id: z.int(),
  at: timeMsSchema,
  actorId: uuidSchema.nullable(),
  actorName: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  targetName: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).nullable(),
});
/** See {@link auditEntrySchema}. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const openInviteSchema = z.object({
  id: uuidSchema,
  /** where it was sent, if it was */
  email: z.string().nullable(),
  createdBy: uuidSchema,
  createdAt: timeMsSchema,
  expiresAt: timeMsSchema.nullable(),
  maxUses: z.int().nullable(),
  uses: z.int(),
});
const orgSchema = z.object({ id: uuidSchema, name: z.string(), role: orgRoleSchema });
const byMember = byId.extend({ userId: uuidSchema });
const bySite = byId.extend({ siteId: uuidSchema });
const byUnit = byId.extend({ unitId: uuidSchema });
const named = { opId: uuidSchema, name: nameSchema };

/** See the head of this file. */
export const orgRoutes = {
  users: {
    method: 'GET',
    path: '/api/users',
    access: 'user',
    scopes: ['members:read'],
    summary: 'People who share an organisation with me.',
    query: z.strictObject({ query: textSchema(200).optional(), orgId: uuidSchema.optional() }),
    answer: z.object({ users: z.array(directoryPersonSchema) }),
  },
  orgs: {
    method: 'GET',
    path: '/api/orgs',
    access: 'user',
    scopes: ['members:read'],
    summary: 'My organisations.',
    answer: z.object({ orgs: z.array(orgSchema) }),
  },
  createOrg: {
    method: 'POST',
    path: '/api/orgs',
    access: 'user',
    summary:
      'Found an organisation under an id of your making and own it. Who may is a setting of the server. Repeating it changes nothing.',
    body: z.strictObject({ id: uuidSchema, name: nameSchema }),
    answer: orgSchema,
  },
  audit: {
    method: 'GET',
    path: '/api/orgs/:id/audit',
    access: 'user',
    summary:
      'What was done in running an organisation, newest first (owners and admins): by or to one person, of one action, older than a line.',
    params: byId,
    query: z.strictObject({
      personId: uuidSchema.optional(),
      action: textSchema(64, 1).optional(),
      before: z.coerce.number().pipe(z.int().min(1)).optional(),
      limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
    }),
    answer: z.object({ entries: z.array(auditEntrySchema), next: z.int().nullable() }),
  },
  auditExport: {
    method: 'GET',
    path: '/api/orgs/:id/audit/export',
    access: 'user',
    summary: 'The audit log as one text, newest first: CSV (RFC 4180, UTF-8) or JSON (owners and admins).',
    params: byId,
    query: z.strictObject({
      format: z.enum(['csv', 'json']),
      personId: uuidSchema.optional(),
      action: textSchema(64, 1).optional(),
    }),
    answer: z.object({ text: z.string(), entries: z.int() }),
  },
  updateOrg: {
    method: 'PATCH',
    path: '/api/orgs/:id',
    access: 'user',
    write: 'op',
    summary: 'Rename an organisation (owners and admins).',
    params: byId,
    body: z.strictObject(named),
    answer: opResultSchema,
  },
  orgMembers: {
    method: 'GET',
    path: '/api/orgs/:id/members',
    access: 'user',
    scopes: ['members:read'],
    summary: 'Members of an organisation.',
    params: byId,
    answer: z.object({
      members: z.array(z.object({ userId: uuidSchema, name: z.string(), role: orgRoleSchema })),
    }),
  },
  updateOrgMember: {
    method: 'PATCH',
    path: '/api/orgs/:id/members/:userId',
    access: 'user',
    write: 'op',
    summary: 'Give a member another role (owners and admins; only owners make owners).',
    params: byMember,
    body: z.strictObject({ opId: uuidSchema, role: orgRoleSchema }),
    answer: opResultSchema,
  },
  removeOrgMember: {
    method: 'DELETE',
    path: '/api/orgs/:id/members/:userId',
    access: 'user',
    write: 'op',
    summary:
      'Take somebody out of an organisation and its conversations (owners and admins), or leave it oneself.',
    params: byMember,
    query: opIdOnly,
    answer: opResultSchema,
  },
  sites: {
    method: 'GET',
    path: '/api/orgs/:id/sites',
    access: 'user',
    scopes: ['members:read'],
    summary: 'Sites of an organisation, by name.',
    params: byId,
    answer: z.object({ sites: z.array(z.object({ id: uuidSchema, name: z.string() })) }),
  },
  putSite: {
    method: 'PUT',
    path: '/api/orgs/:id/sites/:siteId',
    access: 'user',
    write: 'op',
    summary: 'Open a site under an id of your making, or rename it (owners and admins).',
    params: bySite,
    body: z.strictObject(named),
    answer: opResultSchema,
  },
  deleteSite: {
    method: 'DELETE',
    path: '/api/orgs/:id/sites/:siteId',
    access: 'user',
    write: 'op',
    summary: 'Close a site (owners and admins).',
    params: bySite,
    query: opIdOnly,
    answer: opResultSchema,
  },
  units: {
    method: 'GET',
    path: '/api/orgs/:id/units',
    access: 'user',
    scopes: ['members:read'],
    summary: 'Units of all sites of an organisation, by name.',
    params: byId,
    answer: z.object({
      units: z.array(
        z.object({ id: uuidSchema, name: z.string(), siteId: uuidSchema, parentId: uuidSchema.nullable() }),
      ),
    }),
  },
  putUnit: {
    method: 'PUT',
    path: '/api/orgs/:id/units/:unitId',
    access: 'user',
    write: 'op',
    summary: 'Open a unit of a site under an id of your making, or change it (owners and admins).',
    params: byUnit,
    body: z.strictObject({ ...named, siteId: uuidSchema, parentId: uuidSchema.nullable().default(null) }),
    answer: opResultSchema,
  },
  deleteUnit: {
    method: 'DELETE',
    path: '/api/orgs/:id/units/:unitId',
    access: 'user',
    write: 'op',
    summary: 'Close a unit (owners and admins).',
    params: byUnit,
    query: opIdOnly,
    answer: opResultSchema,
  },
  createInvite: {
    method: 'POST',
    path: '/api/orgs/:id/invites',
    access: 'user',
    write: 'answer',
    summary:
      'Make an invite code (owners and admins). Somebody who was removed needs one that was made after the removal. Sent by e-mail it lets one person in unless `maxUses` says otherwise.',
    params: byId,
    body: z.strictObject({
      maxUses: z.int().min(1).max(10_000).nullable().optional(),
      expiresInMs: lifetimeSchema.nullable().optional(),
      /** also sent there; needs a server that sends e-mail */
      email: emailSchema.optional(),
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
    write: 'answer',
    summary: 'Join an organisation with an existing account.',
    params: z.object({ code: z.string().min(1).max(200) }),
    answer: orgSchema,
  },
} as const satisfies Record<string, RouteSpec>;
