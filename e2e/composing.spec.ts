/**
 * What a writer plans, keeps and passes on, in two real windows against a real server: scheduled messages go while their
 * author's computer is off, a deadline holds without a network, and forwarding and saving wait for none either.
 */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { makeCertificates } from '../desktop/src/core/transport/testing/certificates.ts';
import { disposeApps, launchApp, makeProfile, removeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationId,
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

/** A page on the web, as far as the writer's device can tell. */
interface Web {
  readonly url: string;
  readonly asked: string[];
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

async function startWeb(): Promise<Web> {
  const certificates = makeCertificates();
  if (!certificates) throw new Error('openssl is needed for the certificate of the page');
  const { key, cert } = certificates.signed;
  const asked: string[] = [];
  const web = createServer({ key, cert }, (request, answer) => {
    const path = request.url ?? '';
    asked.push(path);
    const title = path === '/door' ? 'Door 4: a manual' : 'Hinges';
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(
      `<head><title>${title}</title><meta name="description" content="How it opens and shuts"></head>`,
    );
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const { port } = web.address() as AddressInfo;
  const dir = await makeProfile();
  const authority = join(dir, 'authority.pem');
  await writeFile(authority, certificates.authority);
  const env = {
    CURLEW_PREVIEW_TEST_SERVER: `localhost=127.0.0.1:${port}`,
    NODE_EXTRA_CA_CERTS: authority,
  };
  return {
    url: `https://localhost:${port}`,
    asked,
    env,
    close: () => {
      web.close();
      void removeProfile(dir);
    },
  };
}

let web: Web;
let server: ServerProcess;
let ada: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  web = await startWeb();
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ada Lovelace', 'Ben Okafor', 'Cleo Marsh']);
  if (!first || !second) throw new Error('three people were registered');
  ada = await launchApp({
    profileDir: await makeProfile(),
    serverUrl: server.url,
    person: first,
    env: web.env,
  });
  ben = await launchApp({
    profileDir: await makeProfile(),
    serverUrl: server.url,
    person: second,
    env: web.env,
  });
  for (const { page } of [ada, ben]) await page.setViewportSize({ width: 1280, height: 800 });
  await openWith(ada.page, 'Ben Okafor');
  await say(ada.page, 'Ben Okafor', 'Good morning');
  await openWith(ben.page, 'Ada Lovelace');
  await message(ben.page, 'Good morning').waitFor();
});

afterAll(async () => {
  await disposeApps(ada, ben);
  await server?.dispose();
  web?.close();
});

/** The screen in light, then in dark. */
const textsOf = async (page: Page, title: string): Promise<(string | null)[]> =>
  (await timeline(page, title)).map((row) => row.text);

async function chooseToSend(page: Page, command: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Send options' }).click();
  await page.getByRole('menuitem', { name: command }).click();
}

test('a message scheduled from the menu waits, is changed, and goes when it is told to', async () => {
  const { page } = ada;
  await composer(page, 'Ben Okafor').fill('The contractor comes at ten');
  await page.getByRole('button', { name: 'Send options' }).click();
  await page.getByRole('menuitem', { name: /^Send tomorrow/ }).waitFor();
  await bothThemes(page, 'send-options');
  await page.keyboard.press('Escape');
  await chooseToSend(page, /^Send tomorrow/);
  await page.getByText(/^Scheduled for .*: The contractor comes at ten/).waitFor();
  expect(await composer(page, 'Ben Okafor').inputValue()).toBe('');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const entry = page.getByRole('group', { name: /^Ben Okafor: / });
  await entry.waitFor();
  await bothThemes(page, 'scheduled');
  await entry.getByRole('button', { name: 'More actions for this scheduled message' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit scheduled message' });
  await dialog.getByText(/^Time zone of this computer: /).waitFor();
  await dialog.getByRole('textbox', { name: 'Message' }).fill('The contractor comes at eleven');
  await bothThemes(page, 'scheduled-edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const changed = page.getByRole('group', { name: 'Ben Okafor: The contractor comes at eleven' });
  await changed.getByRole('button', { name: 'More actions for this scheduled message' }).click();
  await page.getByRole('menuitem', { name: 'Send now' }).click();
  await message(ben.page, 'The contractor comes at eleven').waitFor();
  await changed.waitFor({ state: 'hidden' });
  expect(await textsOf(ben.page, 'Ada Lovelace')).toEqual(['Good morning', 'The contractor comes at eleven']);
});

test('one that is due goes while its author is away, once', async () => {
  const id = await conversationId(ada.page, 'Ben Okafor');
  await ada.page.evaluate(
    async ([conversation, sendAtMs]) => {
      const request = { conversationId: conversation, text: 'Sent without me', replyTo: null, sendAtMs };
      const result = await window.curlew.invoke('message.schedule', request);
      if (!result.ok) throw new Error(result.error.code);
    },
    [id, Date.now() + 6_000] as const,
  );
  await until(
    'the server knows it',
    () => readView(ada.page, 'scheduled', { conversationId: null }),
    ({ rows }) => rows.length === 1 && rows[0]?.isPending === false,
  );
  const { profileDir } = ada;
  await ada.close();
  await message(ben.page, 'Sent without me').waitFor({ timeout: 20_000 });
  ada = await launchApp({ profileDir, serverUrl: server.url, env: web.env });
  await ada.page.setViewportSize({ width: 1280, height: 800 });
  // It comes back where it was left: in the outbox.
  await ada.page.getByRole('heading', { name: 'Outbox' }).waitFor();
  await ada.page.keyboard.press('Control+1');
  await conversationRow(ada.page, 'Ben Okafor').click();
  await message(ada.page, 'Sent without me').waitFor();
  await until(
    'nothing is scheduled any more',
    () => readView(ada.page, 'scheduled', { conversationId: null }),
    ({ rows }) => rows.length === 0,
  );
  expect((await textsOf(ada.page, 'Ben Okafor')).filter((text) => text === 'Sent without me')).toHaveLength(
    1,
  );
});

test('without a network: a deadline holds, a message is forwarded, one is saved; then all of it arrives', async () => {
  const { page } = ada;
  await createGroup(page, 'Door 4', ['Ben Okafor', 'Cleo Marsh']);
  await say(page, 'Door 4', 'The code is 4711');
  await message(page, 'The code is 4711')
    .getByLabel('Sent')
    .or(page.getByLabel('Delivered'))
    .first()
    .waitFor();
  await server.kill9();
  await page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });

  const id = await conversationId(page, 'Ben Okafor');
  await page.evaluate(
    async ([conversation, dropAtMs]) => {
      const request = { conversationId: conversation, text: 'Lunch is here now', replyTo: null, dropAtMs };
      const result = await window.curlew.invoke('message.send', request);
      if (!result.ok) throw new Error(result.error.code);
    },
    [id, Date.now() + 4_000] as const,
  );
  const original = message(page, 'The code is 4711');
  await original.focus();
  await page.keyboard.press('s');
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Forward message' });
  await dialog.getByRole('combobox', { name: 'Forward to' }).fill('Ben');
  await dialog
    .getByRole('option', { name: /Ben Okafor/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByRole('textbox', { name: 'Add a comment (optional)' }).fill('For the night shift');
  await bothThemes(page, 'forward');
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });

  await page.keyboard.press('Control+5');
  const dropped = page.getByRole('group', { name: 'Ben Okafor: Lunch is here now' });
  await dropped.getByText(/could not be sent by the time you chose/).waitFor({ timeout: 15_000 });
  await bothThemes(page, 'outbox-deadline');
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: /You in Door 4.*The code is 4711/ }).waitFor();
  await bothThemes(page, 'saved');
  await page.getByRole('button', { name: /You in Door 4.*The code is 4711/ }).click();
  await composer(page, 'Door 4').waitFor();
  await message(page, 'The code is 4711').waitFor();

  server = await server.restart();
  const copy = message(ben.page, 'The code is 4711');
  await copy.waitFor({ timeout: 60_000 });
  await copy.getByText('Forwarded from Ada Lovelace').waitFor();
  await message(ben.page, 'For the night shift').waitFor();
  await bothThemes(ben.page, 'forwarded');
  expect(await textsOf(ben.page, 'Ada Lovelace')).not.toContain('Lunch is here now');
  const { rows } = await readView(page, 'outbox', {});
  expect(rows).toMatchObject([
    { text: 'Lunch is here now', state: 'cancelled', error: { code: 'NOT_SENT_IN_TIME' } },
  ]);
});

test('a link is previewed by its writer’s device, taken away or sent, and never asked for by a reader', async () => {
  const { page } = ada;
  await conversationRow(page, 'Ben Okafor').click();
  await composer(page, 'Ben Okafor').fill(`See ${web.url}/door`);
  await page.getByRole('button', { name: /Door 4: a manual/ }).waitFor();
  await bothThemes(page, 'link-preview');
  await page.getByRole('button', { name: 'Remove the preview' }).click();
  await page.getByRole('button', { name: /Door 4: a manual/ }).waitFor({ state: 'hidden' });
  await composer(page, 'Ben Okafor').press('Enter');
  await composer(page, 'Ben Okafor').fill(`And ${web.url}/hinge`);
  await page.getByRole('button', { name: /Hinges/ }).waitFor();
  await composer(page, 'Ben Okafor').press('Enter');
  await message(ben.page, '/hinge').getByText('Hinges').waitFor();
  expect(await message(ben.page, '/door').getByText('Door 4: a manual').count()).toBe(0);
  // The writer's device asked each page once, whoever reads it.
  expect(web.asked).toEqual(['/door', '/hinge']);
  await composer(page, 'Ben Okafor').fill('https://127.0.0.1:1/ and https://[::1]/');
  await page.waitForTimeout(1_500);
  expect(await page.getByRole('button', { name: 'Remove the preview' }).count()).toBe(0);
  await composer(page, 'Ben Okafor').fill('');
});

test('no screen of these has a serious finding', () => {
  expect(reportScreens('a11y-composing')).toEqual([]);
});
