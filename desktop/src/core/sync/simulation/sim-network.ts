/**
 * The simulated network: transports of many devices to one oracle. Owns every fault between them. A message may be lost,
 * late, doubled or overtaken; a connection may be cut after a request went out and before its answer came; the server
 * may crash between commit and answer. Harsher than TCP on purpose.
 */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody, isErrorCode, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { routes } from '@curlew/shared/protocol/http.ts';
import { clientEvents, serverEvents } from '@curlew/shared/protocol/socket.ts';
import type { LiveSocket, ServerEvent, SocketListener, Transport } from '../../transport/transport-types.ts';
import type { Oracle } from './oracle.ts';
import { OracleError, type Json, type OraclePush } from './oracle-types.ts';
import type { Scheduler } from './scheduler.ts';

/** Probabilities per message; all zero is a healed network. */
export interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  readonly cut: number;
  /** Longest delay of one message. */
  readonly maxDelayMs: number;
  /** The server answers BUSY instead. */
  readonly busy: number;
}

/** No faults, short delays. */
export const healed: Faults = { drop: 0, duplicate: 0, cut: 0, maxDelayMs: 40, busy: 0 };

const HTTP_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 15_000;

interface Connection {
  readonly userId: string;
  readonly deviceId: string;
  readonly end: (error: ErrorBody | null) => void;
  readonly deliver: (push: OraclePush) => void;
  isOpen: boolean;
}

/** Who a transport belongs to. */
export interface Endpoint {
  readonly userId: string;
  readonly deviceId: string;
  /** False once this process was killed: nothing it sends leaves, nothing it gets arrives. */
  isAlive(): boolean;
}

/** See the file comment. */
export class SimNetwork {
  readonly #scheduler: Scheduler;
  readonly #oracle: Oracle;
  readonly #connections = new Set<Connection>();
  readonly #cutOff = new Set<string>();
  /** Whether the server's process runs. */
  isServerUp = true;
  /** Requests of an earlier server process find nobody. */
  #serverRun = 0;
  /** No push arrives, also in a healed network; for the test of the beat. */
  losesPushes = false;
  faults: Faults = healed;

  constructor(scheduler: Scheduler, oracle: Oracle) {
    this.#scheduler = scheduler;
    this.#oracle = oracle;
  }

  /** Takes a device off the network, or puts it back. */
  setOnline(deviceId: string, isOnline: boolean): void {
    if (isOnline) {
      this.#cutOff.delete(deviceId);
      return;
    }
    this.#cutOff.add(deviceId);
    for (const connection of [...this.#connections]) {
      if (connection.deviceId === deviceId && this.#scheduler.chance(0.5)) this.#end(connection, null);
    }
  }

  /** The server process dies, and comes back after a while; what it committed stays. */
  crashServer(downMs: number): void {
    this.isServerUp = false;
    this.#serverRun += 1;
    for (const connection of [...this.#connections]) this.#end(connection, null);
    this.#scheduler.after(downMs, 'server up', () => {
      this.isServerUp = true;
    });
  }

  /** Everything works from now on. */
  heal(): void {
    this.faults = healed;
    this.#cutOff.clear();
    this.isServerUp = true;
  }

  /** The transport of one process. */
  transportFor(endpoint: Endpoint): Transport {
    return {
      call: (name, args, token) => this.#call(endpoint, name, args as Json, token) as never,
      open: (_handshake, listener) => this.#open(endpoint, listener),
      dispose: () => undefined,
    };
  }

  #reaches(endpoint: Endpoint): boolean {
    return this.isServerUp && !this.#cutOff.has(endpoint.deviceId);
  }

  #delay(): number {
    return this.#scheduler.between(1, this.faults.maxDelayMs);
  }

  /** Carries one message: it arrives never, once or twice. */
  #carry(label: string, arrive: () => void, isOnce = false): void {
    const { drop } = this.faults;
    const duplicate = isOnce ? 0 : this.faults.duplicate;
    if (this.#scheduler.chance(drop)) return;
    this.#scheduler.after(this.#delay(), label, arrive);
    if (this.#scheduler.chance(duplicate)) this.#scheduler.after(this.#delay() * 2, `${label} again`, arrive);
  }

  #call(endpoint: Endpoint, name: string, args: Json, token: string | undefined): Promise<unknown> {
    const run = this.#serverRun;
    return new Promise((resolve) => {
      if (!endpoint.isAlive()) return;
      let isSettled = false;
      const settle = (value: unknown): void => {
        if (isSettled || !endpoint.isAlive()) return;
        isSettled = true;
        resolve(value);
      };
      const who = endpoint.deviceId.slice(-4);
      this.#scheduler.after(HTTP_TIMEOUT_MS, `${who} ${name} timeout`, () =>
        settle(err(errorBody('TIMEOUT'))),
      );
      this.#carry(`${who} ${name}`, () => {
        if (!this.#reaches(endpoint) || run !== this.#serverRun) {
          this.#scheduler.after(this.#delay(), `${who} ${name} unreachable`, () =>
            settle(err(errorBody('OFFLINE'))),
          );
          return;
        }
        const answer = this.#answer(() => this.#route(endpoint, name, args, token));
        this.#carry(`${who} ${name} answer`, () => {
          if (run === this.#serverRun) settle(answer);
        });
      });
    });
  }

  #route(endpoint: Endpoint, name: string, args: Json, token: string | undefined): unknown {
    if (name === 'token') {
      const { userId, deviceId } = endpoint;
      // Tokens of the simulation never end by themselves; their rotation has tests of its own.
      return {
        userId,
        deviceId,
        accessToken: `access ${userId}`,
        expiresAtMs: 9e15,
        refreshToken: `refresh ${userId}`,
      };
    }
    if (token !== `access ${endpoint.userId}`) throw new OracleError('AUTH_EXPIRED');
    const answer = this.#oracle.http(endpoint.userId, name, args);
    const route = routes[name as keyof typeof routes];
    // A copy through JSON and the schema: the oracle's own objects must never reach the core.
    return route.answer.parse(JSON.parse(JSON.stringify(answer)));
  }

  #answer(make: () => unknown): unknown {
    if (this.#scheduler.chance(this.faults.busy)) return err(errorBody('BUSY', { retryMs: 500 }));
    try {
      return ok(make());
    } catch (cause) {
      if (!(cause instanceof OracleError) || !isErrorCode(cause.code)) throw cause;
      return err(errorBody(cause.code));
    }
  }

  #open(endpoint: Endpoint, listener: SocketListener): LiveSocket {
    const who = endpoint.deviceId.slice(-4);
    const pending = new Set<(value: unknown) => void>();
    let isOver = false;
    const finish = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      connection.isOpen = false;
      this.#connections.delete(connection);
      for (const settle of [...pending]) settle(err(errorBody('OFFLINE')));
      if (endpoint.isAlive()) tell();
    };
    const connection: Connection = {
      userId: endpoint.userId,
      deviceId: endpoint.deviceId,
      isOpen: false,
      end: (error) =>
        void this.#scheduler.after(this.#delay(), `${who} closed`, () =>
          finish(() => listener.closed(error)),
        ),
      deliver: (push) => {
        if (this.losesPushes) return;
        this.#carry(`${who} < ${push.name}`, () => {
          if (!isOver && connection.isOpen && endpoint.isAlive()) listener.received(eventOf(push));
        });
      },
    };
    const refuse = (): void => finish(() => listener.refused(errorBody('OFFLINE')));
    this.#scheduler.after(this.#delay() * 2, `${who} connect`, () => {
      if (isOver) return;
      if (!this.#reaches(endpoint)) return refuse();
      if (this.#scheduler.chance(this.faults.drop)) {
        this.#scheduler.after(CONNECT_TIMEOUT_MS, `${who} connect timeout`, refuse);
        return;
      }
      connection.isOpen = true;
      this.#connections.add(connection);
      if (endpoint.isAlive()) listener.connected();
    });
    return {
      request: (event, request, timeoutMs) =>
        new Promise((resolve) => {
          const settle = (value: unknown): void => {
            if (!pending.delete(settle)) return;
            if (endpoint.isAlive()) resolve(value as never);
          };
          pending.add(settle);
          if (!endpoint.isAlive()) return;
          if (isOver || !connection.isOpen) return settle(err(errorBody('OFFLINE')));
          this.#scheduler.after(timeoutMs, `${who} ${event} timeout`, () =>
            settle(err(errorBody('TIMEOUT'))),
          );
          this.#send(endpoint, connection, event, request, settle);
        }),
      emit: () => undefined,
      close: () => finish(() => undefined),
    };
  }

  #send(
    endpoint: Endpoint,
    connection: Connection,
    event: keyof typeof clientEvents,
    request: Json,
    settle: (value: unknown) => void,
  ): void {
    // What is in flight is bytes: later changes of the object must not reach the server.
    const bytes = JSON.stringify(request);
    const who = endpoint.deviceId.slice(-4);
    const run = this.#serverRun;
    if (this.#scheduler.chance(this.faults.cut)) connection.end(null);
    // A doubled greeting would fence its own connection, which no network that carries sockets can do.
    const isOnce = event === 'hello';
    const arrive = (): void => {
      if (!this.#reaches(endpoint) || run !== this.#serverRun) return;
      // The server may work on a request whose socket is gone by now; only its answer finds nobody.
      const answer = this.#answer(() => this.#handle(endpoint, connection, event, JSON.parse(bytes) as Json));
      this.#carry(`${who} < ${event} ack`, () => {
        if (run === this.#serverRun) settle(answer);
      });
      if (this.#scheduler.chance(this.faults.cut)) connection.end(null);
    };
    this.#carry(`${who} > ${event}`, arrive, isOnce);
  }

  #handle(
    endpoint: Endpoint,
    connection: Connection,
    event: keyof typeof clientEvents,
    request: Json,
  ): unknown {
    const { userId, deviceId } = endpoint;
    switch (event) {
      case 'hello':
        return clientEvents.hello.answer.parse(this.#oracle.hello(deviceId));
      case 'sync:heads':
        return clientEvents['sync:heads'].answer.parse(copy(this.#oracle.heads(userId, request)));
      case 'ops:submit': {
        const { answer, pushes } = this.#oracle.submit(userId, deviceId, request as never);
        for (const push of pushes) this.#publish(push, connection);
        return clientEvents['ops:submit'].answer.parse(copy(answer));
      }
      default:
        return {};
    }
  }

  /** What the server has to say by itself. */
  tell(pushes: readonly OraclePush[]): void {
    for (const push of pushes) this.#publish(push, undefined);
  }

  /** Everybody's computer falls asleep: no connection survives it. */
  cutAll(): void {
    for (const connection of [...this.#connections]) this.#end(connection, null);
  }

  /** To every live socket of these people; an event not to the one that caused it. */
  #publish(push: OraclePush, from: Connection | undefined): void {
    const users = new Set(push.userIds);
    for (const connection of this.#connections) {
      const isTold = connection !== from || push.isHint === true;
      if (isTold && users.has(connection.userId)) connection.deliver(copy(push));
    }
  }

  #end(connection: Connection, error: ErrorBody | null): void {
    this.#connections.delete(connection);
    connection.end(error);
  }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function eventOf(push: OraclePush): ServerEvent {
  const name = push.name as keyof typeof serverEvents;
  return { name, payload: serverEvents[name].parse(push.payload) } as ServerEvent;
}
