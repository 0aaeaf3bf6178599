/** Server benchmarks: send → acknowledged → delivered, and throughput, each beside its limit in the same run. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { must } from '@curlew/shared/lib/result.ts';
import { registerPeople } from '../../e2e/support/people.ts';
import { startServer } from '../../e2e/support/server-process.ts';
import { row, type BenchRow } from '../rows.ts';
import { curlewEndpoints, relayEndpoints } from './endpoints.ts';
import { fdatasyncMedianMs } from './fdatasync.ts';
import { closedLoop, openLoop, type Endpoint } from './load.ts';

/** Size of a run: the full one is the budget's, the smoke one only shows that the bench works. */
export interface ServerBenchSize {
  readonly connections: number;
  readonly ratePerSecond: number;
  readonly sliceMs: number;
  readonly slices: number;
}

/** Runs relay and Curlew in alternating slices, so that a slow moment of the machine hits both. */
export async function benchServer(size: ServerBenchSize): Promise<BenchRow[]> {
  const server = await startServer();
  const relay = await startRelay();
  try {
    const names = Array.from({ length: size.connections }, (_, index) => `Person${index}`);
    const people = await registerPeople(server, names);
    const curlew = await curlewEndpoints(server.url, people);
    const bare = await relayEndpoints(relay.url, size.connections);
    const rates: { curlew: number[]; relay: number[] } = { curlew: [], relay: [] };
    await closedLoop(curlew, size.sliceMs / 2);
    await closedLoop(bare, size.sliceMs / 2);
    for (let slice = 0; slice < size.slices; slice += 1) {
      rates.relay.push(await closedLoop(bare, size.sliceMs));
      rates.curlew.push(await closedLoop(curlew, size.sliceMs));
    }
    const latency = await openLoop(curlew, size.ratePerSecond, size.sliceMs * size.slices);
    const syncMs = fdatasyncMedianMs(server.dataDir);
    closeAll([...curlew, ...bare]);
    const load = `${size.connections} connections`;
    return [
      row(
        {
          id: 'durable-throughput',
          what: `durable messages, ${load}, beside a bare relay`,
          value: median(rates.curlew),
          unit: 'msgs/s',
          limit: median(rates.relay),
          budget: '≥ 0.45 × relay',
        },
        (_, ratio) => ratio >= 0.45,
      ),
      row(
        {
          id: 'deliver-p99:ack-p50',
          what: `send → acknowledged, ${size.ratePerSecond}/s, ${load}, beside one fdatasync`,
          value: latency.ackP50,
          unit: 'ms',
          limit: syncMs,
          budget: 'p50 ≤ 6 × fdatasync',
        },
        (_, ratio) => ratio <= 6,
      ),
      row(
        {
          id: 'deliver-p99',
          what: `send → delivered p99, beside its own p50 (${latency.delivered} of ${latency.sent} delivered)`,
          value: latency.deliverP99,
          unit: 'ms',
          limit: latency.deliverP50,
          budget: 'p99 ≤ 8 × p50, all delivered',
        },
        (_, ratio) => ratio <= 8 && latency.delivered === latency.sent,
      ),
    ];
  } finally {
    relay.stop();
    await server.dispose();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return must(sorted[Math.floor(sorted.length / 2)], 'at least one slice ran');
}

function closeAll(endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) endpoint.close();
}

async function startRelay(): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/relay-server.ts`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const { url } = JSON.parse(line) as { url: string };
  return { url, stop: () => child.kill('SIGTERM') };
}
