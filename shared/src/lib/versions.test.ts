import { expect, test } from 'vitest';
import { isOlder, isVersion } from './versions.ts';

test('compares numbers, not texts', () => {
  expect(isOlder('0.9.0', '0.10.0')).toBe(true);
  expect(isOlder('1.0.0', '0.10.0')).toBe(false);
  expect(isOlder('1.2.3', '1.2.3')).toBe(false);
  expect(isOlder('1.2.3-beta.1', '1.2.4')).toBe(true);
});

test('what is no version is never older', () => {
  expect(isOlder('my-bot', '9.0.0')).toBe(false);
  expect(['1.2', '1.2.3.4', 'v1.2.3', ''].some(isVersion)).toBe(false);
});
