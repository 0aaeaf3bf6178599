/**
 * The test layers, one vitest project each, told apart by file suffix (see docs/testing.md). `npx vitest run <path>`
 * runs one file with all its layer needs.
 */
import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/out/**', '**/dist/**'];
const postgres = './server/src/infra/testing/global-setup.ts';
const session = './e2e/support/desktop-session.ts';

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Two cores are what continuous integration has; more workers only make time-outs likelier there.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...ignored, '**/*.{db,pg,redis,sim,kill}.test.ts'],
          // Generated cases take their time on a machine that is busy with other suites.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['**/*.db.test.ts'],
          exclude: ignored,
          pool: 'forks',
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: ['**/*.pg.test.ts'],
          exclude: ignored,
          pool: 'forks',
          globalSetup: [postgres],
          // A third of the time goes into waiting for PostgreSQL and for presence to run out.
          maxWorkers: 3,
          // Asked for by vitest where projects with different numbers of workers run together.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'redis',
          include: ['**/*.redis.test.ts'],
          exclude: ignored,
          pool: 'forks',
          globalSetup: [postgres],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'dom',
          include: ['**/*.dom.test.tsx'],
          exclude: ignored,
          environment: 'jsdom',
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'sim',
          include: ['**/*.sim.test.ts'],
          exclude: ignored,
          pool: 'forks',
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kill',
          include: ['**/*.kill.test.ts'],
          exclude: ignored,
          pool: 'forks',
          fileParallelism: false,
          globalSetup: [session],
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          exclude: ignored,
          pool: 'forks',
          // Windows compete for focus, and focus decides what counts as read.
          fileParallelism: false,
          globalSetup: [session],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
