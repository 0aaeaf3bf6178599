/** The main screens where there is little room, and where the system chooses the colours and stops what moves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { expectFits, stopsWithoutFocusRing } from './support/fit-check.ts';
import { composer, message, openWith, say } from './support/gestures.ts';
import { expectFocus } from './support/keyboard.ts';
import { registerPeople } from './support/people.ts';
import { seriousFindings } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ada: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [person] = await registerPeople(server, ['Ada Lovelace', 'Ben Okafor']);
  if (!person) throw new Error('Ada was registered');
  ada = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person });
  await ada.page.setViewportSize({ width: 1280, height: 800 });
  await openWith(ada.page, 'Ben Okafor');
  const text =
    'The compressor of the second cold store has been replaced, please look at its readings tomorrow';
  await say(ada.page, 'Ben Okafor', text);
  await message(ada.page, text).waitFor();
});

afterAll(async () => {
  await disposeApps(ada);
  await server?.dispose();
});

/** The main screens, each by the keys that lead there; those that stand over the others are closed again. */
const screens = [
  { name: 'people', key: 'Control+4' },
  { name: 'outbox', key: 'Control+5' },
  { name: 'saved', key: 'Control+6' },
  { name: 'chats', key: 'Control+1' },
  { name: 'switcher', key: 'Control+k', isDialog: true },
  { name: 'new conversation', key: 'Control+n', isDialog: true },
] as const;
const settings = ['account', 'organi', 'notifi', 'appear', 'keyb', 'storage', 'network', 'advanced', 'about'];

async function jumpTo(text: string): Promise<void> {
  const { page } = ada;
  await page.keyboard.press('Control+k');
  await expectFocus(page, page.getByRole('combobox', { name: 'Search or jump to' }));
  await page.keyboard.type(text);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Shows each screen in turn; what `look` finds is the caller's. */
async function eachScreen(look: (name: string) => Promise<void>): Promise<void> {
  const { page } = ada;
  for (const screen of screens) {
    await page.keyboard.press(screen.key);
    if ('isDialog' in screen) await page.getByRole('dialog').waitFor();
    await look(screen.name);
    if (!('isDialog' in screen)) continue;
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  for (const name of settings) {
    await jumpTo(`>settings ${name}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await look(name);
  }
  await jumpTo('Ben Okafor');
  await composer(page, 'Ben Okafor').waitFor();
  await look('conversation');
  await page.keyboard.press('Control+Shift+D');
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await look('details');
  await page.keyboard.press('Control+Shift+D');
}

test('at 380 px, and at 200 %, every screen fits and shows where the focus is', async () => {
  const { page, electron } = ada;
  const zoom = (factor: number) =>
    electron.evaluate(
      ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(to),
      factor,
    );
  const bare: string[] = [];
  await page.setViewportSize({ width: 380, height: 640 });
  await eachScreen(async (name) => {
    await expectFits(page, name);
    if (name === 'people' || name === 'appear') bare.push(...(await stopsWithoutFocusRing(page, 8)));
  });
  await page.setViewportSize({ width: 1280, height: 800 });
  await zoom(2);
  await eachScreen((name) => expectFits(page, name));
  await zoom(1);
  expect(bare).toEqual([]);
});

test('in the colours of the system nothing is lost, and what moves keeps still when asked to', async () => {
  const { page } = ada;
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const findings: string[] = [];
  const moving: string[] = [];
  await eachScreen(async (name) => {
    moving.push(
      ...(await page.evaluate(() =>
        document
          .getAnimations()
          .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 80)
          .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : 'transition')),
      )),
    );
    if (['chats', 'switcher', 'appear', 'conversation', 'details'].includes(name))
      for (const { rule, targets } of await seriousFindings(page))
        // Which colours stand on which is the system's choice here; axe goes by those of the page.
        if (rule !== 'color-contrast') findings.push(`${name}: ${rule} ${targets.join(' ')}`);
    if (['chats', 'switcher', 'appear', 'details'].includes(name))
      await page.screenshot({ path: `docs/screenshots/forced-colors-${name}.png` });
  });
  expect(await stopsWithoutFocusRing(page, 12)).toEqual([]);
  await page.emulateMedia({ forcedColors: null, reducedMotion: null });
  expect(findings).toEqual([]);
  expect(moving).toEqual([]);
});

test('no window logged an error', () => {
  expect(ada.errors).toEqual([]);
});
