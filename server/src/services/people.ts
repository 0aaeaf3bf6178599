/** People: the own profile, the directory and organisations. Nobody sees anybody they share no organisation with. */
import type { Me } from '@curlew/shared/protocol/http.ts';
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { Membership, OrgPerson, OrgRepository } from '../repositories/org-repository.ts';
import type { Caller } from './access-tokens.ts';
import type { Invites, MadeInvite } from './invites.ts';
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
  createInvite(
    userId: string,
    orgId: string,
    options: { maxUses?: number | null | undefined; expiresInMs?: number | null | undefined },
  ): Promise<Outcome<MadeInvite>>;
  acceptInvite(caller: Caller, code: string): Promise<Outcome<{ org: OrgView; fanOut: readonly FanOut[] }>>;
}

/** Creates the service. */
export function createPeople(parts: {
  readonly identities: IdentityRepository;
  readonly orgs: OrgRepository;
  readonly invites: Invites;
  readonly logs: Pick<LogServices, 'renamePerson'>;
}): People {
  const { identities, orgs, invites, logs } = parts;

  /** The caller's membership: NOT_FOUND for an organisation never theirs, as for an unknown id; NOT_MEMBER if left. */
  const standing = async (userId: string, orgId: string): Promise<Outcome<Membership>> => {
    const membership = await orgs.membership(userId, orgId);
    if (!membership) return err(errorBody('NOT_FOUND'));
    return membership.left ? err(errorBody('NOT_MEMBER')) : ok(membership);
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
      if (orgId !== undefined) {
        const allowed = await standing(userId, orgId);
        if (!allowed.ok) return allowed;
      }
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
      const allowed = await standing(userId, orgId);
      return allowed.ok ? ok(await orgs.peopleOf(orgId)) : allowed;
    },

    async createInvite(userId, orgId, options) {
      const allowed = await standing(userId, orgId);
      if (!allowed.ok) return allowed;
      const { role } = allowed.value;
      if (role !== 'owner' && role !== 'admin') return err(errorBody('FORBIDDEN'));
      return ok(await invites.make(orgId, userId, options));
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
