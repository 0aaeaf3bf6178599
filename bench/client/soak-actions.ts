/** What a person does all day, one action after the other; the order is fixed, so that two runs do the same. */
import type { Page } from 'playwright-core';
import { must } from '@curlew/shared/lib/result.ts';
import type { FaultProxy } from '../../e2e/support/fault-proxy.ts';
import { composer, conversationRow, readView } from '../../e2e/support/gestures.ts';
import type { HeadlessCore } from '../../e2e/support/headless.ts';

/** What the actions are done with. */
export interface SoakScene {
  readonly page: Page;
  /** Somebody else, who writes too. */
  readonly ben: HeadlessCore;
  readonly proxy: FaultProxy;
  readonly groups: readonly { readonly title: string; readonly conversationId: string }[];
}

type Action = (scene: SoakScene, action: number) => Promise<void>;

const group = ({ groups }: SoakScene, action: number) =>
  must(groups[Math.floor(action / soakActions.length) % groups.length], 'there are groups');

/** Opens the group of this round, the one after it, and so on. */
const open =
  (offset: number): Action =>
  async (scene, action) => {
    const { title } = group(scene, action + offset * soakActions.length);
    await conversationRow(scene.page, title).click();
    await composer(scene.page, title).waitFor();
  };

const write: Action = async (scene, action) => {
  const { title } = group(scene, action);
  const field = composer(scene.page, title);
  await field.fill(`Written as number ${action}, with a few words beside it`);
  await field.press('Enter');
};

const read: Action = async (scene, action) => {
  await scene.ben.invoke('message.send', {
    conversationId: group(scene, action).conversationId,
    text: `Ben’s number ${action}`,
    replyTo: null,
  });
};

const react: Action = async (scene, action) => {
  const { conversationId } = group(scene, action);
  const at = { kind: 'end' } as const;
  const { rows } = await readView(scene.page, 'timeline', { conversationId, at, limit: 20 });
  const newest = rows.findLast((row) => row.kind === 'message' && row.seq !== null);
  if (newest?.kind !== 'message') return;
  await scene.page.evaluate((request) => window.curlew.invoke('message.react', request), {
    conversationId,
    messageId: newest.id,
    emoji: '👍',
    on: action % 2 === 0,
  });
};

const scroll =
  (pixels: number): Action =>
  async ({ page }) => {
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, pixels);
  };

const search: Action = async ({ page }, action) => {
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or jump to' });
  await field.fill(`line ${action % 60}`);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'hidden' });
};

const section =
  (keys: string, heading: string): Action =>
  async ({ page }) => {
    await page.keyboard.press(keys);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  };

const settings =
  (name: string): Action =>
  async ({ page }) => {
    await page.keyboard.press('Control+,');
    const sections = page.getByRole('navigation', { name: 'Settings sections' });
    await sections.getByRole('button', { name }).click();
  };

const back: Action = async ({ page }) => {
  await page.keyboard.press('Control+1');
  await page.getByRole('region', { name: 'Conversations' }).waitFor();
};

const reconnect: Action = async ({ proxy, page }, action) => {
  // One round in five; in the others it is only looked at.
  if (Math.floor(action / soakActions.length) % 5 === 0) {
    proxy.cut();
    proxy.restore();
  }
  await page.getByRole('log').hover();
};

/** One round. */
export const soakActions: readonly Action[] = [
  open(0),
  write,
  read,
  react,
  scroll(-1_500),
  scroll(1_500),
  write,
  search,
  open(1),
  open(2),
  section('Control+4', 'People'),
  section('Control+6', 'Saved'),
  settings('Appearance'),
  settings('Devices'),
  back,
  open(0),
  write,
  react,
  scroll(-6_000),
  reconnect,
];
