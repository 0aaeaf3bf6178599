/**
 * Announcements in real windows: a channel for everybody, read and acknowledged without a server, and its reach for who
 * runs it.
 */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { composer, conversationRow, message, readView, timeline, until } from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { bothThemes, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const title = 'Site notices';
let server: ServerProcess;
let ann: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ann', 'Ben', 'Cleo']);
  if (!first || !second) throw new Error('three people were registered');
  const serverUrl = server.url;
  ann = await launchApp({ profileDir: await makeProfile(), serverUrl, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl, person: second });
  for (const { page } of [ann, ben]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await until(
      'the others are known',
      () => readView(page, 'people', { query: '', limit: 10 }),
      ({ rows }) => rows.length === 2,
      20_000,
    );
  }
});

afterAll(async () => {
  await disposeApps(ann, ben);
  await server?.dispose();
});

test('who runs the organization opens a channel; everybody is in it, and only they can write', async () => {
  const { page } = ann;
  await page.keyboard.press('Control+3');
  await page.getByRole('button', { name: 'Open a channel' }).click();
  await page.getByRole('button', { name: 'New announcement channel' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill(title);
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await composer(page, title).waitFor();
  await ben.page.keyboard.press('Control+3');
  await conversationRow(ben.page, title).click({ timeout: 20_000 });
  await ben.page.getByText('Announcements · 3 members').first().waitFor();
  await ben.page
    .getByRole('main')
    .getByText('Only announcers can post here. You can react, or ask in a direct message.')
    .waitFor();
  await composer(ben.page, title).waitFor({ state: 'detached' });
});

test('an announcement is acknowledged without a server, for good', async () => {
  await ann.page.getByRole('button', { name: 'Ask everybody to acknowledge' }).click();
  await composer(ann.page, title).fill('**Fire drill on Thursday at 11:00**\nLeave by the nearest exit.');
  await composer(ann.page, title).press('Enter');
  const asked = ben.page.getByRole('button', { name: 'Acknowledge', exact: true });
  await asked.waitFor({ timeout: 20_000 });
  await bothThemes(ben.page, 'announcement');
  await server.kill9();
  await ben.page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });
  await asked.click();
  await ben.page.getByText('Acknowledged, waits to be sent').waitFor();
  expect(await asked.isVisible()).toBe(false);
  server = await server.restart();
  await ben.page.getByText('Acknowledged', { exact: true }).waitFor({ timeout: 60_000 });
  await ann.page.getByRole('button', { name: /· 1 acknowledged$/ }).waitFor({ timeout: 60_000 });
});

test('who runs it sees how far it got, who has not, and takes that along as a file', async () => {
  await ann.page.getByRole('button', { name: /^Seen by . of 2 · 1 acknowledged$/ }).click();
  const pane = ann.page.getByRole('complementary', { name: 'Details' });
  await pane.getByRole('radio', { name: 'Acknowledged' }).check({ force: true });
  await pane.getByRole('listitem').filter({ hasText: 'Cleo' }).waitFor({ timeout: 20_000 });
  expect(await pane.getByRole('listitem').count()).toBe(1);
  await bothThemes(ann.page, 'announcement-reach');
  const file = join(tmpdir(), `reach-${process.pid}.csv`);
  await ann.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await pane.getByRole('button', { name: 'Export as CSV' }).click();
  const csv = await until(
    'the file is there',
    () => readFile(file, 'utf8').catch(() => ''),
    (text) => text !== '',
    10_000,
  );
  expect(csv).toContain('Everybody,2,');
  expect(csv).toContain('Cleo');
});

/** What this window's core decided about telling of a message of the channel; null: nothing yet. */
async function decisionOn(page: Page, text: string): Promise<string | null> {
  const row = (await timeline(page, title)).find((each) => each.text?.startsWith(text));
  if (!row) return null;
  const result = await page.evaluate(
    (messageId) => window.curlew.invoke('notification.why', { messageId }),
    row.id,
  );
  return result.ok ? (result.value.why?.outcome ?? null) : null;
}

test('an urgent one notifies whoever is not to be disturbed, once the organization allows it', async () => {
  const { page } = ann;
  await page.keyboard.press('Control+,');
  await page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: 'Organization' })
    .click();
  const rule = page.getByRole('radiogroup', { name: 'Urgent announcements' });
  await rule.getByText('Allowed', { exact: true }).click();
  await ben.page.keyboard.press('Control+4');
  await ben.page.evaluate(() =>
    window.curlew.invoke('account.setStatus', { status: { state: 'dnd', untilMs: null } }),
  );
  await page.keyboard.press('Control+3');
  const urgent = page.getByRole('button', { name: 'Mark as urgent' });
  await urgent.waitFor();
  await composer(page, title).fill('The canteen opens at noon');
  await composer(page, title).press('Enter');
  await urgent.click();
  await composer(page, title).fill('Gas alarm: leave building B now');
  await composer(page, title).press('Enter');
  await message(page, 'Gas alarm').getByText('Urgent', { exact: true }).waitFor();
  const whyOf = (text: string) =>
    until(
      'it was decided about',
      () => decisionOn(ben.page, text),
      (why) => why !== null,
    );
  expect(await whyOf('The canteen')).toBe('dnd');
  expect(['handed', 'shown', 'refused', 'focused']).toContain(await whyOf('Gas alarm'));
  await ben.page.keyboard.press('Control+3');
  await message(ben.page, 'Gas alarm').getByText('Urgent', { exact: true }).waitFor({ timeout: 20_000 });
  await bothThemes(ben.page, 'announcement-urgent');
});

test('a reader reacts, and asks who wrote it', async () => {
  await message(ben.page, 'Leave by the nearest exit.').focus();
  await ben.page.keyboard.press('Enter');
  await ben.page.getByRole('menuitem', { name: 'React with 👍' }).click();
  await ben.page.getByRole('button', { name: /^👍, 1 reaction/ }).waitFor();
  await ben.page.getByRole('button', { name: 'Message Ann' }).click();
  await composer(ben.page, 'Ann').waitFor();
});

test('no screen has a serious finding, and no window logged an error', () => {
  expect(reportScreens('a11y-announcements')).toEqual([]);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});
