/** Server benchmarks: send → acknowledged → delivered, and throughput, each beside its limit in the same run. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { must } from '@curlew/shared/lib/result.ts';
import { registerPeople } from '../../e2e/support/people.ts';
import { startServer } from '../../e2e/support/server-process.ts';
import { row, type BenchRow } from '../rows.ts';
import { cpuOf } from './cpu.ts';
import { curlewEndpoints, relayEndpoints } from './endpoints.ts';
import { fdatasyncMedianMs } from './fdatasync.ts';
import { closedLoop, openLoop, warmUp, type Endpoint } from './load.ts';

/** Size of a run: the full one is the budget's, the smoke one only shows that the bench works. */
export interface ServerBenchSize {
  readonly connections: number;
  readonly ratePerSecond: number;
  readonly sliceMs: number;
  readonly slices: number;
}

/** Messages to each side before anything counts; fewer leave the servers' code half compiled. */
const WARM_UP_MESSAGES = 20_000;

/** Runs relay and Curlew in alternating slices, so that a slow moment of the machine hits both. */
export async function benchServer(size: ServerBenchSize): Promise<BenchRow[]> {
  const server = await startServer();
  const relay = await startRelay();
  try {
    const names = Array.from({ length: size.connections }, (_, index) => `Person${index}`);
    const people = await registerPeople(server, names);
    const curlew = await curlewEndpoints(server.url, people);
    const bare = await relayEndpoints(relay.url, size.connections);
    const sides = { relay: newSide(), curlew: newSide() };
    const postgres = await server.postgresPid();
    const measure = async (side: Side, endpoints: readonly Endpoint[]): Promise<void> => {
      const before = [cpuOf(server.pid, postgres), cpuOf(relay.pid), cpuOf(process.pid)] as const;
      const { acknowledged, perSecond } = await closedLoop(endpoints, size.sliceMs);
      const after = [cpuOf(server.pid, postgres), cpuOf(relay.pid), cpuOf(process.pid)] as const;
      side.rates.push(perSecond);
      side.messages += acknowledged;
      side.server += after[0].own - before[0].own;
      side.postgres += after[0].children - before[0].children;
      side.relay += after[1].own - before[1].own;
      side.load += after[2].own - before[2].own;
    };
    await warmUp(curlew, WARM_UP_MESSAGES);
    await warmUp(bare, WARM_UP_MESSAGES);
    for (let slice = 0; slice < size.slices; slice += 1) {
      await measure(sides.relay, bare);
      await measure(sides.curlew, curlew);
    }
    // The rate it will be measured at, so that the batches of a busy moment are not what it starts from.
    await openLoop(curlew, size.ratePerSecond, size.sliceMs);
    const latency = await openLoop(curlew, size.ratePerSecond, size.sliceMs * size.slices);
    const syncMs = fdatasyncMedianMs(server.dataDir);
    closeAll([...curlew, ...bare]);
    const load = `${size.connections} connections`;
    return [
      row(
        {
          id: 'durable-throughput',
          what: `durable messages, ${load}, beside a bare relay of the same frames; CPU a message: ${costs(sides)}`,
          value: median(sides.curlew.rates),
          unit: 'msgs/s',
          limit: median(sides.relay.rates),
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

/** CPU in ms over all slices of one side. */
interface Side {
  readonly rates: number[];
  messages: number;
  server: number;
  postgres: number;
  relay: number;
  load: number;
}

function newSide(): Side {
  return { rates: [], messages: 0, server: 0, postgres: 0, relay: 0, load: 0 };
}

/** What a message costs each process; on a machine shared with others it says more than the rate. */
function costs({ relay, curlew }: { relay: Side; curlew: Side }): string {
  const each = (ms: number, { messages }: Side): string => `${Math.round((ms * 1000) / messages)} µs`;
  return (
    `server ${each(curlew.server, curlew)}, PostgreSQL ${each(curlew.postgres, curlew)}, ` +
    `load ${each(curlew.load, curlew)}; relay ${each(relay.relay, relay)}, load ${each(relay.load, relay)}`
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return must(sorted[Math.floor(sorted.length / 2)], 'at least one slice ran');
}

function closeAll(endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) endpoint.close();
}

async function startRelay(): Promise<{ url: string; pid: number; stop: () => void }> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/relay-server.ts`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const { url } = JSON.parse(line) as { url: string };
  return { url, pid: must(child.pid, 'it answered'), stop: () => child.kill('SIGTERM') };
}
