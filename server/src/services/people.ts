/** People: the own profile, the directory and organisations. Nobody sees anybody they share no organisation with. */
import type { Me } from '@curlew/shared/protocol/routes-account.ts';
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { OrgAccess } from '../repositories/access-repository.ts';
import type {
  Membership,
  OpenInvite,
  OrgPerson,
  OrgRepository,
  Site,
  Unit,
} from '../repositories/org-repository.ts';
import type { Caller } from './access-tokens.ts';
import { authorise } from './authorise.ts';
import type { InviteOptions, Invites, MadeInvite } from './invites.ts';
import type { FanOut, LogServices, Outcome } from './service-types.ts';

/** A person as the directory lists them. */
export interface DirectoryPerson {
  readonly id: string;
  readonly name: string;
  readonly orgIds: string[];
}

/** An organisation and the caller's role in it. */
export interface OrgView {
  readonly id: string;
  readonly name: string;
  readonly role: OrgRole;
}

/** See the file's head. */
export interface People {
  me(userId: string): Promise<Outcome<Me>>;
  rename(caller: Caller, name: string): Promise<Outcome<{ me: Me; fanOut: readonly FanOut[] }>>;
  directory(userId: string, query: string, orgId: string | undefined): Promise<Outcome<DirectoryPerson[]>>;
  orgs(userId: string): Promise<OrgView[]>;
  orgMembers(userId: string, orgId: string): Promise<Outcome<readonly OrgPerson[]>>;
  sites(userId: string, orgId: string): Promise<Outcome<readonly Site[]>>;
  units(userId: string, orgId: string): Promise<Outcome<readonly Unit[]>>;
  createInvite(
    userId: string,
    orgId: string,
    options: InviteOptions & {
      readonly email?: string | undefined;
      readonly urlOf: (code: string) => string;
    },
  ): Promise<Outcome<MadeInvite>>;
  invites(userId: string, orgId: string): Promise<Outcome<readonly OpenInvite[]>>;
  revokeInvite(userId: string, orgId: string, inviteId: string): Promise<Outcome<null>>;
  acceptInvite(caller: Caller, code: string): Promise<Outcome<{ org: OrgView; fanOut: readonly FanOut[] }>>;
}

/** Creates the service. */
export function createPeople(parts: {
  readonly identities: IdentityRepository;
  readonly orgs: OrgRepository;
  readonly invites: Invites;
  readonly logs: Pick<LogServices, 'renamePerson'>;
  readonly findOrg: (orgId: string) => Promise<OrgAccess | undefined>;
}): People {
  const { identities, orgs, invites, logs, findOrg } = parts;

  const refusal = async (
    userId: string,
    action: 'org.people' | 'org.invite',
    orgId: string,
  ): Promise<ErrorBody | undefined> => {
    const verdict = authorise(userId, { action, org: await findOrg(orgId) });
    return verdict.isAllowed ? undefined : errorBody(verdict.code);
  };

  const readMe = async (userId: string): Promise<Outcome<Me>> => {
    const account = await identities.findById(userId);
    if (!account) return err(errorBody('AUTH_REQUIRED'));
    const memberships = await orgs.membershipsOf(userId);
    return ok({
      id: account.id,
      email: account.email,
      name: account.name,
      createdAt: account.createdAt.getTime(),
      orgs: memberships.map(toView),
    });
  };

  return {
    me: readMe,

    async rename({ userId, deviceId }, name) {
      const renamed = await logs.renamePerson({ userId, deviceId, fence: null }, name);
      if (!renamed.ok) return renamed;
      const me = await readMe(userId);
      return me.ok ? ok({ me: me.value, fanOut: renamed.value }) : me;
    },

    async directory(userId, query, orgId) {
      const mine = (await orgs.membershipsOf(userId)).map((membership) => membership.orgId);
      const refused = orgId === undefined ? undefined : await refusal(userId, 'org.people', orgId);
      if (refused) return err(refused);
      const rows = await orgs.searchPeople(orgId === undefined ? mine : [orgId], query.trim());
      const people = new Map<string, DirectoryPerson>();
      for (const row of rows) {
        const person = people.get(row.userId);
        if (person) person.orgIds.push(row.orgId);
        else people.set(row.userId, { id: row.userId, name: row.name, orgIds: [row.orgId] });
      }
      return ok([...people.values()]);
    },

    async orgs(userId) {
      return (await orgs.membershipsOf(userId)).map(toView);
    },

    async orgMembers(userId, orgId) {
      const refused = await refusal(userId, 'org.people', orgId);
      return refused ? err(refused) : ok(await orgs.peopleOf(orgId));
    },

    async sites(userId, orgId) {
      const refused = await refusal(userId, 'org.people', orgId);
      return refused ? err(refused) : ok(await orgs.sitesOf(orgId));
    },

    async units(userId, orgId) {
      const refused = await refusal(userId, 'org.people', orgId);
      return refused ? err(refused) : ok(await orgs.unitsOf(orgId));
    },

    async createInvite(userId, orgId, options) {
      const refused = await refusal(userId, 'org.invite', orgId);
      if (refused) return err(refused);
      const { email, urlOf, ...limits } = options;
      if (email === undefined) return ok(await invites.make(orgId, userId, limits));
      const from = (await identities.findById(userId))?.name ?? '';
      const org = (await orgs.membership(userId, orgId))?.name ?? '';
      return invites.mail(orgId, userId, { ...limits, email, from, org, urlOf });
    },

    async invites(userId, orgId) {
      const refused = await refusal(userId, 'org.invite', orgId);
      return refused ? err(refused) : ok(await invites.list(orgId));
    },

    async revokeInvite(userId, orgId, inviteId) {
      const refused = await refusal(userId, 'org.invite', orgId);
      return refused ? err(refused) : invites.revoke(orgId, userId, inviteId);
    },

    async acceptInvite({ userId, deviceId }, code) {
      const invite = await invites.find(code);
      if (!invite) return err(errorBody('INVITE_INVALID'));
      const account = await identities.findById(userId);
      if (!account) return err(errorBody('AUTH_REQUIRED'));
      const joined = await invites.redeem(invite, { userId, deviceId, name: account.name });
      if (!joined.ok) return joined;
      const membership = await orgs.membership(userId, invite.orgId);
      if (!membership) return err(errorBody('INTERNAL'));
      return ok({ org: toView(membership), fanOut: joined.value });
    },
  };
}

function toView({ orgId, name, role }: Membership): OrgView {
  return { id: orgId, name, role };
}
