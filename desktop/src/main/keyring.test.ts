import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Keytar } from './keyring.ts';
import { must } from '@curlew/shared/lib/result.ts';
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

describe('a keyring that takes its time', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** A keyring that answers when the test says so. */
  function slowKeyring() {
    const asked: { readonly what: string; readonly answer: () => void }[] = [];
    const question = <T>(what: string, answer: T): Promise<T> =>
      new Promise((resolve) => void asked.push({ what, answer: () => resolve(answer) }));
    const keytar: Keytar = {
      getPassword: () => question('get', 'secret'),
      setPassword: (_service, _account, secret) => question<void>(`set ${secret}`, undefined),
      deletePassword: () => question('delete', true),
    };
    return { asked, keyring: systemKeyring(() => Promise.resolve(keytar), 'p') };
  }

  it('is silent after a minute, not missing, and answers whoever asks after it was unlocked', async () => {
    const { asked, keyring } = slowKeyring();
    const first = keyring.get('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await first).toMatchObject({ ok: false, error: { code: 'KEYRING_SILENT' } });
    const second = keyring.get('a');
    must(asked[0], 'it was asked').answer();
    await vi.advanceTimersByTimeAsync(0);
    must(asked[1], 'it was asked again').answer();
    expect(await second).toEqual({ ok: true, value: 'secret' });
  });

  it('is asked one thing at a time, and never for what nobody waits for any more', async () => {
    const { asked, keyring } = slowKeyring();
    const older = [keyring.get('a'), keyring.set('a', 'one')];
    await vi.advanceTimersByTimeAsync(60_000);
    for (const answer of older)
      expect(await answer).toMatchObject({ ok: false, error: { code: 'KEYRING_SILENT' } });
    const newer = keyring.set('a', 'two');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map(({ what }) => what)).toEqual(['get']);
    must(asked[0], 'it was asked').answer();
    await vi.advanceTimersByTimeAsync(0);
    must(asked[1], 'it was asked again').answer();
    expect(await newer).toEqual({ ok: true, value: null });
    expect(asked.map(({ what }) => what)).toEqual(['get', 'set two']);
  });

  it('is loaded again when its library could not be loaded', async () => {
    let isBroken = true;
    const keyring = systemKeyring(
      () =>
        isBroken
          ? Promise.reject(new Error('libsecret-1.so.0'))
          : Promise.resolve({ ...broken, getPassword: () => Promise.resolve('secret') }),
      'p',
    );
    expect(await keyring.get('a')).toMatchObject({ ok: false, error: { code: 'KEYRING_MISSING' } });
    isBroken = false;
    expect(await keyring.get('a')).toEqual({ ok: true, value: 'secret' });
  });
});
