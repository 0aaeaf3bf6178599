/**
 * Messages that end, and messages the server sends later: seeds of their own, and the cases a person would tell. Clocks and
 * rounds are the simulation's; the oracle deletes, trims and sends as the server does.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Oracle } from './oracle.ts';
import { DAY_MS } from './oracle-clock.ts';
import { Scheduler } from './scheduler.ts';
import { SimDevice } from './sim-device.ts';
import { idOf, submitterOf, WALL_START_MS } from './sim-furniture.ts';
import { checkScheduled } from './sim-lifetime-checks.ts';
import { SimNetwork } from './sim-network.ts';
import { entriesOf, floorOf } from './sim-queries.ts';
import { simulate } from './sim-world.ts';

const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'curlew-lifetime-'));
const HOUR_MS = 3_600_000;

afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i: what is over is gone, what is due is sent once', async (seed) => {
  const seedDir = join(dir, String(seed));
  const result = await simulate({ seed, dir: seedDir, actions: 50, mix: 'lifetime' });
  expect(result.committed).toBeGreaterThan(0);
});

/** A group of two people, and a device of the second one. */
function openWorld(name: string) {
  const scheduler = new Scheduler(1);
  const time = { passedMs: 0 };
  const [owner, guest] = [idOf('owner'), idOf('guest')];
  const now = (): number => WALL_START_MS + scheduler.nowMs + time.passedMs;
  const oracle = new Oracle(idOf('org'), [owner, guest], now);
  const network = new SimNetwork(scheduler, oracle);
  const deviceId = idOf(`device ${name}`);
  const passedMs = (): number => time.passedMs;
  const device = new SimDevice({
    ...{ userId: guest, deviceId, dir: join(dir, deviceId), scheduler, network, passedMs },
  });
  const logId = idOf(`group ${name}`);
  const submit = submitterOf(oracle, logId);
  let ops = 0;
  const commit = (kind: string, fields: Record<string, unknown>): void =>
    submit(owner, { opId: idOf(`${name} ${(ops += 1)}`), kind, ...fields });
  const say = (text: string, ttlMs?: number): void =>
    commit('message.send', {
      ...{ text, replyTo: null, composedAt: now() },
      ...(ttlMs === undefined ? {} : { extras: { ttlMs } }),
    });
  commit('conversation.create', {
    ...{ orgId: oracle.orgId, conversationKind: 'group', protection: 'server', title: name },
    ...{ memberIds: [guest], history: 'all' },
  });
  const settle = async (): Promise<void> => {
    // In small steps: what a promise resolves to may ask for a timer after the last one ran.
    for (let seconds = 1; seconds <= 60; seconds += 1) {
      const untilMs = scheduler.nowMs + 1_000;
      while ((await scheduler.step(untilMs)) !== undefined);
    }
  };
  const texts = (): unknown =>
    device.running?.stores.cacheDb
      .prepare('SELECT text FROM message WHERE conversation_id = ? AND notices IS NULL ORDER BY create_seq')
      .pluck()
      .all(logId);
  return { time, oracle, network, device, logId, guest, commit, say, settle, texts };
}

it('what disappeared while a device was off is on no screen of it, not even the first', async () => {
  const { time, network, device, say, settle, texts } = openWorld('whispers');
  say('stays');
  say('whispered', HOUR_MS);
  device.start();
  await settle();
  expect(texts()).toEqual(['stays', 'whispered']);
  network.setOnline(device.deviceId, false);
  device.stop();
  time.passedMs += 2 * HOUR_MS;
  device.start();
  expect(device.openedWith).toEqual([]);
  expect(texts()).toEqual(['stays', null]);
  device.stop();
});

it('a computer that wakes up shows nothing that was over by then', async () => {
  const { time, device, say, settle, texts } = openWorld('sleep');
  say('whispered', HOUR_MS);
  device.start();
  await settle();
  time.passedMs += 2 * HOUR_MS;
  device.running?.engine.dispatch({ type: 'resumed' });
  expect(texts()).toEqual([null]);
  device.stop();
});

it('a device whose clock ran years ahead has everything again once it heard the time', async () => {
  const { oracle, network, device, say, settle, texts, logId } = openWorld('ahead');
  oracle.rounds.setRetention(30);
  say('one');
  say('two');
  device.start();
  await settle();
  network.setOnline(device.deviceId, false);
  device.stop();
  device.wallSkewMs = 400 * DAY_MS;
  device.start();
  expect(texts()).toEqual([]);
  device.wallSkewMs = 0;
  network.setOnline(device.deviceId, true);
  device.running?.engine.dispatch({ type: 'networkUp' });
  await settle();
  device.running?.engine.wantHistory(logId, { kind: 'before', hi: 3 });
  await settle();
  expect(texts()).toEqual(['one', 'two']);
  const { cacheDb } = device.running?.stores ?? {};
  expect(cacheDb && floorOf(cacheDb, logId)).toBe(0);
  device.stop();
});

it('who left loses what is kept no longer, too', async () => {
  const { time, oracle, network, device, guest, commit, say, settle, texts } = openWorld('left');
  say('old');
  device.start();
  await settle();
  commit('member.remove', { userId: guest });
  await settle();
  network.setOnline(device.deviceId, false);
  oracle.rounds.setRetention(1);
  time.passedMs += 2 * DAY_MS;
  oracle.rounds.trim();
  // Its device never hears of the rule, which holds no more when it is back: the floor alone says it.
  oracle.rounds.setRetention(null);
  network.setOnline(device.deviceId, true);
  device.running?.engine.dispatch({ type: 'resumed' });
  await settle();
  expect(texts()).toEqual([]);
  device.stop();
});

it('scheduled messages are sent once, or come back with text and reason', async () => {
  const { time, oracle, network, device, logId, guest, commit, settle, texts } = openWorld('later');
  device.start();
  await settle();
  const schedule = (text: string, afterMs: number): void => {
    const value = { conversationId: logId, text, replyTo: null };
    const sendAtMs = WALL_START_MS + afterMs;
    const set = {
      kind: 'account.set',
      key: `scheduled:${idOf(text)}`,
      value: { ...value, sendAtMs },
    } as const;
    device.compose({ opId: idOf(`schedule ${text}`), v: 1, logId: guest, ...set });
  };
  schedule('in time', HOUR_MS);
  schedule('too late', 3 * HOUR_MS);
  await settle();
  time.passedMs += 2 * HOUR_MS;
  // The server dies between the message and the note that it was sent, and looks again.
  network.tell(oracle.rounds.sendScheduled(() => true));
  network.tell(oracle.rounds.sendScheduled(() => false));
  await settle();
  expect(texts()).toEqual(['in time']);
  expect(oracle.commits(idOf('in time'))).toBe(1);
  commit('member.remove', { userId: guest });
  time.passedMs += 2 * HOUR_MS;
  network.tell(oracle.rounds.sendScheduled(() => false));
  await settle();
  const stores = device.running?.stores;
  expect([...(stores ? entriesOf(stores.cacheDb, guest) : [])]).toMatchObject([
    [`scheduled:${idOf('too late')}`, { text: 'too late', refused: 'NOT_MEMBER' }],
  ]);
  expect(oracle.commits(idOf('too late'))).toBe(0);
  checkScheduled(oracle);
  device.stop();
});
