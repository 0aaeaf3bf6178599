/**
 * Intents of those who run an organisation. Owns building the ops that set its entries, which wait in the outbox like
 * everything else, and asking the server about invitations, which need the network.
 */
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { z } from 'zod';
import type { orgEntrySchemas } from '@curlew/shared/domain/entries.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import { unitIdsWithin } from '../store/views/org-places.ts';
import type { Core } from '../core.ts';
import type { KnownOrg } from '../store/views/own-orgs.ts';
import { done, onAccount } from './intent-types.ts';
import { enqueue } from './messages.ts';

type Schemas = typeof orgEntrySchemas;

/** Lines of the audit log that are shown at once. */
const AUDIT_PAGE = 50;

function setOrgEntry<P extends keyof Schemas>(
  account: AccountRuntime,
  orgId: string,
  prefix: P,
  id: string,
  value: z.infer<Schemas[P]> | null,
): void {
  const opId = account.newId();
  enqueue(account, { opId, v: OP_VERSION, logId: orgId, kind: 'org.set', key: `${prefix}:${id}`, value });
}

/** `org.rename` */
export const renameOrganization = onAccount<'org.rename'>((account, { orgId, name }) => {
  setOrgEntry(account, orgId, 'org', orgId, { name });
  return done;
});

/** `org.setRole` */
export const setOrgRole = onAccount<'org.setRole'>((account, { orgId, userId, role, ...given }) => {
  setOrgEntry(account, orgId, 'role', userId, role === null ? null : { role, ...given });
  return done;
});

/** `org.setPolicy` */
export const setPolicy = onAccount<'org.setPolicy'>((account, { orgId, policy }) => {
  setOrgEntry(account, orgId, 'policy', orgId, policy);
  return done;
});

/** `org.saveSite` */
export const saveSite = onAccount<'org.saveSite'>((account, { orgId, siteId, name }) => {
  const id = siteId ?? account.newId();
  setOrgEntry(account, orgId, 'site', id, { name });
  return ok({ siteId: id });
});

/** `org.saveUnit`: the units inside one that moves to another site move along. */
export const saveUnit = onAccount<'org.saveUnit'>((account, { orgId, unitId, siteId, parentId, name }) => {
  const id = unitId ?? account.newId();
  const entries = account.queries.orgEntries(orgId);
  const inner = unitId === null ? [] : unitIdsWithin(entries, { unitId }).filter((each) => each !== id);
  if (parentId !== null && (parentId === id || inner.includes(parentId)))
    return err(errorBody('BAD_REQUEST', { detail: 'parentId: inside the unit itself' }));
  setOrgEntry(account, orgId, 'unit', id, { name, siteId, parentId });
  const units = entries.all('unit');
  for (const innerId of inner) {
    const unit = units.get(innerId)?.value;
    if (unit && unit.siteId !== siteId) setOrgEntry(account, orgId, 'unit', innerId, { ...unit, siteId });
  }
  return ok({ unitId: id });
});

/** `org.removeSite`: its units first, so that none is ever without a site. */
export const removeSite = onAccount<'org.removeSite'>((account, { orgId, siteId }) => {
  const units = unitIdsWithin(account.queries.orgEntries(orgId), { siteId });
  for (const unitId of units) setOrgEntry(account, orgId, 'unit', unitId, null);
  setOrgEntry(account, orgId, 'site', siteId, null);
  return done;
});

/** `org.removeUnit`: the innermost first. */
export const removeUnit = onAccount<'org.removeUnit'>((account, { orgId, unitId }) => {
  const units = unitIdsWithin(account.queries.orgEntries(orgId), { unitId });
  for (const id of [...units].reverse()) setOrgEntry(account, orgId, 'unit', id, null);
  return done;
});

/** `org.setPlaces` */
export const setPlaces = onAccount<'org.setPlaces'>((account, { orgId, userId, siteIds, unitIds }) => {
  const places = { siteIds: [...new Set(siteIds)], unitIds: [...new Set(unitIds)] };
  setOrgEntry(account, orgId, 'places', userId, places);
  return done;
});

/** `announcement.create`: the channel is there at once; what is written in it waits behind its creation. */
export const createAnnouncement = onAccount<'announcement.create'>((account, { orgId, title, audience }) => {
  const conversationId = account.newId();
  enqueue(account, {
    opId: account.newId(),
    v: OP_VERSION,
    logId: conversationId,
    kind: 'conversation.create',
    orgId,
    conversationKind: 'announcement',
    protection: 'server',
    title,
    audience,
  });
  return ok({ conversationId });
});

/** `invite.create` */
export const createInvite = onAccount<'invite.create'>(async (account, { orgId, ...body }) => {
  const answer = await account.engine.call('createInvite', { params: { id: orgId }, body });
  if (!answer.ok) return answer;
  const { code, url } = answer.value;
  return ok({ code, url });
});

/** `invites.list` */
export const listInvites = onAccount<'invites.list'>(async (account, { orgId }) => {
  const answer = await account.engine.call('invites', { params: { id: orgId } });
  if (!answer.ok) return answer;
  const invites = answer.value.invites.map(
    ({ id, email, createdBy, createdAt, expiresAt, maxUses, uses }) => ({
      id,
      email,
      createdByName: account.queries.personName(createdBy) ?? '',
      createdAtMs: createdAt,
      expiresAtMs: expiresAt,
      maxUses,
      uses,
    }),
  );
  return ok({ invites });
});

/** `invite.revoke` */
export const revokeInvite = onAccount<'invite.revoke'>(async (account, { orgId, inviteId }) => {
  const answer = await account.engine.call('revokeInvite', { params: { id: orgId, inviteId } });
  return answer.ok ? done : answer;
});

/** `org.create`: under an id made here, so that a request that is repeated founds nothing twice. */
export const createOrganization = onAccount<'org.create'>(async (account, { name }, { core }) => {
  const answer = await account.engine.call('createOrg', { body: { id: account.newId(), name } });
  return answer.ok ? entered(core, account, answer.value) : answer;
});

/** `org.join` */
export const joinOrganization = onAccount<'org.join'>(async (account, { invitation }, { core }) => {
  const code = invitation.replace(/\/+$/, '').split('/').at(-1) ?? '';
  if (code === '') return err(errorBody('INVITE_INVALID'));
  const answer = await account.engine.call('acceptInvite', { params: { code } });
  return answer.ok ? entered(core, account, answer.value) : answer;
});

/** The log comes with the next heads; until then the organisation is there by its name. */
function entered(core: Core, account: AccountRuntime, org: KnownOrg) {
  const others = account.account.orgs.filter(({ id }) => id !== org.id);
  if (core.account === account) core.updateAccount({ orgs: [...others, org] });
  return ok({ orgId: org.id });
}

/** `audit.list` */
export const listAudit = onAccount<'audit.list'>((account, { orgId, ...query }) =>
  account.engine.call('audit', { params: { id: orgId }, query: { ...query, limit: AUDIT_PAGE } }),
);

/** `audit.export` */
export const exportAudit = onAccount<'audit.export'>(async (account, { orgId, ...query }, { core }) => {
  const answer = await account.engine.call('auditExport', { params: { id: orgId }, query });
  if (!answer.ok) return answer;
  const saved = await core.ports.saveFile(`curlew-audit.${query.format}`, answer.value.text);
  return saved.ok ? ok({ isSaved: saved.value }) : saved;
});
