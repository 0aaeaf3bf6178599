/**
 * One conversation for each item of another system, in real windows: asked for by two without a server, changed by the
 * other system while it is open, closed and opened again, and opened by a link, also one that starts the app.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { composer, conversationRow, message, readView, say, timeline, until } from './support/gestures.ts';
import { callApi, registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const title = 'Cooling fault, server room B2';
const url = 'https://tickets.example.org/FM-2481';
let server: ServerProcess;
let ann: DesktopApp;
let ben: DesktopApp;
let annPerson: TestPerson;
let benPerson: TestPerson;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ann', 'Ben']);
  if (!first || !second) throw new Error('two people were registered');
  [annPerson, benPerson] = [first, second];
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

const bar = (page: Page) => page.getByRole('region', { name: 'Linked item' });

async function link(page: Page): Promise<void> {
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Link a conversation' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Key' }).fill('FM-2481');
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title);
  await dialog.getByRole('textbox', { name: 'Address' }).fill(url);
  await dialog.getByRole('button', { name: 'Open conversation' }).click();
  await bar(page).getByText('tickets.example.org').waitFor();
}

/** What the other system says of its item. */
async function patch(body: object): Promise<void> {
  const { rows } = await readView(ann.page, 'conversations', {
    filter: 'all',
    offset: 0,
    limit: 10,
    kind: 'linked',
  });
  const id = rows[0]?.id ?? '';
  // Whoever's request came first runs it; the other joined.
  const { ownRole } = (await readView(ann.page, 'conversation', { conversationId: id })).meta;
  await callApi(server.url, 'PATCH', `/api/conversations/${id}`, {
    token: (ownRole === 'owner' ? annPerson : benPerson).session.accessToken,
    body: { opId: randomUUID(), ...body },
  });
}
const item = (status: string) => ({ type: 'ticket', id: 'FM-2481', url, status });

test('the sections say what to do while they are empty', async () => {
  await ann.page.keyboard.press('Control+2');
  await ann.page.getByText('No linked conversations yet').waitFor();
  await bothThemes(ann.page, 'linked-empty');
  await ann.page.keyboard.press('Control+3');
  await ann.page.getByText('No announcements yet').waitFor();
  await bothThemes(ann.page, 'announcements-empty');
});

test('two who ask for the same item without a server end in one conversation', async () => {
  await server.kill9();
  for (const { page } of [ann, ben]) {
    await page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });
    await link(page);
  }
  await say(ann.page, title, 'From Ann, offline');
  await say(ben.page, title, 'From Ben, offline');
  server = await server.restart();
  for (const { page } of [ann, ben]) {
    await message(page, 'From Ann, offline').waitFor({ timeout: 60_000 });
    await message(page, 'From Ben, offline').waitFor({ timeout: 60_000 });
    await page
      .getByText(/^Linked to FM-2481 · 2 members/)
      .first()
      .waitFor();
    const { rows } = await readView(page, 'conversations', {
      filter: 'all',
      offset: 0,
      limit: 10,
      kind: 'linked',
    });
    expect(rows).toHaveLength(1);
  }
  expect(new Set((await timeline(ann.page, title)).map((row) => row.text))).toEqual(
    new Set(['From Ann, offline', 'From Ben, offline']),
  );
});

test('a new state of the item shows while the conversation is open', async () => {
  await patch({ link: item('In progress') });
  for (const { page } of [ann, ben]) await bar(page).getByText('In progress').waitFor();
  await ann.page.keyboard.press('Control+Shift+D');
  await ann.page.getByRole('complementary', { name: 'Details' }).getByText('Linked conversation').waitFor();
  await bothThemes(ann.page, 'linked');
  await ann.page.keyboard.press('Control+Shift+D');
});

test('the other system closes it; nobody can write, and those who run it open it again', async () => {
  await patch({ link: item('Solved'), isClosed: true });
  for (const { page } of [ann, ben]) {
    await page
      .getByRole('main')
      .getByText(/^FM-2481 is “Solved” and this conversation is closed\./)
      .waitFor();
    await composer(page, title).waitFor({ state: 'detached' });
  }
  await bothThemes(ann.page, 'linked-closed');
  const [owner, other] = (await ann.page.getByRole('button', { name: 'Reopen' }).isVisible())
    ? [ann, ben]
    : [ben, ann];
  expect(await other.page.getByRole('button', { name: 'Reopen' }).isVisible()).toBe(false);
  await owner.page.getByRole('button', { name: 'Reopen' }).click();
  for (const { page } of [ann, ben]) await composer(page, title).waitFor();
});

test('an item that is gone keeps its address', async () => {
  await patch({ link: { ...item('Solved'), isRemoved: true } });
  await bar(ben.page).getByText('This item is no longer available').waitFor();
  await bar(ben.page).getByText(url).waitFor();
  await patch({ link: item('Solved') });
  await bar(ben.page).getByText('Solved').waitFor();
});

test('its card is read without a server', async () => {
  await server.kill9();
  await ben.page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });
  await ben.page.reload();
  await conversationRow(ben.page, title).click();
  await bar(ben.page).getByText('FM-2481').waitFor();
  await bar(ben.page).getByText('Solved').waitFor();
});

test('a link opens it in the window that runs, and asks before it makes another', async () => {
  await ben.page.keyboard.press('Control+4');
  const open = (link: string) =>
    ben.electron.evaluate(({ app }, address) => app.emit('second-instance', {}, ['curlew', address]), link);
  await open('curlew://item?type=ticket&id=FM-2481');
  await composer(ben.page, title).waitFor();
  await open(
    `curlew://item?type=ticket&id=FM-3000&title=Badge%20reader&url=${encodeURIComponent(`${url}0`)}`,
  );
  const dialog = ben.page.getByRole('dialog');
  expect(await dialog.getByRole('textbox', { name: 'Key' }).inputValue()).toBe('FM-3000');
  expect(await dialog.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('Badge reader');
  await bothThemes(ben.page, 'new-linked');
  await dialog.getByRole('button', { name: 'Open conversation' }).click();
  await composer(ben.page, 'Badge reader').waitFor();
});

test('a link that starts the app opens it too', async () => {
  const { profileDir } = ben;
  await ben.close();
  ben = await launchApp({
    profileDir,
    serverUrl: server.url,
    args: ['curlew://item?type=ticket&id=FM-2481'],
  });
  await composer(ben.page, title).waitFor({ timeout: 30_000 });
});

test('no screen has a serious finding, and no window logged an error', () => {
  expect(reportScreens('a11y-linked')).toEqual([]);
  expect([...ann.errors, ...ben.errors]).toEqual([]);
});
