/**
 * Accounts, their passwords and their sign-ins. Owns the tables user_account, credential, refresh_family and
 * refresh_token. Rotation runs under a lock on the sign-in's row, so that two processes presenting one token take turns.
 */
import type { PrismaClient } from '../infra/generated/client.ts';

/** Why a sign-in ended. */
export type RevokedReason = 'logout' | 'reuse' | 'device' | 'password' | 'deactivated';

/** An account as sign-in needs it. */
export interface AccountRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly passwordHash: string | undefined;
  readonly disabled: boolean;
}

/** A refresh token as stored; never the token itself. */
export interface TokenRow {
  readonly id: string;
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly expiresAt: Date;
}

/** A device that signs in. */
export interface SignInDevice {
  readonly id: string;
  readonly name: string;
}

/** A sign-in about to begin: its id and its first refresh token. */
export interface NewSession {
  readonly familyId: string;
  readonly token: TokenRow;
}

/** Everything the rotation rule looks at, read under the lock. */
export interface PresentedToken {
  readonly userId: string;
  readonly deviceId: string;
  readonly familyId: string;
  readonly familyRevoked: RevokedReason | undefined;
  readonly wipe: boolean;
  readonly expiresAt: Date;
  readonly replaced: boolean;
  /** The token this one was traded for, when that still counts. */
  readonly successor: { readonly id: string; readonly firstUsedAt: Date | null } | undefined;
}

/** What to do with a presented token. */
export type Rotation =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'revoke' }
  /** Within the grace: an access token, nothing stored. */
  | { readonly kind: 'keep' }
  /** Store `next` as its successor, in the place of the one never used if there is one. */
  | { readonly kind: 'rotate'; readonly next: TokenRow };

/** A sign-in that ended. */
export interface RevokedSession {
  readonly sessionId: string;
  readonly revokedAt: Date;
  readonly wipe: boolean;
}

/** See the file's head. */
export interface IdentityRepository {
  findByEmail(email: string): Promise<AccountRow | undefined>;
  findById(userId: string): Promise<AccountRow | undefined>;
  /** Creates an account; undefined when the address is taken. */
  createAccount(account: { id: string; email: string; name: string; passwordHash: string }): Promise<boolean>;
  setPassword(userId: string, passwordHash: string): Promise<void>;
  /** Begins a sign-in on a device, adding or reviving it; false when the device id is another person's. */
  startSession(userId: string, device: SignInDevice, session: NewSession): Promise<boolean>;
  /** Looks a token up, lets `decide` judge it under the sign-in's lock, and stores the verdict. */
  present(
    hash: Uint8Array<ArrayBuffer>,
    decide: (token: PresentedToken) => Rotation,
  ): Promise<Judged | undefined>;
  revokeSession(sessionId: string, reason: RevokedReason): Promise<void>;
  /** Ends all sign-ins of a person but one. */
  revokeSessionsOf(userId: string, reason: RevokedReason, exceptSessionId: string | undefined): Promise<void>;
  /** Sign-ins that ended at or after `since`. */
  revokedSince(since: Date): Promise<readonly RevokedSession[]>;
  /**
   * Removes sign-ins nobody can continue any more: all their tokens expired before `before`. Those of a device that is
   * to be wiped stay, because their tokens are how it learns of it.
   */
  prune(before: Date): Promise<number>;
}

/** A judged token and the verdict. */
export interface Judged {
  readonly token: PresentedToken;
  readonly rotation: Rotation;
}

/** Creates the repository over Prisma. */
export function createIdentityRepository(prisma: PrismaClient): IdentityRepository {
  const toAccount = (row: {
    id: string;
    email: string | null;
    name: string;
    createdAt: Date;
    disabledAt: Date | null;
    credential: { passwordHash: string } | null;
  }): AccountRow => ({
    id: row.id,
    email: row.email ?? '',
    name: row.name,
    createdAt: row.createdAt,
    passwordHash: row.credential?.passwordHash,
    disabled: row.disabledAt !== null,
  });
  return {
    async findByEmail(email) {
      const row = await prisma.user.findUnique({ where: { email }, include: { credential: true } });
      return row ? toAccount(row) : undefined;
    },

    async findById(userId) {
      const row = await prisma.user.findUnique({ where: { id: userId }, include: { credential: true } });
      return row ? toAccount(row) : undefined;
    },

    async createAccount({ id, email, name, passwordHash }) {
      try {
        await prisma.user.create({ data: { id, email, name, credential: { create: { passwordHash } } } });
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    async setPassword(userId, passwordHash) {
      const data = { passwordHash, changedAt: new Date() };
      await prisma.credential.upsert({ where: { userId }, create: { userId, ...data }, update: data });
    },

    async startSession(userId, device, { familyId, token }) {
      return prisma.$transaction(async (tx) => {
        const known = await tx.device.findUnique({ where: { id: device.id }, select: { userId: true } });
        if (known && known.userId !== userId) return false;
        await tx.device.upsert({
          where: { id: device.id },
          create: { id: device.id, userId, name: device.name },
          // Whoever knows the password may use the device again; a wish to wipe it ends there.
          update: { name: device.name, revokedAt: null, wipe: false },
        });
        await tx.refreshFamily.create({
          data: { id: familyId, userId, deviceId: device.id, tokens: { create: { ...token } } },
        });
        return true;
      });
    },

    async present(hash, decide) {
      return prisma.$transaction(async (tx) => {
        const found = await tx.refreshToken.findUnique({
          where: { hash },
          select: { id: true, familyId: true },
        });
        if (!found) return undefined;
        await tx.$queryRaw`SELECT 1 FROM refresh_family WHERE id = ${found.familyId}::uuid FOR UPDATE`;
        const row = await tx.refreshToken.findUniqueOrThrow({
          where: { id: found.id },
          include: { family: { include: { device: true } } },
        });
        const successor = await tx.refreshToken.findFirst({
          where: { parentId: row.id, replacedAt: null },
          select: { id: true, firstUsedAt: true },
        });
        const { family } = row;
        const token: PresentedToken = {
          userId: family.userId,
          deviceId: family.deviceId,
          familyId: family.id,
          familyRevoked: toReason(family.revokedAt, family.revokedReason),
          wipe: family.revokedReason === 'device' && family.device.wipe,
          expiresAt: row.expiresAt,
          replaced: row.replacedAt !== null,
          successor: successor ?? undefined,
        };
        const rotation = decide(token);
        const now = new Date();
        if (rotation.kind === 'revoke') {
          await tx.refreshFamily.update({
            where: { id: family.id },
            data: { revokedAt: now, revokedReason: 'reuse' },
          });
        }
        if (rotation.kind === 'rotate') {
          if (successor)
            await tx.refreshToken.update({ where: { id: successor.id }, data: { replacedAt: now } });
          if (!row.firstUsedAt)
            await tx.refreshToken.update({ where: { id: row.id }, data: { firstUsedAt: now } });
          await tx.refreshToken.create({ data: { ...rotation.next, familyId: family.id, parentId: row.id } });
        }
        return { token, rotation };
      });
    },

    async revokeSession(sessionId, reason) {
      await prisma.refreshFamily.updateMany({
        where: { id: sessionId, revokedAt: null },
        data: { revokedAt: new Date(), revokedReason: reason },
      });
    },

    async revokeSessionsOf(userId, reason, exceptSessionId) {
      await prisma.refreshFamily.updateMany({
        where: {
          userId,
          revokedAt: null,
          ...(exceptSessionId === undefined ? {} : { id: { not: exceptSessionId } }),
        },
        data: { revokedAt: new Date(), revokedReason: reason },
      });
    },

    async revokedSince(since) {
      const rows = await prisma.refreshFamily.findMany({
        where: { revokedAt: { gte: since } },
        select: { id: true, revokedAt: true, revokedReason: true, device: { select: { wipe: true } } },
      });
      return rows.flatMap(({ id, revokedAt, revokedReason, device }) =>
        revokedAt ? [{ sessionId: id, revokedAt, wipe: revokedReason === 'device' && device.wipe }] : [],
      );
    },

    async prune(before) {
      const { count } = await prisma.refreshFamily.deleteMany({
        where: {
          createdAt: { lt: before },
          tokens: { none: { expiresAt: { gte: before } } },
          device: { wipe: false },
        },
      });
      return count;
    },
  };
}

const reasons: readonly RevokedReason[] = ['logout', 'reuse', 'device', 'password', 'deactivated'];

function toReason(revokedAt: Date | null, reason: string | null): RevokedReason | undefined {
  if (!revokedAt) return undefined;
  return reasons.find((known) => known === reason) ?? 'device';
}

/** Whether Prisma reports a broken unique constraint (P2002). */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002';
}
