/**
 * Looks at a screen the way two kinds of reader do: a screenshot for eyes (docs/screenshots) and axe for assistive
 * technology. Collects what axe finds for `reports/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');
const screenshots = join(root, 'docs/screenshots');

/** One serious finding. */
export interface Finding {
  readonly screen: string;
  readonly rule: string;
  readonly targets: readonly string[];
}

const checked: string[] = [];
const findings: Finding[] = [];

/** Takes `docs/screenshots/{name}.png` and checks the screen with axe; only serious and critical findings count. */
export async function checkScreen(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  // Tooltips of a resting pointer and short fades are not part of the screen.
  await page.mouse.move(640, 18);
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(screenshots, `${name}.png`), animations: 'disabled' });
  checked.push(name);
  findings.push(...(await seriousFindings(page)).map((finding) => ({ screen: name, ...finding })));
}

/** What axe finds serious or critical on the screen. */
export async function seriousFindings(page: Page): Promise<readonly Omit<Finding, 'screen'>[]> {
  // Half a megabyte to parse: once per page.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    // Defined by the script above.
    const { axe: tool } = window as unknown as { axe: typeof import('axe-core') };
    // Without preload: our style sheets are in the page already, axe need not fetch them again.
    return tool.run(document, { resultTypes: ['violations'], preload: false });
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      rule: id,
      targets: nodes.map((node) => node.target.join(' ')).slice(0, 5),
    }));
}

/** Gives a window a theme. */
export async function setTheme(
  page: Page,
  theme: 'light' | 'dark',
  contrast: 'normal' | 'high' = 'normal',
): Promise<void> {
  await page.evaluate(([t, c]) => window.curlew.invoke('preferences.set', { theme: t, contrast: c }), [
    theme,
    contrast,
  ] as const);
  await page.waitForFunction((t) => document.documentElement.dataset['theme'] === t, theme);
}

/** The screen in light, then in dark. */
export async function bothThemes(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await checkScreen(page, `${name}-${theme}`);
  }
  await setTheme(page, 'light');
}

/** Writes `reports/{name}.json`; returns the findings. */
export function reportScreens(name = 'a11y'): readonly Finding[] {
  mkdirSync(join(root, 'reports'), { recursive: true });
  const body = {
    name,
    at: new Date().toISOString(),
    machine: process.platform,
    figures: { screens: checked.length, serious: findings.length },
    failed: findings.length,
    notRun: [],
    screens: checked,
    findings,
  };
  writeFileSync(join(root, `reports/${name}.json`), `${JSON.stringify(body, null, 2)}\n`);
  return findings;
}
