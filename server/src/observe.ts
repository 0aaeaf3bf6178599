/**
 * Logs and metrics. Owns what a server tells about itself: structured lines on stderr (stdout belongs to whoever started
 * it), with ids, codes and durations, never a text, an address book entry or a token.
 */
import { pino, type Logger } from 'pino';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { GatewayObserver } from './gateway/gateway.ts';
import type { AppendQueueObserver } from './repositories/append-queue.ts';
import { isDatabaseAway } from './repositories/database-away.ts';

/** The server's eyes. */
export interface Observer {
  readonly log: Logger;
  readonly gateway: GatewayObserver;
  readonly appends: AppendQueueObserver;
  readonly httpHandled: (route: string, status: number, ms: number) => void;
  readonly crashed: (where: string, error: unknown) => void;
  /** Background work failed: a crash, unless the database is away, which has its own line. */
  readonly failed: (where: string, error: unknown) => void;
  /** The Redis of several nodes answers, or no longer does. */
  readonly redisAvailable: (isAvailable: boolean) => void;
  /** The certificate's files were read again. */
  readonly certificateRead: (outcome: { readonly ok: boolean; readonly reason?: string }) => void;
  /** An e-mail could not be handed over. */
  readonly mailRefused: (error: unknown) => void;
  readonly databaseAvailable: (available: boolean) => void;
  /** All metrics in Prometheus' text form. */
  readonly metrics: () => Promise<string>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Creates log and metrics. */
export function createObserver(level: string): Observer {
  // Synchronous: the last lines before a crash are the ones that matter.
  const log = pino(
    { level, base: {}, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const httpSeconds = new Histogram({
    name: 'curlew_http_seconds',
    help: 'HTTP requests by route and status',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const eventSeconds = new Histogram({
    name: 'curlew_socket_event_seconds',
    help: 'Socket events by name and outcome',
    labelNames: ['event', 'code'],
    buckets: SECONDS,
    registers,
  });
  const frames = new Counter({
    name: 'curlew_frames_total',
    help: 'Frames fanned out by kind',
    labelNames: ['kind'],
    registers,
  });
  const refusals = new Counter({
    name: 'curlew_handshakes_refused_total',
    help: 'Refused sockets by code',
    labelNames: ['code'],
    registers,
  });
  const sockets = new Gauge({ name: 'curlew_sockets', help: 'Open sockets', registers });
  const crashes = new Counter({
    name: 'curlew_crashes_total',
    help: 'Handlers that threw',
    labelNames: ['where'],
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'curlew_commit_seconds',
    help: 'Commits of the append queue',
    buckets: SECONDS,
    registers,
  });
  const commitOps = new Counter({
    name: 'curlew_committed_ops_total',
    help: 'Ops in those commits',
    registers,
  });
  const database = new Gauge({
    name: 'curlew_database_available',
    help: '1 while the database answers',
    registers,
  });
  database.set(1);

  const crashed = (where: string, error: unknown): void => {
    crashes.inc({ where });
    log.error({ where, error: describeError(error) }, 'handler threw');
  };
  return {
    log,
    crashed,
    failed: (where, error) => {
      if (!isDatabaseAway(error)) crashed(where, error);
    },
    redisAvailable: (isAvailable) => {
      if (isAvailable) log.info('Redis answers');
      else log.warn('Redis does not answer: limits, presence and pushes are each node’s own until it does');
    },
    certificateRead: ({ ok, reason }) => {
      if (ok) log.info('a renewed certificate is in use');
      else log.warn({ reason }, 'the renewed certificate cannot be used; the old one stays');
    },
    mailRefused: (error) => log.warn(mailCodes(error), 'the mail server did not take a message'),
    gateway: {
      connected: (open) => sockets.set(open),
      handled: (event, code, ms) => eventSeconds.observe({ event, code }, ms / 1000),
      framed: (kind) => frames.inc({ kind }),
      refused: (code) => refusals.inc({ code }),
      crashed,
    },
    appends: {
      onCommit: ({ ops, durationMs }) => {
        commitSeconds.observe(durationMs / 1000);
        commitOps.inc(ops);
      },
      onRefused: (op, error) =>
        log.error({ opId: op.opId, error: describeError(error) }, 'op refused by the database'),
    },
    httpHandled: (route, status, ms) => httpSeconds.observe({ route, status }, ms / 1000),
    databaseAvailable: (available) => {
      database.set(available ? 1 : 0);
      log[available ? 'info' : 'error']({ available }, 'database');
    },
    metrics: () => register.metrics(),
  };
}

/** Where it failed (ECONNECTION, EAUTH, EENVELOPE) and the SMTP code; the words of a mail server may name the address. */
function mailCodes(error: unknown): object {
  if (typeof error !== 'object' || error === null) return {};
  return {
    code: 'code' in error ? error.code : undefined,
    responseCode: 'responseCode' in error ? error.responseCode : undefined,
  };
}

/**
 * An error as it may be logged: its kind and where it was thrown. Database errors quote values in their messages
 * (a broken constraint names the row), so of those only the code is kept.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const isOurs =
    error.message.startsWith('Invariant broken') || error instanceof TypeError || error instanceof RangeError;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    kind: error.name,
    code,
    message: isOurs ? error.message.slice(0, 300) : undefined,
    at: frames.slice(0, 6),
  };
}
