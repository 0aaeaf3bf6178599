import { describe, expect, it } from 'vitest';
import type { Keytar } from './keyring.ts';
import { missingKeyring, systemKeyring } from './keyring.ts';

const broken: Keytar = {
  getPassword: () => Promise.reject(new Error('Prompt was dismissed')),
  setPassword: () => Promise.reject(new Error('Cannot autolaunch D-Bus without X11 $DISPLAY')),
  deletePassword: () => Promise.reject(new Error('no such collection')),
};

// The computer's real keyring is tried in e2e/keyring.spec.ts.
describe('a computer without a usable keyring', () => {
  it.each([
    ['none at all', missingKeyring()],
    [
      'a library that cannot be loaded',
      systemKeyring(() => Promise.reject(new Error('libsecret-1.so.0')), 'p'),
    ],
    ['one that stays locked', systemKeyring(() => Promise.resolve(broken), 'p')],
  ])('answers KEYRING_MISSING with %s, and quotes no secret', async (_what, keyring) => {
    const answers = [await keyring.get('a'), await keyring.set('a', 'hunter2'), await keyring.delete('a')];
    for (const answer of answers)
      expect(answer).toMatchObject({ ok: false, error: { code: 'KEYRING_MISSING' } });
    expect(JSON.stringify(answers)).not.toContain('hunter2');
  });

  it('tries to load the library once', async () => {
    let loads = 0;
    const keyring = systemKeyring(() => {
      loads += 1;
      return Promise.resolve(broken);
    }, 'p');
    await Promise.all([keyring.get('a'), keyring.get('b')]);
    expect(loads).toBe(1);
  });
});
