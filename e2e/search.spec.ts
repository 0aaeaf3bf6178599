/** Search in two windows on one real server: what one device holds, any script, and what only the server has. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { message, openWith, say } from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ada: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first] = await registerPeople(server, ['Ada', 'Ben']);
  if (!first) throw new Error('two people were registered');
  ada = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
});

afterAll(async () => {
  await disposeApps(ada);
  await server?.dispose();
});

test('a message is found as soon as it is there, by one character and by parts of words, and shown in its place', async () => {
  const { page } = ada;
  await openWith(page, 'Ben');
  for (const text of [
    'The defrost timer is set to four hours',
    '明日の会議は十時です',
    'Überprüfung am Freitag',
  ])
    await say(page, 'Ben', text);
  await message(page, 'Überprüfung am Freitag').waitFor();
  await page.keyboard.press('Control+Shift+F');
  const field = page.getByRole('combobox', { name: 'Search all messages' });
  const results = page.getByRole('listbox', { name: 'Search results' });
  for (const [query, text] of [
    ['会', '明日の会議は十時です'],
    ['prufung from:ada', 'Überprüfung am Freitag'],
    ['frost in:ben', 'The defrost timer is set to four hours'],
  ] as const) {
    await field.fill(query);
    await results.getByRole('option').filter({ hasText: text }).waitFor();
    expect(await results.getByRole('option').count()).toBe(1);
  }
  await page.getByText('Searched everything; this device holds all of it.').waitFor();
  await page.getByRole('button', { name: 'Search on the server' }).click();
  await page.getByText('Nothing more on the server.').waitFor();
  await field.press('Enter');
  await page.locator('.lit').first().waitFor();
  await page.keyboard.press('Control+F');
  await page.getByRole('textbox', { name: 'Find in this conversation' }).fill('a');
  await page.getByText('1 of 1').waitFor();
  await field.fill('nowhere to be found');
  await page.getByText('No results for “nowhere to be found” on this device.').waitFor();
});

test('no window logged an error', () => {
  expect(ada.errors).toEqual([]);
});
