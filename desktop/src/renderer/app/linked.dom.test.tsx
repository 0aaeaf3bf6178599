/** Linked items and announcements in the window: their sections, the item's bar, links from outside. */
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import type { ConversationMeta } from '../../ipc/views.ts';
import { navigation, openConversation } from '../lib/navigation.ts';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { conversation, fakeId, type World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

const linkedId = fakeId(2, 30);
const channelId = fakeId(2, 31);
const link = {
  type: 'ticket',
  id: 'FM-2481',
  url: 'https://tickets.example.org/FM-2481',
  status: 'In progress',
};
/** Parts beside the first screen are loaded when they are first needed. */
const loads = { timeout: 5_000 };
let world: World;
let fake: FakeBridge;
let found: string | null;

beforeEach(() => {
  found = null;
  ({ world, fake } = installWorld((name) =>
    name === 'linked.open' ? ok({ conversationId: found }) : undefined,
  ));
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 320 });
});
afterEach(cleanup);

function addLinked(part: Partial<ConversationMeta> = {}): void {
  const title = 'Cooling fault, server room B2';
  const place = { peerId: null, presence: null };
  world.conversations.push(
    conversation(30, { ...place, id: linkedId, kind: 'linked', title, itemId: 'FM-2481', unread: 2 }),
    conversation(31, { ...place, id: channelId, kind: 'announcement', title: 'Site notices', unread: 1 }),
  );
  const members = world.people.map((person) => ({ ...person, role: 'member' as const, isPending: false }));
  world.metas[linkedId] = { members, ownRole: 'owner', link, ...part };
  world.metas[channelId] = { members, audience: { scope: 'org', name: 'City Facilities' }, siteCount: 3 };
}

async function show(conversationId: string | null = null): Promise<void> {
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  if (conversationId !== null) openConversation(conversationId);
  renderUi(<Workspace session={session} />);
  await screen.findByRole('region', { name: 'Conversations' });
}
const rows = () => within(screen.getByRole('region', { name: 'Conversations' })).queryAllByRole('option');

describe('the sections', () => {
  it('show their conversations alone, with a badge while they are not open', async () => {
    addLinked();
    await show();
    await userEvent.click(screen.getByRole('button', { name: 'Linked items, 1 unread' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    await userEvent.click(rows()[0] ?? document.body);
    expect(navigation.get()).toMatchObject({ section: 'linked', conversationId: linkedId });
    await userEvent.keyboard('{Control>}3{/Control}');
    expect(navigation.get().section).toBe('announcements');
    await waitFor(() => expect(rows()[0]?.textContent).toContain('Site notices'));
    await userEvent.keyboard('{Control>}1{/Control}');
    await waitFor(() => expect(rows()).toHaveLength(9));
  });

  it('say what to do while they are empty', async () => {
    await show();
    await userEvent.keyboard('{Control>}2{/Control}');
    await userEvent.click(await screen.findByRole('button', { name: 'Link a conversation' }));
    expect(await screen.findByRole('textbox', { name: 'Key' }, loads)).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await userEvent.keyboard('{Control>}3{/Control}');
    await userEvent.click(await screen.findByRole('button', { name: 'Open a channel' }));
    expect(navigation.get()).toMatchObject({ section: 'settings', settingsPage: 'organization' });
  });
});

describe('a linked conversation', () => {
  it('names its item in header, bar and details, and opens it outside', async () => {
    addLinked();
    await show(linkedId);
    expect(await screen.findByText('Linked to FM-2481 · 8 members, 3 online')).toBeTruthy();
    const bar = screen.getByRole('region', { name: 'Linked item' });
    for (const text of ['FM-2481', 'Cooling fault, server room B2', 'In progress', 'tickets.example.org'])
      expect(within(bar).getByText(text)).toBeTruthy();
    await userEvent.click(within(bar).getByRole('button', { name: 'Open in browser' }));
    expect(fake.requests('app.openExternal')).toEqual([{ url: link.url }]);
    await userEvent.keyboard('{Control>}{Shift>}d{/Shift}{/Control}');
    const details = within(await screen.findByRole('complementary', { name: 'Details' }, loads));
    await userEvent.click(details.getByRole('button', { name: 'Copy link' }));
    expect(fake.requests('app.copyText')).toEqual([{ text: link.url }]);
    await userEvent.click(details.getByRole('button', { name: /^Close conversation/ }));
    expect(fake.requests('conversation.setClosed')).toEqual([{ conversationId: linkedId, isClosed: true }]);
    // Its name is the item's.
    expect(details.queryByRole('button', { name: 'Rename' })).toBeNull();
  });

  it('says that its item is gone and keeps the address', async () => {
    addLinked({ link: { ...link, isRemoved: true } });
    await show(linkedId);
    const bar = await screen.findByRole('region', { name: 'Linked item' });
    expect(within(bar).getByText('This item is no longer available')).toBeTruthy();
    expect(within(bar).getByText(link.url)).toBeTruthy();
  });

  it('takes a change of state while it is open', async () => {
    addLinked();
    await show(linkedId);
    await screen.findByText('In progress');
    world.metas[linkedId] = { ...world.metas[linkedId], link: { ...link, status: 'Solved' } };
    act(() => fake.refresh());
    expect(await screen.findByText('Solved')).toBeTruthy();
  });
});

describe('an announcement channel', () => {
  it('counts whom it reaches and in how many sites', async () => {
    addLinked();
    await show(channelId);
    expect(await screen.findByText('Announcements · 8 members in 3 sites')).toBeTruthy();
  });
});

describe('a link from outside', () => {
  const asked = {
    name: 'openItem' as const,
    type: 'ticket',
    id: 'FM-2481',
    orgId: null,
    create: { title: 'Cooling fault', url: link.url },
  };

  it('opens the conversation of its item', async () => {
    addLinked();
    found = linkedId;
    await show();
    act(() => fake.command(asked));
    await waitFor(() => expect(navigation.get().conversationId).toBe(linkedId));
    expect(fake.requests('linked.open')).toEqual([
      { type: 'ticket', id: 'FM-2481', orgId: null, create: null },
    ]);
  });

  it('asks before it makes one, with what it says of the item', async () => {
    await show();
    act(() => fake.command(asked));
    const dialog = within(await screen.findByRole('dialog', {}, loads));
    const value = (name: string) => dialog.getByRole<HTMLInputElement>('textbox', { name }).value;
    expect(['Kind of item', 'Key', 'Title', 'Address'].map(value)).toEqual([
      'ticket',
      'FM-2481',
      'Cooling fault',
      link.url,
    ]);
    found = linkedId;
    addLinked();
    await userEvent.click(dialog.getByRole('button', { name: 'Open conversation' }));
    expect(fake.requests('linked.open').at(-1)).toEqual({
      type: 'ticket',
      id: 'FM-2481',
      orgId: fakeId(5, 1),
      create: { orgId: fakeId(5, 1), title: 'Cooling fault', url: link.url, memberIds: [] },
    });
    await waitFor(() => expect(navigation.get().conversationId).toBe(linkedId));
  });

  it('refuses an address that is no web page, in the field', async () => {
    await show();
    act(() => fake.command({ ...asked, create: { title: 'T', url: 'file:///etc/passwd' } }));
    const dialog = within(await screen.findByRole('dialog', {}, loads));
    await userEvent.click(dialog.getByRole('button', { name: 'Open conversation' }));
    expect(dialog.getByText('Enter an address that begins with https://.')).toBeTruthy();
    expect(document.activeElement).toBe(dialog.getByRole('textbox', { name: 'Address' }));
    expect(fake.requests('linked.open')).toHaveLength(1);
  });
});
