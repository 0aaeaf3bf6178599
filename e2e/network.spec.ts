/**
 * A network that lets nobody out but through a proxy with a password, to a server whose certificate nobody knows: set
 * up from the sign-in page, changed later without a restart, seen from the proxies' side.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net, { type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import {
  makeCertificates,
  type TestCertificates,
} from '../desktop/src/core/transport/testing/certificates.ts';
import {
  startHttpProxy,
  startSocksProxy,
  type TestProxy,
} from '../desktop/src/core/transport/testing/proxies.ts';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { expectState, openWith, say } from './support/gestures.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes, checkScreen, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const allowed = { user: 'maya', password: 'Tide-4711!/ö' };
const made: TestCertificates | undefined = makeCertificates();
let server: ServerProcess;
let app: DesktopApp;
let ada: TestPerson;
let httpProxy: TestProxy;
let socksProxy: TestProxy;
let openProxy: TestProxy;
let front: Server;
let pac: http.Server;

beforeAll(async () => {
  server = await startServer();
  ada = must((await registerPeople(server, ['Ada', 'Ben']))[0], 'two people were registered');
  httpProxy = await startHttpProxy(allowed);
  socksProxy = await startSocksProxy(allowed);
  openProxy = await startHttpProxy();
  front = tls.createServer(made?.signed ?? {}, (client) => {
    const upstream = net.connect(server.port, '127.0.0.1');
    for (const [one, other] of [[upstream, client] as const, [client, upstream] as const])
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    client.pipe(upstream).pipe(client);
  });
  pac = http.createServer((_request, response) => {
    response
      .setHeader('content-type', 'application/x-ns-proxy-autoconfig')
      .end(`function FindProxyForURL() { return 'PROXY 127.0.0.1:${openProxy.port}'; }`);
  });
  for (const one of [front, pac]) await new Promise<void>((done) => void one.listen(0, '127.0.0.1', done));
  app = await launchApp({ profileDir: await makeProfile() });
  await app.page.setViewportSize({ width: 1280, height: 800 });
});
afterAll(async () => {
  await disposeApps(app);
  for (const proxy of [httpProxy, socksProxy, openProxy]) proxy?.close();
  for (const one of [front, pac]) one?.close();
  await server?.dispose();
});

const portOf = (one: Server): number => (one.address() as AddressInfo).port;

/** What the person picks when a file is asked for. */
const willChoose = (path: string): Promise<void> =>
  app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);

async function fillProxy(page: Page, type: 'HTTP' | 'SOCKS5', port: number, password: string): Promise<void> {
  await page.getByRole('radio', { name: 'Manual' }).check();
  await page.getByRole('combobox', { name: 'Type' }).selectOption(type);
  await page.getByRole('textbox', { name: 'Host' }).fill('127.0.0.1');
  await page.getByRole('textbox', { name: 'Port' }).fill(String(port));
  await page.getByRole('textbox', { name: 'User' }).fill(allowed.user);
  await page.getByLabel(/^Password/u).fill(password);
}

/** Every file of the profile that holds a text. */
async function filesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(app.profileDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    // What Chromium replaces meanwhile was a cache of its own.
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    if (bytes.includes(text) || bytes.includes(encodeURIComponent(text))) found.push(entry.name);
  }
  return found;
}

test('from the sign-in page to a message that was sent, with nothing beside the proxy', async (ctx) => {
  if (!made) return ctx.skip('openssl is not installed');
  const { page } = app;
  const host = `127.0.0.1:${portOf(front)}`;
  await page.getByRole('textbox', { name: 'Server address' }).fill(`https://${host}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('This server’s certificate isn’t trusted.').waitFor();

  await page.getByRole('button', { name: 'Network settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Network settings' });
  const [text, authority] = [join(app.profileDir, 'note.pem'), join(app.profileDir, 'ca.pem')];
  await writeFile(text, 'Ask Kofi for the certificate.\n');
  await writeFile(authority, made.authority);
  await willChoose(text);
  await dialog.getByRole('button', { name: 'Choose file…' }).click();
  await dialog.getByText('This is not a certificate.').waitFor();
  await willChoose(authority);
  await dialog.getByRole('button', { name: 'Choose file…' }).click();
  await dialog.getByText('This authority is trusted now.').waitFor();
  await dialog.getByText('Curlew authority', { exact: true }).waitFor();
  await dialog.getByText('Valid until').waitFor();

  await fillProxy(page, 'HTTP', httpProxy.port, 'wrong');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await dialog.getByText('The proxy does not accept this user and password.').waitFor();
  expect(httpProxy.tunnels).toEqual([]);
  await fillProxy(page, 'HTTP', httpProxy.port, allowed.password);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await dialog.getByText(new RegExp(`^Reached ${host} through the proxy in [\\d.,]+ ms\\.$`, 'u')).waitFor();
  await bothThemes(page, 'network-before-sign-in');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByText('In use now.').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await openWith(page, 'Ben');
  await say(page, 'Ben', 'Through the proxy');
  await expectState(page, 'Through the proxy', 'Sent');
  expect(new Set(httpProxy.tunnels)).toEqual(new Set([host]));
  expect(httpProxy.tunnels.length).toBeGreaterThanOrEqual(2);
  expect(await filesWith(allowed.password)).toEqual([]);
  const told = await page.evaluate(() => window.curlew.openView('network', {}));
  expect(JSON.stringify(told)).toContain('"password":"kept"');
  expect(JSON.stringify(told)).not.toContain('Tide-4711');
});

test('another proxy is used at once, without a restart', async (ctx) => {
  if (!made) return ctx.skip('openssl is not installed');
  const { page } = app;
  const before = httpProxy.tunnels.length;
  await page.keyboard.press('Control+,');
  await page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: 'Network' })
    .click();
  await page.getByText('Kept in this computer’s keyring.').waitFor();
  await fillProxy(page, 'SOCKS5', socksProxy.port, 'wrong');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The proxy does not accept this user and password.').waitFor();
  await fillProxy(page, 'SOCKS5', socksProxy.port, allowed.password);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('In use now.').waitFor();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/^Reached/u).waitFor();
  await bothThemes(page, 'settings-network');
  await page.setViewportSize({ width: 400, height: 720 });
  await checkScreen(page, 'settings-network-narrow');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('Control+1');
  await say(page, 'Ben', 'Through the other one');
  await expectState(page, 'Through the other one', 'Sent');
  expect(new Set(socksProxy.tunnels)).toEqual(new Set([`127.0.0.1:${portOf(front)}`]));
  expect(socksProxy.tunnels.length).toBeGreaterThanOrEqual(2);
  expect(httpProxy.tunnels.length).toBe(before);
});

const section = (name: string): Promise<void> =>
  app.page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name, exact: true })
    .click();

/** Rows of the list and of the conversation, as the page sees them; who is online is known only while they show. */
const shown = async (): Promise<unknown> => {
  const rows = await app.page.evaluate(async () => {
    const list = await window.curlew.openView('conversations', { filter: 'all', offset: 0, limit: 50 });
    const [conversationId] = list.ok ? list.value.state.order : [];
    if (!list.ok || conversationId === undefined) return null;
    const end = { conversationId, at: { kind: 'end' }, limit: 50 } as const;
    const timeline = await window.curlew.openView('timeline', end);
    return [list.value.state.rows, timeline.ok && timeline.value.state.rows];
  });
  return JSON.parse(JSON.stringify(rows, (key, value: unknown) => (key === 'presence' ? null : value)));
};

test('storage: what takes space, and a cleared cache that comes back the same', async (ctx) => {
  if (!made) return ctx.skip('openssl is not installed');
  const { page } = app;
  const before = await shown();
  expect(JSON.stringify(before)).toContain('Through the other one');
  await page.keyboard.press('Control+,');
  await section('Storage');
  await page.getByText('2 messages', { exact: true }).waitFor();
  await bothThemes(page, 'settings-storage');
  await page.getByRole('button', { name: 'Clear…' }).click();
  await page.getByRole('alertdialog', { name: 'Clear the cache?' }).waitFor();
  await bothThemes(page, 'clear-cache');
  await page.getByRole('button', { name: 'Clear cache' }).click();
  await page.getByText('Cache cleared.').waitFor();
  await expect.poll(shown, { timeout: 20_000 }).toEqual(before);
  await page.keyboard.press('Control+1');
  await say(page, 'Ben', 'After the cache was cleared');
  await expectState(page, 'After the cache was cleared', 'Sent');
});

test('advanced: the report is shown before it is saved, and says nobody’s words', async (ctx) => {
  if (!made) return ctx.skip('openssl is not installed');
  const { page, electron } = app;
  await page.keyboard.press('Control+,');
  await section('Advanced');
  await bothThemes(page, 'settings-advanced');
  await page.getByRole('button', { name: 'Show report…' }).click();
  const content = page.getByRole('region', { name: 'What the report holds' });
  await content.waitFor();
  await bothThemes(page, 'diagnostics-report');
  const file = join(app.profileDir, 'report.json');
  await electron.evaluate(({ dialog, shell }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    shell.openPath = (path) => {
      process.env['OPENED'] = path;
      return Promise.resolve('');
    };
  }, file);
  const text = await content.textContent();
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByText('Report saved').waitFor();
  const saved = await readFile(file, 'utf8');
  expect(saved).toBe(text);
  expect(JSON.parse(saved)).toMatchObject({
    network: { mode: 'manual', type: 'socks5', hasUser: true, password: 'kept' },
    core: { account: { connection: 'connected', health: { cache: 'ok', outbox: 'ok' } } },
  });
  for (const word of [
    'Through',
    'Ada',
    'Ben',
    ada.email,
    ada.userId,
    allowed.password,
    'maya',
    'Heron',
    '127.0.0.1',
  ])
    expect(saved).not.toContain(word);
  await page.getByRole('button', { name: 'Open log folder' }).click();
  await expect.poll(() => electron.evaluate(() => process.env['OPENED'])).toBe(join(app.profileDir, 'logs'));
});

test('a PAC file says the way; one that cannot be had is never gone around', async () => {
  const test = (pacUrl: string) =>
    app.page.evaluate(
      (url) =>
        window.curlew.invoke('network.test', {
          settings: { mode: 'pac', pacUrl: url, type: 'http', host: '', port: 8080, user: '' },
          serverUrl: 'https://messages.invalid',
        }),
      pacUrl,
    );
  const byPac = await test(`http://127.0.0.1:${portOf(pac)}/proxy.pac`);
  expect(byPac).toMatchObject({ ok: false, error: { code: 'OFFLINE', detail: 'proxy 502' } });
  expect(openProxy.tunnels).toContain('messages.invalid:443');
  expect(await test('http://127.0.0.1:9/proxy.pac')).toMatchObject({
    ok: false,
    error: { code: 'PROXY_UNREACHABLE', detail: 'PAC' },
  });
});

test('no serious accessibility findings, no errors in the console', () => {
  expect(reportScreens('a11y-network')).toEqual([]);
  expect(app.errors).toEqual([]);
});
