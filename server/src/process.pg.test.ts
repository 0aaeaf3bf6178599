/** The server as a process: what it prints, how it stops, what survives kill −9, and its commands. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { call, refusal, request } from './testing/http-client.ts';
import { founder, GOOD_PASSWORD, newDevice, type Person } from './testing/people.ts';
import { startProcess, type ServerProcess } from './testing/server-process.ts';
import { connectAndHello } from './testing/socket-client.ts';

let dataDir: string;
let server: ServerProcess;
let url: string;
let ada: Person & { orgId: string };

const serve = async (): Promise<void> => {
  server = startProcess(['--port', '0', '--data-dir', dataDir], { CURLEW_RATE_LIMIT_FACTOR: '1000' });
  url = (await server.fact('listening')).url ?? '';
};

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-process-'));
  chmodSync(dataDir, 0o755);
  await serve();
  const { setupCode = '' } = await server.fact('setup');
  await vi.waitFor(() => expect(server.stderr()).toContain(setupCode));
  ada = await founder({ url, setupCode });
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test('health, readiness, metrics and the API document are served; metrics not through a proxy', async () => {
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true });
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ok: true });
  const metrics = await fetch(`${url}/metrics`);
  expect(await metrics.text()).toContain('curlew_http_seconds');
  expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
  const api = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, unknown>;
  };
  expect(api.openapi).toBe('3.1.0');
  expect(Object.keys(api.paths)).toContain('/api/conversations/{id}/messages');
});

test('the answers carry the headers of a closed server', async () => {
  const { headers } = await fetch(`${url}/.well-known/curlew`, {
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('the generated secret is kept, readable by its owner alone', () => {
  expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'jwt-secret'), 'utf8').length).toBeGreaterThanOrEqual(32);
});

test('nothing secret or personal stands in the log', () => {
  for (const secret of [GOOD_PASSWORD, ada.accessToken, ada.refreshToken, ada.email, 'Engines']) {
    expect(server.stderr()).not.toContain(secret);
  }
});

test('SIGTERM tells the sockets, stops cleanly, and everything is there afterwards', async () => {
  const socket = await connectAndHello(url, ada);
  server.child.kill('SIGTERM');
  expect(await socket.next('connection:error')).toMatchObject({ code: 'SHUTTING_DOWN' });
  expect(await server.exited).toBe(0);
  await server.fact('stopped');
  expect(() => statSync(join(dataDir, 'postgres', 'postmaster.pid'))).toThrow('ENOENT');
  await serve();
  expect((await call(url, 'me', { token: ada.accessToken })).id).toBe(ada.userId);
  expect(await call(url, 'discovery')).toMatchObject({ needsSetup: false });
});

test('after kill −9 it starts again on the same data, and sign-ins go on', async () => {
  server.child.kill('SIGKILL');
  await server.exited;
  await serve();
  expect((await call(url, 'me', { token: ada.accessToken })).id).toBe(ada.userId);
});

test('while PostgreSQL is away everything answers BUSY, and within five seconds it is back', async () => {
  const socket = await connectAndHello(url, ada);
  const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const codes = new Set<string>();
  process.kill(pid, 'SIGKILL');
  const killedAt = performance.now();
  for (let isBack = false; !isBack;) {
    const answers = await Promise.all([
      request(url, 'me', { token: ada.accessToken }),
      request(url, 'conversations', { token: ada.accessToken }),
      request(url, 'login', { body: { email: ada.email, password: GOOD_PASSWORD, ...newDevice() } }),
    ]);
    for (const { body } of answers) codes.add((body as { error?: { code: string } }).error?.code ?? 'OK');
    const heads = (await socket.rawAck('sync:heads', {})) as { ok: boolean; error?: { code: string } };
    codes.add(heads.error?.code ?? 'OK');
    isBack = heads.ok && answers.every(({ status }) => status === 200);
    expect(performance.now() - killedAt, [...codes].join(' ')).toBeLessThan(15_000);
  }
  expect(
    [...codes].filter((code) => code !== 'OK' && code !== 'BUSY'),
    server.stderr(),
  ).toEqual([]);
  expect(codes).toContain('BUSY');
  expect(socket.raw.connected).toBe(true);
  socket.close();
});

test('a second server on the same data refuses to start and says why', async () => {
  const second = startProcess(['--port', '0', '--data-dir', dataDir]);
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toContain('--data-dir');
});

test('reset-password works while the server runs and ends every sign-in within two seconds', async () => {
  const socket = await connectAndHello(url, ada);
  const command = startProcess(
    ['reset-password', ada.email, '--data-dir', dataDir],
    {},
    'a brand new passphrase\n',
  );
  expect(await command.exited, command.stderr()).toBe(0);
  const doneAt = performance.now();
  expect(await socket.next('connection:error')).toMatchObject({ code: 'AUTH_REVOKED' });
  expect(performance.now() - doneAt).toBeLessThan(2_000);
  expect(await refusal(url, 'me', { token: ada.accessToken })).toMatchObject({ code: 'AUTH_REVOKED' });
  const login = { email: ada.email, ...newDevice() };
  expect(await refusal(url, 'login', { body: { ...login, password: GOOD_PASSWORD } })).toMatchObject({
    code: 'WRONG_CREDENTIALS',
  });
  await call(url, 'login', { body: { ...login, password: 'a brand new passphrase' } });
});

test('the people are listed and a bot gets a token while the server runs', async () => {
  const run = async (...args: string[]): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const command = startProcess([...args, '--data-dir', dataDir]);
    expect(await command.exited, command.stderr()).toBe(0);
    return command.facts();
  };
  expect(await run('list-users')).toContainEqual(
    expect.objectContaining({ event: 'user', email: ada.email, isBot: false }),
  );
  const bot = (await run('create-bot', 'Builds')).find(({ event }) => event === 'create-bot');
  const made = await run('create-token', String(bot?.['botId']), 'messages:read,messages:write', 'ci');
  const token = String(made.find(({ event }) => event === 'create-token')?.['token']);
  expect(await call(url, 'me', { token })).toMatchObject({ name: 'Builds', orgs: [{ role: 'member' }] });
  const wrong = startProcess(['create-token', String(bot?.['botId']), 'everything', '--data-dir', dataDir]);
  expect(await wrong.exited).toBe(1);
  expect(wrong.stderr()).toContain('messages:read');
});

test('reset-password for nobody and with a weak password fails', async () => {
  const unknown = startProcess(
    ['reset-password', 'nobody@example.org', '--data-dir', dataDir],
    {},
    'a brand new passphrase\n',
  );
  expect(await unknown.exited).toBe(1);
  const weak = startProcess(['reset-password', ada.email, '--data-dir', dataDir], {}, 'password12\n');
  expect(await weak.exited).toBe(1);
});

test.each<[string, string[], Record<string, string>, string]>([
  ['DATABASE_URL without a secret', [], { DATABASE_URL: 'postgresql://localhost/none' }, 'CURLEW_JWT_SECRET'],
  ['a short secret', [], { CURLEW_JWT_SECRET: 'short' }, 'at least 32'],
  ['an unknown flag', ['--shred'], {}, 'npm run server'],
  ['an unknown command', ['frobnicate'], {}, 'npm run server'],
  ['a port that is none', ['--port', '70000'], {}, '65535'],
  ['any proxy trusted', [], { TRUST_PROXY: 'true' }, 'TRUST_PROXY'],
])('%s stops the start with a sentence', async (_case, args, env, sentence) => {
  const wrong = startProcess(args, env);
  expect(await wrong.exited).toBe(1);
  expect(wrong.stderr()).toContain(sentence);
  expect(wrong.stderr()).not.toContain('    at ');
});

test('a port that is taken stops the start with a sentence', async () => {
  const other = mkdtempSync(join(tmpdir(), 'curlew-process-'));
  chmodSync(other, 0o755);
  const wrong = startProcess(['--port', new URL(url).port, '--data-dir', other]);
  expect(await wrong.exited).toBe(1);
  expect(wrong.stderr()).toContain('--port');
  rmSync(other, { recursive: true, force: true });
});
