/**
 * The gateway: Socket.IO on the server's port. Owns the life of every socket, from handshake to close, and is the only
 * place that emits. Websocket only: long polling would need sticky nodes, and its frames cost more.
 */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { accountEntrySchemas, parseEntryKey } from '@curlew/shared/domain/entries.ts';
import { readEvent } from '@curlew/shared/domain/event.ts';
import { entryOf } from '@curlew/shared/domain/reduce.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { NodeLink } from '../infra/node-link.ts';
import { isDatabaseAway } from '../repositories/database-away.ts';
import type { PresenceRepository } from '../repositories/presence-repository.ts';
import type { CallerTokens } from '../services/api-tokens.ts';
import type { ClientPolicy } from '../services/client-policy.ts';
import type { Now } from '../services/clock.ts';
import type { Devices } from '../services/devices.ts';
import { createNodes, type NodeWord } from '../services/nodes.ts';
import { createPresenceBook, type PresenceBook } from '../services/presence.ts';
import type { RateLimits } from '../services/rate-limits.ts';
import type { Revocations } from '../services/revocations.ts';
import type { FanOut, LogServices } from '../services/service-types.ts';
import { createTyping } from '../services/typing.ts';
import { AudienceRooms } from './audience-rooms.ts';
import { createFanOut, type SendFanOut } from './fan-out.ts';
import { createHandlers, emitTyping } from './handlers.ts';
import { acceptHandshake, HandshakeError } from './handshake.ts';
import { createReceiptCounts } from './receipt-counts.ts';
import { routeSocket } from './router.ts';
import {
  closeSocket,
  Sessions,
  userRoom,
  type CountFrames,
  type GatewayServer,
  type GatewaySocket,
} from './session.ts';
import { createWatches } from './watches.ts';

/** How long until a client that says nothing is asked, and how long it may take to answer. */
const PING_MS = 15_000;
const EXPIRY_SWEEP_MS = 1_000;

/** What the gateway is made of. */
export interface GatewayParts {
  readonly http: HttpServer;
  readonly logs: LogServices;
  readonly devices: Devices;
  readonly tokens: CallerTokens;
  readonly revocations: Revocations;
  readonly presenceRepository: PresenceRepository;
  readonly rateLimits: RateLimits;
  readonly clientPolicy: ClientPolicy;
  readonly now: Now;
  readonly observe: GatewayObserver;
  readonly times?: GatewayTimes | undefined;
  /** To the other nodes; undefined: there are none. */
  readonly nodeLink?: NodeLink | undefined;
  /** Hears of everything that is sent. */
  readonly onFanOut: (fanOuts: readonly FanOut[]) => void;
}

/** Times a test may shorten; a client that vanishes shows as offline after twice the ping and the grace. */
export interface GatewayTimes {
  readonly pingMs?: number | undefined;
  readonly offlineGraceMs?: number | undefined;
}

/** Who counts and logs what the gateway does. */
export interface GatewayObserver {
  readonly connected: (open: number) => void;
  readonly handled: (name: string, code: string, ms: number) => void;
  readonly framed: CountFrames;
  readonly refused: (code: string) => void;
  readonly crashed: (where: string, error: unknown) => void;
}

/** A running gateway. */
export interface Gateway {
  /** Sends what a service committed outside of a socket (HTTP writes, registration). */
  readonly sendFanOut: SendFanOut;
  /** Tells a person's devices that something of theirs changed outside of the logs. */
  readonly sendHint: (userId: string, kind: 'device') => void;
  /** Refuses new frames and sockets, tells every client that the server restarts, and closes. */
  readonly close: () => Promise<void>;
  /** Refuses new frames with SHUTTING_DOWN while those under way finish. */
  readonly drain: () => void;
}

/** Attaches Socket.IO to an HTTP server. */
export function createGateway(parts: GatewayParts): Gateway {
  const { http, logs, devices, tokens, revocations, rateLimits, clientPolicy, now, observe, times } = parts;
  const pingMs = times?.pingMs ?? PING_MS;
  const io: GatewayServer = new Server(http, {
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    maxHttpBufferSize: limits.frameBytes,
    pingInterval: pingMs,
    pingTimeout: pingMs,
    perMessageDeflate: false,
    httpCompression: false,
    connectTimeout: 10_000,
  });
  const sessions = new Sessions();
  /** Last-seen times being written; a stop waits for them. */
  const goodbyes = new Set<Promise<void>>();
  let draining = false;
  const watches = createWatches(io, parts.presenceRepository, () => presence);
  const presence = createPresenceBook({
    repository: parts.presenceRepository,
    now,
    emit: (change) => watches.tell(change),
    graceMs: times?.offlineGraceMs,
    onFailure: (error) => {
      if (!isDatabaseAway(error)) observe.crashed('presence', error);
    },
  });
  const typing = createTyping(logs, now);
  const audiences = new AudienceRooms(io);
  const receiptCounts = createReceiptCounts({
    io,
    logs,
    count: observe.framed,
    onFailure: (error) => observe.crashed('receiptCounts', error),
  });
  const send = createFanOut(io, audiences, receiptCounts, observe.framed);
  /** What follows from a commit for the sockets of this node, whichever node committed it. */
  const sendHere: SendFanOut = (fanOuts, origin) => {
    send(fanOuts, origin);
    noteStatuses(fanOuts, presence);
    watches.committed(fanOuts).catch((error: unknown) => {
      if (!isDatabaseAway(error)) observe.crashed('watches', error);
    });
  };
  const sendHint = (userId: string, kind: 'device'): void => {
    io.to(userRoom(userId)).emit('user:changed', { kind });
    observe.framed('hint');
  };
  const hear = (word: NodeWord): void => {
    switch (word.kind) {
      case 'committed':
        return sendHere(word.fanOuts);
      case 'hint':
        return sendHint(word.userId, word.about);
      case 'typing':
        return emitTyping(io, word);
      case 'fenced':
        for (const socket of sessions.ofDevice(word.deviceId)) {
          const { fence } = socket.data.session;
          if (fence !== null && fence < word.fence) closeSocket(socket, errorBody('FENCED'));
        }
    }
  };
  const nodes = createNodes({
    link: parts.nodeLink,
    presence,
    hear,
    onFailure: (error) => observe.crashed('nodes', error),
  });
  const sendFanOut: SendFanOut = (fanOuts, origin) => {
    sendHere(fanOuts, origin);
    if (fanOuts.length > 0) nodes.say({ kind: 'committed', fanOuts: [...fanOuts] });
    parts.onFanOut(fanOuts);
  };
  const handlers = createHandlers({
    io,
    sessions,
    logs,
    devices,
    tokens,
    revocations,
    watches,
    typing,
    nodes,
    receiptCounts,
    now,
  });

  io.use((socket, next) => {
    const accept = async (): Promise<void> => {
      const outcome = draining
        ? { ok: false as const, error: errorBody('SHUTTING_DOWN') }
        : await acceptHandshake(socket.handshake.auth, {
            tokens,
            revocations,
            rateLimits,
            clientPolicy,
            now,
          });
      if (!outcome.ok) {
        observe.refused(outcome.error.code);
        next(new HandshakeError(outcome.error));
        return;
      }
      socket.data.session = outcome.value;
      next();
    };
    accept().catch((error: unknown) => {
      const code = isDatabaseAway(error) ? 'BUSY' : 'INTERNAL';
      if (code === 'INTERNAL') observe.crashed('handshake', error);
      // oxlint-disable-next-line promise/no-callback-in-promise -- middleware of Socket.IO answers by callback
      next(new HandshakeError(errorBody(code)));
    });
  });

  io.on('connection', (socket: GatewaySocket) => {
    const { userId, deviceId } = socket.data.session.caller;
    // Rooms first: whatever commits after the client reads its heads reaches it as a push.
    void socket.join(userRoom(userId));
    audiences.connected(socket, userId);
    sessions.add(socket);
    nodes.came(userId);
    observe.connected(io.engine.clientsCount);
    routeSocket(socket, {
      handlers,
      sendFanOut,
      rateLimits,
      isDraining: () => draining,
      onHandled: observe.handled,
      onCrash: observe.crashed,
    });
    socket.on('disconnect', () => {
      sessions.remove(socket);
      observe.connected(io.engine.clientsCount);
      const leaving = devices
        .left(socket.data.session.caller)
        .catch((error: unknown) => {
          // Only the last-seen time is lost when the database is away.
          if (!isDatabaseAway(error)) observe.crashed('disconnect', error);
        })
        .finally(() => {
          nodes.went(userId);
          goodbyes.delete(leaving);
        });
      goodbyes.add(leaving);
      if (!io.of('/').adapter.rooms.has(userRoom(userId))) typing.forget(userId);
    });
    socket.emit('connection:established', { userId, deviceId, serverTimeMs: now() });
    // The sign-in may have ended between the handshake's check and the entry into the book.
    const revoked = revocations.check(socket.data.session.caller.sessionId);
    if (revoked) sessions.closeSession(socket.data.session.caller.sessionId, revoked);
  });

  revocations.listen((sessionId, error) => sessions.closeSession(sessionId, error));
  const sweep = setInterval(() => sessions.closeExpired(now()), EXPIRY_SWEEP_MS);
  sweep.unref();

  return {
    sendFanOut,
    sendHint: (userId, kind) => {
      sendHint(userId, kind);
      nodes.say({ kind: 'hint', userId, about: kind });
    },
    drain: () => {
      draining = true;
    },
    close: async () => {
      draining = true;
      clearInterval(sweep);
      sessions.closeAll(errorBody('SHUTTING_DOWN'));
      await io.close();
      await Promise.all(goodbyes);
      await nodes.stop();
      presence.stop();
    },
  };
}

/** A chosen state is an entry of the account log; watchers hear of it once it is committed. */
function noteStatuses(fanOuts: readonly FanOut[], presence: PresenceBook): void {
  for (const { kind, logId, events } of fanOuts) {
    if (kind !== 'account') continue;
    for (const envelope of events) {
      const event = readEvent(envelope);
      if (event === 'skeleton' || event === 'unknown') continue;
      const entry = entryOf(event);
      if (!entry || parseEntryKey(entry.key)?.prefix !== 'status') continue;
      const status = accountEntrySchemas.status.safeParse(entry.value);
      presence.statusChosen(logId, status.data ?? null);
    }
  }
}
