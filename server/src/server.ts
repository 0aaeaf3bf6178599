/**
 * The composition root: builds every part of a server once, in order, and takes it down in reverse. Nothing else
 * constructs a service, so what depends on what is read here.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { createGateway, type GatewayTimes } from './gateway/gateway.ts';
import { createApp } from './http/app.ts';
import { createRouteHandlers } from './http/handlers.ts';
import type { Observer } from './observe.ts';
import { createPinnedPost } from './infra/pinned-post.ts';
import { openNodeLink } from './infra/node-link.ts';
import { openRedis } from './infra/redis.ts';
import { createTlsServer } from './infra/tls-certificate.ts';
import { openStorage } from './storage.ts';
import { findOrgAccess, type OrgAccess } from './repositories/access-repository.ts';
import { createMailer } from './infra/mailer.ts';
import { createAuditRepository } from './repositories/audit-repository.ts';
import { createBotRepository } from './repositories/bot-repository.ts';
import { createDeviceRepository } from './repositories/device-repository.ts';
import { createIdentityRepository } from './repositories/identity-repository.ts';
import { createOrgRepository } from './repositories/org-repository.ts';
import { createPresenceRepository } from './repositories/presence-repository.ts';
import { createStoredAnswerRepository } from './repositories/stored-answer-repository.ts';
import { createWebhookRepository } from './repositories/webhook-repository.ts';
import { createAccessTokens, secretLoader } from './services/access-tokens.ts';
import { callerTokens, createApiTokens } from './services/api-tokens.ts';
import { createAuth } from './services/auth.ts';
import { createBots } from './services/bots.ts';
import type { Now } from './services/clock.ts';
import { createDevices } from './services/devices.ts';
import { createInvites } from './services/invites.ts';
import { createLogServices } from './services/log-services.ts';
import { createOrganizations } from './services/organizations.ts';
import { createPeople } from './services/people.ts';
import { createRateLimits } from './services/rate-limits.ts';
import { watchRevocations } from './services/revocations.ts';
import { startUpkeep } from './services/upkeep.ts';
import { createStoredAnswers } from './services/stored-answers.ts';
import { startWebhooks } from './services/webhook-sender.ts';
import { createWebhooks } from './services/webhooks.ts';
import { createSetupCode } from './services/setup-code.ts';

/** How long a stop waits for requests under way. */
const REQUEST_PATIENCE_MS = 3_000;

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** What the first owner types in; undefined once there is an organisation. */
  readonly setupCode: string | undefined;
  /** Finishes what is under way, tells the clients, and stops everything down to the database. */
  readonly stop: () => Promise<void>;
  /** Reads the certificate's files again; answers whether they are good. True without TLS. */
  readonly reloadCertificate: () => Promise<boolean>;
}

/** What tests bring of their own: the database, a clock that can be moved, and shorter times. */
export interface ServerPorts {
  readonly open?: typeof openStorage;
  readonly now?: Now;
  readonly gatewayTimes?: GatewayTimes | undefined;
}

/** Version of the server package. */
export function serverVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Starts a server: database, migrations, services, listener.
 * @throws Error with a sentence when something needed is not there
 */
export async function startServer(
  config: Config,
  observer: Observer,
  { open = openStorage, now = Date.now, gatewayTimes }: ServerPorts = {},
): Promise<RunningServer> {
  const storage = await open(config, observer);
  try {
    const { prisma } = storage.database;
    const identities = createIdentityRepository(prisma);
    const orgs = createOrgRepository(prisma);
    const storedAnswers = createStoredAnswerRepository(prisma);
    const logs = createLogServices(storage.database, observer.appends);
    const setupCode = createSetupCode();
    const needsSetup = async (): Promise<boolean> => !(await orgs.anyOrg());
    const tokens = createAccessTokens(secretLoader(config.jwtSecret, config.dataDir), now);
    const mailer = config.mail && createMailer(config.mail);
    const invites = createInvites({ orgs, logs, mailer, now, onMailFailure: observer.mailRefused });
    const auth = createAuth({ identities, orgs, invites, logs, tokens, setupCode, now });
    const findOrg = (orgId: string): Promise<OrgAccess | undefined> =>
      findOrgAccess(storage.database.readPool, orgId);
    const people = createPeople({ identities, orgs, invites, logs, findOrg });
    const audits = createAuditRepository(storage.database.readPool);
    const { orgCreation } = config;
    const organizations = createOrganizations({ identities, orgs, audits, logs, findOrg, orgCreation });
    const botRepository = createBotRepository(prisma);
    const bots = createBots({ repository: botRepository, orgs, logs, findOrg, now });
    const apiTokens = createApiTokens(botRepository, now, (error) => observer.failed('api tokens', error));
    const webhookRepository = createWebhookRepository(prisma);
    const client = createPinnedPost(config.webhookAllow);
    const webhookSender = startWebhooks(webhookRepository, client, now, (error) =>
      observer.failed('webhooks', error),
    );
    const webhooks = createWebhooks({
      repository: webhookRepository,
      client,
      bots,
      orgs,
      logs,
      now,
      onEnabled: () => void webhookSender.look(),
    });
    const callers = callerTokens(tokens, apiTokens);
    const devices = createDevices(createDeviceRepository(prisma), now);
    const redis =
      config.redisUrl === undefined ? undefined : openRedis(config.redisUrl, observer.redisAvailable);
    const rateLimits = createRateLimits(config.rateLimitFactor, redis);
    const revocations = await watchRevocations({ identities, bots: botRepository }, now, (error) =>
      observer.failed('revocations', error),
    );

    const tls = config.tls && (await createTlsServer(config.tls, observer.certificateRead));
    const http = tls?.server ?? createServer();
    const connections = new Set<Socket>();
    http.on('connection', (connection) => {
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
    });
    let draining = false;
    const gateway = createGateway({
      http,
      logs,
      devices,
      tokens: callers,
      revocations,
      presenceRepository: createPresenceRepository(prisma, storage.database.readPool),
      rateLimits,
      clientPolicy: config.client,
      now,
      observe: observer.gateway,
      onFanOut: webhookSender.committed,
      times: gatewayTimes,
      nodeLink: redis && openNodeLink(redis, nodeChannel(config)),
    });
    const version = serverVersion();
    const { publicUrl, serverName } = config;
    const app = createApp({
      handlers: createRouteHandlers({
        auth,
        devices,
        people,
        organizations,
        bots,
        apiTokens,
        webhooks,
        logs,
        revocations,
        rateLimits,
        needsSetup,
        publicUrl,
        serverName,
        clientPolicy: config.client,
        version,
      }),
      storedAnswers: createStoredAnswers(storedAnswers, now),
      tokens: callers,
      revocations,
      rateLimits,
      sendFanOut: gateway.sendFanOut,
      sendHint: gateway.sendHint,
      isDraining: () => draining,
      publicUrl,
      trustProxy: config.trustProxy,
      metricsToken: config.metricsToken,
      version,
      isReady: storage.isReady,
      metrics: observer.metrics,
      onHandled: observer.httpHandled,
      onCrash: observer.crashed,
    });
    logs.startRepairs({
      send: gateway.sendFanOut,
      onFailure: (error) => observer.failed('repairs', error),
    });
    const upkeep = startUpkeep({ identities, storedAnswers, webhooks: webhookRepository }, now, (error) =>
      observer.failed('upkeep', error),
    );
    http.on('request', app);
    const needsSetUpNow = await needsSetup();
    const url = await listen(http, config);

    const reloadCertificate = async (): Promise<boolean> => (await tls?.reload()) ?? true;

    const stop = async (): Promise<void> => {
      draining = true;
      gateway.drain();
      // Commits under way finish and are acknowledged before anybody is disconnected.
      await logs.drain();
      // A client that neither reads nor ends its request, or that vanished, must not hold up the stop.
      const impatient = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, REQUEST_PATIENCE_MS);
      await gateway.close();
      clearTimeout(impatient);
      tls?.stop();
      revocations.stop();
      redis?.close();
      upkeep.stop();
      await webhookSender.stop();
      await storage.close();
    };
    return { url, setupCode: needsSetUpNow ? setupCode.text : undefined, stop, reloadCertificate };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** The same for all nodes of a server: they share the secret, which is not told by it. */
function nodeChannel({ jwtSecret }: Config): string {
  return `curlew:nodes:${createHash('sha256')
    .update(`nodes ${jwtSecret ?? ''}`)
    .digest('hex')
    .slice(0, 32)}`;
}

function listen(http: HttpServer, { port, host, tls }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Choose another one with --port.`
          : error.message;
      reject(new Error(why, { cause: error }));
    });
    http.listen(port, host, () => {
      const address = http.address() as AddressInfo;
      const name =
        host === '0.0.0.0' || host === '::' ? 'localhost' : address.family === 'IPv6' ? `[${host}]` : host;
      resolve(`${tls ? 'https' : 'http'}://${name}:${address.port}`);
    });
  });
}
