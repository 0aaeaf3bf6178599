/** Limits of several nodes on a real Redis: shared, and each node's own while it is away. */
import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { openRedis, type Redis } from '../infra/redis.ts';
import { freePort, hasRedis, startRedis } from '../testing/redis-process.ts';
import { createRateLimits } from './rate-limits.ts';

const nodes: Redis[] = [];
let server: ChildProcess | undefined;

afterEach(() => {
  for (const node of nodes.splice(0)) node.close();
  server?.kill('SIGKILL');
});

const startNode = (port: number) => {
  const told: boolean[] = [];
  const redis = openRedis(`redis://127.0.0.1:${port}`, (isAvailable) => told.push(isAvailable));
  nodes.push(redis);
  return { told, limit: createRateLimits(1, redis) };
};

test.skipIf(!hasRedis)(
  'a guesser gains nothing by asking another node; load is each node’s own',
  async () => {
    const port = await freePort();
    server = startRedis(port);
    const [a, b] = [startNode(port), startNode(port)];
    await vi.waitFor(() => expect([a.told.at(-1), b.told.at(-1)]).toEqual([true, true]), { timeout: 10_000 });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await a.limit('loginAccount', 'ada')).toBeUndefined();
      expect(await b.limit('loginAccount', 'ada')).toBeUndefined();
    }
    const waits = [await a.limit('loginAccount', 'ada'), await b.limit('loginAccount', 'ada')];
    for (const wait of waits) expect(wait).toBeGreaterThan(50_000);
    expect(await b.limit('loginAccount', 'bob')).toBeUndefined();
    expect(await a.limit('requestAccount', 'ada')).toBeUndefined();
    expect(await nodes[0]?.client.keys('*')).toEqual(
      expect.arrayContaining(['curlew:limit:loginAccount:ada']),
    );
    expect(await nodes[0]?.client.keys('*request*')).toEqual([]);
  },
);

test.skipIf(!hasRedis)(
  'while Redis is away limits hold in memory, at once, with one warning; then they are shared again',
  async () => {
    const port = await freePort();
    const { told, limit } = startNode(port);
    await vi.waitFor(() => expect(told).toEqual([false]), { timeout: 10_000 });
    const startedAt = performance.now();
    const waits = [];
    for (let attempt = 0; attempt < 12; attempt += 1) waits.push(await limit('loginAccount', 'ada'));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(waits.filter((wait) => wait !== undefined)).toHaveLength(2);
    expect(told).toEqual([false]);
    server = startRedis(port);
    await vi.waitFor(() => expect(told).toEqual([false, true]), { timeout: 15_000 });
    await limit('loginAccount', 'bob');
    expect(await nodes[0]?.client.keys('*')).toEqual(['curlew:limit:loginAccount:bob']);
    server?.kill('SIGKILL');
    await vi.waitFor(() => expect(told).toEqual([false, true, false]), { timeout: 10_000 });
    expect(await limit('loginAccount', 'cora')).toBeUndefined();
  },
);
