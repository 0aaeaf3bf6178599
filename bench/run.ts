/**
 * `npm run bench`: every benchmark, one after another, on an otherwise idle machine. `--smoke` runs small sizes that only
 * show that the bench works. Writes reports/bench.json and a table; exits 0 also when a budget is missed, since
 * absolute figures are goals on a laptop, not gates on a shared machine.
 */
import { join } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import { benchCatchUp } from './client/catch-up.ts';
import { benchSearch } from './client/search.ts';
import { benchClient } from './client/bench-client.ts';
import { report, rowIds, type BenchRow } from './rows.ts';
import { benchCrowd } from './server/bench-crowd.ts';
import { benchServer } from './server/bench-server.ts';

const isSmoke = process.argv.includes('--smoke');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
const seed = Number(process.env['CURLEW_SEED'] ?? 20_261_121);

const parts: Record<string, () => Promise<BenchRow[]>> = {
  server: () =>
    benchServer(
      isSmoke
        ? { connections: 100, ratePerSecond: 500, sliceMs: 1_000, slices: 2 }
        : { connections: 1_000, ratePerSecond: 2_000, sliceMs: 4_000, slices: 5 },
    ),
  crowd: () => benchCrowd(isSmoke ? 120 : 1_000),
  'catch-up': async () => benchCatchUp(isSmoke ? 10 : 100, 1_000, seed),
  search: async () => benchSearch(isSmoke ? 50_000 : 1_000_000, seed),
  client: () =>
    benchClient({
      packagedApp: must(process.env['CURLEW_PACKAGED_APP'], 'scripts/bench.mjs names the packaged app'),
      electron: join(
        must(process.env['ELECTRON_OVERRIDE_DIST_PATH'], 'scripts/bench.mjs names Electron'),
        'electron',
      ),
      small: 10_000,
      large: isSmoke ? 50_000 : 1_000_000,
      seed,
    }),
};

const rows: BenchRow[] = [];
for (const [name, run] of Object.entries(parts)) {
  if (only !== undefined && only !== name) continue;
  console.log(`── ${name}`);
  rows.push(...(await run()));
}
const measured = new Set(rows.map((row) => row.id.split(':')[0]));
const notRun = rowIds
  .filter((id) => !measured.has(id))
  .map((id) => ({ id, reason: only ? `--only=${only}` : 'belongs to a later milestone' }));
const missed = report(rows, notRun, seed);
console.log(`${rows.length} figures, ${missed} budgets missed, seed ${seed}`);
