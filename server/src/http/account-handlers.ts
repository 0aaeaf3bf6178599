/** What the routes of accounts do: registration, sign-in, the own profile and devices. */
import type { accountRoutes } from '@curlew/shared/protocol/routes-account.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import { answer, asIs, limited, type HandlersOf, type RouteParts } from './handler-parts.ts';

/** Creates the handlers. */
export function accountHandlers({
  auth,
  devices,
  people,
  revocations,
  rateLimits,
}: RouteParts): HandlersOf<typeof accountRoutes> {
  return {
    async register({ body, address }) {
      const allowed = await limited(rateLimits('registerAddress', address));
      if (!allowed.ok) return allowed;
      const signedIn = await auth.register(body);
      if (!signedIn.ok) return signedIn;
      const { session, fanOut } = signedIn.value;
      await devices.signedIn(session, address);
      return ok({ value: session, fanOut });
    },

    async login({ body, address }) {
      const allowed = await limited(rateLimits('loginAccount', body.email.toLowerCase()));
      if (!allowed.ok) return allowed;
      const session = await auth.login(body);
      if (!session.ok) return session;
      await devices.signedIn(session.value, address);
      return ok({ value: session.value, devicesOf: session.value.userId });
    },

    async token({ body, address }) {
      const renewed = await auth.exchange(body.refreshToken);
      // A detected reuse ended the sign-in: its sockets go now, not at the next look.
      if (!renewed.ok && renewed.error.code === 'REFRESH_REUSED') await revocations.poll();
      if (renewed.ok) await devices.signedIn(renewed.value, address);
      return asIs(renewed);
    },

    async logout({ body }) {
      await auth.logout(body.refreshToken);
      await revocations.poll();
      return ok({ value: {} });
    },

    async changePassword({ caller, body }) {
      const allowed = await limited(rateLimits('passwordAccount', caller.userId));
      if (!allowed.ok) return allowed;
      const changed = await auth.changePassword(caller, body.currentPassword, body.newPassword);
      if (changed.ok) await revocations.poll();
      return answer(changed, () => ({}));
    },

    me: async ({ caller }) => asIs(await people.me(caller.userId)),

    async updateMe({ caller, body }) {
      const renamed = await people.rename(caller, body.name);
      return renamed.ok ? ok({ value: renamed.value.me, fanOut: renamed.value.fanOut }) : renamed;
    },

    devices: async ({ caller }) => ok({ value: { devices: await devices.list(caller) } }),

    async revokeDevice({ caller, params, query }) {
      const revoked = await devices.revoke(caller, params.id, query.wipe === 'true');
      if (!revoked.ok) return revoked;
      await revocations.poll();
      return ok({ value: {}, devicesOf: caller.userId });
    },
  };
}
