import { describe, expect, it } from 'vitest';
import type { UpdatesMeta } from '../../ipc/settings-views.ts';
import type { UpdateOrigin } from './update-policy.ts';
import { Updates, type Updater } from './updates.ts';

const origin: UpdateOrigin = { feedUrl: 'https://build.example/', publicKey: 'key' };

function setUp(fetch?: Updater['fetch'], from = origin) {
  const states: string[] = [];
  const asked: string[] = [];
  const clock = { nowMs: 1_000 };
  const updates = new Updates({
    version: '0.1.0',
    origin: from,
    administeredFeed: undefined,
    updater: fetch && {
      fetch: (feedUrl, onProgress) => {
        asked.push(feedUrl);
        return fetch(feedUrl, onProgress);
      },
    },
    publish: (meta: UpdatesMeta) =>
      states.push([meta.state, meta.version, meta.percent].filter((it) => it !== null).join(' ')),
    nowMs: () => clock.nowMs,
    log: () => {},
  });
  return { updates, states, asked, clock };
}

describe('updates', () => {
  it('are fetched as soon as they are found, and wait for a person', async () => {
    const { updates, states } = setUp((_url, onProgress) => {
      onProgress('0.2.0', 41.7);
      return Promise.resolve('0.2.0');
    });
    await updates.check();
    expect(states).toEqual(['checking', 'downloading 0.2.0 42', 'ready 0.2.0']);
    expect(updates.meta.checkedAtMs).toBe(1_000);
  });

  it('say when this version is the newest, and when nothing could be read', async () => {
    const answers = [() => Promise.resolve(null), () => Promise.reject(new Error('no network'))];
    const { updates, states } = setUp(() => answers.shift()?.() ?? Promise.resolve(null));
    await updates.check();
    await updates.check();
    expect(states).toEqual(['checking', 'current', 'checking', 'failed']);
  });

  it('keep what is ready through a later look that fails or finds nothing', async () => {
    const answers = ['0.2.0', null, 'fail'];
    const { updates } = setUp(() => {
      const answer = answers.shift() ?? null;
      return answer === 'fail' ? Promise.reject(new Error('no network')) : Promise.resolve(answer);
    });
    for (let look = 0; look < 3; look += 1) {
      await updates.check();
      expect(updates.meta).toMatchObject({ state: 'ready', version: '0.2.0' });
    }
  });

  it('are looked for once at a time', async () => {
    const { updates, asked } = setUp(() => Promise.resolve(null));
    await Promise.all([updates.check(), updates.check()]);
    expect(asked).toHaveLength(1);
  });

  it('come from where the server says, once it did', async () => {
    const { updates, asked } = setUp(() => Promise.resolve(null), { publicKey: 'key' });
    expect(updates.meta.state).toBe('off');
    await updates.check();
    updates.setPolicy({ feedUrl: 'https://server.example/', minimum: null });
    expect(updates.meta.state).toBe('idle');
    await updates.check();
    expect(asked).toEqual(['https://server.example/']);
  });

  it('are off where the app cannot be replaced or has no key', async () => {
    expect(setUp().updates.meta.state).toBe('off');
    const { updates, asked } = setUp(() => Promise.resolve('0.2.0'), { feedUrl: 'https://build.example/' });
    await updates.check();
    expect(updates.meta.state).toBe('off');
    expect(asked).toEqual([]);
  });

  it('warn of the day this version is refused as it comes nearer', () => {
    const { updates, clock } = setUp();
    const fromMs = clock.nowMs + 20 * 86_400_000;
    updates.setPolicy({ feedUrl: null, minimum: { version: '0.2.0', fromMs } });
    expect(updates.meta.deadline).toEqual({ version: '0.2.0', atMs: fromMs, stage: 'days30' });
    clock.nowMs = fromMs - 1_000;
    updates.tick();
    expect(updates.meta.deadline?.stage).toBe('day1');
    updates.setPolicy({ feedUrl: null, minimum: null });
    expect(updates.meta.deadline).toBeNull();
  });
});
