// long-file: one window, signed in once, goes through everything in a row.
/**
 * Every task without a mouse: from signing in to the outbox, each by shortcuts, Tab, arrows, Enter and Space in a real
 * window, and nothing but those. A guard in the page notes whatever a pointer does.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { composer, conversationList, conversationRow, message, until } from './support/gestures.ts';
import { startCore, type HeadlessCore } from './support/headless.ts';
import {
  arrowTo,
  chooseItem,
  expectFocus,
  pointerEvents,
  tabTo,
  watchForPointer,
  work,
} from './support/keyboard.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let people: readonly TestPerson[];
let ada: DesktopApp;
let ben: HeadlessCore;
const folder = mkdtempSync(join(tmpdir(), 'curlew-keyboard-'));

/** A dictionary of a few words, where the system would have one. */
function installDictionary(): string {
  const hunspell = join(folder, 'share/hunspell');
  mkdirSync(hunspell, { recursive: true });
  writeFileSync(
    join(hunspell, 'en_US.aff'),
    'SET UTF-8\nTRY esianrtolcdugmphbyfvkwz\nSFX S Y 1\nSFX S 0 s .\n',
  );
  writeFileSync(join(hunspell, 'en_US.dic'), '4\nheron/S\nplease\nlook\nat\n');
  return join(folder, 'share');
}

beforeAll(async () => {
  server = await startServer();
  people = await registerPeople(server, ['Ada Lovelace', 'Ben Okafor', 'Cleo Marsh']);
  const [, second] = people;
  if (!second) throw new Error('three people were registered');
  ben = await startCore({ dataDir: join(folder, 'ben'), serverUrl: server.url, keyring: new Map() });
  const { email, password } = second;
  const signedIn = await ben.invoke('session.signIn', { serverUrl: server.url, email, password });
  if (!signedIn.ok) throw new Error(signedIn.error.code);
  ada = await launchApp({
    profileDir: await makeProfile(),
    serverUrl: server.url,
    env: { XDG_DATA_DIRS: `${installDictionary()}:/usr/local/share:/usr/share`, LANGUAGE: 'en_US' },
  });
  await ada.page.setViewportSize({ width: 1280, height: 800 });
  await ada.focus();
  // A key that leads nowhere is found out soon.
  ada.page.setDefaultTimeout(10_000);
  await watchForPointer(ada.page);
});

afterAll(async () => {
  await disposeApps(ada);
  await ben?.stop();
  await server?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Ben writes from his own device. */
async function benSays(conversationId: string, text: string): Promise<void> {
  const sent = await ben.invoke('message.send', { conversationId, text, replyTo: null });
  if (!sent.ok) throw new Error(sent.error.code);
}

/** Types into the field that has the focus, and sends it. */
async function say(text: string): Promise<void> {
  await ada.page.keyboard.type(text);
  await ada.page.keyboard.press('Enter');
  await message(ada.page, text).waitFor();
}

/** From the text field back to the newest message, then up to the one with this text. */
async function goToMessage(text: string): Promise<void> {
  const { page } = ada;
  await page.keyboard.press('Control+l');
  const isOnMessage = (): Promise<boolean> =>
    page.evaluate(() => document.activeElement?.hasAttribute('data-message') === true);
  for (let at = 0; at < 12 && !(await isOnMessage()); at += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  // A reply quotes the text it answers.
  await arrowTo(page, message(page, text).first(), 'ArrowUp');
}

async function jumpTo(name: string): Promise<void> {
  const { page } = ada;
  await page.keyboard.press('Control+k');
  await expectFocus(page, page.getByRole('combobox', { name: 'Search or jump to' }));
  await page.keyboard.type(name);
  await page
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await expectFocus(page, composer(page, name));
}

test('signing in', async () => {
  const { page } = ada;
  const [first] = people;
  if (!first) throw new Error('Ada was registered');
  const email = page.getByRole('textbox', { name: 'Email' });
  await tabTo(page, email);
  await page.keyboard.type(first.email);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(first.password);
  await page.keyboard.press('Enter');
  await conversationList(page).waitFor();
});

test('what is new is found, opened and answered', async () => {
  const { page } = ada;
  const [first] = people;
  const direct = await ben.invoke('conversation.openDirect', { userId: first?.userId ?? '' });
  if (!direct.ok) throw new Error(direct.error.code);
  await benSays(direct.value.conversationId, 'Is the lift out again?');
  await conversationRow(page, 'Ben Okafor').waitFor();
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await message(page, 'Is the lift out again?').waitFor();
  await page.keyboard.press('Control+l');
  await expectFocus(page, composer(page, 'Ben Okafor'));
  await say('Yes, since six');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type(', both of them');
  await page.keyboard.press('Enter');
  await message(page, 'Yes, since six, both of them').getByText('Edited').waitFor();
});

test('a message is answered, reacted to, forwarded, pinned, saved and taken back', async () => {
  const { page } = ada;
  await goToMessage('Is the lift out again?');
  await page.keyboard.press('r');
  await expectFocus(page, composer(page, 'Ben Okafor'));
  await say('The mechanic knows');
  await goToMessage('The mechanic knows');
  await page.keyboard.press('e');
  await page.keyboard.type(' already');
  await page.keyboard.press('Enter');
  await message(page, 'The mechanic knows already').waitFor();

  await goToMessage('Is the lift out again?');
  await page.keyboard.press('+');
  await expectFocus(page, page.getByRole('searchbox', { name: 'Search emoji' }));
  await page.keyboard.type('thumbs up');
  await page.getByRole('gridcell').first().waitFor();
  await page.keyboard.press('Enter');
  await message(page, 'Is the lift out again?')
    .first()
    .getByRole('button', { name: /👍, 1 reaction/u })
    .waitFor();

  await goToMessage('Is the lift out again?');
  await page.keyboard.press('t');
  await expectFocus(page, page.getByRole('textbox', { name: 'Reply in the thread' }));
  await page.keyboard.type('Which of them first?');
  await page.keyboard.press('Enter');
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.getByRole('article').filter({ hasText: 'Which of them first?' }).waitFor();
  await work(page, thread.getByRole('button', { name: /^Close/ }), 'Shift+Tab');
  await thread.waitFor({ state: 'detached' });

  await goToMessage('The mechanic knows already');
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Forward message' });
  await expectFocus(page, dialog.getByRole('combobox', { name: 'Forward to' }));
  await page.keyboard.type('Cleo');
  await until(
    'only Cleo is offered',
    () => dialog.getByRole('option').allTextContents(),
    (offered) => offered.length === 1 && offered[0]?.includes('Cleo Marsh') === true,
  );
  await page.keyboard.press('Enter');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Add a comment (optional)' }));
  await page.keyboard.type('For tomorrow');
  await work(page, dialog.getByRole('button', { name: 'Forward', exact: true }));
  await dialog.waitFor({ state: 'detached' });

  await goToMessage('The mechanic knows already');
  await page.keyboard.press('p');
  await page.getByRole('article', { name: /pinned/i }).waitFor();
  await page.keyboard.press('s');
  await page.keyboard.press('Control+6');
  await work(page, page.getByRole('button', { name: /The mechanic knows already/ }));
  await message(page, 'The mechanic knows already').waitFor();

  await goToMessage('The mechanic knows already');
  await page.keyboard.press('Shift+F10');
  await chooseItem(page, 'Copy text');
  await goToMessage('The mechanic knows already');
  await page.keyboard.press('Delete');
  await work(page, page.getByRole('alertdialog').getByRole('button', { name: 'Delete for everyone' }));
  await message(page, 'This message was deleted').waitFor();
});

test('a message is planned, or dropped when it comes too late', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+l');
  await page.keyboard.type('The lift works again');
  await work(page, page.getByRole('button', { name: 'Send options' }));
  await chooseItem(page, /^Send tomorrow/);
  await page.getByText(/^Scheduled for .*: The lift works again/).waitFor();
  await page.keyboard.press('Control+l');
  await page.keyboard.type('Lunch is here');
  await work(page, page.getByRole('button', { name: 'Send options' }));
  await chooseItem(page, 'Send, but not after…');
  const dialog = page.getByRole('dialog', { name: 'Drop if not sent by' });
  await work(page, dialog.getByRole('button', { name: 'Send', exact: true }));
  await dialog.waitFor({ state: 'detached' });
  await message(page, 'Lunch is here').waitFor();
});

test('words are found, in all conversations and in this one', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+Shift+F');
  await expectFocus(page, page.getByRole('combobox', { name: 'Search all messages' }));
  await page.keyboard.type('lift out');
  await page
    .getByRole('listbox', { name: 'Search results' })
    .getByRole('option')
    .filter({ hasText: 'Is the lift out again?' })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await message(page, 'Is the lift out again?').first().waitFor();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('since');
  await page.getByText('1 of 1').waitFor();
  await page.keyboard.press('F3');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Find in this conversation' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await conversationList(page).getByRole('option').first().waitFor();
});

test('conversations of every kind are begun', async () => {
  const { page } = ada;
  await jumpTo('Cleo Marsh');
  await say('Good morning, Cleo');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('>new gr');
  await page.keyboard.press('Enter');
  let dialog = page.getByRole('dialog', { name: 'New conversation' });
  await tabTo(page, dialog.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('Night shift');
  await tabTo(page, dialog.getByRole('combobox', { name: 'People' }));
  await page.keyboard.type('Ben');
  // What "Be" found is the same, and goes once more while "Ben" is looked for.
  await page.waitForTimeout(300);
  await until(
    'only Ben is offered',
    () => dialog.getByRole('option').allTextContents(),
    (offered) => offered.length === 1 && offered[0]?.includes('Ben Okafor') === true,
  );
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Remove Ben Okafor' }).waitFor();
  await work(page, dialog.getByRole('button', { name: /^Create with/ }));
  await expectFocus(page, composer(page, 'Night shift'));
  await say('Who has the keys?');

  await page.keyboard.press('Control+n');
  dialog = page.getByRole('dialog', { name: 'New conversation' });
  await dialog.waitFor();
  await tabTo(page, dialog.getByRole('radio', { name: 'Direct' }));
  await arrowTo(page, dialog.getByRole('radio', { name: 'Linked item' }), 'ArrowRight');
  for (const [label, text] of [
    ['Key', 'FM-2481'],
    ['Title', 'Lift out of order'],
    ['Address', 'https://tickets.example.org/FM-2481'],
  ] as const) {
    await tabTo(page, dialog.getByRole('textbox', { name: label }));
    await page.keyboard.type(text);
  }
  await work(page, dialog.getByRole('button', { name: 'Open conversation' }));
  await page.getByRole('region', { name: 'Linked item' }).getByText('tickets.example.org').waitFor();

  await page.keyboard.press('Control+3');
  await work(page, page.getByRole('button', { name: 'Open a channel' }));
  await work(page, page.getByRole('button', { name: 'New announcement channel' }));
  dialog = page.getByRole('dialog');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Title' }));
  await page.keyboard.type('Site notices');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+4');
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await work(page, page.getByRole('button', { name: 'Message Ben Okafor' }));
  await expectFocus(page, composer(page, 'Ben Okafor'));
});

test('the list, the parts of the window and the details are reached', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Control+Shift+D');
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.waitFor();
  const reached = new Set<string>();
  for (let at = 0; at < 6; at += 1) {
    await page.keyboard.press('F6');
    reached.add(
      await page.evaluate(() => document.activeElement?.closest('[data-f6]')?.getAttribute('data-f6') ?? ''),
    );
  }
  expect([...reached].toSorted()).toEqual(['details', 'list', 'main', 'nav']);
  await page.keyboard.press('Control+Shift+D');
  await details.waitFor({ state: 'detached' });
  for (let at = 0; at < 6; at += 1) {
    if (await page.evaluate(() => document.activeElement?.closest('[data-f6="list"]') !== null)) break;
    await page.keyboard.press('F6');
  }
  const row = conversationRow(page, 'Night shift');
  const isOnRow = (): Promise<boolean> => page.evaluate(() => document.activeElement?.role === 'option');
  for (let at = 0; at < 20 && !(await isOnRow()); at += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Home');
  await arrowTo(page, row);
  await page.keyboard.press('Enter');
  await message(page, 'Who has the keys?').waitFor();
  await page.keyboard.press('Control+Shift+Y');
  await page.getByText('Conversation muted').waitFor();
  await page.keyboard.press('Control+Shift+Y');
  await page.keyboard.press('Control+Shift+A');
  await row.waitFor({ state: 'detached' });
  // The toast with the undo is one key away.
  await page.keyboard.press('F8');
  await page.keyboard.press('Enter');
  await row.waitFor();
});

test('every page of settings opens, and what stands there is changed', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+,');
  const sections = page.getByRole('navigation', { name: 'Settings sections' }).getByRole('button');
  for (let at = (await sections.count()) - 1; at >= 0; at -= 1) {
    const section = sections.nth(at);
    await work(page, section, at % 2 === 0 ? 'Tab' : 'Shift+Tab');
    await page.getByRole('heading', { name: (await section.textContent()) ?? '', level: 1 }).waitFor();
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('>appear');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('radio', { name: /system/i }).first());
  await arrowTo(page, page.getByRole('radio', { name: 'Dark' }));
  await until(
    'the dark theme',
    () => page.evaluate(() => document.documentElement.dataset['theme']),
    (theme) => theme === 'dark',
  );
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Control+/');
  await page.getByRole('heading', { name: 'Keyboard', level: 1 }).waitFor();
  const zoom = (): Promise<number> =>
    ada.electron.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel() ?? 0,
    );
  await page.keyboard.press('Control+=');
  await until('larger', zoom, (level) => level > 0);
  await page.keyboard.press('Control+0');
  await until('as before', zoom, (level) => level === 0);
});

test('people are invited, and a further organization is created and chosen', async () => {
  const { page } = ada;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('>settings organ');
  await page.keyboard.press('Enter');
  await work(page, page.getByRole('button', { name: 'Create invitation' }));
  let dialog = page.getByRole('dialog', { name: 'New invitation' });
  await work(page, dialog.getByRole('button', { name: 'Create invitation' }));
  await dialog.getByRole('textbox', { name: 'Invitation link' }).waitFor();
  await work(page, dialog.getByRole('button', { name: 'Done' }));
  await dialog.waitFor({ state: 'detached' });
  await work(page, page.getByRole('button', { name: 'Join or create an organization' }));
  dialog = page.getByRole('dialog');
  await tabTo(page, dialog.getByRole('radio', { name: 'Join with an invitation' }));
  await page.keyboard.press('ArrowRight');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('Harbour Volunteers');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+Shift+o');
  await chooseItem(page, /Harbour Volunteers/);
  await page.getByRole('button', { name: /^Harbour Volunteers/ }).waitFor();
  await page.keyboard.press('Control+Shift+o');
  await chooseItem(page, /Heron Works/);
  await page.getByRole('button', { name: /^Heron Works/ }).waitFor();
});

test('a misspelled word is corrected from the menu of the text', async () => {
  const { page, electron } = ada;
  await jumpTo('Ben Okafor');
  // The menu is the system's own; what it offers is looked at before it shows.
  await electron.evaluate(({ Menu }) => {
    Menu.prototype.popup = function popup() {
      const labels = this.items.map(({ label }) => label);
      Object.assign(globalThis, { shownMenu: labels });
      if (labels[0] === 'heron') this.items[0]?.click();
    };
  });
  await page.keyboard.type('please look at herron ');
  for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
  await until(
    'the heron is spelled right',
    async () => {
      await page.keyboard.press('ContextMenu');
      await page.waitForTimeout(200);
      return composer(page, 'Ben Okafor').inputValue();
    },
    (text) => text.startsWith('please look at heron '),
    15_000,
  );
  const labels = await electron.evaluate(() => (globalThis as { shownMenu?: string[] }).shownMenu);
  expect(labels).toContain('Paste without formatting');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
});

test('what could not be sent is edited, taken back and sent', async () => {
  const { page } = ada;
  await server.kill9();
  await page.getByRole('button', { name: /^Offline/ }).waitFor({ timeout: 20_000 });
  await page.keyboard.press('Control+l');
  await say('First, while away');
  await say('Second, while away');
  await page.keyboard.press('Control+5');
  const entry = (text: string) => page.getByRole('group', { name: `Ben Okafor: ${text}` });
  await work(page, entry('First, while away').getByRole('button', { name: /More actions/ }));
  await chooseItem(page, 'Edit');
  const dialog = page.getByRole('dialog');
  await tabTo(page, dialog.getByRole('textbox', { name: 'Message' }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('First, said better');
  await work(page, dialog.getByRole('button', { name: 'Save' }));
  await dialog.waitFor({ state: 'detached' });
  await work(page, entry('Second, while away').getByRole('button', { name: /More actions/ }));
  await chooseItem(page, /^(Delete|Don’t send)/);
  server = await server.restart();
  await entry('First, said better').waitFor({ state: 'detached', timeout: 60_000 });
  await page.keyboard.press('Escape');
});

test('no pointer was used, and one would have been noticed', async () => {
  expect(await pointerEvents(ada.page)).toEqual([]);
  expect(ada.errors).toEqual([]);
  await ada.page.mouse.click(2, 2);
  expect(await pointerEvents(ada.page)).toContain('pointerdown');
});
