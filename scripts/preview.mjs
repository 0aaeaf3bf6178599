/**
 * Screenshots of the preview: `node scripts/preview.mjs <out folder> [name…]`. Builds the preview,
 * serves it from memory and opens it in a Chromium of this machine. For looking, not for tests.
 */
import { createServer } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const here = path.resolve(import.meta.dirname, '../desktop/src/renderer/preview');
const out = path.resolve(process.argv[2] ?? 'reports/preview');
const only = process.argv.slice(3);
const dist = path.join(out, 'build');
await mkdir(out, { recursive: true });
await build({
  root: here,
  base: './',
  logLevel: 'error',
  configFile: false,
  oxc: { jsx: { runtime: 'automatic' } },
  build: { outDir: dist, emptyOutDir: true, target: 'chrome130', modulePreload: { polyfill: false } },
});

/** @type {Record<string, string>} */
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
const serve = async (request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname;
  const file = path.join(dist, name === '/' ? 'index.html' : name);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
  return response.end(await readFile(file));
};
const server = createServer((request, response) => {
  serve(request, response).catch((error) => response.destroy(error instanceof Error ? error : undefined));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
const address = server.address();
const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;

const wide = { width: 1280, height: 800 };
const narrow = { width: 420, height: 800 };
/**
 * @typedef {{ query: string, size: { width: number, height: number }, act?: (page: import('playwright-core').Page) => Promise<unknown> }} Shot
 * @type {Record<string, Shot>}
 */
const shots = {
  'sign-in': { query: 'scene=unreachable&theme=dark', size: wide },
  'sign-in-first': { query: 'scene=none', size: wide },
  setup: {
    query: 'scene=setup',
    size: wide,
    act: async (page) => {
      await page.getByRole('button', { name: 'Create an account' }).click();
      await page.getByLabel('Password', { exact: true }).fill('some long pass');
    },
  },
  main: { query: 'open=1', size: wide },
  'main-dark': { query: 'open=1&theme=dark', size: wide },
  'main-contrast': { query: 'open=1&theme=dark&contrast=high', size: wide },
  compact: { query: 'open=1&density=compact', size: wide },
  details: { query: 'open=1&details', size: wide },
  info: {
    query: 'open=1',
    size: wide,
    act: async (page) => {
      await page.getByRole('article', { name: /Two weeks/ }).focus();
      await page.keyboard.press('i');
    },
  },
  menu: {
    query: 'open=1',
    size: wide,
    act: async (page) =>
      page
        .getByRole('article', { name: /B2 tripped/ })
        .first()
        .click({ button: 'right' }),
  },
  emoji: {
    query: 'open=1',
    size: wide,
    act: async (page) => page.getByRole('button', { name: 'Emoji' }).click(),
  },
  delete: {
    query: 'open=1',
    size: wide,
    act: async (page) => {
      await page.getByRole('article', { name: /Two weeks/ }).focus();
      await page.keyboard.press('Delete');
    },
  },
  reply: {
    query: 'open=1',
    size: wide,
    act: async (page) => {
      await page
        .getByRole('article', { name: /B2 tripped/ })
        .first()
        .focus();
      await page.keyboard.press('r');
      await page.keyboard.type('On it');
    },
  },
  offline: {
    query: 'open=1&scene=offline',
    size: wide,
    act: async (page) => page.getByRole('button', { name: /Offline ·/ }).click(),
  },
  outbox: { query: 'section=outbox&scene=outbox&theme=dark', size: wide },
  people: { query: 'section=people', size: wide },
  account: { query: 'settings=account', size: wide },
  devices: { query: 'settings=devices', size: wide },
  privacy: { query: 'settings=privacy', size: wide },
  'status-menu': {
    query: 'open=1',
    size: wide,
    act: async (page) => page.getByRole('button', { name: /Account and status/ }).click(),
  },
  'status-dialog': {
    query: 'open=1',
    size: wide,
    act: async (page) => {
      await page.getByRole('button', { name: /Account and status/ }).click();
      await page.getByRole('menuitem', { name: 'Write a status…' }).click();
    },
  },
  appearance: { query: 'settings=appearance', size: wide },
  about: { query: 'settings=about', size: wide },
  empty: { query: 'scene=empty', size: wide },
  'none-open': { query: '', size: wide },
  'first-sync': { query: 'scene=firstSync', size: wide },
  notices: { query: 'scene=notices&open=1', size: wide },
  switcher: { query: 'dialog=switcher&open=1', size: wide },
  'new-conversation': { query: 'dialog=newConversation&open=1', size: wide },
  long: { query: 'open=1&scene=long', size: wide },
  unread: { query: 'open=1&scene=long&unread=960', size: wide },
  'narrow-list': { query: '', size: narrow },
  'narrow-chat': { query: 'open=1', size: narrow },
  'narrow-settings': { query: 'settings=account', size: narrow },
};

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const [name, shot] of Object.entries(shots)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const page = await browser.newPage({ viewport: shot.size });
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) console.log(`${name}: ${line.text()}`);
  });
  page.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
  await page.goto(`${base}?${shot.query}`);
  await page.waitForTimeout(700);
  if (shot.act) {
    await shot.act(page).catch((error) => console.log(`${name}: ${error.message}`));
    await page.waitForTimeout(500);
  }
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  await page.close();
}
await browser.close();
server.close();
