/** Every main screen in a real window, in light and dark: a screenshot, no serious axe finding, no console error. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationRow,
  fillGroup,
  message,
  openWith,
  say,
  timeline,
  until,
} from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { bothThemes, checkScreen, reportScreens, setTheme } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ada: DesktopApp;
let ben: DesktopApp;
let fresh: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, [
    'Ada Lovelace',
    'Ben Okafor',
    'Cleo Marsh',
    'Dmitri Vale',
    'Esther Lind',
  ]);
  if (!first || !second) throw new Error('five people were registered');
  ada = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: second });
  fresh = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url });
  for (const app of [ada, ben, fresh]) await app.page.setViewportSize({ width: 1280, height: 800 });
});

afterAll(async () => {
  await disposeApps(ada, ben, fresh);
  await server?.dispose();
});

/** The nodes a page holds, those that are no longer shown among them. */
async function countNodes(page: Page): Promise<number> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Performance.enable');
  await browser.send('HeapProfiler.collectGarbage');
  const { metrics } = await browser.send('Performance.getMetrics');
  await browser.detach();
  return must(
    metrics.find(({ name }) => name === 'Nodes'),
    'Chromium counts nodes',
  ).value;
}

/** Previews in the list whose first letter lies outside of their box. Runs in the page. */
function hiddenBeginnings(): string[] {
  return [...document.querySelectorAll('.pv .tx')].flatMap((line) => {
    const text = line.firstChild;
    if (!text?.textContent) return [];
    const first = document.createRange();
    first.setStart(text, 0);
    first.setEnd(text, 1);
    const [letter, box] = [first.getBoundingClientRect(), line.getBoundingClientRect()];
    return letter.left >= box.left - 1 && letter.right <= box.right + 1 ? [] : [text.textContent];
  });
}

test('sign in, create an account, no answer from the server', async () => {
  const { page } = fresh;
  await page.getByRole('button', { name: 'Sign in' }).first().waitFor();
  await bothThemes(page, 'sign-in');
  await page
    .getByRole('button', { name: 'Create an account' })
    .or(page.getByRole('link', { name: 'Create an account' }))
    .click();
  await page.getByText('Step 1 of 2').waitFor();
  await bothThemes(page, 'create-account');
});

test('first run: nothing here yet', async () => {
  await ada.page.getByText('No conversations yet').waitFor();
  await bothThemes(ada.page, 'first-run');
});

test('the main window with a conversation', async () => {
  await openWith(ben.page, 'Ada Lovelace');
  for (const text of ['Morning. B2 tripped again at 06:40.', 'Can someone check the sensor?'])
    await say(ben.page, 'Ada Lovelace', text);
  await ada.focus();
  await conversationRow(ada.page, 'Ben Okafor').click();
  await message(ada.page, 'Can someone check the sensor?').waitFor();
  await say(ada.page, 'Ben Okafor', 'I can be there at 10:30 with the spare sensor.');
  await message(ben.page, 'spare sensor').waitFor();
  const rows = await timeline(ben.page, 'Ada Lovelace');
  const target = rows.at(-1);
  if (!target) throw new Error('three messages were written');
  await ben.page.evaluate(
    async ([id, conversation]) => {
      await window.curlew.invoke('message.react', {
        conversationId: conversation,
        messageId: id,
        emoji: '🙏',
        on: true,
      });
    },
    [
      target.id,
      await until(
        'the id',
        () =>
          ben.page.evaluate(async () => {
            const list = await window.curlew.openView('conversations', {
              filter: 'all',
              offset: 0,
              limit: 10,
            });
            return list.ok ? (list.value.state.order[0] ?? '') : '';
          }),
        (id) => id !== '',
      ),
    ] as const,
  );
  await message(ada.page, 'spare sensor').getByRole('button', { name: /🙏/u }).waitFor();
  for (const name of ['Cleo Marsh', 'Dmitri Vale']) {
    await openWith(ada.page, name);
    await say(ada.page, name, `Hello ${name.split(' ')[0]}`);
  }
  await composer(ada.page, 'Dmitri Vale').fill('Could you check the badge reader');
  await conversationRow(ada.page, 'Ben Okafor').click();
  await message(ada.page, 'spare sensor').waitFor();
  await bothThemes(ada.page, 'main');
  await setTheme(ada.page, 'light', 'high');
  await checkScreen(ada.page, 'main-high-contrast-light');
  await setTheme(ada.page, 'dark', 'high');
  await checkScreen(ada.page, 'main-high-contrast-dark');
  await setTheme(ada.page, 'light');
});

test('message actions, emoji, message info and delete', async () => {
  const { page } = ada;
  const own = message(page, 'spare sensor');
  await own.click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await bothThemes(page, 'message-actions');
  await page.getByRole('menuitem', { name: 'Message info' }).click();
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await bothThemes(page, 'message-info');
  await page.keyboard.press('Control+Shift+D');
  await own.click({ button: 'right' });
  await page.getByRole('menuitem', { name: /Delete for everyone/ }).click();
  await page.getByRole('alertdialog').waitFor();
  await bothThemes(page, 'delete-confirm');
  await page.getByRole('button', { name: 'Keep message' }).click();
  await composer(page, 'Ben Okafor').focus();
  await page.keyboard.press('Control+e');
  await page.getByRole('grid').first().waitFor();
  await bothThemes(page, 'emoji-picker');
  await page.keyboard.press('Escape');
});

test('switcher, new conversation, people, settings', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('e');
  await bothThemes(page, 'quick-switcher');
  // Keys of the app rest until a closing dialog is gone.
  const closeSwitcher = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Search or jump to' }).waitFor({ state: 'hidden' });
  };
  await closeSwitcher();
  // What was closed is let go of: nothing of it stays in memory.
  const before = await countNodes(page);
  for (let n = 0; n < 5; n += 1) {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or jump to' }).fill('e');
    await page.getByRole('option', { name: /Esther/ }).waitFor();
    await closeSwitcher();
  }
  expect((await countNodes(page)) - before).toBeLessThan(100);
  await page.keyboard.press('Control+n');
  await page.getByRole('dialog', { name: 'New conversation' }).waitFor();
  await bothThemes(page, 'new-conversation');
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'People' }).click();
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await bothThemes(page, 'people');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  for (const section of [
    'Account',
    'Devices',
    'Notifications',
    'Appearance',
    'Keyboard',
    'About and diagnostics',
  ]) {
    await page
      .getByRole('navigation', { name: 'Settings sections' })
      .getByRole('button', { name: section })
      .click();
    await bothThemes(page, `settings-${section.split(' ')[0]?.toLowerCase()}`);
  }
  await page.keyboard.press('Escape');
});

test('a group: its making, its conversation, its details', async () => {
  const { page } = ada;
  await fillGroup(page, 'B2 sensor replacement', ['Ben Okafor', 'Cleo Marsh', 'Dmitri Vale']);
  await page.getByRole('combobox', { name: 'People' }).fill('es');
  await page.getByRole('option', { name: /Esther/ }).waitFor();
  await bothThemes(page, 'new-group');
  await page.getByRole('button', { name: 'Create with 3 people' }).click();
  const title = 'B2 sensor replacement';
  await say(page, title, 'The spare sensor is in my van. Who has the key for the server room?');
  await conversationRow(ben.page, title).click();
  await message(ben.page, 'spare sensor').waitFor();
  await say(ben.page, title, 'I do. Reception has the other one.');
  await say(ben.page, title, 'Shall we say 10:30?');
  await message(page, '10:30').waitFor();
  await say(page, title, '10:30 it is. I’ll bring the old readings.');
  await message(ben.page, 'old readings').waitFor();
  await ben.focus();
  await message(page, 'old readings').getByRole('img', { name: 'Seen by Ben Okafor' }).waitFor();
  await ada.focus();
  await message(page, 'Reception has').focus();
  await page.keyboard.press('p');
  await composer(page, title).focus();
  await bothThemes(page, 'group');
  await page.keyboard.press('Control+Shift+D');
  const pane = page.getByRole('complementary', { name: 'Details' });
  await pane.getByRole('button', { name: 'Actions for Ben Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Make moderator' }).click();
  await pane.getByText('Moderator').waitFor();
  await composer(page, title).focus();
  await bothThemes(page, 'group-details');
  await setTheme(page, 'light', 'high');
  await checkScreen(page, 'group-details-high-contrast');
  await setTheme(page, 'light', 'normal');
  await pane.getByRole('button', { name: 'Export…' }).scrollIntoViewIfNeeded();
  await bothThemes(page, 'group-details-export');
  await pane.getByRole('button', { name: 'Actions for Cleo Marsh' }).click();
  await bothThemes(page, 'member-menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+D');
});

test('offline: the chip, the popover and the outbox', async () => {
  const { page } = ada;
  await server.kill9();
  await page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });
  await conversationRow(page, 'Ben Okafor').click();
  await say(page, 'Ben Okafor', 'Sensor is replaced.');
  await say(page, 'Ben Okafor', 'Door 4 is back to normal.');
  await page.getByRole('button', { name: 'Offline · 2 messages waiting' }).click();
  await bothThemes(page, 'offline');
  await page.getByRole('button', { name: 'Open outbox' }).click();
  await page.getByRole('heading', { name: 'Outbox' }).waitFor();
  await bothThemes(page, 'outbox');
  await page.keyboard.press('Escape');
});

test('narrow windows and the compact list', async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 400, height: 720 });
  await checkScreen(page, 'narrow-chat');
  await page.getByRole('button', { name: 'Back to conversations' }).click();
  await conversationRow(page, 'Ben Okafor').waitFor();
  await checkScreen(page, 'narrow-list');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => window.curlew.invoke('preferences.set', { density: 'compact' }));
  await checkScreen(page, 'main-compact');
});

test('German, and Arabic from right to left', async () => {
  const { page } = ada;
  const sections = { main: /^Chats|^المحادثات/u, settings: /^Einstellungen|^الإعدادات/u };
  await page.evaluate(() => window.curlew.invoke('preferences.set', { density: 'comfortable' }));
  for (const [language, direction] of [
    ['de', 'ltr'],
    ['ar', 'rtl'],
  ] as const) {
    await page.evaluate((to) => window.curlew.invoke('preferences.set', { language: to }), language);
    await page.waitForFunction((to) => document.documentElement.lang === to, language);
    expect(await page.evaluate(() => document.documentElement.dir)).toBe(direction);
    const rail = page.getByRole('navigation').first();
    await rail.getByRole('button', { name: sections.main }).click();
    await page.getByRole('option', { name: /^Ben Okafor,/u }).click();
    await page.getByRole('article', { name: /spare sensor/u }).waitFor();
    // Of a line that is cut, the beginning is there, whichever way its text runs.
    expect(await page.evaluate(hiddenBeginnings)).toEqual([]);
    await bothThemes(page, `language-${language}-main`);
    await rail.getByRole('button', { name: sections.settings }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await checkScreen(page, `language-${language}-settings`);
    await page.keyboard.press('Escape');
  }
  await page.evaluate(() => window.curlew.invoke('preferences.set', { language: 'system' }));
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
});

test('axe found nothing serious and no window logged an error', () => {
  expect(reportScreens()).toEqual([]);
  expect([...ada.errors, ...ben.errors, ...fresh.errors]).toEqual([]);
});
