/**
 * What a person does in the window and what they see there, found by role and label only. Owns the words of the screen
 * for the e2e suites, so that a changed label is changed once.
 */
import type { Locator, Page } from 'playwright-core';
import type { TimelineRow, MessageRow } from '../../desktop/src/ipc/message-rows.ts';
import type { ViewName, ViewParams, ViewTypes } from '../../desktop/src/ipc/views.ts';
import type { Bridge } from '../../desktop/src/ipc/bridge.ts';

/** Waits until `check` holds; asks again every 50 ms. Fails with what was last seen. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  timeoutMs = 10_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end)
      throw new Error(
        `not within ${timeoutMs} ms: ${what}; last seen ${JSON.stringify(seen)?.slice(0, 2000)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The list of conversations. */
export function conversationList(page: Page): Locator {
  return page.getByRole('region', { name: 'Conversations' });
}

/** The row of one conversation; its name starts with the title. */
export function conversationRow(page: Page, title: string): Locator {
  return conversationList(page).getByRole('option', { name: new RegExp(`^${title},`) });
}

/** The text field of the open conversation. */
export function composer(page: Page, title: string): Locator {
  return page.getByRole('textbox', { name: `Message ${title}` });
}

/** One message by its text. */
export function message(page: Page, text: string): Locator {
  return page.getByRole('log').getByRole('article').filter({ hasText: text });
}

/** Opens (or starts) the conversation with a person through the switcher. */
export async function openWith(page: Page, name: string): Promise<void> {
  await conversationList(page).waitFor();
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: 'Search or jump to' });
  await search.fill(name);
  await page
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await composer(page, name).waitFor();
}

/** Types a message and sends it with Enter. */
export async function say(page: Page, to: string, text: string): Promise<void> {
  const field = composer(page, to);
  await field.fill(text);
  await field.press('Enter');
}

/** Waits until an own message shows a state, by the text name of its glyph. */
export async function expectState(
  page: Page,
  text: string,
  state: string,
  timeoutMs = 10_000,
): Promise<void> {
  await message(page, text).getByLabel(state, { exact: true }).waitFor({ timeout: timeoutMs });
}

declare global {
  interface Window {
    readonly curlew: Bridge;
  }
}

/** Reads a view once through the bridge, as a window of this app would be given it. */
export async function readView<V extends ViewName>(
  page: Page,
  name: V,
  params: ViewParams<V>,
): Promise<{ rows: ViewTypes[V]['row'][]; meta: ViewTypes[V]['meta'] }> {
  const state = await page.evaluate(
    async ([view, given]) => {
      const opened = await window.curlew.openView(view as ViewName, given as never);
      if (!opened.ok) throw new Error(opened.error.code);
      window.curlew.closeView(opened.value.viewId);
      return opened.value.state;
    },
    [name, params] as const,
  );
  // The bridge answers what its contract says for this view; `evaluate` only knows JSON.
  const rows = state.order.map((key) => state.rows[key]) as ViewTypes[V]['row'][];
  return { rows, meta: state.meta as ViewTypes[V]['meta'] };
}

/** The conversation with a person, by the title of its row. */
export async function conversationId(page: Page, title: string): Promise<string> {
  const { rows } = await readView(page, 'conversations', { filter: 'all', offset: 0, limit: 200 });
  const row = rows.find((it) => it.title === title);
  if (!row) throw new Error(`no conversation called ${title}`);
  return row.id;
}

/** All messages of a conversation as this window would show them, oldest first. */
export async function timeline(page: Page, title: string): Promise<MessageRow[]> {
  const id = await conversationId(page, title);
  const { rows } = await readView(page, 'timeline', { conversationId: id, at: { kind: 'end' }, limit: 400 });
  return rows.filter((row: TimelineRow): row is MessageRow => row.kind === 'message');
}

/** Makes a group through the dialog; it is open afterwards. */
export async function createGroup(page: Page, title: string, names: readonly string[]): Promise<void> {
  await fillGroup(page, title, names);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Create with/ })
    .click();
  await composer(page, title).waitFor();
}

/** The dialog for a new group with everything filled in, by keyboard. */
export async function fillGroup(page: Page, title: string, names: readonly string[]): Promise<void> {
  await page.keyboard.press('Control+n');
  const dialog = page.getByRole('dialog', { name: 'New conversation' });
  await dialog.getByRole('radio', { name: 'Direct' }).press('ArrowRight');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(title);
  const field = dialog.getByRole('combobox', { name: 'People' });
  for (const name of names) {
    await field.fill(name);
    await dialog.getByRole('option', { name: new RegExp(name) }).waitFor();
    await until(
      `only ${name} is offered`,
      () => dialog.getByRole('option').count(),
      (count) => count === 1,
    );
    await field.press('Enter');
    await dialog.getByRole('button', { name: `Remove ${name}` }).waitFor();
  }
}
