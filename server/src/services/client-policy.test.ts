import { expect, test } from 'vitest';
import { isAppTooOld } from './client-policy.ts';

const policy = { feedUrl: null, minimum: { version: '1.4.0', fromMs: 1_000 } };

test('an older app is refused from the day on, not before', () => {
  expect(isAppTooOld('Curlew 1.3.9', policy, 999)).toBe(false);
  expect(isAppTooOld('Curlew 1.3.9', policy, 1_000)).toBe(true);
  expect(isAppTooOld('Curlew 1.4.0', policy, 1_000)).toBe(false);
  expect(isAppTooOld('Curlew 1.3.9', { ...policy, minimum: null }, 1_000)).toBe(false);
});

test('programs of others are not judged by their own version', () => {
  for (const name of ['my-bot 1.0', '1.0.0', 'Curlew', 'Curlew Fork 1.0.0'])
    expect(isAppTooOld(name, policy, 2_000)).toBe(false);
});
