/**
 * A laptop closed for longer than a day: the monotonic clock stood still, the wall clock did not. What was composed before
 * asks before it goes, however the device hears that it slept.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Oracle } from './oracle.ts';
import { Scheduler } from './scheduler.ts';
import { SimDevice } from './sim-device.ts';
import { idOf, WALL_START_MS } from './sim-furniture.ts';
import { SimNetwork } from './sim-network.ts';

const HOUR_MS = 3_600_000;
const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'curlew-sleep-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A device that composes offline, sleeps, and is online again. Returns the state of what it composed. */
async function sleepFor(sleepMs: number, isAnnounced: boolean): Promise<string> {
  const scheduler = new Scheduler(1);
  const [userId, peerId] = [idOf('sleeper'), idOf('peer')];
  const oracle = new Oracle(idOf('org'), [userId, peerId], () => WALL_START_MS + scheduler.nowMs);
  const network = new SimNetwork(scheduler, oracle);
  const deviceId = idOf(`laptop ${sleepMs} ${isAnnounced}`);
  const device = new SimDevice({ userId, deviceId, dir: join(dir, deviceId), scheduler, network });
  const runFor = async (durationMs: number): Promise<void> => {
    const untilMs = scheduler.nowMs + durationMs;
    while ((await scheduler.step(untilMs)) !== undefined);
  };
  network.setOnline(deviceId, false);
  device.start();
  await runFor(1_000);
  device.compose({
    opId: idOf('composed before'),
    v: 1,
    logId: idOf('conversation'),
    kind: 'conversation.create',
    orgId: oracle.orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId,
  });
  device.wallSkewMs += sleepMs;
  network.setOnline(deviceId, true);
  if (isAnnounced) device.running?.engine.dispatch({ type: 'resumed' });
  await runFor(120_000);
  const left = device.running?.stores.outbox.items().map(({ state }) => state);
  device.stop();
  return left?.join() ?? 'not running';
}

it.each([
  ['asks after 25 hours', 25 * HOUR_MS, true, 'PARKED'],
  ['asks after 25 hours that nobody announced', 25 * HOUR_MS, false, 'PARKED'],
  ['goes by itself after 23 hours', 23 * HOUR_MS, true, ''],
  ['goes by itself when the clock was put back', -25 * HOUR_MS, true, ''],
])('%s of sleep', async (_what, sleepMs, isAnnounced, state) => {
  expect(await sleepFor(sleepMs, isAnnounced)).toBe(state);
});
