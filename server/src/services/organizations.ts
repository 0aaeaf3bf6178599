/** Founding further organisations, and what those who run one did to it: reading and exporting the audit log. */
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { AuditPage, AuditQuery, AuditRepository } from '../repositories/audit-repository.ts';
import type { OrgAccess } from '../repositories/access-repository.ts';
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { OrgRepository } from '../repositories/org-repository.ts';
import type { Caller } from './access-tokens.ts';
import { formatAudit, type AuditFormat } from './audit-export.ts';
import { authorise } from './authorise.ts';
import type { FanOut, LogServices, Outcome } from './service-types.ts';

/** Who may found organisations on this server beside its first. */
export type OrgCreation = 'owners' | 'anyone' | 'nobody';

/** An organisation just founded. */
export interface Founded {
  readonly org: { readonly id: string; readonly name: string; readonly role: OrgRole };
  readonly fanOut: readonly FanOut[];
}

/** See the file's head. */
export interface Organizations {
  /** Founds an organisation under an id of the caller's making, who owns it then. Twice is once. */
  found(caller: Caller, id: string, name: string): Promise<Outcome<Founded>>;
  /** A page of the audit log, newest first; for owners and admins. */
  audit(userId: string, orgId: string, query: AuditQuery): Promise<Outcome<AuditPage>>;
  /** The newest lines, at most {@link EXPORT_LINES}, as a file's text. */
  exportAudit(
    userId: string,
    orgId: string,
    query: Omit<AuditQuery, 'limit' | 'before'> & { readonly format: AuditFormat },
  ): Promise<Outcome<{ readonly text: string; readonly entries: number }>>;
}

/** Most lines of one export; older ones are reached by the pages. */
const EXPORT_LINES = 50_000;

/** What the service is made of. */
export interface OrganizationsParts {
  readonly identities: Pick<IdentityRepository, 'findById'>;
  readonly orgs: Pick<OrgRepository, 'membershipsOf' | 'isIdTaken' | 'audit'>;
  readonly audits: AuditRepository;
  readonly logs: Pick<LogServices, 'createOrg'>;
  readonly findOrg: (orgId: string) => Promise<OrgAccess | undefined>;
  readonly orgCreation: OrgCreation;
}

/** Creates the service. */
export function createOrganizations(parts: OrganizationsParts): Organizations {
  const { identities, orgs, audits, logs, findOrg, orgCreation } = parts;

  const mayFound = async (userId: string): Promise<boolean> => {
    if (orgCreation !== 'owners') return orgCreation === 'anyone';
    return (await orgs.membershipsOf(userId)).some(({ role }) => role === 'owner');
  };

  return {
    async found({ userId, deviceId }, id, name) {
      const known = await findOrg(id);
      const isOwn = known?.members.get(userId)?.role === 'owner';
      // Somebody else's, or the id of another log: neither is said.
      if (known && !isOwn) return err(errorBody('ID_TAKEN'));
      if (!known && !(await mayFound(userId))) return err(errorBody('FORBIDDEN'));
      if (!known && (await orgs.isIdTaken(id))) return err(errorBody('ID_TAKEN'));
      const account = await identities.findById(userId);
      if (!account) return err(errorBody('AUTH_REQUIRED'));
      const join = { orgId: id, userId, deviceId, role: 'owner', name: account.name } as const;
      const created = known ? ok([]) : await logs.createOrg(join, name);
      if (!created.ok) return created;
      if (!known) await orgs.audit({ actorId: userId, orgId: id, action: 'org.create' });
      const mine = (await orgs.membershipsOf(userId)).find(({ orgId }) => orgId === id);
      if (!mine) return err(errorBody('ID_TAKEN'));
      return ok({ org: { id, name: mine.name, role: mine.role }, fanOut: created.value });
    },

    async audit(userId, orgId, query) {
      const verdict = authorise(userId, { action: 'org.manage', org: await findOrg(orgId) });
      return verdict.isAllowed ? ok(await audits.page(orgId, query)) : err(errorBody(verdict.code));
    },

    async exportAudit(userId, orgId, { format, ...query }) {
      const verdict = authorise(userId, { action: 'org.manage', org: await findOrg(orgId) });
      if (!verdict.isAllowed) return err(errorBody(verdict.code));
      const { entries } = await audits.page(orgId, { ...query, limit: EXPORT_LINES });
      await orgs.audit({ actorId: userId, orgId, action: 'audit.export', detail: { format } });
      return ok({ text: formatAudit(entries, format), entries: entries.length });
    },
  };
}
