/**
 * Devices: the list, revocation, and the fence of each new socket. Owns the judgement that two running copies use one
 * device: within a minute its connection changed hands three times, and some copy came back after another took over
 * (so that a process restarted again and again, each time a new instance, is not mistaken for a clone).
 */
import type { Device } from '@curlew/shared/protocol/routes-account.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { DeviceRepository } from '../repositories/device-repository.ts';
import type { Caller } from './access-tokens.ts';
import type { Now } from './clock.ts';
import type { Outcome } from './service-types.ts';

const CLONE_WINDOW_MS = 60_000;
const CLONE_FLIPS = 3;

/** See the file's head. */
export interface Devices {
  list(caller: Caller): Promise<Device[]>;
  revoke(caller: Caller, deviceId: string, wipe: boolean): Promise<Outcome<null>>;
  /** Raises the fence for a socket's hello; older sockets of the device can commit nothing from then on. */
  hello(caller: Caller, instance: string): Promise<Outcome<number>>;
  /** Notes the network address of a sign-in or its renewal, which its owner sees as the device's place. */
  signedIn(session: { readonly userId: string; readonly deviceId: string }, address: string): Promise<void>;
  /** Notes that a socket closed. */
  left(caller: Caller): Promise<void>;
}

/** Creates the service. */
export function createDevices(repository: DeviceRepository, now: Now): Devices {
  const takeovers = new Map<string, { readonly instance: string; readonly atMs: number }[]>();

  /** Records a hello and says whether it proves a clone. */
  const isClone = (deviceId: string, instance: string): boolean => {
    const nowMs = now();
    const recent = (takeovers.get(deviceId) ?? []).filter(({ atMs }) => atMs > nowMs - CLONE_WINDOW_MS);
    if (recent.at(-1)?.instance !== instance) recent.push({ instance, atMs: nowMs });
    takeovers.set(deviceId, recent);
    const flips = recent.length - 1;
    const cameBack = new Set(recent.map((it) => it.instance)).size < recent.length;
    if (flips < CLONE_FLIPS || !cameBack) return false;
    takeovers.delete(deviceId);
    return true;
  };

  const forgetting = setInterval(() => {
    const oldest = now() - CLONE_WINDOW_MS;
    for (const [deviceId, recent] of takeovers)
      if ((recent.at(-1)?.atMs ?? 0) < oldest) takeovers.delete(deviceId);
  }, CLONE_WINDOW_MS);
  forgetting.unref();

  return {
    async list({ userId, deviceId }) {
      return (await repository.listOf(userId)).map((device) => ({
        id: device.id,
        name: device.name,
        createdAt: device.createdAt.getTime(),
        lastSeenAt: device.lastSeenAt?.getTime() ?? null,
        current: device.id === deviceId,
        revokedAt: device.revokedAt?.getTime() ?? null,
        address: device.address,
      }));
    },

    async revoke({ userId }, deviceId, wipe) {
      return (await repository.revoke(userId, deviceId, wipe)) ? ok(null) : err(errorBody('NOT_FOUND'));
    },

    async signedIn({ userId, deviceId }, address) {
      // A socket for both families writes the old addresses in the form of the new ones (RFC 4291, 2.5.5.2).
      await repository.noteAddress(userId, deviceId, address.replace(/^::ffff:(?=\d+\.)/u, ''));
    },

    async hello({ userId, deviceId }, instance) {
      if (isClone(deviceId, instance)) return err(errorBody('DEVICE_CLONED'));
      const fence = await repository.raiseFence(userId, deviceId, instance);
      if (fence !== undefined) return ok(fence);
      const wipe = await repository.isToWipe(userId, deviceId);
      return err(errorBody('AUTH_REVOKED', wipe ? { wipe } : {}));
    },

    left: ({ userId, deviceId }) => repository.touch(userId, deviceId, new Date(now())),
  };
}
