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
}

/** One line of the audit log: ids and the name of an action, never a text. */
export interface AuditLine {
  readonly actorId: string | undefined;
  readonly orgId: string | undefined;
  readonly action: string;
  readonly target?: string | undefined;
  readonly address?: string | undefined;
}

/** Most people one directory answer carries; a longer list is found by typing. */
const DIRECTORY_PAGE = 1_000;

/** See the file's head. */
export interface OrgRepository {
  /** Whether anybody founded an organisation here; before that the server waits for its set-up code. */
  anyOrg(): Promise<boolean>;
  membershipsOf(userId: string): Promise<readonly Membership[]>;
  membership(userId: string, orgId: string): Promise<Membership | undefined>;
  peopleOf(orgId: string): Promise<readonly OrgPerson[]>;
  /** Active people of these organisations whose name contains `query`. */
  searchPeople(orgIds: readonly string[], query: string): Promise<readonly OrgPerson[]>;
  createInvite(
    invite: Omit<InviteRow, 'uses'> & { codeHash: Uint8Array<ArrayBuffer>; createdBy: string },
  ): Promise<void>;
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
    rows: readonly { orgId: string; role: string; leftSeq: bigint | null }[],
  ): Promise<Membership[]> => {
    const orgs = await prisma.org.findMany({ where: { id: { in: rows.map(({ orgId }) => orgId) } } });
    const names = new Map(orgs.map(({ id, name }) => [id, name]));
    return rows.map(({ orgId, role, leftSeq }) => ({
      orgId,
      name: names.get(orgId) ?? '',
      role: orgRoleSchema.parse(role),
      left: leftSeq !== null,
    }));
  };
  const toPerson = (row: { orgId: string; userId: string; name: string; role: string }): OrgPerson => ({
    orgId: row.orgId,
    userId: row.userId,
    name: row.name,
    role: orgRoleSchema.parse(row.role),
  });
  const usable = () => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] });
  return {
    async anyOrg() {
      return (await prisma.org.findFirst({ select: { id: true } })) !== null;
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

    async createInvite({ id, orgId, role, expiresAt, maxUses, codeHash, createdBy }) {
      await prisma.invite.create({ data: { id, orgId, role, expiresAt, maxUses, codeHash, createdBy } });
    },

    async findInvite(codeHash) {
      const row = await prisma.invite.findFirst({ where: { codeHash, ...usable() } });
      if (!row || (row.maxUses !== null && row.uses >= row.maxUses)) return undefined;
      const { id, orgId, expiresAt, maxUses, uses } = row;
      return { id, orgId, role: orgRoleSchema.parse(row.role), expiresAt, maxUses, uses };
    },

    async useInvite(inviteId) {
      // One conditional statement: of two people taking the last use, one is refused.
      const { count } = await prisma.invite.updateMany({
        where: {
          id: inviteId,
          AND: [usable(), { OR: [{ maxUses: null }, { uses: { lt: prisma.invite.fields.maxUses } }] }],
        },
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

    async audit({ actorId, orgId, action, target, address }) {
      await prisma.auditEntry.create({
        data: {
          actorId: actorId ?? null,
          orgId: orgId ?? null,
          action,
          target: target ?? null,
          address: address ?? null,
        },
      });
    },
  };
}
