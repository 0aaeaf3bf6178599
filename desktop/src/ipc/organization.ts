/** Running an organization over IPC: invitations, the audit log, people, places and rules. `intents.ts` names the intents. */
import { z } from 'zod';
import { orgRoleSchema, policySchema } from '@curlew/shared/domain/entries.ts';
import { textSchema, timeMsSchema, uuidSchema } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { auditEntrySchema } from '@curlew/shared/protocol/routes-orgs.ts';

const nothing = z.object({});
const onPlace = z.array(uuidSchema).max(limits.placesPerPerson);
const auditFilter = { personId: uuidSchema.optional(), action: z.string().min(1).max(64).optional() };

const shownName = textSchema(limits.nameBytes, 1).refine((name) => name.trim() !== '', 'must not be blank');

/** Intents about an organization; those that change what its log holds work offline. */
export const organizationIntents = {
  'invite.create': {
    handledBy: 'core',
    request: z.strictObject({
      orgId: uuidSchema,
      /** how long it lets people in; null: always */
      expiresInMs: z.int().min(60_000).nullable().optional(),
      /** how many people it lets in; null: any number */
      maxUses: z.int().min(1).max(10_000).nullable().optional(),
      /** also sent there by the server */
      email: z.string().max(254).optional(),
    }),
    answer: z.object({ code: z.string(), url: z.string() }),
  },
  /** Invitations that still let somebody in, newest first; asks the server. */
  'invites.list': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema }),
    answer: z.object({
      invites: z.array(
        z.object({
          id: uuidSchema,
          /** where it was sent, if it was */
          email: z.string().nullable(),
          createdByName: z.string(),
          createdAtMs: timeMsSchema,
          expiresAtMs: timeMsSchema.nullable(),
          maxUses: z.int().nullable(),
          uses: z.int(),
        }),
      ),
    }),
  },
  'invite.revoke': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, inviteId: uuidSchema }),
    answer: nothing,
  },
  /** Founds an organization and owns it; needs the network. */
  'org.create': {
    handledBy: 'core',
    request: z.strictObject({ name: shownName }),
    answer: z.object({ orgId: uuidSchema }),
  },
  /** Joins an organization with the code or link of an invitation; needs the network. */
  'org.join': {
    handledBy: 'core',
    request: z.strictObject({ invitation: z.string().trim().min(1).max(2048) }),
    answer: z.object({ orgId: uuidSchema }),
  },
  /** What was done in running an organization, newest first; needs the network. */
  'audit.list': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, ...auditFilter, before: z.int().min(1).optional() }),
    answer: z.object({ entries: z.array(auditEntrySchema), next: z.int().nullable() }),
  },
  /** Saves the same as a file, where the person says; false when they chose no place. */
  'audit.export': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, ...auditFilter, format: z.enum(['csv', 'json']) }),
    answer: z.object({ isSaved: z.boolean() }),
  },
  // The organization, also offline.
  'org.rename': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, name: shownName }),
    answer: nothing,
  },
  /** Null takes the person out of the organization; `deactivated` keeps role, places and groups until they are back. */
  'org.setRole': {
    handledBy: 'core',
    request: z.strictObject({
      orgId: uuidSchema,
      userId: uuidSchema,
      role: orgRoleSchema.nullable(),
      deactivated: z.literal(true).optional(),
    }),
    answer: nothing,
  },
  /** Replaces the whole policy. */
  'org.setPolicy': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, policy: policySchema.required() }),
    answer: nothing,
  },
  /** Names a site; null makes a new one. */
  'org.saveSite': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, siteId: uuidSchema.nullable(), name: shownName }),
    answer: z.object({ siteId: uuidSchema }),
  },
  /** Names and places a unit; null makes a new one. */
  'org.saveUnit': {
    handledBy: 'core',
    request: z.strictObject({
      orgId: uuidSchema,
      unitId: uuidSchema.nullable(),
      siteId: uuidSchema,
      parentId: uuidSchema.nullable(),
      name: shownName,
    }),
    answer: z.object({ unitId: uuidSchema }),
  },
  /** With every unit of it. */
  'org.removeSite': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, siteId: uuidSchema }),
    answer: nothing,
  },
  /** With every unit inside it. */
  'org.removeUnit': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, unitId: uuidSchema }),
    answer: nothing,
  },
  'org.setPlaces': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, userId: uuidSchema, siteIds: onPlace, unitIds: onPlace }),
    answer: nothing,
  },
} as const;
