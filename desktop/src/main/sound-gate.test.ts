import { expect, it } from 'vitest';
import { SOUND_GAP_MS, SoundGate } from './sound-gate.ts';

it('lets one sound through in three seconds', () => {
  const gate = new SoundGate();
  const heard = [0, 1, SOUND_GAP_MS - 1, SOUND_GAP_MS, SOUND_GAP_MS + 1, 2 * SOUND_GAP_MS].filter((nowMs) =>
    gate.mayPlay(nowMs),
  );
  expect(heard).toEqual([0, SOUND_GAP_MS, 2 * SOUND_GAP_MS]);
});
