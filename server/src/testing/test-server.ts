/**
 * A whole server for tests, in this process: real HTTP and sockets on a free port, a real database of its own. Only its
 * rate limits are lifted, unless a test is about them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import type { GatewayTimes } from '../gateway/gateway.ts';
import { readConfig, type Config } from '../config.ts';
import { openTestDatabase, type TestDatabase } from '../infra/testing/test-database.ts';
import { createObserver } from '../observe.ts';
import { startServer } from '../server.ts';

/** A running test server. */
export interface TestServer {
  readonly url: string;
  /** Entered by whoever founds the organisation. */
  readonly setupCode: string;
  readonly database: TestDatabase;
  /** How far the server's clock is ahead of this process'. */
  readonly clock: { aheadMs: number };
  readonly reloadCertificate: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** Starts a server on a database without rows. */
export async function startTestServer(
  overrides: Partial<Config> = {},
  gatewayTimes?: GatewayTimes,
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'curlew-server-'));
  const database = await openTestDatabase();
  const config: Config = {
    ...readConfig(['--port', '0', '--data-dir', dataDir], {}),
    rateLimitFactor: 1_000_000,
    logLevel: process.env['CURLEW_LOG_LEVEL'] ?? 'silent',
    ...overrides,
  };
  const clock = { aheadMs: 0 };
  const server = await startServer(config, createObserver(config.logLevel), {
    now: () => Date.now() + clock.aheadMs,
    gatewayTimes,
    open: () =>
      Promise.resolve({
        database,
        isReady: () => database.readPool.query('SELECT 1').then(() => true),
        close: () => database.close(),
      }),
  });
  return {
    url: server.url,
    setupCode: must(server.setupCode, 'a database without rows has no organisation'),
    database,
    clock,
    reloadCertificate: server.reloadCertificate,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
