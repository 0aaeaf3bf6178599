/**
 * One embedded postmaster for tests. A vitest global set-up starts it once and names it in the environment; a test
 * file run without it starts one of its own. Data lives in a temporary folder and is removed at the end.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres, type DatabaseAddress } from '../embedded-postgres.ts';

/** Names the address of the shared postmaster, as JSON. */
export const TEST_POSTGRES_VARIABLE = 'CURLEW_TEST_POSTGRES';

/** A postmaster for tests. */
export interface TestPostgres {
  readonly address: DatabaseAddress;
  readonly stop: () => Promise<void>;
}

let own: Promise<TestPostgres> | undefined;

/** The postmaster to test on: the shared one, or one that lives as long as this process. */
export async function testPostgresAddress(): Promise<DatabaseAddress> {
  const shared = process.env[TEST_POSTGRES_VARIABLE];
  if (shared) return JSON.parse(shared) as DatabaseAddress;
  own ??= startTestPostgres();
  return (await own).address;
}

/** Starts a postmaster in a new temporary folder; it dies with this process at the latest. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'curlew-test-'));
  chmodSync(dataDir, 0o755); // as root the postmaster runs as another user, who has to enter it
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { max_connections: '200', shared_buffers: '64MB' },
  });
  const atExit = (): void => {
    const pid = postgres.pid();
    if (pid) process.kill(pid, 'SIGQUIT');
    // An exit handler cannot wait for events, and the folder is in use until the postmaster is gone.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', atExit);
  return {
    address: postgres.address,
    stop: async () => {
      process.off('exit', atExit);
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
