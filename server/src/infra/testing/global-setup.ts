/** Vitest global set-up: one postmaster for all test files of a run, started before the workers fork. */
import { startTestPostgres, TEST_POSTGRES_VARIABLE } from './test-postgres.ts';

/** Starts the shared postmaster; what it returns stops it. */
export async function setup(): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  process.env[TEST_POSTGRES_VARIABLE] = JSON.stringify(postgres.address);
  return () => postgres.stop();
}
