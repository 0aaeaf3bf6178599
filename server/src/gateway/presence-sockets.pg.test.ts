/**
 * Many sockets, one presence: whatever the connections of a person go through, others see one online and one offline.
 * Once with short times, and once with the times of a real server, where a computer that vanishes counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket as NetSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from '../testing/http-client.ts';
import { founder, invite, member, secondDevice, type Person } from '../testing/people.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** The longest somebody may be shown online after their computer vanished. */
const STALE_MS = 45_000;

interface Scene {
  readonly server: TestServer;
  readonly person: Person;
  readonly watcher: TestSocket;
}

async function openScene(server: TestServer): Promise<Scene> {
  const ada = await founder(server);
  const person = await member(server, await invite(server, ada, ada.orgId), 'Bob');
  const watcher = await connectAndHello(server.url, ada);
  watcher.raw.emit('presence:watch', { userIds: [person.userId] });
  expect((await watcher.next('presence:snapshot')).users).toMatchObject([{ state: 'offline' }]);
  watcher.frames.length = 0;
  return { server, person, watcher };
}

/** The connection under a socket, for what no protocol announces. */
function wireOf(socket: TestSocket): NetSocket {
  const { transport } = socket.raw.io.engine as unknown as {
    transport: { ws: { _socket?: NetSocket } };
  };
  const wire = transport.ws._socket;
  if (!wire) throw new Error('the client keeps its connection elsewhere now');
  return wire;
}

/** The process died: its connections end without a word of the protocol. */
const crash = (socket: TestSocket): void => void wireOf(socket).destroy();
/** The computer is gone: the connection stays, and nobody answers on it. */
const vanish = (socket: TestSocket): void => void wireOf(socket).pause();

const seen = (watcher: TestSocket): readonly string[] =>
  watcher.frames.map(({ name }) => name).filter((name) => name !== 'user:changed');

/** Two devices; three reconnects, a crash, a renewed sign-in, then both vanish. @returns when the last one did */
async function liveThrough({ server, person, watcher }: Scene, pauseMs: number): Promise<number> {
  const laptop = await secondDevice(server, person);
  let desk = await connectAndHello(server.url, person);
  await watcher.next('user:online');
  let lap = await connectAndHello(server.url, laptop);
  for (let reconnect = 0; reconnect < 3; reconnect += 1) {
    desk.close();
    if (reconnect === 1) lap.close();
    await sleep(pauseMs);
    desk = await connectAndHello(server.url, person);
    if (reconnect === 1) lap = await connectAndHello(server.url, laptop);
  }
  crash(desk);
  crash(lap);
  await sleep(pauseMs);
  desk = await connectAndHello(server.url, person);
  lap = await connectAndHello(server.url, laptop);
  const { accessToken: token } = await call(server.url, 'token', {
    body: { refreshToken: person.refreshToken },
  });
  await desk.ask('auth:refresh', { token });
  await sleep(pauseMs);
  expect(seen(watcher)).toEqual(['user:online']);
  lap.close();
  vanish(desk);
  return performance.now();
}

describe('with short times', () => {
  const times = { pingMs: 400, offlineGraceMs: 1_500 };
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({}, times);
  });
  afterAll(() => server.stop());

  test('a stop does not wait for who vanished', async () => {
    const own = await startTestServer();
    const ada = await founder(own);
    vanish(await connectAndHello(own.url, ada));
    const startedAt = performance.now();
    await own.stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('one online and one offline', async () => {
    const scene = await openScene(server);
    const vanishedAt = await liveThrough(scene, 200);
    expect(await scene.watcher.next('user:offline')).toMatchObject({
      userId: scene.person.userId,
      state: 'offline',
    });
    const goneMs = performance.now() - vanishedAt;
    expect(goneMs).toBeGreaterThan(times.offlineGraceMs);
    await sleep(2 * times.offlineGraceMs);
    expect(seen(scene.watcher)).toEqual(['user:online', 'user:offline']);
    scene.watcher.close();
  });
});

describe('with the times of a real server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test('one online, and one offline within 45 s of vanishing', { timeout: 90_000 }, async () => {
    const scene = await openScene(server);
    const vanishedAt = await liveThrough(scene, 1_000);
    while (scene.watcher.count('user:offline') === 0 && performance.now() - vanishedAt < STALE_MS)
      await sleep(200);
    expect(seen(scene.watcher)).toEqual(['user:online', 'user:offline']);
    scene.watcher.close();
  });
});
