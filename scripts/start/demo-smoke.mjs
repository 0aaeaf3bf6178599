// Owns the proof behind `npm start -- --demo --smoke`: both windows are signed in, typing in one shows in the other,
// the message arrives there, and its ticks come back. Leaves a screenshot of each window in reports/.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { _electron } from 'playwright-core';
import {
  composer,
  conversationList,
  expectState,
  message,
  openWith,
  say as sendMessage,
} from '../../e2e/support/gestures.ts';
import { ROOT } from '../bootstrap/cache.mjs';
import { say } from '../bootstrap/progress.mjs';
import { appCommand } from './app-window.mjs';

/**
 * @param {import('./app-window.mjs').AppLaunch[]} launches one per person
 * @param {import('./demo-people.mjs').Person[]} people
 * @param {(() => Promise<void>)[]} cleanups gets what closes the windows
 * @returns {Promise<number>} 0; a failed proof throws
 */
export async function proveConversation(launches, people, cleanups) {
  /** @type {import('playwright-core').ElectronApplication[]} */
  const apps = [];
  /** @type {import('playwright-core').Page[]} */
  const pages = [];
  for (const launch of launches) {
    const { args, env } = appCommand(launch);
    const app = await _electron.launch({
      executablePath: launch.runtime.executable,
      args,
      cwd: ROOT,
      env: { ...definedEnv(), ...env },
    });
    apps.push(app);
    cleanups.push(() => app.close());
    const page = await app.firstWindow();
    pages.push(page);
    cleanups.push(() => keepScreenshot(page, pages.indexOf(page), people));
  }
  const [ada, ben] = pages;
  const [adaName, benName] = people.map(({ name }) => name);
  if (ada === undefined || ben === undefined || adaName === undefined || benName === undefined) {
    throw new Error('the demo has two people');
  }
  await conversationList(ada).waitFor();
  await conversationList(ben).waitFor();
  await openWith(ada, benName);
  await openWith(ben, adaName);
  say('Both windows are up and signed in.');

  const text = `It works (${new Date().toISOString()})`;
  await composer(ada, benName).pressSequentially('Is anybody', { delay: 80 });
  await ben.getByText(`${adaName} is typing…`).first().waitFor({ timeout: 10_000 });
  await composer(ada, benName).fill('');
  await sendMessage(ada, benName, text);
  await message(ben, text).waitFor({ timeout: 10_000 });
  // Read means seen in a window that has the focus.
  await apps[1]?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
  await expectState(ada, text, 'Read', 20_000);
  say(`${benName} saw ${adaName} type, got the message, and ${adaName} saw that it was read.`);
  return 0;
}

/**
 * Also after a failure: what a window showed then says more than the error.
 *
 * @param {import('playwright-core').Page} page
 * @param {number} index
 * @param {import('./demo-people.mjs').Person[]} people
 */
async function keepScreenshot(page, index, people) {
  const reports = path.join(ROOT, 'reports');
  mkdirSync(reports, { recursive: true });
  const name = people[index]?.name.toLowerCase() ?? String(index);
  await page.screenshot({ path: path.join(reports, `demo-${name}.png`), timeout: 10_000 });
}

/** @returns {Record<string, string>} this process's variables */
function definedEnv() {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
