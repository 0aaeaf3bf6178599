/**
 * One app, two accounts on two servers: both receive and send whichever one shows, one badge counts for both, the
 * keyboard leads from one to the other, and nothing of one ever stands in the other.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { must } from '@curlew/shared/lib/result.ts';
import { launchApp, makeProfile, removeProfile, type DesktopApp } from './support/app.ts';
import { startDesktopServices, type DesktopServices } from './support/desktop-services.ts';
import { composer, conversationRow, message, openWith, readView, say, until } from './support/gestures.ts';
import { startCore, type HeadlessCore } from './support/headless.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let services: DesktopServices;
const servers: ServerProcess[] = [];
/** Ada and whom she writes with, on each of the servers. */
const pairs: { readonly ada: TestPerson; readonly peer: TestPerson; readonly core: HeadlessCore }[] = [];
const folders: string[] = [];
let profileDir: string;
let app: DesktopApp;

beforeAll(async () => {
  services = await startDesktopServices();
  for (const names of [
    ['Ada Heron', 'Ben'],
    ['Ada Volunteer', 'Cleo'],
  ]) {
    const server = await startServer();
    servers.push(server);
    const [ada, peer] = await registerPeople(server, names);
    const dataDir = await mkdtemp(join(tmpdir(), 'curlew-peer-'));
    folders.push(dataDir);
    const core = await startCore({ dataDir, serverUrl: server.url, keyring: new Map() });
    const [me, other] = [must(ada, 'registered'), must(peer, 'registered')];
    await core.invoke('session.signIn', {
      serverUrl: server.url,
      email: other.email,
      password: other.password,
    });
    pairs.push({ ada: me, peer: other, core });
  }
  profileDir = await makeProfile();
  const { ada } = must(pairs[0], 'two pairs');
  app = await launchApp({ profileDir, serverUrl: must(servers[0], 'two servers').url, person: ada });
  await watchBadge();
});
afterAll(async () => {
  await app?.close();
  for (const { core } of pairs) await core.stop();
  for (const server of servers) await server.dispose();
  services.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await removeProfile(profileDir);
});

const pair = (at: 0 | 1) => must(pairs[at], 'two pairs');
const server = (at: 0 | 1) => must(servers[at], 'two servers');

/** Most Linux desktops show no number; what would be shown is kept. */
async function watchBadge(): Promise<void> {
  await app.electron.evaluate(({ app: electron }) => {
    electron.setBadgeCount = (count = 0) => {
      Object.assign(globalThis, { shownBadge: count });
      return true;
    };
  });
}
const badge = () => app.electron.evaluate(() => Number(Reflect.get(globalThis, 'shownBadge') ?? 0));
const shown = async (page: Page) => (await readView(page, 'accounts', {})).meta.current;

async function peerSays(at: 0 | 1, text: string): Promise<void> {
  const { core, ada } = pair(at);
  const opened = await until(
    'the peer knows Ada',
    () => core.invoke('conversation.openDirect', { userId: ada.userId }),
    ({ ok }) => ok,
  );
  if (!opened.ok) return;
  await core.invoke('message.send', { conversationId: opened.value.conversationId, text, replyTo: null });
}

async function peerHas(at: 0 | 1): Promise<readonly string[]> {
  const { core } = pair(at);
  const { rows } = await core.read('conversations', { filter: 'all', offset: 0, limit: 10 });
  const texts: string[] = [];
  for (const { id } of rows) {
    const timeline = await core.read('timeline', { conversationId: id, at: { kind: 'end' }, limit: 50 });
    texts.push(
      ...timeline.rows.flatMap((row) => (row.kind === 'message' && row.text !== null ? [row.text] : [])),
    );
  }
  return texts;
}

/** Goes to an account with the keyboard alone. */
async function switchTo(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+O');
  await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await until(
    `${name} is reached with the arrow keys`,
    async () => {
      await page.keyboard.press('ArrowDown');
      return await focused();
    },
    (text) => text.includes(name),
  );
  await page.keyboard.press('Enter');
}

it('adds a second account beside the first one, which goes on receiving', async () => {
  const { page } = app;
  await openWith(page, 'Ben');
  await page.keyboard.press('Control+Shift+O');
  await page.getByRole('menuitem', { name: 'Add account…' }).click();
  await page.getByRole('button', { name: /^Back to Ada Heron/ }).waitFor();
  const { ada } = pair(1);
  // The address the app was started with is offered first.
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('textbox', { name: 'Server' }).fill(server(1).url);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await openWith(page, 'Cleo');
  await page.keyboard.press('Control+1');

  await peerSays(0, 'For the account out of sight');
  await peerSays(1, 'For the account in sight');
  await message(page, 'For the account in sight').waitFor();
  await expect
    .poll(() => services.notifications.map(({ body }) => body))
    .toContain('For the account out of sight');
  expect(await page.getByText('For the account out of sight').count()).toBe(0);
  await expect.poll(badge).toBeGreaterThanOrEqual(1);
});

it('counts both on one badge and goes from one to the other by keyboard', async () => {
  const { page } = app;
  await switchTo(page, 'Ada Heron');
  await conversationRow(page, 'Ben').waitFor();
  expect(await shown(page)).toBe('1');
  expect(await page.getByText('Cleo').count()).toBe(0);
  await page.keyboard.press('Control+Shift+O');
  await page.getByRole('menuitem', { name: /^Ada Volunteer/ }).waitFor();
  await bothThemes(page, 'accounts-menu');
  const unread = async () =>
    (await readView(page, 'accounts', {})).meta.accounts.reduce((sum, each) => sum + each.unread, 0);
  await until(
    'the badge adds both up',
    async () => ({ shown: await badge(), unread: await unread() }),
    (seen) => seen.unread > 0 && seen.shown === seen.unread,
  );
  await page.keyboard.press('Escape');
});

it('shows the account a notification or a link is of', async () => {
  const { page } = app;
  await peerSays(1, 'Come over here');
  const notice = await until(
    'the notification is there',
    () => Promise.resolve(services.notifications.find(({ body }) => body.includes('Come over here'))),
    Boolean,
  );
  services.click(must(notice, 'it was waited for'));
  await message(page, 'Come over here').waitFor();
  expect(await shown(page)).toBe('2');
  const link = `curlew://item?type=ticket&id=FM-1&server=${encodeURIComponent(server(0).url)}`;
  await app.electron.evaluate(({ app: electron }, url) => {
    electron.emit('second-instance', {}, [url], '');
  }, link);
  await until(
    'the link leads to its server',
    () => shown(page).catch(() => ''),
    (id) => id === '1',
  );
  const dialog = page.getByRole('dialog', { name: 'New conversation' });
  await until(
    'and asks for the item there',
    () => dialog.getByRole('textbox', { name: 'Key' }).inputValue(),
    (key) => key === 'FM-1',
  );
  // A page that loads anew stays in its account.
  await page.reload();
  await conversationRow(page, 'Ben').waitFor();
  expect(await shown(page)).toBe('1');
});

it('keeps what is written offline in each, over a restart, and sends it from where it belongs', async () => {
  let { page } = app;
  await openWith(page, 'Ben');
  for (const each of servers) await each.stop();
  await say(page, 'Ben', 'Offline for Ben');
  await message(page, 'Offline for Ben').waitFor();
  await composer(page, 'Ben').fill('Half a thought for Ben');
  // At once, as a notification might: the page that goes away has not kept its draft yet.
  await page.evaluate(() => window.curlew.invoke('accounts.show', { account: '2' }));
  await openWith(page, 'Cleo');
  await say(page, 'Cleo', 'Offline for Cleo');
  await message(page, 'Offline for Cleo').waitFor();
  expect(await page.getByText('Offline for Ben').count()).toBe(0);
  await app.close();

  for (const [at, each] of servers.entries()) servers[at] = await each.restart();
  app = await launchApp({ profileDir });
  ({ page } = app);
  await conversationRow(page, 'Cleo').waitFor();
  expect(await shown(page)).toBe('2');
  await expect.poll(() => peerHas(0), { timeout: 30_000 }).toContain('Offline for Ben');
  await expect.poll(() => peerHas(1), { timeout: 30_000 }).toContain('Offline for Cleo');
  expect(await peerHas(0)).not.toContain('Offline for Cleo');
  expect(await peerHas(1)).not.toContain('Offline for Ben');
  await switchTo(page, 'Ada Heron');
  await openWith(page, 'Ben');
  await expect.poll(() => composer(page, 'Ben').inputValue()).toBe('Half a thought for Ben');
});

it('leaves the other one signed in when one signs out', async () => {
  const { page } = app;
  await composer(page, 'Ben').fill('');
  await page.keyboard.press('Control+,');
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await page.getByRole('button', { name: 'Show Ada Volunteer' }).first().waitFor();
  await bothThemes(page, 'accounts-settings');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await conversationRow(page, 'Cleo').waitFor();
  expect((await readView(page, 'accounts', {})).meta.accounts).toMatchObject([{ name: 'Ada Volunteer' }]);
  expect(app.errors).toEqual([]);
});
