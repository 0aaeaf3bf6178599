/**
 * How long messages live, in two real windows: what happened to the conversation stands in both, messages disappear in
 * both, and a device that was off when their time ended never shows them again, also without a network.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  conversationId,
  conversationRow,
  createGroup,
  message,
  openWith,
  readView,
  say,
  until,
} from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { checkScreen, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ann: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ann', 'Ben']);
  if (!first || !second) throw new Error('two people were registered');
  const serverUrl = server.url;
  ann = await launchApp({ profileDir: await makeProfile(), serverUrl, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl, person: second });
  for (const { page } of [ann, ben]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await until(
      'the other is known',
      () => readView(page, 'people', { query: '', limit: 10 }),
      ({ rows }) => rows.length === 1,
      20_000,
    );
  }
});

afterAll(async () => {
  await disposeApps(ann, ben);
  await server?.dispose();
});

async function details(page: Page) {
  const pane = page.getByRole('complementary', { name: 'Details' });
  if (!(await pane.isVisible())) await page.keyboard.press('Control+Shift+D');
  await pane.waitFor();
  return pane;
}

/** In light and dark, with an accessibility check of each. */
async function picture(page: Page, name: string): Promise<void> {
  for (const look of ['light', 'dark'] as const) {
    await page.evaluate((theme) => window.curlew.invoke('preferences.set', { theme }), look);
    await page.waitForTimeout(300);
    await checkScreen(page, `${name}-${look}`);
  }
  await page.evaluate(() => window.curlew.invoke('preferences.set', { theme: 'light' }));
}

/** A shorter life than the window offers. */
async function setLife(page: Page, title: string, messageTtlMs: number): Promise<void> {
  const id = await conversationId(page, title);
  const result = await page.evaluate(
    ([conversation, ttl]) =>
      window.curlew.invoke('conversation.setTtl', { conversationId: conversation, messageTtlMs: ttl }),
    [id, messageTtlMs] as const,
  );
  expect(result.ok).toBe(true);
}

test('what happens to a group stands in quiet rows, in both windows alike', async () => {
  await createGroup(ann.page, 'North team', ['Ben']);
  await say(ann.page, 'North team', 'Pumps are back');
  await message(ann.page, 'Pumps are back')
    .getByLabel(/^(Sent|Delivered|Read)$/)
    .waitFor();
  await conversationRow(ben.page, 'North team').click();
  const pane = await details(ann.page);
  await pane.getByRole('combobox', { name: 'Disappearing messages' }).selectOption({ label: '1 week' });
  await ann.page.getByText('You set messages to disappear after 1 week').waitFor();
  await ben.page.getByText('Ann set messages to disappear after 1 week').waitFor();
  await say(ann.page, 'North team', 'This one goes in a week');
  await message(ben.page, 'This one goes in a week')
    .getByRole('img', { name: 'Messages disappear' })
    .waitFor();
  await picture(ann.page, 'disappearing');
});

test('a message disappears in both windows', async () => {
  await openWith(ann.page, 'Ben');
  await say(ann.page, 'Ben', 'This one stays');
  await conversationRow(ben.page, 'Ann').click();
  await message(ben.page, 'This one stays').waitFor();
  await setLife(ann.page, 'Ben', 5_000);
  await ben.page.getByText('Ann set messages to disappear after 5 seconds').waitFor();
  await say(ann.page, 'Ben', 'Soon gone');
  await message(ben.page, 'Soon gone').waitFor();
  for (const { page } of [ann, ben]) {
    await message(page, 'Soon gone').waitFor({ state: 'detached', timeout: 12_000 });
    await message(page, 'This one stays').waitFor();
  }
});

test('a device that was off when the time ended never shows the message, also without a server', async () => {
  await setLife(ann.page, 'Ben', 12_000);
  await ben.page.getByText('Ann set messages to disappear after 12 seconds').waitFor();
  await say(ann.page, 'Ben', 'Never seen again');
  await message(ben.page, 'Never seen again').waitFor();
  const { profileDir } = ben;
  await ben.kill9();
  await server.kill9();
  await ann.page.waitForTimeout(13_000);
  ben = await launchApp({ profileDir });
  // Everything the window shows from its first moment on.
  const seen: string[] = [];
  const untilMs = Date.now() + 8_000;
  let isThere = false;
  while (Date.now() < untilMs && !isThere) {
    seen.push(await ben.page.evaluate(() => document.body?.textContent ?? ''));
    isThere = await conversationRow(ben.page, 'Ann').isVisible();
  }
  await conversationRow(ben.page, 'Ann').click();
  await message(ben.page, 'This one stays').waitFor();
  seen.push(await ben.page.evaluate(() => document.body.textContent ?? ''));
  expect(seen.filter((text) => text.includes('Never seen again'))).toEqual([]);
  expect(await message(ben.page, 'was deleted').count()).toBe(0);
  server = await server.restart();
});

test('the organization says how long messages are kept, and whether reading is shown', async () => {
  const { page } = ann;
  await page.keyboard.press('Control+,');
  await page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: 'Organization' })
    .click();
  await page.getByRole('combobox', { name: 'Keep messages' }).scrollIntoViewIfNeeded();
  await picture(page, 'organization-lifetime');
});

test('no screen has a serious accessibility finding, and no window an error', () => {
  expect(reportScreens('a11y-lifetime')).toEqual([]);
  expect(ann.errors.filter((text) => !text.includes('ERR_CONNECTION'))).toEqual([]);
});
