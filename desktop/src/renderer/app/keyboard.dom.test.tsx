/** The window's keyboard in the whole workspace: keys that reach across panes. */
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import { navigation, openConversation, showSection } from '../lib/navigation.ts';
import { currentToast, runToastAction } from '../lib/toast.ts';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { fakeId, type World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

let world: World;
let fake: FakeBridge;
const marked = [
  { conversationId: fakeId(2, 1), fromSeq: 4 },
  { conversationId: fakeId(2, 3), fromSeq: 9 },
];
const threads = [{ conversationId: fakeId(2, 3), rootId: fakeId(3, 1), fromSeq: 11 }];

beforeEach(() => {
  ({ world, fake } = installWorld((name) =>
    name === 'conversation.markAllRead' ? ok({ marked, threads }) : undefined,
  ));
  // jsdom lays nothing out; the virtual lists need a height to draw rows into.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 320 });
});
afterEach(cleanup);

async function show(): Promise<void> {
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  openConversation(fakeId(2, 1));
  renderUi(<Workspace session={session} />);
  await screen.findByRole('textbox', { name: /^Message/ });
}
const list = () => screen.queryByRole('region', { name: 'Conversations' });

describe('the keyboard of the window', () => {
  it('puts the list away and brings it back; what was in it loses no focus', async () => {
    await show();
    const option = await within(list() ?? document.body).findByRole('option', { name: /^Tom Becker/ });
    option.focus();
    await userEvent.keyboard('{Control>}{Shift>}l{/Shift}{/Control}');
    expect(list()).toBeNull();
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Message/));
    await userEvent.keyboard('{Control>}{Shift>}l{/Shift}{/Control}');
    expect(list()).not.toBeNull();
    await userEvent.keyboard('{Control>}{Shift>}l{/Shift}{/Control}');
    act(() => showSection('people'));
    act(() => showSection('chats'));
    expect(list()).toBeNull();
    // Asking for the chats in the chats is asking for their list.
    await userEvent.keyboard('{Control>}1{/Control}');
    expect(list()).not.toBeNull();
  });

  it('marks everything read with Shift+Esc, also while writing, and takes it back', async () => {
    await show();
    screen.getByRole('textbox', { name: /^Message/ }).focus();
    await userEvent.keyboard('{Shift>}{Escape}{/Shift}');
    expect(fake.requests('conversation.markAllRead')).toHaveLength(1);
    expect(fake.requests('conversation.markRead')).toEqual([]);
    await waitFor(() => expect(currentToast.get()?.text).toBe('2 conversations marked as read'));
    act(runToastAction);
    expect(fake.requests('conversation.markUnread')).toEqual(marked);
    expect(fake.requests('thread.markUnread')).toEqual(threads);
  });

  it('marks everything read from a message as well', async () => {
    await show();
    (await screen.findAllByRole('article')).at(-1)?.focus();
    await userEvent.keyboard('{Shift>}{Escape}{/Shift}');
    expect(fake.requests('conversation.markAllRead')).toHaveLength(1);
  });

  it('shows the shortcuts with Ctrl+/ and finds them by name and by key', async () => {
    await show();
    await userEvent.keyboard('{Control>}/{/Control}');
    expect(await screen.findByRole('heading', { name: 'Keyboard' })).toBeTruthy();
    expect(screen.getByText('Search or jump to')).toBeTruthy();
    const field = screen.getByRole('searchbox', { name: 'Find a shortcut' });
    await userEvent.type(field, 'mark all');
    expect(screen.getByText('Mark all as read')).toBeTruthy();
    expect(screen.queryByText('Search or jump to')).toBeNull();
    await userEvent.clear(field);
    await userEvent.type(field, 'ctrl k');
    expect(screen.getByText('Search or jump to')).toBeTruthy();
    await userEvent.clear(field);
    await userEvent.type(field, 'zzz');
    expect(screen.getByText('No shortcut matches “zzz”.')).toBeTruthy();
  });

  it('opens the menu of organization and account from anywhere', async () => {
    await show();
    act(() => showSection('people'));
    await userEvent.keyboard('{Control>}{Shift>}o{/Shift}{/Control}');
    expect(await screen.findByRole('menu', { name: 'Organization and account' })).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    expect(navigation.get().dialog).toBeNull();
  });
});
