/**
 * A group from its making to its rules, in three real windows: made and written in while the server is down, run by
 * two, and left against one's will and joined again; what was said in between stays with those who were there.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationRow,
  createGroup,
  message,
  readView,
  say,
  timeline,
  until,
} from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ann: DesktopApp;
let ben: DesktopApp;
let cleo: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const people = await registerPeople(server, ['Ann', 'Ben', 'Cleo']);
  const [first, second, third] = people;
  if (!first || !second || !third) throw new Error('three people were registered');
  const serverUrl = server.url;
  ann = await launchApp({ profileDir: await makeProfile(), serverUrl, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl, person: second });
  cleo = await launchApp({ profileDir: await makeProfile(), serverUrl, person: third });
  for (const { page } of [ann, ben, cleo]) {
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
  await disposeApps(ann, ben, cleo);
  await server?.dispose();
});

/** What the conversation says in this window, oldest first. */
async function textsIn(page: Page, title: string): Promise<(string | null)[]> {
  return (await timeline(page, title)).map((row) => row.text);
}

/** The details pane, opened if it is not. */
async function details(page: Page) {
  const pane = page.getByRole('complementary', { name: 'Details' });
  if (!(await pane.isVisible())) await page.keyboard.press('Control+Shift+D');
  await pane.waitFor();
  return pane;
}

/** The sentence in the composer's place. */
const noMember = (page: Page) =>
  page.getByRole('main').getByText('You’re no longer a member of this conversation.');

async function chooseForMember(page: Page, name: string, command: string | RegExp): Promise<void> {
  const pane = await details(page);
  await pane.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: command }).click();
}

test('a group made and written in without a server is the same in all windows once it is there', async () => {
  await server.kill9();
  await ann.page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });
  await createGroup(ann.page, 'North team', ['Ben', 'Cleo']);
  await ann.page.getByText('3 members', { exact: true }).first().waitFor();
  await say(ann.page, 'North team', 'First, written offline');
  await say(ann.page, 'North team', 'Second, written offline');
  await message(ann.page, 'Second, written offline').getByLabel('Waiting to send').waitFor();
  server = await server.restart();
  for (const { page } of [ben, cleo]) {
    await conversationRow(page, 'North team').click({ timeout: 60_000 });
    await message(page, 'Second, written offline').waitFor();
  }
  const written = ['First, written offline', 'Second, written offline'];
  for (const { page } of [ann, ben, cleo]) expect(await textsIn(page, 'North team')).toEqual(written);
  await message(ben.page, 'First, written offline').getByText('Ann', { exact: true }).waitFor();
});

test('a moderator renames it for everybody', async () => {
  await chooseForMember(ann.page, 'Ben', 'Make moderator');
  const pane = await details(ben.page);
  await pane.getByRole('button', { name: 'Rename' }).click();
  const field = ben.page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await field.fill('South team');
  await field.press('Enter');
  for (const { page } of [ann, ben, cleo]) await composer(page, 'South team').waitFor();
});

test('the avatars of those who have read stand under the newest message they read', async () => {
  await ben.focus();
  await message(ann.page, 'Second, written offline')
    .getByRole('img', { name: /^Seen by .*Ben/ })
    .waitFor({ timeout: 20_000 });
});

test('who is taken out reads on, and gets nothing of what is written after', async () => {
  await chooseForMember(ben.page, 'Cleo', /^Remove/);
  await ben.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await noMember(cleo.page).waitFor();
  await composer(cleo.page, 'South team').waitFor({ state: 'detached' });
  await say(ben.page, 'South team', 'Without Cleo');
  await message(ann.page, 'Without Cleo').waitFor();
  // The push to Ann came after the one to Cleo would have come.
  await cleo.page.waitForTimeout(1_000);
  expect(await textsIn(cleo.page, 'South team')).toEqual([
    'First, written offline',
    'Second, written offline',
  ]);
});

test('added again, one sees what was said before and after, not in between', async () => {
  const pane = await details(ann.page);
  await pane.getByRole('button', { name: 'Add people' }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByRole('option', { name: /Cleo/ }).waitFor();
  await dialog.getByRole('combobox', { name: 'People' }).press('Enter');
  await dialog.getByRole('button', { name: 'Add 1 person' }).click();
  await composer(cleo.page, 'South team').waitFor();
  await say(ann.page, 'South team', 'Welcome back');
  await message(cleo.page, 'Welcome back').waitFor();
  expect(await textsIn(cleo.page, 'South team')).toEqual([
    'First, written offline',
    'Second, written offline',
    'Welcome back',
  ]);
  await say(cleo.page, 'South team', 'Thanks');
  for (const { page } of [ann, ben]) await message(page, 'Thanks').waitFor();
});

test('a pin stands in every window and leads to its message', async () => {
  await message(ann.page, 'First, written offline').focus();
  await ann.page.keyboard.press('p');
  const pane = await details(ben.page);
  await pane.getByRole('button', { name: /^Go to the pinned message ?Ann ?First/ }).click();
  await message(ben.page, 'First, written offline').waitFor();
});

test('who leaves is asked first, and reads on', async () => {
  const pane = await details(cleo.page);
  await pane.getByRole('button', { name: 'Leave…' }).click();
  await cleo.page
    .getByRole('alertdialog', { name: 'Leave South team?' })
    .getByRole('button', { name: 'Leave' })
    .click();
  await noMember(cleo.page).waitFor();
  await ann.page
    .getByText(/^2 members/)
    .first()
    .waitFor();
});

test('no window logged an error', () => {
  expect([...ann.errors, ...ben.errors, ...cleo.errors]).toEqual([]);
});
