/**
 * Threads in real windows: an answer beside the conversation, counted for itself on both devices of the person it is
 * for, read in its pane on one and with that on the other; found by a search where it stands; all of it by keyboard.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationRow,
  createGroup,
  message,
  openWith,
  readView,
  say,
  timeline,
  until,
} from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { bothThemes, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const group = 'Cooling plant';
const root = 'B2 tripped again at 06:40.';

let server: ServerProcess;
let laptop: DesktopApp;
let desk: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ada Lovelace', 'Ben Okafor', 'Cleo Marsh']);
  if (!first || !second) throw new Error('three people were registered');
  const serverUrl = server.url;
  laptop = await launchApp({ profileDir: await makeProfile(), serverUrl, person: first });
  desk = await launchApp({ profileDir: await makeProfile(), serverUrl, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl, person: second });
  for (const { page } of [laptop, desk, ben]) await page.setViewportSize({ width: 1280, height: 800 });
});

afterAll(async () => {
  await disposeApps(laptop, desk, ben);
  await server?.dispose();
});

/** What the list says of the group, and the badge. */
async function listed({
  page,
}: DesktopApp): Promise<readonly [unread: number, inThreads: number, badge: number]> {
  const { rows, meta } = await readView(page, 'conversations', { filter: 'all', offset: 0, limit: 50 });
  const row = rows.find(({ title }) => title === group);
  return [row?.unread ?? -1, row?.threadUnread ?? -1, meta.unreadConversations];
}

async function bothShow(expected: readonly [number, number, number]): Promise<void> {
  for (const app of [laptop, desk]) {
    await until(
      `the list shows ${expected.join()}`,
      () => listed(app),
      (seen) => seen.join() === expected.join(),
      20_000,
    );
  }
}

function pane(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Thread' });
}

/** From the text field back to the newest message, then up to the one with this text. */
async function goToMessage(page: Page, text: string): Promise<void> {
  const isOnMessage = (): Promise<boolean> =>
    page.evaluate(() => document.activeElement?.hasAttribute('data-message') === true);
  for (let at = 0; at < 12 && !(await isOnMessage()); at += 1) await page.keyboard.press('Shift+Tab');
  const focused = message(page, text).and(page.locator(':focus'));
  for (let at = 0; at < 12 && !(await focused.isVisible()); at += 1) await page.keyboard.press('ArrowUp');
  await focused.waitFor();
}

/** Opens the thread of a message and answers in it, by keys alone. */
async function answer(page: Page, text: string, reply: string): Promise<void> {
  await composer(page, group).focus();
  await goToMessage(page, text);
  await page.keyboard.press('t');
  await pane(page)
    .getByRole('textbox', { name: 'Reply in the thread' })
    .and(page.locator(':focus'))
    .waitFor();
  await page.keyboard.type(reply);
  await page.keyboard.press('Enter');
  await pane(page).getByRole('article').filter({ hasText: reply }).waitFor();
}

test('an answer in a thread counts for itself, for those it is for', async () => {
  await createGroup(laptop.page, group, ['Ben Okafor', 'Cleo Marsh']);
  await say(laptop.page, group, root);
  await conversationRow(ben.page, group).click();
  await message(ben.page, root).waitFor();
  await say(ben.page, group, 'Morning.');
  // The others are not there: what comes is unread to them.
  for (const { page } of [laptop, desk]) await openWith(page, 'Cleo Marsh');
  await bothShow([1, 0, 1]);
  await answer(ben.page, root, 'The sensor is old');
  await bothShow([2, 1, 1]);
  const rootRow = (await timeline(desk.page, group)).find(({ text }) => text === root);
  expect(rootRow?.thread).toMatchObject({ replies: 1, unread: 1 });
  expect((await listed(ben))[0]).toBe(0);
});

test('reading the conversation leaves the thread unread; reading its pane reads it on both devices', async () => {
  const { page } = laptop;
  await laptop.focus();
  await conversationRow(page, group).click();
  await message(page, 'Morning.').waitFor();
  await bothShow([1, 1, 1]);
  await message(page, root).getByText('1 reply, 1 new').waitFor();
  await bothThemes(page, 'thread-new');
  await composer(page, group).focus();
  await goToMessage(page, root);
  await page.keyboard.press('t');
  await pane(page).getByRole('article').filter({ hasText: 'The sensor is old' }).waitFor();
  await bothShow([0, 0, 0]);
  expect(await page.getByRole('button', { name: /new reply in threads/ }).count()).toBe(0);
});

test('a person who answered follows the thread; the header leads to what is new in it', async () => {
  await openWith(ben.page, 'Cleo Marsh');
  const field = pane(laptop.page).getByRole('textbox', { name: 'Reply in the thread' });
  await field.focus();
  await laptop.page.keyboard.type('A new one is on its way, @Be');
  await laptop.page.getByRole('option', { name: 'Ben Okafor' }).waitFor();
  await laptop.page.keyboard.press('Enter');
  await laptop.page.keyboard.press('Enter');
  await until(
    'the reply, and that it names him',
    () => readView(ben.page, 'conversations', { filter: 'mentions', offset: 0, limit: 10 }),
    ({ rows }) => rows[0]?.title === group && rows[0].mentions === 1 && rows[0].threadUnread === 1,
    20_000,
  );
  await ben.focus();
  await conversationRow(ben.page, group).click();
  const lead = ben.page.getByRole('button', { name: '1 new reply in threads. Open the thread' });
  await lead.focus();
  await ben.page.keyboard.press('Enter');
  const reply = pane(ben.page).getByRole('article').filter({ hasText: 'A new one is on its way' });
  await reply.locator('.mention.own', { hasText: '@Ben Okafor' }).waitFor();
  await bothThemes(ben.page, 'thread');
  await until(
    'the thread is read',
    () => listed(ben),
    ([unread]) => unread === 0,
    20_000,
  );
});

test('a reply that is found opens in its thread, with focus on it', async () => {
  const { page } = desk;
  await desk.focus();
  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('combobox', { name: 'Search all messages' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('sensor old');
  const results = page.getByRole('listbox', { name: 'Search results' }).getByRole('option');
  await results.filter({ hasText: 'The sensor is old' }).waitFor();
  await page.keyboard.press('Enter');
  const found = pane(page).getByRole('article').filter({ hasText: 'The sensor is old' });
  await found.and(page.locator(':focus')).waitFor();
  await message(page, root).first().waitFor();
});

test('axe found nothing serious', () => {
  expect(reportScreens('a11y-threads')).toEqual([]);
});
