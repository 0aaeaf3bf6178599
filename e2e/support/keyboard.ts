/**
 * A person without a mouse: reaches things with Tab, arrows and shortcuts, and works them with Enter and Space. Owns the
 * guard that fails a run in which a pointer was used after all.
 */
import type { Locator, Page } from 'playwright-core';

/** More than any screen has stops. */
const MOST_STOPS = 150;

declare global {
  interface Window {
    /** What a pointer did in this page since the guard was set. */
    pointerEvents?: string[];
  }
}

/** From now on, what a pointer does in the page is written down. */
export async function watchForPointer(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = [];
    window.pointerEvents = seen;
    const note = (event: Event): void => {
      // Enter and Space make clicks too; those have no count.
      const isByKey = event instanceof MouseEvent && event.type === 'click' && event.detail === 0;
      if (event.isTrusted && !isByKey) seen.push(event.type);
    };
    for (const type of ['pointerdown', 'mousedown', 'touchstart', 'wheel', 'click', 'dblclick'])
      window.addEventListener(type, note, { capture: true, passive: true });
  });
}

/** What a pointer did since {@link watchForPointer}. */
export function pointerEvents(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => window.pointerEvents ?? ['the guard is gone']);
}

/** Whether the focus is exactly there. */
export async function hasFocus(target: Locator): Promise<boolean> {
  if ((await target.count()) !== 1) return false;
  return target.evaluate((element) => element === document.activeElement);
}

/** Presses Tab (or Shift+Tab) until the focus is there. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
  }
  throw new Error(
    `${MOST_STOPS} × ${key} never reached ${String(target)}; focus is on ${await focused(page)}`,
  );
}

/** Goes there with Tab and works it as its kind is worked. */
export async function work(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await tabTo(page, target, key);
  const isSwitch = await target.evaluate((element) =>
    element.matches('input[type="checkbox"], [role="switch"]'),
  );
  await page.keyboard.press(isSwitch ? 'Space' : 'Enter');
}

/** Moves with an arrow until the focus is there, as in menus, radio groups and lists with one stop. */
export async function arrowTo(page: Page, target: Locator, key = 'ArrowDown'): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < 60; step += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never reached ${String(target)}; focus is on ${await focused(page)}`);
}

/** Takes an entry of the menu that is open. */
export async function chooseItem(page: Page, name: RegExp | string): Promise<void> {
  await arrowTo(page, page.getByRole('menuitem', { name }));
  await page.keyboard.press('Enter');
  // Keys are ignored while a menu still closes.
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

/** Waits until the focus is there by itself. */
export async function expectFocus(page: Page, target: Locator): Promise<void> {
  await target.and(page.locator(':focus')).waitFor();
}

/** Where the focus is, in words for whoever reads why a run failed. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing');
}
