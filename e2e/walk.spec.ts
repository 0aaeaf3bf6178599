/**
 * A day in one organization, as three people see it: two sites, a group with a thread, an item of another system, an
 * announcement that is acknowledged, a second organization. Everything is done in real windows, and each place is
 * looked at in light and dark.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationRow,
  createGroup,
  message,
  openWith,
  readView,
  say,
  until,
} from './support/gestures.ts';
import { callApi, registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

const names = ['Ana Ruiz', 'Ben Okafor', 'Cleo Marsh'] as const;
const campus = randomUUID();
const depot = randomUUID();
const support = randomUUID();

let server: ServerProcess;
let people: readonly TestPerson[];
let ana: DesktopApp;
let ben: DesktopApp;
let cleo: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  people = await registerPeople(server, names);
  const [first, second, third] = people;
  if (!first || !second || !third) throw new Error('three people were registered');
  await put(`sites/${campus}`, { name: 'North Campus' });
  await put(`sites/${depot}`, { name: 'Harbour Depot' });
  await put(`units/${support}`, { name: 'IT Support', siteId: campus, parentId: null });
  ana = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: second });
  cleo = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: third });
  for (const { page } of [ana, ben, cleo]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await until(
      'the others are known',
      () => readView(page, 'people', { query: '', limit: 10 }),
      ({ rows }) => rows.length >= 2,
      20_000,
    );
  }
  for (const [at, places] of [
    [1, { siteIds: [campus], unitIds: [support] }],
    [2, { siteIds: [depot], unitIds: [] }],
  ] as const) {
    const userId = people[at]?.userId ?? '';
    const given = { orgId: first.orgId, userId, ...places };
    await ana.page.evaluate((value) => window.curlew.invoke('org.setPlaces', value as never), given);
  }
}, 120_000);

afterAll(async () => {
  await disposeApps(ana, ben, cleo);
  await server?.dispose();
});

/** A change of Ana's organization by the API. */
async function put(path: string, body: object): Promise<void> {
  const owner = people[0];
  await callApi(server.url, 'PUT', `/api/orgs/${owner?.orgId}/${path}`, {
    token: owner?.session.accessToken ?? '',
    body: { opId: randomUUID(), ...body },
  });
}

/** The first message of the group; others quote it. */
const root = (page: Page) =>
  page.getByRole('log').getByRole('article', { name: /^(Ana Ruiz|You): B2 tripped/ });

test('a group talks: a mention, an answer, a thread of its own, a pin', async () => {
  await createGroup(ana.page, 'IT Support, North Campus', ['Ben', 'Cleo']);
  const title = 'IT Support, North Campus';
  await say(ana.page, title, 'B2 tripped again at 06:40. Can someone check the sensor?');
  await conversationRow(ben.page, title).click();
  await root(ben.page).focus();
  await ben.page.keyboard.press('r');
  await say(ben.page, title, 'I can be there at 10:30 with the **spare sensor**.');
  await message(ana.page, 'I can be there').waitFor();
  await conversationRow(cleo.page, title).click();
  await root(cleo.page).focus();
  await cleo.page.keyboard.press('t');
  const reply = cleo.page.getByRole('textbox', { name: 'Reply in the thread' });
  await reply.fill('Log of the night: the defrost timer is set to four hours, not six.');
  await reply.press('Enter');
  await root(ana.page)
    .getByRole('button', { name: /1 reply/ })
    .waitFor();
  const field = composer(ana.page, title);
  await field.pressSequentially('Thanks @Ben');
  await ana.page.getByRole('option', { name: /Ben Okafor/ }).waitFor();
  await ana.page.keyboard.press('Enter');
  await field.press('Enter');
  await root(ana.page).focus();
  await ana.page.keyboard.press('p');
  await ben.page.getByText(/Ana Ruiz pinned a message/).waitFor();
  await bothThemes(ben.page, 'walk-group');
  await bothThemes(cleo.page, 'walk-thread');
});

test('an item of another system has its conversation, and its state is told', async () => {
  const owner = people[0];
  const others = people.slice(1).map(({ userId }) => userId);
  const item = {
    title: 'Cooling fault, server room B2',
    url: 'https://facilities.example.org/tickets/2481',
    memberIds: others,
  };
  const path = 'items/ticket/FM-2481/conversation';
  await put(path, { ...item, status: 'Open' });
  for (const { page } of [ana, ben]) {
    await page.getByRole('button', { name: /^Linked items/ }).click();
    await page.getByRole('option', { name: /^Cooling fault/ }).click();
  }
  await say(ben.page, item.title, 'Replaced the sensor, watching it until noon.');
  await put(path, { ...item, status: 'In progress' });
  await ana.page
    .getByText(/In progress/)
    .first()
    .waitFor();
  await message(ana.page, 'Replaced the sensor').waitFor();
  expect(owner).toBeDefined();
  await bothThemes(ana.page, 'walk-linked');
});

test('an announcement reaches one site, is acknowledged there, and its author sees how far it got', async () => {
  const orgId = people[0]?.orgId ?? '';
  const made = await ana.page.evaluate(
    (given) => window.curlew.invoke('announcement.create', given as never),
    { orgId, title: 'North Campus notices', audience: { scope: 'site', id: campus } },
  );
  expect(made.ok).toBe(true);
  await ana.page.getByRole('button', { name: /^Announcements/ }).click();
  await ana.page.getByRole('option', { name: /^North Campus notices/ }).click();
  await ana.page.getByRole('button', { name: 'Ask everybody to acknowledge' }).click();
  await say(ana.page, 'North Campus notices', 'Fire drill on Tuesday at 11:00. Leave by the east stairs.');
  await ben.page.getByRole('button', { name: /^Announcements/ }).click();
  await ben.page.getByRole('option', { name: /^North Campus notices/ }).click();
  await ben.page.getByRole('button', { name: 'Acknowledge' }).click();
  await ben.page.getByText('Acknowledged', { exact: true }).first().waitFor();
  await bothThemes(ben.page, 'walk-announcement');
  // Cleo works at the other site.
  await cleo.page.getByRole('button', { name: /^Announcements/ }).click();
  expect(await cleo.page.getByRole('option', { name: /^North Campus notices/ }).count()).toBe(0);
  await ana.page
    .getByRole('button', { name: /Seen by|Show who has seen it/ })
    .first()
    .click();
  await ana.page.getByText('By site and unit').waitFor();
  await bothThemes(ana.page, 'walk-reach');
  await ana.page.keyboard.press('Escape');
});

test('one person in two organizations keeps them apart', async () => {
  const token = people[0]?.session.accessToken ?? '';
  const id = randomUUID();
  await callApi(server.url, 'POST', '/api/orgs', { token, body: { id, name: 'River Rescue' } });
  await ana.page.getByRole('button', { name: 'Chats' }).first().click();
  await ana.page.keyboard.press('Control+Shift+O');
  await ana.page.getByRole('menuitem', { name: /River Rescue/ }).waitFor({ timeout: 40_000 });
  await bothThemes(ana.page, 'walk-organizations');
  await ana.page.keyboard.press('Escape');
});

test('what was said is found in every window that may see it, and in no other', async () => {
  for (const [app, hits] of [
    [ben, 1],
    [cleo, 0],
  ] as const) {
    await app.page.keyboard.press('Control+Shift+F');
    await app.page.getByRole('combobox', { name: 'Search all messages' }).fill('drill');
    if (hits === 0) await app.page.getByText('No results for “drill” on this device.').waitFor();
    else
      await app.page.getByRole('listbox', { name: 'Search results' }).getByRole('option').first().waitFor();
  }
  await ben.page.getByRole('combobox', { name: 'Search all messages' }).fill('sensor from:ben');
  await ben.page.getByRole('option', { name: /spare sensor/ }).waitFor();
  await bothThemes(ben.page, 'walk-search');
  await ben.page.keyboard.press('Escape');
  await ben.page.keyboard.press('Escape');
});

test('privacy and status are set where one looks for them', async () => {
  await openWith(ana.page, 'Ben Okafor');
  await say(ana.page, 'Ben Okafor', 'Thank you for this morning');
  await ana.page.keyboard.press('Control+,');
  await ana.page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: 'Privacy' })
    .click();
  await ana.page.getByRole('heading', { name: 'Privacy', level: 1 }).waitFor();
  await bothThemes(ana.page, 'walk-privacy');
});

test('no screen has a serious finding, no window logged an error', () => {
  expect(reportScreens('a11y-walk')).toEqual([]);
  for (const app of [ana, ben, cleo]) expect(app.errors).toEqual([]);
});
