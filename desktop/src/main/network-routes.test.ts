import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { makeCertificates } from '../core/transport/testing/certificates.ts';
import { startHttpProxy, startSocksProxy } from '../core/transport/testing/proxies.ts';
import { defaultNetworkSettings, networkSettingsSchema, type NetworkSettings } from '../ipc/network.ts';
import { readAuthorityFile } from './authority-file.ts';
import { openJsonFile, type JsonFile } from './json-file.ts';
import { missingKeyring, type Keyring } from './keyring.ts';
import {
  emptyNetworkFile,
  networkFileSchema,
  NetworkRoutes,
  sessionProxyOf,
  type NetworkFile,
} from './network-routes.ts';
import { testNetwork } from './network-test.ts';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const made = makeCertificates();
const url = 'https://messages.example.org';
const manual: NetworkSettings = {
  ...defaultNetworkSettings,
  mode: 'manual',
  host: 'proxy.example.org',
  port: 3128,
  user: 'maya',
};

let folder = '';
let file: JsonFile<NetworkFile>;
let entries: Map<string, string>;
let rules = 'DIRECT';
let changes = 0;
const cleanUps: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'curlew-network-'));
  file = openFile();
  entries = new Map();
  rules = 'DIRECT';
  changes = 0;
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  await file.flush();
  await rm(folder, { recursive: true });
});

const openFile = (): JsonFile<NetworkFile> =>
  openJsonFile(path.join(folder, 'network.json'), networkFileSchema, emptyNetworkFile);
const keyring: Keyring = {
  get: (account) => Promise.resolve(ok(entries.get(account) ?? null)),
  set: (account, secret) => Promise.resolve(ok((entries.set(account, secret), null))),
  delete: (account) => Promise.resolve(ok((entries.delete(account), null))),
};
const routesWith = (keys: Keyring = keyring): NetworkRoutes =>
  new NetworkRoutes({
    file,
    keyring: keys,
    administered: Promise.resolve([]),
    resolveProxy: () => Promise.resolve(rules),
    changed: () => {
      changes += 1;
    },
    nowMs: Date.now,
  });
const proxyOf = async (routes: NetworkRoutes): Promise<unknown> => {
  const route = await routes.forUrl(url);
  return route.ok ? route.value.proxy : route.error.code;
};

describe('a route', () => {
  it('is that of the computer until somebody says otherwise', async () => {
    rules = 'PROXY office:8080; DIRECT';
    expect(await proxyOf(routesWith())).toEqual({ type: 'http', host: 'office', port: 8080 });
  });

  it('goes without any proxy where none is wanted', async () => {
    rules = 'PROXY office:8080';
    const routes = routesWith();
    await routes.set({ ...defaultNetworkSettings, mode: 'none' }, undefined);
    expect(await proxyOf(routes)).toBeUndefined();
  });

  it('never goes around a PAC file that could not be read', async () => {
    const routes = routesWith();
    await routes.set(
      { ...defaultNetworkSettings, mode: 'pac', pacUrl: 'https://example.org/proxy.pac' },
      undefined,
    );
    rules = '';
    expect(await proxyOf(routes)).toBe('PROXY_UNREACHABLE');
    rules = 'SOCKS5 inside:1080';
    expect(await proxyOf(routes)).toEqual({ type: 'socks5', host: 'inside', port: 1080 });
  });

  it('says the same to Chromium, for everything', () => {
    expect(sessionProxyOf(manual)).toEqual({
      mode: 'fixed_servers',
      proxyRules: 'http://proxy.example.org:3128',
      proxyBypassRules: '<-loopback>',
    });
    expect(sessionProxyOf({ ...manual, type: 'socks5', host: '[fd00::1]' })).toMatchObject({
      proxyRules: 'socks5://[fd00::1]:3128',
    });
    expect(sessionProxyOf({ ...manual, mode: 'none' })).toEqual({ mode: 'direct' });
    expect(sessionProxyOf({ ...manual, mode: 'system' })).toEqual({ mode: 'system' });
  });
});

describe('the password of a proxy', () => {
  const secret = 'Tide-4711!';

  it('is in the keyring, in no file and in nothing a page is told, and is there after a restart', async () => {
    const routes = routesWith();
    expect(await routes.set(manual, secret)).toEqual(ok(null));
    expect([...entries.values()]).toEqual([secret]);
    expect(await readFile(path.join(folder, 'network.json'), 'utf8')).not.toContain(secret);
    expect(routes.meta.password).toBe('kept');
    expect(JSON.stringify(routes.meta)).not.toContain(secret);
    expect(changes).toBe(1);
    file = openFile();
    expect(await proxyOf(routesWith())).toMatchObject({ auth: { user: 'maya', password: secret } });
  });

  it.each([
    ['host', { host: 'elsewhere.example.org' }],
    ['port', { port: 3129 }],
    ['user', { user: 'kofi' }],
    ['kind', { type: 'socks5' }],
  ] as const)('is forgotten with another %s, and not tried there either', async (_what, change) => {
    const routes = routesWith();
    await routes.set(manual, secret);
    const other = { ...manual, ...change };
    expect(JSON.stringify(await routes.tryOut(url, other, undefined))).not.toContain(secret);
    expect(JSON.stringify(await routes.tryOut(url, manual, undefined))).toContain(secret);
    await routes.set(other, undefined);
    expect([...entries.keys()]).toEqual([]);
    expect(JSON.stringify(await routes.forUrl(url))).not.toContain(secret);
    expect(routes.meta.password).toBe('none');
  });

  it('stays while another way is chosen, and while the rest is saved without it', async () => {
    const routes = routesWith();
    await routes.set(manual, secret);
    await routes.set({ ...manual, mode: 'none' }, undefined);
    await routes.set(manual, undefined);
    expect(await proxyOf(routes)).toMatchObject({ auth: { password: secret } });
  });

  it('holds for this run alone where there is no keyring', async () => {
    const routes = routesWith(missingKeyring());
    await routes.set(manual, secret);
    expect(routes.meta.password).toBe('thisRunOnly');
    expect(await proxyOf(routes)).toMatchObject({ auth: { password: secret } });
    file = openFile();
    expect(await proxyOf(routesWith(missingKeyring()))).toMatchObject({ auth: { password: '' } });
  });

  it('is asked for again when the keyring was locked', async () => {
    await routesWith().set(manual, secret);
    let isLocked = true;
    const routes = routesWith({
      ...keyring,
      get: (account) => (isLocked ? Promise.resolve(err(errorBody('KEYRING_SILENT'))) : keyring.get(account)),
    });
    expect(await proxyOf(routes)).toMatchObject({ auth: { password: '' } });
    isLocked = false;
    expect(await proxyOf(routes)).toMatchObject({ auth: { password: secret } });
  });

  it('goes to the proxy that was set, whoever else asks', async () => {
    const routes = routesWith();
    await routes.set(manual, secret);
    expect(await routes.credentials({ host: 'PROXY.example.org', port: 3128 })).toEqual({
      user: 'maya',
      password: secret,
    });
    expect(await routes.credentials({ host: 'evil.example.org', port: 3128 })).toBeNull();
  });
});

describe('settings', () => {
  it.each([
    { mode: 'manual', host: '' },
    { mode: 'manual', host: 'http://proxy' },
    { mode: 'manual', host: 'user@proxy' },
    { mode: 'manual', host: 'proxy;DIRECT' },
    { mode: 'pac', pacUrl: 'file:///etc/proxy.pac' },
    { mode: 'pac', pacUrl: 'proxy.pac' },
  ] as const)('are refused: %j', (change) => {
    expect(networkSettingsSchema.safeParse({ ...defaultNetworkSettings, ...change }).success).toBe(false);
  });

  it.each(['proxy', '10.0.0.1', 'fd00::1', '[fd00::1]', 'proxy-1.büro.example', 'my_proxy'])(
    'take the host %s',
    (host) => {
      expect(networkSettingsSchema.safeParse({ ...manual, host }).success).toBe(true);
    },
  );
});

describe('certificates of one’s own', () => {
  it('are trusted with their name and end, and no more after they are dropped', async (ctx) => {
    if (!made) return ctx.skip('openssl is not installed');
    const routes = routesWith();
    expect(await routes.trust(`# ours\n${made.authority}`)).toMatchObject({ ok: true });
    expect(routes.meta.authority).toMatchObject({ subject: 'Curlew authority', certificates: 1 });
    const days = ((routes.meta.authority?.validToMs ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(1.9);
    const route = await routes.forUrl(url);
    expect(route.ok && route.value.ca).toEqual([made.authority.trim()]);
    file = openFile();
    expect(routesWith().meta.authority).toMatchObject({ subject: 'Curlew authority' });
    await routesWith().distrust();
    expect(await routesWith().authorities()).toEqual([]);
  });

  it('are refused when they are none, of no authority, over, or beside a private key', (ctx) => {
    if (!made) return ctx.skip('openssl is not installed');
    const frame = '-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n';
    const now = Date.now();
    expect(readAuthorityFile('hello', now)).toEqual({ fault: 'noCertificate' });
    expect(readAuthorityFile(frame, now)).toEqual({ fault: 'noCertificate' });
    expect(readAuthorityFile(`${made.authority}${frame}`, now)).toEqual({ fault: 'noCertificate' });
    expect(readAuthorityFile(made.forAnotherHost.cert, now)).toEqual({ fault: 'notAuthority' });
    expect(readAuthorityFile(`${made.authority}${made.signed.key}`, now)).toEqual({ fault: 'privateKey' });
    expect(readAuthorityFile(made.authority, now + 9e8)).toEqual({ fault: 'expired' });
  });
});

describe('a test of the connection', () => {
  it.each(['http', 'socks5'] as const)('goes through a %s proxy that is not in use yet', async (type) => {
    const proxy = await (type === 'http' ? startHttpProxy : startSocksProxy)({
      user: 'maya',
      password: 'right',
    });
    const server = http.createServer((_request, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(
      () => proxy.close(),
      () => void server.close(),
    );
    const serverUrl = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { ...manual, type, host: '127.0.0.1', port: proxy.port };
    const test = (password: string): Promise<unknown> =>
      testNetwork(routesWith(), { settings, password, serverUrl });
    // It came through to a server, which is busy; a wrong password does not come that far.
    expect(await test('right')).toMatchObject({ error: { code: 'BUSY' } });
    expect(proxy.tunnels).toEqual([serverUrl]);
    expect(await test('wrong')).toMatchObject({ error: { code: 'PROXY_AUTH' } });
    expect(routesWith().meta.settings.mode).toBe('system');
  });
});
