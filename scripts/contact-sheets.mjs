// `node scripts/contact-sheets.mjs`: lays the pictures of docs/screenshots out on sheets, docs/screenshots/sheets, so that
// all of them can be looked at together. Owns which picture stands on which sheet; each stands on exactly one.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron } from 'playwright-core';
import { bootstrapApp, electronArgs, electronEnv } from './bootstrap/bootstrap.mjs';
import { ROOT } from './bootstrap/cache.mjs';
import { ensureDisplay } from './bootstrap/display.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runMain } from './bootstrap/progress.mjs';

const FOLDER = path.join(ROOT, 'docs/screenshots');
/** What a person meets most. */
const MAIN_SCREENS = [
  'sign-in',
  'first-run',
  'main',
  'group-details',
  'message-info',
  'message-actions',
  'quick-switcher',
  'offline',
  'outbox',
  'new-conversation',
  'people',
  'settings-account',
];
/** Pictures of a sheet that go on a further one. */
const MOST = 24;

/** @returns {Map<string, string[]>} sheets by name, with the names of their pictures */
function sheets() {
  const base = (/** @type {string} */ name) => name.replace(/-(light|dark)$/, '');
  const order = (/** @type {string} */ name) => MAIN_SCREENS.indexOf(base(name));
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.png'))
    .map((file) => file.slice(0, -'.png'.length))
    // Light before dark, and nothing between them.
    .toSorted((a, b) => order(a) - order(b) || base(a).localeCompare(base(b)) || b.localeCompare(a));
  /** @type {Map<string, string[]>} */
  const made = new Map();
  for (const name of names) {
    const sheet = sheetOf(name);
    made.set(sheet, [...(made.get(sheet) ?? []), name]);
  }
  return new Map([...made].flatMap(([sheet, all]) => parts(sheet, all)));
}

/**
 * @param {string} name of a picture
 * @returns {string} of its sheet
 */
function sheetOf(name) {
  if (name.startsWith('desktop-')) return 'desktop';
  if (name.includes('high-contrast')) return 'high-contrast';
  if (name.startsWith('language-de')) return 'german';
  if (name.startsWith('language-ar')) return 'arabic';
  if (name.includes('narrow') || name.includes('zoom') || name.includes('compact')) return 'narrow';
  if (MAIN_SCREENS.includes(name.replace(/-(light|dark)$/, ''))) return 'main';
  if (name.startsWith('organization') || name.startsWith('list-')) return 'organization';
  if (name.startsWith('walk-')) return 'walk';
  if (name.startsWith('settings-')) return 'settings';
  return 'conversations';
}

/**
 * @param {string} sheet
 * @param {string[]} names
 * @returns {[string, string[]][]}
 */
function parts(sheet, names) {
  if (names.length <= MOST) return [[sheet, names]];
  /** @type {[string, string[]][]} */
  const all = [];
  for (let from = 0; from < names.length; from += MOST) {
    // Light and dark stay together: both counts are even.
    all.push([`${sheet}-${all.length + 1}`, names.slice(from, from + MOST)]);
  }
  return all;
}

/**
 * @param {string} title
 * @param {string[]} names
 * @returns {string} the page
 */
function pageOf(title, names) {
  const figures = names.map((name) => {
    const source = pathToFileURL(path.join(FOLDER, `${name}.png`)).href;
    return `<figure><div><img src="${source}"></div><figcaption>${name}</figcaption></figure>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><style>
    body { margin: 16px; background: #8b9196; font: 13px sans-serif; display: grid;
      grid-template-columns: repeat(4, 440px); gap: 12px }
    figure { margin: 0; background: #fff }
    div { height: 276px; display: flex; align-items: center; justify-content: center; background: #d5d9dc }
    img { max-width: 440px; max-height: 276px }
    figcaption { padding: 4px 8px }
  </style>${figures.join('')}`;
}

await runMain(async () => {
  if (!(await ensureNode())) return;
  const runtime = await bootstrapApp();
  const display = await ensureDisplay();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'curlew-sheets-'));
  try {
    const app = await _electron.launch({
      executablePath: runtime.executable,
      args: [...electronArgs(), `--user-data-dir=${folder}`, 'bench/client/empty-window'],
      cwd: ROOT,
      env: /** @type {Record<string, string>} */ ({
        ...process.env,
        ...electronEnv(runtime),
        ...display.env,
      }),
    });
    const page = await app.firstWindow();
    await page.setViewportSize({ width: 1860, height: 1000 });
    mkdirSync(path.join(FOLDER, 'sheets'), { recursive: true });
    for (const [name, pictures] of sheets()) {
      const file = path.join(folder, `${name}.html`);
      writeFileSync(file, pageOf(name, pictures));
      await page.goto(pathToFileURL(file).href);
      const sheet = path.join(FOLDER, 'sheets', `${name}.png`);
      await page.screenshot({ path: sheet, fullPage: true });
      console.log(`${name}: ${pictures.length} pictures, ${Math.round(statSync(sheet).size / 1024)} KiB`);
    }
    await app.close();
  } finally {
    await display.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
