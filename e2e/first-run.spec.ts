/**
 * The first minutes on a computer: a link with an invitation starts the app, an account is made with it, and a second
 * invitation is asked about; then the tour. One window, in light and dark.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { routes } from '@curlew/shared/protocol/http.ts';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { conversationList } from './support/gestures.ts';
import { callApi, registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes, checkScreen, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ada: TestPerson;
let app: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  ada = must((await registerPeople(server, ['Ada Lovelace']))[0], 'one was registered');
});

afterAll(async () => {
  await disposeApps(app);
  await server?.dispose();
});

/** An invitation as the server's page hands it to the app. */
async function invitationLink(orgId: string): Promise<string> {
  const token = ada.session.accessToken;
  const path = routes.createInvite.path.replace(':id', orgId);
  const { url } = await callApi<{ url: string }>(server.url, 'POST', path, { token, body: {} });
  const page = await (await fetch(url)).text();
  return must(/href="(curlew:[^"]+)"/.exec(page)?.[1], 'the page offers to open it in the app');
}

test('an invitation starts the app, is filled in, and leads into the organization', async () => {
  app = await launchApp({
    profileDir: await makeProfile({ tourSeen: false }),
    args: [await invitationLink(ada.orgId)],
  });
  const { page } = app;
  await page.setViewportSize({ width: 1280, height: 800 });
  page.setDefaultTimeout(10_000);
  const code = page.getByRole('textbox', { name: /^Invitation code/ });
  await code.waitFor({ timeout: 30_000 });
  expect(await code.inputValue()).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  await bothThemes(page, 'invited');
  await page.getByRole('textbox', { name: 'Full name' }).fill('Ben Okafor');
  await page.getByRole('textbox', { name: 'Work email' }).fill('ben@example.org');
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await conversationList(page)
    .getByRole('button', { name: /Heron Works/ })
    .waitFor({ timeout: 20_000 });
  expect(await page.getByRole('dialog', { name: /^Join/ }).count()).toBe(0);
});

test('another invitation reaches the window that runs, and asks before it joins', async () => {
  const { page } = app;
  const orgId = randomUUID();
  const body = { id: orgId, name: 'Harbour Volunteers' };
  await callApi(server.url, 'POST', routes.createOrg.path, { token: ada.session.accessToken, body });
  const link = await invitationLink(orgId);
  await app.electron.evaluate(
    (electron, address) => electron.app.emit('second-instance', {}, ['curlew', address]),
    link,
  );
  const dialog = page.getByRole('dialog', { name: 'Join this organization?' });
  await dialog.waitFor();
  await bothThemes(page, 'invitation-asks');
  await dialog.getByRole('button', { name: 'Join' }).click();
  await conversationList(page)
    .getByRole('button', { name: /Harbour Volunteers/ })
    .waitFor();
});

test('the tour is walked by keyboard beside a window that goes on working, and comes no more', async () => {
  const { page } = app;
  const tour = page.getByRole('complementary', { name: 'Tour of Curlew' });
  await tour.getByRole('heading', { name: 'What is new, at a glance' }).waitFor();
  await bothThemes(page, 'tour');
  // It is no dialog: keys of the window work, and F6 leads back to it.
  await page.keyboard.press('Control+5');
  await page.getByRole('heading', { name: 'Outbox' }).first().waitFor();
  await page.keyboard.press('Control+1');
  await tour.getByRole('button', { name: 'Next' }).focus();
  for (const title of ['Writing works offline', 'Jump anywhere', 'Quiet when you need it', 'Make it yours']) {
    await page.keyboard.press('Enter');
    await tour.getByRole('heading', { name: title }).waitFor();
    expect(await tour.getByRole('button', { name: /^(Skip|Close)$/ }).count()).toBe(1);
  }
  await bothThemes(page, 'tour-last');
  await page.setViewportSize({ width: 380, height: 640 });
  await checkScreen(page, 'tour-narrow');
  await page.setViewportSize({ width: 1280, height: 800 });
  await tour.getByRole('button', { name: 'Done' }).press('Enter');
  await tour.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+/');
  await page.getByRole('button', { name: 'Show the tour again' }).click();
  await tour.getByRole('button', { name: 'Next' }).press('Escape');
  await tour.waitFor({ state: 'detached' });
  expect(await page.evaluate(() => window.curlew.openView('preferences', {}))).toMatchObject({
    value: { state: { meta: { tourSeen: true } } },
  });
});

test('no screen has a serious finding, and the window logged no error', () => {
  expect(reportScreens('a11y-first-run')).toEqual([]);
  expect(app.errors).toEqual([]);
});
