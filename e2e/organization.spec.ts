/**
 * An organization in real windows, from its Settings page: sites, units, people, roles, rules and invitations, each in
 * light and dark, by keyboard, in a narrow window and at 200 %.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { readView, until } from './support/gestures.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { bothThemes, checkScreen, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let people: readonly TestPerson[];
let ada: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  people = await registerPeople(server, [
    'Ada Lovelace',
    'Ben Okafor',
    'Cleo Marsh',
    'Dmitri Vale',
    'Esther Lind',
  ]);
  const [first, second] = people;
  if (!first || !second) throw new Error('five people were registered');
  ada = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: second });
  for (const app of [ada, ben]) {
    await app.page.setViewportSize({ width: 1280, height: 800 });
    app.page.setDefaultTimeout(10_000);
    await until(
      'the others are known',
      () => readView(app.page, 'people', { query: '', limit: 10 }),
      ({ rows }) => rows.length >= 4,
      20_000,
    );
  }
});

afterAll(async () => {
  await disposeApps(ada, ben);
  await server?.dispose();
});

/** Settings > Organization. */
async function openOrganization(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: 'Organization' })
    .click();
  await page.getByRole('heading', { name: 'Organization', level: 1 }).waitFor();
}

async function nameIt(page: Page, name: string): Promise<void> {
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await field.fill(name);
  await field.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Chooses a command from the menu of a person or place. */
async function choose(page: Page, name: string, command: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: command, exact: true }).click();
}

/** Nothing sticks out sideways: whoever zooms in scrolls in one direction only. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = () =>
    page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.sbody, .dlg')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map(
          (element) =>
            `${element.className || element.tagName} ${element.scrollWidth}>${element.clientWidth}`,
        ),
    );
  // A window that has just been resized or zoomed draws once more.
  await until('nothing sticks out', wide, (found) => found.length === 0, 3_000);
}

test('sites and units come to stand in every window', async () => {
  const { page } = ada;
  await openOrganization(page);
  for (const site of ['North Campus', 'Harbour Depot']) {
    await page.getByRole('button', { name: 'Add site' }).click();
    await nameIt(page, site);
    await page.getByText(site, { exact: true }).waitFor();
  }
  for (const unit of ['IT Support', 'Maintenance']) {
    await choose(page, 'North Campus', 'Add unit…');
    await nameIt(page, unit);
  }
  await choose(page, 'IT Support', 'Add unit…');
  await nameIt(page, 'Service desk');
  await openOrganization(ben.page);
  await ben.page.getByText('Service desk', { exact: true }).waitFor();
});

test('people get roles and places', async () => {
  const { page } = ada;
  await choose(page, 'Ben Okafor', 'Make admin');
  await ben.page.getByText('Your role: Admin').waitFor();
  await choose(page, 'Dmitri Vale', 'Make guest');
  await choose(page, 'Cleo Marsh', 'Sites and units…');
  const dialog = page.getByRole('dialog', { name: 'Where Cleo Marsh works' });
  await dialog.getByRole('checkbox', { name: 'North Campus' }).check();
  await dialog.getByRole('checkbox', { name: 'Service desk' }).check();
  await bothThemes(page, 'organization-assign');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const { orgId } = people[0] ?? { orgId: '' };
  await until(
    'Ben sees where Cleo works',
    () => readView(ben.page, 'organization', { orgId, query: 'Cleo', limit: 1 }),
    ({ rows }) => rows[0]?.placeNames.join() === 'North Campus,Service desk',
  );
  await bothThemes(page, 'organization');
});

test('a unit moves to another site with what is inside it', async () => {
  const { page } = ada;
  await choose(page, 'IT Support', 'Move…');
  const dialog = page.getByRole('dialog', { name: 'Move IT Support' });
  await dialog.getByRole('combobox', { name: 'Inside' }).selectOption('Harbour Depot');
  await bothThemes(page, 'organization-move');
  await dialog.getByRole('button', { name: 'Move' }).click();
  await dialog.waitFor({ state: 'detached' });
  const places = ben.page.locator('.org-place .grow > div:first-child');
  await until(
    'both units stand in the other site',
    () => places.allTextContents(),
    (names) => names.join() === 'Harbour Depot,IT Support,Service desk,North Campus,Maintenance',
  );
  await page.getByText('Rules', { exact: true }).scrollIntoViewIfNeeded();
  await bothThemes(page, 'organization-places');
});

test('a new name stands everywhere at once', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await nameIt(page, 'Heron & Sons');
  for (const each of [page, ben.page]) {
    await each.keyboard.press('Escape');
    await each.getByRole('button', { name: /^Heron & Sons/ }).waitFor();
  }
});

test('who may make no group reads why', async () => {
  const { page } = ada;
  await openOrganization(page);
  await page.getByRole('radio', { name: 'Owners and admins' }).press('Space');
  await page.getByRole('button', { name: 'Actions for Ben Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Make member' }).click();
  await ben.page.keyboard.press('Control+n');
  const dialog = ben.page.getByRole('dialog', { name: 'New conversation' });
  await dialog.getByText('Only owners and admins create groups here.').waitFor();
  expect(await dialog.getByRole('radio', { name: 'Group' }).count()).toBe(0);
  await bothThemes(ben.page, 'new-conversation-no-groups');
  await ben.page.keyboard.press('Escape');
});

test('an invitation is made, shown once, and ended', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Create invitation' }).click();
  const dialog = page.getByRole('dialog', { name: 'New invitation' });
  await dialog.getByRole('combobox', { name: 'Works for' }).selectOption('1 day');
  await bothThemes(page, 'invite-new');
  await dialog.getByRole('button', { name: 'Create invitation' }).click();
  await dialog.getByRole('textbox', { name: 'Invitation link' }).waitFor();
  await bothThemes(page, 'invite-made');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText(/^0 of 1 used/).waitFor();
  await page.getByText('Invitations', { exact: true }).scrollIntoViewIfNeeded();
  await bothThemes(page, 'organization-rules');
  await page
    .getByRole('button', { name: /^Revoke the invitation/ })
    .first()
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText(/^0 of 1 used/).waitFor({ state: 'detached' });
});

test('who is deactivated is signed out within seconds, and back as they were', async () => {
  const { page } = ada;
  await choose(page, 'Ben Okafor', 'Deactivate…');
  await bothThemes(page, 'organization-deactivate');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
  await page.locator('.tag', { hasText: 'Deactivated' }).waitFor();
  await ben.page.getByText(/signed out by your organization/).waitFor();
  await page.getByRole('heading', { name: 'Audit log' }).scrollIntoViewIfNeeded();
  await bothThemes(page, 'organization-audit');
  await choose(page, 'Ben Okafor', 'Activate again');
  await page.locator('.tag', { hasText: 'Deactivated' }).waitFor({ state: 'detached' });
  const { email, password } = people[1] ?? { email: '', password: '' };
  await ben.page.evaluate((request) => window.curlew.invoke('session.signIn', request), {
    serverUrl: server.url,
    email,
    password,
  });
  await openOrganization(ben.page);
  await ben.page.getByText('Your role: Member').waitFor();
});

test('a further organization is created, and mine', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Join or create an organization' }).click();
  await page.getByRole('radio', { name: 'Join with an invitation' }).press('ArrowRight');
  await bothThemes(page, 'organization-add');
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
  await field.fill('Harbour Volunteers');
  await field.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const which = page.getByRole('combobox', { name: 'Organization' });
  await which.getByRole('option', { name: 'Harbour Volunteers' }).waitFor({ state: 'attached' });
  await page.getByText('Your role: Owner').waitFor();
  await which.selectOption('Heron & Sons');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+o');
  await page.getByRole('menuitem', { name: /^Heron & Sons/ }).waitFor();
  await bothThemes(page, 'organization-switcher');
  await page.getByRole('menuitem', { name: /Harbour Volunteers/ }).click();
  await page.getByRole('button', { name: /^Harbour Volunteers/ }).waitFor();
  await page.keyboard.press('Control+4');
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await page.getByText('Ben Okafor').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+o');
  await page.getByRole('menuitem', { name: /Heron & Sons/ }).click();
  await page.keyboard.press('Control+4');
  await page.getByText('Ben Okafor').waitFor();
  await openOrganization(page);
});

test('at 380 px and at 200 % nothing is cut off, and the keyboard reaches everything', async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 380, height: 720 });
  await page.getByRole('heading', { name: 'Organization', level: 1 }).scrollIntoViewIfNeeded();
  await expectNoSidewaysScroll(page);
  await checkScreen(page, 'organization-narrow');
  await page.getByText('Rules', { exact: true }).scrollIntoViewIfNeeded();
  await checkScreen(page, 'organization-narrow-rules');
  await page.setViewportSize({ width: 1280, height: 800 });
  const zoom = (factor: number) =>
    ada.electron.evaluate(
      ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(to),
      factor,
    );
  await zoom(2);
  await expectNoSidewaysScroll(page);
  await checkScreen(page, 'organization-zoom');
  await zoom(1);
  // Tab alone reaches every button and field of the page, in the order of the screen.
  await page.getByRole('heading', { name: 'Organization', level: 1 }).click();
  const reached = new Set<string>();
  for (let step = 0; step < 90; step += 1) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate(() => {
        const active = document.activeElement;
        return active?.closest('.sin') ? (active.getAttribute('aria-label') ?? active.textContent ?? '') : '';
      }),
    );
  }
  for (const name of ['Rename', 'Actions for Cleo Marsh', 'Actions for Service desk', 'Add site'])
    expect(reached).toContain(name);
  for (const name of ['What the roles may do', 'Create invitation', 'Save as CSV'])
    expect(reached).toContain(name);
});

test('who leaves reads the consequences first; the only owner cannot', async () => {
  await ada.page.getByText('You’re its only owner. Make somebody else an owner first.').waitFor();
  await openOrganization(ben.page);
  await bothThemes(ben.page, 'organization-member');
  await ben.page.getByRole('button', { name: 'Leave…' }).click();
  const question = ben.page.getByRole('alertdialog', { name: 'Leave Heron & Sons?' });
  await question.getByText('Coming back takes a new invitation.').waitFor();
  await bothThemes(ben.page, 'organization-leave');
  await question.getByRole('button', { name: 'Leave' }).click();
  await ben.page.getByText('You’re in no organization').waitFor();
  await bothThemes(ben.page, 'organization-none');
  await ada.page.getByRole('button', { name: 'Actions for Ben Okafor' }).waitFor({ state: 'detached' });
});

test('axe found nothing serious and no window logged an error', () => {
  expect(reportScreens('a11y-organization')).toEqual([]);
  expect([...ada.errors, ...ben.errors]).toEqual([]);
});
