/** Bots and their tokens. Owns the table api_token, and of user_account and device the rows that are bots'. */
import type { PrismaClient } from '../infra/generated/client.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A bot of an organisation. */
export interface BotRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** A token to store; never the token itself. */
export interface NewToken {
  readonly id: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly name: string;
  readonly hash: Bytes;
  readonly scopes: readonly string[];
  /** an incoming webhook's conversation */
  readonly conversationId: string | null;
  readonly createdBy: string | null;
  readonly expiresAt: Date | null;
}

/** A token as its bot's administrators see it. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly conversationId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** A token as a request presents it. */
export interface PresentedToken extends TokenRow {
  readonly userId: string;
  readonly deviceId: string;
  readonly isRevoked: boolean;
}

/** See the file's head. */
export interface BotRepository {
  createBot(bot: { readonly id: string; readonly orgId: string; readonly name: string }): Promise<void>;
  /** Removes a bot that could not join. */
  discardBot(botId: string): Promise<void>;
  /** Bots that are in the organisation, by name. */
  botsOf(orgId: string): Promise<readonly BotRow[]>;
  /** A bot of this organisation, whether it is still in or not. */
  findBot(orgId: string, botId: string): Promise<BotRow | undefined>;
  /** Stores a token with the device it speaks as. */
  createToken(token: NewToken): Promise<void>;
  /** Tokens of a bot that were not ended, newest first. */
  tokensOf(botId: string): Promise<readonly TokenRow[]>;
  present(hash: Bytes): Promise<PresentedToken | undefined>;
  touch(tokenId: string, at: Date): Promise<void>;
  /** Ends a token, or all of a bot; false when there is none of this id. */
  revoke(botId: string, tokenId: string | undefined, at: Date): Promise<boolean>;
  /** Tokens that ended at or after `since`. */
  revokedSince(since: Date): Promise<readonly { readonly sessionId: string; readonly revokedAt: Date }[]>;
}

const shown = {
  id: true,
  name: true,
  scopes: true,
  conversationId: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const;
const bot = { id: true, name: true, createdAt: true } as const;

/** Creates the repository over Prisma. */
export function createBotRepository(prisma: PrismaClient): BotRepository {
  return {
    async createBot({ id, orgId, name }) {
      await prisma.user.create({ data: { id, name, botOf: orgId } });
    },

    async discardBot(botId) {
      await prisma.user.deleteMany({ where: { id: botId, botOf: { not: null } } });
    },

    async botsOf(orgId) {
      const members = await prisma.orgMember.findMany({
        where: { orgId, leftSeq: null },
        select: { userId: true },
      });
      return prisma.user.findMany({
        where: { botOf: orgId, id: { in: members.map(({ userId }) => userId) } },
        select: bot,
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      });
    },

    async findBot(orgId, botId) {
      return (await prisma.user.findFirst({ where: { id: botId, botOf: orgId }, select: bot })) ?? undefined;
    },

    async createToken({ scopes, ...token }) {
      await prisma.$transaction([
        prisma.device.create({ data: { id: token.deviceId, userId: token.userId, name: token.name } }),
        prisma.apiToken.create({ data: { ...token, scopes: [...scopes] } }),
      ]);
    },

    async tokensOf(botId) {
      return prisma.apiToken.findMany({
        where: { userId: botId, revokedAt: null },
        select: shown,
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },

    async present(hash) {
      const row = await prisma.apiToken.findUnique({
        where: { hash },
        select: {
          ...shown,
          userId: true,
          deviceId: true,
          revokedAt: true,
          user: { select: { disabledAt: true } },
        },
      });
      if (!row) return undefined;
      const { revokedAt, user, ...token } = row;
      return { ...token, isRevoked: revokedAt !== null || user.disabledAt !== null };
    },

    async touch(tokenId, at) {
      await prisma.apiToken.updateMany({ where: { id: tokenId }, data: { lastUsedAt: at } });
    },

    async revoke(botId, tokenId, at) {
      const where = { userId: botId, ...(tokenId === undefined ? {} : { id: tokenId }) };
      const tokens = await prisma.apiToken.findMany({ where, select: { deviceId: true } });
      const deviceIds = tokens.map(({ deviceId }) => deviceId);
      await prisma.$transaction([
        prisma.apiToken.updateMany({ where: { ...where, revokedAt: null }, data: { revokedAt: at } }),
        // The write path looks at the device: what is on its way with this token commits nothing.
        prisma.device.updateMany({
          where: { id: { in: deviceIds }, revokedAt: null },
          data: { revokedAt: at },
        }),
      ]);
      return tokens.length > 0;
    },

    async revokedSince(since) {
      const rows = await prisma.apiToken.findMany({
        where: { revokedAt: { gte: since } },
        select: { id: true, revokedAt: true },
      });
      return rows.flatMap(({ id, revokedAt }) => (revokedAt ? [{ sessionId: id, revokedAt }] : []));
    },
  };
}
