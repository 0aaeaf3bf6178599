import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { navigation } from '../../lib/navigation.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { conversation, fakeId, type World } from '../../preview/world.ts';
import { ConversationList } from './conversation-list.tsx';
import { previewOf, rowName } from './row-name.ts';

let world: World;
let fake: FakeBridge;

beforeEach(() => {
  ({ world, fake } = installWorld());
  // jsdom lays nothing out; the virtual list needs a height to draw rows into.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 320 });
});
afterEach(cleanup);

const show = async () => {
  renderUi(
    <ConversationList
      scopeId={undefined}
      placeId={undefined}
      orgName="City Facilities"
      isOffline={false}
      kind={null}
      canAnnounce
    />,
  );
  await screen.findByRole('listbox', { name: 'Conversations' });
  await screen.findAllByRole('option');
};
const options = () => screen.getAllByRole('option');

describe('rowName', () => {
  const t = i18next.t;
  it('speaks name, kind, unread, marks and time', () => {
    const row = conversation(1, { unread: 3, mentions: 1, draft: 'x', isMuted: true, presence: null });
    expect(rowName(row, '10:24', t)).toBe('Priya Nair, direct, 3 unread, mentioned, draft, muted, 10:24');
    expect(rowName(conversation(2, { presence: null }), '', t)).toBe('Tom Becker, direct');
  });

  it('previews failed before draft before typing before the last message', () => {
    const all = conversation(1, { failed: 1, draft: 'd', typingNames: ['Ana'] });
    expect(previewOf(all, t).kind).toBe('failed');
    expect(previewOf({ ...all, failed: 0 }, t)).toEqual({ kind: 'draft', text: 'd' });
    expect(previewOf({ ...all, failed: 0, draft: null }, t).kind).toBe('typing');
    expect(previewOf({ ...all, failed: 0, draft: null, typingNames: [] }, t).kind).toBe('empty');
  });
});

describe('ConversationList', () => {
  it('has one tab stop, positions, and opens by click', async () => {
    await show();
    expect(options()[0]?.getAttribute('aria-posinset')).toBe('1');
    expect(options()[0]?.getAttribute('aria-setsize')).toBe('7');
    expect(options().filter((option) => option.tabIndex === 0)).toHaveLength(1);
    expect(screen.getByText('Pinned')).toBeTruthy();
    await userEvent.click(screen.getByRole('option', { name: /^Tom Becker/ }));
    expect(navigation.get().conversationId).toBe(fakeId(2, 2));
    expect(screen.getByRole('option', { selected: true, name: /^Tom Becker/ })).toBeTruthy();
  });

  it('moves with the arrow keys and opens with Enter, which also goes to the composer', async () => {
    await show();
    const asked = navigation.get().focusComposer;
    act(() => options()[0]?.focus());
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{Enter}');
    expect(navigation.get().conversationId).toBe(fakeId(2, 2));
    expect(navigation.get().focusComposer).toBe(asked + 1);
  });

  it('filters by tab and says when nothing is left', async () => {
    await show();
    await userEvent.click(screen.getByRole('tab', { name: /^Unread/ }));
    expect(await screen.findAllByRole('option')).toHaveLength(2);
    await userEvent.click(screen.getByRole('tab', { name: /^Mentions/ }));
    expect(await screen.findByText('All caught up')).toBeTruthy();
  });

  it('filters by what is ticked once it is shown, by keyboard, and says that it does', async () => {
    await show();
    screen.getByRole('button', { name: 'Filters' }).focus();
    await userEvent.keyboard('{Enter}');
    const menu = await screen.findByRole('menu', { name: 'Filters' });
    for (const name of ['Direct', 'Groups', 'North Campus', 'Boilers', 'Archived'])
      expect(within(menu).getByRole('menuitemcheckbox', { name: new RegExp(`^${name}`) })).toBeTruthy();
    within(menu)
      .getByRole('menuitemcheckbox', { name: /^Has a draft/ })
      .focus();
    await userEvent.keyboard(' ');
    expect(await within(menu).findByRole('menuitem', { name: 'Show 1' })).toBeTruthy();
    expect(options()).toHaveLength(7);
    within(menu).getByRole('menuitem', { name: 'Show 1' }).focus();
    await userEvent.keyboard('{Enter}');
    const button = await screen.findByRole('button', { name: 'Filters, in use' });
    await waitFor(() => expect(options()).toHaveLength(1));
    expect(options()[0]?.textContent).toContain('Daniel Novak');
    await userEvent.click(button);
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Reset' }));
    await waitFor(() => expect(options()).toHaveLength(7));
  });

  it('leaves the list alone when the menu is closed with Esc, and says when nothing is found', async () => {
    await show();
    await userEvent.click(screen.getByRole('button', { name: 'Filters' }));
    await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: /^Linked items/ }));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    expect(options()).toHaveLength(7);
    await userEvent.click(screen.getByRole('button', { name: 'Filters' }));
    await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: /^Linked items/ }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show 0' }));
    expect(await screen.findByText('No conversations found')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
    expect(await screen.findAllByRole('option')).toHaveLength(7);
  });

  it('holds its order under the pointer and takes the new one when the pointer leaves', async () => {
    await show();
    const list = screen.getByRole('listbox');
    await userEvent.hover(list);
    const names = () => options().map((option) => option.querySelector('.vh')?.textContent?.split(',')[0]);
    const before = names();
    const [pinned, ...rest] = world.conversations;
    world.conversations = [...(pinned ? [pinned] : []), ...rest.reverse()];
    act(() => fake.refresh());
    expect(names()).toEqual(before);
    await userEvent.unhover(list);
    expect(names()).toEqual([before[0], ...before.slice(1).reverse()]);
  });

  it('offers pin, mute and archive in the menu of a row', async () => {
    await show();
    await userEvent.pointer({
      keys: '[MouseRight]',
      target: screen.getByRole('option', { name: /^Tom Becker/ }),
    });
    const menu = await screen.findByRole('menu');
    await userEvent.click(within(menu).getByRole('menuitem', { name: 'Pin' }));
    expect(fake.requests('conversation.pin')).toEqual([{ conversationId: fakeId(2, 2), on: true }]);
  });
});
