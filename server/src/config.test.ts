import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const secret = 'x'.repeat(32);

test('works with nothing at all: loopback, the default port, the embedded database', () => {
  expect(readConfig([], {})).toMatchObject({
    command: { kind: 'serve' },
    host: '127.0.0.1',
    port: 7420,
    databaseUrl: undefined,
    trustProxy: false,
    rateLimitFactor: 1,
  });
});

test('REDIS_URL names a Redis', () => {
  expect(readConfig([], { REDIS_URL: 'rediss://cache.example.org:6380' }).redisUrl).toBe(
    'rediss://cache.example.org:6380',
  );
  expect(() => readConfig([], { REDIS_URL: 'cache.example.org' })).toThrow('REDIS_URL');
});

test('TLS takes a certificate and its key, both or none', () => {
  expect(readConfig([], {}).tls).toBeUndefined();
  const files = { certFile: resolve('c.pem'), keyFile: resolve('k.pem') };
  expect(readConfig(['--tls-cert', 'c.pem', '--tls-key', 'k.pem'], {}).tls).toEqual(files);
  expect(readConfig([], { CURLEW_TLS_CERT: 'c.pem', CURLEW_TLS_KEY: 'k.pem' }).tls).toEqual(files);
  expect(() => readConfig(['--tls-cert', 'c.pem'], {})).toThrow('--tls-key');
});

test('the public address is a web address, under either name', () => {
  expect(readConfig([], { PUBLIC_URL: 'https://chat.example.org/' }).publicUrl).toBe(
    'https://chat.example.org',
  );
  for (const wrong of ['chat.example.org', 'javascript:alert(1)'])
    expect(() => readConfig([], { CURLEW_PUBLIC_URL: wrong })).toThrow('CURLEW_PUBLIC_URL');
});

test('webhooks reach public addresses, and those that are named', () => {
  expect(readConfig([], {}).webhookAllow).toEqual([]);
  const env = { CURLEW_WEBHOOK_ALLOW: '127.0.0.1, 10.0.0.0/8,::1' };
  expect(readConfig([], env).webhookAllow).toEqual(['127.0.0.1', '10.0.0.0/8', '::1']);
  for (const wrong of ['example.org', '10.0.0.0/33', '1.2.3'])
    expect(() => readConfig([], { CURLEW_WEBHOOK_ALLOW: wrong })).toThrow('CURLEW_WEBHOOK_ALLOW');
});

test('a flag wins over the environment, and empty variables count as unset', () => {
  const env = {
    CURLEW_PORT: '1',
    CURLEW_HOST: '::1',
    CURLEW_DATA_DIR: '/data',
    DATABASE_URL: '',
    CURLEW_JWT_SECRET: '',
  };
  expect(readConfig(['--port', '0', '--data-dir', 'here'], env)).toMatchObject({
    port: 0,
    host: '::1',
    dataDir: resolve('here'),
    jwtSecret: undefined,
  });
  expect(readConfig([], env).dataDir).toBe(resolve('/data'));
});

test('e-mail needs a sender, and the address that its links begin with', () => {
  const env = { SMTP_URL: 'smtp://mail.example.org:587', CURLEW_MAIL_FROM: 'curlew@example.org' };
  expect(() => readConfig([], { SMTP_URL: env.SMTP_URL })).toThrow('CURLEW_MAIL_FROM');
  expect(() => readConfig([], env)).toThrow('CURLEW_PUBLIC_URL');
  expect(readConfig([], { ...env, PUBLIC_URL: 'https://chat.example.org' }).mail).toEqual({
    url: env.SMTP_URL,
    from: env.CURLEW_MAIL_FROM,
  });
});

test.each([
  [['reset-password', 'ada@example.org'], { kind: 'reset-password', email: 'ada@example.org' }],
  [['list-users'], { kind: 'list-users' }],
  [['create-bot', 'Builds'], { kind: 'create-bot', name: 'Builds', orgId: undefined }],
  [
    ['create-token', 'id', 'messages:read,messages:write', 'ci'],
    { kind: 'create-token', botId: 'id', scopes: 'messages:read,messages:write', name: 'ci' },
  ],
  [['backup', 'file'], { kind: 'backup', file: join(process.cwd(), 'file') }],
  [['restore', '/file'], { kind: 'restore', file: resolve('/file') }],
])('reads the command %j', (args, command) => {
  expect(readConfig(args, {}).command).toEqual(command);
});

test.each<[string[], Record<string, string>]>([
  [['backup'], {}],
  [['import-slack'], {}],
  [['import-slack', 'a.zip', 'b.zip'], {}],
  [['backup', 'a', '--dry-run'], {}],
  [['--org', 'x'], {}],
  [['export', 'dir'], {}],
  [['export', '--org', 'x'], {}],
  [['export', 'dir', '--org', 'x', '--user', 'a@example.org'], {}],
  [['backup', 'a', 'b'], {}],
  [['serve', 'now'], {}],
  [['--port', 'http'], {}],
  [['--port', '-1'], {}],
  [['--port', '65536'], {}],
  [[], { CURLEW_JWT_SECRET: 'short' }],
  [[], { DATABASE_URL: 'postgresql://localhost/curlew' }],
  [[], { TRUST_PROXY: 'true' }],
  [[], { CURLEW_RATE_LIMIT_FACTOR: '0' }],
  [[], { CURLEW_RATE_LIMIT_FACTOR: 'many' }],
  [[], { CURLEW_PUBLIC_URL: 'chat.example.org' }],
  [[], { CURLEW_LOG_LEVEL: 'loud' }],
])('refuses %j with %j', (args, env) => {
  expect(() => readConfig(args, env)).toThrow(ConfigError);
});

test('import-slack takes an archive, an organization and a dry run', () => {
  const command = (...args: string[]) => readConfig(['import-slack', ...args], {}).command;
  const file = resolve('a.zip');
  expect(command('a.zip')).toEqual({ kind: 'import-slack', file, org: undefined, isDryRun: false });
  expect(command('a.zip', '--dry-run', '--org', 'The crew')).toEqual({
    kind: 'import-slack',
    file,
    org: 'The crew',
    isDryRun: true,
  });
});

test('export takes a folder and what to put into it', () => {
  const scope = (...args: string[]) => readConfig(['export', 'dir', ...args], {}).command;
  const dir = resolve('dir');
  expect(scope('--org', 'Crew')).toEqual({ kind: 'export', dir, scope: { of: 'org', idOrName: 'Crew' } });
  expect(scope('--conversation', 'c')).toEqual({
    kind: 'export',
    dir,
    scope: { of: 'conversation', id: 'c' },
  });
  expect(scope('--user', 'a@b')).toEqual({ kind: 'export', dir, scope: { of: 'user', email: 'a@b' } });
});

test('reads the rest as it is meant', () => {
  const env = {
    DATABASE_URL: 'postgresql://localhost/curlew',
    CURLEW_JWT_SECRET: secret,
    CURLEW_PUBLIC_URL: 'https://chat.example.org/',
  };
  expect(readConfig([], { ...env, TRUST_PROXY: '2' })).toMatchObject({
    jwtSecret: secret,
    publicUrl: 'https://chat.example.org',
    trustProxy: 2,
  });
  expect(readConfig([], { ...env, TRUST_PROXY: '10.0.0.1, 10.0.0.2' }).trustProxy).toBe('10.0.0.1, 10.0.0.2');
});

test('what is asked of the apps is a feed, and a version with its day', () => {
  expect(readConfig([], {}).client).toEqual({ feedUrl: null, minimum: null });
  const feedUrl = 'https://files.example.org/curlew/';
  expect(
    readConfig([], { CURLEW_UPDATE_FEED: feedUrl, CURLEW_CLIENT_MINIMUM: '1.4.0@2027-01-31' }).client,
  ).toEqual({
    feedUrl,
    minimum: { version: '1.4.0', fromMs: Date.UTC(2027, 0, 31) },
  });
  expect(() => readConfig([], { CURLEW_UPDATE_FEED: 'file:///updates' })).toThrow('CURLEW_UPDATE_FEED');
  for (const wrong of ['1.4.0', '1.4@2027-01-31', '1.4.0@soon', '1.4.0@2027-13-01'])
    expect(() => readConfig([], { CURLEW_CLIENT_MINIMUM: wrong })).toThrow('CURLEW_CLIENT_MINIMUM');
});
