/**
 * Devices. Owns the table device outside of the fence check, which the append function does itself under the row lock
 * taken here: once {@link DeviceRepository.raiseFence} returns, nothing of an older socket can commit.
 */
import type { PrismaClient } from '../infra/generated/client.ts';

/** A device as its owner sees it. */
export interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  readonly revokedAt: Date | null;
  readonly address: string | null;
}

/** See the file's head. */
export interface DeviceRepository {
  listOf(userId: string): Promise<readonly DeviceRow[]>;
  /** Marks a device of this person revoked and ends its sign-ins; false when there is no such device. */
  revoke(userId: string, deviceId: string, wipe: boolean): Promise<boolean>;
  /** Whether the owner asked that this device removes its local data. */
  isToWipe(userId: string, deviceId: string): Promise<boolean>;
  /** Raises the fence for a new socket; undefined when the device is revoked or unknown. */
  raiseFence(userId: string, deviceId: string, instance: string): Promise<number | undefined>;
  /** Notes where a device signed in or renewed its sign-in from. */
  noteAddress(userId: string, deviceId: string, address: string): Promise<void>;
  /** Notes that a device, and with it its person, was here. */
  touch(userId: string, deviceId: string, at: Date): Promise<void>;
}

/** Creates the repository over Prisma. */
export function createDeviceRepository(prisma: PrismaClient): DeviceRepository {
  return {
    async listOf(userId) {
      return prisma.device.findMany({
        where: { userId },
        select: { id: true, name: true, createdAt: true, lastSeenAt: true, revokedAt: true, address: true },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      });
    },

    async revoke(userId, deviceId, wipe) {
      const at = new Date();
      return prisma.$transaction(async (tx) => {
        const { count } = await tx.device.updateMany({
          where: { id: deviceId, userId },
          data: { revokedAt: at, ...(wipe ? { wipe: true } : {}) },
        });
        if (count === 0) return false;
        // A wipe is told by whatever the device still holds: also by sign-ins that had ended for another reason.
        await tx.refreshFamily.updateMany({
          where: { deviceId, ...(wipe ? {} : { revokedAt: null }) },
          data: { revokedAt: at, revokedReason: 'device' },
        });
        return true;
      });
    },

    async isToWipe(userId, deviceId) {
      return (await prisma.device.count({ where: { id: deviceId, userId, wipe: true } })) > 0;
    },

    async raiseFence(userId, deviceId, instance) {
      const rows = await prisma.device.updateManyAndReturn({
        where: { id: deviceId, userId, revokedAt: null },
        data: { fence: { increment: 1 }, instance, lastSeenAt: new Date() },
        select: { fence: true },
      });
      const [row] = rows;
      return row ? Number(row.fence) : undefined;
    },

    async noteAddress(userId, deviceId, address) {
      await prisma.device.updateMany({ where: { id: deviceId, userId }, data: { address } });
    },

    async touch(userId, deviceId, at) {
      await prisma.device.updateMany({ where: { id: deviceId, userId }, data: { lastSeenAt: at } });
      await prisma.user.updateMany({ where: { id: userId }, data: { lastSeenAt: at } });
    },
  };
}
