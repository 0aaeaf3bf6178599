import { expect, test } from 'vitest';
import { hashPassword, isWeakPassword, verifyPassword } from './passwords.ts';

test.each([
  '',
  'short',
  '123456789',
  '1234567890',
  '0987654321',
  'password12',
  'PassWord!!!!',
  'aaaaaaaaaaaa',
  'abababababab',
  'qwertyuiop1',
  'correcthorsebatterystaple',
  '🐦🐦🐦🐦🐦🐦🐦🐦🐦',
])('%j is refused', (password) => {
  expect(isWeakPassword(password)).toBe(true);
});

test.each(['analytical engine 1843', 'vier Möwen am Kai', '四季折々の花が咲く庭で', 'password but longer'])(
  '%j is taken',
  (password) => {
    expect(isWeakPassword(password)).toBe(false);
  },
);

test('a hash is argon2id with its own salt, and verifies nothing but its password', async () => {
  const [first, second] = await Promise.all([
    hashPassword('vier Möwen am Kai'),
    hashPassword('vier Möwen am Kai'),
  ]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword(first, 'vier Möwen am Kai')).toBe(true);
  expect(await verifyPassword(first, 'vier möwen am kai')).toBe(false);
  expect(await verifyPassword(undefined, 'no account has this password')).toBe(false);
});
