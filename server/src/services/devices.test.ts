/** When two running copies of one device are told from a process that restarts. */
import { expect, test } from 'vitest';
import type { DeviceRepository } from '../repositories/device-repository.ts';
import { createDevices } from './devices.ts';

const caller = { userId: 'u', deviceId: 'd', sessionId: 's', expiresAtMs: 0 };

/** The outcomes of hellos by these instances, `everyMs` apart. */
async function hellos(instances: string, everyMs = 1_000): Promise<string> {
  let nowMs = 0;
  let fence = 0;
  const repository: Pick<DeviceRepository, 'raiseFence'> = {
    raiseFence: () => Promise.resolve((fence += 1)),
  };
  const devices = createDevices(repository as DeviceRepository, () => nowMs);
  let outcomes = '';
  for (const instance of instances) {
    nowMs += everyMs;
    const outcome = await devices.hello(caller, instance);
    outcomes += outcome.ok ? '.' : 'X';
  }
  return outcomes;
}

test.each([
  ['one process that reconnects', 'AAAAAAAA', '........'],
  ['a process that is restarted again and again', 'ABCDEFGH', '........'],
  ['an old socket that comes once after a restart', 'ABA', '...'],
  ['two copies taking turns', 'ABAB', '...X'],
  ['three copies taking turns', 'ABCA', '...X'],
  ['two copies, found out again', 'ABABABAB', '...X...X'],
])('%s', async (_case, instances, outcomes) => {
  expect(await hellos(instances)).toBe(outcomes);
});

test('two copies that take turns more slowly than three times a minute are let be', async () => {
  expect(await hellos('ABABABAB', 30_000)).toBe('........');
});

test('a hello of a revoked device is told whether to wipe', async () => {
  for (const wipe of [false, true]) {
    const repository: Pick<DeviceRepository, 'raiseFence' | 'isToWipe'> = {
      raiseFence: () => Promise.resolve(undefined),
      isToWipe: () => Promise.resolve(wipe),
    };
    const outcome = await createDevices(repository as DeviceRepository, () => 0).hello(caller, 'A');
    expect(outcome).toMatchObject({ ok: false, error: { code: 'AUTH_REVOKED' } });
    expect(!outcome.ok && outcome.error.wipe).toBe(wipe ? true : undefined);
  }
});
