/** Whether a screen fits a small window or a large zoom, and shows where the focus is. */
import type { Page } from 'playwright-core';
import { until } from './gestures.ts';

/** Waits until nothing needs sideways scrolling and no control sticks out of the window. */
export async function expectFits(page: Page, screen: string): Promise<void> {
  const stickingOut = (): Promise<string[]> =>
    page.evaluate(() => {
      const root = document.documentElement;
      const isWide = root.scrollWidth > root.clientWidth + 1;
      const controls = document.querySelectorAll<HTMLElement>(
        'button, a[href], input, select, textarea, [role="option"], [role="menuitem"], h1, h2',
      );
      const outside = [...controls].filter((control) => {
        const { left, right, width } = control.getBoundingClientRect();
        if (width === 0 || !control.checkVisibility({ visibilityProperty: true })) return false;
        if (left >= -1 && right <= window.innerWidth + 1) return false;
        // Rows of chips scroll by themselves; hidden labels and inputs stand under what is seen.
        for (let around = control.parentElement; around; around = around.parentElement)
          if (['auto', 'scroll'].includes(getComputedStyle(around).overflowX)) return around === root;
        return width > 1;
      });
      return [
        ...(isWide ? [`the page: ${root.scrollWidth} > ${root.clientWidth}`] : []),
        ...outside.map((control) => control.outerHTML.slice(0, 120)),
      ];
    });
  // A window that has just been resized or zoomed draws once more.
  await until(`${screen} fits`, stickingOut, (found) => found.length === 0, 3_000);
}

/** Goes through the first stops of a screen; those where nothing shows the focus. */
export async function stopsWithoutFocusRing(page: Page, stops: number): Promise<readonly string[]> {
  const bare = new Set<string>();
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const shows = (one: Element | null): boolean => {
        if (!one) return false;
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(one);
        if ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') return true;
        // A field shows it by the frame around it.
        element.blur();
        const before = getComputedStyle(one).borderColor;
        element.focus();
        return before !== borderColor;
      };
      const isShown = shows(element) || shows(element.parentElement) || shows(element.closest('label'));
      return isShown ? null : element.outerHTML.slice(0, 120);
    });
    if (name !== null) bare.add(name);
  }
  return [...bare];
}
