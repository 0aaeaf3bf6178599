/** Searching from the window: in place of the list, in the open conversation, and in the switcher. */
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { SearchHit } from '../../ipc/search.ts';
import { announcements } from '../lib/announcer.ts';
import { navigation, openConversation } from '../lib/navigation.ts';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { fakeId, type World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

const conversationId = fakeId(2, 1);
let world: World;
let fake: FakeBridge;
let local: (request: unknown) => Result<unknown, ErrorBody>;
let server: () => Result<unknown, ErrorBody>;

function hit(n: number, text: string, more: Partial<SearchHit> = {}): SearchHit {
  const at = text.indexOf('defrost');
  return {
    messageId: fakeId(9, n),
    conversationId,
    conversationTitle: 'Cooling fault',
    threadRootId: null,
    senderId: fakeId(1, 2),
    senderName: 'Jonas Weber',
    isOwn: false,
    isPending: false,
    atMs: Date.now() - n * 60_000,
    excerpt: { text, marks: at < 0 ? [] : [[at, at + 7]] },
    ...more,
  };
}
const hits = [hit(1, 'Spikes match the defrost cycle.'), hit(2, 'defrost', { threadRootId: fakeId(9, 8) })];
const answer = (found: readonly SearchHit[], hasMore = false, backToMs: number | null = null) =>
  ok({ hits: found, hasMore, backToMs });

beforeEach(() => {
  local = () => answer(hits);
  server = () => ok({ hits: [hits[0], hit(5, 'Old defrost plan')], cursor: null });
  ({ world, fake } = installWorld((name, request) =>
    name === 'search.messages' ? local(request) : name === 'search.server' ? server() : undefined,
  ));
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 320 });
});
afterEach(cleanup);

async function show(): Promise<void> {
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  openConversation(conversationId);
  renderUi(<Workspace session={session} />);
  await screen.findByRole('textbox', { name: /^Message/ });
}

async function openPane(query: string): Promise<HTMLElement> {
  await show();
  await userEvent.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
  const field = await screen.findByRole('combobox', { name: 'Search all messages' });
  expect(document.activeElement).toBe(field);
  await userEvent.type(field, query);
  return field;
}

describe('search in place of the list', () => {
  it('lists hits as one types and opens the chosen message with Enter', async () => {
    await openPane('defrost');
    const list = await screen.findByRole('listbox', { name: 'Search results' });
    await waitFor(() => expect(within(list).getAllByRole('option')).toHaveLength(2));
    const first = within(list).getAllByRole('option')[0];
    expect(first?.textContent).toContain('in Cooling fault');
    expect(first?.querySelector('mark')?.textContent).toBe('defrost');
    expect(fake.requests('search.messages').at(-1)).toMatchObject({
      query: 'defrost',
      from: 'list',
      after: null,
    });
    await userEvent.keyboard('{Enter}');
    expect(navigation.get().jump).toMatchObject({ conversationId, messageId: fakeId(9, 1) });
    // A reply in a thread is shown at what the thread is about.
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(navigation.get().jump).toMatchObject({ messageId: fakeId(9, 2) });
    await waitFor(() => expect(announcements.get().polite.trim()).toBe('2 results'), { timeout: 2_000 });
  });

  it('says what this device holds, and brings what the server has besides', async () => {
    local = () => answer(hits, false, Date.UTC(2025, 7, 24, 12));
    await openPane('defrost');
    await screen.findByText(/^Searched everything on this device, back to .*24/);
    await userEvent.click(screen.getByRole('button', { name: 'Search on the server' }));
    await screen.findByText('From the server');
    expect(screen.getAllByRole('option', { name: /defrost/ })).toHaveLength(3);
    expect(screen.queryByRole('button', { name: /server/ })).toBeNull();
    server = () => err(errorBody('BUSY'));
    await userEvent.type(screen.getByRole('combobox', { name: 'Search all messages' }), ' again');
    await userEvent.click(await screen.findByRole('button', { name: 'Search on the server' }));
    await screen.findByText('The server couldn’t be searched. Try again.');
    expect(screen.queryByText('From the server')).toBeNull();
  });

  it('shows more on demand, says when there is nothing, and Esc clears and then brings the list back', async () => {
    local = (request) =>
      (request as { after: unknown }).after === null ? answer(hits, true) : answer([hit(3, 'third defrost')]);
    const field = await openPane('defrost');
    await userEvent.click(await screen.findByRole('option', { name: 'Show more' }));
    await screen.findByText(/third/);
    expect(fake.requests('search.messages').at(-1)?.after).toEqual({ atMs: hits[1]?.atMs, id: fakeId(9, 2) });
    local = () => answer([]);
    await userEvent.type(field, 'x');
    await screen.findByText('No results for “defrostx” on this device.');
    await userEvent.keyboard('{Escape}');
    expect(field).toHaveProperty('value', '');
    await userEvent.keyboard('{Escape}');
    await screen.findByRole('region', { name: 'Conversations' });
  });

  it('never shows an older answer over a newer one', async () => {
    const waiting: (() => void)[] = [];
    const invoke = fake.invoke;
    fake.invoke = (async (name: never, request: { query?: string }) => {
      if (name === 'search.messages' && request.query === 'd')
        await new Promise<void>((resolve) => waiting.push(resolve));
      return invoke(name, request as never);
    }) as typeof fake.invoke;
    local = (request) => answer([hit(1, `answer to ${(request as { query: string }).query}`)]);
    await openPane('de');
    await screen.findByText('answer to de');
    await act(async () => waiting.forEach((go) => go()));
    expect(screen.queryByText('answer to d')).toBeNull();
  });
});

describe('what to search for', () => {
  it('shows filters as chips to take away, and adds them from a menu', async () => {
    const field = await openPane('defrost from:jonas -has:link');
    await userEvent.click(await screen.findByRole('button', { name: 'Remove filter: From: jonas' }));
    expect(field).toHaveProperty('value', 'defrost -has:link');
    await userEvent.click(screen.getByRole('button', { name: 'Remove filter: Without a link' }));
    await userEvent.click(screen.getByRole('button', { name: 'Filter' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Unread' }));
    expect(field).toHaveProperty('value', 'defrost is:unread ');
    expect(fake.requests('search.messages').at(-1)).toMatchObject({ query: 'defrost is:unread' });
  });

  it('finds people by the same words, and writes to the chosen one', async () => {
    await openPane('priya');
    const tab = await screen.findByRole('tab', { name: /^People/ });
    act(() => screen.getByRole('tab', { name: /^Messages/ }).focus());
    await userEvent.keyboard('{ArrowRight}');
    expect(tab.getAttribute('aria-selected')).toBe('true');
    await userEvent.click(await screen.findByRole('option', { name: /Priya Nair/ }));
    expect(fake.requests('conversation.openDirect')).toHaveLength(1);
  });

  it('puts what was not sent yet first and opens its conversation at the end', async () => {
    local = () => answer([hit(7, 'defrost later', { isPending: true }), ...hits]);
    await openPane('defrost');
    await screen.findByText('Not sent yet');
    const before = navigation.get().jump;
    await userEvent.click(screen.getByRole('option', { name: /defrost later/ }));
    expect(navigation.get().conversationId).toBe(conversationId);
    expect(navigation.get().jump).toEqual(before);
  });
});

describe('find in the conversation', () => {
  it('walks from match to match, by Enter and F3, and closes with Esc', async () => {
    await show();
    await userEvent.keyboard('{Control>}f{/Control}');
    const field = await screen.findByRole('textbox', { name: 'Find in this conversation' });
    await userEvent.type(field, 'defrost');
    await screen.findByText('1 of 2');
    expect(fake.requests('search.messages').at(-1)).toMatchObject({ conversationId, from: 'find' });
    expect(navigation.get().jump).toMatchObject({ messageId: fakeId(9, 1) });
    await userEvent.keyboard('{Enter}');
    await screen.findByText('2 of 2');
    expect(navigation.get().jump).toMatchObject({ messageId: fakeId(9, 2) });
    await userEvent.keyboard('{F3}');
    await screen.findByText('1 of 2');
    await userEvent.keyboard('{Shift>}{F3}{/Shift}');
    await screen.findByText('2 of 2');
    local = () => answer([]);
    await userEvent.type(field, 'x');
    await screen.findByText('No match');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('textbox', { name: 'Find in this conversation' })).toBeNull();
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Message/));
  });
});

describe('the switcher', () => {
  it('keeps the focus when a search that was asked for before comes late', async () => {
    await show();
    await userEvent.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox', { name: 'Search or jump to' });
    await waitFor(() => expect(document.activeElement).toBe(field));
    act(() => navigation.set((now) => ({ ...now, isSearching: true })));
    await screen.findByRole('combobox', { name: 'Search all messages', hidden: true });
    expect(document.activeElement).toBe(field);
  });

  it('ends with messages on this device', async () => {
    vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined);
    await show();
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(await screen.findByRole('combobox', { name: 'Search or jump to' }), 'defrost');
    await screen.findByText('Messages on this device');
    await userEvent.click(screen.getByRole('option', { name: /Spikes/ }));
    expect(navigation.get()).toMatchObject({ dialog: null, jump: { messageId: fakeId(9, 1) } });
  });

  it('finds commands by name, last among the hits and alone after ">"', async () => {
    vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined);
    await show();
    await userEvent.keyboard('{Control>}k{/Control}');
    const field = await screen.findByRole('combobox', { name: 'Search or jump to' });
    await userEvent.type(field, 'keyb');
    expect(await screen.findByText('Actions')).toBeTruthy();
    await userEvent.clear(field);
    await userEvent.type(field, '>');
    const all = screen.getAllByRole('option').map((option) => option.textContent);
    expect(all.length).toBeGreaterThan(15);
    expect(all[0]).toContain('New direct message');
    await userEvent.type(field, 'keyb{Enter}');
    expect(navigation.get()).toMatchObject({ section: 'settings', settingsPage: 'keyboard', dialog: null });
  });

  it('goes from a command to the question it asks', async () => {
    vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined);
    await show();
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.type(
      await screen.findByRole('combobox', { name: 'Search or jump to' }),
      '>new gr{Enter}',
    );
    expect(navigation.get()).toMatchObject({ dialog: 'newConversation', newConversation: { kind: 'group' } });
  });
});
