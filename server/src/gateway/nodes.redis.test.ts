/**
 * Two nodes: real server processes on one PostgreSQL and one Redis. Whoever is connected to one of them sees and is told
 * what happens on the other, also when that one is killed and while Redis is away.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { openTestDatabase, type TestDatabase } from '../infra/testing/test-database.ts';
import { call, refusal } from '../testing/http-client.ts';
import {
  accountOp,
  invite,
  member,
  GOOD_PASSWORD,
  pair,
  secondDevice,
  sendOp,
  type Person,
  type ServerAddress,
} from '../testing/people.ts';
import { freePort, hasRedis, startRedis } from '../testing/redis-process.ts';
import { writeReport } from '../testing/report.ts';
import { startProcess, type ServerProcess } from '../testing/server-process.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';

/** The longest somebody may be shown online after their node was killed. */
const STALE_MS = 45_000;
/** The longest a sign-in may be good elsewhere after it ended here. */
const REVOKED_MS = 2_000;

let folder: string;
let database: TestDatabase;
let redis: ChildProcess;
let redisPort: number;
let nodes: readonly [ServerProcess, ServerProcess];
let urls: readonly [string, string];
let ada: Person & { readonly orgId: string };
let bob: Person;
let conversationId: string;
const figures: Record<string, number> = {};
const open: TestSocket[] = [];

async function startNode(name: string): Promise<readonly [ServerProcess, ServerAddress]> {
  const { host, port, user, password, database: base } = database.address;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const env = {
    DATABASE_URL: `postgresql://${login}@localhost:${port}/${base}?host=${encodeURIComponent(host)}`,
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    CURLEW_JWT_SECRET: 'the secret that both of the nodes share',
    CURLEW_RATE_LIMIT_FACTOR: '2',
  };
  const node = startProcess(['--port', '0', '--data-dir', join(folder, name)], env);
  const { url = '' } = await node.fact('listening');
  return [node, { url, setupCode: '' }];
}
const connect = async (url: string, session: Parameters<typeof connectAndHello>[1]): Promise<TestSocket> => {
  const socket = await connectAndHello(url, session);
  open.push(socket);
  return socket;
};

beforeAll(async () => {
  if (!hasRedis) return;
  folder = mkdtempSync(join(tmpdir(), 'curlew-nodes-'));
  database = await openTestDatabase();
  redisPort = await freePort();
  redis = startRedis(redisPort);
  const [a, { url: urlA }] = await startNode('a');
  const { setupCode = '' } = await a.fact('setup');
  const [b, { url: urlB }] = await startNode('b');
  nodes = [a, b];
  urls = [urlA, urlB];
  ({ ada, bob, conversationId } = await pair({ url: urlA, setupCode }));
}, 60_000);
afterAll(async () => {
  if (!hasRedis) return;
  for (const socket of open) socket.close();
  for (const node of nodes) node.child.kill('SIGKILL');
  await Promise.all(nodes.map((node) => node.exited));
  redis.kill('SIGKILL');
  await database.close();
  rmSync(folder, { recursive: true, force: true });
  writeReport('two-nodes', figures, 0);
});

test.skipIf(!hasRedis)('what is said, read and typed on one node is told on the other, once', async () => {
  const [onA, onB] = [await connect(urls[0], ada), await connect(urls[1], bob)];
  const op = sendOp(conversationId, 'across');
  const sentAt = performance.now();
  const [result] = await onA.submit(conversationId, op);
  const told = await onB.next('message:new', (it) => it.opId === op.opId);
  figures['messageMs'] = Math.round(performance.now() - sentAt);
  expect(told.seq).toBe(must(result?.seq, 'it was sent'));
  const read = { opId: crypto.randomUUID(), v: 1, kind: 'read.set', logId: conversationId, seq: told.seq };
  await onB.submit(conversationId, read);
  await onA.next(
    'receipt:updated',
    (it) => 'userId' in it && it.userId === bob.userId && it.readSeq === told.seq,
  );
  onB.raw.emit('typing:start', { conversationId });
  await onA.next('typing:start', (it) => it.userId === bob.userId);
  onB.raw.emit('typing:stop', { conversationId });
  await onA.next('typing:stop', (it) => it.userId === bob.userId);
  expect(onA.count('typing:start')).toBe(1);
  expect(onB.frames.filter(({ name }) => name === 'message:new')).toHaveLength(1);
  expect(onA.count('message:new')).toBe(0);
  onA.close();
  onB.close();
});

test.skipIf(!hasRedis)(
  'one presence over both nodes: away stays away, and a device here and one there are one person',
  async () => {
    const watcher = await connect(urls[1], ada);
    watcher.raw.emit('presence:watch', { userIds: [bob.userId] });
    await watcher.next('presence:snapshot');
    // Those who were there a moment ago leave first.
    await vi.waitFor(
      async () => {
        watcher.frames.length = 0;
        watcher.raw.emit('presence:watch', { userIds: [bob.userId] });
        expect((await watcher.next('presence:snapshot')).users).toMatchObject([{ state: 'offline' }]);
      },
      { timeout: 15_000, interval: 500 },
    );
    watcher.frames.length = 0;
    const desk = await connect(urls[0], bob);
    await watcher.next('user:online', (it) => it.state === 'online');
    await desk.submit(bob.userId, accountOp(bob, `status:${bob.userId}`, { state: 'away', untilMs: null }));
    await watcher.next('presence:changed', (it) => it.state === 'away');
    const lap = await connect(urls[1], await secondDevice({ url: urls[1], setupCode: '' }, bob));
    desk.close();
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(watcher.count('user:offline')).toBe(0);
    const other = await connect(urls[0], await secondDevice({ url: urls[0], setupCode: '' }, ada));
    other.raw.emit('presence:watch', { userIds: [bob.userId] });
    expect((await other.next('presence:snapshot')).users).toMatchObject([{ state: 'away' }]);
    lap.close();
    await watcher.next('user:offline');
    await other.next('user:offline');
    expect(watcher.frames.map(({ name }) => name).filter((name) => name.startsWith('user:o'))).toEqual([
      'user:online',
      'user:offline',
    ]);
    watcher.close();
    other.close();
  },
  60_000,
);

test.skipIf(!hasRedis)('a sign-in that ends on one node ends its sockets on the other', async () => {
  const home = { url: urls[0], setupCode: '' };
  const cleo = await member(home, await invite(home, ada, ada.orgId), 'Cleo');
  const owner = await connect(urls[0], ada);
  const value = { role: 'member', deactivated: true };
  const key = `role:${cleo.userId}`;
  const deactivation = { opId: crypto.randomUUID(), v: 1, kind: 'org.set', logId: ada.orgId, key, value };
  const [lost, left] = [await secondDevice(home, bob), await secondDevice(home, bob)];
  const endings = [
    ['signedOut', left, () => call(urls[0], 'logout', { body: { refreshToken: left.refreshToken } })],
    [
      'revokedDevice',
      lost,
      () =>
        call(urls[0], 'revokeDevice', { token: bob.accessToken, params: { id: lost.deviceId }, body: {} }),
    ],
    ['deactivated', cleo, () => owner.submit(ada.orgId, deactivation)],
  ] as const;
  for (const [name, session, end] of endings) {
    const socket = await connect(urls[1], session);
    await end();
    const endedAt = performance.now();
    const { code } = await socket.next('connection:error');
    figures[`${name}Ms`] = Math.round(performance.now() - endedAt);
    expect([name, code]).toEqual([name, 'AUTH_REVOKED']);
    expect(figures[`${name}Ms`]).toBeLessThan(REVOKED_MS);
    const { code: httpCode } = await refusal(urls[1], 'me', { token: session.accessToken });
    expect(httpCode).toBe('AUTH_REVOKED');
  }
  owner.close();
});

test.skipIf(!hasRedis)(
  'a device that says hello on one node is the only one: its older socket ends',
  async () => {
    const before = await connect(urls[0], bob);
    const after = await connect(urls[1], bob);
    expect(await before.next('connection:error')).toMatchObject({ code: 'FENCED' });
    expect(after.raw.connected).toBe(true);
    after.close();
  },
);

test.skipIf(!hasRedis)('guesses are counted together', async () => {
  const guess = (url: string) =>
    refusal(url, 'login', {
      body: { email: bob.email, password: 'a wrong guess', deviceId: crypto.randomUUID(), deviceName: 'x' },
    });
  const codes: string[] = [];
  for (let n = 0; n < 30 && codes.at(-1) !== 'RATE_LIMITED'; n += 1)
    codes.push((await guess(urls[n % 2] ?? '')).code);
  expect(codes.at(-1)).toBe('RATE_LIMITED');
  expect(codes.length).toBeLessThanOrEqual(21);
  expect((await guess(urls[0])).code).toBe('RATE_LIMITED');
  expect((await guess(urls[1])).code).toBe('RATE_LIMITED');
});

test.skipIf(!hasRedis)(
  'while Redis is away each node goes on alone; afterwards they hear each other again',
  async () => {
    const [onA, onB] = [await connect(urls[0], ada), await connect(urls[1], bob)];
    redis.kill('SIGKILL');
    await new Promise((resolve) => redis.once('close', resolve));
    const missed = sendOp(conversationId, 'missed');
    expect(await onA.submit(conversationId, missed)).toMatchObject([{ ok: true }]);
    // The push is a hint; what it would have said is there for who asks.
    const { logs } = await onB.ask('sync:heads', {});
    const head = must(
      logs.find(({ id }) => id === conversationId),
      'they talk',
    );
    const { events } = await call(urls[1], 'pull', {
      token: bob.accessToken,
      params: { id: conversationId },
      query: { after: head.head - 1, limit: 5 },
    });
    expect(events.map(({ opId }) => opId)).toContain(missed.opId);
    redis = startRedis(redisPort);
    await vi.waitFor(
      async () => {
        const op = sendOp(conversationId, 'heard again');
        await onA.submit(conversationId, op);
        await vi.waitFor(
          () =>
            expect(onB.frames.some(({ payload }) => (payload as { opId?: string }).opId === op.opId)).toBe(
              true,
            ),
          { timeout: 500 },
        );
      },
      { timeout: 20_000, interval: 200 },
    );
    onA.close();
    onB.close();
  },
  60_000,
);

test.skipIf(!hasRedis)(
  `people of a node that is killed are offline within ${STALE_MS / 1_000} s, and online when they are back`,
  async () => {
    const watcher = await connect(urls[1], ada);
    const session = await call(urls[0], 'login', {
      body: { email: bob.email, password: GOOD_PASSWORD, deviceId: bob.deviceId, deviceName: 'x' },
    }).catch(() => bob);
    await connect(urls[0], session);
    watcher.raw.emit('presence:watch', { userIds: [bob.userId] });
    await vi.waitFor(async () => {
      watcher.frames.length = 0;
      watcher.raw.emit('presence:watch', { userIds: [bob.userId] });
      expect((await watcher.next('presence:snapshot')).users[0]?.state).not.toBe('offline');
    });
    watcher.frames.length = 0;
    nodes[0].child.kill('SIGKILL');
    const killedAt = performance.now();
    await vi.waitFor(() => expect(watcher.count('user:offline')).toBe(1), {
      timeout: STALE_MS,
      interval: 100,
    });
    figures['offlineAfterCrashMs'] = Math.round(performance.now() - killedAt);
    expect(figures['offlineAfterCrashMs']).toBeLessThan(STALE_MS);
    await connect(urls[1], session);
    await watcher.next('user:online');
  },
  90_000,
);
