/**
 * Organisations as the edge reads them, invites, and the audit log. Owns the tables invite and audit_entry; org and
 * org_member are materialised from the organisation's log and only read here.
 */
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { orgRoleSchema } from '@curlew/shared/domain/entries.ts';
import type { PrismaClient } from '../infra/generated/client.ts';

/** An organisation with one person's standing in it. */
export interface Membership {
  readonly orgId: string;
  readonly name: string;
  readonly role: OrgRole;
  /** The person left; the membership is kept so that the answer is NOT_MEMBER, not NOT_FOUND. */
  readonly left: boolean;
  /** Left by being deactivated: only a reactivation lets them in again. */
  readonly isDeactivated: boolean;
}

/** A person in an organisation. */
export interface OrgPerson {
  readonly orgId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: OrgRole;
}

/** An invite as its maker gets it; the code itself is never stored. */
export interface InviteRow {
  readonly id: string;
  readonly orgId: string;
  readonly role: OrgRole;
  readonly expiresAt: Date | null;
  readonly maxUses: number | null;
  readonly uses: number;
  /** Head of the organisation's log when it was made. */
  readonly orgSeq: number;
}

/** An invite as owners and admins list it. */
export interface OpenInvite {
  readonly id: string;
  /** where it was sent, if it was */
  readonly email: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly maxUses: number | null;
  readonly uses: number;
}

/** A site of an organisation. */
export interface Site {
  readonly id: string;
  readonly name: string;
}

/** A unit of a site, inside another unit or none. */
export interface Unit extends Site {
  readonly siteId: string;
  readonly parentId: string | null;
}

/** One line of the audit log: ids and the name of an action, never a text. */
export interface AuditLine {
  readonly actorId: string | undefined;
  readonly orgId: string | undefined;
  readonly action: string;
  readonly target?: string | undefined;
  /** what changed; ids, numbers and names, never a text */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  readonly address?: string | undefined;
}

/** Most people one directory answer carries; a longer list is found by typing. */
const DIRECTORY_PAGE = 1_000;
/** Most invites one answer carries. */
const INVITES_PAGE = 1_000;

/** See the file's head. */
export interface OrgRepository {
  /** Whether anybody founded an organisation here; before that the server waits for its set-up code. */
  anyOrg(): Promise<boolean>;
  /** Whether an id names a log or an account already. */
  isIdTaken(id: string): Promise<boolean>;
  membershipsOf(userId: string): Promise<readonly Membership[]>;
  membership(userId: string, orgId: string): Promise<Membership | undefined>;
  /** Whether somebody is deactivated and active nowhere else, so that they cannot sign in. */
  isShutOut(userId: string): Promise<boolean>;
  peopleOf(orgId: string): Promise<readonly OrgPerson[]>;
  /** Active people of these organisations whose name contains `query`. */
  searchPeople(orgIds: readonly string[], query: string): Promise<readonly OrgPerson[]>;
  sitesOf(orgId: string): Promise<readonly Site[]>;
  unitsOf(orgId: string): Promise<readonly Unit[]>;
  /** Where in the organisation's log somebody else ended a person's membership; undefined when nobody did. */
  removedSeq(userId: string, orgId: string): Promise<number | undefined>;
  createInvite(
    invite: Omit<InviteRow, 'uses' | 'orgSeq'> & {
      codeHash: Uint8Array<ArrayBuffer>;
      createdBy: string;
      email: string | null;
    },
  ): Promise<void>;
  /** The usable invites of an organisation, newest first. */
  openInvites(orgId: string): Promise<readonly OpenInvite[]>;
  /** Ends an invite; false when the organisation has none of this id. */
  revokeInvite(orgId: string, inviteId: string): Promise<boolean>;
  /** A usable invite, looked at but not used. */
  findInvite(codeHash: Uint8Array<ArrayBuffer>): Promise<InviteRow | undefined>;
  /** Takes one use of an invite; false when none was left. */
  useInvite(inviteId: string): Promise<boolean>;
  /** Gives a use back when joining failed after all. */
  returnInvite(inviteId: string): Promise<void>;
  audit(line: AuditLine): Promise<void>;
}

/** Creates the repository over Prisma. */
export function createOrgRepository(prisma: PrismaClient): OrgRepository {
  // org and org_member carry no foreign keys (see the schema's head), so names are looked up beside them.
  const named = async (
    rows: readonly { orgId: string; role: string; leftSeq: bigint | null; isDeactivated: boolean }[],
  ): Promise<Membership[]> => {
    const orgs = await prisma.org.findMany({ where: { id: { in: rows.map(({ orgId }) => orgId) } } });
    const names = new Map(orgs.map(({ id, name }) => [id, name]));
    return rows.map(({ orgId, role, leftSeq, isDeactivated }) => ({
      orgId,
      name: names.get(orgId) ?? '',
      role: orgRoleSchema.parse(role),
      left: leftSeq !== null,
      isDeactivated,
    }));
  };
  const toPerson = (row: { orgId: string; userId: string; name: string; role: string }): OrgPerson => ({
    orgId: row.orgId,
    userId: row.userId,
    name: row.name,
    role: orgRoleSchema.parse(row.role),
  });
  const usable = () => ({
    revokedAt: null,
    AND: [
      { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
      { OR: [{ maxUses: null }, { uses: { lt: prisma.invite.fields.maxUses } }] },
    ],
  });
  return {
    async anyOrg() {
      return (await prisma.org.findFirst({ select: { id: true } })) !== null;
    },

    async isIdTaken(id) {
      const select = { id: true };
      const [log, user] = await Promise.all([
        prisma.log.findUnique({ where: { id }, select }),
        prisma.user.findUnique({ where: { id }, select }),
      ]);
      return (log ?? user) !== null;
    },

    async membershipsOf(userId) {
      return named(
        await prisma.orgMember.findMany({ where: { userId, leftSeq: null }, orderBy: { orgId: 'asc' } }),
      );
    },

    async membership(userId, orgId) {
      const row = await prisma.orgMember.findUnique({ where: { orgId_userId: { orgId, userId } } });
      return row ? (await named([row]))[0] : undefined;
    },

    async isShutOut(userId) {
      const where = { userId, OR: [{ leftSeq: null }, { isDeactivated: true }] };
      const rows = await prisma.orgMember.findMany({ where, select: { isDeactivated: true } });
      return rows.length > 0 && rows.every(({ isDeactivated }) => isDeactivated);
    },

    async peopleOf(orgId) {
      const rows = await prisma.orgMember.findMany({
        where: { orgId, leftSeq: null },
        orderBy: [{ name: 'asc' }, { userId: 'asc' }],
      });
      return rows.map(toPerson);
    },

    async searchPeople(orgIds, query) {
      const rows = await prisma.orgMember.findMany({
        where: {
          orgId: { in: [...orgIds] },
          leftSeq: null,
          ...(query === ''
            ? {}
            : { name: { contains: query.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' } }),
        },
        orderBy: [{ name: 'asc' }, { userId: 'asc' }],
        take: DIRECTORY_PAGE,
      });
      return rows.map(toPerson);
    },

    async sitesOf(orgId) {
      return prisma.site.findMany({
        where: { orgId },
        select: { id: true, name: true },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      });
    },

    async unitsOf(orgId) {
      const sites = await prisma.site.findMany({ where: { orgId }, select: { id: true } });
      return prisma.unit.findMany({
        where: { siteId: { in: sites.map(({ id }) => id) } },
        select: { id: true, name: true, siteId: true, parentId: true },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      });
    },

    async removedSeq(userId, orgId) {
      const member = await prisma.orgMember.findUnique({ where: { orgId_userId: { orgId, userId } } });
      if (!member || member.leftSeq === null) return undefined;
      const where = { logId_seq: { logId: orgId, seq: member.leftSeq } };
      const event = await prisma.event.findUnique({ where, select: { actorId: true } });
      return event?.actorId === userId ? undefined : Number(member.leftSeq);
    },

    async createInvite({ id, orgId, role, expiresAt, maxUses, codeHash, createdBy, email }) {
      const log = await prisma.log.findUnique({ where: { id: orgId }, select: { head: true } });
      const orgSeq = log?.head ?? 0n;
      const data = { id, orgId, role, expiresAt, maxUses, codeHash, createdBy, email, orgSeq };
      await prisma.invite.create({ data });
    },

    async openInvites(orgId) {
      return prisma.invite.findMany({
        where: { orgId, ...usable() },
        select: {
          id: true,
          email: true,
          createdBy: true,
          createdAt: true,
          expiresAt: true,
          maxUses: true,
          uses: true,
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: INVITES_PAGE,
      });
    },

    async revokeInvite(orgId, inviteId) {
      await prisma.invite.updateMany({
        where: { id: inviteId, orgId, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      return (await prisma.invite.count({ where: { id: inviteId, orgId } })) > 0;
    },

    async findInvite(codeHash) {
      const row = await prisma.invite.findFirst({ where: { codeHash, ...usable() } });
      if (!row) return undefined;
      const { id, orgId, expiresAt, maxUses, uses } = row;
      const orgSeq = Number(row.orgSeq);
      return { id, orgId, role: orgRoleSchema.parse(row.role), expiresAt, maxUses, uses, orgSeq };
    },

    async useInvite(inviteId) {
      // One conditional statement: of two people taking the last use, one is refused.
      const { count } = await prisma.invite.updateMany({
        where: { id: inviteId, ...usable() },
        data: { uses: { increment: 1 } },
      });
      return count === 1;
    },

    async returnInvite(inviteId) {
      await prisma.invite.updateMany({
        where: { id: inviteId, uses: { gt: 0 } },
        data: { uses: { decrement: 1 } },
      });
    },

    async audit({ actorId, orgId, action, target, detail, address }) {
      await prisma.auditEntry.create({
        data: {
          actorId: actorId ?? null,
          orgId: orgId ?? null,
          action,
          target: target ?? null,
          ...(detail ? { detail } : {}),
          address: address ?? null,
        },
      });
    },
  };
}
