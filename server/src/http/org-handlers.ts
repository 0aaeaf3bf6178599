/** What the routes of organisations do: people, invites, sites and units. Changes are ops on the organisation's log. */
import type { orgRoutes } from '@curlew/shared/protocol/routes-orgs.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import type { Caller } from '../services/access-tokens.ts';
import { answer, asIs, limited, submitOne, type HandlersOf, type RouteParts } from './handler-parts.ts';

/** Creates the handlers. */
export function orgHandlers({
  people,
  organizations,
  logs,
  rateLimits,
  publicUrl,
}: RouteParts): HandlersOf<typeof orgRoutes> {
  const set = (caller: Caller, orgId: string, opId: string, key: string, value: unknown) =>
    submitOne(logs, caller, orgId, { kind: 'org.set', opId, key, value });

  return {
    users: async ({ caller, query }) =>
      answer(await people.directory(caller.userId, query.query ?? '', query.orgId), (users) => ({ users })),

    orgs: async ({ caller }) => ok({ value: { orgs: await people.orgs(caller.userId) } }),

    orgMembers: async ({ caller, params }) =>
      answer(await people.orgMembers(caller.userId, params.id), (members) => ({
        members: members.map(({ userId, name, role }) => ({ userId, name, role })),
      })),

    async createInvite({ caller, params, body, baseUrl }) {
      const isMail = body.email !== undefined;
      const allowed = isMail ? await limited(rateLimits('inviteMail', caller.userId)) : ok(null);
      if (!allowed.ok) return allowed;
      const urlOf = (code: string): string => `${publicUrl ?? baseUrl}/join/${code}`;
      return answer(await people.createInvite(caller.userId, params.id, { ...body, urlOf }), (invite) => ({
        ...invite,
        url: urlOf(invite.code),
      }));
    },

    async createOrg({ caller, body }) {
      const founded = await organizations.found(caller, body.id, body.name);
      return founded.ok ? ok({ value: founded.value.org, fanOut: founded.value.fanOut }) : founded;
    },

    audit: async ({ caller, params, query }) =>
      asIs(await organizations.audit(caller.userId, params.id, query)),

    auditExport: async ({ caller, params, query }) =>
      asIs(await organizations.exportAudit(caller.userId, params.id, query)),

    invites: async ({ caller, params }) =>
      answer(await people.invites(caller.userId, params.id), (invites) => ({
        invites: invites.map(({ createdAt, expiresAt, ...invite }) => ({
          ...invite,
          createdAt: createdAt.getTime(),
          expiresAt: expiresAt?.getTime() ?? null,
        })),
      })),

    revokeInvite: async ({ caller, params }) =>
      answer(await people.revokeInvite(caller.userId, params.id, params.inviteId), () => ({})),

    async acceptInvite({ caller, params }) {
      const accepted = await people.acceptInvite(caller, params.code);
      return accepted.ok ? ok({ value: accepted.value.org, fanOut: accepted.value.fanOut }) : accepted;
    },

    updateOrg: ({ caller, params: { id }, body: { opId, name } }) =>
      set(caller, id, opId, `org:${id}`, { name }),

    updateOrgMember: ({ caller, params: { id, userId }, body: { opId, role } }) =>
      set(caller, id, opId, `role:${userId}`, { role }),

    removeOrgMember: ({ caller, params: { id, userId }, query: { opId } }) =>
      set(caller, id, opId, `role:${userId}`, null),

    sites: async ({ caller, params }) =>
      answer(await people.sites(caller.userId, params.id), (sites) => ({ sites: [...sites] })),

    putSite: ({ caller, params: { id, siteId }, body: { opId, name } }) =>
      set(caller, id, opId, `site:${siteId}`, { name }),

    deleteSite: ({ caller, params: { id, siteId }, query: { opId } }) =>
      set(caller, id, opId, `site:${siteId}`, null),

    units: async ({ caller, params }) =>
      answer(await people.units(caller.userId, params.id), (units) => ({ units: [...units] })),

    putUnit: ({ caller, params: { id, unitId }, body: { opId, ...unit } }) =>
      set(caller, id, opId, `unit:${unitId}`, unit),

    deleteUnit: ({ caller, params: { id, unitId }, query: { opId } }) =>
      set(caller, id, opId, `unit:${unitId}`, null),
  };
}
