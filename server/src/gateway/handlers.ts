/**
 * What each client event does. Owns the mapping from the socket protocol to services; knows no rule itself. A handler
 * answers a value or a catalogued error, and may name what to send once its answer is on the way.
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { OP_VERSION, type OpResult } from '@curlew/shared/protocol/ops.ts';
import type { clientEvents } from '@curlew/shared/protocol/socket.ts';
import { oneOpKinds, type ClientEventName } from '@curlew/shared/protocol/socket.ts';
import { MIN_PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { CallerTokens } from '../services/api-tokens.ts';
import type { Now } from '../services/clock.ts';
import type { Devices } from '../services/devices.ts';
import type { Nodes } from '../services/nodes.ts';
import type { Revocations } from '../services/revocations.ts';
import type { FanOut, LogServices, Outcome } from '../services/service-types.ts';
import type { Typing, TypingAudience } from '../services/typing.ts';
import type { ReceiptCounts } from './receipt-counts.ts';
import {
  closeSocket,
  conversationRoom,
  openRoom,
  socketsOf,
  userRoom,
  type GatewayServer,
  type GatewaySocket,
  type Sessions,
} from './session.ts';
import type { Watches } from './watches.ts';

/** An answer, and what happens once it was sent. */
export interface Answered<T> {
  readonly value: T;
  readonly fanOut?: readonly FanOut[];
}

type Requests = { [E in ClientEventName]: z.output<(typeof clientEvents)[E]['request']> };
type AnswerOf<E extends ClientEventName> = (typeof clientEvents)[E]['answer'] extends z.ZodType
  ? z.input<(typeof clientEvents)[E]['answer']>
  : null;

/** A handler per client event. */
export type Handlers = {
  [E in ClientEventName]: (
    socket: GatewaySocket,
    request: Requests[E],
  ) => Promise<Outcome<Answered<AnswerOf<E>>>>;
};

/** What the handlers need. */
export interface HandlerParts {
  readonly io: GatewayServer;
  readonly sessions: Sessions;
  readonly logs: LogServices;
  readonly devices: Devices;
  readonly tokens: CallerTokens;
  readonly revocations: Pick<Revocations, 'check'>;
  readonly watches: Pick<Watches, 'watch'>;
  readonly typing: Typing;
  readonly nodes: Pick<Nodes, 'say'>;
  readonly receiptCounts: Pick<ReceiptCounts, 'opened'>;
  readonly now: Now;
}

const nothing = { value: null };
const mapOk = <T, U>(outcome: Outcome<T>, map: (value: T) => U): Outcome<U> =>
  outcome.ok ? ok(map(outcome.value)) : outcome;

/** Passes a typing on to the sockets of this node. */
export function emitTyping(
  io: Pick<GatewayServer, 'to'>,
  typing: {
    readonly event: 'typing:start' | 'typing:stop';
    readonly userId: string;
    readonly conversationId: string;
    readonly audience: TypingAudience;
  },
): void {
  const { event, userId, conversationId, audience } = typing;
  const payload = { conversationId, userId };
  if (audience.kind === 'people') socketsOf(io, audience.userIds)?.emit(event, payload);
  if (audience.kind === 'open')
    io.to(conversationRoom(conversationId)).except(userRoom(userId)).emit(event, payload);
}

/** Creates the handlers. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { io, sessions, logs, devices, tokens, revocations, watches, typing, nodes, receiptCounts, now } =
    parts;
  const processId = randomUUID();

  const oneOp =
    (kind: (typeof oneOpKinds)[keyof typeof oneOpKinds]) =>
    async (
      socket: GatewaySocket,
      request: Requests['message:send'],
    ): Promise<Outcome<Answered<OpResult>>> => {
      const { caller, fence } = socket.data.session;
      if (fence === null) return err(errorBody('BAD_REQUEST', { detail: 'hello must come first' }));
      const { userId, deviceId, scopes } = caller;
      const op = { ...request, v: OP_VERSION, kind };
      const { results, fanOut } = await logs.submitOps(
        { userId, deviceId, fence, scopes },
        { lane: request.logId, ops: [op] },
      );
      const [value] = results;
      return value ? ok({ value, fanOut }) : err(errorBody('BUSY'));
    };

  const sendTyping = (
    event: 'typing:start' | 'typing:stop',
    socket: GatewaySocket,
    conversationId: string,
    audience: TypingAudience,
  ): void => {
    if (audience.kind === 'nobody') return;
    const word = { event, userId: socket.data.session.caller.userId, conversationId, audience };
    emitTyping(io, word);
    nodes.say({ kind: 'typing', ...word });
  };

  return {
    async hello(socket) {
      const { session } = socket.data;
      const fence = await devices.hello(session.caller, session.instance);
      if (!fence.ok) {
        // The answer goes first; the socket is of no use after it.
        setImmediate(() => closeSocket(socket, fence.error));
        return fence;
      }
      session.fence = fence.value;
      for (const other of sessions.othersOfDevice(socket)) {
        const theirs = other.data.session.fence;
        // One that has not said hello yet is newer, not older: a slow hello must not close the connection after it.
        if (theirs !== null && theirs < fence.value) closeSocket(other, errorBody('FENCED'));
        if (theirs !== null && theirs > fence.value)
          setImmediate(() => closeSocket(socket, errorBody('FENCED')));
      }
      nodes.say({ kind: 'fenced', deviceId: session.caller.deviceId, fence: fence.value });
      const value = {
        epoch: await logs.epoch(),
        processId,
        fence: fence.value,
        serverTimeMs: now(),
        limits: { ...limits },
        minProtocol: MIN_PROTOCOL_VERSION,
      };
      return ok({ value });
    },

    async 'auth:refresh'(socket, { token }) {
      const { session } = socket.data;
      const next = await tokens.verify(token);
      if (!next.ok) return next;
      if (next.value.userId !== session.caller.userId || next.value.deviceId !== session.caller.deviceId) {
        return err(errorBody('AUTH_REQUIRED', { detail: 'token: of another person or device' }));
      }
      const revoked = revocations.check(next.value.sessionId);
      if (revoked) return err(revoked);
      session.caller = next.value;
      return ok({ value: { expiresAtMs: next.value.expiresAtMs } });
    },

    async 'sync:heads'(socket, request) {
      return mapOk(await logs.heads(socket.data.session.caller.userId, request), (value) => ({ value }));
    },

    async 'ops:submit'(socket, { fence, lane, ops }) {
      const { session } = socket.data;
      if (fence !== session.fence) return err(errorBody('FENCED'));
      const { userId, deviceId, scopes } = session.caller;
      const { results, fanOut } = await logs.submitOps({ userId, deviceId, fence, scopes }, { lane, ops });
      return ok({ value: { results: [...results] }, fanOut });
    },

    'message:send': oneOp(oneOpKinds['message:send']),
    'message:edit': oneOp(oneOpKinds['message:edit']),
    'message:delete': oneOp(oneOpKinds['message:delete']),
    'message:react': oneOp(oneOpKinds['message:react']),
    'message:read': oneOp(oneOpKinds['message:read']),

    async 'conversation:join'(socket, { conversationId }) {
      const { caller, opened } = socket.data.session;
      opened.add(conversationId);
      const membersNow = () => logs.members(caller.userId, conversationId);
      const before = await membersNow();
      if (!before.ok) return before;
      // Closed again meanwhile: the later wish holds.
      if (!opened.has(conversationId)) return ok({ value: {} });
      const rooms = [conversationRoom(conversationId), openRoom(conversationId, caller.userId)];
      await socket.join(rooms);
      // Who was removed between the look and the entry was not in the room when it was cleared of them.
      const after = await membersNow();
      if (!after.ok) {
        for (const room of rooms) await socket.leave(room);
        return after;
      }
      // What is told from here on is told on top of what the client asks for once it knows that this is done.
      await receiptCounts.opened(conversationId, after.value.memberIds.length);
      return ok({ value: {} });
    },

    async 'conversation:leave'(socket, { conversationId }) {
      socket.data.session.opened.delete(conversationId);
      await socket.leave(conversationRoom(conversationId));
      await socket.leave(openRoom(conversationId, socket.data.session.caller.userId));
      return ok({ value: {} });
    },

    async 'presence:watch'(socket, { userIds }) {
      const users = await watches.watch(socket, userIds);
      if (users !== undefined) socket.emit('presence:snapshot', { users });
      return ok(nothing);
    },

    async 'typing:start'(socket, { conversationId }) {
      const audience = await typing.start(socket.data.session.caller.userId, conversationId);
      if (audience.ok) sendTyping('typing:start', socket, conversationId, audience.value);
      return mapOk(audience, () => nothing);
    },

    async 'typing:stop'(socket, { conversationId }) {
      const audience = await typing.stop(socket.data.session.caller.userId, conversationId);
      if (audience.ok) sendTyping('typing:stop', socket, conversationId, audience.value);
      return mapOk(audience, () => nothing);
    },
  };
}
