import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NoticeRow } from '../../../ipc/timeline-rows.ts';
import { announcements } from '../../lib/announcer.ts';
import { composeTargets, latestRequests } from '../../lib/compose-target.ts';
import { navigation } from '../../lib/navigation.ts';
import { closeToast, currentToast, runToastAction } from '../../lib/toast.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, message, type World } from '../../preview/world.ts';
import type { TimelineConversation } from './contracts.ts';
import { Timeline } from './timeline.tsx';

const id = fakeId(2, 1);
let world: World;
let fake: FakeBridge;

beforeEach(() => {
  ({ world, fake } = installWorld());
  // jsdom lays nothing out: give the view and every row a height, so that the virtual list draws them.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 4000 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 800 });
  Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 50 });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function show(part: Partial<TimelineConversation> = {}): Promise<void> {
  const conversation: TimelineConversation = {
    id,
    title: 'Priya Nair',
    isDirect: true,
    memberCount: 2,
    rights: { isMember: true, canPost: true, canPin: true },
    pinnedIds: new Set(),
    savedIds: new Set(),
    readers: [],
    unreadFromSeq: null,
    unread: 0,
    ...part,
  };
  renderUi(<Timeline conversation={conversation} isOffline={false} />);
  await screen.findAllByRole('article');
}

const article = (name: RegExp) => screen.getByRole('article', { name });

describe('Timeline', () => {
  it('says beside a name that it is a program’s, or that its person is deactivated', async () => {
    const marked = { isBot: true, isDeactivated: true };
    world.messages[id] = [message(1, Date.now(), { text: 'Backup done', senderMarks: marked })];
    await show({ isDirect: false });
    expect(article(/^Priya Nair, Bot, Deactivated: Backup done/).textContent).toContain(
      'Priya NairBotDeactivated',
    );
  });

  it('is a quiet log of articles with one tab stop, named by sender, text, time and state', async () => {
    await show();
    expect(screen.getByRole('log', { name: 'Messages' }).getAttribute('aria-live')).toBe('off');
    expect(screen.getAllByRole('article')).toHaveLength(10);
    expect(screen.getAllByRole('article').filter((each) => each.tabIndex === 0)).toHaveLength(1);
    expect(article(/^Priya Nair: Morning\. 09:10$/)).toBeTruthy();
    expect(article(/^You: Two weeks of logs.*10:21, Delivered$/)).toBeTruthy();
    expect(article(/I can be there.*Edited, Read$/)).toBeTruthy();
    expect(article(/^Priya Nair: This message was deleted/)).toBeTruthy();
    expect(screen.getByText('This is the start of your conversation with Priya Nair.')).toBeTruthy();
  });

  it('places the unread divider once and drops it when the person asks for the latest', async () => {
    world.messages[id] = (world.messages[id] ?? []).slice(0, 6);
    await show({ unreadFromSeq: 4, unread: 3 });
    expect(screen.getAllByRole('separator', { name: 'New messages' })).toHaveLength(1);
    const rows = world.messages[id] ?? [];
    world.messages[id] = [...rows, message(50, Date.now(), { text: 'later' })];
    act(() => fake.refresh());
    expect(screen.getAllByRole('separator', { name: 'New messages' })).toHaveLength(1);
    act(() => latestRequests.set((count) => count + 1));
    expect(screen.queryByRole('separator', { name: 'New messages' })).toBeNull();
  });

  it('tells what happened to the conversation in quiet rows, people who came together in one', async () => {
    const row = (n: number, notices: NoticeRow['notices'], isOwn = false): NoticeRow => ({
      kind: 'notice',
      id: fakeId(8, n),
      seq: 100 + n,
      actorId: isOwn ? fakeId(1, 0) : fakeId(1, 1),
      actorName: 'Priya Nair',
      isOwn,
      atMs: Date.now(),
      notices,
    });
    const joined = (n: number, name: string, isMe = false) =>
      row(n, [{ kind: 'joined', userId: fakeId(1, n), name, isMe }]);
    const target = message(1, Date.now(), { text: 'Pinned one' });
    world.messages[id] = [
      target,
      joined(2, 'Tom Becker'),
      joined(3, 'me', true),
      row(4, [{ kind: 'pin', messageId: target.id, on: true }], true),
      row(5, [{ kind: 'ttl', messageTtlMs: 2 * 604_800_000 }]),
      row(6, [{ kind: 'left', userId: fakeId(1, 1), name: 'Priya Nair', isMe: false }]),
    ];
    await show({ title: 'FM-2481', isDirect: false });
    expect(screen.getByText('Priya Nair added Tom Becker and you')).toBeTruthy();
    expect(screen.getByText('Priya Nair set messages to disappear after 2 weeks')).toBeTruthy();
    expect(screen.getByText('Priya Nair left')).toBeTruthy();
    expect(screen.getAllByRole('article')).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'You pinned a message' }));
    await waitFor(() => expect(article(/Pinned one/).className).toContain('lit'));
  });

  it('moves between messages with the arrow keys and acts by letters', async () => {
    await show();
    act(() => article(/Two weeks/).focus());
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() => expect(document.activeElement).toBe(article(/👏/)));
    await userEvent.keyboard('{ArrowDown}');
    await waitFor(() => expect(document.activeElement).toBe(article(/Two weeks/)));
    await userEvent.keyboard('e');
    expect(composeTargets.get()[id]).toMatchObject({ kind: 'edit', messageId: fakeId(3, 7) });
    act(() => article(/B2 tripped.*09:12$/).focus());
    await userEvent.keyboard('r');
    expect(composeTargets.get()[id]).toMatchObject({ kind: 'reply', quoted: { senderName: 'Priya Nair' } });
    act(() => article(/B2 tripped.*09:12$/).focus());
    await userEvent.keyboard('u');
    expect(fake.requests('conversation.markUnread')).toEqual([{ conversationId: id, fromSeq: 2 }]);
    await userEvent.keyboard('i');
    expect(navigation.get().infoMessageId).toBe(fakeId(3, 2));
  });

  it('pins by P and from the menu, for everybody, and takes the pin off again', async () => {
    await show({ pinnedIds: new Set([fakeId(3, 2)]) });
    expect(article(/B2 tripped.*09:12, Pinned$/)).toBeTruthy();
    act(() => article(/Two weeks/).focus());
    await userEvent.keyboard('p');
    act(() => article(/B2 tripped.*Pinned$/).focus());
    await userEvent.keyboard('p');
    fireEvent.contextMenu(article(/Morning/));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Pin' }));
    expect(fake.requests('message.pin')).toEqual([
      { conversationId: id, messageId: fakeId(3, 7), on: true },
      { conversationId: id, messageId: fakeId(3, 2), on: false },
      { conversationId: id, messageId: fakeId(3, 1), on: true },
    ]);
  });

  it('leaves somebody who is out with reading, copying and passing on', async () => {
    await show({ rights: { isMember: false, canPost: false, canPin: false } });
    fireEvent.contextMenu(article(/Two weeks/));
    await screen.findByRole('menu');
    expect(screen.getAllByRole('menuitem').map((each) => each.textContent)).toEqual([
      'Copy textCtrl C',
      'Forward…F',
      'SaveS',
      'Message infoI',
      'Delete for meDel',
    ]);
    await userEvent.keyboard('{Escape}');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^🙏/ }).disabled).toBe(true);
    act(() => article(/Morning/).focus());
    await userEvent.keyboard('rp');
    expect(composeTargets.get()[id]).toBeUndefined();
    expect(fake.requests('message.pin')).toEqual([]);
  });

  it('names senders and shows who has read up to where in a group', async () => {
    const reader = (index: number, readSeq: number) => ({
      id: fakeId(1, 20 + index),
      name: `Reader ${index}`,
      readSeq,
    });
    await show({
      isDirect: false,
      title: 'B2',
      readers: [reader(1, 3), ...[2, 3, 4, 5, 6, 7].map((index) => reader(index, 8))],
    });
    expect(within(article(/I can be there/)).getByRole('img', { name: 'Seen by Reader 1' })).toBeTruthy();
    const newest = within(article(/^You: One more/)).getByRole('img', { name: /^Seen by Reader 2, .*7$/ });
    expect(newest.textContent).toContain('+1');
    expect(within(article(/Morning/)).getByText('Priya Nair')).toBeTruthy();
    expect(screen.getByText('This is the start of B2.')).toBeTruthy();
  });

  it('asks before deleting for everyone, with the safe answer focused', async () => {
    await show();
    act(() => article(/Two weeks/).focus());
    await userEvent.keyboard('{Delete}');
    const question = await screen.findByRole('alertdialog');
    await waitFor(() =>
      expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Keep message' })),
    );
    expect(fake.requests('message.delete')).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Delete for everyone' }));
    expect(fake.requests('message.delete')).toEqual([
      { conversationId: id, messageId: fakeId(3, 7), forEveryone: true },
    ]);
  });

  it('deletes for me at once, so that quitting loses nothing, and takes it back when that is undone', async () => {
    await show();
    const remove = async () => {
      fireEvent.contextMenu(article(/Morning/));
      await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete for me' }));
      await waitFor(() => expect(currentToast.get()?.text).toBe('Message deleted for you'));
    };
    const deleted = { conversationId: id, messageId: fakeId(3, 1), forEveryone: false };
    await remove();
    expect(fake.requests('message.delete')).toEqual([deleted]);
    act(() => closeToast());
    expect(fake.requests('message.restore')).toEqual([]);
    await remove();
    act(() => runToastAction());
    expect(fake.requests('message.delete')).toEqual([deleted, deleted]);
    expect(fake.requests('message.restore')).toEqual([{ conversationId: id, messageId: fakeId(3, 1) }]);
  });

  it('toggles a reaction by what is already mine', async () => {
    await show();
    await userEvent.click(screen.getByRole('button', { name: '🙏, 1 reaction, including yours' }));
    await userEvent.click(screen.getByRole('button', { name: '👀, 2 reactions' }));
    expect(fake.requests('message.react').map(({ emoji, on }) => [emoji, on])).toEqual([
      ['🙏', false],
      ['👀', true],
    ]);
  });

  it('offers a failed message to be tried again or deleted', async () => {
    await show();
    const failed = article(/Loading bay photos/);
    expect(within(failed).getByText(/Not sent\. You’re no longer a member/)).toBeTruthy();
    await userEvent.click(within(failed).getByRole('button', { name: 'Try again' }));
    expect(fake.requests('outbox.retry')).toEqual([{ opId: fakeId(3, 9) }]);
  });

  it('says in place of history it lacks what is going on, and tries again when asked', async () => {
    const rows = world.messages[id] ?? [];
    world.messages[id] = [
      { kind: 'hole', lo: 1, hi: 90, state: 'failed', beforeMs: new Date(2026, 7, 24).getTime() },
      ...rows,
    ];
    await show();
    expect(screen.getByText(/Couldn’t load messages before .*What you have is still here\./)).toBeTruthy();
    await userEvent.click(within(screen.getByRole('group')).getByRole('button', { name: 'Try again' }));
    expect(fake.requests('history.retry')).toEqual([{ conversationId: id }]);
  });

  it('reports what was half visible for 500 ms, only while the window has the focus', async () => {
    const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    await show();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(fake.requests('conversation.seen')).toEqual([]);
    focus.mockReturnValue(true);
    fireEvent.focus(window);
    await waitFor(
      () => expect(fake.requests('conversation.seen')).toEqual([{ conversationId: id, seq: 8 }]),
      {
        timeout: 3000,
      },
    );
  });

  it('speaks a new message of somebody else, and a failure at once', async () => {
    await show();
    const rows = world.messages[id] ?? [];
    world.messages[id] = [...rows, message(60, Date.now(), { text: 'Are you there?' })];
    act(() => fake.refresh());
    expect(announcements.get().polite).toContain('Priya Nair: Are you there?');
    const own = message(61, Date.now(), { isOwn: true, seq: null, state: 'queued', text: 'Yes' });
    world.messages[id] = [...(world.messages[id] ?? []), own];
    act(() => fake.refresh());
    expect(announcements.get().assertive).toBe('');
    world.messages[id] = [...rows, { ...own, state: 'failed' }];
    act(() => fake.refresh());
    expect(announcements.get().assertive).toContain('A message was not sent.');
  });
});
