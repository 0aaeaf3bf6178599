/**
 * The list by site and unit, its filter menu, what of both a restart brings back, and what stands beside names of bots
 * and deactivated people: in real windows, by keyboard, in light and dark.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { IntentName, IntentRequest } from '../desktop/src/ipc/intents.ts';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { composer, conversationRow, readView, until } from './support/gestures.ts';
import { callApi, registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let people: readonly TestPerson[];
let ada: DesktopApp;
const [campus, depot, support] = [randomUUID(), randomUUID(), randomUUID()] as const;

beforeAll(async () => {
  server = await startServer();
  people = await registerPeople(server, ['Ada Lovelace', 'Ben Okafor', 'Cleo Marsh', 'Dmitri Vale']);
  ada = await open(await makeProfile());
});

afterAll(async () => {
  await disposeApps(ada);
  await server?.dispose();
});

async function open(profileDir: string): Promise<DesktopApp> {
  const app = await launchApp({ profileDir, serverUrl: server.url, person: who(0) });
  await app.page.setViewportSize({ width: 1280, height: 800 });
  app.page.setDefaultTimeout(10_000);
  return app;
}

function who(at: number): TestPerson {
  const person = people[at];
  if (!person) throw new Error('four people were registered');
  return person;
}

type Invoke = (name: string, request: unknown) => Promise<{ readonly ok: boolean }>;

async function ask<I extends IntentName>(page: Page, name: I, request: IntentRequest<I>): Promise<void> {
  // A function sent to a window cannot carry the pairing of name and request.
  const [intent, what]: readonly [string, unknown] = [name, request];
  const result = await page.evaluate(
    ([named, asked]) => {
      const invoke: Invoke = window.curlew.invoke as Invoke;
      return invoke(String(named), asked);
    },
    [intent, what],
  );
  expect(result, name).toMatchObject({ ok: true });
}

/** Names of the conversations that show, in order. */
async function shown(page: Page): Promise<string> {
  const names = await page.getByRole('region', { name: 'Conversations' }).getByRole('option').all();
  const labels = await Promise.all(names.map((row) => row.innerText()));
  return labels.map((label) => label.split(/[,\n]/u)[0]).join();
}

test('the list shows the conversations of a site, chosen in the menu over it', async () => {
  const { page } = ada;
  const { orgId } = who(0);
  await until(
    'the others are known',
    () => readView(page, 'people', { query: '', limit: 10 }),
    ({ rows }) => rows.length >= 3,
    20_000,
  );
  await ask(page, 'org.saveSite', { orgId, siteId: campus, name: 'North Campus' });
  await ask(page, 'org.saveSite', { orgId, siteId: depot, name: 'Harbour Depot' });
  await ask(page, 'org.saveUnit', {
    orgId,
    unitId: support,
    siteId: campus,
    parentId: null,
    name: 'IT Support',
  });
  const places = [
    { siteIds: [], unitIds: [support] },
    { siteIds: [depot], unitIds: [] },
  ] as const;
  for (const [at, { siteIds, unitIds }] of places.entries()) {
    const { userId } = who(at + 1);
    await ask(page, 'org.setPlaces', { orgId, userId, siteIds: [...siteIds], unitIds: [...unitIds] });
  }
  for (const person of people.slice(1)) await ask(page, 'conversation.openDirect', { userId: person.userId });
  const memberIds = [who(1).userId, who(2).userId];
  await ask(page, 'group.create', { orgId, title: 'Loading bay', memberIds, history: 'all' });
  await conversationRow(page, 'Loading bay').waitFor();
  await page.keyboard.press('Control+Shift+o');
  await page.getByRole('menuitemradio', { name: /^North Campus/ }).waitFor();
  await bothThemes(page, 'list-scope-menu');
  await page.getByRole('menuitemradio', { name: /^North Campus/ }).press('Enter');
  await page.getByRole('button', { name: /North Campus$/ }).waitFor();
  await conversationRow(page, 'Cleo Marsh').waitFor({ state: 'detached' });
  expect(await page.getByRole('option').count()).toBe(2);
  await bothThemes(page, 'list-scope');
});

test('filters count what they find, and narrow the list once they are shown', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+Shift+o');
  await page.getByRole('menuitemradio', { name: 'All sites and units' }).press('Enter');
  await conversationRow(page, 'Cleo Marsh').waitFor();
  await page.getByRole('button', { name: 'Filters' }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: /^Direct/ }).press('Space');
  await page.getByRole('menuitemcheckbox', { name: /^Harbour Depot/ }).press('Space');
  await page.getByRole('menuitem', { name: 'Show 1' }).waitFor();
  await bothThemes(page, 'list-filters');
  await page.getByRole('menuitem', { name: 'Show 1' }).press('Enter');
  await conversationRow(page, 'Ben Okafor').waitFor({ state: 'detached' });
  expect(await shown(page)).toContain('Cleo Marsh');
});

test('a restart brings back section, scope, filters and the open conversation', async () => {
  await conversationRow(ada.page, 'Cleo Marsh').click();
  await composer(ada.page, 'Cleo Marsh').waitFor();
  await ada.page.keyboard.press('Control+Shift+o');
  await ada.page.getByRole('menuitemradio', { name: /^Harbour Depot/ }).press('Enter');
  await ada.page.getByRole('button', { name: 'Filters, in use' }).waitFor();
  // What a window kept is written by the browser behind it, a moment later.
  await ada.page.waitForTimeout(1_000);
  await ada.close();
  ada = await open(ada.profileDir);
  const { page } = ada;
  await page.getByRole('button', { name: /Harbour Depot$/ }).waitFor();
  await page.getByRole('button', { name: 'Filters, in use' }).waitFor();
  await conversationRow(page, 'Cleo Marsh').waitFor();
  await composer(page, 'Cleo Marsh').waitFor();
  expect(await page.getByRole('option').count()).toBe(1);
  await bothThemes(page, 'list-remembered');
  await page.getByRole('button', { name: 'Filters, in use' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Reset' }).press('Enter');
  // Keys of the app rest until a closing menu is gone.
  await page.locator('[role="menu"]').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+o');
  await page.getByRole('menuitemradio', { name: 'All sites and units' }).press('Enter');
  await page.locator('[role="menu"]').waitFor({ state: 'detached' });
});

test('names say that they are a bot’s, or that their person is deactivated', async () => {
  const { page } = ada;
  const { orgId, session } = who(0);
  const token = session.accessToken;
  await callApi(server.url, 'POST', `/api/orgs/${orgId}/bots`, {
    token,
    body: { name: 'Backup watch' },
  });
  await page.keyboard.press('Control+4');
  await page.getByText('Backup watch').waitFor();
  await page.locator('.tag', { hasText: 'Bot' }).waitFor();
  await bothThemes(page, 'people-bot');
  await page.keyboard.press('Escape');
  await conversationRow(page, 'Dmitri Vale').click();
  await ask(page, 'org.setRole', { orgId, userId: who(3).userId, role: 'member', deactivated: true });
  await page.locator('.conv-head .sub', { hasText: 'Deactivated' }).waitFor();
  await page.keyboard.press('Control+Shift+d');
  await page.locator('.hero .tag', { hasText: 'Deactivated' }).waitFor();
  await bothThemes(page, 'conversation-deactivated');
});

test('axe found nothing serious and no window logged an error', () => {
  expect(reportScreens('a11y-list-scope')).toEqual([]);
  expect(ada.errors).toEqual([]);
});
