/**
 * Groups: who comes, goes and comes back. Worlds in which people are added and removed by each other all the time, and the
 * one story everything else depends on, told step by step: what somebody sees who was away.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Oracle } from './oracle.ts';
import { Scheduler } from './scheduler.ts';
import { checkAccess, checkSettings } from './sim-access-checks.ts';
import { SimDevice } from './sim-device.ts';
import { idOf, submitterOf, WALL_START_MS } from './sim-furniture.ts';
import { SimNetwork } from './sim-network.ts';
import { simulate } from './sim-world.ts';

const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'curlew-groups-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each([1, 2, 3, 4, 5, 6])('seed %i: people come and go, and see what is theirs', async (seed) => {
  const seedDir = join(dir, String(seed));
  const result = await simulate({ seed, dir: seedDir, actions: 50, mix: 'groups' });
  expect(result.committed).toBeGreaterThan(0);
});

it('who comes back has the settings of now, what was theirs, and nothing of the time between', async () => {
  const scheduler = new Scheduler(1);
  const [owner, guest] = [idOf('owner'), idOf('guest')];
  const oracle = new Oracle(idOf('org'), [owner, guest], () => WALL_START_MS + scheduler.nowMs);
  const network = new SimNetwork(scheduler, oracle);
  const deviceId = idOf('device of the guest');
  const device = new SimDevice({ userId: guest, deviceId, dir: join(dir, deviceId), scheduler, network });
  const logId = idOf('group');
  const submit = submitterOf(oracle, logId);
  const settle = async (): Promise<void> => {
    // In small steps: what a promise resolves to may ask for a timer after the last one ran.
    for (let seconds = 1; seconds <= 60; seconds += 1) {
      const untilMs = scheduler.nowMs + 1_000;
      while ((await scheduler.step(untilMs)) !== undefined);
    }
  };
  let ops = 0;
  const commit = (kind: string, fields: Record<string, unknown>): string => {
    const opId = idOf(`op ${(ops += 1)}`);
    submit(owner, { opId, kind, ...fields });
    return opId;
  };
  const say = (text: string): string =>
    commit('message.send', { text, replyTo: null, composedAt: WALL_START_MS });
  const shown = (): unknown => {
    const stores = device.running?.stores;
    const log = stores?.reader.log(logId);
    const readable = oracle.readable(logId, guest);
    if (!stores || !log || !readable) return 'nothing';
    checkAccess(stores, log, readable);
    checkSettings(stores, log, readable.log.events);
    const title = stores.cacheDb.prepare('SELECT title FROM conversation WHERE id = ?').pluck().get(logId);
    const texts = stores.cacheDb
      .prepare('SELECT text FROM message WHERE conversation_id = ? AND notices IS NULL ORDER BY create_seq')
      .pluck()
      .all(logId);
    return { title, texts, left: log.left, tail: log.tail };
  };

  commit('conversation.create', {
    orgId: oracle.orgId,
    conversationKind: 'group',
    protection: 'server',
    title: 'before',
    memberIds: [guest],
    history: 'all',
  });
  const kept = say('kept');
  const deleted = say('deleted');
  device.start();
  await settle();
  expect(shown()).toEqual({ title: 'before', texts: ['kept', 'deleted'], left: false, tail: 3 });

  commit('member.remove', { userId: guest });
  const edit = { messageId: kept, text: 'edited', baseRevSeq: 0 };
  commit('message.edit', edit);
  say('between');
  commit('conversation.update', { title: 'between' });
  commit('message.delete', { messageId: deleted });
  await settle();
  expect(shown()).toEqual({ title: 'before', texts: ['kept', 'deleted'], left: true, tail: 4 });

  commit('conversation.update', { title: 'now' });
  commit('member.add', { userId: guest, role: 'member' });
  say('welcome back');
  await settle();
  expect(shown()).toEqual({ title: 'now', texts: ['kept', null, 'welcome back'], left: false, tail: 11 });
  device.stop();
});

it.each([1, 2, 3, 4, 5, 6])(
  'seed %i: items change their state, close and open; channels announce',
  async (seed) => {
    const seedDir = join(dir, `linked ${seed}`);
    const result = await simulate({ seed, dir: seedDir, actions: 60, mix: 'linked' });
    expect(result.committed).toBeGreaterThan(0);
  },
);
