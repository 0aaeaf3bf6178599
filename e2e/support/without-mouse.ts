/**
 * The whole suite by keyboard: with `CURLEW_E2E_INPUT=keyboard` every click of every spec becomes what a person without
 * a mouse does there: the focus goes to the control, and a key works it. A control that no key can reach or work fails
 * the spec that needs it (`e2e/keyboard.spec.ts` also walks there with Tab and arrows).
 */
import type { Locator, Page } from 'playwright-core';

type ClickOptions = Parameters<Locator['click']>[0];

/** What a key can do at a control. */
type Way = 'focus' | 'Enter' | 'Space' | 'activeDescendant';

/** Takes the mouse away from every locator of this process, if the run is by keyboard. */
export function takeMouseAway(page: Page): void {
  if (process.env['CURLEW_E2E_INPUT'] !== 'keyboard') return;
  const locators: unknown = Object.getPrototypeOf(page.locator('body'));
  Object.assign(locators as Locator, {
    click(this: Locator, options?: ClickOptions): Promise<void> {
      return workByKey(this, options);
    },
    async check(this: Locator): Promise<void> {
      if (!(await this.isChecked())) await workByKey(this);
    },
  });
}

async function workByKey(target: Locator, options: ClickOptions = {}): Promise<void> {
  const { timeout } = options;
  const page = target.page();
  await target.waitFor(timeout === undefined ? {} : { timeout });
  await page.waitForFunction((element) => !element?.matches(':disabled'), await target.elementHandle());
  // Keys are ignored while something that was open still closes.
  await page.locator('[data-ending-style]').first().waitFor({ state: 'detached' });
  const way = await target.evaluate(goThere);
  if (options.button === 'right') return page.keyboard.press('Shift+F10');
  if (way === 'activeDescendant') return chooseActive(page, target);
  if (way !== 'focus') await page.keyboard.press(way);
}

/** Runs in the page: gives the control the focus; throws when no key leads to it. */
function goThere(element: Element): Way {
  const inMenusAndLists =
    '[role="menuitem"], [role="menuitemradio"], [role="menuitemcheckbox"], [role="option"], [role="tab"], [role="radio"], [role="row"], [role="listitem"], [role="article"], [role="treeitem"]';
  const label = element.closest('label');
  const control =
    label?.control ??
    element.closest<HTMLElement>('button, a[href], input, textarea, select, summary, [tabindex]') ??
    element;
  if (!(control instanceof HTMLElement)) throw new Error('nothing here takes the focus');
  const list = control.closest('[role="option"]')?.closest('[role="listbox"]');
  const field = list?.id ? document.querySelector<HTMLElement>(`[aria-controls~="${list.id}"]`) : null;
  if (field && field === document.activeElement) return 'activeDescendant';
  control.focus();
  if (document.activeElement !== control) {
    if (!field) throw new Error(`no key leads to ${control.outerHTML.slice(0, 160)}`);
    field.focus();
    return 'activeDescendant';
  }
  if (control.tabIndex < 0 && !control.matches(inMenusAndLists))
    throw new Error(`Tab passes over ${control.outerHTML.slice(0, 160)}`);
  const isWrittenIn = control.matches(
    'textarea, select, [contenteditable="true"], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])',
  );
  if (isWrittenIn) return 'focus';
  return control.matches('input[type="checkbox"], input[type="radio"], [role="switch"], [role="radio"]')
    ? 'Space'
    : 'Enter';
}

/** In lists that a text field leads, arrows choose and Enter takes. */
async function chooseActive(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    const isActive = await target.evaluate((element) => {
      const option = element.closest('[role="option"]');
      return option !== null && document.activeElement?.getAttribute('aria-activedescendant') === option.id;
    });
    if (isActive) return page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`arrows never reached ${String(target)}`);
}
