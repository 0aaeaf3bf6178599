/**
 * What each route does. Owns the mapping from the HTTP protocol to services; knows no rule itself. A handler answers a
 * value or a catalogued error, and may name what the gateway is to send once the answer is on the way.
 */
import type { z } from 'zod';
import type { routes, RouteName } from '@curlew/shared/protocol/http.ts';
import { errorBody, isErrorCode } from '@curlew/shared/protocol/errors.ts';
import { OP_VERSION, type OpResult } from '@curlew/shared/protocol/ops.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { Caller } from '../services/access-tokens.ts';
import type { Auth } from '../services/auth.ts';
import type { Devices } from '../services/devices.ts';
import type { People } from '../services/people.ts';
import type { RateLimits } from '../services/rate-limits.ts';
import type { Revocations } from '../services/revocations.ts';
import type { Actor, FanOut, LogServices, Outcome } from '../services/service-types.ts';

type Routes = typeof routes;
type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
type SchemaOf<R extends RouteName, K extends string> =
  Routes[R] extends Readonly<Record<K, infer S>> ? S : undefined;

/** A request whose parts passed the route's schemas. `caller` is there exactly where the route asks for a token. */
export interface RouteInput<R extends RouteName> {
  readonly caller: Routes[R]['access'] extends 'user' ? Caller : undefined;
  readonly params: OutputOf<SchemaOf<R, 'params'>>;
  readonly query: OutputOf<SchemaOf<R, 'query'>>;
  readonly body: OutputOf<SchemaOf<R, 'body'>>;
  /** The client's address, for limits and the audit log. */
  readonly address: string;
  /** Where the client reached this server, without a trailing slash. */
  readonly baseUrl: string;
}

/** An answer, and what others are to hear. */
export interface RouteAnswer<T> {
  readonly value: T;
  readonly fanOut?: readonly FanOut[];
  /** Whose list of devices changed; their other devices get a hint. */
  readonly devicesOf?: string;
}

/** A handler per route. */
export type RouteHandlers = {
  [R in RouteName]: (input: RouteInput<R>) => Promise<Outcome<RouteAnswer<z.input<Routes[R]['answer']>>>>;
};

/** What the handlers need. */
export interface RouteParts {
  readonly auth: Auth;
  readonly devices: Devices;
  readonly people: People;
  readonly logs: LogServices;
  readonly revocations: Pick<Revocations, 'poll'>;
  readonly rateLimits: RateLimits;
  readonly needsSetup: () => Promise<boolean>;
  readonly publicUrl: string | undefined;
  readonly serverName: string;
  readonly version: string;
}

/** HTTP writes carry no fence; the device must still be unrevoked. */
const actorOf = ({ userId, deviceId }: Caller): Actor => ({ userId, deviceId, fence: null });

const answer = <T, U>(outcome: Outcome<T>, map: (value: T) => U): Outcome<RouteAnswer<U>> =>
  outcome.ok ? ok({ value: map(outcome.value) }) : outcome;
const asIs = <T>(outcome: Outcome<T>): Outcome<RouteAnswer<T>> => answer(outcome, (value) => value);

/**
 * When a bot composed its message. It has no field for that, and the server's clock would give a repeated request other
 * bytes under the same opId; so it is the time inside a version 7 id (displayed only, trusted for nothing), or 0.
 */
function composedAtOf(opId: string): number {
  return opId[14] === '7' ? Number.parseInt(opId.slice(0, 8) + opId.slice(9, 13), 16) : 0;
}

/** Creates the handlers. */
export function createRouteHandlers(parts: RouteParts): RouteHandlers {
  const { auth, devices, people, logs, revocations, rateLimits, publicUrl } = parts;

  const submitOne = async (
    caller: Caller,
    lane: string,
    op: object,
  ): Promise<Outcome<RouteAnswer<OpResult>>> => {
    const { results, fanOut } = await logs.submitOps(actorOf(caller), {
      lane,
      ops: [{ v: OP_VERSION, ...op }],
    });
    const [result] = results;
    if (!result) return err(errorBody('BUSY'));
    if (result.ok) return ok({ value: result, fanOut });
    const { code, detail, retryMs } = result;
    const extra = {
      ...(detail === undefined ? {} : { detail }),
      ...(retryMs === undefined ? {} : { retryMs }),
    };
    return err(errorBody(code !== undefined && isErrorCode(code) ? code : 'INTERNAL', extra));
  };

  const limited = async (retryMs: Promise<number | undefined>): Promise<Outcome<null>> => {
    const wait = await retryMs;
    return wait === undefined ? ok(null) : err(errorBody('RATE_LIMITED', { retryMs: wait }));
  };

  return {
    async register({ body, address }) {
      const allowed = await limited(rateLimits('registerAddress', address));
      if (!allowed.ok) return allowed;
      const signedIn = await auth.register(body);
      return signedIn.ok ? ok({ value: signedIn.value.session, fanOut: signedIn.value.fanOut }) : signedIn;
    },

    async login({ body }) {
      const allowed = await limited(rateLimits('loginAccount', body.email.toLowerCase()));
      if (!allowed.ok) return allowed;
      const session = await auth.login(body);
      return session.ok ? ok({ value: session.value, devicesOf: session.value.userId }) : session;
    },

    async token({ body }) {
      const renewed = await auth.exchange(body.refreshToken);
      // A detected reuse ended the sign-in: its sockets go now, not at the next look.
      if (!renewed.ok && renewed.error.code === 'REFRESH_REUSED') await revocations.poll();
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

    users: async ({ caller, query }) =>
      answer(await people.directory(caller.userId, query.query ?? '', query.orgId), (users) => ({ users })),

    orgs: async ({ caller }) => ok({ value: { orgs: await people.orgs(caller.userId) } }),

    orgMembers: async ({ caller, params }) =>
      answer(await people.orgMembers(caller.userId, params.id), (members) => ({
        members: members.map(({ userId, name, role }) => ({ userId, name, role })),
      })),

    createInvite: async ({ caller, params, body, baseUrl }) =>
      answer(await people.createInvite(caller.userId, params.id, body), (invite) => ({
        ...invite,
        url: `${publicUrl ?? baseUrl}/join/${invite.code}`,
      })),

    invites: async ({ caller, params }) =>
      answer(await people.invites(caller.userId, params.id), (invites) => ({
        invites: invites.map(({ createdAt, expiresAt, ...invite }) => ({
          ...invite,
          createdAt: createdAt.getTime(),
          expiresAt: expiresAt?.getTime() ?? null,
        })),
      })),

    revokeInvite: async ({ caller, params }) =>
      answer(await people.revokeInvite(caller.userId, params.id, params.inviteId), () => ({})),

    async acceptInvite({ caller, params }) {
      const accepted = await people.acceptInvite(caller, params.code);
      return accepted.ok ? ok({ value: accepted.value.org, fanOut: accepted.value.fanOut }) : accepted;
    },

    conversations: async ({ caller, query }) =>
      answer(await logs.conversations(caller.userId, query), ({ conversations, cursor }) => ({
        conversations,
        ...(cursor === undefined ? {} : { cursor }),
      })),

    async createConversation({ caller, body: { opId, id, orgId, peerId } }) {
      const op = {
        kind: 'conversation.create',
        opId,
        logId: id,
        orgId,
        conversationKind: 'direct',
        protection: 'server',
      };
      const created = await submitOne(caller, id, { ...op, peerId });
      if (!created.ok) return created;
      const conversation = await logs.conversation(caller.userId, created.value.value.canonicalId ?? id);
      return conversation.ok ? ok({ ...created.value, value: conversation.value }) : conversation;
    },

    conversation: async ({ caller, params }) => asIs(await logs.conversation(caller.userId, params.id)),

    receipts: async ({ caller, params, query }) =>
      asIs(await logs.receipts(caller.userId, params.id, query.seq)),

    history: async ({ caller, params, query }) => asIs(await logs.history(caller.userId, params.id, query)),

    search: async ({ caller, query }) => {
      const allowed = await limited(rateLimits('search', caller.userId));
      return allowed.ok ? asIs(await logs.search(caller.userId, query)) : allowed;
    },

    sendMessage: ({ caller, params: { id }, body: { opId, text, replyTo = null } }) =>
      submitOne(caller, id, {
        kind: 'message.send',
        opId,
        logId: id,
        text,
        replyTo,
        composedAt: composedAtOf(opId),
      }),

    async editMessage({ caller, params, body: { opId, text } }) {
      const logId = await logs.conversationOfMessage(caller.userId, params.id);
      if (!logId.ok) return logId;
      const op = {
        kind: 'message.edit',
        opId,
        logId: logId.value,
        messageId: params.id,
        text,
        baseRevSeq: 0,
      };
      return submitOne(caller, logId.value, op);
    },

    async deleteMessage({ caller, params, query: { opId } }) {
      const logId = await logs.conversationOfMessage(caller.userId, params.id);
      if (!logId.ok) return logId;
      const op = { kind: 'message.delete', opId, logId: logId.value, messageId: params.id };
      return submitOne(caller, logId.value, op);
    },

    window: async ({ caller, params, body }) => asIs(await logs.window(caller.userId, params.id, body)),

    logState: async ({ caller, params, query }) =>
      asIs(await logs.logState(caller.userId, params.id, query.cursor)),

    pull: async ({ caller, params, query }) => asIs(await logs.pull(caller.userId, params.id, query)),

    verify: async ({ caller, body }) => asIs(await logs.verify(caller.userId, body.logs)),

    opsStatus: async ({ caller, body }) => asIs(await logs.opsStatus(caller.userId, body.opIds)),

    discovery: async () =>
      ok({
        value: {
          product: 'curlew',
          version: parts.version,
          protocol: PROTOCOL_VERSION,
          minProtocol: MIN_PROTOCOL_VERSION,
          name: parts.serverName,
          needsSetup: await parts.needsSetup(),
        },
      }),
  };
}
