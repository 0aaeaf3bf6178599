/** What an import from another system looks up and, outside of logs, writes: accounts of people who have not come yet. */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { PrismaClient } from '../infra/generated/client.ts';
import type { AppendOp } from './append-queue.ts';

/** An account as an import sees it. */
export interface ImportAccount {
  readonly id: string;
  readonly email: string | null;
  readonly isBot: boolean;
  /** nobody has a password for it yet */
  readonly isUnclaimed: boolean;
}

/** Somebody's standing in the organisation; `isActive` false: out of it, for good or for a while. */
export interface ImportMember {
  readonly isActive: boolean;
  readonly role: string;
}

/** See the file's head. */
export interface ImportRepository {
  /** The organisations of this id or name. */
  findOrgs(idOrName: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** A secret of the organisation, the same at every call; undefined when it has none and none is to be made. */
  secret(orgId: string, isMade: boolean): Promise<string | undefined>;
  accountsById(ids: readonly string[]): Promise<readonly ImportAccount[]>;
  accountsByEmail(emails: readonly string[]): Promise<readonly ImportAccount[]>;
  members(orgId: string): Promise<ReadonlyMap<string, ImportMember>>;
  /** Makes an account nobody can sign in to until a password is set for it; without the address when it is taken. */
  createAccount(account: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly botOf: string | null;
  }): Promise<void>;
  /** Those of these conversations that are there. */
  conversations(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of these ops that were committed before, by whoever they name as actor. */
  committed(ops: readonly AppendOp[]): Promise<ReadonlySet<string>>;
}

const CHUNK = 1_000;

/** Creates the repository. */
export function createImportRepository(prisma: PrismaClient, pool: Pool): ImportRepository {
  const select = {
    id: true,
    email: true,
    botOf: true,
    credential: { select: { userId: true } },
  } as const;
  const toAccount = (row: {
    id: string;
    email: string | null;
    botOf: string | null;
    credential: object | null;
  }): ImportAccount => ({
    id: row.id,
    email: row.email,
    isBot: row.botOf !== null,
    isUnclaimed: row.credential === null,
  });
  return {
    async findOrgs(idOrName) {
      const orgs = await prisma.org.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' } });
      return orgs.filter(({ id, name }) => id === idOrName || name === idOrName);
    },

    async secret(orgId, isMade) {
      const key = `import:${orgId}`;
      if (isMade)
        await prisma.$executeRaw`
        INSERT INTO server_meta (key, value) VALUES (${key}, ${randomUUID()}) ON CONFLICT DO NOTHING`;
      return (await prisma.serverMeta.findUnique({ where: { key } }))?.value;
    },

    async accountsById(ids) {
      const rows = [];
      for (const some of chunks(ids))
        rows.push(...(await prisma.user.findMany({ where: { id: { in: [...some] } }, select })));
      return rows.map(toAccount);
    },

    async accountsByEmail(emails) {
      const rows = [];
      for (const some of chunks(emails))
        rows.push(...(await prisma.user.findMany({ where: { email: { in: [...some] } }, select })));
      return rows.map(toAccount);
    },

    async members(orgId) {
      const rows = await prisma.orgMember.findMany({ where: { orgId } });
      return new Map(rows.map(({ userId, leftSeq, role }) => [userId, { isActive: leftSeq === null, role }]));
    },

    async createAccount({ id, name, email, botOf }) {
      // One statement: an address that somebody takes in this moment leaves the account without it, never theirs to use.
      await prisma.$executeRaw`
        INSERT INTO user_account (id, name, email, bot_of)
        SELECT ${id}::uuid, ${name}, CASE WHEN EXISTS (SELECT 1 FROM user_account WHERE email = ${email}) THEN NULL
          ELSE ${email} END, ${botOf}::uuid
        ON CONFLICT (id) DO NOTHING`;
    },

    async conversations(ids) {
      const found = new Set<string>();
      for (const some of chunks(ids)) {
        const rows = await prisma.conversation.findMany({
          where: { id: { in: [...some] } },
          select: { id: true },
        });
        for (const { id } of rows) found.add(id);
      }
      return found;
    },

    async committed(ops) {
      const { rows } = await pool.query<{ op: string }>({
        name: 'import-committed',
        text: `SELECT u.op FROM unnest($1::uuid[], $2::uuid[]) AS u(actor, op)
          WHERE EXISTS (SELECT 1 FROM event e WHERE e.actor_id = u.actor AND e.op_id = u.op)`,
        values: [ops.map(({ actorId }) => actorId), ops.map(({ opId }) => opId)],
      });
      return new Set(rows.map(({ op }) => op));
    },
  };
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK);
}
